import Journal
import Storage

/// What can be told of the snapshots beside a journal while it is read, without an engine: whether
/// each is there as it was written, and stands behind a record that the journal has.
public struct SnapshotCheck: Sendable {
  public enum Standing: Equatable, Sendable {
    /// The journal has its record, which ends at this position.
    case good(endsAt: UInt64)
    case damaged(SnapshotFault)
    /// The journal has another record there, or is another one.
    case isElsewhere
    /// The journal ends in front of it.
    case isAhead
    /// The journal can't be read up to its record.
    case isUnreached
    /// The journal begins behind it, so that nothing tells.
    case isBefore
  }

  private struct Expected {
    var facts: SnapshotFacts
    var place: Int
  }

  /// Newest first, as the shelf has them.
  public private(set) var findings: [(sequence: UInt64, standing: Standing)] = []
  /// Those that are whole and wait for their record; the oldest last.
  private var waiting: [Expected] = []

  /// Reads every one to its end.
  public init<Shelf: SnapshotShelf & ~Copyable>(_ shelf: inout Shelf) {
    for sequence in shelf.sequences() {
      do throws(SnapshotFault) {
        let reader = try SnapshotReader(try shelf.open(sequence))
        let facts = reader.facts
        try reader.skipRest()
        if facts.sequence == sequence {
          waiting.append(Expected(facts: facts, place: findings.count))
          findings.append((sequence, .isAhead))
        } else {
          findings.append((sequence, .isElsewhere))
        }
      } catch {
        // A running gateway may have removed it since it was listed.
        if shelf.sequences().contains(sequence) { findings.append((sequence, .damaged(error))) }
      }
    }
  }

  /// The journal begins here.
  public mutating func begins(_ header: JournalHeader) {
    while let next = waiting.last, next.facts.sequence < header.firstSequence {
      findings[next.place].standing = .isBefore
      waiting.removeLast()
    }
  }

  /// The journal can't be read further.
  public mutating func stopped() {
    for next in waiting { findings[next.place].standing = .isUnreached }
    waiting.removeAll()
  }

  /// A record was read.
  public mutating func passed<Storage: JournalStorage & ~Copyable>(
    _ type: JournalRecordType, in reader: borrowing JournalReader<Storage>
  ) {
    guard let next = waiting.last, type == .outcome,
      reader.end.sequence >= next.facts.sequence
    else { return }
    findings[next.place].standing =
      reader.isBehind(next.facts) ? .good(endsAt: reader.end.offset) : .isElsewhere
    waiting.removeLast()
  }
}
