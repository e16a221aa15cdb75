import Domain
import Gateway
import Messages
import Testing
import Wire

@testable import Runtime

/// A trading day that begins while everybody is connected.
@Suite(.timeLimit(.minutes(10))) struct DaySwitchTests {
  static let tuesday = TradingDay(yyyymmdd: 20_260_303)!

  enum First: CaseIterable { case gateway, counter }

  /// Each changes the day by its own clock.
  @Test(arguments: First.allCases)
  func theDaysOrdersEndAndTheNextDaysAreTaken(first: First) throws {
    // Long enough for what is traded before it, on a machine that is busy.
    let change = StartedGateway.clock().real.adding(nanoseconds: 2_500_000_000)
    let counterChange = change.adding(
      nanoseconds: first == .counter ? -200_000_000 : 200_000_000)
    let house = try House(
      counterDays: [CounterServerSettings.Day(at: counterChange, day: Self.tuesday)]
    ) { settings in
      settings.days = [
        GatewayServerSettings.DayChange(
          at: change, day: DaySwitch(tradingDay: Self.tuesday, nightDate: 0))
      ]
    }
    let alice = try house.terminal("alice")
    let bob = try house.terminal("bob")
    try alice.place("a-1", lots: 3)
    try alice.report(.workingConfirmed, of: "a-1")
    try bob.place("b-1", .sell, lots: 2)
    try alice.report(.trade, of: "a-1")
    try bob.report(.trade, of: "b-1")

    let expired = try alice.report(.cancelled, of: "a-1")
    #expect(expired.tradingDay == House.day)
    #expect(expired.cumulativeLots == 2 && expired.leavesLots == 0)
    try house.log.wait(for: "kind=dayStarted", times: 2)
    if first == .gateway {
      // What the counter says of its own end of the day is about an order of an earlier one.
      try house.log.wait(for: "kind=unknownChild", "name=fund-a")
    }
    // The calendar's hours are over. The counter, where everything trades at any hour, says so
    // again when its own day begins, before the gateway's or behind it.
    let deadline = Deadline()
    var probes = 0
    repeat {
      probes += 1
      try alice.place("probe-\(probes)", lots: 51)
      try alice.report(.rejected, of: "probe-\(probes)")
    } while alice.refusedBy.last == .tradingSession && deadline.millisecondsLeft > 0
    // The id is free again, what was bought is yesterday's, and report numbers go on.
    try alice.place("a-1", .sell, lots: 2, offset: .closeYesterday)
    let closing = try alice.report(.new, of: "a-1", times: 2)
    #expect(closing.tradingDay == Self.tuesday)
    #expect(closing.orderID != expired.orderID)
    try bob.place("b-1", .buy, lots: 2, offset: .closeYesterday)
    for (terminal, id) in [(alice, "a-1"), (bob, "b-1")] {
      let filled = try terminal.report(.trade, of: id, times: 2)
      #expect(filled.state == .filled && filled.tradingDay == Self.tuesday)
      #expect(terminal.sequences == Array(1...UInt64(terminal.sequences.count)))
    }
  }
}
