import Glibc
import Log
import Rings
import Synchronization

/// Where log lines go.
public enum LogSink: Equatable, Sendable {
  case standardError
  /// Appended to; made when it is missing, for its owner's eyes only.
  case file(path: String)
}

/// The log's own thread: takes records from every writer's ring, formats and stores them.
///
/// It is kept until the last writer has fallen silent: letting go of it stores what was recorded
/// until then and waits for that; what comes later is nobody's.
public final class LogService: Sendable {
  private let desk: LogDesk
  private let thread: WorkerThread
  public let minimumLevel: LogLevel

  /// Threads that can have a writer.
  public static let writersMaximum = 32

  /// Fails when the file can't be opened or the system has no more threads.
  public init(
    _ sink: LogSink, style: LogFormatter.Style = .text, minimumLevel: LogLevel = .info
  ) throws(LogServiceError) {
    let descriptor =
      switch sink {
      case .standardError: dup(STDERR_FILENO)
      case .file(let path): open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
      }
    guard descriptor >= 0 else { throw .failed(errno: errno) }
    let desk = LogDesk(descriptor: descriptor, formatter: LogFormatter(style: style))
    guard let thread = WorkerThread(name: "log", { desk.work() }) else {
      throw .failed(errno: EAGAIN)
    }
    self.desk = desk
    self.thread = thread
    self.minimumLevel = minimumLevel
  }

  deinit { desk.stop() }

  /// A writer for one thread, with a ring of this many bytes; nil past `writersMaximum`.
  public func makeWriter(byteCount: Int = 1 << 18) -> LogWriter? {
    let pipe = LogPipe(byteCount: byteCount, minimumLevel: minimumLevel, doorbell: desk.doorbell)
    guard desk.add(pipe.reader) else { return nil }
    return pipe.writer
  }

  /// Bytes that could not be stored, on a full disk for instance.
  public var bytesLost: Int { desk.bytesLost.load(ordering: .relaxed) }
}

/// Why there is no log.
public enum LogServiceError: Error, Equatable, Sendable {
  case failed(errno: Int32)
}

/// The log's side, on its thread.
private final class LogDesk: @unchecked Sendable {
  let doorbell = Doorbell()
  let bytesLost = Atomic(0)
  private let descriptor: Int32
  private let formatter: LogFormatter
  private let readers: UnsafeMutablePointer<LogReader>
  /// How many readers there are; those below are initialized for good.
  private let readerCount = Atomic(0)
  private let adding = Mutex(())
  private let isStopping = Atomic(false)
  private var lines: [UInt8] = []

  /// How long a record may wait when nobody rings.
  private static let lookNanoseconds: Int64 = 20_000_000

  init(descriptor: Int32, formatter: LogFormatter) {
    self.descriptor = descriptor
    self.formatter = formatter
    readers = .allocate(capacity: LogService.writersMaximum)
  }

  deinit {
    readers.deinitialize(count: readerCount.load(ordering: .acquiring))
    readers.deallocate()
    close(descriptor)
  }

  func add(_ reader: consuming LogReader) -> Bool {
    var reader: LogReader? = reader
    return adding.withLock { _ in
      let count = readerCount.load(ordering: .relaxed)
      guard count < LogService.writersMaximum, let new = reader.take() else { return false }
      (readers + count).initialize(to: new)
      readerCount.store(count + 1, ordering: .releasing)
      return true
    }
  }

  func stop() {
    isStopping.store(true, ordering: .sequentiallyConsistent)
    doorbell.ring()
  }

  func work() {
    while true {
      let isLast = isStopping.load(ordering: .sequentiallyConsistent)
      let isAny = readAll()
      if isAny { continue }
      if isLast { return }
      doorbell.wait(timeoutNanoseconds: LogDesk.lookNanoseconds) {
        isStopping.load(ordering: .sequentiallyConsistent)
      }
    }
  }

  private func readAll() -> Bool {
    var isAny = false
    for index in 0..<readerCount.load(ordering: .acquiring) {
      if readers[index].read(formatter, into: &lines) { isAny = true }
      store()
    }
    return isAny
  }

  private func store() {
    var done = 0
    while done < lines.count {
      let count = lines.withUnsafeBytes {
        write(descriptor, $0.baseAddress! + done, $0.count - done)
      }
      if count > 0 {
        done += count
      } else if count == 0 || errno != EINTR {
        // There is nowhere to say it but here.
        bytesLost.add(lines.count - done, ordering: .relaxed)
        break
      }
    }
    lines.removeAll(keepingCapacity: true)
  }
}
