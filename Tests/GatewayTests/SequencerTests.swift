import Domain
import Engine
import Journal
import Messages
import Testing
import Wire

@testable import Gateway

/// A sequencer with an empty engine, and the journal it writes in memory.
struct SequencerDesk: ~Copyable {
  var sequencer: Sequencer
  let file = MemoryJournalFile()
  var storage: MemoryJournalStorage

  init() throws {
    let header = JournalHeader(
      shard: 3, firstSequence: 1, engineVersion: 1, configRevision: 1,
      createdTime: SmallHouse.start.nanoseconds, genesisHash: InlineArray(repeating: 0))
    storage = MemoryJournalStorage(file)
    let end = try storage.create(header)
    sequencer = Sequencer(
      engine: Engine(capacities: SmallHouse.capacities), journalEnd: end,
      clock: ClockReading(real: SmallHouse.start, monotonic: 0))
  }

  mutating func submit(_ commands: [Command]) {
    for command in commands { sequencer.submit(command) }
  }

  mutating func store() throws {
    try storage.append(sequencer.journal.pending, at: sequencer.journal.pendingOffset)
    sequencer.journal.pendingWasStored()
  }

  func effects() -> [Effect] {
    (0..<sequencer.effects.count).map { sequencer.effects[$0] }
  }
}

@Suite struct SequencerTests {
  @Test func commandsAreNumberedFromOneWithoutGaps() throws {
    var desk = try SequencerDesk()
    desk.submit(SmallHouse.genesis)
    let sequence = desk.sequencer.engine.sequence
    #expect(sequence == UInt64(SmallHouse.genesis.count))
  }

  @Test func theGenesisOfTheSmallHouseIsTakenWhole() throws {
    var desk = try SequencerDesk()
    for command in SmallHouse.genesis + SmallHouse.linksUp {
      desk.sequencer.submit(command)
      for effect in desk.effects() {
        if case .commandRefused(let refused) = effect {
          Issue.record("\(command) was refused: \(refused.refusal)")
        }
      }
    }
  }

  @Test func anOrderIsAnsweredAndItsChildSent() throws {
    var desk = try SequencerDesk()
    desk.submit(SmallHouse.genesis + SmallHouse.linksUp)
    desk.sequencer.submit(SmallHouse.order("a-1"))
    let effects = desk.effects()
    #expect(
      effects.contains {
        if case .sendOrder(let order) = $0 { return order.fundAccount == SmallHouse.first }
        return false
      }, "\(effects)")
  }

  @Test func timeIsSlowerWhileTheClockIsBehindAndTheJumpIsTold() throws {
    var desk = try SequencerDesk()
    desk.submit(SmallHouse.genesis)
    let second: Int64 = 1_000_000_000
    let back = desk.sequencer.read(
      ClockReading(real: SmallHouse.start.adding(seconds: -5), monotonic: second))
    #expect(back == ClockJumped(nanoseconds: -6 * second))
    let now = desk.sequencer.now
    #expect(now == SmallHouse.start.adding(nanoseconds: second / 2))
    let forward = desk.sequencer.read(
      ClockReading(real: SmallHouse.start.adding(seconds: 60), monotonic: 2 * second))
    #expect(forward == ClockJumped(nanoseconds: 64 * second))
    let smooth = desk.sequencer.read(
      ClockReading(real: SmallHouse.start.adding(seconds: 61), monotonic: 3 * second))
    #expect(smooth == nil)
  }

  @Test func nothingIsStoredUntilTheDriverSaysSo() throws {
    var desk = try SequencerDesk()
    desk.submit(SmallHouse.genesis)
    let before = desk.sequencer.isStored
    #expect(!before)
    try desk.store()
    let after = desk.sequencer.isStored
    #expect(after)
  }
}

@Suite struct ReplayTests {
  /// A day with orders that pass, break a rule, fill and cancel.
  static var commands: [Command] {
    var commands = SmallHouse.genesis + SmallHouse.linksUp
    for index in 0..<50 {
      commands.append(
        SmallHouse.order(
          "o-\(index)", account: index % 2 == 0 ? SmallHouse.alice : SmallHouse.bob,
          side: index % 3 == 0 ? .sell : .buy, price: 3_400 + Int64(index * 10),
          lots: Lots(index % 7)))
    }
    commands.append(.continueWork)
    return commands
  }

