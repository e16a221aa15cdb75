import Domain
import MarketData
import Storage

// The figures of subjects that schemes are bound to, changed with each hold, fill and mark. What
// moves in an instrument moves in its commodity, its exchange and the subject's whole by as much.
// A position can be part of two: its product's, and its operation account's own.
extension Ledger {
  /// A subject's figures of an instrument, made when there are none; 0 when there is no room.
  mutating func schemeInstrument(
    _ subject: SchemeSubject, _ id: InstrumentID, _ instrument: UnsafePointer<InstrumentRecord>
  ) -> UInt32 {
    let entry = schemes.directory.at(id.index * schemes.subjects.capacity + subject.index)
    let (commodity, exchange) = (instrument.pointee.commodity, instrument.pointee.exchange)
    if entry.pointee != 0 { return entry.pointee }
    guard schemes.instrumentCount < schemes.instruments.capacity else {
      schemes.subjects.at(subject.raw).pointee.hasLostFigures = true
      return 0
    }
    let record = schemes.instruments.at(schemes.instrumentCount)
    schemes.instrumentCount += 1
    let number = UInt32(schemes.instrumentCount)
    entry.pointee = number
    record.pointee.subject = subject
    record.pointee.instrument = id
    record.pointee.commodity = commodity
    record.pointee.exchange = exchange
    let mark = instrument.pointee.mark
    record.pointee.price = mark
    record.pointee.lotValue = mark.isNone ? 0 : abs(mark.units) * instrument.pointee.multiplier
    let row = schemes.commodities.at(
      subject.index * schemes.commodityCapacity + commodity.index)
    if row.pointee.firstInstrument == 0 {
      let first = schemes.subjects.at(subject.raw)
      row.pointee.exchange = exchange
      row.pointee.next = first.pointee.firstCommodity
      first.pointee.firstCommodity = commodity.raw + 1
    }
    record.pointee.next = row.pointee.firstInstrument
    row.pointee.firstInstrument = number
    schemes.noteNew(number, UnsafePointer(record))
    return number
  }

  /// Changes the money that a position brings: its product's where a fund account has it, and its
  /// account's own.
  ///
  /// - Parameter instrument: figures that are not there yet are made; nil = they are, or there is
  ///   no room.
  @inline(never) private mutating func changeMoney(
    of number: UInt32, _ instrument: UnsafePointer<InstrumentRecord>?,
    _ change: (UnsafeMutablePointer<SchemeInstrument>) -> Void
  ) {
    let position = mutablePosition(number)
    let id = position.pointee.instrument
    let shares = self.shares(holders.at(position.pointee.holder.raw), number)
    if !shares.product.isNone, operationAccount(position.pointee.holder) == nil {
      changeScheme(figures(shares.product, id, instrument), change)
    }
    if !shares.own.isNone {
      changeScheme(figures(shares.own, id, instrument), change)
    }
  }

  private mutating func figures(
    _ subject: SchemeSubject, _ id: InstrumentID, _ instrument: UnsafePointer<InstrumentRecord>?
  ) -> UInt32 {
    guard let instrument else { return schemes.instrumentNumber(subject, id) }
    return schemeInstrument(subject, id, instrument)
  }

  // MARK: What moves them; asked where `HolderRecord.isInSchemes`

  /// A working order's lots and margin, or a child's, were held or given back. The figures were
  /// made before it was taken.
  mutating func countScheme(
    hold number: UInt32, _ side: PositionSide, isOpening: Bool, lots: Lots, margin: Money
  ) {
    let position = mutablePosition(number)
    let id = position.pointee.instrument
    let shares = self.shares(holders.at(position.pointee.holder.raw), number)
    let column = SchemeColumn(side, isOpening: isOpening)
    if !shares.product.isNone {
      let place = schemes.instrumentNumber(shares.product, id)
      if operationAccount(position.pointee.holder) != nil {
        moveScheme(place, column, lots: lots)
      } else if isOpening {
        moveScheme(place, column, margin: margin)
      } else if place != 0 {
        schemes.touch(shares.product)
      }
    }
    if !shares.own.isNone {
      let place = schemes.instrumentNumber(shares.own, id)
      moveScheme(place, column, lots: lots)
      if isOpening { moveScheme(place, column, margin: margin) }
    }
  }

