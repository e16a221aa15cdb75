import Domain
import Storage

// Schemes as they are defined, set and bound, and where subjects stand by them. RiskRules judges,
// the engine watches.
extension Ledger {
  // MARK: Definitions

  /// The next dense id; nil when there is no room. The same for super-sectors and schemes.
  public mutating func defineSector() -> Int? {
    guard schemes.sectorCount < SchemeLimits.sectors else { return nil }
    schemes.sectorCount += 1
    return schemes.sectorCount - 1
  }

  public mutating func defineSuperSector() -> Int? {
    guard schemes.superSectorCount < SchemeLimits.superSectors else { return nil }
    schemes.superSectorCount += 1
    return schemes.superSectorCount - 1
  }

  public mutating func defineScheme() -> Int? {
    guard schemes.schemeCount < schemes.schemeCapacity else { return nil }
    schemes.schemeCount += 1
    return schemes.schemeCount - 1
  }

  public mutating func setSector(_ sector: Int, _ commodity: CommodityID, _ isIn: Bool) {
    Self.set(schemes.sectorsOf.at(commodity.raw), bit: sector, isIn)
    schemes.forgetQuiet()
  }

  public mutating func setSuperSector(_ superSector: Int, _ sector: Int, _ isIn: Bool) {
    Self.set(schemes.superSectorsOf.at(sector), bit: superSector, isIn)
    schemes.forgetQuiet()
  }

  private static func set(_ mask: UnsafeMutablePointer<UInt64>, bit: Int, _ isIn: Bool) {
    if isIn { mask.pointee |= 1 << UInt64(bit) } else { mask.pointee &= ~(1 << UInt64(bit)) }
  }

  /// What a clause says, apart from its place.
  public struct ClauseTerms: BitwiseCopyable {
    public var kind: ClauseKind
    public var scopeKind: ClauseScopeKind
    public var scopeID: UInt32
    public var direction: ClauseDirection
    public var basis: ClauseBasis
    public var levelOne: Int64
    public var levelTwo: Int64

    public init(
      kind: ClauseKind, scopeKind: ClauseScopeKind, scopeID: UInt32, direction: ClauseDirection,
      basis: ClauseBasis, levelOne: Int64, levelTwo: Int64
    ) {
      self.kind = kind
      self.scopeKind = scopeKind
      self.scopeID = scopeID
      self.direction = direction
      self.basis = basis
      self.levelOne = levelOne
      self.levelTwo = levelTwo
    }
  }

  /// Sets a clause of a scheme, scheme and number from 1; a kind of `.unknown` takes it away. Where
  /// subjects stood by it is forgotten: it is looked at anew.
  public mutating func setClause(_ scheme: UInt32, _ number: Int, _ terms: ClauseTerms) {
    let place = Schemes.clauseNumber(scheme, number)
    let record = schemes.clauses.at(Int(place) - 1)
    let (kindBefore, scopeBefore) = (record.pointee.kind, record.pointee.scopeKind)
    if record.pointee.kind != .unknown { unlink(place, of: scheme) }
    for place in 0..<subjectCount { forgetStates(subject(at: place), scheme, number) }
    if record.pointee.kind.measure == .openInterestShare { schemes.shareClauses -= 1 }
    if terms.kind.measure == .openInterestShare { schemes.shareClauses += 1 }
    if record.pointee.kind.isOvernight { schemes.overnightClauses -= 1 }
    if terms.kind.isOvernight { schemes.overnightClauses += 1 }
    record.pointee.kind = terms.kind
    record.pointee.scopeKind = terms.scopeKind
    record.pointee.scopeID = terms.scopeID
    record.pointee.direction = terms.direction
    record.pointee.basis = terms.basis
    record.pointee.levelOne = terms.levelOne
    record.pointee.levelTwo = terms.levelTwo
    record.pointee.next = 0
    schemes.noteClause(place, before: kindBefore, scopeBefore)
    schemes.forgetQuiet()
    let count = schemes.clauseCounts.at(scheme - 1)
    count.pointee = max(count.pointee, UInt32(number))
    guard terms.kind != .unknown else { return }
    let head = schemes.heads.at(
      schemes.head(scheme, terms.scopeKind, Int(terms.scopeID)))
    record.pointee.next = head.pointee
    head.pointee = place
  }

