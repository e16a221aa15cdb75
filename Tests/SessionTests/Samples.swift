import Domain
import Wire

enum Samples {
  static func logon(heartbeatIntervalSeconds: UInt16 = 30) -> OrderEntry.Logon {
    OrderEntry.Logon(
      account: Name("alice")!, terminalName: FixedText("test")!,
      terminalVersion: FixedText("1")!, schemaVersion: 1,
      heartbeatIntervalSeconds: heartbeatIntervalSeconds, password: FixedText("secret")!)
  }

  static func order(_ id: String = "a-1", lots: Int32 = 3) -> OrderEntry.NewOrder {
    OrderEntry.NewOrder(
      clOrdID: ClOrdID(id)!, account: Name("alice")!, instrument: InstrumentCode("rb2610")!,
      exchange: .shfe, side: .buy, offset: .open, hedge: .speculation, type: .limit,
      timeInForce: .day, price: Price(units: 31_200_000), lots: lots)
  }

  static let cancel = OrderEntry.CancelOrder(
    requestID: ClOrdID("c-1")!, account: Name("alice")!, targetClOrdID: ClOrdID("a-1")!)
  static let massCancel = OrderEntry.MassCancel(
    requestID: ClOrdID("m-1")!, account: Name("alice")!)
  static let subscribe = OrderEntry.SubscribeTicks(instruments: [
    .init(instrument: InstrumentCode("rb2610")!, exchange: .shfe),
    .init(instrument: InstrumentCode("IF2610")!, exchange: .cffex),
  ])
  static let unsubscribe = OrderEntry.UnsubscribeTicks()
  static let query = OrderEntry.Query(
    requestNumber: 8, account: Name("alice")!, kind: .trades, notBefore: 3, maximumRows: 20)

  static let subscribeAccount = OrderEntry.SubscribeAccount(
    requestNumber: 9, account: Name("alice")!, kinds: [.funds], intervalMilliseconds: 100)

  static let tryOrder = OrderEntry.TryOrder(
    requestNumber: 10, account: Name("alice")!, notBefore: 3,
    instrument: InstrumentCode("rb2610")!, side: .buy, offset: .open, hedge: .speculation,
    type: .limit, timeInForce: .day, price: Price(units: 31_200_000), lots: 50)
  static let whyOrder = OrderEntry.WhyOrder(
    requestNumber: 11, account: Name("alice")!, targetClOrdID: ClOrdID("a-1")!)
  static let roomRequest = OrderEntry.RoomRequest(
    requestNumber: 12, account: Name("alice")!, instrument: InstrumentCode("rb2610")!)

  static let instruments = OrderEntry.InstrumentsRequest(requestNumber: 5, maximumCount: 100)
}
