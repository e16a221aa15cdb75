import Domain
import Ledger

/// What the lines of an account are held against, in 1e-4 yuan (rules.md 3a).
public struct LineFigures: Equatable, Sendable, BitwiseCopyable {
  public var equity: Int64
  public var margin: Int64
  /// -(position profit + close profit - fees - frozen fees).
  public var dailyLoss: Int64
  public var openingEquity: Int64
  /// All cash ever in minus out, and the max-allowed-loss part of it.
  public var netDeposits: Int64
  public var allowedLoss: Int64
  /// What drawdown falls from.
  public var high: Int64

  /// What options held are worth, long ones less short ones.
  public var optionValue: Int64

  @inlinable public var marketEquity: Int64 { equity + optionValue }

  /// As the account stands: held margin alone counts (rules.md 3a).
  @inlinable public init(
    watching holder: UnsafePointer<HolderRecord>, _ lines: UnsafePointer<LineRecord>
  ) {
    equity = holder.pointee.equity.units
    margin = holder.pointee.margin.units
    dailyLoss = holder.pointee.dailyLoss.units
    openingEquity = holder.pointee.openingEquity.units
    netDeposits = holder.pointee.netDepositsEver.units
    allowedLoss = holder.pointee.allowedLossEver.units
    high = lines.pointee.highEquity.units
    optionValue = holder.pointee.optionValue.units
  }

  /// As if the order stood among the working ones: its margin and fee are counted in
  /// (decisions 13).
  @inlinable public init(
    entering hold: Hold, _ holder: UnsafePointer<HolderRecord>,
    _ lines: UnsafePointer<LineRecord>
  ) {
    self.init(watching: holder, lines)
    margin += (holder.pointee.frozenMargin + hold.margin).units
    dailyLoss += hold.fee.units
  }

  /// The same account with another position profit.
  @inlinable func moved(by profit: Int64) -> LineFigures? {
    let (equity, overflow) = self.equity.addingReportingOverflow(profit)
    let (loss, overflow2) = dailyLoss.subtractingReportingOverflow(profit)
    guard !overflow, !overflow2 else { return nil }
    var figures = self
    figures.equity = equity
    figures.dailyLoss = loss
    return figures
  }

  @inlinable func denominator(_ basis: LineBasis) -> Int64 {
    switch basis {
    case .openingEquity: openingEquity
    case .equity: equity
    case .marketEquity: marketEquity
    case .allowedLoss: allowedLoss
    case .unknown, .platform, .none: 0
    }
  }
}
