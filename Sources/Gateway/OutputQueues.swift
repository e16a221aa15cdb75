import Session
import Storage

/// Bytes that wait to leave, a fixed buffer for each peer, and which peers have some.
///
/// Whole messages are put in at the end; the driver takes what may leave. Nothing may before the
/// journal has what caused it: at the end of a turn `hold` says for which command the turn's bytes
/// wait, and `release` how far the journal has got.
struct OutputQueues: ~Copyable {
  /// Bytes of a peer are counted from its first one on, whoever had its place.
  struct Queue: BitwiseCopyable {
    /// How many were put in, taken out, and may be taken out.
    var put: UInt64
    var taken: UInt64
    var free: UInt64
    /// Bytes in front of here wait for a command that the journal does not have.
    var held: UInt64
    /// How many there were at the end of the last turn.
    var turned: UInt64
    /// Is in the list of those that were put something into this turn.
    var isTouched: Bool
    /// Is in the list of those that have something that may leave.
    var isListed: Bool
    /// Some of its bytes found no place among the marks.
    var isLate: Bool
  }

  /// A peer's bytes in front of `end` may leave when the journal has this command.
  struct Mark: BitwiseCopyable {
    var sequence: UInt64
    var end: UInt64
    var peer: UInt32
  }

  private let bytes: Table<UInt8>
  private let queues: Table<Queue>
  private var touched: Fifo<UInt32>
  private var listed: Fifo<UInt32>
  /// In the order of their commands.
  private var marks: Fifo<Mark>
  /// Of peers that are late: they wait for the newest command of any of them.
  private var late: Fifo<UInt32>
  private var lateSequence: UInt64 = 0
  let bytesEach: Int

  /// Turns that may wait for the disk at once, for each of so many peers.
  private static let marksMinimum = 16_384

  init(peers: Int, bytesEach: Int) {
    // Most peers read at once, and never need more than the first page of theirs.
    bytes = Table(capacity: peers * bytesEach, isSparse: true)
    queues = Table(capacity: peers)
    touched = Fifo(capacity: peers)
    listed = Fifo(capacity: peers)
    late = Fifo(capacity: peers)
    marks = Fifo(capacity: max(OutputQueues.marksMinimum, 4 * peers))
    self.bytesEach = bytesEach
  }

  /// What is free behind the bytes that wait.
  func room(_ peer: UInt32) -> OutgoingBytes {
    let used = count(peer)
    return OutgoingBytes(
      UnsafeMutableRawBufferPointer(
        start: bytes.base + Int(peer) * bytesEach + used, count: bytesEach - used))
  }

  private func count(_ peer: UInt32) -> Int {
    Int(queues.at(peer).pointee.put - queues.at(peer).pointee.taken)
  }

  func free(_ peer: UInt32) -> Int { bytesEach - count(peer) }
  func isEmpty(_ peer: UInt32) -> Bool { count(peer) == 0 }

  /// Keeps what was written into the room that was last asked for.
  mutating func keep(_ peer: UInt32, _ written: OutgoingBytes) {
    guard written.count > 0 else { return }
    let queue = queues.at(peer)
    queue.pointee.put += UInt64(written.count)
    precondition(count(peer) <= bytesEach, "what is written fits its room")
    guard !queue.pointee.isTouched else { return }
    queue.pointee.isTouched = true
    Self.push(peer, &touched)
  }

  /// Each peer is in a list once.
  private static func push(_ peer: UInt32, _ list: inout Fifo<UInt32>) {
    precondition(list.push(peer), "a list has room for every peer")
  }

  /// Forgets what waits.
  mutating func clear(_ peer: UInt32) {
    let queue = queues.at(peer)
    queue.pointee.taken = queue.pointee.put
    queue.pointee.free = queue.pointee.put
    queue.pointee.held = queue.pointee.put
    queue.pointee.turned = queue.pointee.put
  }

  // MARK: The journal

