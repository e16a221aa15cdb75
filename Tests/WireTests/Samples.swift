import Domain
import Messages
import Wire

/// One value of every message there is; those with parts of changing length have some.
enum Samples {
  static let all: [any WireMessage] = orderEntry + counter + desk

  static let newOrder = OrderEntry.NewOrder(
    clOrdID: ClOrdID("order-1")!, account: Name("alpha")!, instrument: InstrumentCode("rb2610")!,
    exchange: .shfe, side: .buy, offset: .open, hedge: .speculation, type: .limit,
    timeInForce: .day, price: Price(units: 31_200_000), lots: 3)

  static let report = OrderEntry.ExecutionReport(
    reportSequence: 7, account: Name("alpha")!, orderID: OrderID(raw: 0x0123_4567_89AB_CDEF),
    clOrdID: ClOrdID("order-1")!, execType: .rejected, state: .rejected, flags: [.replayed],
    exchange: .shfe, instrument: InstrumentCode("rb2610")!, side: .buy, offset: .open,
    hedge: .speculation, type: .limit, timeInForce: .day, price: Price(units: 31_200_000), lots: 5,
    lastLots: 0, cumulativeLots: 0, leavesLots: 0, unknownLots: 0,
    transactTime: Timestamp(nanoseconds: 1_800_000_000_000_000_000),
    tradingDay: TradingDay(yyyymmdd: 20_261_121)!,
    refusal: OrderEntry.RefusalFigures(
      rule: RuleID.positionLimit.rawValue, unit: .lots, scopeKind: .commodity, observed: 98,
      limit: 100, asked: 5, scopeName: Name("rb")!))

  static let logon = OrderEntry.Logon(
    account: Name("alpha")!, macAddress: MACAddress(raw: 0x0011_2233_4455),
    terminalName: FixedText("sample")!, terminalVersion: FixedText("1.0")!, schemaVersion: 1,
    heartbeatIntervalSeconds: 5, lastTradingDay: TradingDay(yyyymmdd: 20_261_120)!,
    lastReportSequence: 41, password: FixedText("pässword")!, dayToken: FixedText("abc")!)

  static let subscribe = OrderEntry.SubscribeTicks(instruments: [
    .init(instrument: InstrumentCode("rb2610")!, exchange: .shfe),
    .init(instrument: InstrumentCode("IF2612")!, exchange: .cffex),
  ])

  static let orderEntry: [any WireMessage] = [
    logon,
    OrderEntry.LogonAccepted(sessionEpoch: 9, messagesPerSecond: 100, dayToken: FixedText("xyz")!),
    OrderEntry.Logout(
      reason: .refused, rule: 101, retryAfterMilliseconds: 5, text: FixedText("密码错误")!),
    OrderEntry.Heartbeat(time: Timestamp(nanoseconds: 1)),
    OrderEntry.ResumeComplete(lastReportSequence: 9),
    OrderEntry.ResumeTruncated(firstAvailableSequence: 5, lastReportSequence: 9),
    newOrder,
    OrderEntry.CancelOrder(requestID: ClOrdID("c1")!, targetClOrdID: ClOrdID("order-1")!),
    OrderEntry.MassCancel(requestID: ClOrdID("c2")!, side: .sell),
    OrderEntry.MassCancelReport(requestID: ClOrdID("c2")!, account: Name("alpha")!, orders: 3),
    report,
    OrderEntry.BusinessReject(
      refTemplateID: 10, refRequestID: ClOrdID("r")!, text: FixedText("no")!),
    subscribe,
    OrderEntry.UnsubscribeTicks(),
    OrderEntry.Tick(instrument: InstrumentCode("rb2610")!, exchange: .shfe),
    OrderEntry.AccountUpdate(
      account: Name("alpha")!, equity: Money(yuan: 1_000_000), premium: Money(yuan: -500),
      frozenPremium: Money(yuan: 520), marketEquity: Money(yuan: 1_000_600)),
    OrderEntry.PositionUpdate(
      account: Name("alpha")!, side: .long, todayLots: 4, optionValue: Money(yuan: 600)),
    OrderEntry.InstrumentsRequest(requestNumber: 1, exchange: .dce, maximumCount: 100),
    OrderEntry.InstrumentDefinition(
      requestNumber: 1, multiplier: 10, kind: .option, option: .call,
      strike: Price(units: 31_000_000), underlying: InstrumentCode("rb2610")!),
    OrderEntry.InstrumentsEnd(requestNumber: 1, count: 4),
    OrderEntry.Query(
      requestNumber: 2, account: Name("alpha")!, kind: .orders, flags: [.workingOnly],
      notBefore: 9, after: 8, maximumRows: 7, instrument: InstrumentCode("rb")!,
      exchange: .shfe),
    OrderEntry.QueryEnd(
      requestNumber: 2, kind: .orders, result: .more, count: 7, after: 15, reportSequence: 9),
    OrderEntry.OrderRow(
      requestNumber: 2, orderID: OrderID(raw: 15), clOrdID: ClOrdID("order-1")!, lots: 3),
    OrderEntry.TradeRow(
      requestNumber: 3, tradeNumber: OrderID(raw: 4), tradeID: VenueID("T1")!, lots: 1),
    OrderEntry.LimitRow(
      requestNumber: 4, rule: 310, unit: .lots, observed: 1, limit: 5, headRoom: 4),
    OrderEntry.SubscribeAccount(
      requestNumber: 5, account: Name("alpha")!, kinds: [.funds, .positions],
      intervalMilliseconds: 250),
    OrderEntry.TryOrder(
      requestNumber: 6, account: Name("alpha")!, notBefore: 9,
      instrument: InstrumentCode("rb2610")!,
      side: .buy, offset: .open, hedge: .speculation, type: .limit, timeInForce: .day,
      price: Price(units: 31_200_000), lots: 50),
    OrderEntry.WhyOrder(
      requestNumber: 7, account: Name("alpha")!, targetClOrdID: ClOrdID("order-1")!),
    OrderEntry.RoomRequest(
      requestNumber: 8, account: Name("alpha")!, instrument: InstrumentCode("rb2610")!,
      exchange: .shfe, hedge: .hedge),
    OrderEntry.FindingRow(
      requestNumber: 6, cursor: 4, rule: 310, standing: .asked, flags: [.decides], unit: .lots,
      scopeKind: .commodity, scopeName: Name("rb")!, observed: 98, limit: 100, asked: 50,
      headRoom: 2),
    OrderEntry.RouteRow(
      requestNumber: 6, cursor: 5, part: .now, fundAccount: Name("fund-1")!, lots: 2, room: 30,
      openLots: 2),
    OrderEntry.RoomRow(
      requestNumber: 8, cursor: 1, instrument: InstrumentCode("rb2610")!, side: .sell,
      offset: .closeToday, lots: 7, stepLots: 1),
    OrderEntry.ExplainEnd(
      requestNumber: 6, result: .complete, count: 5, after: 5, verdict: .refused, lots: 50,
      passLots: 2, mostLots: 2, stepLots: 1),
    OrderEntry.SubscribeNotices(requestNumber: 8, account: Name("desk-1")!, after: 40),
    OrderEntry.Notice(
      number: 42, time: Timestamp(nanoseconds: 6), tradingDay: TradingDay(yyyymmdd: 20_261_123)!,
      kind: 40, control: .barOpening, rule: 401, scopeKind: .operationAccount,
      scopeName: FixedText("desk-1")!, orderID: OrderID(raw: 8), observed: 5, limit: 4,
      unit: .percent, level: .warn, action: .barOpening, instrument: InstrumentCode("rb2701")!,
      scheme: Name("everyday")!, clause: 7),
    OrderEntry.NoticesComplete(requestNumber: 8, lastNumber: 42),
    OrderEntry.NoticesTruncated(requestNumber: 8, firstAvailable: 20, lastNumber: 42),
  ]

