import CSluice
import Glibc
import Journal
import Rings

/// When effects may leave.
public enum JournalDurability: Equatable, Sendable {
  /// Their records survive the end of the process.
  case process
  /// Their records survive a loss of power.
  case power
}

/// The end of a journal that grows.
///
/// With durability `process` the loop copies records into a segment that is mapped, filled and
/// touched beforehand: no system call, and no page to wait for. With `power` it copies them into a
/// ring, and a thread writes and syncs them (`JournalSyncer`). Letting go of it waits until what
/// was stored is handed to the disk.
public struct LiveJournal: ~Copyable {
  /// The power mode's: what the loop puts in, and who takes it out.
  private final class Syncing {
    var ring: ByteProducer
    let syncer: JournalSyncer
    private let thread: WorkerThread
    /// Framed again behind a segment that was sealed, not in the ring yet.
    var rewritten: [(bytes: [UInt8], end: JournalEnd)] = []
    /// What the disk did not have when a sync failed, until there is a segment for it.
    var taken: (pieces: [[UInt8]], next: SegmentFile?)?

    init(
      _ ring: consuming ByteProducer, _ syncer: JournalSyncer, _ thread: consuming WorkerThread
    ) {
      self.ring = ring
      self.syncer = syncer
      self.thread = thread
    }

    deinit { syncer.stop() }
  }

  /// Where it went on when it was opened.
  public let start: JournalEnd
  private let folder: JournalFolder
  private var file: SegmentFile
  private var segment: JournalSegment
  private let keeper: JournalKeeper
  private let thread: WorkerThread
  private let syncing: Syncing?
  /// Nobody has seen yet that there is a segment behind this one.
  private var mayBeLast = true

  /// Makes a new journal: its folder, and the first segment with its header. A start does not go on
  /// with it before `begun`.
  public static func make(
    _ folder: JournalFolder, _ header: JournalHeader, _ durability: JournalDurability = .process
  ) throws(JournalStorageError) -> LiveJournal {
    try folder.make()
    do throws(JournalStorageError) {
      let lock = try JournalLock(folder)
      let byteCount = header.segment.byteCount
      let file = try SegmentFile.make(
        1, in: folder, byteCount: byteCount, isMapped: durability == .process)
      let bytes = UnsafeMutableRawBufferPointer.allocate(
        byteCount: JournalFormat.headerByteCount, alignment: 8)
      defer { bytes.deallocate() }
      let crc = header.encode(into: bytes)
      try file.write(UnsafeRawBufferPointer(bytes), at: 0)
      try file.syncAll()
      return try LiveJournal(
        folder, lock, file, at: header.end(crc: crc), durability, segmentBytes: byteCount)
    } catch {
      folder.remove()
      throw error
    }
  }

  /// Goes on at `end`, which a reader found while `lock` was held.
  ///
  /// - Parameters:
  ///   - cutsOff: part of a record lies behind.
  ///   - segmentBytes: of segments that are begun from now on.
  static func goOn(
    _ folder: JournalFolder, _ lock: consuming JournalLock, at end: JournalEnd, cutsOff: Bool,
    _ durability: JournalDurability, segmentBytes: UInt64
  ) throws(JournalStorageError) -> LiveJournal {
    let segment = end.header.segment
    try folder.removeUnfinished()
    let file = try SegmentFile.takeUp(
      segment.number, in: folder, byteCount: segment.byteCount, at: end.offset - segment.position,
      cutsOff: cutsOff, isMapped: durability == .process)
    // What the last run left with the system alone is made durable, whatever it was run with.
    if durability == .power { try folder.syncSegments() }
    return try LiveJournal(folder, lock, file, at: end, durability, segmentBytes: segmentBytes)
  }

  private init(
    _ folder: JournalFolder, _ lock: consuming JournalLock, _ file: SegmentFile,
    at end: JournalEnd, _ durability: JournalDurability, segmentBytes: UInt64
  ) throws(JournalStorageError) {
    let offset = Int(end.offset - end.header.segment.position)
    let keeper = JournalKeeper(
      folder, lock, file, head: durability == .process ? offset : nil, segmentBytes: segmentBytes)
    let thread = try LiveJournal.thread("journal") { keeper.work() }
    syncing = durability == .power ? try LiveJournal.syncing(file, end) : nil
    self.folder = folder
    self.file = file
    segment = end.header.segment
    start = end
    self.keeper = keeper
    self.thread = thread
  }

  private static func syncing(
    _ file: SegmentFile, _ end: JournalEnd
  ) throws(JournalStorageError) -> Syncing {
    let ring = ByteRing(capacity: JournalSyncer.ringBytes)
    let syncer = JournalSyncer(ring.consumer, file, end.header.segment, durable: end)
    let thread = try thread("sync") { syncer.work() }
    return Syncing(ring.producer, syncer, thread)
  }

  private static func thread(
    _ name: StaticString, _ body: @escaping @Sendable () -> Void
  ) throws(JournalStorageError) -> WorkerThread {
    guard let thread = WorkerThread(name: name, body) else { throw .io(errno: EAGAIN) }
    return thread
  }

  deinit { keeper.stop() }

  /// All commands of its beginning are stored: from now on a start goes on with it.
  ///
  /// - Parameter end: of the beginning.
  func begun(_ end: JournalEnd) throws(JournalStorageError) {
    // Else the disk has it already.
    if syncing == nil { try file.sync(0..<Int(end.offset - segment.position)) }
    try folder.begun()
  }

