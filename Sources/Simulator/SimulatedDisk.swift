import Domain
import Gateway
import Journal

/// The file of a journal as a machine keeps it: what was written, what of it would survive a loss
/// of power, and when the process dies in between.
final class SimulatedDisk {
  private(set) var bytes: [UInt8] = []
  private(set) var exists = false
  /// So many bytes would survive a loss of power.
  private(set) var syncedCount = 0
  /// How many bytes fit.
  var capacity = Int.max
  /// Every call fails.
  var isBroken = false
  /// There is no room for a segment behind the one that is written to.
  var isLow = false
  var crashes: CrashPlan
  var draws: SplitMix64
  var snapshots = SimulatedShelf()

  init(crashes: CrashPlan, draws: SplitMix64) {
    self.crashes = crashes
    self.draws = draws
  }

  var hasUnsynced: Bool { syncedCount < bytes.count }

  fileprivate func open(_ opening: JournalOpening) throws(JournalStorageError) {
    switch opening {
    case .create:
      guard !exists else { throw .exists }
      exists = true
    case .append(let offset):
      guard exists else { throw .missing }
      try crashes.passStorage(.beforeOpen)
      precondition(offset <= UInt64(bytes.count), "a journal goes on at its end")
      bytes.removeSubrange(Int(offset)...)
      syncedCount = min(syncedCount, bytes.count)
      try crashes.passStorage(.afterOpen)
    case .read:
      guard exists else { throw .missing }
    }
  }

  fileprivate func append(
    _ source: UnsafeRawBufferPointer, at offset: Int
  ) throws(JournalStorageError) {
    try crashes.passStorage(.beforeAppend)
    if offset > bytes.count {
      // The rest of a segment, which was zero before.
      guard offset <= capacity else { throw .full }
      bytes += repeatElement(0, count: offset - bytes.count)
    }
    if crashes.hits(.duringAppend) {
      write(source.prefix(draws.below(source.count)), at: offset)
      throw .io(errno: 0)
    }
    if isBroken {
      write(source.prefix(draws.below(source.count)), at: offset)
      throw .io(errno: 5)
    }
    let room = max(0, capacity - offset)
    write(source.prefix(room), at: offset)
    if source.count > room { throw .full }
    try crashes.passStorage(.afterAppend)
  }

  private func write(_ source: Slice<UnsafeRawBufferPointer>, at offset: Int) {
    // What is written again was not synced: it may be there or not.
    syncedCount = min(syncedCount, offset)
    bytes.replaceSubrange(offset..., with: source)
  }

  fileprivate func sync() throws(JournalStorageError) {
    try crashes.passStorage(.beforeSync)
    if isBroken { throw .io(errno: 5) }
    syncedCount = bytes.count
    try crashes.passStorage(.afterSync)
  }

  /// The machine lost its power: of what was not synced a part is there, up to anywhere.
  func losePower() {
    let kept = syncedCount + draws.below(bytes.count - syncedCount + 1)
    bytes.removeSubrange(kept...)
    syncedCount = bytes.count
    snapshots.losePower(&draws)
  }

  /// Writes a snapshot as Runtime's schedule does. What was not finished is removed by the next
  /// start, and nobody looks at it before.
  func write(_ snapshot: [UInt8], of sequence: UInt64) throws(JournalStorageError) {
    try crashes.passStorage(.duringSnapshot)
    if isBroken { throw .io(errno: 5) }
    if capacity < .max { throw .full }
    snapshots.rename(snapshot, to: sequence)
    try crashes.passStorage(.afterSnapshot)
    snapshots.syncNames(behind: sequence)
  }

  fileprivate func read(at offset: Int, _ limit: Int, into buffer: UnsafeMutableRawBufferPointer)
    -> Int
  {
    let end = min(limit, bytes.count)
    guard offset < end else { return 0 }
    let part = bytes[offset..<end].prefix(buffer.count)
    part.withUnsafeBytes { buffer.copyMemory(from: $0) }
    return part.count
  }
}

/// A process's handle of the disk; readers see no further than the mark, when they have one.
struct SimulatedDiskStorage: JournalStorage, ~Copyable {
  private let disk: SimulatedDisk
  private let mark: StoredMark?

  init(_ disk: SimulatedDisk, upTo mark: StoredMark? = nil) {
    self.disk = disk
    self.mark = mark
  }

  mutating func open(_ opening: JournalOpening) throws(JournalStorageError) -> UInt64 {
    try disk.open(opening)
    return UInt64(disk.bytes.count)
  }

  mutating func append(
    _ bytes: UnsafeRawBufferPointer, at offset: UInt64
  ) throws(JournalStorageError) {
    try disk.append(bytes, at: Int(offset))
  }

  mutating func sync() throws(JournalStorageError) { try disk.sync() }

  mutating func read(
    at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(JournalStorageError) -> Int {
    disk.read(at: Int(offset), mark?.offset ?? .max, into: buffer)
  }

  mutating func close() {}
}

extension SimulatedDiskStorage: StartingJournal {
  mutating func store(_ gateway: inout Gateway) throws(JournalStorageError) {
    let pending = gateway.sequencer.journal.pending
    if pending.count > 0 { try append(pending, at: gateway.sequencer.journal.pendingOffset) }
    gateway.journalStored()
  }

  /// As short as can be: a run has several.
  func beginSegment() throws(JournalStorageError) -> UInt64 {
    if disk.isLow { throw .full }
    return JournalFormat.segmentBytes.lowerBound
  }

  /// Whether the segment that is written to is the last that there will be.
  var isOnLastSegment: Bool { disk.isLow }
}

/// How far the gateway was told that its records are stored.
final class StoredMark {
  var offset = 0
}
