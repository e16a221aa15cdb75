import Domain
import Gateway
import Runtime
import Session
import Testing
import Wire

/// Terminals that don't read, or don't speak.
@Suite(.timeLimit(.minutes(2))) struct SlowTerminalTests {
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
      $0.limits.terms.logonSeconds = 1
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
