import Domain
import MarketData
import Storage

// The first scheme of a subject: what it has by then is counted, a step's units at a time.
extension Ledger {
  /// Begins to keep figures of a subject: from here on its positions are counted one after the
  /// other (`countScheme(slot:)`), and what is counted already follows what happens.
  public mutating func beginScheme(_ subject: SchemeSubject) {
    let record = schemes.subjects.at(subject.raw)
    record.pointee.isOn = true
    record.pointee.counted = 0
    record.pointee.countedChildren = 0
    record.pointee.countedRows = 0
    guard let account = schemes.account(subject) else { return }
    holders.at(holder(of: account).raw).pointee.schemes |= HolderRecord.inOwn
  }

  /// A holder that is new is part of its product's figures at once.
  func joinScheme(_ holder: HolderID, _ product: ProductID) {
    guard !product.isNone, schemes.product(product).pointee.isOn else { return }
    let record = holders.at(holder.raw)
    record.pointee.schemeProduct = UInt16(product.raw + 1)
    record.pointee.schemes |= HolderRecord.inProduct
  }

  /// Holders to be asked whether they are part of a subject: operation accounts and fund accounts
  /// of a product; an account is part of itself.
  public func schemeHolders(_ subject: SchemeSubject) -> Int {
    schemes.account(subject) == nil ? accountCount + fundAccountCount : 0
  }

  /// One holder's part, of `schemeHolders`: whether it belongs to the product. One that is defined
  /// meanwhile joins at once.
  public mutating func countScheme(holder place: Int, of subject: SchemeSubject) {
    let isFund = place >= accountCount
    let holder =
      isFund
      ? self.holder(of: FundAccountID(UInt32(place - accountCount)))
      : HolderID(UInt32(place))
    let product = ProductID(subject.raw)
    let owner =
      isFund
      ? fundAccounts.at(place - accountCount).pointee.product : accounts.at(place).pointee.product
    if owner == product { joinScheme(holder, product) }
  }

  /// One position's part: it is in the figures from now on.
  public mutating func countScheme(
    slot: Int, of subject: SchemeSubject, _ market: borrowing Market
  ) {
    let number = UInt32(slot) + 1
    schemes.subjects.at(subject.raw).pointee.counted = number
    guard isUsed(positionSlot: slot) else { return }
    let position = mutablePosition(number)
    let shares = self.shares(holders.at(position.pointee.holder.raw), number)
    var brings: SchemePart = operationAccount(position.pointee.holder) == nil ? .money : .lots
    if shares.own == subject {
      brings = .all
    } else if shares.product != subject {
      return
    }
    let instrument = market.instrument(position.pointee.instrument)
    ensureScheme(subject, position.pointee.instrument, instrument)
    changeScheme(schemes.instrumentNumber(subject, position.pointee.instrument)) { record in
      let (long, short) = (position.pointee.long, position.pointee.short)
      if brings.contains(.money) {
        record.pointee.sums.longMargin += Int128(long.margin.units)
        record.pointee.sums.shortMargin += Int128(short.margin.units)
        record.pointee.sums.openLongMargin += Int128(long.frozenMargin.units)
        record.pointee.sums.openShortMargin += Int128(short.frozenMargin.units)
        record.pointee.positionProfit += Int128(position.pointee.positionProfit.units)
        record.pointee.sums.profit += Int128(position.pointee.positionProfit.units)
      }
      guard brings.contains(.lots) else { return }
      record.pointee.sums.long += Int64(long.held)
      record.pointee.sums.short += Int64(short.held)
      record.pointee.sums.openLong += Int64(long.workingOpen)
      record.pointee.sums.openShort += Int64(short.workingOpen)
      record.pointee.sums.closeLong += Int64(long.frozen)
      record.pointee.sums.closeShort += Int64(short.frozen)
    }
  }

  /// All positions are counted.
  public mutating func endPositions(of subject: SchemeSubject) {
    schemes.subjects.at(subject.raw).pointee.counted = .max
  }

  /// One of today's children, or of an account today's orders: its fee is in the figures from now
  /// on. False when there is none any more.
  public mutating func countScheme(childNumber number: UInt32, of subject: SchemeSubject) -> Bool {
    let account = schemes.account(subject)
    guard Int(number) <= (account == nil ? childCount : orderCount) else {
      schemes.subjects.at(subject.raw).pointee.countedChildren = .max
      return false
    }
    schemes.subjects.at(subject.raw).pointee.countedChildren = number
    if let account {
      let order = mutableOrder(number)
      if order.pointee.account == account {
        countScheme(order: number, fee: order.pointee.feeHold)
      }
      return true
    }
    let child = mutableChild(number)
    if fundAccounts.at(child.pointee.fundAccount.raw).pointee.product == ProductID(subject.raw) {
      countScheme(child: number, fee: child.pointee.feeHold)
    }
    return true
  }

  /// One row of unmapped trades; false when there is none any more: then all is counted. They are
  /// no account's.
  public mutating func countScheme(
    unmappedRow row: Int, of subject: SchemeSubject, _ market: borrowing Market
  ) -> Bool {
    guard schemes.account(subject) == nil, row < unmapped.count else {
      schemes.subjects.at(subject.raw).pointee.countedRows = .max
      return false
    }
    let record = unmapped.rows.at(row)
    let (owner, instrument) = (record.pointee.product, record.pointee.instrument)
    schemes.subjects.at(subject.raw).pointee.countedRows = UInt32(row) + 1
    if SchemeSubject(owner) == subject {
      ensureScheme(subject, instrument, market.instrument(instrument))
      countScheme(unmapped: row, owner, instrument, signedLots: record.pointee.lots)
    }
    return true
  }
}
