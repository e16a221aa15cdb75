import Domain
import Ledger
import MarketData
import Messages
import Storage

// What schemes are bound to: products, and operation accounts with shares of their own, which are
// products of one account (rules.md 5).
extension Engine {
  private mutating func refuseSubject(
    _ product: ProductID, _ account: OperationAccountID, observed: Int64, limit: Int64 = 0,
    _ effects: inout EffectBuffer
  ) {
    let isAccount = !account.isNone
    refuse(
      &effects, observed: observed, limit: limit, scope: isAccount ? .operationAccount : .product,
      scopeID: isAccount ? account.raw : product.raw)
  }

  mutating func bindScheme(_ bind: BindScheme, _ effects: inout EffectBuffer) {
    let subject = ledger.subject(bind.product, bind.account)
    guard !subject.isNone, bind.number >= 1,
      Int(bind.number) <= SchemeLimits.bindingsPerProduct, isLegal(bind, subject)
    else {
      return refuseSubject(
        bind.product, bind.account, observed: bind.from, limit: bind.to, &effects)
    }
    ledger.bindScheme(
      subject, Int(bind.number), scheme: bind.scheme == .max ? 0 : UInt32(bind.scheme) + 1,
      basis: bind.basis, from: bind.from, to: bind.to, period: bind.period)
    keepFigures(subject, &effects)
  }

  /// A subject that has something to be judged by keeps figures from now on.
  private mutating func keepFigures(_ subject: SchemeSubject, _ effects: inout EffectBuffer) {
    if !ledger.schemes.subject(subject).pointee.isOn {
      ledger.beginScheme(subject)
      start(
        WorkItem(
          kind: .countScheme, side: .unknown, subject: subject.raw, instrument: .none,
          cursor: 0, bound: 0, holders: Ledger.HolderCursor(chunk: 0, offset: 0)), &effects)
    }
    dirty.push(subject, at: now)
  }

