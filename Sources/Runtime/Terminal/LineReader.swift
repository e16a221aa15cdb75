import Glibc
import Synchronization

/// Reads a descriptor line by line on a thread of its own, a terminal, a pipe or a file alike, and
/// wakes a loop when there is something. It reads a bounded number of lines ahead.
///
/// The descriptor stays its owner's. Letting go of it ends the thread.
public struct LineReader: ~Copyable {
  public enum Line: Equatable, Sendable {
    /// Without its end; bytes that are not UTF-8 are repaired.
    case text(String)
    /// Longer than `bytesMaximum`; it was passed over.
    case tooLong
    /// There are no more.
    case ended
  }

  /// Longest line, in bytes.
  public static let bytesMaximum = 4096
  /// Most lines that are read ahead.
  public static let aheadMaximum = 256

  private let work: LineReading
  private let thread: WorkerThread

  /// Nil when the system has no more threads or descriptors.
  public init?(_ descriptor: Int32, _ waker: LoopWaker) {
    guard let work = LineReading(descriptor, waker) else { return nil }
    guard let thread = WorkerThread(name: "lines", { work.run() }) else { return nil }
    self.work = work
    self.thread = thread
  }

  deinit { work.stop() }

  /// The next line; nil when there is none yet. After `.ended` nothing comes.
  public func next() -> Line? { work.next() }
}

/// What the reading thread and its owner share.
private final class LineReading: Sendable {
  private struct State {
    var lines: [LineReader.Line] = []
    var taken = 0
    var isStopping = false
    var isFull: Bool { lines.count - taken >= LineReader.aheadMaximum }
  }

  private let descriptor: Int32
  private let waker: LoopWaker
  private let state = Mutex(State())
  /// There is room again, or the thread is to stop.
  private let bell: Bell

  init?(_ descriptor: Int32, _ waker: LoopWaker) {
    guard let bell = Bell() else { return nil }
    self.bell = bell
    self.descriptor = descriptor
    self.waker = waker
  }

  func stop() {
    state.withLock { $0.isStopping = true }
    bell.ring()
  }

  func next() -> LineReader.Line? {
    var wasFull = false
    let line: LineReader.Line? = state.withLock { state in
      guard state.taken < state.lines.count else { return nil }
      wasFull = state.isFull
      defer {
        state.taken += 1
        if state.taken == state.lines.count {
          state.lines.removeAll(keepingCapacity: true)
          state.taken = 0
        }
      }
      return state.lines[state.taken]
    }
    if wasFull { bell.ring() }
    return line
  }

  // MARK: The thread

  func run() {
    var gathered = LineBytes()
    let part = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
    defer { part.deallocate() }
    while let mayRead = waitUntilReady() {
      guard mayRead else { continue }
      let count = read(descriptor, part.baseAddress!, part.count)
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      guard count > 0 else {
        gathered.end()
        hand(over: gathered.takeLines() + [.ended])
        return
      }
      gathered.take(UnsafeRawBufferPointer(rebasing: part[..<count]))
      hand(over: gathered.takeLines())
    }
  }

  /// Sleeps until something happens. Nil to stop; true when there may be something to read.
  private func waitUntilReady() -> Bool? {
    let (isStopping, isFull) = state.withLock { ($0.isStopping, $0.isFull) }
    if isStopping { return nil }
    var polled = [
      pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&polled, isFull ? 1 : 2, -1) >= 0 || errno == EINTR else { return true }
    if polled[0].revents != 0 { bell.quieten() }
    return !isFull && polled[1].revents != 0
  }

  private func hand(over lines: [LineReader.Line]) {
    guard !lines.isEmpty else { return }
    state.withLock { $0.lines += lines }
    waker.wake()
  }
}

/// Bytes on their way to lines.
private struct LineBytes {
  private var bytes: [UInt8] = []
  private var isTooLong = false
  private var lines: [LineReader.Line] = []

  mutating func take(_ part: UnsafeRawBufferPointer) {
    for byte in part {
      if byte == UInt8(ascii: "\n") {
        endLine()
      } else if bytes.count < LineReader.bytesMaximum {
        bytes.append(byte)
      } else {
        isTooLong = true
      }
    }
  }

  /// What stands behind the last end of a line is a line too.
  mutating func end() {
    if !bytes.isEmpty { endLine() }
  }

  mutating func takeLines() -> [LineReader.Line] {
    defer { lines = [] }
    return lines
  }

  private mutating func endLine() {
    if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    lines.append(isTooLong ? .tooLong : .text(String(decoding: bytes, as: UTF8.self)))
    bytes.removeAll(keepingCapacity: true)
    isTooLong = false
  }
}
