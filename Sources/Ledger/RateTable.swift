import Domain
import Storage

/// Fee and margin rates by owner. Owner 0 is the platform; a holder with rates of its own has an
/// owner number. Look-up: own instrument, own commodity, platform instrument, platform commodity
/// (decisions 10: a step with only a commodity entry beats a lower step's instrument entry).
public struct RateTable: ~Copyable {
  private let pinned = Pinned()
  @usableFromInline let rows: Table<RateSet>
  @usableFromInline let byInstrument: Table<UInt32>
  @usableFromInline let byCommodity: Table<UInt32>
  @usableFromInline let instruments: Int
  @usableFromInline let commodities: Int
  let owners: Int
  private(set) var rowCount = 0
  private(set) var ownerCount = 1

  init(owners: Int, instruments: Int, commodities: Int, rows: Int) {
    self.owners = owners + 1
    self.instruments = instruments
    self.commodities = commodities
    self.rows = Table(capacity: rows)
    byInstrument = Table(capacity: self.owners * instruments)
    byCommodity = Table(capacity: self.owners * commodities)
  }

  /// The rates of an instrument for an owner; nil when none were configured.
  @inlinable public func find(
    _ owner: UInt32, _ instrument: InstrumentID, _ commodity: CommodityID
  ) -> UnsafePointer<RateSet>? {
    var row = byInstrument.at(Int(owner) * instruments + instrument.index).pointee
    if row == 0 { row = byCommodity.at(Int(owner) * commodities + commodity.index).pointee }
    if row == 0, owner != 0 {
      row = byInstrument.at(instrument.index).pointee
      if row == 0 { row = byCommodity.at(commodity.index).pointee }
    }
    return row == 0 ? nil : UnsafePointer(rows.at(Int(row) - 1))
  }

  mutating func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(rows)
    try archive.pass(byInstrument)
    try archive.pass(byCommodity)
    try archive.pass(count: &rowCount, atMost: rows.capacity)
    try archive.pass(count: &ownerCount, atMost: owners)
  }

  /// Every rate that is set, by owner and place.
  func hash(into hasher: inout StateHasher) {
    for owner in 0..<ownerCount {
      hash(byInstrument, owner: owner, width: instruments, into: &hasher)
      hash(byCommodity, owner: owner, width: commodities, into: &hasher)
    }
  }

  private func hash(
    _ directory: borrowing Table<UInt32>, owner: Int, width: Int, into hasher: inout StateHasher
  ) {
    for place in 0..<width {
      let row = directory.at(owner * width + place).pointee
      guard row != 0 else { continue }
      hasher.combine(UInt64(owner) << 32 | UInt64(place))
      hasher.combine(rows, from: Int(row) - 1, count: 1)
    }
    hasher.combine(UInt64(0))
  }

  var hasFreeRow: Bool { rowCount < rows.capacity }

  /// A new owner's number; nil when there is no room.
  mutating func addOwner() -> UInt32? {
    guard ownerCount < owners else { return nil }
    ownerCount += 1
    return UInt32(ownerCount - 1)
  }

  mutating func set(_ rates: RateSet, owner: UInt32, instrument: InstrumentID) -> Bool {
    write(rates, to: byInstrument.at(Int(owner) * instruments + instrument.index))
  }

  mutating func set(_ rates: RateSet, owner: UInt32, commodity: CommodityID) -> Bool {
    write(rates, to: byCommodity.at(Int(owner) * commodities + commodity.index))
  }

  private mutating func write(_ rates: RateSet, to entry: UnsafeMutablePointer<UInt32>) -> Bool {
    if entry.pointee == 0 {
      guard hasFreeRow else { return false }
      rowCount += 1
      entry.pointee = UInt32(rowCount)
    }
    let row = rows.at(Int(entry.pointee) - 1)
    row.pointee = rates
    return true
  }
}
