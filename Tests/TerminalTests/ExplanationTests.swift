import Client
import Domain
import Session
import Testing
import Wire

@testable import Terminal

/// `try`, `why` and `room` at a shell: what is asked, shown and ended with.
@Suite struct ExplanationTests {
  static let figures = OrderEntry.RefusalFigures(
    rule: RuleID.positionLimit.rawValue, unit: .lots, scopeKind: .commodity, observed: 98,
    limit: 100, asked: 50, scopeName: Name("rb")!)

  static func finding(_ number: UInt32) -> OrderEntry.FindingRow {
    OrderEntry.FindingRow(
      requestNumber: number, cursor: 1, rule: figures.rule, standing: .asked, flags: [.decides],
      unit: .lots, scopeKind: .commodity, scopeName: Name("rb")!, observed: 98, limit: 100,
      asked: 50, headRoom: 2)
  }

  static func end(
    _ number: UInt32, _ verdict: OrderEntry.ExplainVerdict = .refused,
    _ result: OrderEntry.QueryResult = .complete
  ) -> OrderEntry.ExplainEnd {
    OrderEntry.ExplainEnd(
      requestNumber: number, result: result, count: 1, after: 1, reportSequence: 7,
      verdict: verdict, lots: 50, placedLots: verdict == .taken ? 50 : 0,
      passLots: verdict == .taken ? 50 : 2, mostLots: verdict == .taken ? 60 : 2, stepLots: 1,
      refusal: verdict == .refused ? figures : OrderEntry.RefusalFigures(), binding: figures)
  }

  static func route(
    _ number: UInt32, _ part: OrderEntry.ExplainPart, lots: Lots
  ) -> OrderEntry.RouteRow {
    OrderEntry.RouteRow(
      requestNumber: number, cursor: 2, part: part, fundAccount: Name("fund-1")!, lots: lots,
      room: 30, openLots: lots, closeLots: 0, closeTodayLots: 0, closeYesterdayLots: 0,
      filledLots: 1, workingLots: 0)
  }

  struct Desk {
    var client = FollowTests.loggedOn()
    var shell: Shell

    mutating func askedWhy() throws -> OrderEntry.WhyOrder? {
      try sent(&client) {
        if case .whyOrder(let message) = $0 { message.value } else { nil }
      }.last
    }

    init(_ change: (inout Shell.Settings) -> Void = { _ in }) {
      var settings = Shell.Settings()
      change(&settings)
      shell = Shell(settings, account: Name("d1")!, at: 0)
      shell.happened(.resumed(lastReportSequence: 0, firstAvailable: 0), client)
    }

    mutating func type(_ line: String) -> UInt32 {
      shell.lineRead(line, number: 1, &client, at: 0)
      return client.lastRequestNumber
    }

    mutating func hear(_ events: ClientEvent...) -> String {
      for event in events { shell.happened(event, client) }
      shell.settled(&client, at: 0)
      return shell.takeOutput().map(\.text).joined(separator: "\n")
    }
  }

  @Test func aTryIsSaidWithItsVerdictItsLotsAndEveryRule() {
    var desk = Desk()
    let number = desk.type("try buy open rb2610 50 @ 3120")
    #expect(!desk.shell.wantsLine, "the answer is waited for")
    let text = desk.hear(
      .findingRow(Self.finding(number)), .routeRow(Self.route(number, .now, lots: 2)),
      .explainEnd(Self.end(number)))
    #expect(desk.shell.wantsLine && desk.shell.exitCode == nil)
    for words in [
      "would be REFUSED: position limit 100 lots in rb: 98 held or working, 50 asked, 2 left",
      "2 of 50 lots would pass", ">  position-limit", "2 lots  commodity rb", "fund-1", "open 2",
    ] {
      #expect(text.contains(words), "\(words) in \(text)")
    }
  }

  @Test func whatWouldBeTakenIsSaidWithWhatBindsNext() {
    var desk = Desk { $0.language = .chinese }
    let number = desk.type("try buy open rb2610 50 @ 3120")
    let text = desk.hear(.explainEnd(Self.end(number, .taken)))
    for words in ["可受理", "50 手中 50 手可通过，最多 60 手", "再多：", "无法拆单"] {
      #expect(text.contains(words), "\(words) in \(text)")
    }
  }

