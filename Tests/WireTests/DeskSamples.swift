import Domain
import Wire

// One of each message of the desk.
extension Samples {
  static let deskRefusal = DeskProtocol.RefusalFigures(
    rule: 702, unit: .code, scopeKind: .operationAccount, observed: 0, limit: 1,
    scopeName: FixedText("desk-2")!)

  static let desk: [any WireMessage] =
    [
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
    ] + deskAccounts

  private static let money = (1...20).map { Money(units: Int64($0) * 1_000_003) }

  private static let deskAccounts: [any WireMessage] = [
    DeskProtocol.SubscribeAccounts(
      requestID: 13, kinds: [.accounts, .links], scopeKind: .product, name: FixedText("alpha")!,
      intervalMilliseconds: 250),
    DeskProtocol.UnsubscribeAccounts(requestID: 13),
    DeskProtocol.AccountsBegin(
      requestID: 13, picture: 2, tradingDay: TradingDay(yyyymmdd: 20_261_123)!, sequence: 900,
      time: Timestamp(nanoseconds: 9)),
    DeskProtocol.AccountRow(
      requestID: 13, account: Name("desk-1")!, product: Name("alpha")!, sequence: 901,
      time: Timestamp(nanoseconds: 10), openingEquity: money[0], netCash: money[1],
      equity: money[2], available: money[3], margin: money[4], frozenMargin: money[5],
      frozenFee: money[6], positionProfit: money[7], closeProfit: money[8], fees: money[9],
      dayProfit: money[10], marketEquity: money[11], longValue: money[12], shortValue: money[13],
      exposureValue: money[14], riskDegree: 350_000, riskUnit: .percent, level: .warn,
      liquidation: .closing, flags: [.barred, .online], workingOrders: 3,
      premium: money[0], frozenPremium: money[1]),
    DeskProtocol.LineRow(
      requestID: 13, account: Name("desk-1")!, sequence: 902, time: Timestamp(nanoseconds: 11),
      rule: 402, unit: .money, observed: 5, warn: 6, liquidate: 7, warnAction: .notice,
      liquidateAction: .liquidate, level: .liquidate, isLatched: 1),
    DeskProtocol.FundAccountRow(
      requestID: 13, fundAccount: Name("fund-1")!, product: Name("alpha")!,
      counter: Name("north")!, sequence: 903, time: Timestamp(nanoseconds: 12),
      openingEquity: money[0], netCash: money[1], equity: money[2], available: money[3],
      margin: money[4], frozenMargin: money[5], frozenFee: money[6], positionProfit: money[7],
      closeProfit: money[8], fees: money[9], dayProfit: money[10], longValue: money[11],
      shortValue: money[12], exposureValue: money[13], link: .catchingUp, flags: .killed,
      workingOrders: 4, waitingMessages: 5, premium: money[1], frozenPremium: money[2]),
    DeskProtocol.ProductRow(
      requestID: 13, product: Name("alpha")!, sequence: 904, time: Timestamp(nanoseconds: 13),
      openingEquity: money[0], netCash: money[1], equity: money[2], available: money[3],
      margin: money[4], frozenMargin: money[5], frozenFee: money[6], positionProfit: money[7],
      closeProfit: money[8], fees: money[9], dayProfit: money[10], longValue: money[11],
      shortValue: money[12], exposureValue: money[13], netValue: money[14],
      unitNetValue: Rate(units: 104_000_000), level: .liquidate, flags: .openingNotPermitted,
      fundAccounts: 2, linksUp: 1, premium: money[2], frozenPremium: money[3]),
    DeskProtocol.PositionRow(
      requestID: 13, scopeKind: .operationAccount, name: FixedText("desk-1")!, sequence: 905,
      time: Timestamp(nanoseconds: 14), exchange: .shfe, instrument: InstrumentCode("rb2701")!,
      side: .short, hedge: .hedge, todayLots: 3, yesterdayLots: 4, frozenLots: 2,
      workingOpenLots: 1, openPrice: Price(units: 35_000_000), markPrice: Price(units: 35_010_000),
      last: Price(units: 35_020_000), margin: money[0], frozenMargin: money[1],
      positionProfit: money[2]),
    DeskProtocol.WorkingOrderRow(
      requestID: 13, account: Name("desk-1")!, sequence: 906, time: Timestamp(nanoseconds: 15),
      orderID: OrderID(raw: 77), clOrdID: ClOrdID("a-1")!, state: .partlyFilled, exchange: .shfe,
      instrument: InstrumentCode("rb2701")!, side: .buy, offset: .open, hedge: .speculation,
      type: .limit, timeInForce: .day, price: Price(units: 35_000_000), lots: 9,
      cumulativeLots: 4, leavesLots: 5, unknownLots: 1, frozenMargin: money[3],
      receivedTime: Timestamp(nanoseconds: 16)),
    DeskProtocol.LinkRow(
      requestID: 13, fundAccount: Name("fund-1")!, product: Name("alpha")!,
      counter: Name("north")!, sequence: 907, time: Timestamp(nanoseconds: 17), state: .up,
      epoch: 8),
    DeskProtocol.AccountsComplete(
      requestID: 13, picture: 2, rows: 7, sequence: 908, time: Timestamp(nanoseconds: 18)),
    DeskProtocol.AccountsEnd(requestID: 13, reason: .notPermitted),
  ]
}
