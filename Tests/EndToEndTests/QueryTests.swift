import Domain
import Follower
import Foundation
import Gateway
import Journal
import Metrics
import Testing
import Wire

@testable import Runtime

/// Queries over sockets, answered by the follower on its thread.
@Suite(.timeLimit(.minutes(10))) struct QueryTests {
  static func query(
    _ kind: OrderEntry.QueryKind, _ terminal: ScriptedTerminal, after: UInt64 = 0,
    rows: UInt32 = 0, number: UInt32 = 1
  ) throws -> OrderEntry.Query {
    OrderEntry.Query(
      requestNumber: number, account: try #require(Name(terminal.account)), kind: kind,
      notBefore: terminal.sequences.last ?? 0, after: after, maximumRows: rows)
  }

  /// Asks, again while the follower is not as far, and waits for the end of the page.
  static func ask(_ query: OrderEntry.Query, _ terminal: ScriptedTerminal) throws {
    var result = OrderEntry.QueryResult.busy
    let deadline = Deadline()
    while result == .busy, deadline.millisecondsLeft > 0 {
      let before = terminal.queryEnds.count
      try terminal.send(query)
      try terminal.wait(for: "the end of a page") { $0.queryEnds.count > before }
      result = try #require(terminal.queryEnds.last).result
    }
  }

  @Test func whatWasTradedIsFoundAndNothingOfOthers() throws {
    let (house, alice, bob) = try RestartTests.tradingHouse()
    for (terminal, lots) in [(alice, Lots(3)), (bob, 2)] {
      try Self.ask(Self.query(.orders, terminal), terminal)
      #expect(terminal.orderRows.map(\.lots) == [lots])
      #expect(terminal.orderRows.map(\.cumulativeLots) == [2])
      try Self.ask(Self.query(.trades, terminal), terminal)
      #expect(terminal.tradeRows.map(\.lots).reduce(0, +) == 2)
      #expect(terminal.tradeRows.allSatisfy { !$0.tradeID.isEmpty && !$0.venueOrderID.isEmpty })
      try Self.ask(Self.query(.positions, terminal), terminal)
      #expect(terminal.positions.map(\.todayLots) == [2])
      try Self.ask(Self.query(.funds, terminal), terminal)
      let funds = try #require(terminal.funds.last)
      #expect(funds.account == Name(terminal.account))
      #expect(funds.margin == terminal.positions.last?.margin)
      try Self.ask(Self.query(.limits, terminal), terminal)
      #expect(!terminal.limits.isEmpty)
      try Self.ask(Self.query(.instruments, terminal), terminal)
      #expect(terminal.instruments.contains { $0.instrument == house.instrument })
      #expect(terminal.queryEnds.allSatisfy { $0.reportSequence >= terminal.sequences.last ?? 0 })
    }
    #expect(alice.positions.map(\.side) == [.long])
    #expect(bob.positions.map(\.side) == [.short])
  }

  /// Every order is asked for as soon as its first report is there: it is always among the rows.
  @Test func anAnswerKnowsWhatTheTerminalHasHeardOf() throws {
    let house = try House()
    let alice = try house.terminal("alice")
    for index in 0..<45 {
      try alice.place("q-\(index)", at: 3_050)
      try alice.report(.new, of: "q-\(index)")
      let before = alice.orderRows.count
      try Self.ask(
        Self.query(
          .orders, alice, after: alice.orderRows.last?.orderID.raw ?? 0,
          number: UInt32(index + 1)),
        alice)
      #expect(alice.orderRows.count == before + 1, "after order \(index)")
    }
  }

  /// Fills happen while their account asks for them: none is in an answer before its report came.
  @Test func anAnswerKnowsNothingThatTheTerminalHasNotHeardOf() throws {
    let house = try House()
    let alice = try house.terminal("alice")
    let bob = try house.terminal("bob")
    try alice.place("a", lots: 30)
    try alice.report(.workingConfirmed, of: "a")
    let account = try #require(Name("alice"))
    for index in UInt32(1)...30 {
      try bob.place("b-\(index)", .sell)
      let before = alice.queryEnds.count
      for kind in [OrderEntry.QueryKind.trades, .orders, .funds] {
        try alice.send(
          OrderEntry.Query(requestNumber: index, account: account, kind: kind))
      }
      try alice.wait(for: "three answers") { $0.queryEnds.count >= before + 3 }
    }
    try alice.report(.trade, of: "a", times: 30)
    try Self.ask(Self.query(.trades, alice, number: 99), alice)
    #expect(alice.tradeRows.filter { $0.requestNumber == 99 }.count == 30)
    #expect(alice.answersAhead == 0)
  }

  @Test func theNextRunAnswersFromTheJournal() throws {
    let (house, alice, _) = try RestartTests.tradingHouse()
    try Self.ask(Self.query(.orders, alice), alice)
    try Self.ask(Self.query(.trades, alice), alice)
    house.stop()
    try house.startAgain()
    try house.awaitLinks(times: 2)
    let again = try house.terminal("alice")
    try Self.ask(Self.query(.orders, again), again)
    try Self.ask(Self.query(.trades, again), again)
    #expect(again.orderRows.map(\.orderID) == alice.orderRows.map(\.orderID))
    #expect(again.tradeRows.map(\.tradeNumber) == alice.tradeRows.map(\.tradeNumber))
    #expect(again.tradeRows.map(\.tradeID) == alice.tradeRows.map(\.tradeID))
  }

  @Test func changesComeWithoutBeingAskedForAgain() throws {
    let house = try House()
    let alice = try house.terminal("alice")
    try alice.send(
      OrderEntry.SubscribeAccount(
        requestNumber: 1, account: Name("alice")!, kinds: [.funds, .positions],
        intervalMilliseconds: 50))
    try alice.wait(for: "the money as it is") { !$0.funds.isEmpty }
    #expect(alice.positions.isEmpty)
    try alice.place("a-1", lots: 3)
    try alice.wait(for: "the position that the order opens") {
      $0.positions.last?.workingOpenLots == 3 && $0.funds.last?.frozenMargin != .zero
    }
  }

  @Test func theFollowersLagIsAMetric() throws {
    let house = try House()
    let server = try MetricsServer(house.metrics, at: .loopback(port: 0))
    let alice = try house.terminal("alice")
    try alice.place("a-1")
    try alice.report(.workingConfirmed, of: "a-1")
    try Self.ask(Self.query(.orders, alice), alice)
    let awaited = [
      "sluice_follower_lag_commands 0\n", "sluice_follower_follows 1\n",
      "sluice_follower_overflow_bytes_total 0\n",
    ]
    // Asked once, and again as often as the follower was not as far.
    let page = try MetricsPage.wait(server, for: "\(awaited) and a query") { page in
      awaited.allSatisfy { page.text.contains($0) }
        && page.value("sluice_queries_total") == Int64(alice.queryEnds.count)
    }
    #expect(page.text.contains("sluice_follower_lag_nanoseconds "))
  }

  /// A ring with hardly any room: the follower lives from the file.
  @Test func withoutRoomInTheRingTheFileHasItAll() throws {
    let house = try House { $0.follower.journalRingBytes = 64 }
    let alice = try house.terminal("alice")
    for index in 0..<20 {
      try alice.place("q-\(index)", at: 3_050)
      try alice.report(.workingConfirmed, of: "q-\(index)")
    }
    try Self.ask(Self.query(.orders, alice), alice)
    #expect(alice.orderRows.count == 20)
  }

  /// A byte of the journal is other than it was written.
  @Test func aFollowerThatCanNotGoOnSaysSoOnce() throws {
    let (house, alice, bob) = try RestartTests.tradingHouse()
    alice.socket.close()
    bob.socket.close()
    house.stop()
    let journal = try JournalRecords(house.journalPath)
    let broken = try JournalRecords.copy(house.journalPath, as: "broken.journal")
    let hurt = journal.records[journal.records.count - 6].bytes
    try JournalRecords.flip(broken, at: hurt.lowerBound + 33)
    var settings = house.settings
    settings.journal = JournalPlan(path: broken, .existing)
    let loop = try EventLoop(LoopLimits(connections: 1))
    let end = JournalEnd(
      offset: journal.records[journal.records.count - 1].bytes.upperBound, crc: 0, sequence: 1,
      time: 0, header: journal.header)
    guard
      let follower = FollowerThread(
        settings, behind: end, snapshot: 0, waker: loop.makeWaker())
    else {
      throw Overdue(what: "a thread")
    }
    let deadline = Deadline()
    var progress = follower.progress
    while progress.fault.isEmpty, deadline.millisecondsLeft > 0 {
      sched_yield()
      progress = follower.progress
    }
    #expect(progress.fault.contains("badChecksum"))
    #expect(progress.sequence > 0)
    var log = GatewayLog(house.log.service)
    log.follower(progress, at: StartedGateway.clock().real)
    log.follower(progress, at: StartedGateway.clock().real)
    try house.log.wait(for: "followerStopped", "badChecksum", "orders go on")
    #expect(house.log.found("followerStopped").count == 1)
    let metrics = MetricsTable()
    GatewayMeters(metrics, []).publish(follower)
    let server = try MetricsServer(metrics, at: .loopback(port: 0))
    #expect(try MetricsPage(at: server.address).value("sluice_follower_follows") == 0)
  }
}
