import Domain
import Foundation
import Testing
import Wire

@testable import Runtime

/// A journal that has no room: nothing is answered that is not on record, and what room is left is
/// for what lessens risk.
@Suite(.timeLimit(.minutes(10))) struct JournalFailureTests {
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

  /// Places orders that are refused on record until the last segment that can be made, the second,
  /// is begun, and waits until the gateway knows that there is none behind it: that another thread
  /// finds out, and meanwhile opening orders would fill the segment.
  static func fillToLast(_ terminal: ScriptedTerminal, _ name: String) throws {
    for number in 0..<100 where !hasBegun(2, terminal.house.journalPath) {
      try placeMany(terminal, .open, "\(name)-\(number)")
    }
    try terminal.house.log.wait(for: "error journalLow", "error=full")
  }

  /// Places closing orders that are refused on record until there is no room at all.
  static func fillAll(_ terminal: ScriptedTerminal, _ name: String) throws {
    for number in 0..<100 where terminal.house.log.found("error journalFailed").isEmpty {
      try placeMany(terminal, .closeToday, "\(name)-\(number)")
    }
    try terminal.house.log.wait(for: "error journalFailed", "error=full")
  }

  /// Whether a segment has its header: it is made, of zeros, before it is needed.
  private static func hasBegun(_ segment: UInt32, _ path: String) -> Bool {
    let file = try? FileHandle(
      forReadingFrom: URL(filePath: JournalFolder(path: path).segmentPath(segment)))
    defer { try? file?.close() }
    return (try? file?.read(upToCount: 8))?.contains { $0 != 0 } ?? false
  }

  /// Places orders that are refused on record, and waits for what becomes of them.
  static func placeMany(
    _ terminal: ScriptedTerminal, _ offset: Offset, _ name: String
  ) throws {
    let known = terminal.reports.count + terminal.rejects.count
    for part in 0..<40 { try terminal.place("\(name)-\(part)", lots: 400, offset: offset) }
    try terminal.wait(for: "an answer to each") {
      $0.reports.count + $0.rejects.count == known + 40
    }
  }

  @Test func onTheLastSegmentOnlyOpeningOrdersAreRefused() throws {
    let (house, north, south) = try Self.house()
    let disk = try FullDisk(under: house.journalPath, segments: 2)
    let alice = try house.terminal("alice")
    try alice.place("a-1")
    _ = try north.nextOrder()
    try alice.report(.new, of: "a-1")
    try Self.fillToLast(alice, "f")

    let rejected = alice.rejects.count
    try alice.place("a-2")
    try alice.wait(for: "a word on a-2") { $0.rejects.count > rejected }
    #expect(alice.rejects.last?.refusal.rule == RuleID.journalUnavailable.rawValue)
    #expect(alice.rejects.last?.refRequestID == ClOrdID("a-2"))
    // A closing order is decided, on record; a cancel reaches the counter.
    try alice.place("a-3", .sell, offset: .closeToday)
    try alice.report(.rejected, of: "a-3")
    try alice.cancel("a-1")
    try north.awaitCancel()
    // Somebody else may still come, to cancel.
    let bob = try house.terminal("bob")
    #expect(bob.accepted != nil)
    #expect(try JournalRecords(house.journalPath).order("a-2") == nil)
    #expect(try JournalRecords(house.journalPath).order("a-3") != nil)

    disk.makeRoom()
    try house.log.wait(for: "journalHasRoom")
    try alice.place("a-2")
    try alice.report(.new, of: "a-2")
    withExtendedLifetime(south) {}
  }

  @Test func withoutAnyRoomNothingIsTakenUntilThereIsSome() throws {
    let (house, north, south) = try Self.house()
    let disk = try FullDisk(under: house.journalPath, segments: 2)
    let alice = try house.terminal("alice")
    let bob = try house.terminal("bob")
    try Self.fillToLast(alice, "f")
    try Self.fillAll(alice, "g")
    // Whoever asks now is told so.
    try bob.place("b-1", offset: .closeToday)
    try bob.wait(for: "a word on b-1") { !$0.rejects.isEmpty }
    #expect(bob.rejects[0].refusal.rule == RuleID.journalUnavailable.rawValue)
    #expect(bob.rejects[0].refRequestID == ClOrdID("b-1"))
    let carol = try ScriptedTerminal(house, "carol")
    try carol.sendLogon()
    try carol.waitForEnd()
    #expect(carol.logout?.reason == .unavailable)
    #expect(carol.logout?.rule == RuleID.journalUnavailable.rawValue)
    #expect(try JournalRecords(house.journalPath).order("b-1") == nil)

    disk.makeRoom()
    try house.log.wait(for: "journalRecovered")
    // What was turned away left no trace.
    try bob.place("b-1")
    let refused = try bob.report(.rejected, of: "b-1")
    #expect(refused.refusal.rule == RuleID.fundLinkDown.rawValue)
    try alice.place("a-1")
    #expect(try north.nextOrder().lots == 1)
    try alice.report(.new, of: "a-1")
    #expect(try JournalRecords(house.journalPath).order("a-1") != nil)
    #expect(alice.sequences == Array(1...UInt64(alice.sequences.count)))
    withExtendedLifetime(south) {}
  }

  @Test func aStopWithoutRoomLeavesAJournalThatGoesOn() throws {
    let (house, north, south) = try Self.house(stopNanoseconds: 100_000_000)
    let disk = try FullDisk(under: house.journalPath, segments: 2)
    let alice = try house.terminal("alice")
    try Self.fillToLast(alice, "f")
    try Self.fillAll(alice, "g")
    let answered = alice.reports.count
    house.beginStop()
    try alice.waitForEnd()
    try north.waitForEnd()
    #expect(alice.logout?.reason == .shuttingDown)
    #expect(north.goodbye == .requested)
    alice.socket.close()
    north.close()
    house.stop()
    try house.log.wait(for: "stopped", "isJournaled=false")
    #expect(alice.reports.count == answered)

    // It goes on from what is on record.
    disk.makeRoom()
    try house.startAgain()
    try north.letIn()
    try house.log.wait(for: "linkReady fundAccount=fund-a", times: 2)
    let again = try house.terminal("alice")
    try again.wait(for: "all of the last run") { $0.reports.count == answered }
    try again.place("a-1")
    _ = try north.nextOrder()
    let report = try again.report(.new, of: "a-1")
    #expect(report.reportSequence == UInt64(answered + 1))
    withExtendedLifetime(south) {}
  }

  @Test func aDiskThatDoesNotTakeWhatIsWrittenIsToldAndCounted() throws {
    let (house, north, south) = try Self.house()
    let server = try MetricsServer(house.metrics, at: .loopback(port: 0))
    let counted = "sluice_journal_hand_over_failures_total"
    let alice = try house.terminal("alice")
    try Self.placeMany(alice, .open, "w")
    #expect(try MetricsPage(at: server.address).value(counted) == 0)
    // Of a segment that is full all pages are handed over.
    try MissingPage(of: JournalFolder(path: house.journalPath).segmentPath(1)).strike(at: 8_192)
    for number in 0..<100 where house.log.found("error journalNotOnDisk").isEmpty {
      try Self.placeMany(alice, .open, "x-\(number)")
    }
    try house.log.wait(for: "error journalNotOnDisk")
    // Told in the same beat; the page has it, and orders go on.
    _ = try MetricsPage.wait(server, for: "what was not taken") { $0.value(counted) == 1 }
    try Self.placeMany(alice, .open, "y")
    #expect(house.log.found("journalFailed").isEmpty)
    withExtendedLifetime((north, south)) {}
  }
}
