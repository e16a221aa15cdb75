import Domain
import Storage

/// Lists of instruments that are nobody's own: everybody's, and each product's (not-tradable).
public struct SharedLists: ~Copyable {
  /// What there is for a product, or for everybody.
  public struct Facts: OptionSet, Sendable, BitwiseCopyable {
    public var rawValue: UInt8
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Something is on the list.
    @inlinable public static var rows: Facts { Facts(rawValue: 1) }
    /// Only what is listed may be opened.
    @inlinable public static var onlyListed: Facts { Facts(rawValue: 2) }
    /// A fund account of the product has a list of its own.
    @inlinable public static var ofFundAccounts: Facts { Facts(rawValue: 4) }
  }

  private let pinned = Pinned()
  // Row 0 is everybody's, the product with id n has row n + 1.
  private let facts: Table<Facts>
  private let commodities: Table<UInt8>
  private let instruments: Table<UInt8>
  private let commodityCount: Int
  private let instrumentCount: Int

  init(products: Int, commodities: Int, instruments: Int) {
    facts = Table(capacity: products + 1)
    commodityCount = commodities
    instrumentCount = instruments
    self.commodities = Table(capacity: (products + 1) * commodities)
    self.instruments = Table(capacity: (products + 1) * instruments)
  }

  private func row(_ product: ProductID) -> Int { product.isNone ? 0 : product.index + 1 }

  /// Of a product; `.none` = of everybody.
  public func facts(_ product: ProductID) -> Facts { facts.at(row(product)).pointee }

  /// Whether nothing but an account's own list can bar an order of the product.
  public func areEmpty(_ product: ProductID) -> Bool {
    facts.at(0).pointee.isEmpty && facts.at(row(product)).pointee.isEmpty
  }

  /// Whether the list of a product, or of everybody, lets open; nil when there is none.
  public func allows(
    _ product: ProductID, _ commodity: CommodityID, _ instrument: InstrumentID
  ) -> Bool? {
    let row = row(product)
    let facts = facts.at(row).pointee
    guard facts.contains(.rows) || facts.contains(.onlyListed) else { return nil }
    let isListed =
      commodities.at(row * commodityCount + commodity.index).pointee != 0
      || instruments.at(row * instrumentCount + instrument.index).pointee != 0
    return isListed == facts.contains(.onlyListed)
  }

  /// Asks the cache for what a product's list says of an instrument.
  @inline(__always) func prefetch(
    _ product: ProductID, _ commodity: CommodityID, _ instrument: InstrumentID
  ) {
    let row = row(product)
    if facts.at(row).pointee.isDisjoint(with: [.rows, .onlyListed]) { return }
    commodities.prefetch(row &* commodityCount &+ commodity.index, lines: 1)
    instruments.prefetch(row &* instrumentCount &+ instrument.index, lines: 1)
  }

  // MARK: Writing

  func set(_ fact: Facts, _ isSet: Bool, _ product: ProductID) {
    let record = facts.at(row(product))
    if isSet { record.pointee.insert(fact) } else { record.pointee.remove(fact) }
  }

  /// Lists a commodity, or an instrument of it where one is named, or takes it off.
  func list(
    _ product: ProductID, _ commodity: CommodityID, _ instrument: InstrumentID, _ listed: Bool
  ) {
    let row = row(product)
    if instrument.isNone {
      commodities.at(row * commodityCount + commodity.index).pointee = listed ? 1 : 0
    } else {
      instruments.at(row * instrumentCount + instrument.index).pointee = listed ? 1 : 0
    }
    set(.rows, hasRows(row), product)
  }

  private func hasRows(_ row: Int) -> Bool {
    for place in 0..<commodityCount
    where commodities.at(row * commodityCount + place).pointee != 0 { return true }
    for place in 0..<instrumentCount
    where instruments.at(row * instrumentCount + place).pointee != 0 { return true }
    return false
  }

  // MARK: State

  mutating func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(facts)
    try archive.pass(commodities)
    try archive.pass(instruments)
  }

  /// What is on the lists, by product and place.
  func hash(products: Int, into hasher: inout StateHasher) {
    for row in 0...products {
      hasher.combine(UInt64(row) << 8 | UInt64(facts.at(row).pointee.rawValue))
      for place in 0..<commodityCount
      where commodities.at(row * commodityCount + place).pointee != 0 {
        hasher.combine(UInt64(place) << 1)
      }
      for place in 0..<instrumentCount
      where instruments.at(row * instrumentCount + place).pointee != 0 {
        hasher.combine(UInt64(place) << 1 | 1)
      }
    }
  }
}

extension Ledger {
  /// The list of a product, or with `.none` of everybody.
  public mutating func setShared(
    _ product: ProductID, _ commodity: CommodityID, _ instrument: InstrumentID, listed: Bool
  ) {
    sharedLists.list(product, commodity, instrument, listed)
  }

  /// Whether only what is listed may be opened.
  public mutating func setShared(_ product: ProductID, onlyListed: Bool) {
    sharedLists.set(.onlyListed, onlyListed, product)
  }
}