  /// The end of a turn: what was put in since the last one waits until the journal has `sequence`,
  /// if it has less than that now.
  ///
  /// - Parameters:
  ///   - released: the newest command that the journal has.
  ///   - isRecorded: the turn may have taken commands. If not, its words are the gateway's own, and
  ///     wait for nothing but their turn behind those that do.
  mutating func hold(_ sequence: UInt64, released: UInt64, isRecorded: Bool) {
    while let peer = touched.pop() {
      let queue = queues.at(peer)
      queue.pointee.isTouched = false
      queue.pointee.turned = queue.pointee.put
      let waits = queue.pointee.free < queue.pointee.held
      if !queue.pointee.isLate, released >= sequence || !isRecorded && !waits {
        queue.pointee.free = queue.pointee.put
        queue.pointee.held = queue.pointee.put
        list(peer)
        continue
      }
      if isRecorded { queue.pointee.held = queue.pointee.put }
      mark(peer, Mark(sequence: sequence, end: queue.pointee.put, peer: peer))
    }
  }

  private mutating func mark(_ peer: UInt32, _ mark: Mark) {
    let queue = queues.at(peer)
    // Once late it stays so until all of it is free: marks are in order.
    if !queue.pointee.isLate, marks.push(mark) { return }
    lateSequence = max(lateSequence, mark.sequence)
    guard !queue.pointee.isLate else { return }
    queue.pointee.isLate = true
    Self.push(peer, &late)
  }

  /// The journal has all commands up to `sequence`: what waited for them may leave.
  mutating func release(_ sequence: UInt64) {
    while let mark = marks.first?.pointee, mark.sequence <= sequence {
      marks.drop()
      free(mark.peer, upTo: mark.end)
    }
    guard sequence >= lateSequence else { return }
    while let peer = late.pop() {
      queues.at(peer).pointee.isLate = false
      free(peer, upTo: queues.at(peer).pointee.turned)
    }
  }

  private mutating func free(_ peer: UInt32, upTo end: UInt64) {
    let queue = queues.at(peer)
    guard end > queue.pointee.free else { return }
    queue.pointee.free = end
    list(peer)
  }

  /// Whether some of its bytes wait for the journal.
  func isHeld(_ peer: UInt32) -> Bool {
    queues.at(peer).pointee.free < queues.at(peer).pointee.held
  }

  // MARK: What may leave

  /// Puts a peer into the list, once, when something of it may leave.
  mutating func list(_ peer: UInt32) {
    let queue = queues.at(peer)
    guard !queue.pointee.isListed, queue.pointee.free > queue.pointee.taken else { return }
    queue.pointee.isListed = true
    Self.push(peer, &listed)
  }

  /// The next peer of which something may leave; it leaves the list.
  mutating func nextListed() -> UInt32? {
    guard let peer = listed.pop() else { return nil }
    queues.at(peer).pointee.isListed = false
    return peer
  }

  /// What may leave of a peer, good until something is put in or taken.
  func leaving(_ peer: UInt32) -> UnsafeRawBufferPointer {
    let queue = queues.at(peer)
    return UnsafeRawBufferPointer(
      start: bytes.base + Int(peer) * bytesEach,
      count: Int(queue.pointee.free - queue.pointee.taken))
  }

  /// All that may leave was taken.
  mutating func left(_ peer: UInt32) {
    let queue = queues.at(peer)
    let gone = Int(queue.pointee.free - queue.pointee.taken)
    queue.pointee.taken = queue.pointee.free
    let rest = count(peer)
    if gone > 0, rest > 0 {
      let start = bytes.base + Int(peer) * bytesEach
      UnsafeMutableRawPointer(start).copyMemory(from: start + gone, byteCount: rest)
    }
  }

  /// What was put in behind the bytes that wait for the journal, good until something is put in.
  func behindHeld(_ peer: UInt32) -> UnsafeRawBufferPointer {
    let queue = queues.at(peer)
    let skipped =
      isHeld(peer) ? Int(queue.pointee.held - queue.pointee.taken) : 0
    return UnsafeRawBufferPointer(
      start: bytes.base + Int(peer) * bytesEach + skipped, count: count(peer) - skipped)
  }
}
