import CSluice
import Glibc
import Journal
import Runtime

/// What durability `power` costs: from the first of some orders being stored until the disk has the
/// last of them, one sync for all.
enum PowerBench {
  /// Bytes of a command and of its outcome, those of an accepted order.
  private static let payloads = [128, 384]

  static func run(folder path: String, ordersASync: Int, syncs: Int) throws(JournalStorageError) {
    let header = JournalHeader(
      shard: 0, firstSequence: 1, engineVersion: 1, configRevision: 1, createdTime: 0,
      genesisHash: InlineArray(repeating: 0))
    var journal = try LiveJournal.make(JournalFolder(path: path), header, .power)
    var encoder = JournalEncoder(after: journal.start, capacity: 4 << 20)
    var samples = Samples(capacity: syncs)
    // A quarter as many untimed ones to warm up.
    for sync in 0..<syncs + syncs / 4 {
      if encoder.segmentRoom < (4 << 20) + 2 * JournalFormat.recordByteMaximum {
        encoder.beginSegment(try journal.awaitAndAdvance())
        try store(&encoder, &journal)
        try journal.awaitReleased(encoder.storedSequence)
      }
      let before = sluice_monotonic_nanoseconds()
      for _ in 0..<ordersASync { frame(&encoder) }
      try store(&encoder, &journal)
      try journal.awaitReleased(encoder.storedSequence)
      let after = sluice_monotonic_nanoseconds()
      if sync >= syncs / 4 { samples.add((after - before) / 1_000) }
    }
    let sorted = samples.sorted()
    Bench.emit("journal.power_ack_us_\(ordersASync).p50", sorted.p50)
    Bench.emit("journal.power_ack_us_\(ordersASync).p99", sorted.p99)
    journal.remove()
  }

  private static func frame(_ encoder: inout JournalEncoder) {
    let sequence = encoder.end.sequence + 1
    for (place, count) in payloads.enumerated() {
      guard let room = encoder.reserve(count) else {
        preconditionFailure("a batch fits the journal's buffer")
      }
      room.initializeMemory(as: UInt8.self, repeating: UInt8(truncatingIfNeeded: sequence))
      encoder.commit(
        count, type: place == 0 ? .command : .outcome, sequence: sequence, time: 0)
    }
  }

  private static func store(
    _ encoder: inout JournalEncoder, _ journal: inout LiveJournal
  ) throws(JournalStorageError) {
    try journal.store(encoder)
    encoder.pendingWasStored()
  }
}
