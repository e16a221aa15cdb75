import Client
import Domain
import Engine
import Ledger
import MarketData
import Wire

// What the watcher's picture should show, read off the books of the engine that decides, and added
// up here.
extension WatcherSeat {
  /// What it shows that is not so; nil when all of it is.
  func difference(_ engine: borrowing Engine) -> String? {
    guard let picture = board.pictures.values.first, picture.isWhole else { return "no picture" }
    guard picture.tradingDay == engine.market.tradingDay else { return "another day" }
    for index in 0..<engine.ledger.accountCount {
      let account = OperationAccountID(UInt32(index))
      guard let row = picture.accounts[SimulatedHouse.accountNames[index]] else {
        return "no row of account \(index)"
      }
      let holder = engine.ledger.holder(of: account)
      let money = engine.ledger.holder(holder)
      let sums = Sums(of: holder, engine)
      guard row.equity == money.pointee.equity, row.available == money.pointee.available,
        row.margin == money.pointee.margin, row.premium == money.pointee.premium,
        row.frozenPremium == money.pointee.frozenPremium,
        row.marketEquity == money.pointee.marketEquity,
        row.workingOrders == UInt32(money.pointee.workingOrders),
        sums.isShown(row.longValue, row.shortValue, row.exposureValue),
        row.flags.contains(.barred) == engine.ledger.controls.isBarred(account),
        row.liquidation == engine.ledger.liquidationPhase(account)
      else { return "the row of account \(index)" }
      if let part = positions(of: holder, row.account, picture, engine) { return part }
    }
    let held = picture.positions.values.count { $0.scopeKind == .operationAccount }
    guard held == Self.sides(engine) else { return "\(held) positions" }
    return orders(picture, engine) ?? funds(picture, engine)
  }

  /// What a holder has is worth, summed by hand.
  private struct Sums {
    var long: Int64 = 0
    var short: Int64 = 0
    var byCommodity: [UInt32: Int64] = [:]

    init() {}
    init(of holder: HolderID, _ engine: borrowing Engine) { add(holder, engine) }

    mutating func add(_ holder: HolderID, _ engine: borrowing Engine) {
      WatcherSeat.forEachPosition(of: holder, engine) { number in
        let position = engine.ledger.position(number)
        let instrument = engine.market.instrument(position.pointee.instrument)
        let mark = instrument.pointee.mark
        let value = mark.isNone ? 0 : abs(mark.units) * instrument.pointee.multiplier
        long += Int64(position.pointee.long.held) * value
        short += Int64(position.pointee.short.held) * value
        byCommodity[instrument.pointee.commodity.raw, default: 0] += position.pointee.net * value
      }
    }

    func isShown(_ long: Money, _ short: Money, _ exposure: Money) -> Bool {
      long.units == self.long && short.units == self.short
        && exposure.units == byCommodity.values.reduce(0) { $0 + abs($1) }
    }
  }

  private static let hedgeFlags: [HedgeFlag] = [.speculation, .arbitrage, .hedge]

  private static func forEachPosition(
    of holder: HolderID, _ engine: borrowing Engine, _ body: (UInt32) -> Void
  ) {
    for instrument in 0..<engine.market.instrumentCount {
      for hedge in hedgeFlags {
        let number = engine.ledger.position(holder, InstrumentID(UInt32(instrument)), hedge)
        if number != 0 { body(number) }
      }
    }
  }

  private static func isShown(_ side: PositionSideRecord) -> Bool {
    side.held != 0 || side.workingOpen != 0
  }

  /// Sides of operation accounts' positions that there are.
  private static func sides(_ engine: borrowing Engine) -> Int {
    var count = 0
    for index in 0..<engine.ledger.accountCount {
      let holder = engine.ledger.holder(of: OperationAccountID(UInt32(index)))
      forEachPosition(of: holder, engine) { number in
        let position = engine.ledger.position(number)
        if isShown(position.pointee.long) { count += 1 }
        if isShown(position.pointee.short) { count += 1 }
      }
    }
    return count
  }

  private func positions(
    of holder: HolderID, _ name: Name, _ picture: AccountsBoard.Picture,
    _ engine: borrowing Engine
  ) -> String? {
    var wrong: String?
    Self.forEachPosition(of: holder, engine) { number in
      let position = engine.ledger.position(number)
      let listing = SimulatedHouse.listings[position.pointee.instrument.index]
      for side in [PositionSide.long, .short] where Self.isShown(position.pointee.side(side)) {
        let lots = position.pointee.side(side)
        let row = picture.positions.values.first {
          $0.scopeKind == .operationAccount && $0.name == name && $0.side == side
            && $0.hedge == position.pointee.hedge && $0.instrument.string == listing.code
        }
        let isRight =
          row?.todayLots == lots.today && row?.yesterdayLots == lots.yesterday
          && row?.workingOpenLots == lots.workingOpen && row?.margin == lots.margin
        if !isRight { wrong = "\(name.string)'s \(side) in \(listing.code)" }
      }
    }
    return wrong
  }

  private func orders(
    _ picture: AccountsBoard.Picture, _ engine: borrowing Engine
  ) -> String? {
    var count = 0
    for number in 0..<engine.ledger.orderCount {
      let order = engine.ledger.order(UInt32(number + 1))
      guard !order.pointee.id.isNone, !order.pointee.state.isFinal else { continue }
      count += 1
      let row = picture.orders[order.pointee.id]
      guard row?.leavesLots == order.pointee.leaves, row?.state == order.pointee.state else {
        return "order \(order.pointee.id)"
      }
    }
    return picture.orders.count == count ? nil : "\(picture.orders.count) of \(count) orders"
  }

  private func funds(
    _ picture: AccountsBoard.Picture, _ engine: borrowing Engine
  ) -> String? {
    var equity = [Int64](repeating: 0, count: engine.ledger.productCount)
    var sums = [Sums](repeating: Sums(), count: engine.ledger.productCount)
    for index in 0..<engine.ledger.fundAccountCount {
      let fund = FundAccountID(UInt32(index))
      let name = SimulatedHouse.fundNames[index]
      let holder = engine.ledger.holder(of: fund)
      let record = engine.ledger.fundAccount(fund)
      let state: DeskProtocol.LinkState =
        record.pointee.isReady ? .up : record.pointee.isLinked ? .catchingUp : .down
      guard let row = picture.fundAccounts[name],
        row.available == engine.ledger.holder(holder).pointee.available, row.link == state,
        picture.links[name]?.state == state
      else { return "fund account \(index)" }
      guard !record.pointee.product.isNone else { continue }
      equity[record.pointee.product.index] += row.equity.units
      sums[record.pointee.product.index].add(holder, engine)
    }
    for row in picture.products.values {
      guard
        let product = (0..<equity.count).first(where: { row.product.string == "product-\($0)" }),
        row.equity.units == equity[product],
        sums[product].isShown(row.longValue, row.shortValue, row.exposureValue)
      else { return "product \(row.product.string)" }
    }
    return picture.products.count == engine.ledger.productCount ? nil : "products"
  }
}
