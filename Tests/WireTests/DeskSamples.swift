import Domain
import Wire

// One of each message of the desk.
extension Samples {
  static let deskRefusal = DeskProtocol.RefusalFigures(
    rule: 702, unit: .code, scopeKind: .operationAccount, observed: 0, limit: 1,
    scopeName: FixedText("desk-2")!)

  static let desk: [any WireMessage] = [
    DeskProtocol.Logon(
      controller: Name("risk-1")!, macAddress: MACAddress(raw: 7), clientName: FixedText("风控台")!,
      clientVersion: FixedText("1.0")!, schemaVersion: 1, heartbeatIntervalSeconds: 5,
      password: FixedText("secret")!),
    DeskProtocol.LogonAccepted(
      sessionEpoch: 77, serverTime: Timestamp(nanoseconds: 5),
      tradingDay: TradingDay(yyyymmdd: 20_261_123)!, heartbeatIntervalSeconds: 5,
      schemaVersion: 1, messagesPerSecond: 200, rights: 13, isBoundToAll: 1, newestNotice: 41),
    DeskProtocol.Logout(
      reason: .refused, rule: 101, retryAfterMilliseconds: 1_000, text: FixedText("no")!),
    DeskProtocol.Heartbeat(time: Timestamp(nanoseconds: 256)),
    DeskProtocol.Control(
      requestID: 9, kind: .killSwitch, scopeKind: .product, name: FixedText("alpha")!,
      orderID: OrderID(raw: 3), session: 4, trade: 5, offset: .closeToday, lots: 6,
      reason: FixedText("超限")!, exchange: .shfe, instrument: InstrumentCode("rb2701")!,
      side: .short, hedge: .hedge, extent: .toLine),
    DeskProtocol.ControlAnswer(requestID: 9, kind: .killSwitch, refusal: deskRefusal),
    DeskProtocol.BusinessReject(
      refTemplateID: 10, requestID: 9, refusal: deskRefusal, text: FixedText("no")!),
    DeskProtocol.SubscribeNotices(requestID: 10, after: 40),
    DeskProtocol.Notice(
      number: 42, time: Timestamp(nanoseconds: 6), tradingDay: TradingDay(yyyymmdd: 20_261_123)!,
      kind: 40, control: .barOpening, rule: 401, scopeKind: .operationAccount,
      scopeName: FixedText("desk-1")!, orderID: OrderID(raw: 8), observed: 5, limit: 4,
      unit: .percent, level: .warn, action: .barOpening, controller: Name("risk-1")!,
      reason: FixedText("because")!, instrument: InstrumentCode("rb2701")!,
      scheme: Name("everyday")!, clause: 7),
    DeskProtocol.NoticesComplete(requestID: 10, lastNumber: 42),
    DeskProtocol.NoticesTruncated(requestID: 10, firstAvailable: 20, lastNumber: 42),
    DeskProtocol.StandingRequest(requestID: 11),
    DeskProtocol.StandingRow(
      requestID: 11, kind: .killSwitch, scopeKind: .counter, scopeName: FixedText("north")!,
      controller: Name("risk-1")!, since: Timestamp(nanoseconds: 7), number: 42,
      reason: FixedText("because")!),
    DeskProtocol.StandingEnd(requestID: 11, rows: 1, isTruncated: 0),
    DeskProtocol.SubscribeLiquidations(requestID: 12),
    DeskProtocol.LiquidationProgress(
      account: Name("desk-1")!, number: 3, time: Timestamp(nanoseconds: 8), owner: .controller,
      phase: .closing, end: .stopped, extent: .toLine, rule: 402, level: .liquidate,
      controller: Name("risk-1")!, exchange: .shfe, instrument: InstrumentCode("rb2701")!,
      side: .long, hedge: .arbitrage, lotsHeld: 9, lotsWorking: 5, waits: 305, orders: 2),
    DeskProtocol.LiquidationsComplete(requestID: 12),
  ]
}
