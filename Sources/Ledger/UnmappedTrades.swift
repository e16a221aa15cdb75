import Domain
import Storage

/// A trade at a counter that nobody here sent, or what is left of it without an operation account.
public struct UnmappedTrade: BitwiseCopyable {
  /// From 1, never again: what a controller assigns it by.
  public var number: UInt64
  public var price: Price
  public var tradeID: VenueID
  public var fundAccount: FundAccountID
  public var instrument: InstrumentID
  /// The trading day it was made on, yyyymmdd.
  public var day: UInt32
  /// Lots that nobody has yet.
  public var lots: Lots
  public var side: Side
  /// What it did at the fund account.
  public var offset: Offset
  public var hedge: HedgeFlag
  var padding0: UInt8
  var padding1: UInt32
}

/// What a product's fund accounts traded that no operation account has: external trades, and what
/// a counter filled beyond an order. Signed lots and signed notional; conservation is
/// operation accounts + unmapped = fund accounts (design.md). External trades are kept one by one
/// too, until they are assigned.
public struct UnmappedTrades: ~Copyable {
  public struct Row: BitwiseCopyable {
    public var product: ProductID
    public var instrument: InstrumentID
    /// Bought minus sold.
    public var lots: Int64
    /// Sum of price * lots, bought minus sold.
    public var basis: Int64
  }

  public let rows: Table<Row>
  public private(set) var count = 0
  /// Trades that found no row: kept in the journal alone.
  public private(set) var lost = 0

  /// In the order of their numbers.
  public let trades: Table<UnmappedTrade>
  public private(set) var tradeCount = 0
  /// Of the newest trade that was kept.
  public private(set) var lastNumber: UInt64 = 0

  init(capacity: Int) {
    rows = Table(capacity: capacity)
    trades = Table(capacity: capacity)
  }

  mutating func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(rows)
    try archive.pass(count: &count, atMost: rows.capacity)
    try archive.pass(count: &lost, atMost: .max)
    try archive.pass(trades)
    try archive.pass(count: &tradeCount, atMost: trades.capacity)
    try archive.pass(&lastNumber)
  }

  // MARK: One by one

  /// Keeps a trade; its number, or 0 when there is no room: then its lots are in the sums alone.
  mutating func keep(
    _ trade: ExternalTrade, lots: Lots, day: UInt32
  ) -> UInt64 {
    guard tradeCount < trades.capacity else { return 0 }
    lastNumber += 1
    let record = trades.at(tradeCount)
    tradeCount += 1
    record.pointee.number = lastNumber
    record.pointee.price = trade.price
    record.pointee.tradeID = trade.tradeID
    record.pointee.fundAccount = trade.fundAccount
    record.pointee.instrument = trade.instrument
    record.pointee.day = day
    record.pointee.lots = lots
    record.pointee.side = trade.side
    record.pointee.offset = trade.offset
    record.pointee.hedge = trade.hedge
    return lastNumber
  }

  /// A trade that waits, by its number; nil when there is none.
  public func trade(_ number: UInt64) -> UnsafePointer<UnmappedTrade>? {
    place(number).map { UnsafePointer(trades.at($0)) }
  }

  private func place(_ number: UInt64) -> Int? {
    for index in 0..<tradeCount where trades.at(index).pointee.number == number { return index }
    return nil
  }

  /// Somebody has lots of a trade by now. With its last one the trade is forgotten.
  mutating func take(_ lots: Lots, of number: UInt64) {
    guard let place = place(number) else { return }
    trades.at(place).pointee.lots -= lots
    guard trades.at(place).pointee.lots <= 0 else { return }
    for index in place + 1..<max(tradeCount, place + 1) {
      trades.at(index - 1).update(from: trades.at(index), count: 1)
    }
    tradeCount -= 1
  }

  /// The row that lots were added to; nil when they found none.
  @discardableResult mutating func add(
    _ product: ProductID, _ instrument: InstrumentID, side: Side, price: Price, lots: Lots
  ) -> Int? {
    let sign: Int64 = side == .sell ? -1 : 1
    var index = 0
    while index < count {
      let row = rows.at(index)
      if row.pointee.product == product, row.pointee.instrument == instrument { break }
      index += 1
    }
    guard index < rows.capacity else {
      lost += 1
      return nil
    }
    let row = rows.at(index)
    if index == count {
      count += 1
      row.pointee.product = product
      row.pointee.instrument = instrument
    }
    row.pointee.lots += sign * Int64(lots)
    row.pointee.basis &+= sign &* price.units &* Int64(lots)
    return index
  }
}
