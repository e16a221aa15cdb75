import Client
import Domain
import Session
import Testing
import Wire

@testable import Terminal

/// Account updates at a shell.
@Suite struct FollowTests {
  /// A client that is logged on, and has sent what it had to.
  static func loggedOn() -> TerminalClient {
    var client = TerminalClient(
      TerminalLogon(account: Name("d1")!), password: FixedText("x")!,
      ids: ClOrdIDSource(seed: 1)!, seed: 1, at: 0)
    _ = client.timeReached(0)
    client.connected(at: 0)
    client.sendPending { $0.count }
    hear(&client) { out in
      _ = out.append(OrderEntry.LogonAccepted(sessionEpoch: 1, nextReportSequence: 1))
      _ = out.append(OrderEntry.ResumeComplete(lastReportSequence: 0))
    }
    return client
  }

  static func hear(_ client: inout TerminalClient, _ say: (inout OutgoingBytes) -> Void) {
    var bytes = [UInt8](repeating: 0, count: 4096)
    bytes.withUnsafeMutableBytes { room in
      var out = OutgoingBytes(room)
      say(&out)
      _ = client.received(out.written, at: 0) { _ in }
    }
  }

  /// The subscriptions among what is to be sent.
  private func asked(_ client: inout TerminalClient) throws -> [OrderEntry.SubscribeAccount] {
    try sent(&client) { if case .subscribeAccount(let message) = $0 { message.value } else { nil } }
  }

  static func shell(_ client: TerminalClient) -> Shell {
    var shell = Shell(Shell.Settings(), account: Name("d1")!, at: 0)
    shell.happened(.resumed(lastReportSequence: 0, firstAvailable: 0), client)
    return shell
  }

  @Test func whatIsFollowedIsAskedForAgainInTheNextSession() throws {
    var client = Self.loggedOn()
    var shell = Self.shell(client)
    shell.settled(&client, at: 0)
    var requests = try asked(&client)
    #expect(requests.isEmpty)
    shell.lineRead("follow positions every 1000", number: 1, &client, at: 0)
    requests = try asked(&client)
    #expect(requests.map(\.kinds) == [.positions] && requests.map(\.intervalMilliseconds) == [1000])

    for _ in 0..<2 { shell.settled(&client, at: 0) }
    requests = try asked(&client)
    #expect(requests.isEmpty)
    shell.happened(.resumed(lastReportSequence: 0, firstAvailable: 0), client)
    for _ in 0..<2 { shell.settled(&client, at: 0) }
    requests = try asked(&client)
    #expect(requests.map(\.kinds) == [.positions] && requests.map(\.intervalMilliseconds) == [1000])

    shell.lineRead("unfollow", number: 2, &client, at: 0)
    requests = try asked(&client)
    #expect(requests.map(\.kinds) == [[]])
    shell.happened(.resumed(lastReportSequence: 0, firstAvailable: 0), client)
    shell.settled(&client, at: 0)
    requests = try asked(&client)
    #expect(requests.isEmpty)
  }

  @Test func oneThatWasRefusedIsNotAskedForAgain() throws {
    var client = Self.loggedOn()
    var shell = Self.shell(client)
    shell.lineRead("follow", number: 1, &client, at: 0)
    let reject = OrderEntry.BusinessReject(
      refTemplateID: OrderEntry.SubscribeAccount.templateID,
      refusal: OrderEntry.RefusalFigures(rule: RuleID.capacity.rawValue))
    shell.happened(.businessReject(reject), client)
    _ = try asked(&client)
    shell.happened(.resumed(lastReportSequence: 0, firstAvailable: 0), client)
    shell.settled(&client, at: 0)
    let requests = try asked(&client)
    #expect(requests.isEmpty)
  }

