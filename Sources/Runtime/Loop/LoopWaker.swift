import CUV
import Synchronization

/// Wakes a loop from any thread: its driver hears `woken`, once for any number of calls.
/// It may outlive the loop; then it does nothing.
public struct LoopWaker: Sendable {
  final class Target: Sendable {
    private struct Address: @unchecked Sendable {
      var async: UnsafeMutablePointer<uv_async_t>?
    }
    private let address: Mutex<Address>

    init(_ async: UnsafeMutablePointer<uv_async_t>) {
      address = Mutex(Address(async: async))
    }

    func wake() {
      address.withLock { address in
        if let async = address.async { uv_async_send(async) }
      }
    }

    func detach() { address.withLock { $0.async = nil } }
  }

  let target: Target

  public func wake() { target.wake() }
}
