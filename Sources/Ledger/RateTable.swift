import Domain
import Storage

/// Who states rates (rules.md 6).
public enum RateOwner: Equatable, Sendable {
  /// The exchanges: what a counter takes that reports nothing.
  case platform
  /// For everybody (全局).
  case everybody
  case account(OperationAccountID)
  case template(AccountTemplateID)
  /// For a fund account, instead of what its counter reports.
  case fundAccount(FundAccountID)
  case product(ProductID)
  /// The counter of a fund account: what it reports.
  case counter(FundAccountID)
}

/// Rates as they were set for a commodity or an instrument.
public struct RateEntry: BitwiseCopyable {
  /// Of `relativeAbsolute` and `relativePercent` what is added.
  public var rates: RateSet
  /// How each part is taken; `.unknown` = it is not set here.
  public var marginMethod: RateMethod
  public var feeMethod: RateMethod
  var padding16: UInt16
  var padding32: UInt32

  @inlinable public func method(_ part: RatePart) -> RateMethod {
    part == .margin ? marginMethod : feeMethod
  }
}

/// Rates as they were set, by the number of their owner and their place: an instrument's before its
/// commodity's. Number 0 is the platform's; the others are given in the order of their first rates.
struct RateTable: ~Copyable {
  private let pinned = Pinned()
  private let rows: Table<RateEntry>
  private let byInstrument: Table<UInt32>
  private let byCommodity: Table<UInt32>
  private let instruments: Int
  private let commodities: Int
  private let owners: Int
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

  /// What an owner has set for a part: for the instrument, else for its commodity.
  func find(
    _ owner: UInt32, _ instrument: InstrumentID, _ commodity: CommodityID, _ part: RatePart
  ) -> UnsafePointer<RateEntry>? {
    entry(place(owner, commodity, instrument), part) ?? entry(place(owner, commodity, .none), part)
  }

  private func entry(
    _ place: UnsafeMutablePointer<UInt32>, _ part: RatePart
  ) -> UnsafePointer<RateEntry>? {
    guard place.pointee != 0 else { return nil }
    let entry = rows.at(Int(place.pointee) - 1)
    return entry.pointee.method(part) == .unknown ? nil : UnsafePointer(entry)
  }

  private func place(
    _ owner: UInt32, _ commodity: CommodityID, _ instrument: InstrumentID
  ) -> UnsafeMutablePointer<UInt32> {
    instrument.isNone
      ? byCommodity.at(Int(owner) * commodities + commodity.index)
      : byInstrument.at(Int(owner) * instruments + instrument.index)
  }

  // MARK: Writing

  var hasFreeOwner: Bool { ownerCount < owners }

  /// A new owner's number; the caller asked `hasFreeOwner`.
  mutating func addOwner() -> UInt32 {
    precondition(hasFreeOwner, "an owner is added when there is room")
    ownerCount += 1
    return UInt32(ownerCount - 1)
  }

  /// Whether there is a row, or room for one, at a place; nobody's number is any without rows.
  func hasRoom(_ owner: UInt32?, _ commodity: CommodityID, _ instrument: InstrumentID) -> Bool {
    if rowCount < rows.capacity { return true }
    return owner.map { place($0, commodity, instrument).pointee != 0 } ?? false
  }

  /// Sets one part at a place, `.none` = of the whole commodity; with `.unknown` takes it away. The
  /// caller asked `hasRoom`.
  mutating func set(
    _ rates: RateSet, _ part: RatePart, _ method: RateMethod, owner: UInt32,
    commodity: CommodityID, instrument: InstrumentID
  ) {
    let place = place(owner, commodity, instrument)
    if place.pointee == 0 {
      precondition(rowCount < rows.capacity, "a row is added when there is room")
      rowCount += 1
      place.pointee = UInt32(rowCount)
    }
    let row = rows.at(Int(place.pointee) - 1)
    row.pointee.rates.copy(part, of: method == .unknown ? RateSet() : rates)
    switch part {
    case .margin: row.pointee.marginMethod = method
    case .fee: row.pointee.feeMethod = method
    }
  }

  // MARK: State

  mutating func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(rows)
    try archive.pass(byInstrument)
    try archive.pass(byCommodity)
    try archive.pass(count: &rowCount, atMost: rows.capacity)
    try archive.pass(count: &ownerCount, atMost: owners)
  }

  /// Every rate that was set, by owner and place.
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
}