  private func unlink(_ place: UInt32, of scheme: UInt32) {
    let record = schemes.clauses.at(Int(place) - 1)
    let head = schemes.heads.at(
      schemes.head(scheme, record.pointee.scopeKind, Int(record.pointee.scopeID)))
    guard head.pointee != place else {
      head.pointee = record.pointee.next
      return
    }
    var before = head.pointee
    while schemes.clause(before).pointee.next != place {
      before = schemes.clause(before).pointee.next
    }
    schemes.clauses.at(Int(before) - 1).pointee.next = record.pointee.next
  }

  private mutating func forgetStates(
    _ subject: SchemeSubject, _ scheme: UInt32, _ clause: Int
  ) {
    guard schemes.subject(subject).pointee.bindingCount > 0 else { return }
    for binding in 1...SchemeLimits.bindingsPerProduct
    where schemes.binding(subject, binding).pointee.scheme == scheme {
      setReached(subject, binding, clause, 0, .none)
    }
  }

  // MARK: Bindings

  /// Binds a scheme to a subject, or nothing (`scheme` 0), by a number from 1. Where the subject
  /// stood by what was bound before is forgotten.
  public mutating func bindScheme(
    _ subject: SchemeSubject, _ number: Int, scheme: UInt32, basis: BandBasis, from: Int64,
    to: Int64,
    period: SchemePeriod = .day
  ) {
    let record = schemes.bindings.at(Schemes.place(subject, number))
    let owner = schemes.subjects.at(subject.raw)
    if record.pointee.isUsed {
      for clause in 0..<schemes.clauseCount(record.pointee.scheme) {
        setReached(subject, number, clause + 1, 0, .none)
      }
      owner.pointee.bindingCount -= 1
    }
    record.pointee.scheme = scheme
    record.pointee.basis = basis
    record.pointee.from = from
    record.pointee.to = to
    record.pointee.period = period
    record.pointee.wasInForce = false
    record.pointee.since = Timestamp(nanoseconds: 0)
    schemes.forgetQuiet(subject)
    if scheme != 0 { owner.pointee.bindingCount += 1 }
  }

  /// The binding begins to hold at a moment, or holds no longer.
  public mutating func setInForce(
    _ subject: SchemeSubject, _ binding: Int, _ isInForce: Bool, at now: Timestamp
  ) {
    let record = schemes.bindings.at(Schemes.place(subject, binding))
    record.pointee.wasInForce = isInForce
    record.pointee.since = now
    schemes.forgetQuiet(subject)
  }

  /// How far and how long a unit net value has to leave its band: 1e-8 yuan a share, seconds.
  public mutating func setBands(step: Int64, dwellSeconds: Int64) {
    schemes.bandStep = step
    schemes.bandDwellSeconds = dwellSeconds
  }

  /// When the subject is looked at next because a binding need not hold any longer; 0 = nothing is
  /// waited for.
  public mutating func setBandDue(_ subject: SchemeSubject, _ due: Timestamp) {
    schemes.subjects.at(subject.raw).pointee.bandDue = due
  }

  public mutating func setNetValue(
    _ subject: SchemeSubject, mode: NetValueMode, shares: Int64, total: Money, liabilities: Money,
    accruedFees: Money
  ) {
    let record = schemes.subjects.at(subject.raw)
    record.pointee.mode = mode
    record.pointee.shares = shares
    record.pointee.total = total
    record.pointee.liabilities = liabilities
    if schemes.account(subject) == nil {
      setStatedFees(ProductID(subject.raw), accruedFees)
    } else {
      record.pointee.accruedFees = accruedFees
    }
    // What was stated is no gain and no loss: drawdown begins anew, and no band is left.
    record.pointee.highNetValue = 0
    for number in 1...SchemeLimits.bindingsPerProduct
    where schemes.binding(subject, number).pointee.wasInForce {
      setInForce(subject, number, false, at: Timestamp(nanoseconds: 0))
    }
  }

  /// Sets the three lines of one unit net value.
  public mutating func setNetValueLines(
    _ subject: SchemeSubject, _ basis: BandBasis, topUp: Int64, warn: Int64, liquidation: Int64
  ) {
    let record = schemes.subjects.at(subject.raw)
    if !record.pointee.hasLines {
      for place in 0..<6 { record.pointee.lines[place] = .min }
    }
    record.pointee.lines[SchemeSubjectRecord.place(basis, .topUp)] = topUp
    record.pointee.lines[SchemeSubjectRecord.place(basis, .warn)] = warn
    record.pointee.lines[SchemeSubjectRecord.place(basis, .liquidation)] = liquidation
    record.pointee.hasLines = (0..<6).contains { record.pointee.lines[$0] != .min }
  }

