import Domain
import Engine
import Follower
import Ledger
import Messages
import Testing
import Wire

@testable import Gateway

/// Queries of terminals: pages, bounds, and who sees what.
@Suite struct QueryTests {
  static let kinds: [OrderEntry.QueryKind] = [
    .orders, .trades, .positions, .funds, .limits, .instruments,
  ]

  /// Two lots bought and one of them sold again, three lots that work, one that was refused.
  static func day() throws -> FollowedDesk {
    var desk = try FollowedDesk()
    let alice = try desk.logOn()
    desk.trade(GatewayDesk.order("a-1", lots: 2), filled: 2, from: alice)
    desk.trade(
      GatewayDesk.order("a-2", side: .sell, offset: .closeToday, price: 3_510, lots: 1),
      filled: 1, from: alice)
    desk.trade(GatewayDesk.order("a-3", price: 3_490, lots: 3), filled: 0, from: alice)
    desk.trade(GatewayDesk.order("a-4", price: 4_000, lots: 1), filled: 0, from: alice)
    desk.alice = alice
    return desk
  }

  // MARK: Pages

  @Test(arguments: kinds, [UInt32(1), 2, 3, 5, 7, 1_000])
  func everyPageSizeGivesTheSameRows(_ kind: OrderEntry.QueryKind, _ size: UInt32) throws {
    var desk = try Self.day()
    let alice = desk.alice
    for index in 0..<30 {
      let instrument = SmallHouse.instrumentCodes[index % 4]
      desk.trade(
        GatewayDesk.order("p-\(index)", instrument: instrument, lots: 1), filled: 1, from: alice)
    }
    let whole = desk.pages(kind, of: 0, from: alice)
    let pages = desk.pages(kind, of: size, from: alice)
    #expect(pages.dropLast().allSatisfy { $0.end.result == .more && $0.count <= Int(size) })
    #expect(pages.last?.end.result == .complete)
    #expect(
      pages.flatMap { $0.orders.map(\.orderID) } == whole.flatMap { $0.orders.map(\.orderID) })
    #expect(
      pages.flatMap { $0.trades.map(\.tradeNumber) }
        == whole.flatMap { $0.trades.map(\.tradeNumber) })
    #expect(
      pages.flatMap { $0.positions.map(\.instrument) }
        == whole.flatMap { $0.positions.map(\.instrument) })
    #expect(
      pages.flatMap { $0.instruments.map(\.instrument) }
        == whole.flatMap { $0.instruments.map(\.instrument) })
    #expect(
      pages.flatMap { $0.limits.map(\.headRoom) } == whole.flatMap { $0.limits.map(\.headRoom) })
    let expected = [
      OrderEntry.QueryKind.orders: 34, .trades: 32, .positions: 4, .funds: 1, .instruments: 4,
    ]
    if let rows = expected[kind] { #expect(pages.map(\.count).reduce(0, +) == rows) }
    #expect(pages.allSatisfy { Int($0.end.count) == $0.count })
  }

  /// A page ends where its bytes do, however many rows were asked for.
  @Test func aPageIsNeverLongerThanAPartOfTheOutput() throws {
    var desk = try Self.day()
    let alice = desk.alice
    for index in 0..<60 {
      desk.trade(GatewayDesk.order("p-\(index)", lots: 1), filled: 0, from: alice)
    }
    let pages = desk.pages(.orders, of: 1_000, from: alice)
    #expect(pages.count > 3)
    #expect(pages.map(\.count).reduce(0, +) == 64)
  }

  @Test func aPageThatFindsNothingEndsAfterSoManyRows() throws {
    var limits = FollowedDesk.limits
    limits.rowsLookedAt = 3
    var desk = try FollowedDesk(limits: limits)
    let alice = try desk.logOn()
    for index in 0..<10 {
      desk.trade(GatewayDesk.order("p-\(index)", lots: 1), filled: 0, from: alice)
    }
    let pages = desk.pages(.orders, of: 0, instrument: "hc", from: alice)
    #expect(pages.count == 4)
    #expect(pages.allSatisfy { $0.count == 0 })
    #expect(pages.last?.end.result == .complete)
  }

  // MARK: Bounds

  @Test func anAccountSeesItsOwnThingsOnly() throws {
    var desk = try Self.day()
    let alice = desk.alice
    let first = desk.ask(FollowedDesk.query(.orders, rows: 1), from: alice)
    let firstTrade = desk.ask(FollowedDesk.query(.trades, rows: 1), from: alice)
    let bob = try desk.logOn("bob")
    for kind in [OrderEntry.QueryKind.orders, .trades, .positions] {
      let answer = desk.ask(FollowedDesk.query(kind, "bob"), from: bob)
      #expect(answer.count == 0 && answer.end.result == .complete, "\(kind)")
    }
    let funds = desk.ask(FollowedDesk.query(.funds, "bob"), from: bob).funds
    #expect(funds.map(\.account) == [Name("bob")!])
    #expect(funds.map(\.equity) == [Money(yuan: 1_000_000)])
    // Nor by her name, nor by a cursor of hers.
    for kind in Self.kinds {
      let answer = desk.ask(FollowedDesk.query(kind, "alice"), from: bob)
      #expect(answer.count == 0 && answer.end.result == .refused, "\(kind)")
    }
    let orders = desk.ask(
      FollowedDesk.query(.orders, "bob", after: first.end.after), from: bob)
    #expect(orders.count == 0 && orders.end.result == .cursorUnknown)
    let trades = desk.ask(
      FollowedDesk.query(.trades, "bob", after: firstTrade.end.after), from: bob)
    #expect(trades.count == 0 && trades.end.result == .cursorUnknown)
  }

  @Test(arguments: [UInt64(1), 17, 1 << 44, 1 << 60, .max])
  func aCursorOfNoRowIsHarmless(_ cursor: UInt64) throws {
    var desk = try Self.day()
    let alice = desk.alice
    for kind in Self.kinds {
      let answer = desk.ask(FollowedDesk.query(kind, after: cursor), from: alice)
      #expect(
        answer.end.result == .complete || answer.end.result == .cursorUnknown, "\(kind)")
    }
  }

  @Test func whatMakesNoSenseIsRefusedByAnEndWithItsNumber() throws {
    var desk = try Self.day()
    let alice = desk.alice
    let newest = desk.ask(FollowedDesk.query(.funds), from: alice).end.reportSequence
    for query in [
      FollowedDesk.query(.unknown, number: 77),
      FollowedDesk.query(.orders, notBefore: newest + 1, number: 77),
      FollowedDesk.query(.orders, rows: 1_001, number: 77),
    ] {
      let answer = desk.ask(query, from: alice)
      #expect(answer.end.result == .refused)
      #expect(answer.end.requestNumber == 77)
    }
  }

  @Test func oneMoreOpenQueryThanAllowedIsToldToComeBack() throws {
    var desk = try Self.day()
    let alice = desk.alice
    for number in UInt32(1)...5 {
      desk.desk.send(FollowedDesk.query(.funds, number: number), from: alice)
    }
    desk.desk.turn()
    let refused = desk.answer(alice)
    #expect(refused.end.requestNumber == 5)
    #expect(refused.end.result == .busy)
    #expect(refused.end.retryAfterMilliseconds > 0)
    desk.serve()
    #expect(desk.answer(alice).funds.map(\.requestNumber) == [1, 2, 3, 4])
    #expect(desk.ask(FollowedDesk.query(.funds), from: alice).end.result == .complete)
  }

  @Test func oneMoreInstrumentsRequestIsRefusedLikewise() throws {
    var desk = try QueryTests.day()
    let alice = desk.alice
    for number in UInt32(1)...5 {
      desk.desk.send(
        OrderEntry.InstrumentsRequest(requestNumber: number, maximumCount: 1), from: alice)
    }
    desk.desk.turn()
    let refused = desk.desk.received(alice)
    guard refused.count == 1, case .reject(let reject) = refused[0] else {
      Issue.record("\(refused)")
      return
    }
    #expect(reject.refTemplateID == OrderEntry.InstrumentsRequest.templateID)
    #expect(reject.refusal.rule == RuleID.capacity.rawValue)
  }

  /// Rows would tell what reports that are still missing have not told.
  @Test func whileMissedReportsAreSentAQueryIsToldToComeBack() throws {
    var gateway = GatewayDesk.limits
    gateway.terminalOutputBytes = 16 * 1024
    var desk = try FollowedDesk(gateway: gateway)
    let first = try desk.logOn()
    for index in 0..<50 {
      desk.trade(GatewayDesk.order("m-\(index)", lots: 1), filled: 0, from: first)
    }
    let connected = desk.desk.connect()
    let second = try #require(connected)
    desk.desk.stuck = [.terminal(second)]
    desk.desk.send(
      OrderEntry.Logon(
        account: Name("alice")!, schemaVersion: OrderEntry.version,
        heartbeatIntervalSeconds: 10,
        password: FixedText(GatewayDesk.password)!),
      from: second)
    desk.desk.turn()
    desk.desk.send(FollowedDesk.query(.orders, number: 5), from: second)
    desk.serve()
    desk.desk.stuck = []
    desk.desk.gateway.outputDrained(.terminal(second))
    for _ in 0..<5 { desk.serve() }
    var kinds: [String] = []
    for received in desk.desk.received(second) {
      switch received {
      case .queryEnd(let end):
        #expect(end.result == .busy && end.requestNumber == 5)
        kinds.append("busy")
      case .resumeComplete: kinds.append("resumed")
      case .order: Issue.record("a row came before the reports")
      default: break
      }
    }
    #expect(kinds == ["busy", "resumed"])
    #expect(desk.ask(FollowedDesk.query(.orders), from: second).orders.count > 0)
  }

  @Test func aTerminalThatDoesNotReadGetsNoRowsButItsReports() throws {
    var desk = try Self.day()
    let alice = desk.alice
    for index in 0..<40 {
      desk.trade(GatewayDesk.order("p-\(index)", lots: 1), filled: 0, from: alice)
    }
    desk.desk.stuck = [.terminal(alice)]
    var ends: [OrderEntry.QueryEnd] = []
    for number in UInt32(1)...12 {
      desk.desk.send(FollowedDesk.query(.orders, number: number), from: alice)
      desk.serve()
    }
    desk.trade(GatewayDesk.order("late", lots: 1), filled: 0, from: alice)
    desk.desk.stuck = []
    desk.desk.gateway.outputDrained(.terminal(alice))
    desk.desk.turn()
    var late: [ExecType] = []
    for received in desk.desk.received(alice) {
      switch received {
      case .queryEnd(let end): ends.append(end)
      case .report(let report) where report.clOrdID == ClOrdID("late"):
        late.append(report.execType)
      default: break
      }
    }
    #expect(ends.count == 12)
    #expect(ends.contains { $0.result == .busy } && ends.contains { $0.result == .more })
    #expect(late == [.new, .workingConfirmed])
  }

  @Test func theAnswersOfAClosedSessionAreDropped() throws {
    var desk = try Self.day()
    let alice = desk.alice
    desk.desk.send(FollowedDesk.query(.orders), from: alice)
    desk.desk.gateway.terminalClosed(alice)
    let next = try desk.desk.logOn("bob")
    #expect(next.slot == alice.slot || next != alice)
    desk.settle()
    let rows = desk.desk.received(next).filter {
      if case .order = $0 { true } else { false }
    }
    #expect(rows.isEmpty)
  }

  // MARK: As of when

  @Test func anAnswerIsNeverOlderThanWhatTheTerminalHasSeen() throws {
    var desk = try Self.day()
    let alice = desk.alice
    let seen = desk.ask(FollowedDesk.query(.orders), from: alice).end.reportSequence
    // The terminal hears of an order that the follower has not stepped yet.
    desk.desk.send(GatewayDesk.order("b-1", lots: 1), from: alice)
    desk.desk.turn()
    let reports = desk.desk.reports(alice)
    #expect(reports.map(\.reportSequence) == [seen + 1])
    desk.desk.send(FollowedDesk.query(.orders, notBefore: seen + 1), from: alice)
    desk.serve()
    #expect(desk.answer(alice).count == 0)
    // Without such a wish it hears at once how it was.
    #expect(desk.ask(FollowedDesk.query(.orders, number: 2), from: alice).orders.count == 4)
    desk.offer()
    desk.follow()
    desk.serve()
    let answer = desk.answer(alice)
    #expect(answer.orders.count == 5)
    #expect(answer.end.reportSequence == seen + 1)
  }

  @Test func whoWaitsTooLongForTheFollowerIsToldToComeBack() throws {
    var desk = try Self.day()
    let alice = desk.alice
    desk.desk.send(GatewayDesk.order("b-1", lots: 1), from: alice)
    desk.desk.turn()
    let seen = try #require(desk.desk.reports(alice).first).reportSequence
    desk.desk.send(FollowedDesk.query(.orders, notBefore: seen), from: alice)
    desk.serve()
    let deadline = desk.follower.deadline
    #expect(deadline == desk.now + FollowedDesk.limits.waitNanoseconds)
    desk.now = deadline - 1
    desk.serve()
    #expect(desk.answer(alice).end.requestNumber == 0)
    desk.now = deadline
    desk.serve()
    #expect(desk.answer(alice).end.result == .busy)
  }

  @Test func noAnswerIsOfADayThatIsOver() throws {
    var desk = try Self.day()
    let alice = desk.alice
    let tomorrow = TradingDay(yyyymmdd: 20_261_124)!
    _ = desk.desk.gateway.take(
      .daySwitch(DaySwitch(tradingDay: tomorrow, nightDate: 20_261_123)))
    desk.desk.settle()
    _ = desk.desk.received(alice)
    // The follower has not stepped it yet.
    #expect(desk.ask(FollowedDesk.query(.orders), from: alice).end.requestNumber == 0)
    desk.offer()
    desk.follow()
    desk.serve()
    let answer = desk.answer(alice)
    #expect(answer.orders.isEmpty && answer.end.tradingDay == tomorrow)
  }

  @Test func aNewDayBeginsWithoutOrdersAndTrades() throws {
    var desk = try Self.day()
    let alice = desk.alice
    let cursor = desk.ask(FollowedDesk.query(.orders, rows: 1), from: alice).end.after
    let tomorrow = TradingDay(yyyymmdd: 20_261_124)!
    _ = desk.desk.gateway.take(
      .daySwitch(DaySwitch(tradingDay: tomorrow, nightDate: 20_261_123)))
    desk.settle()
    _ = desk.desk.received(alice)
    for kind in [OrderEntry.QueryKind.orders, .trades] {
      let answer = desk.ask(FollowedDesk.query(kind), from: alice)
      #expect(answer.count == 0 && answer.end.result == .complete)
      #expect(answer.end.tradingDay == tomorrow)
    }
    #expect(
      desk.ask(FollowedDesk.query(.orders, after: cursor), from: alice).end.result
        == .cursorUnknown)
    let row = try #require(
      desk.ask(FollowedDesk.query(.positions), from: alice).positions.first)
    #expect(row.todayLots == 0 && row.yesterdayLots == 1 && row.openedLots == 0)
  }
}
