import Foundation
import Glibc

@testable import Runtime

/// A folder for a test's files, and a data folder in it; gone when this is.
final class ScratchFolder {
  let path: String
  let data: DataFolder

  init() throws {
    path = try House.newFolder()
    data = try DataFolder(path: path + "/data")
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func write(_ text: String, _ name: String) throws -> String {
    try Data(text.utf8).write(to: URL(filePath: path + "/" + name))
    return path + "/" + name
  }

  /// Permission bits of a file or folder.
  static func mode(_ path: String) -> mode_t {
    var facts = stat()
    return stat(path, &facts) == 0 ? facts.st_mode & 0o7777 : 0
  }
}
