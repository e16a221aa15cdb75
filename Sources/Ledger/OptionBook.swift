import Domain
import MarketData
import Storage

/// An option as far as its margin depends on it; of a future its prior settlement alone.
struct OptionRow: BitwiseCopyable {
  var strike: Price
  /// Of the instrument, as the market has it; `.none` = not known.
  var priorSettlement: Price
  var multiplier: Int64
  var underlying: InstrumentID
  /// Of the underlying.
  var commodity: CommodityID
  var option: OptionClass
  /// An option depends on its prior settlement.
  var isRead: Bool
  var isListed: Bool
  var padding0: UInt8
  var padding1: UInt32
}

/// What the margin of options is taken from: their terms, and prior settlements of theirs and of
/// what they are on. An option has no margin rate of its own: it has its underlying's
/// (docs/ARCHITECTURE.md, decision 154).
struct OptionBook: ~Copyable {
  private let pinned = Pinned()
  let rows: Table<OptionRow>

  init(instruments: Int) { rows = Table(capacity: instruments) }

  func row(_ instrument: InstrumentID) -> UnsafeMutablePointer<OptionRow> {
    rows.at(instrument.raw)
  }

  func isOption(_ instrument: InstrumentID) -> Bool { row(instrument).pointee.option != .none }

  /// What one lot of a short option takes, by what one of its underlying's does; nil = unknown.
  func shortLot(_ row: UnsafeMutablePointer<OptionRow>, _ rates: RateSet?) -> Money? {
    guard let rates else { return nil }
    let future = self.row(row.pointee.underlying)
    return OptionMargin(
      option: row.pointee.option, strike: row.pointee.strike, multiplier: row.pointee.multiplier,
      premium: priorSettlement(row), underlying: priorSettlement(future)
    ).perLot(rates.marginShort)
  }

  private func priorSettlement(_ row: UnsafeMutablePointer<OptionRow>) -> Price {
    row.pointee.isListed ? row.pointee.priorSettlement : .none
  }

  func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(rows)
  }
}

extension Ledger {
  /// Tells the books of an instrument that the market lists.
  public mutating func list(
    _ id: InstrumentID, _ market: borrowing Market
  ) {
    let instrument = market.instrument(id)
    let row = rates.options.row(id)
    row.pointee.isListed = true
    row.pointee.priorSettlement = instrument.pointee.preSettlement
    guard instrument.pointee.isOption else { return }
    row.pointee.option = instrument.pointee.option
    row.pointee.strike = instrument.pointee.strike
    row.pointee.multiplier = instrument.pointee.multiplier
    row.pointee.underlying = instrument.pointee.underlying
    row.pointee.commodity = market.commodity(of: instrument.pointee.underlying)
    row.pointee.isRead = true
    rates.options.row(instrument.pointee.underlying).pointee.isRead = true
    rates.forget()
  }

  /// Takes an instrument's prior settlement. True when margins depend on it and have to be taken
  /// anew: its own as an option, and those of the options on it.
  public mutating func setPriorSettlement(_ id: InstrumentID, _ price: Price) -> Bool {
    let row = rates.options.row(id)
    guard row.pointee.priorSettlement != price else { return false }
    row.pointee.priorSettlement = price
    guard row.pointee.isRead else { return false }
    rates.forget()
    return true
  }

  /// Whether an instrument is an option.
  public func isOption(_ instrument: InstrumentID) -> Bool { rates.options.isOption(instrument) }

  // MARK: Money of options

  /// Books the premium of a fill, if it is an option's: what is bought pays it, what is sold
  /// receives it. It is cash of the day and no deposit (decision 151).
  ///
  /// - Parameter lots: opened; closed below 0.
  @inline(__always) func bookPremium(
    _ position: UnsafePointer<PositionRecord>, _ holder: UnsafeMutablePointer<HolderRecord>,
    _ side: Side, price: Price, lots: Lots, _ multiplier: Int64
  ) {
    guard position.pointee.isOption else { return }
    let amount = price.units * Int64(abs(lots)) * multiplier
    let premium = Money(units: side == .sell ? amount : -amount)
    holder.pointee.netCash += premium
    holder.pointee.premium += premium
  }

  /// Values a position of an option at a price: market equity follows, equity does not. Without a
  /// price it is worth nothing.
  mutating func value(_ number: UInt32, at price: Price, multiplier: Int64) {
    let position = mutablePosition(number)
    let worth = price.isNone ? 0 : price.units * position.pointee.net * multiplier
    position.pointee.markedAt = price
    moveValue(position, to: Money(units: worth))
  }

  func moveValue(_ position: UnsafeMutablePointer<PositionRecord>, to worth: Money) {
    let change = worth - position.pointee.profit
    guard change.units != 0 else { return }
    position.pointee.profit = worth
    holders.at(position.pointee.holder.raw).pointee.optionValue += change
    disturb(position.pointee.holder)
  }
}
