import Domain
import MarketData
import Storage

// The figures of products that schemes are bound to, changed with each hold, fill and mark. What
// moves in an instrument moves in its commodity, its exchange and the product's whole by as much.
extension Ledger {
  /// The product whose figures a position of a holder is in; nil when no scheme was ever bound to
  /// it, or the position is not counted yet.
  @inline(__always) func schemeProduct(
    _ holder: UnsafeMutablePointer<HolderRecord>, _ position: UInt32
  ) -> ProductID? {
    let number = holder.pointee.schemeProduct
    guard number != 0 else { return nil }
    let product = ProductID(UInt32(number) - 1)
    return position <= schemes.products.at(product.raw).pointee.counted ? product : nil
  }

  /// A product's figures of an instrument, made when there are none; 0 when there is no room.
  mutating func schemeInstrument(
    _ product: ProductID, _ id: InstrumentID, _ instrument: UnsafePointer<InstrumentRecord>
  ) -> UInt32 {
    let entry = schemes.directory.at(id.index * schemes.products.capacity + product.index)
    let (commodity, exchange) = (instrument.pointee.commodity, instrument.pointee.exchange)
    if entry.pointee != 0 { return entry.pointee }
    guard schemes.instrumentCount < schemes.instruments.capacity else {
      schemes.products.at(product.raw).pointee.hasLostFigures = true
      return 0
    }
    let record = schemes.instruments.at(schemes.instrumentCount)
    schemes.instrumentCount += 1
    let number = UInt32(schemes.instrumentCount)
    entry.pointee = number
    record.pointee.product = product
    record.pointee.instrument = id
    record.pointee.commodity = commodity
    record.pointee.exchange = exchange
    let mark = instrument.pointee.mark
    record.pointee.price = mark
    record.pointee.lotValue = mark.isNone ? 0 : abs(mark.units) * instrument.pointee.multiplier
    let row = schemes.commodities.at(
      product.index * schemes.commodityCapacity + commodity.index)
    if row.pointee.firstInstrument == 0 {
      let first = schemes.products.at(product.raw)
      row.pointee.exchange = exchange
      row.pointee.next = first.pointee.firstCommodity
      first.pointee.firstCommodity = commodity.raw + 1
    }
    record.pointee.next = row.pointee.firstInstrument
    row.pointee.firstInstrument = number
    return number
  }

  /// Changes what a product has in an instrument, and by as much all that it is a part of.
  @inline(__always) func changeScheme(
    _ number: UInt32, _ change: (UnsafeMutablePointer<SchemeInstrument>) -> Void
  ) {
    guard number != 0 else { return }
    let record = schemes.instruments.at(Int(number) - 1)
    let old = record.pointee.sums
    change(record)
    record.pointee.sums.derive(lotValue: record.pointee.lotValue)
    spread(record, from: old)
  }

  @inline(never) private func spread(
    _ record: UnsafeMutablePointer<SchemeInstrument>, from old: SchemeSums
  ) {
    let product = record.pointee.product
    schemes.touch(product)
    let commodity = schemes.commodities.at(
      product.index * schemes.commodityCapacity + record.pointee.commodity.index)
    let before = commodity.pointee.sums
    commodity.pointee.sums.add(record.pointee.sums, less: old)
    let after = commodity.pointee.sums
    let first = product.index * Schemes.groupsPerProduct
    for place in [first, first + 1 + record.pointee.exchange.index] {
      let group = schemes.groups.at(place)
      group.pointee.sums.add(record.pointee.sums, less: old)
      group.pointee.absoluteValue +=
        after.values.exposure(.both, isWorst: false) - before.values.exposure(.both, isWorst: false)
      group.pointee.worstValue +=
        after.values.exposure(.both, isWorst: true) - before.values.exposure(.both, isWorst: true)
      group.pointee.absoluteMargin +=
        after.margins.exposure(.both, isWorst: false)
        - before.margins.exposure(.both, isWorst: false)
      group.pointee.worstMargin +=
        after.margins.exposure(.both, isWorst: true) - before.margins.exposure(.both, isWorst: true)
    }
  }

