import Domain
import Storage

/// Most lots and margin of one order; unset = `Int64.min`.
public struct OrderSizeLimit: Equatable, Sendable, BitwiseCopyable {
  public var lots: Int64
  public var margin: Int64

  @inlinable public init(lots: Int64 = .min, margin: Int64 = .min) {
    self.lots = lots
    self.margin = margin
  }
}

/// Settings for many operation accounts at once (AMS manual 4.6, 6.1-6.3). Rates of templates are
/// in the rate book.
public struct Templates: ~Copyable {
  private let pinned = Pinned()
  /// A `TemplateKind` by its raw value, by template.
  private let kinds: Table<UInt8>
  /// By template and commodity.
  private let sizes: Table<OrderSizeLimit>
  /// By template, each as if it were a product.
  private var lists: SharedLists
  private let commodities: Int
  public private(set) var count = 0

  init(_ capacities: LedgerCapacities) {
    kinds = Table(capacity: capacities.templates)
    sizes = Table(capacity: capacities.templates * capacities.commodities)
    lists = SharedLists(
      products: capacities.templates, commodities: capacities.commodities,
      instruments: capacities.instruments)
    commodities = capacities.commodities
  }

  /// A template's kind; `.unknown` where there is none.
  public func kind(_ id: AccountTemplateID) -> TemplateKind {
    id.raw < UInt32(count) ? TemplateKind(rawValue: kinds.at(id.raw).pointee) ?? .unknown : .unknown
  }

  /// What a template limits in a commodity, by its number from 1; nothing with 0.
  public func size(_ number: UInt16, _ commodity: CommodityID) -> OrderSizeLimit {
    guard number != 0 else { return OrderSizeLimit() }
    return sizes.at((Int(number) - 1) * commodities + commodity.index).pointee
  }

  /// Whether a template lets open, by its number from 1; nil when it has no list, and with 0.
  public func allows(
    _ number: UInt16, _ commodity: CommodityID, _ instrument: InstrumentID
  ) -> Bool? {
    number == 0 ? nil : lists.allows(ProductID(UInt32(number) - 1), commodity, instrument)
  }

  // MARK: Writing

  mutating func define(_ kind: TemplateKind) -> AccountTemplateID? {
    guard kind != .unknown, count < kinds.capacity, count < Int(UInt16.max) else { return nil }
    kinds.at(count).pointee = kind.rawValue
    for place in 0..<commodities {
      sizes.at(count * commodities + place).pointee = OrderSizeLimit()
    }
    count += 1
    return AccountTemplateID(UInt32(count - 1))
  }

  func set(_ id: AccountTemplateID, _ commodity: CommodityID, _ limit: OrderSizeLimit) {
    sizes.at(id.index * commodities + commodity.index).pointee = limit
  }

  func list(
    _ id: AccountTemplateID, _ commodity: CommodityID, _ instrument: InstrumentID, _ listed: Bool
  ) {
    lists.list(ProductID(id.raw), commodity, instrument, listed)
  }

  func set(_ id: AccountTemplateID, onlyListed: Bool) {
    lists.set(.onlyListed, onlyListed, ProductID(id.raw))
  }

  // MARK: State

  mutating func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(kinds)
    try archive.pass(sizes)
    try lists.pass(through: &archive)
    try archive.pass(count: &count, atMost: kinds.capacity)
  }

  func hash(into hasher: inout StateHasher) {
    hasher.combine(UInt64(count))
    for template in 0..<count {
      hasher.combine(UInt64(kinds.at(template).pointee))
      for place in 0..<commodities {
        let limit = sizes.at(template * commodities + place).pointee
        guard limit != OrderSizeLimit() else { continue }
        hasher.combine(UInt64(place))
        hasher.combine(limit.lots)
        hasher.combine(limit.margin)
      }
    }
    lists.hash(products: count, into: &hasher)
  }
}

extension Ledger {
  /// A new template; nil when there is no room.
  public mutating func defineTemplate(_ kind: TemplateKind) -> AccountTemplateID? {
    templates.define(kind)
  }

  /// What a template of order sizes limits in a commodity.
  public mutating func setTemplate(
    _ id: AccountTemplateID, _ commodity: CommodityID, _ limit: OrderSizeLimit
  ) {
    templates.set(id, commodity, limit)
  }

  /// Lists a commodity or, where one is named, an instrument of it on a template, or takes it off.
  public mutating func setTemplate(
    _ id: AccountTemplateID, _ commodity: CommodityID, _ instrument: InstrumentID, listed: Bool
  ) {
    templates.list(id, commodity, instrument, listed)
  }

  /// Whether only what is on a template's list may be opened.
  public mutating func setTemplate(_ id: AccountTemplateID, onlyListed: Bool) {
    templates.set(id, onlyListed: onlyListed)
  }
}