  static func journal(_ commands: [Command]) throws -> (file: MemoryJournalFile, hash: UInt64) {
    var desk = try SequencerDesk()
    desk.submit(commands)
    try desk.store()
    return (desk.file, desk.sequencer.engine.stateHash)
  }

  static func replay(_ file: MemoryJournalFile) throws -> Replay<MemoryJournalStorage> {
    let reader = try JournalReader(reading: MemoryJournalStorage(file))
    return Replay(reader, engine: Engine(capacities: SmallHouse.capacities))
  }

  @Test func aReplayGivesTheSameOutcomesAndTheSameState() throws {
    let (file, hash) = try Self.journal(Self.commands)
    var replay = try Self.replay(file)
    while try replay.next() {}
    let count = replay.commandCount
    #expect(count == Self.commands.count)
    let replayed = replay.engine.stateHash
    #expect(replayed == hash)
    let lacksOutcome = replay.lacksOutcome
    #expect(!lacksOutcome)
  }

  @Test func twoRunsWriteTheSameBytes() throws {
    let one = try Self.journal(Self.commands)
    let other = try Self.journal(Self.commands)
    #expect(one.file.bytes == other.file.bytes)
  }

  @Test func anOutcomeThatDiffersIsNamed() throws {
    // The journal of an engine that answered one order otherwise.
    var desk = try SequencerDesk()
    desk.submit(SmallHouse.genesis + SmallHouse.linksUp)
    desk.sequencer.submit(SmallHouse.order("a-1"))
    let sequence = desk.sequencer.engine.sequence
    try desk.store()
    let forged = try ForgedJournal(desk.file).lastOutcomeReplaced()
    var replay = try Self.replay(forged)
    var fault: ReplayFault?
    do throws(ReplayFault) {
      while try replay.next() {}
    } catch {
      fault = error
    }
    guard case .outcomeDiffers(let effect, sequence, _) = fault else {
      Issue.record("\(String(describing: fault))")
      return
    }
    #expect(effect == 0)
  }

  @Test func aJournalThatEndsBehindACommandIsSteppedAndSaysSo() throws {
    let (file, hash) = try Self.journal(Self.commands)
    let cut = try ForgedJournal(file).withoutLastOutcome()
    var replay = try Self.replay(cut)
    while try replay.next() {}
    let lacksOutcome = replay.lacksOutcome
    #expect(lacksOutcome)
    let replayed = replay.engine.stateHash
    #expect(replayed == hash)
  }

  @Test func aClockBehindTheJournalHasTimeGoOnAtHalfTheSpeed() throws {
    let (file, _) = try Self.journal(Self.commands)
    var replay = try Self.replay(file)
    while try replay.next() {}
    let last = replay.end.time
    let earlier = Timestamp(nanoseconds: last - 3_600_000_000_000)
    var sequencer = replay.continued(clock: ClockReading(real: earlier, monotonic: 5))
    let first = sequencer.now.nanoseconds
    #expect(first == last)
    _ = sequencer.read(
      ClockReading(real: earlier.adding(seconds: 1), monotonic: 5 + 1_000_000_000))
    let held = sequencer.now.nanoseconds
    #expect(held == last + 500_000_000)
    let passed = sequencer.read(
      ClockReading(real: earlier.adding(seconds: 3_601), monotonic: 5 + 3_601_000_000_000))
    #expect(passed == nil, "both clocks moved alike")
    let behind = sequencer.now.nanoseconds
    #expect(behind == last + 1_800_500_000_000)
    _ = sequencer.read(
      ClockReading(real: earlier.adding(seconds: 7_201), monotonic: 5 + 7_201_000_000_000))
    let caughtUp = sequencer.now.nanoseconds
    #expect(caughtUp == last + 3_601_000_000_000, "from here on it is the clock's")
  }

  @Test func aRecordOutOfPlaceIsNamed() throws {
    let (file, _) = try Self.journal(Self.commands)
    let forged = try ForgedJournal(file).withoutFirstOutcome()
    var replay = try Self.replay(forged)
    #expect(throws: ReplayFault.self) { while try replay.next() {} }
  }
}
