import Glibc

/// This program once more, in a process of its own; what it says comes by a pipe.
struct ChildProcess {
  let identifier: pid_t
  /// Its standard output.
  let output: Int32
  private var pending: [UInt8] = []

  /// Nil when the system has no process to give. What it complains of is not shown.
  init?(_ arguments: [String]) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addclose(&actions, ends[0])
    posix_spawn_file_actions_addclose(&actions, ends[1])
    var words: [UnsafeMutablePointer<CChar>?] = (["sluice"] + arguments).map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    var child = pid_t()
    let result = posix_spawn(&child, "/proc/self/exe", &actions, nil, words, environ)
    close(ends[1])
    guard result == 0 else {
      close(ends[0])
      return nil
    }
    identifier = child
    output = ends[0]
  }

  /// Whole lines that have come; nil when nothing comes any more.
  mutating func readLines() -> [String]? {
    var room = [UInt8](repeating: 0, count: 64 * 1024)
    let count = read(output, &room, room.count)
    guard count > 0 else { return nil }
    pending += room[..<count]
    var lines: [String] = []
    while let end = pending.firstIndex(of: 0x0A) {
      lines.append(String(decoding: pending[..<end], as: UTF8.self))
      pending.removeSubrange(...end)
    }
    return lines
  }

  /// Waits for its end: its exit code, or nil when it died.
  func wait() -> Int32? {
    close(output)
    var status: Int32 = 0
    while waitpid(identifier, &status, 0) == -1, errno == EINTR {}
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : nil
  }

  /// Runs it to its end: what it said, and its exit code or nil.
  static func run(_ arguments: [String]) -> (lines: [String], code: Int32?)? {
    guard var child = ChildProcess(arguments) else { return nil }
    var lines: [String] = []
    while let more = child.readLines() { lines += more }
    return (lines, child.wait())
  }
}