  /// A child's fee was held, or given back (`fee` below 0).
  @inline(__always) func countScheme(child number: UInt32, fee: Money) {
    let child = mutableChild(number)
    let holder = holders.at(mutablePosition(child.pointee.position).pointee.holder.raw)
    let product = productSubject(UnsafePointer(holder))
    guard !product.isNone, fee.units != 0,
      number <= schemes.subject(product).pointee.countedChildren
    else { return }
    moveScheme(
      schemes.instrumentNumber(product, child.pointee.instrument), profit: -Int128(fee.units))
  }

  /// The same of an order's, where the account has schemes of its own.
  @inline(__always) func countScheme(order number: UInt32, fee: Money) {
    let order = mutableOrder(number)
    let holder = holders.at(self.holder(of: order.pointee.account).raw)
    guard holder.pointee.schemes & HolderRecord.inOwn != 0, fee.units != 0 else { return }
    let own = ownSubject(UnsafePointer(holder))
    guard number <= schemes.subject(own).pointee.countedChildren else { return }
    moveScheme(
      schemes.instrumentNumber(own, order.pointee.instrument), profit: -Int128(fee.units))
  }

  /// Whoever has the position paid for a declaration.
  mutating func countScheme(declaredOf number: UInt32, fee: Money) {
    changeMoney(of: number, nil) { record in
      record.pointee.dayResult -= Int128(fee.units)
      record.pointee.sums.profit -= Int128(fee.units)
    }
  }

  /// Lots were added to a position, or taken off (`lots` below 0).
  mutating func countScheme(
    fill number: UInt32, _ instrument: UnsafePointer<InstrumentRecord>,
    _ side: PositionSide, lots: Lots, traded: Int64, result: Money
  ) {
    let position = mutablePosition(number)
    let id = position.pointee.instrument
    let shares = self.shares(holders.at(position.pointee.holder.raw), number)
    let isFund = operationAccount(position.pointee.holder) == nil
    if !shares.product.isNone {
      let place = schemeInstrument(shares.product, id, instrument)
      if isFund {
        addResult(place, result)
      } else {
        addLots(place, side, lots: lots, traded: traded)
      }
    }
    if !shares.own.isNone {
      let place = schemeInstrument(shares.own, id, instrument)
      addResult(place, result)
      addLots(place, side, lots: lots, traded: traded)
    }
  }

  private func addResult(_ place: UInt32, _ result: Money) {
    guard place != 0 else { return }
    schemes.instruments.at(Int(place) - 1).pointee.dayResult += Int128(result.units)
    moveScheme(place, profit: Int128(result.units))
  }

