import Domain
import Ledger
import Storage
import Testing

@testable import Engine

/// Queues of a snapshot that no gateway has written, whatever its checksums say.
@Suite struct WorkQueueTests {
  static let facts = SnapshotFacts(
    shard: 0, engineVersion: 1, sequence: 1, time: 0, stateHash: 0, layoutHash: 0,
    genesisHash: InlineArray(repeating: 0), journalCRC: 0)
  /// Heads and counts of a queue with room for four, and what is wrong with them.
  static let rows: [(head: Int64, count: Int64, fault: SnapshotFault?)] = [
    (0, 0, nil), (0, 4, nil), (3, 4, nil),
    (4, 1, .badCount(found: 4, maximum: 3)), (-1, 1, .badCount(found: -1, maximum: 3)),
    (0, 5, .badCount(found: 5, maximum: 4)), (0, -1, .badCount(found: -1, maximum: 4)),
  ]

  /// Of a queue with these tables.
  static func snapshot(
    _ head: Int64, _ count: Int64,
    tables: (inout SnapshotWriter<MemorySnapshot>) throws(SnapshotFault) -> Void
  ) throws(SnapshotFault) -> SnapshotReader<MemorySnapshot> {
    var writer = try SnapshotWriter(facts, to: MemorySnapshot())
    try tables(&writer)
    var (head, count) = (head, count)
    try writer.pass(&head)
    try writer.pass(&count)
    return try SnapshotReader(writer.finish())
  }

  @Test(arguments: rows)
  func aQueueOfTasksBeginsInItsTable(_ head: Int64, _ count: Int64, _ fault: SnapshotFault?) {
    var found: SnapshotFault?
    do throws(SnapshotFault) {
      var reader = try Self.snapshot(head, count) { writer throws(SnapshotFault) in
        try writer.pass(Table<WorkItem>(capacity: 4))
      }
      var queue = WorkQueue(capacity: 4, subjects: 1)
      try queue.pass(through: &reader)
      try reader.finish()
    } catch {
      found = error
    }
    #expect(found == fault)
  }

  @Test(arguments: rows)
  func aQueueOfMarksBeginsInItsTable(_ head: Int64, _ count: Int64, _ fault: SnapshotFault?) {
    var found: SnapshotFault?
    do throws(SnapshotFault) {
      var reader = try Self.snapshot(head, count) { writer throws(SnapshotFault) in
        try writer.pass(Table<InstrumentID>(capacity: 4))
        try writer.pass(Table<MarkQueue.State>(capacity: 4))
      }
      var queue = MarkQueue(instruments: 4)
      try queue.pass(through: &reader)
      try reader.finish()
    } catch {
      found = error
    }
    #expect(found == fault)
  }

  /// A look at a product's clauses, which is found without a search.
  private static func look(_ product: UInt32) -> WorkItem {
    WorkItem(
      kind: .watchSchemes, side: .unknown, subject: product, instrument: .none, cursor: 0,
      bound: 0, holders: Ledger.HolderCursor(chunk: 0, offset: 0))
  }

  @Test func ofLooksAtAProductOneIsInProgressAndOneWaits() {
    var queue = WorkQueue(capacity: 8, subjects: 3)
    var counts: [Int] = []
    for product: UInt32 in [2, 2, 2, 1, 1] {
      queue.push(Self.look(product))
      counts.append(queue.count)
    }
    #expect(counts == [1, 2, 2, 3, 3])
    // The first is done: the second is in progress now, and one more may wait.
    queue.pop()
    counts = []
    for product: UInt32 in [2, 2, 1] {
      queue.push(Self.look(product))
      counts.append(queue.count)
    }
    #expect(counts == [3, 3, 3])
  }

  @Test func whatWaitsIsKnownAgainBehindASnapshot() throws {
    var queue = WorkQueue(capacity: 8, subjects: 3)
    queue.push(Self.look(0))
    queue.push(Self.look(1))
    var writer = try SnapshotWriter(Self.facts, to: MemorySnapshot())
    try queue.pass(through: &writer)
    var reader = try SnapshotReader(writer.finish())
    var again = WorkQueue(capacity: 8, subjects: 3)
    try again.pass(through: &reader)
    again.push(Self.look(1))
    let countOfKnown = again.count
    again.push(Self.look(0))
    let countOfFirst = again.count
    #expect(countOfKnown == 2)
    #expect(countOfFirst == 3)
  }
}
