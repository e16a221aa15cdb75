import Glibc

/// A script, read whole before anything of it is done.
enum ScriptFile {
  static let bytesMaximum = 16 << 20

  /// Nil when it can't be read or is longer than `bytesMaximum`.
  static func read(_ path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(file, &part, part.count)
      if count < 0 { return nil }
      if count == 0 { return bytes }
      bytes += part[..<count]
      guard bytes.count <= bytesMaximum else { return nil }
    }
  }
}
