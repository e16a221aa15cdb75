import Domain

/// What one rule says of one order, whether it passes or not.
public struct Finding: Equatable, Sendable {
  public var passes: Bool
  /// False when the rule has nothing to say here: unset, or not for such an order.
  public var isActive: Bool
  public var figures: Refusal

  @inlinable public init(passes: Bool, isActive: Bool, figures: Refusal) {
    self.passes = passes
    self.isActive = isActive
    self.figures = figures
  }

  /// The rule is unset or does not concern this order.
  @inlinable public static func off(_ rule: RuleID) -> Finding {
    Finding(passes: true, isActive: false, figures: Refusal(rule))
  }

  /// A condition without figures of its own, such as an enum that must be known.
  @inlinable public static func condition(
    _ rule: RuleID, _ passes: Bool, observed: Int64 = 0, limit: Int64 = 0, unit: Unit = .code,
    scope: ScopeKind = .order, scopeID: UInt32 = .max
  ) -> Finding {
    Finding(
      passes: passes, isActive: true,
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
      passes: !overflow && sum <= limit, isActive: true,
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
