/// The lines on an account that are watched after every price, fill and cash movement, and asked
/// before every opening order (rules.md 4). The raw value is a place in tables.
public enum AccountLine: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case riskDegree = 0
  case dailyLoss = 1
  case dailyLossRatio = 2
  case totalLossRatio = 3
  case positionMarginRatio = 4
  case drawdown = 5

  public var rule: RuleID {
    switch self {
    case .riskDegree: .riskDegree
    case .dailyLoss: .dailyLoss
    case .dailyLossRatio: .dailyLossRatio
    case .totalLossRatio: .totalLossRatio
    case .positionMarginRatio: .positionMarginRatio
    case .drawdown: .drawdown
    }
  }

  /// Whether its levels may have positions closed; position-margin-ratio bars opening alone.
  public var mayLiquidate: Bool { self != .positionMarginRatio }

  /// Nil when the rule is not a line.
  public init?(_ rule: RuleID) {
    guard let line = Self.allCases.first(where: { $0.rule == rule }) else { return nil }
    self = line
  }
}

/// The two lines that most rules have.
public enum LineLevel: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  /// Level one (追保线).
  case warn = 1
  /// Level two (强平线).
  case liquidate = 2
}

/// What a line does while it is reached, from the least to the most; each does what those before
/// it do (rules.md 0, "Levels").
public enum LineAction: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  /// A notice when it is reached, and one when it no longer is.
  case notice = 1
  /// A least delay between opening orders.
  case slowDown = 2
  /// Opening orders are refused.
  case barOpening = 3
  /// The account's positions are closed.
  case liquidate = 4
}

/// What risk-degree compares; one mode for all accounts (rules.md 4).
public enum RiskDegreeMode: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  /// equity * 100 <= x * margin, margin > 0.
  case equityOverMargin = 1
  /// equity <= amount.
  case equity = 2
  /// equity * 100 <= x * net deposits ever.
  case equityOverDeposits = 3
  /// margin * 100 >= x * equity, margin > 0.
  case marginOverEquity = 4

  /// Whether the line of a level lies below that of the level before it.
  public var fallsToward: Bool { self != .marginOverEquity }
}

/// What a ratio line divides by.
public enum LineBasis: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// Of a rule that divides by nothing, or by one thing alone.
  case unknown = 0
  case openingEquity = 1
  case equity = 2
  case marketEquity = 3
  /// Max allowed loss (最大允许亏损金额).
  case allowedLoss = 4
  /// As the platform's line: its threshold too.
  case platform = 5
  /// The line is off.
  case none = 6
}

/// A set of lines and levels.
public struct LineMask: Equatable, Sendable, BitwiseCopyable {
  public var bits: UInt16
  @inlinable public init(bits: UInt16 = 0) { self.bits = bits }

  @inlinable public static func bit(_ line: AccountLine, _ level: LineLevel) -> UInt16 {
    1 << (UInt16(line.rawValue) * 2 + UInt16(level.rawValue) - 1)
  }
  @inlinable public func contains(_ line: AccountLine, _ level: LineLevel) -> Bool {
    bits & Self.bit(line, level) != 0
  }
  @inlinable public mutating func set(_ line: AccountLine, _ level: LineLevel, _ isIn: Bool) {
    if isIn {
      bits |= Self.bit(line, level)
    } else {
      bits &= ~Self.bit(line, level)
    }
  }
  @inlinable public var isEmpty: Bool { bits == 0 }

  /// The highest level in it of a line; `.unknown` = neither is.
  @inlinable public func level(of line: AccountLine) -> LineLevel {
    if contains(line, .liquidate) { return .liquidate }
    return contains(line, .warn) ? .warn : .unknown
  }
  /// The highest level in it of any line.
  @inlinable public var level: LineLevel {
    if bits & Self.liquidateLevels.bits != 0 { return .liquidate }
    return isEmpty ? .unknown : .warn
  }

  /// Level two of every line.
  @inlinable public static var liquidateLevels: LineMask { LineMask(bits: 0xAAAA) }
}
