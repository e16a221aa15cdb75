import Domain
import Exchange
import Testing
import Wire

/// A counter that goes away while orders work, and comes back.
@Suite(.timeLimit(.minutes(10))) struct CounterCutTests {
  static let fundA = FundAccountID(0)

  @Test func whatWasMissedIsAppliedExactlyOnceWhenTheLinkIsBack() throws {
    let house = try House()
    let north = try house.counter("north")
    let alice = try house.terminal("alice")
    let bob = try house.terminal("bob")
    try alice.place("a-1", lots: 3)
    try alice.report(.workingConfirmed, of: "a-1")
    // The counter takes the second order and cuts the link before it says so.
    north.misbehave(.dropLinkAfter, fundAccount: Self.fundA)
    try alice.place("a-2", lots: 2, at: 3_099)
    for id in ["a-1", "a-2"] {
      let unknown = try alice.report(.pendingUnknown, of: id)
      // Nothing counts as refused, nothing as gone.
      #expect(unknown.unknownLots == unknown.lots && unknown.leavesLots == unknown.lots)
      #expect(!unknown.state.isFinal)
    }
    // Meanwhile the counter goes on: bob's link to it stands.
    try bob.place("b-1", .sell, lots: 4, at: 3_099)
    try bob.wait(for: "all of bob's fills") { $0.reports.last?.state == .filled }
    try alice.place("a-3")
    let refused = try alice.report(.rejected, of: "a-3")
    #expect(refused.refusal.rule == RuleID.fundLinkDown.rawValue)
    #expect(refused.refusal.scopeName == Name("fund-a"))
    try alice.cancel("a-2")

    try house.log.wait(for: "linkReady fundAccount=fund-a", times: 2)
    try alice.report(.cancelled, of: "a-2")
    #expect(alice.kinds(of: "a-1") == [.new, .workingConfirmed, .pendingUnknown, .trade])
    #expect(
      alice.kinds(of: "a-2") == [
        .new, .pendingUnknown, .workingConfirmed, .trade, .cancelled,
      ])
    let last = try #require(alice.reports.last)
    #expect(last.cumulativeLots == 1 && last.unknownLots == 0)
    #expect(alice.sequences == Array(1...UInt64(alice.sequences.count)))
    try house.prove([alice, bob])
  }

  @Test func anOrderThatNeverArrivedEndsAndIsNotSentAgain() throws {
    let house = try House()
    let north = try house.counter("north")
    let alice = try house.terminal("alice")
    north.misbehave(.dropLinkBefore, fundAccount: Self.fundA)
    try alice.place("a-1", lots: 50)
    try alice.report(.pendingUnknown, of: "a-1")
    try alice.wait(for: "the end of the order") { $0.reports.last?.state.isFinal == true }
    try house.log.wait(for: "linkReady fundAccount=fund-a", times: 2)
    // Its lots are free again: all that the account may hold fits.
    try alice.place("a-2", lots: 50)
    try alice.report(.workingConfirmed, of: "a-2")
    #expect(alice.kinds(of: "a-1").prefix(2) == [.new, .pendingUnknown])
    #expect(alice.kinds(of: "a-1").count == 3)
    alice.socket.close()
    house.stop()
    let books = try north.stop()
    #expect(books.statuses(account: FundAccountID(0)).map(\.leavesLots) == [50])
  }

  /// Nobody listens for a while; the other counter's orders are as ever.
  @Test func aCounterThatStopsAndComesBackWithItsBooksIsTakenUpAgain() throws {
    let house = try House()
    let north = try house.counter("north")
    let terminals = try ["alice", "bob", "carol"].map { try house.terminal($0) }
    for (number, terminal) in terminals.enumerated() {
      try terminal.place("o-1", number == 1 ? .sell : .buy, at: number == 1 ? 3_150 : 3_050)
      try terminal.report(.workingConfirmed, of: "o-1")
    }
    try north.stop()
    for terminal in terminals.prefix(2) { try terminal.report(.pendingUnknown, of: "o-1") }
    // It said goodbye; the first try after it finds nobody.
    try house.log.wait(for: "linkEnded fundAccount=fund-a", "cause=counterEnded", "shuttingDown")
    try house.log.wait(for: "linkEnded fundAccount=fund-a", "cause=connectFailed")
    try terminals[2].place("o-2", at: 3_000)
    try terminals[2].report(.workingConfirmed, of: "o-2")

    try north.startAgain()
    for terminal in terminals.prefix(2) {
      try terminal.report(.resolved, of: "o-1")
      try terminal.place("o-2", .buy, lots: 2, at: 3_000)
      try terminal.report(.workingConfirmed, of: "o-2")
      #expect(terminal.sequences == Array(1...6))
      #expect(terminal.reports.filter { $0.execType == .workingConfirmed }.count == 2)
    }
    #expect(!terminals[2].kinds.contains(.pendingUnknown))
    try house.prove(terminals)
  }

  /// Reports that come twice, late or in parts are one stream in the books.
  @Test(arguments: [
    Fault.duplicateReports, .delayReports(milliseconds: 30), .answerLate(milliseconds: 30),
    .fillInParts(lots: 1), .unknownOrder, .refuse,
  ])
  func aFaultOfTheCounterIsNoFaultOfTheBooks(_ fault: Fault) throws {
    let house = try House()
    let north = try house.counter("north")
    let alice = try house.terminal("alice")
    let bob = try house.terminal("bob")
    north.misbehave(fault, fundAccount: Self.fundA)
    try alice.place("a-1", lots: 3)
    if fault == .refuse {
      let rejected = try alice.report(.rejected, of: "a-1")
      #expect(rejected.refusal.rule == RuleID.counterRefused.rawValue)
      #expect(rejected.counterError != 0)
    } else {
      try alice.report(.workingConfirmed, of: "a-1")
    }
    try alice.place("a-2", lots: 1, at: 3_099)
    try alice.report(.workingConfirmed, of: "a-2")
    try bob.place("b-1", .sell, lots: 4, at: 3_099)
    try alice.wait(for: "the fill of a-2") { terminal in
      terminal.reports.contains { $0.clOrdID == ClOrdID("a-2") && $0.state == .filled }
    }
    let filled = alice.reports.filter { $0.execType == .trade }.reduce(0) { $0 + $1.lastLots }
    #expect(filled == (fault == .refuse ? 1 : 4))
    #expect(alice.sequences == Array(1...UInt64(alice.sequences.count)))
    if fault == .unknownOrder { try house.log.wait(for: "kind=unmappedTrade") }
    try bob.cancel("b-1")
    try bob.wait(for: "the end of b-1") { terminal in
      terminal.reports.contains { $0.clOrdID == ClOrdID("b-1") && $0.state.isFinal }
    }
    // A trade of nobody's order is the fund account's alone: there the lots can't agree.
    if fault != .unknownOrder { try house.prove([alice, bob]) }
  }
}
