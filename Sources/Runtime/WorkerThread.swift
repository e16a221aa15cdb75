import CSluice
import Glibc

/// A thread with a name that runs one function to its end. Letting go of it waits for that end.
public struct WorkerThread: ~Copyable, Sendable {
  private let thread: pthread_t

  /// `body` runs on the new thread. Nil when the system has no more threads.
  public init?(name: StaticString, _ body: @escaping @Sendable () -> Void) {
    let context = Unmanaged.passRetained(Context(name: name, body: body))
    var thread = pthread_t()
    guard pthread_create(&thread, nil, runThread, context.toOpaque()) == 0 else {
      context.release()
      return nil
    }
    self.thread = thread
  }

  deinit { pthread_join(thread, nil) }

  fileprivate final class Context {
    let name: StaticString
    let body: @Sendable () -> Void

    init(name: StaticString, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }
}

private func runThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  let context = Unmanaged<WorkerThread.Context>.fromOpaque(argument!).takeRetainedValue()
  sluice_name_thread(
    UnsafeRawPointer(context.name.utf8Start).assumingMemoryBound(to: CChar.self))
  context.body()
  return nil
}
