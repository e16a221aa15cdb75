import Domain

/// A line of an operation account (rules.md 4): money in 1e-4 yuan, ratios in 1e-8 of one. Both
/// thresholds at once, so that one is held against the other.
public struct SetAccountLine: Equatable, Sendable, BitwiseCopyable {
  public var account: OperationAccountID
  public var line: RuleID
  /// Of ratio lines; `.unknown` for the others.
  public var basis: LineBasis
  /// Of risk-degree: the mode that the thresholds are meant for; `.unknown` for the others.
  public var mode: RiskDegreeMode
  /// `Int64.min` = none.
  public var warn: Int64
  public var liquidate: Int64

  @inlinable public init(
    account: OperationAccountID, line: RuleID, basis: LineBasis, mode: RiskDegreeMode, warn: Int64,
    liquidate: Int64
  ) {
    self.account = account
    self.line = line
    self.basis = basis
    self.mode = mode
    self.warn = warn
    self.liquidate = liquidate
  }
}

/// A line of the platform: risk-degree's floor, and the ratios of accounts that follow it.
public struct SetPlatformLine: Equatable, Sendable, BitwiseCopyable {
  public var line: RuleID
  public var basis: LineBasis
  public var warn: Int64
  public var liquidate: Int64

  @inlinable public init(line: RuleID, basis: LineBasis, warn: Int64, liquidate: Int64) {
    self.line = line
    self.basis = basis
    self.warn = warn
    self.liquidate = liquidate
  }
}

/// What a level of a line does, for all accounts (rules.md 0, "Levels").
public struct SetLineAction: Equatable, Sendable, BitwiseCopyable {
  public var line: RuleID
  public var level: LineLevel
  public var action: LineAction

  @inlinable public init(line: RuleID, level: LineLevel, action: LineAction) {
    self.line = line
    self.level = level
    self.action = action
  }
}
