import Domain
import Ledger
import MarketData
import Messages
import RiskRules
import Storage

// Schemes as they are defined, set and bound, and an order that meets them (rules.md 5).
extension Engine {
  mutating func configureSchemes(_ command: Command, _ effects: inout EffectBuffer) {
    switch command {
    case .defineSector(let define): defineSector(define.name.string, &effects)
    case .setSectorCommodity(let set): setSectorCommodity(set, &effects)
    case .defineSuperSector(let define): defineSuperSector(define.name.string, &effects)
    case .setSuperSectorMember(let set): setSuperSectorMember(set, &effects)
    case .defineScheme(let define): defineScheme(define.name.string, &effects)
    case .setSchemeClause(let set): setSchemeClause(set, &effects)
    case .bindScheme(let bind): bindScheme(bind, &effects)
    case .setNetValue(let set): setNetValue(set, &effects)
    case .setNetValueLines(let set): setNetValueLines(set, &effects)
    case .setSchemePeriod(let set): setSchemePeriod(set, &effects)
    case .setSchemeHoliday(let set): setSchemeHoliday(set, &effects)
    default: preconditionFailure("only commands of schemes come here")
    }
  }

  private mutating func defineSector(_ name: String, _ effects: inout EffectBuffer) {
    guard !name.isEmpty, directory.sectors.id(name) == nil, let id = ledger.defineSector() else {
      return refuse(
        &effects, .capacity, observed: Int64(ledger.schemes.sectorCount),
        limit: Int64(SchemeLimits.sectors))
    }
    directory.addSector(name)
    defined(.sector, UInt32(id), &effects)
  }

  private mutating func defineSuperSector(_ name: String, _ effects: inout EffectBuffer) {
    guard !name.isEmpty, directory.superSectors.id(name) == nil,
      let id = ledger.defineSuperSector()
    else {
      return refuse(
        &effects, .capacity, observed: Int64(ledger.schemes.superSectorCount),
        limit: Int64(SchemeLimits.superSectors))
    }
    directory.addSuperSector(name)
    defined(.superSector, UInt32(id), &effects)
  }

  private mutating func defineScheme(_ name: String, _ effects: inout EffectBuffer) {
    guard !name.isEmpty, directory.schemes.id(name) == nil, let id = ledger.defineScheme() else {
      return refuse(
        &effects, .capacity, observed: Int64(ledger.schemes.schemeCount),
        limit: Int64(ledger.capacities.schemes))
    }
    directory.addScheme(name)
    defined(.scheme, UInt32(id), &effects)
  }

  private mutating func setSectorCommodity(
    _ set: SetSectorCommodity, _ effects: inout EffectBuffer
  ) {
    guard Int(set.sector) < ledger.schemes.sectorCount, market.exists(set.commodity) else {
      return refuse(&effects, observed: Int64(set.sector))
    }
    ledger.setSector(Int(set.sector), set.commodity, set.isIn)
    disturbAll()
  }

  private mutating func setSuperSectorMember(
    _ set: SetSuperSectorMember, _ effects: inout EffectBuffer
  ) {
    guard Int(set.superSector) < ledger.schemes.superSectorCount,
      Int(set.sector) < ledger.schemes.sectorCount
    else { return refuse(&effects, observed: Int64(set.superSector)) }
    ledger.setSuperSector(Int(set.superSector), Int(set.sector), set.isIn)
    disturbAll()
  }

  // MARK: Clauses

  private mutating func setSchemeClause(
    _ set: SetSchemeClause, _ effects: inout EffectBuffer
  ) {
    guard Int(set.scheme) < ledger.schemes.schemeCount, set.number >= 1,
      Int(set.number) <= SchemeLimits.clausesPerScheme, isLegal(set)
    else { return refuse(&effects, observed: set.levelOne, limit: set.levelTwo) }
    ledger.setClause(
      UInt32(set.scheme) + 1, Int(set.number),
      Ledger.ClauseTerms(
        kind: set.kind, scopeKind: set.scopeKind, scopeID: set.scopeID,
        direction: set.direction, basis: set.basis, levelOne: set.levelOne,
        levelTwo: set.levelTwo))
    setWindowsDue()
    disturbAll()
  }

  private func isLegal(_ set: SetSchemeClause) -> Bool {
    if set.kind == .unknown {
      return set.scopeKind == .unknown && set.direction == .unknown && set.basis == .unknown
        && set.levelOne == .min && set.levelTwo == .min && set.scopeID == 0
    }
    let measure = set.kind.measure
    guard set.kind.allows(set.scopeKind), exists(set.scopeKind, set.scopeID),
      set.direction != .unknown, set.direction == .both || set.kind.hasDirections,
      measure.isShare == (set.basis == .unknown),
      !measure.isLots || set.basis == .absolute
    else { return false }
    let most: Int64
    if measure.isLots {
      most = Int64(Ranges.holderLotsMaximum) * 1_000
    } else {
      most = set.basis == .absolute ? Ranges.cashMaximum : Ranges.lineRatioMaximum
    }
    return Self.areLevels(set.levelOne, set.levelTwo, most: most)
  }

