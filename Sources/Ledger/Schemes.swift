import Domain
import Storage

/// Schemes of clauses, what they are bound to, and the figures of the subjects they are bound to:
/// products, and operation accounts with shares of their own (rules.md 5).
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
  /// The highest number of a range that is set: no part of the state, found again from the table.
  private(set) var lastHoliday = 0

  // Bindings.
  let subjects: Table<SchemeSubjectRecord>
  /// Products come first among subjects, then operation accounts in the order they got shares.
  let productCapacity: Int
  let accounts: Table<OperationAccountID>
  public internal(set) var accountCount = 0
  let bindings: Table<BindingRecord>
  let states: Table<ClauseState>

  // Figures.
  let instruments: Table<SchemeInstrument>
  public internal(set) var instrumentCount = 0
  /// Number of a subject's figures by instrument and subject.
  let directory: Table<UInt32>
  let commodities: Table<SchemeCommodity>
  /// Altogether, then by exchange.
  let groups: Table<SchemeGroup>
  static let groupsPerSubject = 1 + Exchange.count

  /// What need not be looked at again: no part of the state.
  public let quiet: ClauseQuiet

  // What a step has changed so far: no part of the state, empty between two steps.
  let touched: Table<UInt32>
  let isTouched: Table<UInt8>
  let touchedCount: Table<UInt32>

  /// By so much a unit net value has to leave its band, in 1e-8 yuan a share, and so long a band
  /// holds at least; 0 = bands are exact.
  public internal(set) var bandStep: Int64 = 0
  public internal(set) var bandDwellSeconds: Int64 = 0

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
    productCapacity = capacities.products
    let subjectCapacity = capacities.products + capacities.schemeAccounts
    subjects = Table(capacity: subjectCapacity)
    accounts = Table(capacity: capacities.schemeAccounts)
    let bound = subjectCapacity * SchemeLimits.bindingsPerProduct
    bindings = Table(capacity: bound)
    states = Table(capacity: bound * SchemeLimits.clausesPerScheme, isSparse: true)
    instruments = Table(capacity: capacities.schemeInstruments)
    directory = Table(capacity: capacities.instruments * subjectCapacity)
    commodities = Table(capacity: subjectCapacity * capacities.commodities)
    groups = Table(capacity: subjectCapacity * Self.groupsPerSubject)
    quiet = ClauseQuiet(capacities)
    touched = Table(capacity: subjectCapacity)
    isTouched = Table(capacity: subjectCapacity)
    touchedCount = Table(capacity: 1)
  }

  /// The subject's figures changed: whoever ends the step has its clauses looked at.
  func touch(_ subject: SchemeSubject) {
    guard isTouched.at(subject.raw).pointee == 0 else { return }
    isTouched.at(subject.raw).pointee = 1
    touched.at(touchedCount.base.pointee).pointee = subject.raw
    touchedCount.base.pointee += 1
  }

  /// A subject whose figures changed since it was last asked for; nil when there is none left.
  public func nextTouched() -> SchemeSubject? {
    guard touchedCount.base.pointee > 0 else { return nil }
    touchedCount.base.pointee -= 1
    let subject = touched.at(touchedCount.base.pointee).pointee
    isTouched.at(subject).pointee = 0
    return SchemeSubject(subject)
  }

  mutating func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(count: &schemeCount, atMost: schemeCapacity)
    try archive.pass(count: &shareClauses, atMost: clauses.capacity)
    try archive.pass(count: &overnightClauses, atMost: clauses.capacity)
    try archive.pass(&bandStep)
    try archive.pass(&bandDwellSeconds)
    try archive.pass(count: &sectorCount, atMost: SchemeLimits.sectors)
    try archive.pass(count: &superSectorCount, atMost: SchemeLimits.superSectors)
    try archive.pass(sectorsOf)
    try archive.pass(superSectorsOf)
    try archive.pass(clauses)
    try archive.pass(clauseCounts)
    try archive.pass(heads)
    try archive.pass(holidays)
    try archive.pass(subjects)
    try archive.pass(accounts)
    try archive.pass(count: &accountCount, atMost: accounts.capacity)
    try archive.pass(bindings)
    try archive.pass(states)
    try archive.pass(instruments)
    try archive.pass(count: &instrumentCount, atMost: instruments.capacity)
    try archive.pass(directory)
    try archive.pass(commodities)
    try archive.pass(groups)
    findLastHoliday()
    if archive.isReading { findQuiet() }
  }

  mutating func findLastHoliday() {
    lastHoliday = 0
    for place in 0..<SchemeLimits.holidays where holidays.at(place).pointee.from != 0 {
      lastHoliday = place + 1
    }
  }

  func hash(into hasher: inout StateHasher, products count: Int) {
    hasher.combine(UInt64(schemeCount))
    hasher.combine(bandStep)
    hasher.combine(bandDwellSeconds)
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
    hasher.combine(subjects, count: count)
    hasher.combine(subjects, from: productCapacity, count: accountCount)
    hasher.combine(accounts, count: accountCount)
    for product in 0..<count where subjects.at(product).pointee.isOn {
      hash(product, into: &hasher)
    }
    for place in productCapacity..<productCapacity + accountCount
    where subjects.at(place).pointee.isOn {
      hash(place, into: &hasher)
    }
  }

  private func hash(_ subject: Int, into hasher: inout StateHasher) {
    for slot in 0..<SchemeLimits.bindingsPerProduct {
      let place = subject * SchemeLimits.bindingsPerProduct + slot
      hasher.combine(bindings, from: place, count: 1)
      guard bindings.at(place).pointee.isUsed else { continue }
      let scheme = Int(bindings.at(place).pointee.scheme) - 1
      hasher.combine(
        states, from: place * SchemeLimits.clausesPerScheme,
        count: Int(clauseCounts.at(scheme).pointee))
    }
    hasher.combine(groups, from: subject * Self.groupsPerSubject, count: Self.groupsPerSubject)
    var commodity = subjects.at(subject).pointee.firstCommodity
    while commodity != 0 {
      let record = self.commodity(SchemeSubject(UInt32(subject)), CommodityID(commodity - 1))
      var number = record.pointee.firstInstrument
      while number != 0 {
        hasher.combine(instruments, from: Int(number) - 1, count: 1)
        number = instrument(number).pointee.next
      }
      commodity = record.pointee.next
    }
  }

  // MARK: Reading

  public func subject(_ id: SchemeSubject) -> UnsafePointer<SchemeSubjectRecord> {
    UnsafePointer(subjects.at(id.raw))
  }
  public func product(_ id: ProductID) -> UnsafePointer<SchemeSubjectRecord> {
    subject(SchemeSubject(id))
  }
  /// The operation account that a subject is; nil of a product.
  public func account(_ subject: SchemeSubject) -> OperationAccountID? {
    subject.index < productCapacity ? nil : accounts.at(subject.index - productCapacity).pointee
  }
  /// A binding of a subject by its number, from 1.
  public func binding(_ subject: SchemeSubject, _ number: Int) -> UnsafePointer<BindingRecord> {
    UnsafePointer(bindings.at(Self.place(subject, number)))
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

  /// The state of a subject by a clause of a binding, all from 1.
  public func state(_ subject: SchemeSubject, _ binding: Int, _ clause: Int)
    -> UnsafePointer<ClauseState>
  {
    UnsafePointer(
      states.at(Self.place(subject, binding) * SchemeLimits.clausesPerScheme + clause - 1))
  }
  /// The highest level of a clause that a subject passes, as last watched.
  public func level(of subject: SchemeSubject) -> LineLevel {
    guard self.subject(subject).pointee.firstBarring == 0 else { return .liquidate }
    for number in 1...SchemeLimits.bindingsPerProduct {
      let binding = binding(subject, number)
      guard binding.pointee.isUsed else { continue }
      for clause in 1..<clauseCount(binding.pointee.scheme) + 1
      where state(subject, number, clause).pointee.reached != 0 {
        return .warn
      }
    }
    return .unknown
  }
  /// What a state's 1-based place means: the binding's and the clause's number.
  public static func meaning(ofState place: UInt32) -> (binding: Int, clause: Int) {
    let index = Int(place) - 1
    return (
      index / SchemeLimits.clausesPerScheme % SchemeLimits.bindingsPerProduct + 1,
      index % SchemeLimits.clausesPerScheme + 1
    )
  }
  static func place(_ subject: SchemeSubject, _ binding: Int) -> Int {
    subject.index * SchemeLimits.bindingsPerProduct + binding - 1
  }

  public func sectors(of commodity: CommodityID) -> UInt64 {
    sectorsOf.at(commodity.raw).pointee
  }
  public func superSectors(of sector: Int) -> UInt64 { superSectorsOf.at(sector).pointee }

  /// The number of a subject's figures of an instrument; 0 = none yet.
  public func instrumentNumber(_ subject: SchemeSubject, _ instrument: InstrumentID) -> UInt32 {
    directory.at(instrument.index * subjects.capacity + subject.index).pointee
  }
  public func instrument(_ number: UInt32) -> UnsafePointer<SchemeInstrument> {
    UnsafePointer(instruments.at(Int(number) - 1))
  }
  public func commodity(_ subject: SchemeSubject, _ commodity: CommodityID)
    -> UnsafePointer<SchemeCommodity>
  {
    UnsafePointer(commodities.at(subject.index * commodityCapacity + commodity.index))
  }
  /// All that a subject has.
  public func total(_ subject: SchemeSubject) -> UnsafePointer<SchemeGroup> {
    UnsafePointer(groups.at(subject.index * Self.groupsPerSubject))
  }
  public func exchange(
    _ subject: SchemeSubject, _ exchange: Exchange
  ) -> UnsafePointer<SchemeGroup> {
    UnsafePointer(groups.at(subject.index * Self.groupsPerSubject + 1 + exchange.index))
  }
  /// Whether a subject has figures of an instrument, or can have them, `besides` of another's.
  public func hasRoom(
    _ subject: SchemeSubject, _ instrument: InstrumentID, besides other: SchemeSubject = .none
  ) -> Bool {
    if instrumentNumber(subject, instrument) != 0 { return true }
    let taken = !other.isNone && instrumentNumber(other, instrument) == 0 ? 1 : 0
    return instrumentCount + taken < instruments.capacity
  }

  /// Whether a trading day is a holiday for schemes.
  public func isHoliday(_ day: TradingDay) -> Bool {
    for place in 0..<lastHoliday {
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
