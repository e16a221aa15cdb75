import Domain

/// risk.json5: what holds for the lines of all operation accounts.
public struct RiskSettings: Equatable, Sendable {
  public struct Action: Equatable, Sendable {
    public var line: AccountLine
    public var level: LineLevel
    public var action: LineAction
  }

  /// Who is told what a rule finds.
  public struct Told: Equatable, Sendable {
    public var rule: RuleID
    /// `.unknown` = at any, and where there is none.
    public var level: LineLevel
    public var to: NoticeAudience
  }

  /// How positions are closed.
  public struct Liquidation: Equatable, Sendable {
    public var price: LiquidationPrice
    /// Of the last price.
    public var ticks: Int64
    public var repriceSeconds: Int64
    /// When a line begins it.
    public var extent: LiquidationExtent
    /// Second levels of schemes liquidate in products that follow the platform.
    public var schemes: Bool
    /// How a reduction ends whose rounds come to nothing.
    public var finish: ReductionFinish
  }

  /// How long before a close opening is barred and positions are reduced.
  public struct Windows: Equatable, Sendable {
    public var barSeconds: Int64
    public var reduceSeconds: Int64
  }

  public var mode: RiskDegreeMode
  /// Warn and liquidate, in 1e-8 of one; nil = off.
  public var floor: LineSettings
  public var dailyLossRatio: LineSettings
  public var totalLossRatio: LineSettings
  public var slowDownMilliseconds: Int64
  /// Levels that do something else than the default.
  public var actions: [Action]
  /// Rules whose findings are told to others than the standard says.
  public var told: [Told]
  public var liquidation: Liquidation
  public var windows: Windows

  /// Without the file.
  static let standard = RiskSettings(
    mode: .equityOverMargin,
    floor: LineSettings(
      line: .riskDegree, basis: .unknown, warn: 35_000_000, liquidate: 25_000_000),
    dailyLossRatio: LineSettings(line: .dailyLossRatio, basis: .openingEquity),
    totalLossRatio: LineSettings(line: .totalLossRatio, basis: .allowedLoss),
    slowDownMilliseconds: 1_000, actions: [], told: [],
    liquidation: Liquidation(
      price: .counterpartyBest, ticks: 0, repriceSeconds: 5, extent: .all, schemes: false,
      finish: .oneLot),
    windows: Windows(barSeconds: 600, reduceSeconds: 300))
}

/// The two thresholds of a line: 1e-4 yuan, or 1e-8 of one.
public struct LineSettings: Equatable, Sendable {
  public var line: AccountLine
  /// Of a ratio.
  public var basis: LineBasis
  public var warn: Int64?
  public var liquidate: Int64?

  init(line: AccountLine, basis: LineBasis, warn: Int64? = nil, liquidate: Int64? = nil) {
    self.line = line
    self.basis = basis
    self.warn = warn
    self.liquidate = liquidate
  }
}
