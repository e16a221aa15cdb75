/// What an exchange counts of a real-control group in an instrument and a trading day, and what it
/// counts as large (rules.md 8).
public enum BudgetKind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  /// Trades between accounts of the group (自成交).
  case selfTrades = 1
  /// Cancels that the exchange has confirmed (频繁撤单).
  case cancels = 2
  /// Of those the ones of orders at a limit price (涨跌停价撤单).
  case limitPriceCancels = 3
  /// Of those the ones of many lots (大额撤单).
  case largeCancels = 4
  /// Opened lots (日内开仓量): of a commodity, or of one instrument.
  case openedLots = 5
  /// No budget: a cancel of so many lots is large.
  case largeLots = 6
  /// No budget: a cancel of so much of the largest order is large, 1e-4 of one percent.
  case largePercent = 7
  /// No budget: a cancel of more than so much is, 1e-4 of one percent.
  case largeAbovePercent = 8

  public static let count = 8
  @inlinable public var index: Int { Int(rawValue) - 1 }
}
