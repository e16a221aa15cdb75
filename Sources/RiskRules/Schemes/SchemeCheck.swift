import Domain
import Ledger
import MarketData

/// The clauses of the schemes that are bound to an order's product, or to its account (rules.md 5):
/// which of them an order breaks, and which are passed without one.
///
/// Clauses that the order is not in the scope of are not looked at. Of several that refuse, the one
/// with the lowest rule code decides, so that a decision and explain name the same.
public enum SchemeCheck {
  /// The rules that clauses refuse by, in the order of evaluation.
  public static let order: [RuleID] =
    ClauseKind.allCases.filter { $0 != .unknown }.map(\.rule)
    + [.exposureOnClose, .netValueWarn, .netValueLiquidation]

  // MARK: Deciding

  /// Why the order is refused; false, and `failure` untouched, when no clause of the subject does.
  /// The subject is the account's product, or the account itself; the instrument is known.
  ///
  /// - Parameter ignored: what a closing order breaks where that is ignored; none = nothing.
  public static func firstFailure(
    _ context: OrderContext, of subject: SchemeSubject, _ ledger: borrowing Ledger,
    _ market: borrowing Market,
    _ failure: inout Refusal, ignored: inout Refusal
  ) -> Bool {
    guard Asked.isMeant(context, of: subject, ledger) else { return false }
    var asked = Asked(context, of: subject, ledger, market)
    if let gate = gate(context, asked, ledger) {
      failure = gate
      return true
    }
    var lowest = RuleID.none
    if context.isOpening, let bar = barring(asked.reader.fund, ledger, market) {
      failure = bar
      lowest = bar.rule
    }
    var left = asked.subject.pointee.bindingCount
    for number in 1...SchemeLimits.bindingsPerProduct where left > 0 {
      let binding = ledger.schemes.binding(asked.reader.fund.id, number)
      if binding.pointee.isUsed { left -= 1 }
      guard asked.reader.fund.isInForce(binding, number) else { continue }
      var touching = asked.touching(binding.pointee.scheme, ledger)
      while true {
        let place = touching.next(ledger.schemes)
        if place == 0 { break }
        asked.reader.ask(ledger.schemes.clause(place))
        guard let levels = asked.levels() else { continue }
        let reading = asked.reader.read(asked.reader.order.instrument, ledger, market)
        let broken = asked.broken(levels, reading)
        if broken == .min { continue }
        let refusal = asked.refusal(reading, broken)
        guard context.isOpening || !asked.ignoresExposure else {
          if ignored.isNone { ignored = refusal }
          continue
        }
        if lowest == .none || refusal.rule.rawValue < lowest.rawValue {
          lowest = refusal.rule
          failure = refusal
        }
      }
    }
    guard lowest == .none, context.isOpening,
      let line = NetValueLines.barring(asked.reader.fund)
    else { return lowest != .none }
    failure = line
    return true
  }

  /// Opening needs figures that have every lot.
  private static func gate(
    _ context: OrderContext, _ asked: borrowing Asked, _ ledger: borrowing Ledger
  ) -> Refusal? {
    guard context.isOpening else { return nil }
    let record = asked.subject
    let fund = asked.reader.fund
    if !record.pointee.isCounted {
      return Refusal(
        .engineNotReady, scope: fund.scopeKind, scopeID: fund.scopeID)
    }
    // An account that is a subject itself was asked before: its figures need room too.
    let own = ledger.ownSubject(context.holder)
    let isBeside =
      !own.isNone && own != fund.id && ledger.schemes.subject(own).pointee.isOn
    let hasRoom = ledger.schemes.hasRoom(
      fund.id, asked.reader.order.instrument, besides: isBeside ? own : .none)
    guard record.pointee.hasLostFigures || !hasRoom else { return nil }
    return Refusal(
      .capacity, observed: Int64(ledger.schemes.instrumentCount),
      limit: Int64(ledger.capacities.schemeInstruments), asked: 1, unit: .count,
      scope: fund.scopeKind, scopeID: fund.scopeID)
  }