  /// The figures that a position is part of; 0 = none.
  @inline(__always) private mutating func schemeNumber(
    _ positionNumber: UInt32, _ instrument: UnsafePointer<InstrumentRecord>
  ) -> UInt32 {
    let position = mutablePosition(positionNumber)
    let holder = holders.at(position.pointee.holder.raw)
    guard let product = schemeProduct(holder, positionNumber) else { return 0 }
    return schemeInstrument(product, position.pointee.instrument, instrument)
  }

  // MARK: What moves them

  /// A working order's lots, or a child's margin, were held or given back.
  @inline(__always) mutating func countScheme(
    hold positionNumber: UInt32, _ side: PositionSide, isOpening: Bool, lots: Lots, margin: Money
  ) {
    let position = mutablePosition(positionNumber)
    let holder = holders.at(position.pointee.holder.raw)
    guard let product = schemeProduct(holder, positionNumber) else { return }
    let isFund = operationAccount(position.pointee.holder) == nil
    moveScheme(
      product, position.pointee.instrument, side, isOpening: isOpening, lots: lots,
      margin: margin, isFund: isFund)
  }

  @inline(never) private mutating func moveScheme(
    _ product: ProductID, _ instrument: InstrumentID, _ side: PositionSide, isOpening: Bool,
    lots: Lots, margin: Money, isFund: Bool
  ) {
    // A hold is of an order, whose figures were made before it was taken.
    changeScheme(schemes.instrumentNumber(product, instrument)) { record in
      if isFund {
        if isOpening, side == .long {
          record.pointee.sums.openLongMargin += Int128(margin.units)
        } else if isOpening {
          record.pointee.sums.openShortMargin += Int128(margin.units)
        }
        return
      }
      switch (side, isOpening) {
      case (.long, true): record.pointee.sums.openLong += Int64(lots)
      case (.long, false): record.pointee.sums.closeLong += Int64(lots)
      case (_, true): record.pointee.sums.openShort += Int64(lots)
      case (_, false): record.pointee.sums.closeShort += Int64(lots)
      }
    }
  }

  /// A child's fee was held, or given back (`fee` below 0).
  @inline(__always) func countScheme(child number: UInt32, fee: Money) {
    let child = mutableChild(number)
    let product = holders.at(mutablePosition(child.pointee.position).pointee.holder.raw).pointee
      .schemeProduct
    guard product != 0, fee.units != 0,
      number <= schemes.products.at(UInt32(product) - 1).pointee.countedChildren
    else { return }
    let place = schemes.instrumentNumber(
      ProductID(UInt32(product) - 1), child.pointee.instrument)
    changeScheme(place) { $0.pointee.sums.profit -= Int128(fee.units) }
  }

  /// A child's fund account paid for a declaration.
  mutating func countScheme(declared number: UInt32, fee: Money) {
    let child = mutableChild(number)
    let holder = holders.at(self.holder(of: child.pointee.fundAccount).raw)
    guard let product = schemeProduct(holder, child.pointee.position) else { return }
    let place = schemes.instrumentNumber(product, child.pointee.instrument)
    changeScheme(place) { record in
      record.pointee.dayResult -= Int128(fee.units)
      record.pointee.sums.profit -= Int128(fee.units)
    }
  }

  /// Lots were added to a position, or taken off (`lots` below 0).
  @inline(__always) mutating func countScheme(
    fill positionNumber: UInt32, _ instrument: UnsafePointer<InstrumentRecord>,
    _ side: PositionSide, lots: Lots, traded: Int64, result: Money
  ) {
    let holder = holders.at(mutablePosition(positionNumber).pointee.holder.raw)
    guard holder.pointee.schemeProduct != 0 else { return }
    let number = schemeNumber(positionNumber, instrument)
    let isFund = operationAccount(mutablePosition(positionNumber).pointee.holder) == nil
    changeScheme(number) { record in
      if isFund {
        record.pointee.dayResult += Int128(result.units)
        record.pointee.sums.profit += Int128(result.units)
        return
      }
      if side == .long {
        record.pointee.sums.long += Int64(lots)
        record.pointee.sums.longTraded += Int128(traded)
      } else {
        record.pointee.sums.short += Int64(lots)
        record.pointee.sums.shortTraded += Int128(traded)
      }
    }
  }

