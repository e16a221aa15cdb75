import Client
import Domain
import Session
import Testing
import Wire

@testable import Terminal

/// What happened, as lines for people and for programs.
@Suite struct EventTests {
  /// 2026-11-21 09:30:00.123456789 in China.
  static let time = Timestamp(
    date: CalendarDate(yyyymmdd: 20_261_121)!, secondOfDay: 34_200
  ).adding(nanoseconds: 123_456_789)

  static let report = OrderEntry.ExecutionReport(
    reportSequence: 7, account: Name("d1")!, orderID: OrderID(text: "3181-0-17")!,
    clOrdID: ClOrdID("t1")!, execType: .new, state: .accepted, exchange: .shfe,
    instrument: InstrumentCode("rb2610")!, side: .buy, offset: .open, hedge: .speculation,
    type: .limit, timeInForce: .day, price: Price(units: 31_205_000), lots: 3, cumulativeLots: 0,
    leavesLots: 3,
    unknownLots: 0,
    transactTime: time)

  static func report(
    _ change: (inout OrderEntry.ExecutionReport) -> Void
  ) -> OrderEntry.ExecutionReport {
    var changed = report
    change(&changed)
    return changed
  }

  static let fill = report {
    $0.execType = .trade
    $0.state = .partlyFilled
    $0.lastPrice = Price(units: 31_200_000)
    $0.lastLots = 2
    $0.cumulativeLots = 2
    $0.leavesLots = 1
    $0.fee = Money(units: 62_400)
  }

  static let refused = report {
    $0.execType = .rejected
    $0.state = .rejected
    $0.price = .none
    $0.timeInForce = .fillOrKill
    $0.hedge = .hedge
    $0.leavesLots = 0
    $0.refusal = RefusalTextTests.figures(.positionLimit, .lots, 98, 100, 3, .commodity, "rb")
  }

  static let texts: [(OrderEntry.ExecutionReport, String, EventText.Tone)] = [
    (report, "09:30:00.123     #1  accepted        buy open rb2610 3 @ 3120.5", .plain),
    (
      fill, "09:30:00.123     #1  fill            2 @ 3120, 2 of 3 filled, fee 6.24", .good
    ),
    (
      refused,
      "09:30:00.123     #1  REFUSED         buy open rb2610 3 market fok hedge: position limit "
        + "100 lots in rb: 98 held or working, 3 asked, 2 left [position-limit]", .bad
    ),
    (
      report {
        $0.execType = .cancelled
        $0.state = .cancelled
      }, "09:30:00.123     #1  cancelled       buy open rb2610 3 @ 3120.5, 0 of 3 filled", .plain
    ),
    (
      report {
        $0.execType = .pendingUnknown
        $0.unknownLots = 2
        $0.flags = .possiblyResent
      },
      "09:30:00.123     #1  unknown         buy open rb2610 3 @ 3120.5; 2 lots unknown; may have "
        + "been told before", .plain
    ),
  ]

