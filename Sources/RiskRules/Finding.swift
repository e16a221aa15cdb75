import Domain

/// What one rule says of one order, whether it passes or not.
public struct Finding: Equatable, Sendable {
  /// Whether a rule has something to say, and if not, why.
  public enum Standing: UInt8, Sendable, BitwiseCopyable {
    case asked
    /// Nothing is configured for it.
    case unset
    /// It does not concern orders of this kind, or not here and now: an opening rule and a closing
    /// order, a rule of the delivery month outside of it.
    case otherKind
    /// What it would look at is not there; the rule that needs it there refuses.
    case lacksFigures
  }

  public var passes: Bool
  public var standing: Standing
  public var figures: Refusal

  /// False when the rule has nothing to say here.
  @inlinable public var isActive: Bool { standing == .asked }

  @inlinable public init(passes: Bool, standing: Standing = .asked, figures: Refusal) {
    self.passes = passes
    self.standing = standing
    self.figures = figures
  }

  /// The rule has nothing to say, and lets pass.
  @inlinable public static func off(_ rule: RuleID, _ standing: Standing) -> Finding {
    Finding(passes: true, standing: standing, figures: Refusal(rule))
  }

  /// A condition without figures of its own, such as an enum that must be known.
  @inlinable public static func condition(
    _ rule: RuleID, _ passes: Bool, observed: Int64 = 0, limit: Int64 = 0, unit: Unit = .code,
    scope: ScopeKind = .order, scopeID: UInt32 = .max
  ) -> Finding {
    Finding(
      passes: passes,
      figures: Refusal(
        rule, observed: observed, limit: limit, asked: 0, unit: unit, scope: scope,
        scopeID: scopeID))
  }

  /// A cap: broken by MORE than the limit (rules.md 0). `observed` is what is there, `asked` what
  /// the order adds. Sums beyond 64 bits break every cap.
  @inlinable public static func cap(
    _ rule: RuleID, observed: Int64, asked: Int64, limit: Int64, unit: Unit, scope: ScopeKind,
    scopeID: UInt32
  ) -> Finding {
    let (sum, overflow) = observed.addingReportingOverflow(asked)
    return Finding(
      passes: !overflow && sum <= limit,
      figures: Refusal(
        rule, observed: observed, limit: limit, asked: asked, unit: unit, scope: scope,
        scopeID: scopeID))
  }

  /// What is left under a cap before this order: limit minus observed, held within 64 bits.
  /// Meaningless for conditions.
  @inlinable public var headRoom: Int64 {
    let (difference, overflow) = figures.limit.subtractingReportingOverflow(figures.observed)
    return overflow ? (figures.limit < 0 ? .min : .max) : difference
  }

  /// The same of a rule that is asked and has a cap, or a line that figures rise to; nil for any
  /// other, and of a ratio to nothing. Below 0 when there is more than the cap allows already.
  public var capRoom: Int64? {
    guard isActive, figures.limit != .min, figures.scopeKind != .order else { return nil }
    if Self.rising.contains(figures.rule) { return figures.isRatioToNothing ? nil : headRoom }
    guard Self.capped.contains(figures.rule) || ClauseKind(figures.rule) != nil else { return nil }
    switch figures.unit {
    case .lots, .money, .count, .milliseconds, .ticks: return headRoom
    case .none, .price, .percent, .timestamp, .code: return nil
    }
  }

  private static let capped: [RuleID] = [
    .capacity, .amountOverflow, .duplicateOrder, .staleMarketData, .orderSize, .fatFinger,
    .positionLimit, .marginLimit, .cancelLimit, .openOrders, .orderRate, .tradedValue,
    .positionAvailable, .fundsAvailable, .selfTradeBudget, .cancelBudget,
    .limitPriceCancelBudget, .largeCancelBudget, .openedLotsBudget,
  ]

  /// Lines that are reached from below, and caps that are ratios.
  private static let rising: [RuleID] = [
    .dailyLoss, .dailyLossRatio, .totalLossRatio, .positionMarginRatio, .drawdown,
    .overnightMargin, .overnightExposure,
  ]

  /// Of two findings that pass, in one unit, the one that binds: with the least left after the
  /// order. For explain; a decision only asks whether all pass.
  @inline(__always) func tighter(_ other: Finding) -> Finding {
    if !isActive { return other }
    return other.leftAfter < leftAfter ? other : self
  }

  /// What is left after the order; below 0 when it breaks the cap.
  @inlinable public var leftAfter: Int64 {
    let (difference, overflow) = headRoom.subtractingReportingOverflow(figures.asked)
    return overflow ? (figures.asked > 0 ? .min : .max) : difference
  }
}
