import Domain
import Engine
import Gateway
import Journal
import Ledger
import Messages
import Rings
import Session
import Storage
import Wire

/// An engine that follows a journal, and answers from its books.
///
/// Its owner calls `follow` while there is something stored, `ask` for every question and `answer`
/// when it has time. All of it belongs to one thread, which is not the gateway's.
public struct Follower<File: JournalStorage & ~Copyable>: ~Copyable {
  private var replay: Replay<FollowedJournal<File>>
  private var desk: QueryDesk
  /// Of the gateway's: the part of a snapshot that terminals need which missed reports.
  private var history: ReportHistory
  private let mark: JournalMark
  /// What was stored when it began: before that its books are old ones.
  private let startOffset: UInt64
  /// Why it follows no more: the journal can't be read, or its engine answers otherwise than the
  /// one that decided. Its books are not to be trusted then, and nothing is answered from them.
  public private(set) var fault: ReplayFault?
  /// Why the snapshot that it was to begin with could not be read.
  public private(set) var snapshotFault: SnapshotFault?
  /// The command that the newest trading day began with since it follows; 0 = none did.
  public private(set) var dayStart: UInt64 = 0

  /// - Parameters:
  ///   - file: of the journal, not opened yet.
  ///   - capacities: what the engine that writes the journal was made with.
  ///   - terminals: how many there can be, and what may wait for each.
  ///   - snapshot: one that is known to be this journal's, its header read; when the rest of it
  ///     can't be read, the journal is followed from its start.
  public init<Input: SnapshotInput & ~Copyable>(
    _ file: consuming File, _ ring: consuming ByteConsumer, _ mark: JournalMark,
    capacities: LedgerCapacities, limits: FollowerLimits, terminals: GatewayLimits,
    from snapshot: consuming SnapshotReader<Input>?
  ) throws(JournalError) {
    startOffset = mark.storedOffset
    self.mark = mark
    var desk = Self.emptyDesk(capacities, limits, terminals)
    var history = Self.emptyHistory(capacities, terminals)
    var engine: Engine?
    if let snapshot {
      do throws(SnapshotFault) {
        engine = try desk.load(snapshot, &history, capacities)
      } catch {
        snapshotFault = error
        desk = Self.emptyDesk(capacities, limits, terminals)
        history = Self.emptyHistory(capacities, terminals)
      }
    }
    let start = engine?.sequence ?? 0
    var reader = try JournalReader(reading: FollowedJournal(file, ring, mark), behind: start)
    try reader.skip(behind: start)
    replay = Replay(reader, engine: engine ?? Engine(capacities: capacities))
    self.desk = desk
    self.history = history
  }

  /// Follows the journal from its start.
  public init(
    _ file: consuming File, _ ring: consuming ByteConsumer, _ mark: JournalMark,
    capacities: LedgerCapacities, limits: FollowerLimits, terminals: GatewayLimits
  ) throws(JournalError) {
    try self.init(
      file, ring, mark, capacities: capacities, limits: limits, terminals: terminals,
      from: SnapshotReader<MemorySnapshot>?.none)
  }

  private static func emptyDesk(
    _ capacities: LedgerCapacities, _ limits: FollowerLimits, _ terminals: GatewayLimits
  ) -> QueryDesk {
    QueryDesk(
      capacities, limits, terminals: terminals.seats, pageBytes: terminals.pageBytes)
  }

  private static func emptyHistory(
    _ capacities: LedgerCapacities, _ terminals: GatewayLimits
  ) -> ReportHistory {
    ReportHistory(capacity: terminals.reports, accounts: capacities.operationAccounts)
  }

  // MARK: Following

  /// Steps up to `commands` commands; how many there were.
  public mutating func follow(atMost commands: Int) -> Int {
    guard fault == nil else { return 0 }
    var count = 0
    do throws(ReplayFault) {
      while count < commands, try replay.next() {
        count += 1
        stepped()
      }
    } catch {
      fault = error
    }
    // What is stored is whole: a command with its outcome.
    if fault == nil, replay.isTorn || replay.lacksOutcome {
      fault = .journal(.tornTail(offset: replay.end.offset))
    }
    return count
  }

  private mutating func stepped() {
    guard let command = replay.command else { return }
    desk.stepped(command, replay.effects, replay.engine)
    history.stepped(replay.effects)
    for index in 0..<replay.effects.count {
      if case .notice(let notice) = replay.effects.pointer(at: index).pointee,
        notice.kind == .dayStarted
      {
        dayStart = replay.engine.sequence
      }
    }
  }

  /// Whether something is stored that it has not stepped.
  public var isBehind: Bool { fault == nil && replay.end.offset < mark.storedOffset }
  /// Whether it has stepped all that was stored when it began.
  public var hasCaughtUp: Bool { replay.end.offset >= startOffset }
  /// Of its newest command.
  public var sequence: UInt64 { replay.engine.sequence }
  /// The time of its newest command.
  public var time: Timestamp { replay.engine.now }
  public var stateHash: UInt64 { replay.engine.stateHash }

  /// The memory that it steps in, to be filled while it works already.
  public mutating func tableMemory() -> TableMemory {
    var memory = TableMemory()
    do throws(SnapshotFault) {
      try pass(through: &memory)
    } catch {
      preconditionFailure("nothing is read and nothing is written")
    }
    return memory
  }

  // MARK: Snapshots

  /// Writes all that a start needs of the commands it has stepped: the engine, the newest reports,
  /// and the day's book, which no start but a follower's reads.
  public mutating func writeSnapshot<Output: SnapshotOutput & ~Copyable>(
    to output: consuming Output
  ) throws(SnapshotFault) -> Output {
    var writer = try SnapshotWriter(
      replay.engine.facts(genesisHash: replay.header.genesisHash, journalCRC: replay.lastCRC),
      to: output)
    try pass(through: &writer)
    return try writer.finish()
  }

  private mutating func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try replay.engine.pass(through: &archive)
    try history.pass(through: &archive)
    try desk.day.pass(through: &archive)
  }

  // MARK: Answering

  /// Whether it takes a question more.
  public var hasRoom: Bool { desk.hasRoom }

  /// Takes a question, while `hasRoom`; the answer comes with `answer`.
  ///
  /// - Parameter now: a monotonic clock's nanoseconds.
  public mutating func ask(_ question: Question, at now: Int64) {
    desk.ask(question, at: now)
  }

  /// Answers what can be answered and sends what has changed, as far as there is room; whether
  /// anything was put in.
  public mutating func answer(at now: Int64, into answers: inout ByteProducer) -> Bool {
    let standing: QueryDesk.Standing =
      fault != nil ? .broken : hasCaughtUp ? .ready : .behind
    return desk.answer(&replay.engine, standing, at: now, into: &answers)
  }

  /// When `answer` is to be called, if nothing else comes before.
  public var deadline: Int64 { desk.deadline }
}
