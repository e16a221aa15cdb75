import Domain
import Exchange
import Gateway
import Runtime
import Testing
import Wire

/// A terminal whose connection breaks, and what it hears when it is back.
@Suite(.timeLimit(.minutes(10))) struct ResumeTests {
  @Test func whoWasCutHearsTheRestExactlyOnceInOrder() throws {
    let house = try House()
    let first = try house.terminal("alice")
    let bob = try house.terminal("bob")
    for number in 1...4 { try first.place("a-\(number)", lots: 2) }
    try first.report(.workingConfirmed, of: "a-4")
    #expect(first.sequences == Array(1...8))
    // In the middle of an order: it is none.
    try first.socket.send(Array(ScriptedTerminal.bytes(first.order("half")).dropLast(7)))
    first.socket.cut()
    try house.log.wait(for: "terminalLost account=alice")

    for number in 1...3 { try bob.place("b-\(number)", .sell, lots: 2) }
    for number in 1...3 { try bob.report(.trade, of: "b-\(number)") }
    // It was cut before it had read the last three that were sent.
    let second = try house.terminal("alice", lastReport: 5)
    try bob.place("b-4", .sell, lots: 2)
    try second.report(.trade, of: "a-4")
    try bob.report(.trade, of: "b-4")
    #expect(second.sequences == Array(6...12))
    let resumed = try #require(second.resumed)
    let missed = second.reports.filter { $0.flags == [.replayed] }
    #expect(missed.map(\.reportSequence) == Array(6...resumed.lastReportSequence))
    #expect(second.kinds(of: "half") == [])
    #expect(second.kinds(of: "a-1") == [.trade])
    // Together they are one stream.
    let all = first.reports.filter { $0.reportSequence <= 5 } + second.reports
    #expect(all.map(\.reportSequence) == Array(1...12))
    let third = try house.terminal("alice", lastReport: 12)
    #expect(third.reports.isEmpty && third.resumed?.lastReportSequence == 12)
    // With nothing named, all of the day is told.
    second.socket.cut()
    try house.log.wait(for: "terminalLost account=alice", times: 2)
    let fresh = try house.terminal("alice")
    try fresh.wait(for: "all of the day") { $0.sequences == Array(1...12) }
    try house.prove([fresh, bob])
  }

  @Test func anOrderSentAgainIsAnsweredFromTheStoreAndPlacedOnce() throws {
    let house = try House()
    let first = try house.terminal("alice")
    try first.place("a-1", lots: 2)
    let original = try first.report(.workingConfirmed, of: "a-1")
    first.socket.cut()
    try house.log.wait(for: "terminalLost account=alice")

    let second = try house.terminal("alice", lastReport: 2)
    try second.place("a-1", lots: 2)
    let answer = try second.report(.restated, of: "a-1")
    #expect(answer.orderID == original.orderID)
    #expect(answer.state == .working && answer.leavesLots == 2)
    #expect(answer.reportSequence == 0)
    // Another order under the same id is refused and leaves the first one alone.
    try second.place("a-1", lots: 3)
    let refused = try second.report(.rejected, of: "a-1")
    #expect(refused.refusal.rule == RuleID.duplicateOrder.rawValue)
    // A refused one is answered again as well.
    try second.place("a-2", lots: 51)
    let rejected = try second.report(.rejected, of: "a-2")
    try second.place("a-2", lots: 51)
    let restated = try second.report(.restated, of: "a-2")
    #expect(restated.orderID == rejected.orderID && restated.state == .rejected)
    try second.cancel("a-1")
    try second.report(.cancelled, of: "a-1")
    second.socket.close()
    house.stop()
    let exchange = try house.counter("north").stop()
    #expect(exchange.statuses(account: FundAccountID(0)).count == 1)
  }

  @Test func everySessionOfAnAccountHearsEverythingAndNobodyElseDoes() throws {
    let house = try House()
    let one = try house.terminal("alice")
    let other = try house.terminal("alice")
    let bob = try house.terminal("bob")
    try one.place("a-1")
    try other.place("a-2")
    for terminal in [one, other] {
      try terminal.report(.workingConfirmed, of: "a-1")
      try terminal.report(.workingConfirmed, of: "a-2")
      #expect(terminal.sequences == [1, 2, 3, 4])
    }
    try bob.place("b-1", at: 3_000)
    try bob.report(.workingConfirmed, of: "b-1")
    #expect(bob.reports.allSatisfy { $0.account == Name("bob") })
  }

  /// The oldest reports are gone: the terminal is told from where on there are some, and what it
  /// owns now.
  @Test func whoMissedMoreThanIsKeptIsToldSo() throws {
    let house = try House { $0.limits.reports = 8 }
    let first = try house.terminal("alice")
    for number in 1...10 { try first.place("a-\(number)") }
    try first.report(.workingConfirmed, of: "a-10")
    let second = try ScriptedTerminal(house, "alice")
    try second.sendLogon(lastReport: 2)
    try second.wait(for: "the end of the resume") { $0.truncated != nil && $0.others >= 2 }
    let truncated = try #require(second.truncated)
    #expect(truncated.firstAvailableSequence == 13)
    #expect(truncated.lastReportSequence == 20)
    #expect(second.sequences == Array(13...20))
  }
}
