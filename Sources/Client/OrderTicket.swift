import Domain
import Wire

/// What a person or a program wants done: an order without an id.
public struct OrderTicket: Equatable, Sendable, BitwiseCopyable {
  public var instrument: InstrumentCode
  /// `.unknown` = by code alone.
  public var exchange: Exchange
  public var side: Side
  public var offset: Offset
  public var hedge: HedgeFlag
  public var lots: Lots
  /// `.none` for a market order.
  public var price: Price
  public var timeInForce: TimeInForce
  /// For immediate-or-cancel: this many at once or none; 0 = any.
  public var minimumLots: Lots

  public init(
    _ side: Side, _ offset: Offset, _ instrument: InstrumentCode, exchange: Exchange = .unknown,
    lots: Lots, price: Price = .none, hedge: HedgeFlag = .speculation,
    timeInForce: TimeInForce = .day, minimumLots: Lots = 0
  ) {
    self.side = side
    self.offset = offset
    self.instrument = instrument
    self.exchange = exchange
    self.hedge = hedge
    self.lots = lots
    self.price = price
    self.timeInForce = timeInForce
    self.minimumLots = minimumLots
  }

  func message(_ id: ClOrdID, account: Name, sendingTime: Timestamp) -> OrderEntry.NewOrder {
    OrderEntry.NewOrder(
      clOrdID: id, account: account, instrument: instrument, exchange: exchange, side: side,
      offset: offset, hedge: hedge, type: price.isNone ? .market : .limit,
      timeInForce: timeInForce, price: price, lots: lots, minimumLots: minimumLots,
      sendingTime: sendingTime)
  }
}
