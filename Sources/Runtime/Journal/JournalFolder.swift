import Glibc
import Journal

/// The folder of a journal: a file a segment, named by its number, readable by its owner alone.
///
///     var/journal/20261123-142052.journal/00000001.sluicejournal
///     var/journal/20261123-142052.journal/00000002.sluicejournal
///
/// A number and not the first sequence: the next segment lies ready before anybody knows what its
/// first command will be, and a number that is missing is seen. Snapshots stand beside them
/// (`SnapshotFolder`).
public struct JournalFolder: Sendable {
  public let path: String

  static let suffix = ".sluicejournal"
  /// A segment that is not filled with zeros yet, or a snapshot that is being written.
  static let unfinishedSuffix = ".new"

  public init(path: String) { self.path = path }

  public func segmentPath(_ number: UInt32) -> String {
    let digits = String(number)
    let zeros = String(repeating: "0", count: max(0, 8 - digits.count))
    return "\(path)/\(zeros)\(digits)\(JournalFolder.suffix)"
  }

  func unfinishedPath(_ number: UInt32) -> String {
    segmentPath(number) + JournalFolder.unfinishedSuffix
  }

  /// Whether a file stands in its place.
  var isOneFile: Bool {
    var facts = stat()
    return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
  }

  // MARK: Its beginning

  /// Makes it, with the mark that it is not begun: it gets its name when the mark is in it.
  /// `exists` when it is there.
  func make() throws(JournalStorageError) {
    guard access(path, F_OK) != 0 else { throw .exists }
    let unnamed = JournalFolder(path: path + JournalFolder.unfinishedSuffix)
    // What a process left that died in here.
    unnamed.remove()
    if mkdir(unnamed.path, 0o700) != 0 { throw JournalStorageError(errno: errno) }
    let mark = open(unnamed.unbegunPath, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard mark >= 0, close(mark) == 0, rename(unnamed.path, path) == 0 else {
      let error = JournalStorageError(errno: errno)
      unnamed.remove()
      throw error
    }
  }

  private var unbegunPath: String { path + "/unbegun" }

  /// Whether its beginning was not stored to the end: nobody was answered from it.
  var isUnbegun: Bool { access(unbegunPath, F_OK) == 0 }

  /// Its beginning is stored. When it returns the disk knows it, by its name and without the mark.
  func begun() throws(JournalStorageError) {
    if unlink(unbegunPath) != 0, errno != ENOENT { throw JournalStorageError(errno: errno) }
    try sync()
    try syncName()
  }

  // MARK: What is in it

  /// The numbers of its segments in their order. `segmentIsMissing` when one of them is not there.
  public func numbers() throws(JournalStorageError) -> [UInt32] {
    let numbers = try names().compactMap { name -> UInt32? in
      guard let number = UInt32(name.prefix { $0 != "." }) else { return nil }
      // Another spelling of a number is no segment's.
      return "\(path)/\(name)" == segmentPath(number) ? number : nil
    }.sorted()
    for (place, number) in numbers.enumerated() where number != numbers[0] + UInt32(place) {
      throw .segmentIsMissing(numbers[0] + UInt32(place))
    }
    return numbers
  }

  /// Removes segments that were not filled when the last run ended, and snapshots that were not
  /// written to their end. Its lock is held.
  func removeUnfinished() throws(JournalStorageError) {
    for name in try names() where name.hasSuffix(JournalFolder.unfinishedSuffix) {
      unlink(path + "/" + name)
    }
  }

  /// Removes it with all segments. What is open of them stays so until it is let go of.
  func remove() {
    let names = (try? names()) ?? []
    for name in names { unlink(path + "/" + name) }
    rmdir(path)
  }

  func names() throws(JournalStorageError) -> [String] {
    guard let listing = opendir(path) else { throw JournalStorageError(errno: errno) }
    defer { closedir(listing) }
    var names: [String] = []
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  // MARK: On the disk

  /// A new file survives a loss of power only when the folder that names it was synced too.
  func sync() throws(JournalStorageError) { try JournalFolder.sync(path, O_DIRECTORY) }

  /// The same of the folder itself.
  func syncName() throws(JournalStorageError) {
    guard let slash = path.lastIndex(of: "/") else {
      return try JournalFolder.sync(".", O_DIRECTORY)
    }
    try JournalFolder.sync(slash == path.startIndex ? "/" : String(path[..<slash]), O_DIRECTORY)
  }

  /// Returns when all segments would survive a loss of power, whoever wrote them.
  func syncSegments() throws(JournalStorageError) {
    for number in try numbers() { try JournalFolder.sync(segmentPath(number), 0) }
    try sync()
    try syncName()
  }

  private static func sync(_ path: String, _ flags: Int32) throws(JournalStorageError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | flags)
    guard descriptor >= 0 else { throw JournalStorageError(errno: errno) }
    defer { close(descriptor) }
    if fsync(descriptor) != 0 { throw JournalStorageError(errno: errno) }
  }
}

/// One process writes to a journal; `inUse` while another does. Held as long as the value lives.
struct JournalLock: ~Copyable {
  private let descriptor: Int32

  init(_ folder: JournalFolder) throws(JournalStorageError) {
    let opened = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard opened >= 0 else { throw JournalStorageError(errno: errno) }
    if flock(opened, LOCK_EX | LOCK_NB) != 0 {
      close(opened)
      throw .inUse
    }
    descriptor = opened
  }

  deinit {
    // A process that is just being started may still have a copy: closing alone would leave the
    // lock to it.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}

extension JournalStorageError {
  init(errno number: Int32) {
    self =
      switch number {
      case ENOSPC, EDQUOT, EFBIG: .full
      case ENOENT: .missing
      case EEXIST, ENOTEMPTY: .exists
      case EACCES, EPERM, EROFS: .notPermitted
      default: .io(errno: number)
      }
  }
}
