import Domain
import Testing
import Wire

/// Counters that answer nonsense, or nothing: their own orders are in doubt, nobody else's.
@Suite(.timeLimit(.minutes(10))) struct PlayedCounterTests {
  /// A house whose counter north is the test's, with alice's fund account alone.
  static func house(
    heartbeatSeconds: Int = 5
  ) throws -> (house: House, counter: ScriptedCounter) {
    let counter = try ScriptedCounter()
    let files = HouseFiles(bobsCounter: "south", heartbeatSeconds: heartbeatSeconds)
    return (try House(files, played: ["north": counter.address]), counter)
  }

  struct Nonsense: Sendable, CustomTestStringConvertible {
    var name: String
    var cause: String
    var goodbye: CounterProtocol.LinkEndReason
    var bytes: @Sendable () throws -> [UInt8]
    var testDescription: String { name }
  }

  static let nonsense: [Nonsense] = [
    Nonsense(name: "no frame at all", cause: "badBytes", goodbye: .badFrame) {
      [UInt8](repeating: 0xFF, count: 100)
    },
    Nonsense(name: "a frame of another encoding", cause: "badBytes", goodbye: .badFrame) {
      [0, 0, 0, 20, 1, 2] + [UInt8](repeating: 0, count: 14)
    },
    Nonsense(name: "a message of the other protocol", cause: "badBytes", goodbye: .unknownMessage) {
      try ScriptedTerminal.bytes(OrderEntry.Heartbeat())
    },
    Nonsense(
      name: "a message that only gateways send", cause: "unexpectedMessage",
      goodbye: .unexpectedMessage
    ) { try ScriptedTerminal.bytes(CounterProtocol.FundsRequest(requestNumber: 1)) },
    Nonsense(
      name: "a report without a number", cause: "unexpectedMessage", goodbye: .unexpectedMessage
    ) {
      try ScriptedTerminal.bytes(
        CounterProtocol.OrderReport(
          counterSequence: 0, childOrderID: OrderID(raw: 1), state: .accepted))
    },
    Nonsense(
      name: "a second welcome", cause: "unexpectedMessage", goodbye: .unexpectedMessage
    ) { try ScriptedTerminal.bytes(CounterProtocol.LoginAccepted(epoch: 9)) },
  ]

  @Test(arguments: nonsense)
  func nonsenseEndsTheLinkWithAReasonAndLeavesOtherCountersAlone(_ row: Nonsense) throws {
    let (house, counter) = try Self.house()
    try counter.letIn()
    try house.log.wait(for: "linkReady fundAccount=fund-a")
    let alice = try house.terminal("alice")
    let bob = try house.terminal("bob")
    try alice.place("a-1", lots: 2)
    let order = try counter.nextOrder()
    #expect(order.lots == 2 && order.price == Price(units: 31_000_000))
    try counter.send(row.bytes())
    try alice.report(.pendingUnknown, of: "a-1")
    let line = try house.log.wait(for: "linkEnded fundAccount=fund-a", "cause=")
    #expect(line.contains(row.cause), "\(line)")
    try counter.waitForEnd()
    #expect(counter.goodbye == row.goodbye)
    try bob.place("b-1")
    try bob.report(.workingConfirmed, of: "b-1")
    #expect(bob.kinds == [.new, .workingConfirmed])
    #expect(house.log.found("linkEnded fundAccount=fund-b") == [])
  }

  @Test func afterNonsenseTheLinkIsTriedAgainAndTheOrdersFateIsAskedFor() throws {
    let (house, counter) = try Self.house()
    try counter.letIn()
    try house.log.wait(for: "linkReady fundAccount=fund-a")
    let alice = try house.terminal("alice")
    try alice.place("a-1", lots: 2)
    try alice.place("a-2", lots: 3)
    let first = try counter.nextOrder()
    let second = try counter.nextOrder()
    try counter.send([UInt8](repeating: 0xFF, count: 100))
    try counter.waitForEnd()
    // It has the second order and never had the first.
    counter.denied = [first.childOrderID.raw]
    try counter.letIn(fates: true)
    try house.log.wait(for: "linkReady fundAccount=fund-a", times: 2)
    try alice.wait(for: "the end of a-1") { terminal in
      terminal.reports.contains { $0.clOrdID == ClOrdID("a-1") && $0.state.isFinal }
    }
    try counter.send(counter.accepted(second))
    try alice.report(.workingConfirmed, of: "a-2")
    #expect(counter.orders.count == 2)
    #expect(alice.reports.last?.unknownLots == 0)
  }

  /// An epoch that is not larger than the last promises nothing.
  @Test func aCounterThatForgetsItsEpochIsNotLetIn() throws {
    let (house, counter) = try Self.house()
    try counter.letIn()
    try house.log.wait(for: "linkReady fundAccount=fund-a")
    counter.close()
    try counter.accept()
    try counter.send(
      CounterProtocol.LoginAccepted(epoch: 1, tradingDay: House.day, schemaVersion: 1))
    try house.log.wait(for: "linkEnded fundAccount=fund-a", "epochWentBack")
    try counter.waitForEnd()
    #expect(counter.goodbye == .unexpectedMessage)
  }

  @Test func aCounterThatNeverAnswersTheLoginIsGivenUpAndTriedAgain() throws {
    let (house, counter) = try Self.house(heartbeatSeconds: 1)
    try counter.accept()
    let alice = try house.terminal("alice")
    let bob = try house.terminal("bob")
    try alice.place("a-1")
    let refused = try alice.report(.rejected, of: "a-1")
    #expect(refused.refusal.rule == RuleID.fundLinkDown.rawValue)
    try bob.place("b-1")
    try bob.report(.workingConfirmed, of: "b-1")
    try house.log.wait(for: "linkEnded fundAccount=fund-a", "cause=silence", "wasUp=false")
    try counter.waitForEnd()
    #expect(counter.goodbye == .heartbeatTimeout)
    try counter.letIn()
    try house.log.wait(for: "linkReady fundAccount=fund-a")
    try alice.place("a-2")
    try counter.send(counter.accepted(try counter.nextOrder()))
    try alice.report(.workingConfirmed, of: "a-2")
  }

  @Test func aCounterThatFallsSilentIsGivenUpAndItsOrdersAreUnknown() throws {
    let (house, counter) = try Self.house(heartbeatSeconds: 1)
    try counter.letIn()
    try house.log.wait(for: "linkReady fundAccount=fund-a")
    let alice = try house.terminal("alice")
    try alice.place("a-1")
    _ = try counter.nextOrder()
    let unknown = try alice.report(.pendingUnknown, of: "a-1")
    #expect(unknown.unknownLots == 1)
    try house.log.wait(for: "linkEnded fundAccount=fund-a", "cause=silence", "wasUp=true")
    #expect(house.log.found("linkEnded fundAccount=fund-b") == [])
  }

  /// Each pause is up to twice the one before, and none is shorter than half of what it may be.
  @Test func aLoginThatFailsIsTriedAgainAfterPausesThatGrow() throws {
    let (house, counter) = try Self.house()
    for _ in 0..<2 {
      try counter.accept()
      counter.close()
    }
    try counter.accept()
    try counter.send(CounterProtocol.LoginRejected(reason: .refused))
    try house.log.wait(for: "linkEnded fundAccount=fund-a", "loginRefused", "counterSays=refused")
    let lines = house.log.found("linkEnded fundAccount=fund-a")
    #expect(lines.prefix(2).allSatisfy { $0.contains("cause=connectionLost") })
    let times = lines.map(Self.seconds)
    try #require(times.count == 3)
    #expect(times[1] - times[0] >= 0.5)
    #expect(times[2] - times[1] >= 1)
  }

  /// Seconds of the day of a line of the log.
  static func seconds(_ line: String) -> Double {
    let parts = line.split(separator: " ")[0].dropFirst(11).dropLast().split(separator: ":")
    return parts.reduce(0) { $0 * 60 + (Double($1) ?? 0) }
  }
}