  // MARK: Storing

  /// Stores what `encoder` has pending. Throws `notReady` when it has to wait for the disk.
  public mutating func store(
    _ encoder: borrowing JournalEncoder
  ) throws(JournalStorageError) {
    let bytes = encoder.pending
    guard !bytes.isEmpty else { return }
    guard syncing == nil else {
      guard put(bytes, encoder.pendingOffset, encoder.end) else { throw .notReady }
      return
    }
    let offset = Int(encoder.pendingOffset - segment.position)
    file.publish(bytes, at: offset)
    keeper.wrote(to: offset + bytes.count)
  }

  /// False when the ring is full.
  private mutating func put(
    _ bytes: UnsafeRawBufferPointer, _ position: UInt64, _ end: JournalEnd
  ) -> Bool {
    let head = MemoryLayout<JournalSyncer.Piece>.size
    guard let syncing, let room = syncing.ring.reserve(head + bytes.count) else { return false }
    room.storeBytes(
      of: JournalSyncer.Piece(position: position, end: end), as: JournalSyncer.Piece.self)
    UnsafeMutableRawBufferPointer(rebasing: room[head...]).copyMemory(from: bytes)
    syncing.ring.commit(head + bytes.count, kind: 1)
    syncing.syncer.wake()
    return true
  }

  /// Goes over to the next segment, without a header yet; how long it is. Throws while there is
  /// none: `notReady`, or why none can be made.
  public mutating func advance() throws(JournalStorageError) -> UInt64 {
    file = try keeper.exchange()
    segment = segment.next(UInt64(file.byteCount))
    mayBeLast = true
    syncing?.syncer.comes(file)
    return segment.byteCount
  }

  /// The same where waiting does no harm: until the segment is ready or can't be made.
  public mutating func awaitAndAdvance() throws(JournalStorageError) -> UInt64 {
    try keeper.awaitPrepared()
    return try advance()
  }

  /// Why no segment can be made behind this one; nil while there is one or it is being made. Cheap
  /// enough for every turn.
  public mutating func lastSegmentTrouble() -> JournalStorageError? {
    guard mayBeLast else { return nil }
    let standing = keeper.standing
    mayBeLast = !standing.hasNext
    return standing.hasNext ? nil : standing.trouble
  }

  /// Of segments that are begun from now on.
  var segmentBytes: UInt64 { keeper.segmentBytes }

  // MARK: Durability

  /// The newest command whose records are as durable as is wanted.
  ///
  /// - Parameter stored: the newest that was stored.
  public func released(stored: UInt64) -> UInt64 { syncing?.syncer.released ?? stored }

  /// Up to where a reader may read.
  ///
  /// - Parameter stored: the end of what was stored.
  public func readable(stored: JournalEnd) -> JournalEnd { syncing?.syncer.durable ?? stored }

  public var isSynced: Bool { syncing != nil }

  /// The loop is woken when something has become durable.
  func wakes(_ waker: LoopWaker) { syncing?.syncer.wakes(waker) }

  /// Returns when all that was stored is as durable as is wanted.
  public func awaitReleased(_ sequence: UInt64) throws(JournalStorageError) {
    guard let syncer = syncing?.syncer else { return }
    try syncer.awaitReleased(sequence)
  }

  /// With durability `process`: why the disk did not take what was written, since the last call.
  func takeHandOverFailure() -> JournalStorageError? { keeper.takeSyncFailure() }

  /// Why a sync failed; nil when none did. `mend` goes on behind it.
  public var syncFailure: JournalStorageError? { syncing?.syncer.failure }

  /// Goes on behind a failed sync, in another segment: what the disk does not have is framed there
  /// again. Nothing to do when all is well; throws while there is no segment or no room in the
  /// ring.
  public mutating func mend(_ encoder: inout JournalEncoder) throws(JournalStorageError) {
    guard let syncing else { return }
    if syncing.syncer.failure != nil { try seal(syncing, &encoder) }
    while let next = syncing.rewritten.first {
      let isPut = next.bytes.withUnsafeBytes {
        put($0, next.end.offset - UInt64($0.count), next.end)
      }
      guard isPut else { throw .notReady }
      syncing.rewritten.removeFirst()
    }
  }

  private mutating func seal(
    _ syncing: Syncing, _ encoder: inout JournalEncoder
  ) throws(JournalStorageError) {
    let syncer = syncing.syncer
    var taken = syncing.taken ?? syncer.takeBack()
    // Framed again for a segment whose sync failed too, before all of it was put into the ring.
    taken.pieces += syncing.rewritten.map(\.bytes)
    syncing.rewritten.removeAll()
    syncing.taken = taken
    let next: SegmentFile
    if let gone = taken.next { next = gone } else { next = try keeper.exchange() }
    syncing.taken = nil
    var pieces = taken.pieces
    let ends = encoder.goOn(
      behind: syncer.durable, byteCount: UInt64(next.byteCount), rewriting: &pieces)
    file = next
    segment = ends[0].header.segment
    mayBeLast = true
    syncing.rewritten = Array(zip(pieces, ends).map { ($0, $1) })
    syncer.resume(next, segment)
  }

  /// Removes all of it. What is open stays so until it is let go of.
  public mutating func remove() {
    keeper.end()
    syncing?.syncer.stop()
    folder.remove()
  }
}
