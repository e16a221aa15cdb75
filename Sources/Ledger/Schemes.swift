import Domain
import Storage

/// Schemes of clauses, what they are bound to, and the figures of the products they are bound to
/// (rules.md 5).
///
/// An order finds the clauses that touch it without looking at any other: each clause is in the
/// list of its scheme and scope.
public struct Schemes: ~Copyable {
  private let pinned = Pinned()
  let instrumentCapacity: Int
  let commodityCapacity: Int
  let schemeCapacity: Int

  // Definitions.
  public internal(set) var schemeCount = 0
  public internal(set) var sectorCount = 0
  public internal(set) var superSectorCount = 0
  /// A bit a sector, by commodity; a bit a super-sector, by sector.
  let sectorsOf: Table<UInt64>
  let superSectorsOf: Table<UInt64>
  /// `SchemeLimits.clausesPerScheme` a scheme.
  let clauses: Table<ClauseRecord>
  /// The highest number that was ever used, by scheme.
  let clauseCounts: Table<UInt32>
  /// First clause by scheme and scope.
  let heads: Table<UInt32>

  let holidays: Table<SchemeHoliday>

  // Bindings.
  let products: Table<SchemeProduct>
  let bindings: Table<BindingRecord>
  let states: Table<ClauseState>

  // Figures.
  let instruments: Table<SchemeInstrument>
  public internal(set) var instrumentCount = 0
  /// Number of a product's figures by instrument and product.
  let directory: Table<UInt32>
  let commodities: Table<SchemeCommodity>
  /// Altogether, then by exchange.
  let groups: Table<SchemeGroup>
  static let groupsPerProduct = 1 + Exchange.count

  // What a step has changed so far: no part of the state, empty between two steps.
  let touched: Table<UInt32>
  let isTouched: Table<UInt8>
  let touchedCount: Table<UInt32>

  /// Clauses of a share of open interest, of all schemes.
  public internal(set) var shareClauses = 0
  /// OVERNIGHT clauses, of all schemes.
  public internal(set) var overnightClauses = 0

  init(_ capacities: LedgerCapacities) {
    instrumentCapacity = capacities.instruments
    commodityCapacity = capacities.commodities
    schemeCapacity = capacities.schemes
    sectorsOf = Table(capacity: capacities.commodities)
    superSectorsOf = Table(capacity: SchemeLimits.sectors)
    clauses = Table(capacity: capacities.schemes * SchemeLimits.clausesPerScheme)
    clauseCounts = Table(capacity: capacities.schemes)
    heads = Table(
      capacity: capacities.schemes * Self.headCount(capacities.instruments, capacities.commodities)
    )
    holidays = Table(capacity: SchemeLimits.holidays)
    products = Table(capacity: capacities.products)
    let bound = capacities.products * SchemeLimits.bindingsPerProduct
    bindings = Table(capacity: bound)
    states = Table(capacity: bound * SchemeLimits.clausesPerScheme, isSparse: true)
    instruments = Table(capacity: capacities.schemeInstruments)
    directory = Table(capacity: capacities.instruments * capacities.products)
    commodities = Table(capacity: capacities.products * capacities.commodities)
    groups = Table(capacity: capacities.products * Self.groupsPerProduct)
    touched = Table(capacity: capacities.products)
    isTouched = Table(capacity: capacities.products)
    touchedCount = Table(capacity: 1)
  }

  /// The product's figures changed: whoever ends the step has its clauses looked at.
  func touch(_ product: ProductID) {
    guard isTouched.at(product.raw).pointee == 0 else { return }
    isTouched.at(product.raw).pointee = 1
    touched.at(touchedCount.base.pointee).pointee = product.raw
    touchedCount.base.pointee += 1
  }

  /// A product whose figures changed since it was last asked for; nil when there is none left.
  public func nextTouched() -> ProductID? {
    guard touchedCount.base.pointee > 0 else { return nil }
    touchedCount.base.pointee -= 1
    let product = touched.at(touchedCount.base.pointee).pointee
    isTouched.at(product).pointee = 0
    return ProductID(product)
  }