  public mutating func setSchemePeriod(
    _ subject: SchemeSubject, _ period: SchemePeriod, _ rule: PeriodRule, share: Int64
  ) {
    let record = schemes.subjects.at(subject.raw)
    if period == .holiday {
      record.pointee.holidayRule = rule
      record.pointee.holidayShare = share
    } else {
      record.pointee.nightRule = rule
      record.pointee.nightShare = share
    }
  }

  /// A range of holidays by its number from 1; `.none` takes it away.
  public mutating func setSchemeHoliday(_ number: Int, from: TradingDay, to: TradingDay) {
    let record = schemes.holidays.at(number - 1)
    record.pointee.from = from.yyyymmdd
    record.pointee.to = to.yyyymmdd
    schemes.findLastHoliday()
  }

  public mutating func setReachedLines(_ subject: SchemeSubject, _ reached: UInt8) {
    schemes.subjects.at(subject.raw).pointee.reachedLines = reached
  }

  public mutating func setBarsFromLevelTwo(_ subject: SchemeSubject, _ bars: Bool) {
    schemes.subjects.at(subject.raw).pointee.barsFromLevelTwo = bars
  }
  public mutating func setLiquidation(
    _ subject: SchemeSubject, _ liquidation: SchemeLiquidation, _ extent: LiquidationExtent
  ) {
    schemes.subjects.at(subject.raw).pointee.liquidation = liquidation
    schemes.subjects.at(subject.raw).pointee.liquidationExtent = extent
  }
  public mutating func setIgnoresExposure(_ subject: SchemeSubject, _ ignores: Bool) {
    schemes.subjects.at(subject.raw).pointee.ignoresExposureOnClose = ignores
  }

  public mutating func raiseNetValue(_ subject: SchemeSubject, to netValue: Int128) {
    let record = schemes.subjects.at(subject.raw)
    record.pointee.highNetValue = max(record.pointee.highNetValue, netValue)
  }

  /// A fund account's equity follows its counter, cash comes to an operation account: what drawdown
  /// falls from is shifted too.
  func shiftNetValue(_ holder: HolderID, by difference: Money) {
    let subject = operationAccount(holder) == nil ? productSubject(holder) : ownSubject(holder)
    guard !subject.isNone else { return }
    let record = schemes.subjects.at(subject.raw)
    if record.pointee.highNetValue != 0 {
      record.pointee.highNetValue += Int128(difference.units)
    }
  }

  // MARK: Where subjects stand

  /// Sets which levels of a clause are passed (`ClauseState.reached`). Those whose second level is
  /// passed are linked, so that an order finds one of them at once.
  public mutating func setReached(
    _ subject: SchemeSubject, _ binding: Int, _ clause: Int, _ reached: UInt8,
    _ instrument: InstrumentID
  ) {
    let index =
      Schemes.place(subject, binding) * SchemeLimits.clausesPerScheme + clause - 1
    let state = schemes.states.at(index)
    let number = UInt32(index) + 1
    let second = ClauseState.bit(.liquidate)
    let (was, isNow) = (state.pointee.reached & second != 0, reached & second != 0)
    state.pointee.reached = reached
    state.pointee.instrument = reached == 0 ? InstrumentID(0) : instrument
    guard was != isNow else { return }
    let owner = schemes.subjects.at(subject.raw)
    if isNow {
      state.pointee.next = owner.pointee.firstBarring
      state.pointee.previous = 0
      if owner.pointee.firstBarring != 0 {
        barring(owner.pointee.firstBarring).pointee.previous = number
      }
      owner.pointee.firstBarring = number
      return
    }
    if state.pointee.previous != 0 {
      barring(state.pointee.previous).pointee.next = state.pointee.next
    } else {
      owner.pointee.firstBarring = state.pointee.next
    }
    if state.pointee.next != 0 {
      barring(state.pointee.next).pointee.previous = state.pointee.previous
    }
    state.pointee.next = 0
    state.pointee.previous = 0
  }

  private func barring(_ number: UInt32) -> UnsafeMutablePointer<ClauseState> {
    schemes.states.at(Int(number) - 1)
  }
}
