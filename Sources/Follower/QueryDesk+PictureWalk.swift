import Domain
import Engine
import Gateway
import Ledger
import MarketData
import Storage
import Wire

// The walk over a picture: orders that no longer work, accounts with what belongs to each, then
// products and fund accounts. It is left anywhere, and gone on with from there.
extension QueryDesk {
  private static let firstLine: UInt8 = 1
  private static let beforePositions = firstLine + UInt8(AccountLine.allCases.count)
  private static let inPositions = beforePositions + 1
  private static let inOrders = beforePositions + 2

  /// Whether an account is in a picture.
  private func isIn(
    _ picture: UnsafeMutablePointer<Picture>, _ account: OperationAccountID,
    _ engine: borrowing Engine
  ) -> Bool {
    switch picture.pointee.scopeKind {
    case .none: break
    case .operationAccount: guard account.raw == picture.pointee.scopeID else { return false }
    case .product:
      guard engine.ledger.account(account).pointee.product.raw == picture.pointee.scopeID else {
        return false
      }
    default: return false
    }
    return engine.ledger.controllers.isBound(account, to: picture.pointee.controller)
  }

  mutating func walkEnded(
    _ place: Int, _ picture: UnsafeMutablePointer<Picture>, _ page: inout PicturePage,
    _ engine: borrowing Engine
  ) -> Bool {
    guard picture.pointee.kinds.contains(.orders) else {
      go(to: .accounts, picture)
      return true
    }
    while picture.pointee.cursor.ended < pictures.endedCount {
      guard pictures.steps > 0 else { return false }
      pictures.steps -= 1
      let number = pictures.endedOrder(picture.pointee.cursor.ended)
      let isOrder =
        Int(number) <= engine.ledger.orderCount
        && !engine.ledger.order(number).pointee.id.isNone
      if isOrder, isIn(picture, engine.ledger.order(number).pointee.account, engine) {
        let row = workingOrderRow(number, engine)
        guard
          tell(
            row, at: pictures.orders + Int(number) - 1, place,
            isNothing: engine.ledger.order(number).pointee.state.isFinal, &page, engine)
        else { return false }
      }
      picture.pointee.cursor.ended += 1
    }
    go(to: .accounts, picture)
    return true
  }

  // MARK: Accounts

  mutating func walkAccounts(
    _ place: Int, _ picture: UnsafeMutablePointer<Picture>, _ page: inout PicturePage,
    _ engine: borrowing Engine
  ) -> Bool {
    let isOne = picture.pointee.scopeKind == .operationAccount
    if isOne, picture.pointee.cursor.index < picture.pointee.scopeID {
      picture.pointee.cursor.index = picture.pointee.scopeID
    }
    let wanted: DeskProtocol.RowKinds = [.accounts, .lines, .positions, .orders]
    while !picture.pointee.kinds.isDisjoint(with: wanted),
      picture.pointee.scopeKind != .fundAccount,
      Int(picture.pointee.cursor.index) < engine.ledger.accountCount
    {
      guard pictures.steps > 0 else { return false }
      pictures.steps -= 1
      let account = OperationAccountID(picture.pointee.cursor.index)
      if isIn(picture, account, engine) {
        guard walk(account, place, picture, &page, engine) else { return false }
      }
      picture.pointee.cursor.part = 0
      if isOne { break }
      picture.pointee.cursor.index += 1
    }
    go(to: .products, picture)
    return true
  }

