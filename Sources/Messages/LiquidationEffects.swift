import Domain

/// Where the liquidation of an account stands: when it begins, when that has changed, and when it
/// ends. Its forced orders are named by its number: `#L<number>-<sequence>`.
public struct LiquidationProgress: Equatable, Sendable, BitwiseCopyable {
  public var account: OperationAccountID
  /// Counts the shard's liquidations from 1; never reset.
  public var number: UInt64
  public var owner: LiquidationOwner
  public var phase: LiquidationPhase
  /// Why it ended, or is about to; `.unknown` before.
  public var end: LiquidationEnd
  public var extent: LiquidationExtent
  /// The line that began it; none where a controller did.
  public var rule: RuleID
  public var level: LineLevel
  /// The controller; empty where a line began it.
  public var who: Name
  public var instrument: InstrumentID
  public var side: PositionSide
  public var hedge: HedgeFlag
  /// Why lots wait that no order closes; none when none wait.
  public var waits: RuleID
  /// Lots held in its scope.
  public var lotsLeft: Lots
  /// Forced orders so far.
  public var orders: UInt32
  /// Lots that forced orders close, as the last look left them; what fills until the next one
  /// counts still.
  public var lotsWorking: Lots

  @inlinable public init(
    account: OperationAccountID, number: UInt64, owner: LiquidationOwner, phase: LiquidationPhase,
    end: LiquidationEnd, extent: LiquidationExtent, rule: RuleID, level: LineLevel, who: Name,
    instrument: InstrumentID, side: PositionSide, hedge: HedgeFlag, waits: RuleID, lotsLeft: Lots,
    orders: UInt32, lotsWorking: Lots = 0
  ) {
    self.account = account
    self.number = number
    self.owner = owner
    self.phase = phase
    self.end = end
    self.extent = extent
    self.rule = rule
    self.level = level
    self.who = who
    self.instrument = instrument
    self.side = side
    self.hedge = hedge
    self.waits = waits
    self.lotsLeft = lotsLeft
    self.orders = orders
    self.lotsWorking = lotsWorking
  }
}

/// A liquidation has asked for the cancel of an order: one that stands in its way, or one of its
/// own. What leaves for counters is told by `SendCancel`.
public struct ForcedCancel: Equatable, Sendable, BitwiseCopyable {
  public var account: OperationAccountID
  /// Of the liquidation.
  public var number: UInt64
  public var order: OrderID

  @inlinable public init(account: OperationAccountID, number: UInt64, order: OrderID) {
    self.account = account
    self.number = number
    self.order = order
  }
}
