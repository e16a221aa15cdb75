import Domain

/// What a terminal is told of an order. `FIX: ExecutionReport(8)`.
public struct ExecutionReport: Equatable, Sendable, BitwiseCopyable {
  public var account: OperationAccountID
  /// Per account, from 1, never reset. 0 for a restated answer, which is not stored again.
  public var reportSequence: UInt64
  /// For answers to one session alone (restated, cancelRejected); none = all of the account.
  public var session: SessionID
  public var order: OrderID
  public var clOrdID: ClOrdID
  /// Of the cancel that this answers; else empty.
  public var requestID: ClOrdID
  public var execType: ExecType
  public var state: OrderState
  public var instrument: InstrumentID
  public var side: Side
  public var offset: Offset
  public var hedge: HedgeFlag
  public var type: OrderType
  public var timeInForce: TimeInForce
  public var price: Price
  public var lots: Lots
  public var lastPrice: Price
  public var lastLots: Lots
  public var cumulativeLots: Lots
  public var leavesLots: Lots
  /// Of the leaves: at counters whose link is down.
  public var unknownLots: Lots
  /// Booked for this fill; none when there was none.
  public var fee: Money
  public var tradeID: VenueID
  public var time: Timestamp
  public var tradingDay: TradingDay
  public var refusal: Refusal

  @inlinable public init(
    account: OperationAccountID, reportSequence: UInt64, session: SessionID, order: OrderID,
    clOrdID: ClOrdID, requestID: ClOrdID, execType: ExecType, state: OrderState,
    instrument: InstrumentID, side: Side, offset: Offset, hedge: HedgeFlag, type: OrderType,
    timeInForce: TimeInForce, price: Price, lots: Lots, lastPrice: Price, lastLots: Lots,
    cumulativeLots: Lots, leavesLots: Lots, unknownLots: Lots, fee: Money, tradeID: VenueID,
    time: Timestamp, tradingDay: TradingDay, refusal: Refusal
  ) {
    self.account = account
    self.reportSequence = reportSequence
    self.session = session
    self.order = order
    self.clOrdID = clOrdID
    self.requestID = requestID
    self.execType = execType
    self.state = state
    self.instrument = instrument
    self.side = side
    self.offset = offset
    self.hedge = hedge
    self.type = type
    self.timeInForce = timeInForce
    self.price = price
    self.lots = lots
    self.lastPrice = lastPrice
    self.lastLots = lastLots
    self.cumulativeLots = cumulativeLots
    self.leavesLots = leavesLots
    self.unknownLots = unknownLots
    self.fee = fee
    self.tradeID = tradeID
    self.time = time
    self.tradingDay = tradingDay
    self.refusal = refusal
  }
}
