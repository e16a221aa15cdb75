import Glibc
import Testing

/// Takes the room away from a file that this process writes, and gives it back: every write of the
/// one that has it open fails meanwhile as on a full disk.
final class FullDisk {
  private let descriptor: Int32
  private let kept: Int32

  /// - Parameter path: of the file; open once in this process.
  init(under path: String) throws {
    var found: [Int32] = []
    for number in Int32(0)..<4_096 {
      var room = [CChar](repeating: 0, count: 1_024)
      let count = readlink("/proc/self/fd/\(number)", &room, room.count - 1)
      if count > 0, String(cString: room) == path { found.append(number) }
    }
    try #require(found.count == 1, "\(path) is open once: \(found)")
    descriptor = found[0]
    kept = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    let full = open("/dev/full", O_RDWR | O_CLOEXEC)
    guard kept >= 0, full >= 0, dup3(full, descriptor, O_CLOEXEC) == descriptor else {
      throw SystemRefused(call: "dup3")
    }
    close(full)
  }

  /// There is room again.
  func makeRoom() { _ = dup3(kept, descriptor, O_CLOEXEC) }

  deinit { close(kept) }
}