  /// One account; false when it is not done.
  private mutating func walk(
    _ account: OperationAccountID, _ place: Int, _ picture: UnsafeMutablePointer<Picture>,
    _ page: inout PicturePage, _ engine: borrowing Engine
  ) -> Bool {
    let kinds = picture.pointee.kinds
    if picture.pointee.cursor.part == 0 {
      if kinds.contains(.accounts) {
        let (row, looks) = accountRow(account, engine)
        guard tell(row, at: account.index, place, looks: looks, &page, engine) else {
          return false
        }
      }
      picture.pointee.cursor.part = Self.firstLine
    }
    while picture.pointee.cursor.part < Self.beforePositions {
      let line = AccountLine.allCases[Int(picture.pointee.cursor.part - Self.firstLine)]
      if kinds.contains(.lines) {
        let row = lineRow(account, line, engine)
        let number =
          pictures.lines + account.index * AccountLine.allCases.count + Int(line.rawValue)
        let isNothing = row.warn == .min && row.liquidate == .min
        guard tell(row, at: number, place, isNothing: isNothing, &page, engine) else {
          return false
        }
      }
      picture.pointee.cursor.part += 1
    }
    let holder = engine.ledger.holder(of: account)
    if picture.pointee.cursor.part < Self.inOrders {
      if kinds.contains(.positions) {
        let name = names.operationAccounts.name(account.raw)
        guard walkPositions(holder, .operationAccount, name, place, picture, &page, engine) else {
          return false
        }
      }
      picture.pointee.cursor.part = Self.inOrders
      picture.pointee.cursor.order = 0
    }
    return !kinds.contains(.orders) || walkOrders(account, place, picture, &page, engine)
  }

  // MARK: Positions and orders

  private mutating func walkPositions(
    _ holder: HolderID, _ kind: ScopeKind, _ name: Name, _ place: Int,
    _ picture: UnsafeMutablePointer<Picture>, _ page: inout PicturePage,
    _ engine: borrowing Engine
  ) -> Bool {
    if picture.pointee.cursor.part != Self.inPositions {
      picture.pointee.cursor.part = Self.inPositions
      enter(engine.ledger.holder(holder).pointee.firstFigures, picture, engine)
    }
    while picture.pointee.cursor.figures != 0 {
      while picture.pointee.cursor.position != 0 {
        let number = picture.pointee.cursor.position
        while Int(picture.pointee.cursor.sides) < QueryDesk.sides.count {
          guard pictures.steps > 0 else { return false }
          let side = QueryDesk.sides[Int(picture.pointee.cursor.sides)]
          let lots = engine.ledger.position(number).pointee.side(side)
          let isNothing = lots.held == 0 && lots.workingOpen == 0
          let row = positionRow(number, side, kind, name, engine)
          let index = pictures.positions + 2 * (Int(number) - 1) + (side == .short ? 1 : 0)
          guard tell(row, at: index, place, isNothing: isNothing, &page, engine) else {
            return false
          }
          picture.pointee.cursor.sides += 1
        }
        picture.pointee.cursor.position = engine.ledger.position(number).pointee.nextOfCommodity
        picture.pointee.cursor.sides = 0
      }
      enter(
        engine.ledger.figures(picture.pointee.cursor.figures).pointee.nextOfHolder, picture,
        engine)
    }
    return true
  }

  private func enter(
    _ figures: UInt32, _ picture: UnsafeMutablePointer<Picture>, _ engine: borrowing Engine
  ) {
    picture.pointee.cursor.figures = figures
    picture.pointee.cursor.position =
      figures == 0 ? 0 : engine.ledger.figures(figures).pointee.firstPosition
    picture.pointee.cursor.sides = 0
  }

  /// Those that work, oldest first; who joins comes last.
  private mutating func walkOrders(
    _ account: OperationAccountID, _ place: Int, _ picture: UnsafeMutablePointer<Picture>,
    _ page: inout PicturePage, _ engine: borrowing Engine
  ) -> Bool {
    var number = engine.ledger.account(account).pointee.firstWorking
    while number != 0 {
      let next = engine.ledger.order(number).pointee.workingNext
      if number > picture.pointee.cursor.order {
        guard pictures.steps > 0,
          tell(
            workingOrderRow(number, engine), at: pictures.orders + Int(number) - 1, place, &page,
            engine)
        else { return false }
        picture.pointee.cursor.order = number
      }
      number = next
    }
    return true
  }

  // MARK: Products and fund accounts

  /// Whether a product, or what belongs to it, is asked for.
  private func isAskedFor(
    _ product: ProductID, _ picture: UnsafeMutablePointer<Picture>, _ engine: borrowing Engine
  ) -> Bool {
    let id = picture.pointee.scopeID
    switch picture.pointee.scopeKind {
    case .none: return true
    case .product: return product.raw == id
    case .operationAccount:
      let account = OperationAccountID(id)
      return engine.ledger.exists(account)
        && engine.ledger.account(account).pointee.product == product
    default: return false
    }
  }

