import Domain
import Exchange
import Gateway
import Runtime
import Session
import Testing
import Wire

/// Terminals that don't read, or don't speak.
@Suite(.timeLimit(.minutes(10))) struct SlowTerminalTests {
  @Test func whoDoesNotReadIsCutWithAReasonAndNobodyElseNoticesAnything() throws {
    let house = try House {
      $0.limits.terminalOutputBytes = 16 * 1024
      $0.limits.linkOutputBytes = 16 * 1024
    }
    let alice = try house.terminal("alice")
    let bob = try house.terminal("bob")
    let slow = try ScriptedTerminal(house, "alice", isNarrow: true)
    try slow.logOn()
    // Refused orders are the cheapest way to many reports; both of alice's sessions get them.
    var sent = 0
    while house.log.found("terminalEnded account=alice").isEmpty {
      for _ in 0..<50 {
        sent += 1
        try alice.place("r-\(sent)", lots: 51)
      }
      try alice.report(.rejected, of: "r-\(sent)")
      try #require(sent < 10_000, "what waits for one terminal is bounded")
    }
    let line = try #require(house.log.found("terminalEnded account=alice").first)
    #expect(line.contains("what was sent was not read"))

    // Whole messages in order, and then the reason.
    try slow.waitForEnd()
    #expect(slow.logout?.reason == .slowReader)
    let heard = slow.sequences
    #expect(heard == Array(1...UInt64(heard.count)))
    #expect(heard.count < sent)
    #expect(alice.sequences == Array(1...UInt64(sent)))
    try bob.place("b-1", at: 3_000)
    try bob.report(.workingConfirmed, of: "b-1")
    #expect(alice.logout == nil && bob.logout == nil)

    // Back again, it hears the rest.
    let back = try ScriptedTerminal(house, "alice")
    try back.logOn(lastReport: UInt64(heard.count))
    #expect(back.sequences == Array(UInt64(heard.count) + 1...UInt64(sent)))
  }

  @Test func connectionsThatNeverLogOnAreClosedInTimeAndLeaveRoom() throws {
    let house = try House {
      $0.limits.unauthenticated = 2
      // Those two are to be there still when the third one comes.
      $0.limits.terms.logonSeconds = 3
    }
    let alice = try house.terminal("alice")
    let silent = try ScriptedTerminal(house, "bob")
    let halfway = try ScriptedTerminal(house, "bob")
    let logon = OrderEntry.Logon(account: Name("bob")!, schemaVersion: 1)
    try halfway.socket.send(Array(ScriptedTerminal.bytes(logon).dropLast(3)))
    let oneTooMany = try ScriptedTerminal(house, "bob")
    try oneTooMany.waitForEnd()
    #expect(oneTooMany.logout == nil)
    try house.log.wait(for: "terminalRefused")
    for terminal in [silent, halfway] {
      try terminal.waitForEnd()
      #expect(terminal.logout?.reason == .logonTimeout)
      #expect(terminal.socket.end == .closed)
    }
    silent.socket.close()
    halfway.socket.close()
    // Their places are free as soon as the gateway has noticed.
    let deadline = Deadline()
    var bob = try ScriptedTerminal(house, "bob")
    while (try? bob.logOn()) == nil, deadline.millisecondsLeft > 0 {
      bob = try ScriptedTerminal(house, "bob")
    }
    try bob.place("b-1")
    try bob.report(.workingConfirmed, of: "b-1")
    try alice.place("a-1")
    try alice.report(.workingConfirmed, of: "a-1")
  }

  /// Whoever finds no place takes none from the links to the counters either.
  @Test func aGatewayThatIsFullTurnsTerminalsAwayAndKeepsItsLinks() throws {
    let house = try House {
      $0.limits.terminals = 2
      $0.limits.unauthenticated = 2
    }
    let alice = try house.terminal("alice")
    let bob = try house.terminal("bob")
    try house.counter("north").misbehave(.dropLinkBefore, fundAccount: FundAccountID(0))
    try alice.place("a-1")
    try house.log.wait(for: "linkEnded fundAccount=fund-a")
    let turnedAway = try (0..<3).map { _ in try ScriptedTerminal(house, "carol") }
    for terminal in turnedAway {
      try terminal.waitForEnd()
      #expect(terminal.logout == nil && terminal.accepted == nil)
    }
    try house.log.wait(for: "terminalRefused")
    // They don't close their side, and the link has to come back.
    try house.log.wait(for: "linkReady fundAccount=fund-a", times: 2)
    #expect(house.log.found("linkEnded", "connectFailed") == [])
    try bob.send(OrderEntry.Logout(reason: .requested))
    try bob.waitForEnd()
    bob.socket.close()
    let deadline = Deadline()
    var carol = try ScriptedTerminal(house, "carol")
    while (try? carol.logOn()) == nil, deadline.millisecondsLeft > 0 {
      carol = try ScriptedTerminal(house, "carol")
    }
    try carol.place("c-1")
    try carol.report(.workingConfirmed, of: "c-1")
    #expect(turnedAway.allSatisfy { $0.reports.isEmpty })
  }

  @Test func whoFallsSilentIsToldSoAndNoLongerCounted() throws {
    let house = try House()
    let silent = try ScriptedTerminal(house, "carol")
    try silent.sendLogon(heartbeatSeconds: 1)
    try silent.waitForEnd()
    #expect(silent.accepted?.heartbeatIntervalSeconds == 1)
    #expect(silent.logout?.reason == .heartbeatTimeout)
    // The gateway spoke meanwhile.
    #expect(silent.others >= 2)
    // carol may have one session.
    let again = try house.terminal("carol")
    #expect(again.logout == nil)
  }

  /// Over the announced rate it is held back, not refused.
  @Test func whoSendsTooFastIsHeldBackAndLosesNothing() throws {
    let house = try House { $0.limits.terms.messagesPerSecond = 100 }
    let alice = try house.terminal("alice")
    #expect(alice.accepted?.messagesPerSecond == 100)
    var bytes: [UInt8] = []
    for number in 1...150 {
      bytes += try ScriptedTerminal.bytes(alice.order("m-\(number)", lots: 51))
    }
    try alice.socket.send(bytes)
    try alice.report(.rejected, of: "m-150")
    #expect(alice.sequences == Array(1...150))
    // A second's burst, and half a second for the rest.
    let times = alice.reports.map(\.transactTime.nanoseconds)
    #expect(try #require(times.last) - times[0] >= 400_000_000)
  }
}
