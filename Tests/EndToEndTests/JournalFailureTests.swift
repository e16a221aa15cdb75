import Domain
import Runtime
import Testing
import Wire

/// A journal that can't be written: nothing is answered that is not on record.
@Suite(.timeLimit(.minutes(2))) struct JournalFailureTests {
  /// alice's counter is the test's, and nobody is at the other one, so that no command comes by
  /// itself.
  static func house(
    stopNanoseconds: Int64 = 5_000_000_000
  ) throws -> (House, ScriptedCounter, ScriptedCounter) {
    let north = try ScriptedCounter()
    let south = try ScriptedCounter(isThere: false)
    let house = try House(
      HouseFiles(bobsCounter: "south"),
      played: ["north": north.address, "south": south.address]
    ) { $0.stopNanoseconds = stopNanoseconds }
    try north.letIn()
    try house.log.wait(for: "linkReady fundAccount=fund-a")
    try north.openMarket(house.instrument)
    return (house, north, south)
  }

  @Test func whileTheDiskIsFullNothingIsTakenAndNothingUnrecordedIsSaid() throws {
    let (house, north, south) = try Self.house()
    let alice = try house.terminal("alice")
    let bob = try house.terminal("bob")
    try alice.place("a-1")
    _ = try north.nextOrder()
    try alice.report(.new, of: "a-1")

    let disk = try FullDisk(under: house.journalPath)
    try alice.place("a-2")
    try house.log.wait(for: "journalFailed", "error=full")
    // Whoever asks now is told so.
    try bob.place("b-1")
    try bob.wait(for: "a word on b-1") { !$0.rejects.isEmpty }
    #expect(bob.rejects[0].refusal.rule == RuleID.journalUnavailable.rawValue)
    #expect(bob.rejects[0].refRequestID == ClOrdID("b-1"))
    let carol = try ScriptedTerminal(house, "carol")
    try carol.sendLogon()
    try carol.waitForEnd()
    #expect(carol.logout?.reason == .unavailable)
    #expect(carol.logout?.rule == RuleID.journalUnavailable.rawValue)
    // Neither the terminal nor the counter has heard of the order that is not on record.
    #expect(alice.socket.isQuiet)
    #expect(try north.ordersSoFar().count == 1)
    #expect(try JournalRecords(house.journalPath).order("a-2") == nil)

    disk.makeRoom()
    try house.log.wait(for: "journalRecovered")
    try alice.report(.new, of: "a-2")
    #expect(try north.nextOrder().lots == 1)
    #expect(try JournalRecords(house.journalPath).order("a-2") != nil)
    // What was turned away left no trace.
    try bob.place("b-1")
    let refused = try bob.report(.rejected, of: "b-1")
    #expect(refused.refusal.rule == RuleID.fundLinkDown.rawValue)
    #expect(alice.sequences == [1, 2])
    withExtendedLifetime(south) {}
  }

  @Test func aStopWithTheDiskFullLeavesNothingUnrecordedBehind() throws {
    let (house, north, south) = try Self.house(stopNanoseconds: 100_000_000)
    let alice = try house.terminal("alice")
    var disk: FullDisk? = try FullDisk(under: house.journalPath)
    try alice.place("a-1")
    try house.log.wait(for: "journalFailed", "error=full")
    house.beginStop()
    try alice.waitForEnd()
    try north.waitForEnd()
    #expect(alice.logout?.reason == .shuttingDown)
    #expect(north.goodbye == .requested)
    alice.socket.close()
    north.close()
    house.stop()
    try house.log.wait(for: "stopped", "isJournaled=false")
    #expect(disk != nil)
    #expect(alice.reports.isEmpty && alice.kinds.isEmpty)
    #expect(north.orders.isEmpty)

    // It goes on from what is on record, where there was no such order.
    disk = nil
    try house.startAgain()
    try north.letIn()
    try house.log.wait(for: "linkReady fundAccount=fund-a", times: 2)
    let again = try house.terminal("alice")
    try again.place("a-1")
    _ = try north.nextOrder()
    let report = try again.report(.new, of: "a-1")
    #expect(report.reportSequence == 1)
    #expect(again.kinds == [.new])
    withExtendedLifetime(south) {}
  }
}
