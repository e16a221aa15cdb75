import Domain
import Storage

/// What a product's fund accounts traded that no operation account has: external trades, and what
/// a counter filled beyond an order. Signed lots and signed notional; conservation is
/// operation accounts + unmapped = fund accounts (design.md).
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

  init(capacity: Int) { rows = Table(capacity: capacity) }

  mutating func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(rows)
    try archive.pass(count: &count, atMost: rows.capacity)
    try archive.pass(count: &lost, atMost: .max)
  }

  mutating func add(
    _ product: ProductID, _ instrument: InstrumentID, side: Side, price: Price, lots: Lots
  ) {
    let sign: Int64 = side == .sell ? -1 : 1
    var index = 0
    while index < count {
      let row = rows.at(index)
      if row.pointee.product == product, row.pointee.instrument == instrument { break }
      index += 1
    }
    guard index < rows.capacity else {
      lost += 1
      return
    }
    let row = rows.at(index)
    if index == count {
      count += 1
      row.pointee.product = product
      row.pointee.instrument = instrument
    }
    row.pointee.lots += sign * Int64(lots)
    row.pointee.basis &+= sign &* price.units &* Int64(lots)
  }
}
