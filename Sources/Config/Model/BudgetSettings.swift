import Domain

/// budgets.json5: what exchanges call abnormal trading.
public struct BudgetSettings: Equatable, Sendable {
  /// What an exchange, a commodity or an instrument allows.
  public struct Row: Equatable, Sendable {
    public struct Limit: Equatable, Sendable {
      public var kind: BudgetKind
      public var limit: Int64
    }

    public var scope: Positioned<ConfigScope>
    public var limits: [Limit]
  }

  /// Share of a budget that gives a notice, 1e-4 of one percent; nil = none does.
  public var warnPercent: Int64?
  /// Messages within a second, and how often a day; nil = nobody counts them.
  public var messagesInSecond: Int64?
  public var burstsADay: Int64?
  public var rows: [Row] = []

  /// Without the file: nothing is limited.
  public init() {}
}