  mutating func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(count: &schemeCount, atMost: schemeCapacity)
    try archive.pass(count: &shareClauses, atMost: clauses.capacity)
    try archive.pass(count: &overnightClauses, atMost: clauses.capacity)
    try archive.pass(count: &sectorCount, atMost: SchemeLimits.sectors)
    try archive.pass(count: &superSectorCount, atMost: SchemeLimits.superSectors)
    try archive.pass(sectorsOf)
    try archive.pass(superSectorsOf)
    try archive.pass(clauses)
    try archive.pass(clauseCounts)
    try archive.pass(heads)
    try archive.pass(holidays)
    try archive.pass(products)
    try archive.pass(bindings)
    try archive.pass(states)
    try archive.pass(instruments)
    try archive.pass(count: &instrumentCount, atMost: instruments.capacity)
    try archive.pass(directory)
    try archive.pass(commodities)
    try archive.pass(groups)
  }

  func hash(into hasher: inout StateHasher, products count: Int) {
    hasher.combine(UInt64(schemeCount))
    hasher.combine(UInt64(sectorCount) << 8 | UInt64(superSectorCount))
    for commodity in 0..<commodityCapacity where sectorsOf.at(commodity).pointee != 0 {
      hasher.combine(UInt64(commodity))
      hasher.combine(sectorsOf.at(commodity).pointee)
    }
    hasher.combine(superSectorsOf, count: sectorCount)
    hasher.combine(holidays, count: SchemeLimits.holidays)
    for scheme in 0..<schemeCount {
      hasher.combine(
        clauses, from: scheme * SchemeLimits.clausesPerScheme,
        count: Int(clauseCounts.at(scheme).pointee))
    }
    hasher.combine(products, count: count)
    for product in 0..<count where products.at(product).pointee.isOn {
      hash(product, into: &hasher)
    }
  }

  private func hash(_ product: Int, into hasher: inout StateHasher) {
    for slot in 0..<SchemeLimits.bindingsPerProduct {
      let place = product * SchemeLimits.bindingsPerProduct + slot
      hasher.combine(bindings, from: place, count: 1)
      guard bindings.at(place).pointee.isUsed else { continue }
      let scheme = Int(bindings.at(place).pointee.scheme) - 1
      hasher.combine(
        states, from: place * SchemeLimits.clausesPerScheme,
        count: Int(clauseCounts.at(scheme).pointee))
    }
    hasher.combine(groups, from: product * Self.groupsPerProduct, count: Self.groupsPerProduct)
    var commodity = products.at(product).pointee.firstCommodity
    while commodity != 0 {
      let record = self.commodity(ProductID(UInt32(product)), CommodityID(commodity - 1))
      var number = record.pointee.firstInstrument
      while number != 0 {
        hasher.combine(instruments, from: Int(number) - 1, count: 1)
        number = instrument(number).pointee.next
      }
      commodity = record.pointee.next
    }
  }

  // MARK: Reading

  public func product(_ id: ProductID) -> UnsafePointer<SchemeProduct> {
    UnsafePointer(products.at(id.raw))
  }
  /// A binding of a product by its number, from 1.
  public func binding(_ product: ProductID, _ number: Int) -> UnsafePointer<BindingRecord> {
    UnsafePointer(bindings.at(Self.place(product, number)))
  }
  /// A clause by its 1-based place among all.
  public func clause(_ number: UInt32) -> UnsafePointer<ClauseRecord> {
    UnsafePointer(clauses.at(Int(number) - 1))
  }
  /// The place of a scheme's clause; scheme and number from 1.
  public static func clauseNumber(_ scheme: UInt32, _ number: Int) -> UInt32 {
    (scheme - 1) * UInt32(SchemeLimits.clausesPerScheme) + UInt32(number)
  }
  /// The highest number of a clause of a scheme, counted from 1.
  public func clauseCount(_ scheme: UInt32) -> Int { Int(clauseCounts.at(scheme - 1).pointee) }

  /// The state of a product by a clause of a binding, all from 1.
  public func state(_ product: ProductID, _ binding: Int, _ clause: Int)
    -> UnsafePointer<ClauseState>
  {
    UnsafePointer(
      states.at(Self.place(product, binding) * SchemeLimits.clausesPerScheme + clause - 1))
  }
  /// What a state's 1-based place means: the binding's and the clause's number.
  public static func meaning(ofState place: UInt32) -> (binding: Int, clause: Int) {
    let index = Int(place) - 1
    return (
      index / SchemeLimits.clausesPerScheme % SchemeLimits.bindingsPerProduct + 1,
      index % SchemeLimits.clausesPerScheme + 1
    )
  }
  static func place(_ product: ProductID, _ binding: Int) -> Int {
    product.index * SchemeLimits.bindingsPerProduct + binding - 1
  }

  public func sectors(of commodity: CommodityID) -> UInt64 {
    sectorsOf.at(commodity.raw).pointee
  }
  public func superSectors(of sector: Int) -> UInt64 { superSectorsOf.at(sector).pointee }

  /// The number of a product's figures of an instrument; 0 = none yet.
  public func instrumentNumber(_ product: ProductID, _ instrument: InstrumentID) -> UInt32 {
    directory.at(instrument.index * products.capacity + product.index).pointee
  }
  public func instrument(_ number: UInt32) -> UnsafePointer<SchemeInstrument> {
    UnsafePointer(instruments.at(Int(number) - 1))
  }
  public func commodity(_ product: ProductID, _ commodity: CommodityID)
    -> UnsafePointer<SchemeCommodity>
  {
    UnsafePointer(commodities.at(product.index * commodityCapacity + commodity.index))
  }
  /// All that a product has.
  public func total(_ product: ProductID) -> UnsafePointer<SchemeGroup> {
    UnsafePointer(groups.at(product.index * Self.groupsPerProduct))
  }
  public func exchange(_ product: ProductID, _ exchange: Exchange) -> UnsafePointer<SchemeGroup> {
    UnsafePointer(groups.at(product.index * Self.groupsPerProduct + 1 + exchange.index))
  }
  /// Whether a product has figures of an instrument, or can have them.
  public func hasRoom(_ product: ProductID, _ instrument: InstrumentID) -> Bool {
    instrumentCount < instruments.capacity || instrumentNumber(product, instrument) != 0
  }

  /// Whether a trading day is a holiday for schemes.
  public func isHoliday(_ day: TradingDay) -> Bool {
    for place in 0..<SchemeLimits.holidays {
      let range = holidays.at(place)
      if range.pointee.from != 0, day.yyyymmdd >= range.pointee.from,
        day.yyyymmdd <= range.pointee.to
      {
        return true
      }
    }
    return false
  }

  // MARK: Lists of clauses

  static func headCount(_ instruments: Int, _ commodities: Int) -> Int {
    instruments + commodities + Exchange.count + 1 + SchemeLimits.sectors
      + SchemeLimits.superSectors + 1
  }

  /// Where the list of a scheme and scope begins; scheme from 1.
  @inline(__always) func head(_ scheme: UInt32, _ kind: ClauseScopeKind, _ id: Int) -> Int {
    let base = (Int(scheme) - 1) * Self.headCount(instrumentCapacity, commodityCapacity)
    switch kind {
    case .instrument: return base + id
    case .commodity: return base + instrumentCapacity + id
    case .exchange: return base + instrumentCapacity + commodityCapacity + id
    case .sector: return base + instrumentCapacity + commodityCapacity + Exchange.count + 1 + id
    case .superSector:
      return base + instrumentCapacity + commodityCapacity + Exchange.count + 1
        + SchemeLimits.sectors + id
    case .product, .unknown:
      return base + Self.headCount(instrumentCapacity, commodityCapacity) - 1
    }
  }

  func first(_ scheme: UInt32, _ kind: ClauseScopeKind, _ id: Int) -> UInt32 {
    heads.at(head(scheme, kind, id)).pointee
  }
}

