import CSluice
import Synchronization

/// Lets the consumer's thread sleep while its rings are empty. One thread waits, any may ring.
///
/// Ringing costs a memory fence, and a system call only when somebody sleeps.
public final class Doorbell: @unchecked Sendable {
  private static let awake: UInt32 = 0
  private static let asleep: UInt32 = 1

  private let word: UnsafeMutablePointer<UInt32>

  public init() {
    word = .allocate(capacity: 1)
    word.initialize(to: Doorbell.awake)
  }

  deinit { word.deallocate() }

  private var state: UnsafeMutablePointer<Atomic<UInt32>> {
    UnsafeMutableRawPointer(word).assumingMemoryBound(to: Atomic<UInt32>.self)
  }

  /// To be called after something was put in.
  public func ring() {
    // Either this thread sees that the other is asleep, or the other sees what was put in.
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    guard state.pointee.load(ordering: .relaxed) == Doorbell.asleep else { return }
    state.pointee.store(Doorbell.awake, ordering: .sequentiallyConsistent)
    sluice_futex_wake(word)
  }

  /// Sleeps until the bell rings or the time is over, unless there is something to do already.
  /// It may come back early. A negative time-out is none.
  public func wait(timeoutNanoseconds: Int64, unless hasWork: () -> Bool) {
    state.pointee.store(Doorbell.asleep, ordering: .sequentiallyConsistent)
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    if !hasWork() {
      sluice_futex_wait(word, Doorbell.asleep, timeoutNanoseconds)
    }
    state.pointee.store(Doorbell.awake, ordering: .sequentiallyConsistent)
  }
}