  /// A clause whose second level is passed without an order: it bars every opening of the subject.
  private static func barring(
    _ fund: SchemeFund, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Refusal? {
    let first = fund.subject.pointee.firstBarring
    guard first != 0 else { return nil }
    let (number, clause) = Schemes.meaning(ofState: first)
    let binding = ledger.schemes.binding(fund.id, number)
    let place = Schemes.clauseNumber(binding.pointee.scheme, clause)
    let state = ledger.schemes.state(fund.id, number, clause)
    let reader = ClauseReader(
      clause: ledger.schemes.clause(place), fund: fund, order: nil,
      closing: OvernightScope(.liquidate, fund, ledger, market))
    let reading = reader.read(state.pointee.instrument, ledger, market)
    return refusal(
      reader, reading, reader.clause.pointee.levelTwo, state.pointee.instrument)
  }

  static func refusal(
    _ reader: borrowing ClauseReader, _ reading: ClauseReading, _ threshold: Int64,
    _ instrument: InstrumentID
  ) -> Refusal {
    let observed = reader.shown(reading.before, reading)
    let after = reader.shown(reading.after, reading)
    let (scope, id) = scope(reader.clause, reader.fund, instrument)
    return Refusal(
      reader.clause.pointee.kind.rule, observed: observed,
      limit: reader.shown(threshold: threshold),
      asked: Int64(clamping: Int128(after) - Int128(observed)), unit: reader.unit, scope: scope,
      scopeID: id)
  }

  /// What a clause's figures are summed over, as far as a refusal can say it: of a sector, and of
  /// what has sectors, the subject.
  private static func scope(
    _ clause: UnsafePointer<ClauseRecord>, _ fund: SchemeFund, _ instrument: InstrumentID
  ) -> (ScopeKind, UInt32) {
    if clause.pointee.kind.isSingle { return (.instrument, instrument.raw) }
    switch clause.pointee.scopeKind {
    case .instrument: return (.instrument, clause.pointee.scopeID)
    case .commodity: return (.commodity, clause.pointee.scopeID)
    case .exchange: return (.exchange, clause.pointee.scopeID)
    case .sector, .superSector, .product, .unknown: return (fund.scopeKind, fund.scopeID)
    }
  }

  // MARK: Explaining

  /// What every rule of clauses finds in an order, with what keeps it from being asked at all;
  /// empty when the subject has no schemes.
  public static func findings(
    _ context: OrderContext, of subject: SchemeSubject, _ ledger: borrowing Ledger,
    _ market: borrowing Market
  ) -> [Finding] {
    guard Asked.isMeant(context, of: subject, ledger) else { return [] }
    var asked = Asked(context, of: subject, ledger, market)
    if let gate = gate(context, asked, ledger) { return [Finding(passes: false, figures: gate)] }
    var findings: [Finding] = []
    for rule in order { findings.append(finding(rule, context, &asked, ledger, market)) }
    return findings
  }

  private static func finding(
    _ rule: RuleID, _ context: OrderContext, _ asked: inout Asked, _ ledger: borrowing Ledger,
    _ market: borrowing Market
  ) -> Finding {
    guard (rule == .exposureOnClose) == context.isClosing else { return .off(rule, .otherKind) }
    if rule == .netValueWarn || rule == .netValueLiquidation {
      return NetValueLines.finding(rule == .netValueWarn ? .warn : .liquidation, asked.reader.fund)
    }
    if context.isOpening, let bar = barring(asked.reader.fund, ledger, market), bar.rule == rule {
      return Finding(passes: false, figures: bar)
    }
    var tightest = Finding.off(rule, .unset)
    for number in 1...SchemeLimits.bindingsPerProduct {
      let binding = ledger.schemes.binding(asked.reader.fund.id, number)
      guard asked.reader.fund.isInForce(binding, number) else { continue }
      var touching = asked.touching(binding.pointee.scheme, ledger)
      while true {
        let place = touching.next(ledger.schemes)
        if place == 0 { break }
        let clause = ledger.schemes.clause(place)
        guard context.isClosing || clause.pointee.kind.rule == rule else { continue }
        asked.reader.ask(clause)
        guard let levels = asked.levels() else { continue }
        let reading = asked.reader.read(asked.reader.order.instrument, ledger, market)
        let broken = asked.broken(levels, reading)
        var finding = Finding(
          passes: broken == .min,
          figures: asked.refusal(reading, broken == .min ? levels.first : broken))
        if !finding.passes, !asked.ignoresExposure || context.isOpening { return finding }
        finding.passes = true
        tightest = tightest.tighter(finding)
      }
    }
    return tightest
  }

  // MARK: Watching

  /// Which levels of a clause are passed without an order; of a SINGLE clause, by one instrument.
  public static func reached(
    _ clause: UnsafePointer<ClauseRecord>, _ fund: SchemeFund, _ instrument: InstrumentID,
    _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> UInt8 {
    var bits: UInt8 = 0
    if clause.pointee.kind.isOvernight {
      for level in [LineLevel.warn, .liquidate] {
        guard let closing = OvernightScope(level, fund, ledger, market) else { continue }
        let reader = ClauseReader(clause: clause, fund: fund, order: nil, closing: closing)
        let reading = reader.read(instrument, ledger, market)
        if reader.isOver(reading.before, reading, clause.pointee.level(level)) {
          bits |= ClauseState.bit(level)
        }
      }
      return bits
    }
    let reader = ClauseReader(clause: clause, fund: fund, order: nil)
    let reading = reader.read(instrument, ledger, market)
    for level in [LineLevel.warn, .liquidate]
    where reader.isOver(reading.before, reading, clause.pointee.level(level)) {
      bits |= ClauseState.bit(level)
    }
    return bits
  }

  /// The figures of a clause as it stands, for a notice.
  public static func figures(
    _ clause: UnsafePointer<ClauseRecord>, _ fund: SchemeFund, _ instrument: InstrumentID,
    _ level: LineLevel, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Refusal {
    let reader = ClauseReader(
      clause: clause, fund: fund, order: nil,
      closing: OvernightScope(level, fund, ledger, market))
    let reading = reader.read(instrument, ledger, market)
    return refusal(reader, reading, clause.pointee.level(level), instrument)
  }
}