  /// Margin of held lots was taken anew.
  @inline(__always) mutating func countScheme(
    margin positionNumber: UInt32, _ instrument: UnsafePointer<InstrumentRecord>, long: Money,
    short: Money
  ) {
    let holder = mutablePosition(positionNumber).pointee.holder
    guard holders.at(holder.raw).pointee.schemeProduct != 0, operationAccount(holder) == nil else {
      return
    }
    changeScheme(schemeNumber(positionNumber, instrument)) { record in
      record.pointee.sums.longMargin += Int128(long.units)
      record.pointee.sums.shortMargin += Int128(short.units)
    }
  }

  /// A fund account's position profit moved by so much.
  @inline(__always) mutating func countScheme(profit positionNumber: UInt32, _ change: Int64) {
    let position = mutablePosition(positionNumber)
    let holder = holders.at(position.pointee.holder.raw)
    guard holder.pointee.schemeProduct != 0,
      let product = schemeProduct(holder, positionNumber),
      operationAccount(position.pointee.holder) == nil
    else { return }
    changeScheme(schemes.instrumentNumber(product, position.pointee.instrument)) { record in
      record.pointee.positionProfit += Int128(change)
      record.pointee.sums.profit += Int128(change)
    }
  }

  /// A trade that no operation account has.
  mutating func countScheme(
    unmapped row: Int, _ product: ProductID, _ instrument: InstrumentID, signedLots: Int64
  ) {
    guard !product.isNone else { return }
    let record = schemes.products.at(product.raw)
    guard record.pointee.isOn, row < record.pointee.countedRows else { return }
    changeScheme(schemes.instrumentNumber(product, instrument)) { figures in
      let old = figures.pointee.unmapped
      let new = old + signedLots
      figures.pointee.unmapped = new
      figures.pointee.sums.long += max(new, 0) - max(old, 0)
      figures.pointee.sums.short += max(-new, 0) - max(-old, 0)
    }
  }

  /// Values what a product has in an instrument at a price, if it has anything there.
  public mutating func revalue(
    _ product: ProductID, _ instrument: InstrumentID, at price: Price, multiplier: Int64
  ) {
    let number = schemes.instrumentNumber(product, instrument)
    guard number != 0, schemes.instrument(number).pointee.price != price else { return }
    changeScheme(number) { record in
      record.pointee.price = price
      record.pointee.lotValue = price.isNone ? 0 : abs(price.units) * multiplier
    }
  }

  /// Makes room for a product's figures of an instrument before an order that needs them is taken,
  /// at the present mark. The caller asked `Schemes.hasRoom`.
  public mutating func ensureScheme(
    _ product: ProductID, _ id: InstrumentID, _ instrument: UnsafePointer<InstrumentRecord>
  ) {
    _ = schemeInstrument(product, id, instrument)
    revalue(
      product, id, at: instrument.pointee.mark, multiplier: instrument.pointee.multiplier)
  }

  // MARK: The first binding

  /// Begins to keep figures of a product: from here on its positions are counted one after the
  /// other (`countScheme(slot:)`), and what is counted already follows what happens.
  public mutating func beginScheme(_ product: ProductID) {
    let record = schemes.products.at(product.raw)
    record.pointee.isOn = true
    record.pointee.counted = 0
    record.pointee.countedChildren = 0
    record.pointee.countedRows = 0
  }

  /// A holder that is new is part of its product's figures at once.
  func joinScheme(_ holder: HolderID, _ product: ProductID) {
    guard !product.isNone, schemes.product(product).pointee.isOn else { return }
    holders.at(holder.raw).pointee.schemeProduct = UInt16(product.raw + 1)
  }

  /// Operation accounts and fund accounts there are.
  public var schemeHolders: Int { accountCount + fundAccountCount }

  /// One holder's part, of `schemeHolders`: whether it belongs to the product. One that is defined
  /// meanwhile joins at once.
  public mutating func countScheme(holder place: Int, of product: ProductID) {
    let isFund = place >= accountCount
    let holder =
      isFund
      ? self.holder(of: FundAccountID(UInt32(place - accountCount)))
      : HolderID(UInt32(place))
    let owner =
      isFund
      ? fundAccounts.at(place - accountCount).pointee.product : accounts.at(place).pointee.product
    if owner == product { holders.at(holder.raw).pointee.schemeProduct = UInt16(product.raw + 1) }
  }