  @Test func reportsAreAligned() {
    for (report, text, tone) in Self.texts {
      let line = EventText.report(report, number: 1, .english)
      #expect(line.text == text)
      #expect(line.tone == tone)
    }
    #expect(
      EventText.report(Self.fill, number: 1, .chinese).text
        == "09:30:00.123     #1  成交            2 @ 3120, 已成 2/3，手续费 6.24")
  }

  @Test func aReportForAProgramHasTheSchemasKeys() {
    #expect(
      EventJSON.report(Self.fill, number: 1, .english) == """
        {"event":"report","reportSequence":7,"account":"d1","number":1,"orderID":"3181-0-17",\
        "clOrdID":"t1","execType":"trade","state":"partlyFilled","exchange":"SHFE",\
        "instrument":"rb2610","side":"buy","offset":"open","hedge":"speculation","type":"limit",\
        "timeInForce":"day","price":"3120.5","lots":3,"lastPrice":"3120","lastLots":2,\
        "cumulativeLots":2,"leavesLots":1,"unknownLots":0,"fee":"6.24",\
        "transactTime":"2026-11-21T09:30:00.123456789+08:00"}
        """)
    #expect(
      EventJSON.report(Self.refused, number: 0, .english).hasSuffix(
        """
        "refusal":{"rule":"position-limit","ruleCode":310,"unit":"lots","observed":"98",\
        "limit":"100","asked":"3","scope":"commodity","scopeName":"rb","words":"position limit \
        100 lots in rb: 98 held or working, 3 asked, 2 left [position-limit]"}}
        """))
  }

  @Test func figuresForAProgramAreDecimals() {
    #expect(RefusalText.plain(12_345, .money) == "1.2345")
    #expect(RefusalText.plain(25_000, .percent) == "2.5")
    #expect(RefusalText.plain(7, .lots) == "7")
    #expect(
      RefusalText.plain(Self.time.nanoseconds, .timestamp) == "2026-11-21T09:30:00.123456789+08:00")
  }

  @Test func textIsQuotedForJSON() {
    #expect(JSONLine.quoted("a\"b\\c\n\r\t\u{1}\u{7F}é中") == #""a\"b\\c\n\r\t\u0001\u007fé中""#)
  }

  @Test func ordersAreATable() {
    let orders = TerminalClient.modelOf([Self.fill])
    #expect(
      OrderText.table(orders, .english).map { $0.replacing("  ", with: " ") } == [
        "# id     side offset instrument lots  price filled left average state",
        "1 3181-0-17 buy  open  rb2610     3 3120.5    2   1   3120 partly filled",
      ])
    #expect(
      OrderText.table(orders, .chinese).last
        == "1  3181-0-17  买    开仓  rb2610     3  3120.5     2     1  3120  部分成交")
  }

  @Test func ticksAndEndsAreLines() {
    let tick = OrderEntry.Tick(
      instrument: InstrumentCode("rb2610")!, exchange: .shfe, time: Self.time,
      last: Price(units: 31_205_000), bid: Price(units: 31_200_000), bidLots: 4, askLots: 0,
      volume: 99)
    #expect(
      EventText.tick(tick, .english).text
        == "09:30:00.123  rb2610       3120.5  bid 3120 x 4  ask - x 0  volume 99")
    #expect(
      EventJSON.tick(tick) == """
        {"event":"tick","instrument":"rb2610","exchange":"SHFE",\
        "time":"2026-11-21T09:30:00.123456789+08:00","last":"3120.5","bid":"3120","bidLots":4,\
        "askLots":0,"volume":99}
        """)
    let refused = TerminalLinkEnd(
      cause: .gatewayEnded, reason: .refused, rule: .loginLockout, wasLoggedOn: false,
      isFinal: true)
    #expect(
      EventText.ended(refused, because: "", .english).text
        == "logon refused: the account is locked: too many log ins failed [login-lockout]")
    let wrong = TerminalLinkEnd(
      cause: .gatewayEnded, reason: .refused, rule: .loginCredentials, wasLoggedOn: false,
      isFinal: true)
    #expect(
      EventText.ended(wrong, because: "", .english).text
        == "logon refused: account or password is wrong, or the account is disabled "
        + "[login-credentials]")
    #expect(
      EventText.ended(wrong, because: "", .chinese).text
        == "登录被拒：账户或密码错误，或账户已停用 [login-credentials]")
    let busy = TerminalLinkEnd(
      cause: .gatewayEnded, reason: .busy, rule: .loginBusy, wasLoggedOn: false, isFinal: false)
    #expect(
      EventText.ended(busy, because: "", .english).text
        == "logon refused: \(OrderEntry.LogoutReason.busy.words); too many log in at once: try "
        + "again soon [login-busy]")
    let lost = TerminalLinkEnd(
      cause: .connectionLost, reason: .unknown, rule: .none, wasLoggedOn: true, isFinal: true)
    #expect(
      EventText.ended(lost, because: "connection reset", .english).text
        == "connection lost: connection reset")
  }

  static let rejects: [(RuleID, Unit, ScopeKind, String, String, String, String)] = [
    (
      .unknownInstrument, .none, .instrument, "zz2701", "the instrument is not listed",
      "unknown instrument zz2701; required: the instrument is listed here [unknown-instrument]",
      "未知合约 zz2701；须：合约已在本系统挂牌 [unknown-instrument]"
    ),
    (
      .badCommand, .none, .session, "", "the account is not the session's",
      "the account is not the session's [bad-command]",
      "the account is not the session's [bad-command]"
    ),
    (
      .shuttingDown, .none, .platform, "", "not now", "the gateway is stopping [shutting-down]",
      "网关停机中 [shutting-down]"
    ),
    (
      .capacity, .count, .session, "", "too many subscriptions",
      "too many subscriptions: capacity 3 in this session: 3 used, 1 asked [capacity]",
      "too many subscriptions：系统容量 3（本会话）：已用 3，本次 1 [capacity]"
    ),
  ]

  /// What is refused is told once.
  @Test func aRefusedRequestIsALine() {
    for (rule, unit, scope, name, text, english, chinese) in Self.rejects {
      var figures = OrderEntry.RefusalFigures(
        rule: rule.rawValue, unit: unit, scopeKind: scope, scopeName: Name(name)!)
      if unit == .count { (figures.observed, figures.limit, figures.asked) = (3, 3, 1) }
      let reject = OrderEntry.BusinessReject(
        refTemplateID: OrderEntry.SubscribeTicks.templateID, refusal: figures,
        text: FixedText(text)!)
      #expect(EventText.reject(reject, number: 0, .english).text == "request REFUSED: " + english)
      #expect(EventText.reject(reject, number: 0, .chinese).text == "请求被拒：" + chinese)
    }
  }

  @Test func wordsOfOrdersAreTheSchemasOwn() {
    #expect(
      Offset.allCases.dropFirst().map(\.word) == [
        "open", "close", "close-today", "close-yesterday",
      ])
    #expect(Side.allCases.dropFirst().map(\.word) == ["buy", "sell"])
    #expect(
      HedgeFlag.allCases.dropFirst().map { "\($0)" } == ["speculation", "arbitrage", "hedge"])
    for language in Language.allCases {
      for state in OrderState.allCases { #expect(!state.words(language).isEmpty) }
      for scope in ScopeKind.allCases where scope != .none && scope != .order {
        #expect(!scope.phrase("x", language).isEmpty)
      }
    }
  }
}

extension TerminalClient {
  /// The orders that a terminal knows after these reports.
  static func modelOf(_ reports: [OrderEntry.ExecutionReport]) -> [ClientOrder] {
    var client = TerminalClient(
      TerminalLogon(account: Name("d1")!), password: FixedText("x")!,
      ids: ClOrdIDSource(seed: 1)!, seed: 1, at: 0)
    _ = client.timeReached(0)
    client.connected(at: 0)
    client.sendPending { $0.count }
    var bytes = [UInt8](repeating: 0, count: 4096)
    bytes.withUnsafeMutableBytes { room in
      var out = OutgoingBytes(room)
      _ = out.append(OrderEntry.LogonAccepted(sessionEpoch: 1, nextReportSequence: 1))
      for report in reports { _ = out.append(report) }
      _ = client.received(out.written, at: 0) { _ in }
    }
    return client.model.orders
  }
}
