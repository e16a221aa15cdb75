import Domain

/// A terminal's order, its names resolved at the edge. `FIX: NewOrderSingle(D)`.
///
/// What the bytes named and we don't know arrives as `.none` or `.unknown` and is refused by rule.
public struct NewOrder: Equatable, Sendable, BitwiseCopyable {
  /// The connection it came by; none for an order made inside.
  public var session: SessionID
  /// Whose order it is; the session must be logged on as that account.
  public var account: OperationAccountID
  /// `.none` when no listed instrument has the code that was sent.
  public var instrument: InstrumentID
  public var clOrdID: ClOrdID
  public var side: Side
  public var offset: Offset
  public var hedge: HedgeFlag
  public var type: OrderType
  public var timeInForce: TimeInForce
  /// The limit; `.none` for a market order.
  public var price: Price
  /// As sent: may be zero, negative or huge; `bad-quantity` refuses those.
  public var lots: Lots
  /// For immediate-or-cancel: fewer than this at once, and nothing fills. 0 = none.
  public var minimumLots: Lots

  @inlinable public init(
    session: SessionID, account: OperationAccountID, instrument: InstrumentID, clOrdID: ClOrdID,
    side: Side, offset: Offset, hedge: HedgeFlag, type: OrderType, timeInForce: TimeInForce,
    price: Price, lots: Lots, minimumLots: Lots = 0
  ) {
    self.session = session
    self.account = account
    self.instrument = instrument
    self.clOrdID = clOrdID
    self.side = side
    self.offset = offset
    self.hedge = hedge
    self.type = type
    self.timeInForce = timeInForce
    self.price = price
    self.lots = lots
    self.minimumLots = minimumLots
  }
}

/// Asks to cancel one working order. Never blocked by a rule (rules.md 0).
/// `FIX: OrderCancelRequest(F)`.
public struct CancelOrder: Equatable, Sendable, BitwiseCopyable {
  public var session: SessionID
  public var account: OperationAccountID
  /// The request's own id, echoed when the cancel is refused.
  public var requestID: ClOrdID
  /// The order by the gateway's id; none when `targetClOrdID` names it.
  public var target: OrderID
  /// The order by the client's id; empty when `target` names it.
  public var targetClOrdID: ClOrdID

  @inlinable public init(
    session: SessionID, account: OperationAccountID, requestID: ClOrdID, target: OrderID,
    targetClOrdID: ClOrdID
  ) {
    self.session = session
    self.account = account
    self.requestID = requestID
    self.target = target
    self.targetClOrdID = targetClOrdID
  }
}

/// Cancels every working order of an account that matches. `FIX: OrderMassCancelRequest(q)`.
public struct MassCancel: Equatable, Sendable, BitwiseCopyable {
  public var session: SessionID
  public var account: OperationAccountID
  public var requestID: ClOrdID
  /// Only this instrument; `.none` = all.
  public var instrument: InstrumentID
  /// Only this side; `.unknown` = both.
  public var side: Side

  @inlinable public init(
    session: SessionID, account: OperationAccountID, requestID: ClOrdID,
    instrument: InstrumentID, side: Side
  ) {
    self.session = session
    self.account = account
    self.requestID = requestID
    self.instrument = instrument
    self.side = side
  }
}
