import Domain
import Storage

// Schemes as they are defined, set and bound, and where products stand by them. RiskRules judges,
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
  }

  public mutating func setSuperSector(_ superSector: Int, _ sector: Int, _ isIn: Bool) {
    Self.set(schemes.superSectorsOf.at(sector), bit: superSector, isIn)
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
  /// products stood by it is forgotten: it is looked at anew.
  public mutating func setClause(_ scheme: UInt32, _ number: Int, _ terms: ClauseTerms) {
    let place = Schemes.clauseNumber(scheme, number)
    let record = schemes.clauses.at(Int(place) - 1)
    if record.pointee.kind != .unknown { unlink(place, of: scheme) }
    for product in 0..<productCount { forgetStates(ProductID(UInt32(product)), scheme, number) }
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

  private mutating func forgetStates(_ product: ProductID, _ scheme: UInt32, _ clause: Int) {
    guard schemes.product(product).pointee.bindingCount > 0 else { return }
    for binding in 1...SchemeLimits.bindingsPerProduct
    where schemes.binding(product, binding).pointee.scheme == scheme {
      setReached(product, binding, clause, 0, .none)
    }
  }

  // MARK: Bindings

  /// Binds a scheme to a product, or nothing (`scheme` 0), by a number from 1. Where the product
  /// stood by what was bound before is forgotten.
  public mutating func bindScheme(
    _ product: ProductID, _ number: Int, scheme: UInt32, basis: BandBasis, from: Int64, to: Int64,
    period: SchemePeriod = .day
  ) {
    let record = schemes.bindings.at(Schemes.place(product, number))
    let owner = schemes.products.at(product.raw)
    if record.pointee.isUsed {
      for clause in 0..<schemes.clauseCount(record.pointee.scheme) {
        setReached(product, number, clause + 1, 0, .none)
      }
      owner.pointee.bindingCount -= 1
    }
    record.pointee.scheme = scheme
    record.pointee.basis = basis
    record.pointee.from = from
    record.pointee.to = to
    record.pointee.period = period
    record.pointee.wasInForce = false
    if scheme != 0 { owner.pointee.bindingCount += 1 }
  }

  public mutating func setInForce(_ product: ProductID, _ binding: Int, _ isInForce: Bool) {
    schemes.bindings.at(Schemes.place(product, binding)).pointee.wasInForce = isInForce
  }

  public mutating func setNetValue(
    _ product: ProductID, mode: NetValueMode, shares: Int64, total: Money, liabilities: Money,
    accruedFees: Money
  ) {
    let record = schemes.products.at(product.raw)
    record.pointee.mode = mode
    record.pointee.shares = shares
    record.pointee.total = total
    record.pointee.liabilities = liabilities
    record.pointee.accruedFees = accruedFees
    // What was stated is no gain and no loss: drawdown begins anew.
    record.pointee.highNetValue = 0
  }

  /// Sets the three lines of one unit net value.
  public mutating func setNetValueLines(
    _ product: ProductID, _ basis: BandBasis, topUp: Int64, warn: Int64, liquidation: Int64
  ) {
    let record = schemes.products.at(product.raw)
    if !record.pointee.hasLines {
      for place in 0..<6 { record.pointee.lines[place] = .min }
    }
    record.pointee.lines[SchemeProduct.place(basis, .topUp)] = topUp
    record.pointee.lines[SchemeProduct.place(basis, .warn)] = warn
    record.pointee.lines[SchemeProduct.place(basis, .liquidation)] = liquidation
    record.pointee.hasLines = (0..<6).contains { record.pointee.lines[$0] != .min }
  }

  public mutating func setSchemePeriod(
    _ product: ProductID, _ period: SchemePeriod, _ rule: PeriodRule, share: Int64
  ) {
    let record = schemes.products.at(product.raw)
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
  }

  public mutating func setReachedLines(_ product: ProductID, _ reached: UInt8) {
    schemes.products.at(product.raw).pointee.reachedLines = reached
  }

  public mutating func setBarsFromLevelTwo(_ product: ProductID, _ bars: Bool) {
    schemes.products.at(product.raw).pointee.barsFromLevelTwo = bars
  }
  public mutating func setLiquidation(
    _ product: ProductID, _ liquidation: SchemeLiquidation, _ extent: LiquidationExtent
  ) {
    schemes.products.at(product.raw).pointee.liquidation = liquidation
    schemes.products.at(product.raw).pointee.liquidationExtent = extent
  }
  public mutating func setIgnoresExposure(_ product: ProductID, _ ignores: Bool) {
    schemes.products.at(product.raw).pointee.ignoresExposureOnClose = ignores
  }

  public mutating func raiseNetValue(_ product: ProductID, to netValue: Int128) {
    let record = schemes.products.at(product.raw)
    record.pointee.highNetValue = max(record.pointee.highNetValue, netValue)
  }

  /// A fund account's equity follows its counter: what drawdown falls from does too.
  func shiftNetValue(_ holder: HolderID, by difference: Money) {
    let number = holders.at(holder.raw).pointee.schemeProduct
    guard number != 0 else { return }
    let record = schemes.products.at(UInt32(number) - 1)
    if record.pointee.highNetValue != 0 {
      record.pointee.highNetValue += Int128(difference.units)
    }
  }

  // MARK: Where products stand

  /// Sets which levels of a clause are passed (`ClauseState.reached`). Those whose second level is
  /// passed are linked, so that an order finds one of them at once.
  public mutating func setReached(
    _ product: ProductID, _ binding: Int, _ clause: Int, _ reached: UInt8,
    _ instrument: InstrumentID
  ) {
    let index =
      Schemes.place(product, binding) * SchemeLimits.clausesPerScheme + clause - 1
    let state = schemes.states.at(index)
    let number = UInt32(index) + 1
    let second = ClauseState.bit(.liquidate)
    let (was, isNow) = (state.pointee.reached & second != 0, reached & second != 0)
    state.pointee.reached = reached
    state.pointee.instrument = reached == 0 ? InstrumentID(0) : instrument
    guard was != isNow else { return }
    let owner = schemes.products.at(product.raw)
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
