import Domain
import Engine
import Ledger
import MarketData
import Messages

// What terminals ask for.
extension EngineFixture {
  /// A limit order of an account at a whole-yuan price; everything else can be said.
  func newOrder(
    _ account: OperationAccountID, _ instrument: InstrumentID, _ side: Side, _ offset: Offset,
    _ lots: Lots, at price: Price, hedge: HedgeFlag = .speculation, type: OrderType = .limit,
    timeInForce: TimeInForce = .day, minimumLots: Lots = 0, clOrdID: ClOrdID? = nil,
    session: SessionID = SessionID(7)
  ) -> NewOrder {
    NewOrder(
      session: session, account: account, instrument: instrument,
      clOrdID: clOrdID ?? newClOrdID(), side: side, offset: offset, hedge: hedge, type: type,
      timeInForce: timeInForce, price: price, lots: lots, minimumLots: minimumLots)
  }

  /// Steps a limit order for a day.
  @discardableResult func send(
    _ account: OperationAccountID, _ instrument: InstrumentID, _ side: Side, _ offset: Offset,
    _ lots: Lots, at price: Price, hedge: HedgeFlag = .speculation
  ) -> [Effect] {
    step(.newOrder(newOrder(account, instrument, side, offset, lots, at: price, hedge: hedge)))
  }

  @discardableResult func cancel(_ order: OrderID, of account: OperationAccountID) -> [Effect] {
    step(
      .cancelOrder(
        CancelOrder(
          session: SessionID(7), account: account, requestID: ClOrdID("cancel")!, target: order,
          targetClOrdID: ClOrdID())))
  }

  @discardableResult func massCancel(
    _ account: OperationAccountID, _ instrument: InstrumentID = .none, _ side: Side = .unknown
  ) -> [Effect] {
    step(
      .massCancel(
        MassCancel(
          session: SessionID(7), account: account, requestID: ClOrdID("mass")!,
          instrument: instrument, side: side)))
  }

  /// Opens lots and has the counter fill them at once, at the order's price.
  @discardableResult func hold(
    _ account: OperationAccountID, _ instrument: InstrumentID, _ side: PositionSide, _ lots: Lots,
    at price: Price
  ) -> [Effect] {
    let effects = send(
      account, instrument, side == .long ? .buy : .sell, .open, lots, at: price)
    for child in effects.sent { fill(child.child, price, child.lots) }
    return effects
  }
}