  /// Sums say something of all that is in them: they are for whom all of it is.
  private func hasAll(
    _ product: ProductID, _ place: Int, _ picture: UnsafeMutablePointer<Picture>,
    _ engine: borrowing Engine
  ) -> Bool {
    engine.ledger.controllers.at(picture.pointee.controller).pointee.isBoundToAll
      || pictures.hasAll(of: product, place)
  }

  mutating func walkProducts(
    _ place: Int, _ picture: UnsafeMutablePointer<Picture>, _ page: inout PicturePage,
    _ engine: borrowing Engine
  ) -> Bool {
    while picture.pointee.kinds.contains(.products),
      Int(picture.pointee.cursor.index) < engine.ledger.productCount
    {
      guard pictures.steps > 0 else { return false }
      pictures.steps -= 1
      let product = ProductID(picture.pointee.cursor.index)
      let isAsked =
        isAskedFor(product, picture, engine)
        || picture.pointee.scopeKind == .fundAccount
          && isProduct(product, ofFund: picture.pointee.scopeID, engine)
      if isAsked, hasAll(product, place, picture, engine) {
        let (row, looks) = productRow(product, engine)
        let number = pictures.productRows + product.index
        guard tell(row, at: number, place, looks: looks, &page, engine) else { return false }
      }
      picture.pointee.cursor.index += 1
    }
    go(to: .fundAccounts, picture)
    return true
  }

  private func isProduct(
    _ product: ProductID, ofFund id: UInt32, _ engine: borrowing Engine
  ) -> Bool {
    let fund = FundAccountID(id)
    return engine.ledger.exists(fund)
      && engine.ledger.fundAccount(fund).pointee.product == product
  }

  mutating func walkFundAccounts(
    _ place: Int, _ picture: UnsafeMutablePointer<Picture>, _ page: inout PicturePage,
    _ engine: borrowing Engine
  ) -> Bool {
    let wanted: DeskProtocol.RowKinds = [.fundAccounts, .links, .positions]
    let isNamed = picture.pointee.scopeKind == .fundAccount
    while !picture.pointee.kinds.isDisjoint(with: wanted),
      Int(picture.pointee.cursor.index) < engine.ledger.fundAccountCount
    {
      guard pictures.steps > 0 else { return false }
      pictures.steps -= 1
      let fund = FundAccountID(picture.pointee.cursor.index)
      let product = engine.ledger.fundAccount(fund).pointee.product
      if isNamed ? fund.raw == picture.pointee.scopeID : isAskedFor(product, picture, engine) {
        guard walk(fund, product, place, picture, &page, engine) else { return false }
      }
      picture.pointee.cursor.part = 0
      picture.pointee.cursor.index += 1
    }
    go(to: .complete, picture)
    return true
  }

  private mutating func walk(
    _ fund: FundAccountID, _ product: ProductID, _ place: Int,
    _ picture: UnsafeMutablePointer<Picture>, _ page: inout PicturePage,
    _ engine: borrowing Engine
  ) -> Bool {
    let kinds = picture.pointee.kinds
    let isAllHis = hasAll(product, place, picture, engine)
    if picture.pointee.cursor.part == 0 {
      if kinds.contains(.fundAccounts), isAllHis {
        let (row, looks) = fundAccountRow(fund, engine)
        let number = pictures.fundAccounts + fund.index
        guard tell(row, at: number, place, looks: looks, &page, engine) else { return false }
      }
      picture.pointee.cursor.part = Self.firstLine
    }
    if picture.pointee.cursor.part == Self.firstLine {
      // Whether orders can be sent concerns whoever has an account there.
      if kinds.contains(.links), isAllHis || pictures.hasPart(of: product, place) {
        let number = pictures.links + fund.index
        guard tell(linkRow(fund, engine), at: number, place, &page, engine) else { return false }
      }
      picture.pointee.cursor.part = Self.beforePositions
    }
    guard kinds.contains(.positions), picture.pointee.scopeKind == .fundAccount, isAllHis else {
      return true
    }
    return walkPositions(
      engine.ledger.holder(of: fund), .fundAccount, names.fundAccounts.name(fund.raw), place,
      picture, &page, engine)
  }
}