  /// A range is one of unit net values, needs shares, and lies beside the others of its kind; an
  /// account needs shares for any binding.
  private func isLegal(_ bind: BindScheme, _ subject: SchemeSubject) -> Bool {
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
    let needsShares = bind.from != .min || bind.to != .min || !bind.account.isNone
    if needsShares, ledger.schemes.subject(subject).pointee.shares <= 0 { return false }
    for number in 1...SchemeLimits.bindingsPerProduct where number != Int(bind.number) {
      let other = ledger.schemes.binding(subject, number)
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

  mutating func setNetValue(_ set: SetNetValue, _ effects: inout EffectBuffer) {
    // Shares make an account a subject.
    if set.product.isNone, ledger.exists(set.account), set.mode != .unknown, Self.isLegal(set),
      !ledger.addSubject(set.account)
    {
      return refuse(
        &effects, .capacity, observed: Int64(ledger.schemes.accountCount),
        limit: Int64(ledger.capacities.schemeAccounts), scope: .operationAccount,
        scopeID: set.account.raw)
    }
    let subject = ledger.subject(set.product, set.account)
    guard !subject.isNone, Self.isLegal(set), set.mode != .unknown || needsNoShares(subject) else {
      return refuseSubject(
        set.product, set.account, observed: set.shares, limit: set.total.units, &effects)
    }
    ledger.setNetValue(
      subject, mode: set.mode, shares: set.shares, total: set.total,
      liabilities: set.liabilities, accruedFees: set.accruedFees)
    accrueFees(set.product, &effects)
    disturb(subject)
  }

  /// A total is stated in the modes that have one.
  private static func isLegal(_ set: SetNetValue) -> Bool {
    let amounts = [set.total, set.liabilities, set.accruedFees]
    guard amounts.allSatisfy({ $0.units >= 0 && $0.units <= Ranges.cashMaximum }) else {
      return false
    }
    let isShared = set.shares > 0 && set.shares <= SchemeLimits.sharesMaximum
    switch set.mode {
    case .unknown: return set.shares == 0 && amounts.allSatisfy { $0 == .zero }
    case .equity: return set.total == .zero && isShared
    case .statedTotal, .externalTotal: return isShared
    }
  }

  /// Shares are there while a line or a range needs them; of an account, while anything is bound.
  private func needsNoShares(_ subject: SchemeSubject) -> Bool {
    guard !ledger.schemes.subject(subject).pointee.hasLines else { return false }
    let isAccount = ledger.schemes.account(subject) != nil
    return (1...SchemeLimits.bindingsPerProduct).allSatisfy {
      let binding = ledger.schemes.binding(subject, $0)
      return !binding.pointee.isUsed || binding.pointee.isUnconditional && !isAccount
    }
  }

  /// rules.md 0: top-up >= warn > liquidation, and liquidation never stands alone.
  mutating func setNetValueLines(_ set: SetNetValueLines, _ effects: inout EffectBuffer) {
    let lines = [set.topUp, set.warn, set.liquidation]
    let isSet = lines.contains { $0 != .min }
    let subject = ledger.subject(set.product, set.account)
    guard !subject.isNone, set.basis != .unknown,
      lines.allSatisfy({ $0 == .min || $0 >= 0 && $0 <= SchemeLimits.unitNetValueMaximum }),
      !isSet || ledger.schemes.subject(subject).pointee.shares > 0,
      set.topUp == .min || set.warn == .min || set.topUp >= set.warn,
      set.liquidation == .min || set.warn != .min && set.warn > set.liquidation
    else {
      return refuseSubject(
        set.product, set.account, observed: set.warn, limit: set.liquidation, &effects)
    }
    ledger.setNetValueLines(
      subject, set.basis, topUp: set.topUp, warn: set.warn, liquidation: set.liquidation)
    keepFigures(subject, &effects)
  }

  mutating func setSchemePeriod(_ set: SetSchemePeriod, _ effects: inout EffectBuffer) {
    let follows = set.rule == .asDay || set.rule == .asNight
    let subject = ledger.subject(set.product, set.account)
    guard !subject.isNone, set.period == .night || set.period == .holiday,
      set.rule != .unknown, set.rule != .asNight || set.period == .holiday,
      set.share > 0, set.share <= 10 * Rate.unitsPerOne,
      follows || set.share == Rate.unitsPerOne
    else {
      return refuseSubject(set.product, set.account, observed: set.share, &effects)
    }
    ledger.setSchemePeriod(subject, set.period, set.rule, share: set.share)
    awaitNight()
    disturb(subject)
  }

  /// How far and how long a unit net value has to leave its band.
  mutating func setBands(_ set: SetPlatform, _ effects: inout EffectBuffer) {
    let value = max(set.value, 0)
    var (step, dwell) = (ledger.schemes.bandStep, ledger.schemes.bandDwellSeconds)
    let most = set.setting == .bandStep ? Rate.unitsPerOne : 86_400
    guard value <= most else { return refuse(&effects, observed: set.value, limit: most) }
    if set.setting == .bandStep { step = value } else { dwell = value }
    ledger.setBands(step: step, dwellSeconds: dwell)
    disturbAll()
  }

  /// What an account says of its own schemes: refused of one without shares.
  mutating func setOwnScheme(_ set: SetAccount, _ effects: inout EffectBuffer) {
    let subject = ledger.ownSubject(set.account)
    func isCode(_ codes: [UInt8]) -> Bool {
      set.value == .min || codes.contains { Int64($0) == set.value }
    }
    let isLegal: Bool
    switch set.setting {
    case .schemeLiquidation: isLegal = isCode(SchemeLiquidation.allCases.map(\.rawValue))
    case .schemeLiquidationExtent: isLegal = set.value == .min || (1...2).contains(set.value)
    default: isLegal = set.value == .min || (0...1).contains(set.value)
    }
    guard !subject.isNone, isLegal else {
      return refuse(
        &effects, observed: set.value, scope: .operationAccount, scopeID: set.account.raw)
    }
    switch set.setting {
    case .schemeLiquidation: setLiquidation(subject, by: set.value, extent: nil)
    case .schemeLiquidationExtent: setLiquidation(subject, by: nil, extent: set.value)
    default:
      ledger.setBarsFromLevelTwo(subject, set.value == 1)
      disturb(subject)
    }
  }

  /// Whether second levels liquidate, and how far; who is over one already is liquidated now.
  mutating func setLiquidation(_ subject: SchemeSubject, by value: Int64?, extent: Int64?) {
    let record = ledger.schemes.subject(subject)
    func code(_ value: Int64) -> UInt8 { UInt8(truncatingIfNeeded: max(value, 0)) }
    let before = liquidates(subject)
    ledger.setLiquidation(
      subject,
      value.map { SchemeLiquidation(rawValue: code($0)) ?? .no } ?? record.pointee.liquidation,
      extent.map { LiquidationExtent(rawValue: code($0)) ?? .unknown }
        ?? record.pointee.liquidationExtent)
    if !before { liquidateIfReached(subject) }
  }

  // MARK: The first scheme of a subject

  /// Counts holders, then positions, today's children (of an account: orders) and unmapped trades
  /// into a subject's figures.
  mutating func countSchemeSlice(
    _ item: UnsafeMutablePointer<WorkItem>, _ units: inout Int
  ) -> Bool {
    let subject = SchemeSubject(item.pointee.subject)
    while units > 0 {
      let cursor = Int(item.pointee.cursor)
      item.pointee.cursor += 1
      units -= 1
      switch item.pointee.asked {
      case 0:
        guard cursor < ledger.schemeHolders(subject) else {
          enter(1, item)
          continue
        }
        ledger.countScheme(holder: cursor, of: subject)
      case 1:
        guard cursor < ledger.positionSlots else {
          ledger.endPositions(of: subject)
          enter(2, item)
          continue
        }
        ledger.countScheme(slot: cursor, of: subject, market)
      case 2:
        if !ledger.countScheme(childNumber: UInt32(cursor) + 1, of: subject) { enter(3, item) }
      default:
        if !ledger.countScheme(unmappedRow: cursor, of: subject, market) { return true }
      }
    }
    return false
  }

  private func enter(_ phase: UInt32, _ item: UnsafeMutablePointer<WorkItem>) {
    item.pointee.asked = phase
    item.pointee.cursor = 0
  }
}
