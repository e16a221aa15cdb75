import Domain
import Exchange
import Journal
import Testing
import Wire

@testable import Runtime

/// A gateway whose orders leave when they are on the disk.
@Suite(.timeLimit(.minutes(10))) struct PowerTests {
  static func house() throws -> House {
    try House {
      $0.journal.durability = .power
      $0.journal.segmentBytes = JournalSyncer.segmentBytesMinimum
    }
  }

  /// Orders of both sides that meet, many at once.
  static func trade(
    _ alice: ScriptedTerminal, _ bob: ScriptedTerminal, _ name: String, _ count: Int
  ) throws {
    for number in 0..<count {
      try alice.place("a-\(name)-\(number)")
      try bob.place("b-\(name)-\(number)", .sell)
    }
    for number in 0..<count {
      for (terminal, id) in [(alice, "a-\(name)-\(number)"), (bob, "b-\(name)-\(number)")] {
        try terminal.wait(for: "the end of \(id)") { terminal in
          terminal.reports.contains { $0.clOrdID == ClOrdID(id) && $0.state.isFinal }
        }
      }
    }
  }

  @Test func everythingIsAnsweredAndTheBooksAgree() throws {
    let house = try Self.house()
    let alice = try house.terminal("alice")
    let bob = try house.terminal("bob")
    try Self.trade(alice, bob, "o", 40)
    // The second engine reads what is durable.
    try QueryTests.ask(QueryTests.query(.orders, alice), alice)
    #expect(alice.orderRows.count == 40)
    let everything = try [house.terminal("alice"), house.terminal("bob")]
    for (whole, part) in zip(everything, [alice, bob]) {
      try whole.wait(for: "all of the day") { $0.sequences.last == part.sequences.last }
      part.socket.close()
    }
    try house.prove(everything)
  }

  @Test func aStopTellsEverybodyWhatIsOnTheDiskBeforeItSaysGoodbye() throws {
    let house = try Self.house()
    let alice = try house.terminal("alice")
    for number in 0..<50 { try alice.place("a-\(number)", at: 3_000) }
    try alice.report(.new, of: "a-49")
    house.beginStop()
    try alice.waitForEnd()
    #expect(alice.logout?.reason == .shuttingDown)
    #expect(alice.sequences == Array(1...UInt64(alice.sequences.count)))
    alice.socket.close()
    house.stop()
    let stopped = try house.log.wait(for: "stopped", "state=0x")
    let hash = try JournalRecords.stateHash(house.journalPath, house.settings.capacities)
    #expect(stopped.contains("state=0x" + String(hash, radix: 16)))
    try house.startAgain()
    try house.awaitLinks(times: 2)
    let again = try house.terminal("alice", lastReport: UInt64(alice.sequences.count))
    try again.place("a-49", at: 3_000)
    try again.report(.restated, of: "a-49")
  }

  @Test func aFailedSyncIsToldAndNothingIsLost() throws {
    let house = try Self.house()
    let alice = try house.terminal("alice")
    let bob = try house.terminal("bob")
    try Self.trade(alice, bob, "before", 10)
    try SyncFault(JournalFolder(path: house.journalPath).segmentPath(1)).strike()
    try Self.trade(alice, bob, "behind", 30)
    try house.log.wait(for: "error journalSyncFailed")
    try QueryTests.ask(QueryTests.query(.orders, alice), alice)
    #expect(alice.orderRows.count == 40)
    #expect(house.log.found("followerStopped").isEmpty)
    let everything = try [house.terminal("alice"), house.terminal("bob")]
    for (whole, part) in zip(everything, [alice, bob]) {
      try whole.wait(for: "all of the day") { $0.sequences.last == part.sequences.last }
      part.socket.close()
    }
    try house.prove(everything)
    #expect(try JournalFolder(path: house.journalPath).numbers().count >= 2)
  }
}