  /// rules.md 0: level one comes before level two; a clause has one of them at least.
  private static func areLevels(_ one: Int64, _ two: Int64, most: Int64) -> Bool {
    guard one != .min || two != .min else { return false }
    guard [one, two].allSatisfy({ $0 == .min || $0 >= 0 && $0 <= most }) else { return false }
    return one == .min || two == .min || one < two
  }

  private func exists(_ scope: ClauseScopeKind, _ id: UInt32) -> Bool {
    switch scope {
    case .instrument: market.exists(InstrumentID(id))
    case .commodity: market.exists(CommodityID(id))
    case .exchange: id >= 1 && id <= UInt32(Exchange.count)
    case .sector: Int(id) < ledger.schemes.sectorCount
    case .superSector: Int(id) < ledger.schemes.superSectorCount
    case .product: id == 0
    case .unknown: false
    }
  }

  private mutating func setSchemeHoliday(
    _ set: SetSchemeHoliday, _ effects: inout EffectBuffer
  ) {
    guard set.number >= 1, Int(set.number) <= SchemeLimits.holidays,
      set.from.isNone == set.to.isNone, set.from <= set.to
    else { return refuse(&effects, observed: Int64(set.number)) }
    ledger.setSchemeHoliday(Int(set.number), from: set.from, to: set.to)
    disturbAll()
  }

  // MARK: An order

  /// Values a subject's figures at the newest prices, however long the queue is.
  mutating func bringSchemeUpToDate(_ subject: SchemeSubject) {
    for index in 0..<marks.count {
      let id = marks.instrument(index)
      let instrument = market.instrument(id)
      ledger.revalue(
        subject, id, at: instrument.pointee.mark, multiplier: instrument.pointee.multiplier)
    }
  }

  /// Whether a clause refuses the order: of its account's own schemes, then of its product's. The
  /// account and the product's fund accounts are up to date.
  @inline(never)
  mutating func breaksScheme(_ context: OrderContext, _ refusal: inout Refusal) -> Bool {
    let own = ledger.ownSubject(context.holder)
    if !own.isNone {
      bringSchemeUpToDate(own)
      if SchemeCheck.firstFailure(
        context, of: own, ledger, market, &refusal, ignored: &scratchIgnoredOwn)
      {
        return true
      }
    }
    let product = ledger.productSubject(context.holder)
    guard !product.isNone else { return false }
    bringSchemeUpToDate(product)
    return SchemeCheck.firstFailure(
      context, of: product, ledger, market, &refusal, ignored: &scratchIgnored)
  }

  /// An order that is taken has figures to be counted in.
  @inline(__always) mutating func prepareScheme(_ terms: UnsafePointer<OrderTerms>) {
    let holder = ledger.holder(of: terms.pointee.account)
    guard ledger.holder(holder).pointee.isInSchemes else { return }
    let instrument = market.instrument(terms.pointee.instrument)
    let product = ledger.productSubject(holder)
    if !product.isNone { ledger.ensureScheme(product, terms.pointee.instrument, instrument) }
    let own = ledger.ownSubject(holder)
    if !own.isNone { ledger.ensureScheme(own, terms.pointee.instrument, instrument) }
  }

  /// exposure-on-close would have refused the order: whoever ignores that is told.
  @inline(__always) mutating func tellIgnored(_ number: UInt32, _ effects: inout EffectBuffer) {
    guard !scratchIgnored.isNone || !scratchIgnoredOwn.isNone else { return }
    let account = ledger.order(number).pointee.account
    tellIgnored(scratchIgnoredOwn, number, .operationAccount, account.raw, &effects)
    tellIgnored(
      scratchIgnored, number, .product, ledger.account(account).pointee.product.raw, &effects)
    forgetIgnored()
  }

  mutating func forgetIgnored() {
    scratchIgnored = .none
    scratchIgnoredOwn = .none
  }

  private mutating func tellIgnored(
    _ ignored: Refusal, _ number: UInt32, _ scope: ScopeKind, _ id: UInt32,
    _ effects: inout EffectBuffer
  ) {
    guard !ignored.isNone else { return }
    notice(
      .exposureIgnored, &effects, rule: ignored.rule, scope: scope, scopeID: id,
      order: ledger.order(number).pointee.id,
      observed: Int64(clamping: Int128(ignored.observed) + Int128(ignored.asked)),
      limit: ignored.limit, unit: ignored.unit)
  }
}
