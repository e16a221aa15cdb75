import Synchronization

/// What putting something into a ring came to.
public enum Stored: Equatable, Sendable {
  case stored
  /// There is no room now; nothing was stored.
  case full
}

/// The memory that the two ends of a ring share. It is freed when the second end goes.
///
/// The producer's position, the consumer's position and the count of owners lie on cache lines
/// of their own, two lines apart because processors fetch lines in pairs.
struct RingMemory {
  static let lineBytes = 128

  private let base: UnsafeMutableRawPointer

  init(byteCount: Int) {
    base = UnsafeMutableRawPointer.allocate(
      byteCount: 3 * RingMemory.lineBytes + byteCount, alignment: RingMemory.lineBytes)
    base.initializeMemory(as: UInt8.self, repeating: 0, count: 3 * RingMemory.lineBytes + byteCount)
    tail.initialize(to: Atomic(0))
    head.initialize(to: Atomic(0))
    owners.initialize(to: Atomic(2))
  }

  /// Where the producer will put the next record; counts up for ever.
  var tail: UnsafeMutablePointer<Atomic<Int>> {
    base.assumingMemoryBound(to: Atomic<Int>.self)
  }
  /// Where the consumer will take the next record; counts up for ever.
  var head: UnsafeMutablePointer<Atomic<Int>> {
    (base + RingMemory.lineBytes).assumingMemoryBound(to: Atomic<Int>.self)
  }
  private var owners: UnsafeMutablePointer<Atomic<Int>> {
    (base + 2 * RingMemory.lineBytes).assumingMemoryBound(to: Atomic<Int>.self)
  }
  var records: UnsafeMutableRawPointer { base + 3 * RingMemory.lineBytes }

  func release() {
    guard owners.pointee.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 else { return }
    base.deallocate()
  }
}

/// The smallest power of two that is at least `count` and at least `minimum`.
func powerOfTwo(atLeast count: Int, minimum: Int) -> Int {
  precondition(count > 0 && count <= 1 << 40, "a ring's capacity is between 1 and 2^40")
  var capacity = minimum
  while capacity < count { capacity <<= 1 }
  return capacity
}
