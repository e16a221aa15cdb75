import Glibc
import Testing

/// Takes a page out of the map of a file, one that is not written any more: the disk can't be
/// handed what is in it.
struct MissingPage {
  private let path: String

  /// - Parameter path: of a file that this process has mapped once.
  init(of path: String) { self.path = path }

  /// Linux: `msync` of a range with a hole fails (`ENOMEM`).
  func strike(at offset: UInt) throws {
    let maps = try #require(fopen("/proc/self/maps", "r"))
    defer { fclose(maps) }
    var line = [CChar](repeating: 0, count: 4_096)
    while fgets(&line, Int32(line.count), maps) != nil {
      let text = String(
        decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      guard text.hasSuffix(" \(path)\n"),
        let start = UInt(text.prefix { $0 != "-" }, radix: 16)
      else { continue }
      try #require(munmap(UnsafeMutableRawPointer(bitPattern: start + offset), 4_096) == 0)
      return
    }
    Issue.record("\(path) is mapped")
  }
}