  static let funds = OrderEntry.AccountUpdate(
    time: Timestamp(nanoseconds: 5_400_000_000_000), equity: Money(yuan: 1_000_000),
    available: Money(yuan: 900_000), margin: Money(yuan: 90_000), frozenMargin: Money(yuan: 10_000),
    closeProfit: Money(yuan: 70), positionProfit: Money(yuan: -100))
  static let position = OrderEntry.PositionUpdate(
    instrument: InstrumentCode("rb2610")!, exchange: .shfe, side: .long, hedge: .speculation,
    todayLots: 3, yesterdayLots: 1, frozenTodayLots: 1, frozenYesterdayLots: 1,
    margin: Money(yuan: 9_360), positionProfit: Money(yuan: -30),
    time: Timestamp(nanoseconds: 5_400_000_000_000))

  @Test func anUpdateIsALine() {
    let english = [
      "09:30:00.000  funds     equity 1,000,000  available 900,000  margin 90,000  frozen 10,000  "
        + "profit -30",
      "09:30:00.000  rb2610    long   today 3  yesterday 1  frozen 2  margin 9,360  profit -30",
    ]
    let chinese = [
      "09:30:00.000  资金      权益 1,000,000  可用 900,000  占用 90,000  冻结 10,000  盈亏 -30",
      "09:30:00.000  rb2610    多     今 3  昨 1  冻结 2  保证金 9,360  持仓盈亏 -30",
    ]
    for (language, lines) in [(Language.english, english), (.chinese, chinese)] {
      #expect(EventText.account(Self.funds, language).text == lines[0])
      #expect(EventText.position(Self.position, language).text == lines[1])
    }
  }

  @Test func whoHasOptionsIsToldPremiumAndMarketEquity() {
    var funds = Self.funds
    let plain = EventText.account(funds, .english).text
    funds.premium = .zero
    funds.frozenPremium = .zero
    funds.marketEquity = funds.equity
    #expect(EventText.account(funds, .english).text == plain)
    funds.premium = Money(yuan: -500)
    funds.frozenPremium = Money(yuan: 520)
    funds.marketEquity = Money(yuan: 1_000_600)
    #expect(
      EventText.account(funds, .english).text
        == plain + "  premium -500  frozen premium 520  market equity 1,000,600")
    #expect(
      EventText.account(funds, .chinese).text.hasSuffix(
        "  权利金 -500  冻结权利金 520  市值权益 1,000,600"))
    var position = Self.position
    position.positionProfit = .zero
    position.optionValue = Money(yuan: -600)
    #expect(EventText.position(position, .english).text.hasSuffix("margin 9,360  value -600"))
    #expect(
      EventText.position(position, .chinese).text.hasSuffix("保证金 9,360  市值 -600"))
  }

  @Test func whatIsNotKnownIsADash() {
    let text = EventText.account(OrderEntry.AccountUpdate(), .english).text
    #expect(text.hasSuffix("equity -  available -  margin -  frozen -  profit -"), "\(text)")
    var position = Self.position
    position.frozenTodayLots = .min
    position.frozenYesterdayLots = .min
    #expect(EventText.position(position, .english).text.contains("frozen -"))
  }

  @Test func controlCEndsAWaitAndItsRowsAreNobodys() throws {
    var client = Self.loggedOn()
    var shell = Self.shell(client)
    shell.interrupted()
    var output = shell.takeOutput()
    #expect(shell.wantsLine && output.isEmpty)
    shell.lineRead("trades", number: 1, &client, at: 0)
    #expect(!shell.wantsLine)
    let late = OrderEntry.TradeRow(requestNumber: client.lastRequestNumber)
    shell.interrupted()
    output = shell.takeOutput()
    #expect(shell.wantsLine && output.map(\.text) == ["no longer waited for"])
    shell.lineRead("trades", number: 2, &client, at: 0)
    shell.happened(.tradeRow(late), client)
    #expect(shell.queryRows.trades.isEmpty)
    var early = Shell(Shell.Settings(), account: Name("d1")!, at: 0)
    early.interrupted()
    #expect(early.isLeaving)
  }
}