  /// One position's part: it is in the figures from now on.
  public mutating func countScheme(
    slot: Int, of product: ProductID, _ market: borrowing Market
  ) {
    let number = UInt32(slot) + 1
    schemes.products.at(product.raw).pointee.counted = number
    let position = mutablePosition(number)
    guard isUsed(positionSlot: slot),
      holders.at(position.pointee.holder.raw).pointee.schemeProduct == UInt16(product.raw + 1)
    else { return }
    let instrument = market.instrument(position.pointee.instrument)
    ensureScheme(product, position.pointee.instrument, instrument)
    let isFund = operationAccount(position.pointee.holder) == nil
    changeScheme(schemes.instrumentNumber(product, position.pointee.instrument)) { record in
      let (long, short) = (position.pointee.long, position.pointee.short)
      if isFund {
        record.pointee.sums.longMargin += Int128(long.margin.units)
        record.pointee.sums.shortMargin += Int128(short.margin.units)
        record.pointee.sums.openLongMargin += Int128(long.frozenMargin.units)
        record.pointee.sums.openShortMargin += Int128(short.frozenMargin.units)
        record.pointee.positionProfit += Int128(position.pointee.profit.units)
        record.pointee.sums.profit += Int128(position.pointee.profit.units)
        return
      }
      record.pointee.sums.long += Int64(long.held)
      record.pointee.sums.short += Int64(short.held)
      record.pointee.sums.openLong += Int64(long.workingOpen)
      record.pointee.sums.openShort += Int64(short.workingOpen)
      record.pointee.sums.closeLong += Int64(long.frozen)
      record.pointee.sums.closeShort += Int64(short.frozen)
    }
  }

  /// All positions are counted.
  public mutating func endPositions(of product: ProductID) {
    schemes.products.at(product.raw).pointee.counted = .max
  }

  /// One of today's children: its fee is in the figures from now on. False when there is none any
  /// more.
  public mutating func countScheme(childNumber number: UInt32, of product: ProductID) -> Bool {
    guard Int(number) <= childCount else {
      schemes.products.at(product.raw).pointee.countedChildren = .max
      return false
    }
    schemes.products.at(product.raw).pointee.countedChildren = number
    let child = mutableChild(number)
    if fundAccounts.at(child.pointee.fundAccount.raw).pointee.product == product {
      countScheme(child: number, fee: child.pointee.feeHold)
    }
    return true
  }

  /// One row of unmapped trades; false when there is none any more: then all is counted.
  public mutating func countScheme(
    unmappedRow row: Int, of product: ProductID, _ market: borrowing Market
  ) -> Bool {
    guard row < unmapped.count else {
      schemes.products.at(product.raw).pointee.countedRows = .max
      return false
    }
    let record = unmapped.rows.at(row)
    let (owner, instrument) = (record.pointee.product, record.pointee.instrument)
    schemes.products.at(product.raw).pointee.countedRows = UInt32(row) + 1
    if owner == product {
      ensureScheme(product, instrument, market.instrument(instrument))
      countScheme(unmapped: row, product, instrument, signedLots: record.pointee.lots)
    }
    return true
  }

  // MARK: The day switch

  /// An instrument's day figures start again, with the roll of any of its positions: a product has
  /// no figures of an instrument without one. So a day is switched in as many steps with schemes as
  /// without.
  func rollScheme(_ number: UInt32) {
    changeScheme(number) { record in
      record.pointee.dayResult = 0
      record.pointee.sums.longTraded = 0
      record.pointee.sums.shortTraded = 0
      record.pointee.sums.profit = record.pointee.positionProfit
    }
  }

  /// A stated total of the prior day rolls forward by what the day brought, cash included
  /// (AMS manual 2.3): asked of each fund account before its day is closed.
  mutating func rollStatedTotal(_ fund: UnsafeMutablePointer<HolderRecord>, _ product: ProductID) {
    guard !product.isNone else { return }
    let record = schemes.products.at(product.raw)
    guard record.pointee.mode == .statedTotal else { return }
    record.pointee.total += fund.pointee.netCash + fund.pointee.closeProfit - fund.pointee.fees
  }
}