  private func addLots(_ place: UInt32, _ side: PositionSide, lots: Lots, traded: Int64) {
    changeScheme(place) { record in
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
  mutating func countScheme(
    margin number: UInt32, _ instrument: UnsafePointer<InstrumentRecord>, long: Money,
    short: Money
  ) {
    changeMoney(of: number, instrument) { record in
      record.pointee.sums.longMargin += Int128(long.units)
      record.pointee.sums.shortMargin += Int128(short.units)
    }
  }

  /// Position profit moved by so much.
  mutating func countScheme(profit number: UInt32, _ change: Int64) {
    let position = mutablePosition(number)
    let id = position.pointee.instrument
    let shares = self.shares(holders.at(position.pointee.holder.raw), number)
    if !shares.product.isNone, operationAccount(position.pointee.holder) == nil {
      addPositionProfit(schemes.instrumentNumber(shares.product, id), change)
    }
    if !shares.own.isNone {
      addPositionProfit(schemes.instrumentNumber(shares.own, id), change)
    }
  }

  private func addPositionProfit(_ place: UInt32, _ change: Int64) {
    guard place != 0 else { return }
    schemes.instruments.at(Int(place) - 1).pointee.positionProfit += Int128(change)
    moveScheme(place, profit: Int128(change))
  }

  /// A trade that no operation account has.
  mutating func countScheme(
    unmapped row: Int, _ product: ProductID, _ instrument: InstrumentID, signedLots: Int64
  ) {
    guard !product.isNone else { return }
    let record = schemes.product(product)
    guard record.pointee.isOn, row < record.pointee.countedRows else { return }
    changeScheme(schemes.instrumentNumber(SchemeSubject(product), instrument)) { figures in
      let old = figures.pointee.unmapped
      let new = old + signedLots
      figures.pointee.unmapped = new
      figures.pointee.sums.long += max(new, 0) - max(old, 0)
      figures.pointee.sums.short += max(-new, 0) - max(-old, 0)
    }
  }

  /// Values what a subject has in an instrument at a price, if it has anything there.
  public mutating func revalue(
    _ subject: SchemeSubject, _ instrument: InstrumentID, at price: Price, multiplier: Int64
  ) {
    let number = schemes.instrumentNumber(subject, instrument)
    guard number != 0, schemes.instrument(number).pointee.price != price else { return }
    revalueScheme(number, price, lotValue: price.isNone ? 0 : abs(price.units) * multiplier)
  }

  /// Makes room for a subject's figures of an instrument before an order that needs them is taken,
  /// at the present mark. The caller asked `Schemes.hasRoom`.
  public mutating func ensureScheme(
    _ subject: SchemeSubject, _ id: InstrumentID, _ instrument: UnsafePointer<InstrumentRecord>
  ) {
    guard schemes.subject(subject).pointee.isOn else { return }
    _ = schemeInstrument(subject, id, instrument)
    revalue(
      subject, id, at: instrument.pointee.mark, multiplier: instrument.pointee.multiplier)
  }

  /// An instrument's day figures start again, with the roll of any of its positions: a subject has
  /// no figures of an instrument without one. So a day is switched in as many steps with schemes as
  /// without.
  mutating func rollSchemes(
    _ number: UInt32, _ holder: UnsafeMutablePointer<HolderRecord>,
    _ instrument: UnsafePointer<InstrumentRecord>
  ) {
    let id = mutablePosition(number).pointee.instrument
    let shares = self.shares(holder, number)
    if !shares.product.isNone { rollScheme(shares.product, id, instrument) }
    if !shares.own.isNone { rollScheme(shares.own, id, instrument) }
  }

  private mutating func rollScheme(
    _ subject: SchemeSubject, _ id: InstrumentID, _ instrument: UnsafePointer<InstrumentRecord>
  ) {
    changeScheme(schemes.instrumentNumber(subject, id)) { record in
      record.pointee.dayResult = 0
      record.pointee.sums.longTraded = 0
      record.pointee.sums.shortTraded = 0
      record.pointee.sums.profit = record.pointee.positionProfit
    }
    revalue(
      subject, id, at: instrument.pointee.mark, multiplier: instrument.pointee.multiplier)
  }

  /// A stated total of the prior day rolls forward by what the day brought, cash included
  /// (AMS manual 2.3): asked of each fund account, or of the operation account, before its day is
  /// closed.
  mutating func rollStatedTotal(
    _ holder: UnsafeMutablePointer<HolderRecord>, _ subject: SchemeSubject
  ) {
    let record = schemes.subjects.at(subject.raw)
    guard record.pointee.mode == .statedTotal else { return }
    record.pointee.total +=
      holder.pointee.netCash + holder.pointee.closeProfit
      - holder.pointee.fees
  }
}
