import Domain
import Engine
import Follower
import Journal
import Ledger
import Messages
import Storage
import Testing
import Wire

@testable import Gateway

/// Starts from a snapshot: the same as if the whole journal had been read.
@Suite struct RecoveryTests {
  /// Snapshots in memory, by name.
  struct Shelf: SnapshotShelf {
    var files: [UInt64: [UInt8]]
    func sequences() -> [UInt64] { files.keys.sorted(by: >) }
    func open(_ sequence: UInt64) throws(SnapshotFault) -> MemorySnapshot {
      MemorySnapshot(files[sequence] ?? [])
    }
  }

  /// A day's orders, fills and prices, and a snapshot after each part of it.
  struct Played: ~Copyable {
    var followed: FollowedDesk
    let alice: TerminalID
    var shelf = Shelf(files: [:])

    init(parts: Int = 3, steps: Int = 60) throws {
      var followed = try FollowedDesk()
      let alice = try followed.logOn()
      var draw = FollowerTests.Draw(state: 11)
      for part in 0..<parts {
        for step in 0..<steps {
          FollowerTests.act(&followed, &draw, alice, part * steps + step)
          followed.offer()
          followed.follow()
        }
        let sequence = followed.follower.sequence
        shelf.files[sequence] = try followed.follower.writeSnapshot(to: MemorySnapshot()).bytes
        // What is behind the snapshot is to be replayed.
        FollowerTests.act(&followed, &draw, alice, 1_000 + part)
      }
      self.followed = followed
      self.alice = alice
    }

    func recovery(from shelf: Shelf) throws -> Recovery<MemoryJournalStorage> {
      var shelf = shelf
      let file = followed.desk.file
      var recovery = try Recovery.begin(
        from: &shelf, SmallHouse.capacities, reports: GatewayDesk.limits.reports
      ) { MemoryJournalStorage(file) }
      try recovery.run()
      return recovery
    }
  }

  /// A gateway that goes on, and what it still knows of the last reports.
  private static func reports(
    _ recovery: consuming Recovery<MemoryJournalStorage>
  ) -> [ExecutionReport] {
    let gateway = recovery.continued(
      clock: ClockReading(real: SmallHouse.start, monotonic: 1), SmallHouse.capacities,
      GatewayDesk.limits)
    var reports: [ExecutionReport] = []
    for account in [SmallHouse.alice, SmallHouse.bob] {
      var hint: UInt32 = 0
      let first = gateway.history.oldest(account)
      guard first <= gateway.history.last(account) else { continue }
      for sequence in first...gateway.history.last(account) {
        if let report = gateway.history.report(account, sequence, hint: &hint) {
          reports.append(report.pointee)
        }
      }
    }
    return reports
  }

  @Test func itComesToTheStateAndTheReportsOfTheWholeJournal() throws {
    let played = try Played()
    let whole = try played.recovery(from: Shelf(files: [:]))
    let hash = whole.replay.engine.stateHash
    let begins = whole.snapshot
    #expect(begins == 0)
    let reports = Self.reports(whole)
    #expect(reports.count > 50)
    for sequence in played.shelf.sequences() {
      let recovery = try played.recovery(
        from: Shelf(files: [sequence: played.shelf.files[sequence] ?? []]))
      let found = (recovery.snapshot, recovery.refusals, recovery.replay.engine.stateHash)
      #expect(found.0 == sequence && found.1.isEmpty && found.2 == hash)
      let count = recovery.replay.commandCount
      let last = recovery.replay.engine.sequence
      #expect(count > 0 && UInt64(count) == last - sequence)
      #expect(Self.reports(recovery) == reports)
    }
  }

  // MARK: What can be wrong with a snapshot

  private static func reversed(_ bytes: [UInt8], at place: Int) -> [UInt8] {
    var bytes = bytes
    bytes[place] ^= 1
    return bytes
  }

  @Test func oneThatIsDamagedAnywhereIsPassedOverForTheOneBefore() throws {
    let played = try Played()
    let newest = played.shelf.sequences()[0]
    let good = try #require(played.shelf.files[newest])
    let places = [0, 8, 20, 50, 90, 127, 128, 133, 200, good.count / 2, good.count - 1]
    let damaged =
      places.map { Self.reversed(good, at: $0) }
      + [0, 60, 128, 140, good.count / 3, good.count - 1].map { Array(good.prefix($0)) }
      + [good + good]
    for bytes in damaged {
      var shelf = played.shelf
      shelf.files[newest] = bytes
      let recovery = try played.recovery(from: shelf)
      let before = played.shelf.sequences()[1]
      let isTooLong = bytes.count > good.count
      // What stands behind its end is nobody's.
      #expect(recovery.snapshot == (isTooLong ? newest : before))
      let refused = recovery.refusals.map(\.sequence)
      #expect(refused == (isTooLong ? [] : [newest]))
    }
  }

  @Test func withNoneThatIsGoodTheWholeJournalIsRead() throws {
    let played = try Played()
    var shelf = played.shelf
    for sequence in shelf.sequences() { shelf.files[sequence] = [1, 2, 3] }
    let recovery = try played.recovery(from: shelf)
    #expect(recovery.snapshot == 0)
    let refusals = recovery.refusals
    #expect(refusals.map(\.sequence) == shelf.sequences())
    #expect(refusals.allSatisfy { $0.reason == .snapshot(.notASnapshot) })
  }

