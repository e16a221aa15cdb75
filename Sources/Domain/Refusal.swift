/// What the observed and limit figures of a refusal are measured in.
public enum Unit: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case none = 0
  case lots = 1
  /// 1e-4 yuan.
  case money = 2
  /// Price, 1e-4.
  case price = 3
  /// Ratio in percent, 1e-4 of one percent.
  case percent = 4
  case count = 5
  case milliseconds = 6
  /// Nanoseconds since 1970 UTC.
  case timestamp = 7
  case ticks = 8
  /// An enum's raw value or a code; compare, don't add.
  case code = 9
}

/// What a rule's figures were summed over.
public enum ScopeKind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case none = 0
  case order = 1
  case operationAccount = 2
  case instrument = 3
  case commodity = 4
  case exchange = 5
  case product = 6
  case fundAccount = 7
  case counter = 8
  case session = 9
  case platform = 10
  case controller = 14
}

/// Why something was not done: which rule, what it saw, what it allows, what was asked for.
///
/// The words a person reads are made at the edge from one table, in English and Chinese.
public struct Refusal: Equatable, Hashable, Sendable, BitwiseCopyable {
  public var rule: RuleID
  public var unit: Unit
  public var scopeKind: ScopeKind
  // An order's record, which is hashed byte by byte, has one in it: no byte of it is nobody's.
  @usableFromInline var padding: UInt8 = 0
  /// The dense id of the scope's object, resolved to its name at the edge; `.max` when it has none.
  public var scopeID: UInt32
  /// What the rule saw before this order.
  public var observed: Int64
  /// The limit it is held against.
  public var limit: Int64
  /// What this order asked for on top of `observed`, in the same unit.
  public var asked: Int64

  @inlinable public init(
    _ rule: RuleID, observed: Int64 = 0, limit: Int64 = 0, asked: Int64 = 0, unit: Unit = .none,
    scope: ScopeKind = .none, scopeID: UInt32 = .max
  ) {
    self.rule = rule
    self.unit = unit
    self.scopeKind = scope
    self.scopeID = scopeID
    self.observed = observed
    self.limit = limit
    self.asked = asked
  }

  @inlinable public static var none: Refusal { Refusal(.none) }
  @inlinable public var isNone: Bool { rule == .none }

  /// What was there is a ratio to nothing, the largest number or the smallest: no figure.
  public var isRatioToNothing: Bool {
    unit == .percent && (observed == .max || observed == -.max)
  }

  /// Of a ratio to nothing: what the order would make of it; nil when still nothing to tell.
  public var ratioWithOrder: Int64? {
    observed == .max && asked < 0 ? observed + asked : nil
  }
}
