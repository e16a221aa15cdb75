import Session
import Storage

/// Bytes that wait to leave, a fixed buffer for each peer, and which peers have some.
///
/// Whole messages are put in at the end; the driver takes all there is. Nothing may be taken
/// before the journal has what caused it: the gateway sees to that.
struct OutputQueues: ~Copyable {
  struct Queue: BitwiseCopyable {
    var count: Int
    /// Is in the list of those that have something.
    var isListed: Bool
    /// So many of them stay until the journal has taken what caused them; 0 = none.
    var held: Int
  }

  private let bytes: Table<UInt8>
  private let queues: Table<Queue>
  /// A ring of peers, each at most once.
  private let listed: Table<UInt32>
  private var head = 0
  private(set) var listedCount = 0
  let bytesEach: Int

  init(peers: Int, bytesEach: Int) {
    // Most peers read at once, and never need more than the first page of theirs.
    bytes = Table(capacity: peers * bytesEach, isSparse: true)
    queues = Table(capacity: peers)
    listed = Table(capacity: peers)
    self.bytesEach = bytesEach
  }

  /// What is free behind the bytes that wait.
  func room(_ peer: UInt32) -> OutgoingBytes {
    let used = queues.at(peer).pointee.count
    return OutgoingBytes(
      UnsafeMutableRawBufferPointer(
        start: bytes.base + Int(peer) * bytesEach + used, count: bytesEach - used))
  }

  func free(_ peer: UInt32) -> Int { bytesEach - queues.at(peer).pointee.count }
  func isEmpty(_ peer: UInt32) -> Bool { queues.at(peer).pointee.count == 0 }

  /// Keeps what was written into the room that was last asked for.
  mutating func keep(_ peer: UInt32, _ written: OutgoingBytes) {
    let queue = queues.at(peer)
    queue.pointee.count += written.count
    precondition(queue.pointee.count <= bytesEach, "what is written fits its room")
    if queue.pointee.count > 0 { list(peer) }
  }

  /// Forgets what waits.
  mutating func clear(_ peer: UInt32) {
    queues.at(peer).pointee.count = 0
    queues.at(peer).pointee.held = 0
  }

  /// Puts a peer into the list, once; not when it is held.
  mutating func list(_ peer: UInt32) {
    let queue = queues.at(peer)
    guard !queue.pointee.isListed, queue.pointee.held == 0 else { return }
    queue.pointee.isListed = true
    listed.at((head + listedCount) % listed.capacity).pointee = peer
    listedCount += 1
  }

  /// The next peer that has something; it leaves the list.
  mutating func nextListed() -> UInt32? {
    guard listedCount > 0 else { return nil }
    let peer = listed.at(head).pointee
    head = (head + 1) % listed.capacity
    listedCount -= 1
    queues.at(peer).pointee.isListed = false
    return peer
  }

  // MARK: A journal that can't be written

  func isHeld(_ peer: UInt32) -> Bool { queues.at(peer).pointee.held > 0 }

  /// Holds everybody who has something new.
  mutating func hold() {
    while let peer = nextListed() {
      queues.at(peer).pointee.held = queues.at(peer).pointee.count
    }
  }

  /// Lets everybody go who was held.
  mutating func unhold() {
    for peer in 0..<UInt32(queues.capacity) where isHeld(peer) {
      queues.at(peer).pointee.held = 0
      list(peer)
    }
  }

  /// All that waits for a peer, good until something is put in.
  func waiting(_ peer: UInt32) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      start: bytes.base + Int(peer) * bytesEach, count: queues.at(peer).pointee.count)
  }

  /// What was put in behind the bytes that are held, good until something is put in.
  func waitingBehindHeld(_ peer: UInt32) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: waiting(peer)[queues.at(peer).pointee.held...])
  }
}
