import Glibc
import Journal
import Rings
import Synchronization

/// Looks after a journal's segments, on a thread of its own: makes the next one ready before it is
/// needed, hands to the disk what is written, whole pieces behind the head, and keeps the pages in
/// front of it writable.
final class JournalKeeper: @unchecked Sendable {
  /// Between two looks at what was written.
  private static let lookNanoseconds: Int64 = 50_000_000
  /// Until another try when a segment could not be made.
  private static let retryNanoseconds: Int64 = 250_000_000
  /// Bytes in front of the head whose pages stay writable: more than is written between two looks.
  private static let warmBytes = 8 << 20
  /// The system may keep so many bytes as one piece and then protects all of it while it is written
  /// to the disk: less than that is not handed over by itself.
  private static let pieceBytes = 2 << 20

  private struct State {
    var file: SegmentFile
    var prepared: SegmentFile?
    /// Written full, not handed to the disk yet.
    var full: [SegmentFile] = []
    var trouble: JournalStorageError?
    /// The disk did not take what was written; told once.
    var syncFailure: JournalStorageError?
  }

  private let folder: JournalFolder
  /// Held until the thread has ended.
  private let lock: JournalLock
  let segmentBytes: UInt64
  private let state: Mutex<State>
  /// Bytes of the current segment that are written.
  private let head: Atomic<Int>
  /// Segments are written by their maps; else somebody else writes and syncs them.
  private let isMapped: Bool
  private let bell = Doorbell()
  /// Rings when a segment is ready or could not be made.
  private let prepared = Doorbell()
  private let isStopping = Atomic(false)
  private let hasEnded = Atomic(false)
  // The thread's own.
  private var synced = 0

  /// - Parameter head: bytes of the segment that are written; nil when somebody else writes and
  ///   syncs what is in segments.
  init(
    _ folder: JournalFolder, _ lock: consuming JournalLock, _ file: SegmentFile, head: Int?,
    segmentBytes: UInt64
  ) {
    isMapped = head != nil
    self.folder = folder
    self.lock = lock
    self.segmentBytes = segmentBytes
    self.head = Atomic(head ?? 0)
    state = Mutex(State(file: file))
  }

  // MARK: The loop's side

  /// The segment is written up to here.
  func wrote(to offset: Int) { head.store(offset, ordering: .releasing) }

  /// Takes the segment that is ready and gives back the full one. Throws when there is none: with
  /// why it could not be made, or `notReady` while it is being made.
  func exchange() throws(JournalStorageError) -> SegmentFile {
    let (next, trouble) = state.withLock { state -> (SegmentFile?, JournalStorageError?) in
      guard let next = state.prepared else { return (nil, state.trouble) }
      state.full.append(state.file)
      state.file = next
      state.prepared = nil
      head.store(0, ordering: .releasing)
      return (next, nil)
    }
    bell.ring()
    guard let next else { throw trouble ?? .notReady }
    return next
  }

  /// Waits until a segment is ready; throws when none can be made.
  func awaitPrepared() throws(JournalStorageError) {
    while needsSegment {
      if let trouble { throw trouble }
      prepared.wait(timeoutNanoseconds: JournalKeeper.retryNanoseconds) {
        !needsSegment || trouble != nil
      }
    }
  }

  /// Whether there is a segment behind the current one, and why the last try to make one failed.
  var standing: (hasNext: Bool, trouble: JournalStorageError?) {
    state.withLock { ($0.prepared != nil, $0.trouble) }
  }

  /// Why the disk did not take what was written, since the last call.
  func takeSyncFailure() -> JournalStorageError? {
    state.withLock { state in
      defer { state.syncFailure = nil }
      return state.syncFailure
    }
  }

  func stop() {
    isStopping.store(true, ordering: .sequentiallyConsistent)
    bell.ring()
  }

  /// Stops it and returns when it has ended: it makes no file any more.
  func end() {
    stop()
    while !hasEnded.load(ordering: .acquiring) {
      prepared.wait(timeoutNanoseconds: JournalKeeper.retryNanoseconds) {
        hasEnded.load(ordering: .acquiring)
      }
    }
  }

  // MARK: The thread's side

  private var mustStop: Bool { isStopping.load(ordering: .sequentiallyConsistent) }

  func work() {
    while !mustStop {
      prepare()
      handOver()
      let hasTrouble = trouble != nil
      bell.wait(
        timeoutNanoseconds: hasTrouble
          ? JournalKeeper.retryNanoseconds : JournalKeeper.lookNanoseconds
      ) { mustStop || !hasTrouble && needsSegment }
    }
    handOver()
    hasEnded.store(true, ordering: .releasing)
    prepared.ring()
  }

  private var needsSegment: Bool { state.withLock { $0.prepared == nil } }

  /// Makes the next segment when there is none.
  private func prepare() {
    let number = state.withLock { $0.prepared == nil ? $0.file.number + 1 : nil }
    guard let number else { return }
    do throws(JournalStorageError) {
      let made: SegmentFile
      if let left = try takeUp(number) {
        made = left
      } else {
        made = try SegmentFile.make(
          number, in: folder, byteCount: segmentBytes, isMapped: isMapped)
      }
      state.withLock {
        $0.prepared = made
        $0.trouble = nil
      }
    } catch {
      state.withLock { $0.trouble = error }
    }
    prepared.ring()
  }

  /// One that the last run made ready and did not need.
  private func takeUp(_ number: UInt32) throws(JournalStorageError) -> SegmentFile? {
    guard access(folder.segmentPath(number), F_OK) == 0 else { return nil }
    return try SegmentFile.takeUp(
      number, in: folder, byteCount: segmentBytes, at: 0, cutsOff: true, isMapped: isMapped)
  }

  private var trouble: JournalStorageError? { state.withLock { $0.trouble } }

  /// Hands what is written to the disk, but for the page that is being written to.
  private func handOver() {
    let (file, full) = state.withLock { state in
      defer { state.full.removeAll() }
      return (state.file, state.full)
    }
    guard isMapped else { return }
    do throws(JournalStorageError) {
      for file in full {
        let range = synced..<file.byteCount
        synced = 0
        try file.sync(range)
      }
      // Read behind the file: of this one or, when it was exchanged since, at worst smaller.
      let head = head.load(ordering: .acquiring)
      let whole = min(head, file.byteCount) / JournalKeeper.pieceBytes * JournalKeeper.pieceBytes
      if whole > synced {
        let range = synced..<whole
        // Tried once: the system would not say a second time that it failed.
        synced = whole
        try file.sync(range)
      }
      file.warm(min(head, file.byteCount)..<min(file.byteCount, head + JournalKeeper.warmBytes))
    } catch {
      state.withLock { $0.syncFailure = error }
    }
  }
}
