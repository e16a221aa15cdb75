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

  // MARK: Bindings

  private mutating func bindScheme(_ bind: BindScheme, _ effects: inout EffectBuffer) {
    guard ledger.exists(bind.product), bind.number >= 1,
      Int(bind.number) <= SchemeLimits.bindingsPerProduct, isLegal(bind)
    else {
      return refuse(
        &effects, observed: bind.from, limit: bind.to, scope: .product,
        scopeID: bind.product.raw)
    }
    ledger.bindScheme(
      bind.product, Int(bind.number), scheme: bind.scheme == .max ? 0 : UInt32(bind.scheme) + 1,
      basis: bind.basis, from: bind.from, to: bind.to, period: bind.period)
    keepFigures(bind.product, &effects)
  }

  /// A product that has something to be judged by keeps figures from now on.
  private mutating func keepFigures(_ product: ProductID, _ effects: inout EffectBuffer) {
    if !ledger.schemes.product(product).pointee.isOn {
      ledger.beginScheme(product)
      start(
        WorkItem(
          kind: .countScheme, side: .unknown, subject: product.raw, instrument: .none,
          cursor: 0, bound: 0, holders: Ledger.HolderCursor(chunk: 0, offset: 0)), &effects)
    }
    dirty.push(product, at: now)
  }

  /// A range is one of unit net values, needs shares, and lies beside the others of its kind.
  private func isLegal(_ bind: BindScheme) -> Bool {
    if bind.scheme == .max {
      return bind.basis == .unknown && bind.from == .min && bind.to == .min
        && bind.period == .unknown
    }
    guard Int(bind.scheme) < ledger.schemes.schemeCount, bind.basis != .unknown,
      bind.period != .unknown,
      [bind.from, bind.to].allSatisfy({
        $0 == .min || abs($0) <= SchemeLimits.unitNetValueMaximum
      }), bind.from == .min || bind.to == .min || bind.from < bind.to
    else { return false }
    let isUnconditional = bind.from == .min && bind.to == .min
    if !isUnconditional, ledger.schemes.product(bind.product).pointee.shares <= 0 { return false }
    for number in 1...SchemeLimits.bindingsPerProduct where number != Int(bind.number) {
      let other = ledger.schemes.binding(bind.product, number)
      guard other.pointee.isUsed, other.pointee.basis == bind.basis,
        other.pointee.period == bind.period
      else { continue }
      // A range ends where the next begins; `.min` is no end above, and none below.
      let liesBelow = bind.to != .min && other.pointee.from != .min && bind.to <= other.pointee.from
      let liesAbove = other.pointee.to != .min && bind.from != .min && other.pointee.to <= bind.from
      if !liesBelow, !liesAbove { return false }
    }
    return true
  }

  private mutating func setNetValue(_ set: SetNetValue, _ effects: inout EffectBuffer) {
    guard ledger.exists(set.product), isLegal(set) else {
      return refuse(
        &effects, observed: set.shares, limit: set.total.units, scope: .product,
        scopeID: set.product.raw)
    }
    ledger.setNetValue(
      set.product, mode: set.mode, shares: set.shares, total: set.total,
      liabilities: set.liabilities, accruedFees: set.accruedFees)
    if ledger.schemes.product(set.product).pointee.isOn { dirty.push(set.product, at: now) }
  }

  /// A total is stated in the modes that have one, and shares are there while a range is bound.
  private func isLegal(_ set: SetNetValue) -> Bool {
    let amounts = [set.total, set.liabilities, set.accruedFees]
    guard amounts.allSatisfy({ $0.units >= 0 && $0.units <= Ranges.cashMaximum }) else {
      return false
    }
    switch set.mode {
    case .unknown:
      guard set.shares == 0, amounts.allSatisfy({ $0 == .zero }),
        !ledger.schemes.product(set.product).pointee.hasLines
      else { return false }
      return (1...SchemeLimits.bindingsPerProduct).allSatisfy {
        let binding = ledger.schemes.binding(set.product, $0)
        return !binding.pointee.isUsed || binding.pointee.isUnconditional
      }
    case .equity:
      return set.total == .zero && set.shares > 0 && set.shares <= SchemeLimits.sharesMaximum
    case .statedTotal, .externalTotal:
      return set.shares > 0 && set.shares <= SchemeLimits.sharesMaximum
    }
  }

  /// rules.md 0: top-up >= warn > liquidation, and liquidation never stands alone.
  private mutating func setNetValueLines(
    _ set: SetNetValueLines, _ effects: inout EffectBuffer
  ) {
    let lines = [set.topUp, set.warn, set.liquidation]
    let isSet = lines.contains { $0 != .min }
    guard ledger.exists(set.product), set.basis != .unknown,
      lines.allSatisfy({ $0 == .min || $0 >= 0 && $0 <= SchemeLimits.unitNetValueMaximum }),
      !isSet || ledger.schemes.product(set.product).pointee.shares > 0,
      set.topUp == .min || set.warn == .min || set.topUp >= set.warn,
      set.liquidation == .min || set.warn != .min && set.warn > set.liquidation
    else {
      return refuse(
        &effects, observed: set.warn, limit: set.liquidation, scope: .product,
        scopeID: set.product.raw)
    }
    ledger.setNetValueLines(
      set.product, set.basis, topUp: set.topUp, warn: set.warn, liquidation: set.liquidation)
    keepFigures(set.product, &effects)
  }

  private mutating func setSchemePeriod(
    _ set: SetSchemePeriod, _ effects: inout EffectBuffer
  ) {
    let follows = set.rule == .asDay || set.rule == .asNight
    guard ledger.exists(set.product), set.period == .night || set.period == .holiday,
      set.rule != .unknown, set.rule != .asNight || set.period == .holiday,
      set.share > 0, set.share <= 10 * Rate.unitsPerOne,
      follows || set.share == Rate.unitsPerOne
    else {
      return refuse(
        &effects, observed: set.share, scope: .product, scopeID: set.product.raw)
    }
    ledger.setSchemePeriod(set.product, set.period, set.rule, share: set.share)
    awaitNight()
    if ledger.schemes.product(set.product).pointee.isOn { dirty.push(set.product, at: now) }
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

  /// Values a product's figures at the newest prices, however long the queue is.
  mutating func bringSchemeUpToDate(_ product: ProductID) {
    for index in 0..<marks.count {
      let id = marks.instrument(index)
      let instrument = market.instrument(id)
      ledger.revalue(
        product, id, at: instrument.pointee.mark, multiplier: instrument.pointee.multiplier)
    }
  }

  /// Whether a clause refuses the order. The product's fund accounts are up to date.
  @inline(never)
  mutating func breaksScheme(
    _ context: OrderContext, _ product: ProductID, _ refusal: inout Refusal
  ) -> Bool {
    bringSchemeUpToDate(product)
    return SchemeCheck.firstFailure(
      context, ledger, market, &refusal, ignored: &scratchIgnored)
  }

  /// An order that is taken has figures to be counted in.
  @inline(__always) mutating func prepareScheme(_ terms: UnsafePointer<OrderTerms>) {
    let holder = ledger.holder(of: terms.pointee.account)
    guard ledger.holder(holder).pointee.schemeProduct != 0 else { return }
    ledger.ensureScheme(
      ledger.account(terms.pointee.account).pointee.product, terms.pointee.instrument,
      market.instrument(terms.pointee.instrument))
  }

  /// exposure-on-close would have refused the order: whoever ignores that is told.
  @inline(__always) mutating func tellIgnored(_ number: UInt32, _ effects: inout EffectBuffer) {
    guard !scratchIgnored.isNone else { return }
    let ignored = scratchIgnored
    scratchIgnored = .none
    notice(
      .exposureIgnored, &effects, rule: ignored.rule, scope: .product,
      scopeID: ledger.account(ledger.order(number).pointee.account).pointee.product.raw,
      order: ledger.order(number).pointee.id,
      observed: Int64(clamping: Int128(ignored.observed) + Int128(ignored.asked)),
      limit: ignored.limit, unit: ignored.unit)
  }

  // MARK: The first scheme of a product

  /// Counts holders, then positions, today's children and unmapped trades into a product's figures.
  mutating func countSchemeSlice(
    _ item: UnsafeMutablePointer<WorkItem>, _ units: inout Int
  ) -> Bool {
    let product = ProductID(item.pointee.subject)
    while units > 0 {
      let cursor = Int(item.pointee.cursor)
      item.pointee.cursor += 1
      units -= 1
      switch item.pointee.asked {
      case 0:
        guard cursor < ledger.schemeHolders else {
          enter(1, item)
          continue
        }
        ledger.countScheme(holder: cursor, of: product)
      case 1:
        guard cursor < ledger.positionSlots else {
          ledger.endPositions(of: product)
          enter(2, item)
          continue
        }
        ledger.countScheme(slot: cursor, of: product, market)
      case 2:
        if !ledger.countScheme(childNumber: UInt32(cursor) + 1, of: product) { enter(3, item) }
      default:
        if !ledger.countScheme(unmappedRow: cursor, of: product, market) { return true }
      }
    }
    return false
  }

  private func enter(_ phase: UInt32, _ item: UnsafeMutablePointer<WorkItem>) {
    item.pointee.asked = phase
    item.pointee.cursor = 0
  }
}
