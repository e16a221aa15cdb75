import Domain

/// The liquidation of an operation account, the newest one (rules.md 0, 4). Where it stands is in
/// `LineRecord.liquidation`, which orders read anyway; when it is looked at next, in
/// `Ledger.liquidationLooks`.
public struct LiquidationRecord: BitwiseCopyable {
  /// Of the shard's liquidations, from 1; 0 = the account never had one.
  public var number: UInt64
  /// No forced order leaves before: working orders get so long to end, and counters that refused
  /// one to come to reason.
  public var notBefore: Timestamp
  /// A product's round is not judged before: the look at the clauses that follows its fills comes
  /// first; 0 = nothing is awaited, 1 = a look that is in the work queue.
  public var awaits: Timestamp
  /// The controller; empty where a line began it.
  public var who: Name
  public var scope: LiquidationScope
  var padding16: UInt16
  /// Forced orders so far.
  public var orders: UInt32
  /// Lots in its scope as the last look found them.
  public var lotsLeft: Lots
  /// The trading day of the last look, yyyymmdd.
  public var lookedOn: UInt32
  /// The line that began it.
  public var rule: RuleID
  /// Why lots waited at the last look.
  public var waits: RuleID
  /// Levels that are reached and have had their liquidation: none begins for them again before
  /// they are released.
  public var answered: LineMask
  public var level: LineLevel
  public var owner: LiquidationOwner
  public var extent: LiquidationExtent
  /// Why it stops.
  public var end: LiquidationEnd
  /// Lots that forced orders closed as the last look left them.
  public var lotsWorking: Lots
}
