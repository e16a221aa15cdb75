import CSluice
import Domain
import Glibc
import Journal
import Messages
import Runtime
import Wire

/// What the journal costs a decision, durability `process`: encoding the command and its outcome,
/// framing both, and copying them into the mapped segment, where they survive the process.
struct JournalBench: ~Copyable {
  private var journal: LiveJournal
  private var encoder: JournalEncoder
  /// A segment's worth of plain memory, for the yardstick: no cache has what comes next there
  /// either.
  private let plain: UnsafeMutableRawBufferPointer
  private var place = 0
  private var byteCount = 0
  private var append: Samples
  private var copy: Samples

  /// - Parameter path: of a folder that does not exist, on the disk that is meant.
  init(folder path: String, orders: Int) throws(JournalStorageError) {
    let header = JournalHeader(
      shard: 0, firstSequence: 1, engineVersion: 1, configRevision: 1, createdTime: 0,
      genesisHash: InlineArray(repeating: 0))
    let journal = try LiveJournal.make(JournalFolder(path: path), header)
    encoder = JournalEncoder(after: journal.start, capacity: 4 << 20)
    self.journal = journal
    plain = .allocate(byteCount: Int(header.segment.byteCount), alignment: 4096)
    plain.initializeMemory(as: UInt8.self, repeating: 1)
    append = Samples(capacity: orders)
    copy = Samples(capacity: orders)
  }

  deinit { plain.deallocate() }

  /// Journals what was just decided, as a turn of one order does; the yardstick behind it.
  mutating func record(
    _ stamped: Stamped, _ effects: borrowing EffectBuffer
  ) throws(JournalStorageError) {
    if encoder.segmentRoom < 2 * JournalFormat.recordByteMaximum {
      encoder.beginSegment(try journal.awaitAndAdvance())
      try store()
    }
    let before = sluice_monotonic_nanoseconds()
    frame(stamped, effects)
    let framed = encoder.pending
    try store()
    let after = sluice_monotonic_nanoseconds()
    if place + framed.count > plain.count { place = 0 }
    let copyBefore = sluice_monotonic_nanoseconds()
    memcpy(plain.baseAddress! + place, framed.baseAddress!, framed.count)
    let copyAfter = sluice_monotonic_nanoseconds()
    place += framed.count
    byteCount += framed.count
    append.add(after - before)
    copy.add(copyAfter - copyBefore)
  }

  private mutating func frame(_ stamped: Stamped, _ effects: borrowing EffectBuffer) {
    let sequence = encoder.end.sequence + 1
    let time = stamped.time.nanoseconds
    guard let command = encoder.reserve(JournalCodec.commandMaximum),
      let length = try? JournalCodec.encode(stamped.command, into: command)
    else { preconditionFailure("a command fits the journal's buffer") }
    encoder.commit(length, type: .command, sequence: sequence, time: time)
    guard let outcome = encoder.reserve(effects.count * JournalCodec.effectMaximum),
      let count = try? JournalCodec.encode(effects, into: outcome)
    else { preconditionFailure("an outcome fits the journal's buffer") }
    encoder.commit(count, type: .outcome, sequence: sequence, time: time)
  }

  private mutating func store() throws(JournalStorageError) {
    try journal.store(encoder)
    encoder.pendingWasStored()
    encoder.released(upTo: encoder.storedSequence)
  }

  /// The end of what is written.
  var end: JournalEnd { encoder.end }

  /// Prints the figures and removes the folder.
  mutating func finish() {
    for (key, sorted) in [
      ("journal.append_ns", append.sorted()), ("journal.memcpy_ns", copy.sorted()),
    ] {
      Bench.emit(key + ".p50", sorted.p50)
      Bench.emit(key + ".p99", sorted.p99)
      Bench.emit(key + ".p999", sorted.p999)
      Bench.emit(key + ".max", sorted.maximum)
    }
    Bench.emit("journal.bytes_per_order", Int64(byteCount / max(append.count, 1)))
    remove()
  }

  mutating func remove() { journal.remove() }
}
