import Rings
import Synchronization

/// The first word of a new thread to the one that started it: it runs, or why it does not.
final class ThreadStart<Begun: Sendable, Failure: Error>: Sendable {
  private let told = Mutex<Result<Begun, Failure>?>(nil)
  private let bell = Doorbell()

  /// Only the first word counts.
  func tell(_ result: Result<Begun, Failure>) {
    told.withLock { if $0 == nil { $0 = result } }
    bell.ring()
  }

  func wait() -> Result<Begun, Failure> {
    while true {
      if let result = told.withLock({ $0 }) { return result }
      bell.wait(timeoutNanoseconds: 1_000_000_000) { told.withLock { $0 != nil } }
    }
  }
}