  @Test func oneOfAnotherNameOrAnotherJournalIsPassedOver() throws {
    let played = try Played()
    let newest = played.shelf.sequences()[0]
    let bytes = played.shelf.files[newest]
    let renamed = try played.recovery(from: Shelf(files: [newest + 1: bytes ?? []]))
    let refusals = renamed.refusals
    #expect(refusals == [SnapshotRefusal(sequence: newest + 1, reason: .isElsewhere)])

    // The same commands with other prices: as many of them, and another state.
    var other = try FollowedDesk()
    let alice = try other.logOn()
    var draw = FollowerTests.Draw(state: 12)
    while other.desk.gateway.sequencer.engine.sequence < newest + 20 {
      FollowerTests.act(&other, &draw, alice, Int(draw.state % 1_000_000_007))
    }
    var shelf = played.shelf
    let file = other.desk.file
    var recovery = try Recovery.begin(
      from: &shelf, SmallHouse.capacities, reports: GatewayDesk.limits.reports
    ) { MemoryJournalStorage(file) }
    try recovery.run()
    let passedOver = recovery.refusals.map(\.reason)
    #expect(passedOver == Array(repeating: .isElsewhere, count: 3))
    let hash = recovery.replay.engine.stateHash
    #expect(hash == other.desk.gateway.sequencer.engine.stateHash)
  }

  /// The journal has lost what the snapshot knows: nothing of it may be used.
  @Test func oneAheadOfItsJournalIsPassedOver() throws {
    let played = try Played()
    let newest = played.shelf.sequences()[0]
    let before = played.shelf.sequences()[1]
    var walk = try JournalReader(reading: MemoryJournalStorage(played.followed.desk.file))
    try walk.skip(behind: newest - 1)
    let end = Int(walk.end.offset)
    for cut in [end, end + 5] {
      let file = MemoryJournalFile(Array(played.followed.desk.file.bytes.prefix(cut)))
      var shelf = played.shelf
      let recovery = try Recovery.begin(
        from: &shelf, SmallHouse.capacities, reports: GatewayDesk.limits.reports
      ) { MemoryJournalStorage(file) }
      let found = (recovery.snapshot, recovery.refusals)
      #expect(found.0 == before)
      #expect(found.1 == [SnapshotRefusal(sequence: newest, reason: .isElsewhere)])
    }
  }

  @Test func oneOfOtherCapacitiesIsPassedOver() throws {
    let played = try Played(parts: 1)
    var shelf = played.shelf
    let file = played.followed.desk.file
    let recovery = try Recovery.begin(
      from: &shelf, SmallHouse.capacities, reports: GatewayDesk.limits.reports + 1
    ) { MemoryJournalStorage(file) }
    let reasons = recovery.refusals.map(\.reason)
    #expect(reasons == [.snapshot(.otherLayout)])
  }

  // MARK: The follower

  @Test func aFollowerThatBeganWithOneAnswersAsTheOtherDid() throws {
    var played = try Played()
    played.followed.settle()
    let kinds: [OrderEntry.QueryKind] = [.orders, .trades, .positions, .funds, .limits]
    var answers: [String] = []
    for kind in kinds {
      let answer = played.followed.ask(FollowedDesk.query(kind), from: played.alice)
      answers.append("\(answer)")
    }
    let newest = played.shelf.sequences()[0]
    for snapshot in [played.shelf.files[newest], nil] {
      try played.followed.followAnew(from: snapshot)
      played.followed.follow()
      let (fault, isRead) = (played.followed.follower.fault, played.followed.follower.snapshotFault)
      #expect(fault == nil && isRead == nil)
      let hash = played.followed.follower.stateHash
      #expect(hash == played.followed.desk.gateway.sequencer.engine.stateHash)
      for (kind, answer) in zip(kinds, answers) {
        let again = played.followed.ask(FollowedDesk.query(kind), from: played.alice)
        #expect("\(again)" == answer)
      }
    }
    // And its own snapshot is the same, byte by byte.
    let first = try played.followed.follower.writeSnapshot(to: MemorySnapshot()).bytes
    try played.followed.followAnew(from: first)
    let second = try played.followed.follower.writeSnapshot(to: MemorySnapshot()).bytes
    #expect(first == second)
  }

  @Test func aFollowerWhoseSnapshotIsDamagedReadsTheWholeJournal() throws {
    var played = try Played()
    let newest = played.shelf.sequences()[0]
    let bytes = Self.reversed(try #require(played.shelf.files[newest]), at: 5_000)
    try played.followed.followAnew(from: bytes)
    played.followed.follow()
    let fault = played.followed.follower.snapshotFault
    #expect(fault != nil)
    let hash = played.followed.follower.stateHash
    #expect(hash == played.followed.desk.gateway.sequencer.engine.stateHash)
  }

  // MARK: Which stay

  @Test(
    arguments: [
      ([100], 100, 1, []), ([100, 200], 200, 1, [100]), ([100, 200, 300], 300, 2, [100]),
      ([100, 200, 300], 200, 2, [300]), ([100, 200, 300, 400], 200, 1, [300, 400, 100]),
      ([1, 2, 3], 3, 9, []),
    ] as [([UInt64], UInt64, Int, [UInt64])])
  func theNewestStay(
    _ sequences: [UInt64], _ written: UInt64, _ kept: Int, _ surplus: [UInt64]
  ) {
    #expect(
      Set(Shelf.surplus(among: sequences, behind: written, kept: kept)) == Set(surplus))
  }
}