  /// Rows of an earlier question are nobody's; the next page is asked for behind the last row.
  @Test func pagesAreAskedForUntilTheLast() throws {
    var desk = Desk()
    let first = desk.type("why d1-a-7")
    let request = try #require(try desk.askedWhy())
    #expect(request.targetClOrdID == ClOrdID("a-7") && request.targetOrderID.isNone)
    #expect(request.after == 0)
    let order = OrderEntry.OrderRow(
      requestNumber: first, orderID: OrderID(raw: 2), clOrdID: ClOrdID("a-7")!, state: .filled,
      instrument: InstrumentCode("rb2610")!, side: .buy, offset: .open,
      price: Price(units: 31_200_000), lots: 1, cumulativeLots: 1,
      receivedTime: Timestamp(nanoseconds: 0))
    var text = desk.hear(
      .orderRow(order), .routeRow(Self.route(first, .then, lots: 1)),
      .findingRow(Self.finding(first &+ 9)), .explainEnd(Self.end(first, .unknown, .more)))
    #expect(text.isEmpty && !desk.shell.wantsLine)
    let next = try #require(try desk.askedWhy())
    #expect(next.after == 1 && next.requestNumber == first + 1)
    text = desk.hear(
      .findingRow(Self.finding(first + 1)), .explainEnd(Self.end(first + 1)))
    #expect(desk.shell.wantsLine)
    let lines = text.split(separator: "\n")
    #expect(lines.count { $0.contains("position-limit") && $0.hasPrefix(">") } == 1)
    #expect(text.contains("then: ") && text.contains("filled, 1 of 1 filled"))
    #expect(text.contains("now: would be REFUSED"))
  }

  @Test func roomIsALineASideAndOffset() throws {
    var desk = Desk()
    let number = desk.type("room SHFE.rb2610 @ 3120")
    let asked = try sent(&desk.client) {
      if case .roomRequest(let message) = $0 { message.value } else { nil }
    }
    let request = try #require(asked.last)
    #expect(request.exchange == .shfe && request.price == Price(units: 31_200_000))
    let text = desk.hear(
      .roomRow(
        OrderEntry.RoomRow(
          requestNumber: number, cursor: 1, exchange: .shfe,
          instrument: InstrumentCode("rb2610")!, side: .buy, offset: .open, hedge: .speculation,
          price: Price(units: 31_200_000), lots: 2, stepLots: 1, binding: Self.figures)),
      .explainEnd(Self.end(number, .unknown)))
    #expect(text.contains("buy   open    rb2610         2   3120  position limit 100 lots in rb"))
  }

  @Test func aProgramGetsALineARowAndOneForTheEnd() {
    var desk = Desk { $0.isJSON = true }
    let number = desk.type("try buy open rb2610 50 @ 3120")
    let text = desk.hear(
      .findingRow(Self.finding(number)), .routeRow(Self.route(number, .now, lots: 2)),
      .explainEnd(Self.end(number)))
    for words in [
      #"{"event":"finding","rule":"position-limit","ruleCode":310,"standing":"asked""#,
      #""passes":false,"decides":true"#,
      #""headRoom":"2""#,
      #"{"event":"route","part":"now","fundAccount":"fund-1","lots":2,"room":30,"openLots":2}"#,
      #"{"event":"explainEnd","verdict":"refused","lots":50,"placedLots":0,"passLots":2"#,
      #""binding":{"rule":"position-limit""#,
    ] {
      #expect(text.contains(words), "\(words) in \(text)")
    }
  }

  // MARK: Scripts

  @Test(arguments: [
    ("try buy open rb2610 50 @ 3120", OrderEntry.ExplainVerdict.refused, ExitCode.orderRefused),
    ("try buy open rb2610 50 @ 3120", .taken, .fine), ("why a-7", .refused, .fine),
    ("room rb2610", .unknown, .fine),
  ])
  func aScriptEndsByWhatWouldBecomeOfTheOrder(
    _ line: String, _ verdict: OrderEntry.ExplainVerdict, _ code: ExitCode
  ) {
    var desk = Desk { $0.isScript = true }
    let number = desk.type(line)
    _ = desk.hear(.explainEnd(Self.end(number, verdict)))
    desk.shell.linesEnded()
    #expect(desk.shell.phase == .leaving(code))
  }

  @Test(arguments: [
    (OrderEntry.QueryResult.orderUnknown, "no such order"), (.busy, "busy"),
    (.unavailable, "serves no"), (.refused, "refused: position limit"),
  ])
  func whatIsNotAnsweredFailsTheLine(_ result: OrderEntry.QueryResult, _ words: String) {
    var desk = Desk { $0.isScript = true }
    let number = desk.type("why a-7")
    let text = desk.hear(.explainEnd(Self.end(number, .refused, result)))
    #expect(text.contains(words), "\(text)")
    #expect(desk.shell.phase == .leaving(.lineFailed))
  }

  @Test func aGatewayOfAnOlderVersionRefusesAndThePromptIsBack() {
    var desk = Desk()
    _ = desk.type("room rb2610")
    _ = desk.hear(
      .businessReject(
        OrderEntry.BusinessReject(
          refTemplateID: OrderEntry.RoomRequest.templateID,
          refusal: OrderEntry.RefusalFigures(rule: RuleID.badCommand.rawValue))))
    #expect(desk.shell.wantsLine)
    let lines = FindingText.table([Self.finding(1)], .chinese)
    #expect(lines.count == 2 && lines[0].contains("规则") && lines[1].contains("品种 rb"))
  }
}
