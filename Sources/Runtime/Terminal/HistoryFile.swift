import Glibc

/// Lines that were typed, oldest first, in a file of the user's that nobody else may read. Several
/// terminals may share it.
struct HistoryFile {
  /// Lines that are kept.
  static let linesMaximum = 1000
  /// Lines beyond them that may gather before the oldest are cut off.
  static let linesSlack = 200

  private let path: String
  private var lineCount = 0

  init(_ path: String) { self.path = path }

  /// The newest lines; none where there is no file.
  mutating func load() -> [String] {
    guard let file = open(creates: false) else { return [] }
    defer { close(file) }
    let lines = HistoryFile.lines(file)
    lineCount = lines.count
    trim(file)
    return Array(lines.suffix(HistoryFile.linesMaximum))
  }

  /// False when it can't be written.
  mutating func append(_ line: String) -> Bool {
    guard let file = open(creates: true) else { return false }
    defer { close(file) }
    let isLocked = flock(file, LOCK_EX | LOCK_NB) == 0
    defer { if isLocked { flock(file, LOCK_UN) } }
    let end = lseek(file, 0, SEEK_END)
    guard end >= 0, HistoryFile.write(Array("\(line)\n".utf8), to: file, at: end) else {
      return false
    }
    lineCount += 1
    if isLocked { trim(file) }
    return true
  }

  /// Nil when there is none that can be written, or it is no file.
  private func open(creates: Bool) -> Int32? {
    if creates { makeFolders() }
    let file = Glibc.open(path, O_RDWR | O_CLOEXEC | (creates ? O_CREAT : 0), 0o600)
    guard file >= 0 else { return nil }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_mode & 0o077 == 0 || fchmod(file, 0o600) == 0
    else {
      close(file)
      return nil
    }
    return file
  }

  private func makeFolders() {
    for (index, character) in path.enumerated() where character == "/" && index > 0 {
      mkdir(String(path.prefix(index)), 0o700)
    }
  }

  /// Cuts off the oldest lines once too many have gathered. What is kept is written to the front
  /// before the rest is cut off: a crash in between leaves too much, never nothing.
  private mutating func trim(_ file: Int32) {
    guard lineCount > HistoryFile.linesMaximum + HistoryFile.linesSlack else { return }
    let kept = HistoryFile.lines(file).suffix(HistoryFile.linesMaximum)
    let bytes = kept.flatMap { Array("\($0)\n".utf8) }
    guard HistoryFile.write(bytes, to: file, at: 0) else { return }
    ftruncate(file, off_t(bytes.count))
    lineCount = kept.count
  }

  /// Of the file's end: more than the longest lines that are kept.
  private static func lines(_ file: Int32) -> [String] {
    let bytesMaximum = (linesMaximum + 2 * linesSlack) * (LineReader.bytesMaximum + 1)
    let size = Int(lseek(file, 0, SEEK_END))
    let start = max(0, size - bytesMaximum)
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = pread(file, &part, part.count, off_t(start + bytes.count))
      guard count > 0 else { break }
      bytes += part[..<count]
    }
    return bytes.split(separator: UInt8(ascii: "\n")).dropFirst(start > 0 ? 1 : 0)
      .filter { $0.count <= LineReader.bytesMaximum && $0.allSatisfy { $0 >= 0x20 } }
      .map { String(decoding: $0, as: UTF8.self) }
  }

  private static func write(_ bytes: [UInt8], to file: Int32, at offset: off_t) -> Bool {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes {
        pwrite(file, $0.baseAddress, $0.count, offset + off_t(written))
      }
      guard count > 0 else { return false }
      written += count
    }
    return true
  }
}
