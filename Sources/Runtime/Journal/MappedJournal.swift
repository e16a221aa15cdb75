import Glibc
import Journal

/// The end of a journal that grows, for durability `process`: the loop copies records into a
/// segment that is mapped, filled and touched beforehand. No system call, and no page to wait for.
///
/// Letting go of it waits until what was written is handed to the disk.
public struct MappedJournal: JournalSink, ~Copyable {
  private let folder: JournalFolder
  private var file: SegmentFile
  private var segment: JournalSegment
  private let keeper: JournalKeeper
  private let thread: WorkerThread
  /// Nobody has seen yet that there is one behind it.
  private var mayBeLast = true

  /// Makes a new journal's folder and its first segment, without a header.
  public static func make(
    _ folder: JournalFolder, segmentBytes: UInt64
  ) throws(JournalStorageError) -> MappedJournal {
    try folder.make()
    do throws(JournalStorageError) {
      let lock = try JournalLock(folder)
      let file = try SegmentFile.make(1, in: folder, byteCount: segmentBytes)
      let keeper = JournalKeeper(folder, lock, file, head: 0, segmentBytes: segmentBytes)
      return MappedJournal(
        folder, file, .first(segmentBytes), keeper, thread: try work(of: keeper))
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
    segmentBytes: UInt64
  ) throws(JournalStorageError) -> MappedJournal {
    let segment = end.header.segment
    let offset = end.offset - segment.position
    try folder.removeUnfinished()
    let file = try SegmentFile.takeUp(
      segment.number, in: folder, byteCount: segment.byteCount, at: offset, cutsOff: cutsOff)
    let keeper = JournalKeeper(
      folder, lock, file, head: Int(offset), segmentBytes: segmentBytes)
    return MappedJournal(folder, file, segment, keeper, thread: try work(of: keeper))
  }

  private static func work(
    of keeper: JournalKeeper
  ) throws(JournalStorageError) -> WorkerThread {
    guard let thread = WorkerThread(name: "journal", { keeper.work() }) else {
      throw .io(errno: EAGAIN)
    }
    return thread
  }

  private init(
    _ folder: JournalFolder, _ file: SegmentFile, _ segment: JournalSegment,
    _ keeper: JournalKeeper, thread: consuming WorkerThread
  ) {
    self.folder = folder
    self.file = file
    self.segment = segment
    self.keeper = keeper
    self.thread = thread
  }

  deinit { keeper.stop() }

  /// Copies framed records into the segment; they survive the end of the process from here on.
  public mutating func append(
    _ bytes: UnsafeRawBufferPointer, at position: UInt64
  ) throws(JournalStorageError) {
    let offset = Int(position - segment.position)
    file.publish(bytes, at: offset)
    keeper.wrote(to: offset + bytes.count)
  }

  /// Goes over to the next segment, without a header yet; how long it is. It fails while there is
  /// none, and with why none can be made.
  public mutating func advance() throws(JournalStorageError) -> UInt64 {
    file = try keeper.exchange()
    segment = segment.next(UInt64(file.byteCount))
    mayBeLast = true
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

  /// Removes all of it. What is open stays so until it is let go of.
  public mutating func remove() {
    keeper.stop()
    folder.remove()
  }
}
