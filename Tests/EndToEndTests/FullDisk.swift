import Glibc
import Testing

/// Takes the room away from a file that this process writes, and gives it back: every write of the
/// one that has it open fails meanwhile as on a full disk.
final class FullDisk {
  private let descriptor: Int32
  private let kept: Int32

  /// - Parameter path: of the file; open once in this process to be written to.
  init(under path: String) throws {
    var found: [Int32] = []
    for number in Int32(0)..<4_096 {
      var room = [CChar](repeating: 0, count: 1_024)
      let count = readlink("/proc/self/fd/\(number)", &room, room.count - 1)
      if count > 0,
        String(
          decoding: room[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) == path,
        // The follower reads it.
        fcntl(number, F_GETFL) & O_ACCMODE != O_RDONLY
      {
        found.append(number)
      }
    }
    try #require(found.count == 1, "\(path) is open once: \(found)")
    descriptor = found[0]
    kept = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    let full = open("/dev/full", O_RDWR | O_CLOEXEC)
    guard kept >= 0, full >= 0, dup2(full, descriptor) == descriptor else {
      throw SystemRefused(call: "dup2")
    }
    close(full)
  }

  /// There is room again.
  func makeRoom() { _ = dup2(kept, descriptor) }

  /// When the file was closed meanwhile there is nothing to give back.
  deinit { close(kept) }
}