  static let insertOrder = CounterProtocol.InsertOrder(
    childOrderID: OrderID(raw: 1), instrument: InstrumentCode("IF2612")!, exchange: .cffex,
    side: .sell, offset: .closeToday, hedge: .hedge, type: .market, timeInForce: .fillOrKill,
    lots: 2)

  static let counter: [any WireMessage] = [
    CounterProtocol.Login(fundAccount: Name("fund-1")!, password: FixedText("secret")!),
    CounterProtocol.LoginAccepted(epoch: 3, lastCounterSequence: 17),
    CounterProtocol.LoginRejected(reason: .refused, text: FixedText("no")!),
    CounterProtocol.Logout(reason: .shuttingDown, text: FixedText("bye")!),
    CounterProtocol.Heartbeat(),
    insertOrder,
    CounterProtocol.CancelOrder(childOrderID: OrderID(raw: 1)),
    CounterProtocol.OrderReport(
      counterSequence: 5, childOrderID: OrderID(raw: 1), state: .rejected, rejectCode: 31,
      text: FixedText("资金不足")!),
    CounterProtocol.TradeReport(counterSequence: 6, flags: [.replayed], lots: 2),
    CounterProtocol.CancelRejected(counterSequence: 7, rejectCode: 26, text: FixedText("done")!),
    CounterProtocol.ReportsRequest(requestNumber: 1, fromSequence: 8),
    CounterProtocol.ReportsEnd(requestNumber: 1, lastSequence: 12),
    CounterProtocol.OrdersRequest(
      requestNumber: 2,
      orders: [.init(childOrderID: OrderID(raw: 1)), .init(childOrderID: OrderID(raw: 2))]),
    CounterProtocol.OrderStatus(requestNumber: 2, state: .neverArrived),
    CounterProtocol.OrdersEnd(requestNumber: 2, count: 2),
    CounterProtocol.FundsRequest(requestNumber: 3),
    CounterProtocol.FundsReport(requestNumber: 3, equity: Money(yuan: 5_000_000)),
    CounterProtocol.PositionsRequest(requestNumber: 4),
    CounterProtocol.PositionReport(requestNumber: 4, side: .short, yesterdayLots: 9),
    CounterProtocol.PositionsEnd(requestNumber: 4, count: 1),
    CounterProtocol.InstrumentStatus(exchange: .czce, phase: .auction),
    CounterProtocol.SubscribeTicks(
      instruments: [.init(instrument: InstrumentCode("SR609")!, exchange: .czce)]),
    CounterProtocol.UnsubscribeTicks(
      instruments: [.init(instrument: InstrumentCode("SR609")!, exchange: .czce)]),
    CounterProtocol.Tick(
      instrument: InstrumentCode("SR609")!, exchange: .czce, last: Price(units: -1)),
  ]
}
