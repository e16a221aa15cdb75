import Domain
import Engine
import Exchange
import Foundation
import Gateway
import Glibc
import Journal
import Testing
import Wire

@testable import Runtime

/// Snapshots that a running gateway writes, and starts from them.
@Suite(.timeLimit(.minutes(10))) struct SnapshotStartTests {
  /// A house that writes one every so many commands, has traded, and stopped.
  struct Traded {
    let house: House
    let reports: UInt64
    let shelf: SnapshotFolder
    let snapshots: [UInt64]

    init(orders: Int = 40) throws {
      house = try House { $0.journal.snapshots.everyCommands = 50 }
      shelf = SnapshotFolder(JournalFolder(path: house.journalPath))
      let alice = try house.terminal("alice")
      let bob = try house.terminal("bob")
      for number in 0..<orders {
        try alice.place("a-\(number)", lots: 1)
        try alice.report(.workingConfirmed, of: "a-\(number)")
        try bob.place("b-\(number)", .sell, lots: 1)
        try alice.report(.trade, of: "a-\(number)")
        try bob.report(.trade, of: "b-\(number)")
      }
      reports = alice.sequences.last ?? 0
      let deadline = Deadline()
      while shelf.sequences().count < house.settings.journal.snapshots.kept,
        deadline.millisecondsLeft > 0
      {
        // One more command wakes the follower.
        try alice.place("late-\(alice.sequences.count)", lots: 400)
        try alice.report(.rejected, of: "late-\(alice.sequences.count)")
      }
      alice.socket.close()
      bob.socket.close()
      house.stop()
      snapshots = shelf.sequences()
    }
  }

  @Test func aStartGoesOnFromTheNewestAndNothingIsMissing() throws {
    let traded = try Traded()
    let house = traded.house
    #expect(traded.snapshots.count == 3)
    let names = try FileManager.default.contentsOfDirectory(atPath: house.journalPath)
    #expect(!names.contains { $0.hasSuffix(".new") })
    let newest = try #require(traded.snapshots.first)

    try house.startAgain()
    try house.awaitLinks(times: 2)
    try house.log.wait(for: "info journalGoesOn", "snapshot=\(newest)")
    // All of the day is told, also what is older than the snapshot.
    let alice = try house.terminal("alice")
    try alice.wait(for: "the day's reports") { ($0.sequences.last ?? 0) >= traded.reports }
    #expect(alice.sequences.first == 1)
    let bob = try house.terminal("bob")
    try bob.place("b-again", .sell, lots: 1)
    try bob.report(.workingConfirmed, of: "b-again")
    try bob.cancel("b-again")
    try bob.report(.cancelled, of: "b-again")
    let everything = try [house.terminal("alice"), house.terminal("bob")]
    for (whole, part) in zip(everything, [alice, bob]) {
      try whole.wait(for: "all of the day") { $0.sequences.last == part.sequences.last }
      part.socket.close()
    }
    try house.prove(everything)
  }

  /// What a start finds, and which snapshot it goes on from: 0 is the newest, 3 is none.
  static let rows: [(String, Int, @Sendable (Traded) throws -> Void)] = [
    ("nothing is wrong", 0, { _ in }),
    (
      "a damaged newest one", 1,
      { try Self.flip($0.shelf.path($0.snapshots[0]), at: 9_000) }
    ),
    (
      "two that were cut", 2,
      {
        truncate($0.shelf.path($0.snapshots[0]), 4_000)
        truncate($0.shelf.path($0.snapshots[1]), 0)
      }
    ),
    (
      "none that is good", 3,
      { traded in for sequence in traded.snapshots { truncate(traded.shelf.path(sequence), 128) } }
    ),
    (
      "one that was being written", 0,
      { try Data([1, 2]).write(to: URL(filePath: $0.shelf.path($0.snapshots[0] + 9) + ".new")) }
    ),
    (
      "one under another's name", 1,
      { rename($0.shelf.path($0.snapshots[0]), $0.shelf.path($0.snapshots[0] + 1)) }
    ),
  ]

  private static func flip(_ path: String, at place: Int) throws {
    var data = try Data(contentsOf: URL(filePath: path))
    data[place] ^= 4
    try data.write(to: URL(filePath: path))
  }

  @Test func aStartTakesTheNewestThatIsGood() throws {
    for (found, place, damage) in Self.rows {
      let traded = try Traded(orders: 30)
      let hash = try JournalRecords.stateHash(
        traded.house.journalPath, traded.house.settings.capacities)
      try damage(traded)
      var settings = traded.house.settings
      settings.journal = JournalPlan(path: traded.house.journalPath, .existing)
      settings.journal.segmentBytes = JournalFormat.segmentBytes.lowerBound
      let started = try StartedGateway.begin(settings)
      let maybeLeft = started.left
      let left = try #require(maybeLeft, "\(found)")
      let expected = place < traded.snapshots.count ? traded.snapshots[place] : 0
      #expect(left.snapshot == expected, "\(found)")
      #expect(left.snapshotRefusals.count == (found == "nothing is wrong" ? 0 : place), "\(found)")
      let again = started.gateway.sequencer.engine.stateHash
      #expect(again == hash, "\(found)")
      let names = try FileManager.default.contentsOfDirectory(atPath: traded.house.journalPath)
      #expect(!names.contains { $0.hasSuffix(".sluicesnapshot.new") }, "\(found)")
    }
  }

  /// What was taken behind records that are gone is not used, and goes with the next one.
  @Test func oneAheadOfItsJournalIsPassedOver() throws {
    let traded = try Traded()
    let records = try JournalRecords(traded.house.journalPath).records
    let before = try #require(
      records.last { $0.sequence < traded.snapshots[0] && $0.type == .outcome })
    let folder = JournalFolder(path: traded.house.journalPath)
    let segment = try #require(
      try folder.numbers().last { number in
        UInt64(number - 1) * JournalFormat.segmentBytes.lowerBound < before.bytes.upperBound
      })
    let start = UInt64(segment - 1) * JournalFormat.segmentBytes.lowerBound
    // As a loss of power leaves it: zeros where the disk had nothing yet.
    truncate(folder.segmentPath(segment), Int(before.bytes.upperBound - start))
    truncate(folder.segmentPath(segment), Int(JournalFormat.segmentBytes.lowerBound))
    for number in try folder.numbers() where number > segment { unlink(folder.segmentPath(number)) }
    var settings = traded.house.settings
    settings.journal = JournalPlan(path: folder.path, .existing)
    settings.journal.segmentBytes = JournalFormat.segmentBytes.lowerBound
    let started = try StartedGateway.begin(settings)
    let maybeLeft = started.left
    let left = try #require(maybeLeft)
    #expect(left.snapshot == traded.snapshots[1])
    let refusals = left.snapshotRefusals
    #expect(refusals.map(\.sequence) == [traded.snapshots[0]])
    #expect(refusals.allSatisfy { $0.reason == .isElsewhere })
  }

  @Test func aVerificationSaysOfEachWhetherItIsGoodAndWhereItStands() throws {
    let traded = try Traded()
    let path = traded.house.journalPath
    let (code, said) = try SluiceProcess.run("journal", "verify", path)
    #expect(code == 0, "\(said)")
    let records = try JournalRecords(path).records
    for sequence in traded.snapshots {
      let record = try #require(records.last { $0.sequence == sequence })
      let place = "good, stands behind the record that ends at \(record.bytes.upperBound)"
      #expect(said.contains("snapshot     \(sequence), \(place)\n"), "\(said)")
    }

    // One with a byte changed, one under another's name, one that says more than the journal.
    let newest = try #require(traded.snapshots.first)
    let middle = try #require(traded.snapshots.dropFirst().first)
    let whole = try Data(contentsOf: URL(filePath: traded.shelf.path(newest)))
    var changed = whole
    changed[changed.count / 2] ^= 1
    try changed.write(to: URL(filePath: traded.shelf.path(newest)))
    try whole.write(to: URL(filePath: traded.shelf.path(middle)))
    let (spoilt, words) = try SluiceProcess.run("journal", "verify", path)
    #expect(spoilt == 1)
    #expect(words.contains("snapshot     \(newest), NOT GOOD: badChecksum"), "\(words)")
    #expect(words.contains("snapshot     \(middle), NOT GOOD: it was taken behind"), "\(words)")
    #expect(words.contains("every record is as it was written\n"))
  }

  /// What is cut off takes its snapshots along: the journal that is left is good.
  @Test func aRepairTakesLaterSnapshotsAlong() throws {
    let traded = try Traded()
    let folder = JournalFolder(path: traded.house.journalPath)
    let records = try JournalRecords(folder.path).records
    let newest = traded.snapshots[0]
    let kept = try Data(contentsOf: URL(filePath: traded.shelf.path(newest)))
    // Between the command and its outcome: the snapshot was taken behind both.
    for type in [JournalRecordType.outcome, .command] {
      let cut = try #require(records.last { $0.sequence == newest && $0.type == type })
      let (code, said) = try SluiceProcess.run(
        "journal", "repair", folder.path, "--truncate-at", "\(cut.bytes.lowerBound)", "--yes")
      #expect(code == 0, "\(said)")
      #expect(said.contains("and 1 later snapshots") == (type == .outcome), "\(said)")
      #expect(traded.shelf.sequences() == Array(traded.snapshots.dropFirst()))
      let (verified, words) = try SluiceProcess.run("journal", "verify", folder.path)
      #expect(verified == 0, "\(words)")
      let copy = JournalFolder(path: "\(folder.path).cut-at-\(cut.bytes.lowerBound)")
      #expect(SnapshotFolder(copy).sequences() == (type == .outcome ? [newest] : []))
      try FileManager.default.removeItem(atPath: copy.path)
    }
    // One that is ahead of a journal that nobody cut shows that records were lost.
    try kept.write(to: URL(filePath: traded.shelf.path(newest)))
    let (code, said) = try SluiceProcess.run("journal", "verify", folder.path)
    let words = "snapshot     \(newest), NOT GOOD: the journal ends in front of it"
    #expect(code == 1 && said.contains(words), "\(said)")
  }

  /// A snapshot behind damage may be all that a start can begin with: nobody is told to remove it.
  @Test func oneBehindDamageIsNotSaidToBeBad() throws {
    let traded = try Traded()
    let path = traded.house.journalPath
    let early = try JournalRecords(path).records[20].bytes.lowerBound
    try JournalRecords.flip(path, at: early + 20)
    let (code, said) = try SluiceProcess.run("journal", "verify", path)
    #expect(code == 1)
    for sequence in traded.snapshots {
      #expect(
        said.contains("snapshot     \(sequence), whole; the journal can't be read up to"), "\(said)"
      )
    }
    #expect(!said.contains("NOT GOOD") && !said.contains("may be removed"), "\(said)")
    #expect(said.contains("before anything is cut off, start with it"), "\(said)")
  }
}
