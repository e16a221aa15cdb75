import Glibc

/// The folder a gateway keeps its journal and generated secrets in; its owner alone may look.
///
///     var/journal/20261123-142052.journal
///     var/secrets/desk-1.password
public struct DataFolder: Sendable {
  public let path: String

  /// Makes what is missing. Says what was wrong when that can't be done.
  public init(path: String) throws(DataFolderError) {
    self.path = path
    for folder in [path, path + "/journal", path + "/secrets"] {
      if mkdir(folder, 0o700) != 0, errno != EEXIST {
        throw DataFolderError(path: folder, errno: errno)
      }
    }
  }

  /// The newest journal; nil when there is none.
  public var newestJournal: String? {
    guard let folder = opendir(path + "/journal") else { return nil }
    defer { closedir(folder) }
    var newest: String?
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.hasSuffix(".journal"), newest.map({ $0 < name }) ?? true else { continue }
      newest = name
    }
    return newest.map { path + "/journal/" + $0 }
  }

  /// A name that no journal has: the time of its beginning, UTC, so that names sort by time.
  public func newJournal(at seconds: Int64) -> String {
    var time = time_t(seconds)
    while true {
      var parts = tm()
      gmtime_r(&time, &parts)
      var text = [CChar](repeating: 0, count: 32)
      strftime(&text, text.count, "%Y%m%d-%H%M%S", &parts)
      let name = String(
        decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      let path = "\(path)/journal/\(name).journal"
      if access(path, F_OK) != 0 { return path }
      time += 1
    }
  }

  func secretPath(_ name: String) -> String { "\(path)/secrets/\(name).password" }
}

/// A folder or file that can't be made or read.
public struct DataFolderError: Error, Equatable, Sendable, CustomStringConvertible {
  public var path: String
  public var errno: Int32

  public var description: String { "\(path): \(String(cString: strerror(errno)))" }
}
