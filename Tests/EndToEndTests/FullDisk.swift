import Glibc
import Journal
import Testing

@testable import Runtime

/// Takes the room for further segments away from a journal, and gives it back: every write to one
/// that is to be made fails meanwhile as on a full disk. What is made already stays usable.
final class FullDisk {
  private let folder: JournalFolder
  private let numbers: ClosedRange<UInt32>

  /// - Parameters:
  ///   - path: of the journal's folder.
  ///   - segments: that are there or may be made; those behind can't be.
  init(under path: String, segments: UInt32) throws {
    folder = JournalFolder(path: path)
    numbers = segments + 1...segments + 3
    for number in numbers {
      // Linux: every write to /dev/full fails with `ENOSPC`.
      guard symlink("/dev/full", folder.unfinishedPath(number)) == 0 else {
        throw SystemRefused(call: "symlink")
      }
    }
  }

  /// There is room again.
  func makeRoom() {
    for number in numbers { unlink(folder.unfinishedPath(number)) }
  }

  deinit { makeRoom() }
}
