import Domain
import Ledger
import MarketData

/// The clauses of the schemes that are bound to an order's product (rules.md 5): which of them an
/// order breaks, and which are passed without one.
///
/// Clauses that the order is not in the scope of are not looked at. Of several that refuse, the one
/// with the lowest rule code decides, so that a decision and explain name the same.
public enum SchemeCheck {
  /// The rules that clauses refuse by, in the order of evaluation.
  public static let order: [RuleID] =
    ClauseKind.allCases.filter { $0 != .unknown }.map(\.rule)
    + [.exposureOnClose, .netValueWarn, .netValueLiquidation]

  // MARK: Deciding

  /// Why the order is refused; false, and `failure` untouched, when no clause does. The account is
  /// bound to a product whose figures are kept, the instrument is known.
  ///
  /// - Parameter ignored: what a closing order breaks where that is ignored; none = nothing.
  public static func firstFailure(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    _ failure: inout Refusal, ignored: inout Refusal
  ) -> Bool {
    guard let asked = Asked(context, ledger, market) else { return false }
    if let gate = gate(context, asked, ledger) {
      failure = gate
      return true
    }
    var lowest = RuleID.none
    if context.isOpening, let bar = barring(asked.fund, ledger, market) {
      failure = bar
      lowest = bar.rule
    }
    var left = asked.fund.product.pointee.bindingCount
    for number in 1...SchemeLimits.bindingsPerProduct where left > 0 {
      let binding = ledger.schemes.binding(asked.fund.id, number)
      if binding.pointee.isUsed { left -= 1 }
      guard asked.fund.isInForce(binding) else { continue }
      var touching = asked.touching(binding.pointee.scheme, ledger)
      while true {
        let place = touching.next(ledger.schemes)
        if place == 0 { break }
        let finding = judge(ledger.schemes.clause(place), asked, ledger, market)
        guard !finding.passes else { continue }
        guard context.isOpening || !asked.ignoresExposure else {
          if ignored.isNone { ignored = finding.figures }
          continue
        }
        let rule = finding.figures.rule
        if lowest == .none || rule.rawValue < lowest.rawValue {
          lowest = rule
          failure = finding.figures
        }
      }
    }
    guard lowest == .none, context.isOpening,
      let line = NetValueLines.barring(asked.fund)
    else { return lowest != .none }
    failure = line
    return true
  }

  /// What an order is judged with, found once.
  struct Asked {
    let fund: SchemeFund
    let order: SchemeOrder
    let ignoresExposure: Bool
    /// Of OVERNIGHT clauses; nil when no close is ahead of the order's instrument.
    let closing: OvernightScope?

    init?(
      _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
    ) {
      let product = context.account.pointee.product
      guard !product.isNone, let instrument = context.instrument,
        context.isOpening || context.isClosing
      else { return nil }
      let record = ledger.schemes.product(product)
      guard record.pointee.isOn, record.pointee.bindingCount > 0 || record.pointee.hasLines
      else { return nil }
      fund = SchemeFund(product, ledger, market, at: context.now)
      order = SchemeOrder(context, instrument, product, ledger)
      closing =
        ledger.schemes.overnightClauses > 0
        ? OvernightScope(context, product, ledger, market) : nil
      ignoresExposure =
        record.pointee.ignoresExposureOnClose || context.account.pointee.ignoresExposureOnClose
    }

    func touching(_ scheme: UInt32, _ ledger: borrowing Ledger) -> TouchingClauses {
      TouchingClauses(
        scheme, order.instrument, order.commodity, order.exchange, ledger.schemes)
    }
  }

  /// Opening needs figures that have every lot.
  private static func gate(
    _ context: OrderContext, _ asked: Asked, _ ledger: borrowing Ledger
  ) -> Refusal? {
    guard context.isOpening else { return nil }
    let record = asked.fund.product
    let product = asked.fund.id
    if !record.pointee.isCounted {
      return Refusal(.engineNotReady, scope: .product, scopeID: product.raw)
    }
    let hasRoom = ledger.schemes.hasRoom(product, asked.order.instrument)
    guard record.pointee.hasLostFigures || !hasRoom else { return nil }
    return Refusal(
      .capacity, observed: Int64(ledger.schemes.instrumentCount),
      limit: Int64(ledger.capacities.schemeInstruments), asked: 1, unit: .count, scope: .product,
      scopeID: product.raw)
  }

