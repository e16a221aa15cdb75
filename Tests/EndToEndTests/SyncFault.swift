import Glibc
import Testing

/// Has every write and sync of a file fail from now on: its descriptor is made that of a pipe.
struct SyncFault {
  private let path: String

  /// - Parameter path: of a file that is open once in this process to be written to.
  init(_ path: String) { self.path = path }

  /// Linux: `pwrite` to a pipe fails (`ESPIPE`), and so does `fdatasync` (`EINVAL`).
  func strike() throws {
    var pipes: [Int32] = [0, 0]
    try #require(pipe(&pipes) == 0)
    defer { pipes.forEach { close($0) } }
    var struck = 0
    for number in Int32(0)..<4_096 {
      var room = [CChar](repeating: 0, count: 1_024)
      let count = readlink("/proc/self/fd/\(number)", &room, room.count - 1)
      guard count > 0,
        String(decoding: room[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) == path,
        // The follower reads it.
        fcntl(number, F_GETFL) & O_ACCMODE != O_RDONLY
      else { continue }
      if dup2(pipes[1], number) == number { struck += 1 }
    }
    try #require(struck == 1, "\(path) is open once")
  }
}