/// The clauses of a scheme that an instrument is in the scope of, one after the other; no other
/// clause is looked at.
public struct TouchingClauses: BitwiseCopyable {
  private let scheme: UInt32
  private let instrument: InstrumentID
  private let commodity: CommodityID
  private let exchange: Exchange
  private var stage: ClauseScopeKind = .unknown
  private var following: UInt32 = 0
  private var sectors: UInt64
  private var superSectors: UInt64 = 0

  public init(
    _ scheme: UInt32, _ instrument: InstrumentID, _ commodity: CommodityID, _ exchange: Exchange,
    _ schemes: borrowing Schemes
  ) {
    self.scheme = scheme
    self.instrument = instrument
    self.commodity = commodity
    self.exchange = exchange
    sectors = schemes.sectors(of: commodity)
    var left = sectors
    while left != 0 {
      superSectors |= schemes.superSectors(of: left.trailingZeroBitCount)
      left &= left - 1
    }
  }

  /// The next one's place among all clauses; 0 = there is none.
  public mutating func next(_ schemes: borrowing Schemes) -> UInt32 {
    while following == 0 {
      switch stage {
      case .unknown:
        following = schemes.first(scheme, .instrument, instrument.index)
        stage = .instrument
      case .instrument:
        following = schemes.first(scheme, .commodity, commodity.index)
        stage = .commodity
      case .commodity:
        following = schemes.first(scheme, .exchange, Int(exchange.rawValue))
        stage = .exchange
      case .exchange:
        guard sectors != 0 else {
          stage = .sector
          continue
        }
        following = schemes.first(scheme, .sector, sectors.trailingZeroBitCount)
        sectors &= sectors - 1
      case .sector:
        guard superSectors != 0 else {
          stage = .superSector
          continue
        }
        following = schemes.first(scheme, .superSector, superSectors.trailingZeroBitCount)
        superSectors &= superSectors - 1
      case .superSector:
        following = schemes.first(scheme, .product, 0)
        stage = .product
      case .product: return 0
      }
    }
    let found = following
    following = schemes.clause(found).pointee.next
    return found
  }
}