  /// A clause whose second level is passed without an order: it bars every opening of the product.
  private static func barring(
    _ fund: SchemeFund, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Refusal? {
    let first = fund.product.pointee.firstBarring
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

  /// One clause and the order, which touches it.
  static func judge(
    _ clause: UnsafePointer<ClauseRecord>, _ asked: Asked, _ ledger: borrowing Ledger,
    _ market: borrowing Market
  ) -> Finding {
    let kind = clause.pointee.kind
    let isExposure = kind.measure.isExposure
    let isOpening = asked.order.isOpening
    let rule = isOpening ? kind.rule : .exposureOnClose
    guard isOpening || isExposure, !kind.isOvernight || asked.closing != nil else {
      return .off(rule, .otherKind)
    }
    let one = asked.fund.product.pointee.barsFromLevelTwo ? .min : clause.pointee.levelOne
    let two = clause.pointee.levelTwo
    guard one != .min || two != .min else { return .off(rule, .unset) }
    let reader = ClauseReader(
      clause: clause, fund: asked.fund, order: asked.order, closing: asked.closing)
    let instrument = asked.order.instrument
    let reading = reader.read(instrument, ledger, market)
    let grows = reading.after > reading.before
    var broken = Int64.min
    if !isOpening {
      let level = one == .min ? two : one
      if grows, reader.isOver(reading.after, reading, level) { broken = level }
    } else if !isExposure || grows, reader.isOver(reading.after, reading, one) {
      broken = one
    } else if reader.isOver(reading.after, reading, two) {
      broken = two
    }
    var figures = refusal(
      reader, reading, broken != .min ? broken : (one == .min ? two : one), instrument)
    figures.rule = rule
    return Finding(passes: broken == .min, figures: figures)
  }

  static func refusal(
    _ reader: ClauseReader, _ reading: ClauseReading, _ threshold: Int64,
    _ instrument: InstrumentID
  ) -> Refusal {
    let observed = reader.shown(reading.before, reading)
    let after = reader.shown(reading.after, reading)
    let (scope, id) = scope(reader.clause, reader.fund.id, instrument)
    return Refusal(
      reader.clause.pointee.kind.rule, observed: observed,
      limit: reader.shown(threshold: threshold),
      asked: Int64(clamping: Int128(after) - Int128(observed)), unit: reader.unit, scope: scope,
      scopeID: id)
  }

  /// What a clause's figures are summed over, as far as a refusal can say it: of a sector, and of
  /// what has sectors, the product.
  private static func scope(
    _ clause: UnsafePointer<ClauseRecord>, _ product: ProductID, _ instrument: InstrumentID
  ) -> (ScopeKind, UInt32) {
    if clause.pointee.kind.isSingle { return (.instrument, instrument.raw) }
    switch clause.pointee.scopeKind {
    case .instrument: return (.instrument, clause.pointee.scopeID)
    case .commodity: return (.commodity, clause.pointee.scopeID)
    case .exchange: return (.exchange, clause.pointee.scopeID)
    case .sector, .superSector, .product, .unknown: return (.product, product.raw)
    }
  }

  // MARK: Explaining

  /// What every rule of clauses finds in an order, with what keeps it from being asked at all;
  /// empty when the product has no schemes.
  public static func findings(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> [Finding] {
    guard let asked = Asked(context, ledger, market) else { return [] }
    if let gate = gate(context, asked, ledger) { return [Finding(passes: false, figures: gate)] }
    return order.map { rule in
      finding(rule, context, asked, ledger, market)
    }
  }

  private static func finding(
    _ rule: RuleID, _ context: OrderContext, _ asked: Asked, _ ledger: borrowing Ledger,
    _ market: borrowing Market
  ) -> Finding {
    guard (rule == .exposureOnClose) == context.isClosing else { return .off(rule, .otherKind) }
    if rule == .netValueWarn || rule == .netValueLiquidation {
      return NetValueLines.finding(rule == .netValueWarn ? .warn : .liquidation, asked.fund)
    }
    if context.isOpening, let bar = barring(asked.fund, ledger, market), bar.rule == rule {
      return Finding(passes: false, figures: bar)
    }
    var tightest = Finding.off(rule, .unset)
    for number in 1...SchemeLimits.bindingsPerProduct {
      let binding = ledger.schemes.binding(asked.fund.id, number)
      guard asked.fund.isInForce(binding) else { continue }
      var touching = asked.touching(binding.pointee.scheme, ledger)
      while true {
        let place = touching.next(ledger.schemes)
        if place == 0 { break }
        let clause = ledger.schemes.clause(place)
        guard context.isClosing || clause.pointee.kind.rule == rule else { continue }
        var finding = judge(clause, asked, ledger, market)
        guard finding.isActive else { continue }
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
