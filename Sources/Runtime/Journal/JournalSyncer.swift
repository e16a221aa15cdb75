import Gateway
import Glibc
import Journal
import Rings
import Synchronization

/// Durability `power`: writes framed records to their segment and syncs them, on a thread of its
/// own. The loop puts them into a ring and never touches a page that is being synced; whatever has
/// come meanwhile is the next batch.
///
/// A sync that fails seals its segment for good: nobody knows what the disk holds of what was not
/// synced. The thread then rests until the loop has taken back what the disk does not have.
final class JournalSyncer: @unchecked Sendable {
  /// As many bytes as a turn stores at most.
  static let pieceBytes = Sequencer.journalBytesDefault
  /// Room in the ring for what is not synced; a segment takes all of it again.
  static let ringBytes = 4 * pieceBytes
  static let segmentBytesMinimum = UInt64(2 * ringBytes)

  /// Stands in front of what one turn stored, in the ring.
  struct Piece: BitwiseCopyable {
    var position: UInt64
    /// Behind them.
    var end: JournalEnd
  }

  private struct State {
    /// What the disk has.
    var durable: JournalEnd
    /// Segments that the loop has gone over to and the thread has not.
    var coming: [SegmentFile] = []
    var failure: JournalStorageError?
    var waker: LoopWaker?
  }

  private let state: Mutex<State>
  private let durableSequence: Atomic<UInt64>
  private let bell = Doorbell()
  /// Rings when something has become durable, or nothing does any more.
  private let progress = Doorbell()
  private let isStopping = Atomic(false)
  /// The thread rests, and what is the thread's own is the loop's.
  private let isResting = Atomic(false)

  // The thread's own.
  private var ring: ByteConsumer
  private var file: SegmentFile
  private var segment: JournalSegment
  /// What is being written: copied together, so that it is one write.
  private let batch = UnsafeMutableRawBufferPointer.allocate(
    byteCount: 2 * JournalSyncer.pieceBytes, alignment: 4096)
  private var batchCount = 0
  private var batchPosition: UInt64 = 0
  private var batchEnd: JournalEnd
  /// The pieces in it.
  private var pieces: [ByteRecord] = []
  /// Taken from the ring, and in the next segment.
  private var next: ByteRecord?

  init(
    _ ring: consuming ByteConsumer, _ file: SegmentFile, _ segment: JournalSegment,
    durable: JournalEnd
  ) {
    self.ring = ring
    self.file = file
    self.segment = segment
    state = Mutex(State(durable: durable))
    durableSequence = Atomic(durable.sequence)
    batchEnd = durable
    pieces.reserveCapacity(1_024)
  }

  deinit { batch.deallocate() }

  // MARK: The loop's side

  /// Effects of commands up to this one may leave.
  var released: UInt64 { durableSequence.load(ordering: .acquiring) }
  /// What the disk has.
  var durable: JournalEnd { state.withLock { $0.durable } }
  /// Why the segment is sealed; nil while it is not.
  var failure: JournalStorageError? {
    isResting.load(ordering: .acquiring) ? state.withLock { $0.failure } : nil
  }

  /// Returns when the disk has all commands up to `sequence`; throws when a sync failed.
  func awaitReleased(_ sequence: UInt64) throws(JournalStorageError) {
    while released < sequence {
      if let failure { throw failure }
      progress.wait(timeoutNanoseconds: 50_000_000) { released >= sequence || failure != nil }
    }
  }

  /// Records were put into the ring.
  func wake() { bell.ring() }

  /// The loop is woken when something became durable, or nothing does any more.
  func wakes(_ waker: LoopWaker) { state.withLock { $0.waker = waker } }

  /// What is put in from now on may lie in this segment.
  func comes(_ file: SegmentFile) { state.withLock { $0.coming.append(file) } }

  func stop() {
    isStopping.store(true, ordering: .sequentiallyConsistent)
    bell.ring()
  }

  /// While `failure` is there: the pieces that the disk does not have, in their order, and the
  /// segment that the loop has gone over to already, if it has.
  func takeBack() -> (pieces: [[UInt8]], next: SegmentFile?) {
    if let next { pieces.append(next) }
    next = nil
    while let piece = ring.next() { pieces.append(piece) }
    let taken = pieces.map { Array(JournalSyncer.records($0)) }
    pieces.removeAll(keepingCapacity: true)
    batchCount = 0
    ring.release()
    return (taken, state.withLock { $0.coming.popLast() })
  }

  /// Goes on in another segment, with what is put into the ring from now on.
  func resume(_ file: SegmentFile, _ segment: JournalSegment) {
    self.file = file
    self.segment = segment
    state.withLock { $0.failure = nil }
    isResting.store(false, ordering: .releasing)
    bell.ring()
  }

  // MARK: The thread's side

  private var mustStop: Bool { isStopping.load(ordering: .sequentiallyConsistent) }
  private var rests: Bool { isResting.load(ordering: .acquiring) }

  func work() {
    while true {
      if !rests, gather() {
        do throws(JournalStorageError) {
          try store()
          publish()
        } catch {
          rest(error)
        }
        continue
      }
      if mustStop { return }
      bell.wait(timeoutNanoseconds: -1) { mustStop || !rests && (next != nil || !ring.isEmpty) }
    }
  }

  private static func records(_ piece: ByteRecord) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: piece.bytes[MemoryLayout<Piece>.size...])
  }

  /// Takes what the ring has, as far as it lies in one segment and fits the batch; whether there is
  /// anything.
  private func gather() -> Bool {
    while batchCount + JournalSyncer.pieceBytes <= batch.count, let piece = next ?? ring.next() {
      next = piece
      let head = piece.bytes.loadUnaligned(as: Piece.self)
      if head.position >= segment.end {
        guard batchCount == 0, goOver(to: head.end.header.segment) else { break }
      }
      next = nil
      let records = JournalSyncer.records(piece)
      if batchCount == 0 { batchPosition = head.position }
      UnsafeMutableRawBufferPointer(rebasing: batch[batchCount...]).copyMemory(from: records)
      batchCount += records.count
      batchEnd = head.end
      pieces.append(piece)
    }
    return batchCount > 0
  }

  private func goOver(to segment: JournalSegment) -> Bool {
    guard let file = state.withLock({ $0.coming.isEmpty ? nil : $0.coming.removeFirst() }) else {
      return false
    }
    self.file = file
    self.segment = segment
    return true
  }

  private func store() throws(JournalStorageError) {
    try file.write(
      UnsafeRawBufferPointer(rebasing: batch[..<batchCount]),
      at: Int(batchPosition - segment.position))
    try file.syncAll()
  }

  private func publish() {
    // One that waits for the next segment is in the ring still: all go back together.
    if next == nil { ring.release() }
    pieces.removeAll(keepingCapacity: true)
    batchCount = 0
    let end = batchEnd
    durableSequence.store(end.sequence, ordering: .releasing)
    state.withLock {
      $0.durable = end
      $0.waker?.wake()
    }
    progress.ring()
  }

  private func rest(_ error: JournalStorageError) {
    state.withLock { $0.failure = error }
    isResting.store(true, ordering: .releasing)
    state.withLock { _ = $0.waker?.wake() }
    progress.ring()
  }
}
