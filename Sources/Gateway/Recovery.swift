import Domain
import Engine
import Journal
import Ledger
import Storage

/// Where the snapshots of a journal are kept, by the newest command that is in them.
public protocol SnapshotShelf: ~Copyable {
  associatedtype Input: SnapshotInput

  /// Newest first; empty when there are none, or when they can't be listed.
  mutating func sequences() -> [UInt64]

  mutating func open(_ sequence: UInt64) throws(SnapshotFault) -> Input
}

extension SnapshotShelf where Self: ~Copyable {
  /// Which snapshots go when one has been written: the old ones but for the newest, and those of
  /// later commands, for the journal ended in front of them and went on otherwise.
  ///
  /// - Parameter kept: how many stay, the one that was written among them.
  public static func surplus(
    among sequences: [UInt64], behind written: UInt64, kept: Int
  ) -> [UInt64] {
    let older = sequences.filter { $0 < written }.sorted(by: >)
    return sequences.filter { $0 > written } + older.dropFirst(max(kept - 1, 0))
  }
}

/// A snapshot that was passed over.
public struct SnapshotRefusal: Error, Equatable, Sendable {
  public enum Reason: Equatable, Sendable {
    case snapshot(SnapshotFault)
    /// The journal can't be read up to it.
    case journal(JournalError)
    /// The journal ends in front of it, or has other records there: what it has was lost, or it
    /// was taken behind another journal.
    case isElsewhere
  }

  public var sequence: UInt64
  public var reason: Reason
}

/// A journal read to its end: from the newest snapshot that is good, or else from its start.
///
/// The snapshot's state is held against its own hash, its place against the journal's checksums,
/// and every outcome behind it against the one that was written.
public struct Recovery<Storage: JournalStorage & ~Copyable>: ~Copyable {
  public private(set) var replay: Replay<Storage>
  /// The newest command in the snapshot it began with; 0 = it began at the journal's start.
  public let snapshot: UInt64
  /// Newer snapshots, and why they were passed over.
  public private(set) var refusals: [SnapshotRefusal] = []
  private var history: ReportHistory

  /// Stands in front of the first command behind the snapshot.
  ///
  /// - Parameters:
  ///   - capacities: those that the engine had when the journal was written.
  ///   - reports: how many are kept for terminals that missed them.
  ///   - storage: of the journal, not opened yet; asked for once a try.
  public static func begin<Shelf: SnapshotShelf & ~Copyable>(
    from shelf: inout Shelf, _ capacities: LedgerCapacities, reports: Int,
    journal storage: () -> Storage
  ) throws(JournalError) -> Recovery {
    var refusals: [SnapshotRefusal] = []
    for sequence in shelf.sequences() {
      do throws(SnapshotRefusal) {
        let state = try state(of: sequence, in: &shelf, capacities, reports: reports)
        let reader = try reader(at: state.facts, sequence, storage())
        var found = Recovery(reader, state.engine, state.history)
        found.refusals = refusals
        return found
      } catch {
        refusals.append(error)
      }
    }
    var whole = Recovery(
      try JournalReader(reading: storage(), behind: 0), Engine(capacities: capacities),
      ReportHistory(capacity: reports, accounts: capacities.operationAccounts))
    whole.refusals = refusals
    return whole
  }

  private init(
    _ reader: consuming JournalReader<Storage>, _ engine: consuming Engine,
    _ history: consuming ReportHistory
  ) {
    snapshot = engine.sequence
    replay = Replay(reader, engine: engine)
    self.history = history
  }

  /// What a snapshot has for a start.
  private struct State: ~Copyable {
    let facts: SnapshotFacts
    let engine: Engine
    let history: ReportHistory
  }

  private static func state<Shelf: SnapshotShelf & ~Copyable>(
    of sequence: UInt64, in shelf: inout Shelf, _ capacities: LedgerCapacities, reports: Int
  ) throws(SnapshotRefusal) -> State {
    do throws(SnapshotFault) {
      var input = try SnapshotReader(try shelf.open(sequence))
      let engine = try Engine.read(from: &input, capacities: capacities)
      var history = ReportHistory(capacity: reports, accounts: capacities.operationAccounts)
      try history.pass(through: &input)
      let facts = input.facts
      // The follower's.
      try input.skipRest()
      return State(facts: facts, engine: engine, history: history)
    } catch {
      throw SnapshotRefusal(sequence: sequence, reason: .snapshot(error))
    }
  }

  /// In front of the first command behind the snapshot, when the journal has what it was taken
  /// behind.
  private static func reader(
    at facts: SnapshotFacts, _ sequence: UInt64, _ storage: consuming Storage
  ) throws(SnapshotRefusal) -> JournalReader<Storage> {
    do throws(JournalError) {
      var reader = try JournalReader(reading: storage, behind: facts.sequence)
      try reader.skip(behind: facts.sequence)
      if facts.sequence == sequence, reader.isBehind(facts) { return reader }
    } catch .tornTail {
      // What the snapshot has was lost.
    } catch {
      throw SnapshotRefusal(sequence: sequence, reason: .journal(error))
    }
    throw SnapshotRefusal(sequence: sequence, reason: .isElsewhere)
  }

  /// Steps to the journal's end.
  public mutating func run() throws(ReplayFault) {
    while try replay.next() { history.stepped(replay.effects) }
  }

  /// A gateway that goes on where the journal ends. When its last command has no outcome, the
  /// outcome is framed now; what it wanted done at a counter is left to the resync.
  public consuming func continued(
    clock reading: ClockReading, _ capacities: LedgerCapacities, _ limits: GatewayLimits
  ) -> Gateway {
    var gateway = Gateway(
      replay.continued(clock: reading, journalBytes: limits.journalBytes),
      capacities: capacities, limits: limits)
    gateway.history = history
    return gateway
  }
}

extension JournalReader where Storage: ~Copyable {
  /// Whether the record in front is the one that a snapshot was taken behind.
  func isBehind(_ facts: SnapshotFacts) -> Bool {
    for index in 0..<32 where header.genesisHash[index] != facts.genesisHash[index] { return false }
    return end.sequence == facts.sequence && lastCRC == facts.journalCRC
      && header.shard == facts.shard
  }
}
