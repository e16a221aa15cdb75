import Glibc
import Log

@testable import Runtime

/// A gateway's log while it is written: what happens inside, for a test to wait for.
final class LogLines {
  /// Nil when it has been given up; then what is still written is lost.
  private(set) var service: LogService?
  private(set) var lines: [String] = []
  /// `F_SETPIPE_SZ`.
  private static let setPipeSize: Int32 = 1_031
  private let descriptor: Int32
  private var rest: [UInt8] = []

  /// - Parameter folder: where there is room for a name, which is gone again at once.
  init(in folder: String) throws {
    let path = folder + "/log"
    guard mkfifo(path, 0o600) == 0 else { throw SystemRefused(call: "mkfifo") }
    defer { unlink(path) }
    // The reader first: opening waits for the other side.
    descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemRefused(call: "open") }
    // Nobody reads while nobody waits.
    _ = fcntl(descriptor, LogLines.setPipeSize, 1 << 20)
    service = try LogService(.file(path: path))
  }

  /// Ends the log's thread; whoever has the service has let go of it before.
  func finish() {
    service = nil
    while readSome() {}
  }

  deinit {
    service = nil
    close(descriptor)
  }

  /// Waits until so many lines have all of these in them, and gives the last of those.
  @discardableResult
  func wait(for parts: String..., times: Int = 1) throws -> String {
    let deadline = Deadline()
    while true {
      let found = all(parts)
      if found.count >= times { return found[times - 1] }
      try deadline.wait(toRead: descriptor, "\(times) x log line \(parts) in \(lines)")
      _ = readSome()
    }
  }

  /// The lines so far that have all of these in them.
  func found(_ parts: String...) -> [String] {
    while readSome() {}
    return all(parts)
  }

  private func all(_ parts: [String]) -> [String] {
    lines.filter { line in parts.allSatisfy { line.contains($0) } }
  }

  private func readSome() -> Bool {
    var room = [UInt8](repeating: 0, count: 65_536)
    let count = read(descriptor, &room, room.count)
    guard count > 0 else { return false }
    rest += room[..<count]
    while let newline = rest.firstIndex(of: 10) {
      lines.append(String(decoding: rest[..<newline], as: UTF8.self))
      rest.removeFirst(newline + 1)
    }
    return true
  }
}
