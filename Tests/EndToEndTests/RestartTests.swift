import Domain
import Engine
import Exchange
import Foundation
import Gateway
import Journal
import Testing
import Wire

@testable import Runtime

/// A gateway that ends, one way or another, and goes on behind its journal.
@Suite(.timeLimit(.minutes(10))) struct RestartTests {
  static let fundA = FundAccountID(0)

  /// alice buys 3 and has 2, bob has sold them; her order goes on working.
  static func tradingHouse() throws -> (House, ScriptedTerminal, ScriptedTerminal) {
    let house = try House()
    let alice = try house.terminal("alice")
    let bob = try house.terminal("bob")
    try alice.place("a-1", lots: 3)
    try alice.report(.workingConfirmed, of: "a-1")
    try bob.place("b-1", .sell, lots: 2)
    try alice.report(.trade, of: "a-1")
    try bob.report(.trade, of: "b-1")
    return (house, alice, bob)
  }

  @Test func aGracefulStopTellsEverybodyAndTheNextRunGoesOnWhereItEnded() throws {
    let (house, alice, bob) = try Self.tradingHouse()
    house.beginStop()
    for terminal in [alice, bob] {
      try terminal.waitForEnd()
      #expect(terminal.logout?.reason == .shuttingDown)
      #expect(terminal.socket.end == .closed)
      terminal.socket.close()
    }
    house.stop()
    try house.log.wait(for: "linkEnded fundAccount=fund-a", "cause=requested")
    let stopped = try house.log.wait(for: "stopped", "state=0x")
    let hash = try JournalRecords.stateHash(house.journalPath, house.settings.capacities)
    #expect(stopped.contains("state=0x" + String(hash, radix: 16)))

    // Everybody was told and everybody is gone: taking it up again adds nothing.
    let records = try JournalRecords(house.journalPath).records
    house.settings.journal = JournalPlan(path: house.journalPath, .existing)
    do {
      let started = try StartedGateway.begin(house.settings)
      let again = started.gateway.sequencer.engine.stateHash
      #expect(again == hash)
    }
    #expect(try JournalRecords(house.journalPath).records == records)

    try house.startAgain()
    try house.awaitLinks(times: 2)
    try house.log.wait(for: "info journalGoesOn", "isTorn=false", "lacksOutcome=false")
    let aliceAgain = try house.terminal("alice", lastReport: 2)
    try aliceAgain.wait(for: "the last run's report") { $0.sequences.contains(3) }
    #expect(aliceAgain.reports[0].execType == .trade)
    #expect(aliceAgain.reports[0].flags == [.replayed])
    // The order is known, and its rest still works.
    try aliceAgain.place("a-1", lots: 3)
    try aliceAgain.report(.restated, of: "a-1")
    let bobAgain = try house.terminal("bob", lastReport: bob.sequences.last ?? 0)
    try bobAgain.place("b-2", .sell, lots: 1)
    let filled = try aliceAgain.report(.trade, of: "a-1", times: 2)
    #expect(filled.state == .filled && filled.cumulativeLots == 3)
    let sequences = aliceAgain.sequences
    #expect(sequences == Array(3..<3 + UInt64(sequences.count)))
    try bobAgain.report(.trade, of: "b-2")
    let everything = try [house.terminal("alice"), house.terminal("bob")]
    for (whole, part) in zip(everything, [aliceAgain, bobAgain]) {
      try whole.wait(for: "all of the day") { $0.sequences.last == part.sequences.last }
      part.socket.close()
    }
    try house.prove(everything)
  }

  @Test func whoComesWhileItStopsIsToldOrFindsNobody() throws {
    let house = try House { $0.stopNanoseconds = 60_000_000_000 }
    let alice = try house.terminal("alice")
    house.beginStop()
    try alice.waitForEnd()
    #expect(alice.logout?.reason == .shuttingDown)
    #expect(throws: SystemRefused.self) { try PatientSocket(to: alice.house.address) }
  }

  /// The journal is what a killed process left: all that had left it is in there.
  @Test func afterAKillOrdersAreUnknownUntilTheCounterHasSpoken() throws {
    let (house, alice, bob) = try Self.tradingHouse()
    let copy = try JournalRecords.copy(house.journalPath, as: "killed.journal")
    for terminal in [alice, bob] { terminal.socket.cut() }
    house.stop()
    // While nobody is there the counter goes on; what it says then is asked for.
    try house.startAgain(journal: copy)
    try house.awaitLinks(times: 2)
    let again = try house.terminal("alice", lastReport: 3)
    try again.report(.resolved, of: "a-1")
    #expect(again.kinds == [.pendingUnknown, .resolved])
    #expect(again.sequences == [4, 5])
    let bobAgain = try house.terminal("bob", lastReport: bob.sequences.last ?? 0)
    try bobAgain.place("b-2", .sell, lots: 1)
    try again.report(.trade, of: "a-1")
    try bobAgain.report(.trade, of: "b-2")
    let everything = try [house.terminal("alice"), house.terminal("bob")]
    for (whole, part) in zip(everything, [again, bobAgain]) {
      try whole.wait(for: "all of the day") { $0.sequences.last == part.sequences.last }
      part.socket.close()
    }
    try house.prove(everything)
  }

  enum Cut: CaseIterable { case insideCommand, oneByteShort, behindCommand, insideOutcome }

  /// The order's child has not left when the process dies: the counter never heard of it.
  @Test(arguments: Cut.allCases)
  func aJournalThatIsCutInItsLastRecordIsTakenUpFromThere(_ cut: Cut) throws {
    let house = try House()
    let alice = try house.terminal("alice")
    try alice.place("a-1", lots: 2)
    try alice.report(.workingConfirmed, of: "a-1")
    try house.counter("north").misbehave(.dropLinkBefore, fundAccount: Self.fundA)
    try alice.place("a-2", lots: 2, at: 3_050)
    try alice.report(.pendingUnknown, of: "a-2")
    alice.socket.cut()
    house.stop()
    // Where the stop took its time the link was back before it.
    try house.log.wait(for: "stopped", "state=0x")
    let ready = house.log.found("linkReady fundAccount=fund-a").count
    let journal = try JournalRecords(house.journalPath)
    let command = try #require(try journal.order("a-2"))
    let end =
      switch cut {
      case .insideCommand: command.bytes.lowerBound + 40
      case .oneByteShort: command.bytes.upperBound - 1
      case .behindCommand: command.bytes.upperBound
      case .insideOutcome: command.bytes.upperBound + 40
      }
    let copy = try JournalRecords.copy(house.journalPath, bytes: end, as: "cut.journal")
    try house.startAgain(journal: copy)
    try house.log.wait(for: "linkReady fundAccount=fund-a", times: ready + 1)
    let line = try house.log.wait(for: "warning journalGoesOn")
    #expect(line.contains("isTorn=\(cut != .behindCommand)"))
    let lacksOutcome = cut == .behindCommand || cut == .insideOutcome
    #expect(line.contains("lacksOutcome=\(lacksOutcome)"))

    let again = try house.terminal("alice", lastReport: 2)
    switch cut {
    case .insideCommand, .oneByteShort:
      // It was never taken. Sent again it is an order like any other.
      try again.place("a-2", lots: 2, at: 3_050)
      try again.report(.workingConfirmed, of: "a-2")
      #expect(again.kinds(of: "a-2") == [.new, .workingConfirmed])
    case .behindCommand, .insideOutcome:
      // It was taken, and ends because the counter does not have it.
      try again.wait(for: "the end of a-2") { terminal in
        terminal.reports.contains { $0.clOrdID == ClOrdID("a-2") && $0.state.isFinal }
      }
      #expect(again.kinds(of: "a-2").prefix(2) == [.new, .pendingUnknown])
      try again.place("a-2", lots: 2, at: 3_050)
      let restated = try again.report(.restated, of: "a-2")
      #expect(restated.state.isFinal)
    }
    #expect(again.kinds(of: "a-1") == [.pendingUnknown, .resolved])
    #expect(again.sequences == Array(3..<3 + UInt64(again.sequences.count)))
    let everything = try house.terminal("alice")
    try everything.wait(for: "all of the day") { $0.sequences.last == again.sequences.last }
    again.socket.close()
    try house.prove([everything])
  }

  @Test func aJournalThatIsDamagedOrInUseStartsNothing() throws {
    let (house, alice, bob) = try Self.tradingHouse()
    var settings = house.settings
    settings.metrics = nil
    let door = try #require(settings.controlPath)
    #expect(throws: GatewayStartError.dataFolderInUse(door)) {
      _ = try RunningGateway(settings)
    }
    // From another data folder the journal itself is guarded.
    settings.controlPath = nil
    settings.journal = JournalPlan(path: house.journalPath, .existing)
    #expect(throws: GatewayStartError.journal(.storage(.inUse))) {
      _ = try RunningGateway(settings)
    }
    settings.journal = house.plan.gateway.journal
    #expect(throws: GatewayStartError.journal(.storage(.exists))) {
      _ = try RunningGateway(settings)
    }
    for terminal in [alice, bob] { terminal.socket.close() }
    house.stop()
    settings.journal = JournalPlan(path: house.folder.path + "/none", .existing)
    #expect(throws: GatewayStartError.journal(.storage(.missing))) {
      _ = try RunningGateway(settings)
    }
    let records = try JournalRecords(house.journalPath).records
    let damaged = try JournalRecords.copy(house.journalPath, as: "damaged.journal")
    let hurt = records[records.count / 2].bytes
    try JournalRecords.flip(damaged, at: hurt.upperBound - 1)
    let first = URL(filePath: JournalFolder(path: damaged).segmentPath(1))
    let data = try Data(contentsOf: first)
    settings.journal = JournalPlan(path: damaged, .existing)
    let fault = JournalError.badChecksum(offset: hurt.lowerBound)
    #expect(throws: GatewayStartError.journal(.replay(.journal(fault)))) {
      _ = try RunningGateway(settings)
    }
    // Nothing was cut off or added.
    #expect(try Data(contentsOf: first) == data)
  }
}
