import Gateway
import Glibc
import Journal
import Storage

/// The snapshots in a journal's folder, each named by the newest command that is in it.
///
///     var/journal/20261123-142052.journal/00000000000000100000.sluicesnapshot
///
/// One is written under another name, is on the disk before it gets its own, and is never changed
/// again. Two processes may read; the one that writes to the journal writes them.
public struct SnapshotFolder: SnapshotShelf, Sendable {
  private let folder: JournalFolder

  static let suffix = ".sluicesnapshot"
  private static let digits = 20

  public init(_ folder: JournalFolder) { self.folder = folder }

  public func path(_ sequence: UInt64) -> String {
    let number = String(sequence)
    let zeros = String(repeating: "0", count: SnapshotFolder.digits - number.count)
    return "\(folder.path)/\(zeros)\(number)\(SnapshotFolder.suffix)"
  }

  // MARK: Reading

  public func sequences() -> [UInt64] {
    let names = (try? folder.names()) ?? []
    return names.compactMap { name -> UInt64? in
      guard name.hasSuffix(SnapshotFolder.suffix) else { return nil }
      let number = name.dropLast(SnapshotFolder.suffix.count)
      return number.count == SnapshotFolder.digits ? UInt64(number) : nil
    }.sorted(by: >)
  }

  public func open(_ sequence: UInt64) throws(SnapshotFault) -> SnapshotFileInput {
    try SnapshotFileInput(path: path(sequence))
  }

  // MARK: Writing

  /// A new file for the state behind a command.
  ///
  /// - Parameter leave: bytes that stay free for the journal, or it fails with ENOSPC.
  public func make(_ sequence: UInt64, leave: UInt64) throws(SnapshotFault) -> SnapshotFileOutput {
    try SnapshotFileOutput(path: unfinishedPath(sequence), leave: leave)
  }

  /// Puts a file that is whole on the disk and gives it its name; `kept` of them stay.
  public func finish(
    _ sequence: UInt64, _ output: consuming SnapshotFileOutput, kept: Int
  ) throws(SnapshotFault) {
    try output.sync()
    guard rename(unfinishedPath(sequence), path(sequence)) == 0 else { throw .io(errno: errno) }
    do throws(JournalStorageError) {
      try folder.sync()
    } catch {
      throw .io(errno: EIO)
    }
    for other in SnapshotFolder.surplus(among: sequences(), behind: sequence, kept: kept) {
      unlink(path(other))
    }
  }

  /// Removes what was not finished.
  public func abandon(_ sequence: UInt64) { unlink(unfinishedPath(sequence)) }

  private func unfinishedPath(_ sequence: UInt64) -> String {
    path(sequence) + JournalFolder.unfinishedSuffix
  }
}

/// A snapshot's file, read from its start.
public final class SnapshotFileInput: SnapshotInput {
  private let descriptor: Int32

  init(path: String) throws(SnapshotFault) {
    // What is no file is told, and not waited for.
    let opened = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard opened >= 0 else { throw .io(errno: errno) }
    var facts = stat()
    guard fstat(opened, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
      _ = Glibc.close(opened)
      throw .io(errno: EINVAL)
    }
    descriptor = opened
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
  }

  deinit { _ = Glibc.close(descriptor) }

  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(SnapshotFault) -> Int {
    var done = 0
    while done < buffer.count {
      let count = Glibc.read(descriptor, buffer.baseAddress! + done, buffer.count - done)
      if count == 0 { break }
      if count > 0 {
        done += count
      } else if errno != EINTR {
        throw .io(errno: errno)
      }
    }
    return done
  }
}

/// A snapshot's file that is being written.
public struct SnapshotFileOutput: SnapshotOutput, ~Copyable {
  /// So much at most is left to the system at once: the journal writes to the same disk.
  private static let syncBytes = 8 << 20

  private let descriptor: Int32
  private let leave: UInt64
  private var unsynced = 0
  public private(set) var byteCount: UInt64 = 0

  init(path: String, leave: UInt64) throws(SnapshotFault) {
    self.leave = leave
    descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .io(errno: errno) }
    try checkSpace()
  }

  deinit { _ = Glibc.close(descriptor) }

  public mutating func write(_ bytes: UnsafeRawBufferPointer) throws(SnapshotFault) {
    var done = 0
    while done < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if count >= 0 {
        done += count
      } else if errno != EINTR {
        throw .io(errno: errno)
      }
    }
    byteCount += UInt64(bytes.count)
    unsynced += bytes.count
    if unsynced >= SnapshotFileOutput.syncBytes { try sync() }
  }

  mutating func sync() throws(SnapshotFault) {
    guard fdatasync(descriptor) == 0 else { throw .io(errno: errno) }
    unsynced = 0
    try checkSpace()
  }

  private func checkSpace() throws(SnapshotFault) {
    var facts = statvfs()
    guard fstatvfs(descriptor, &facts) == 0 else { throw .io(errno: errno) }
    guard UInt64(facts.f_bavail) * UInt64(facts.f_frsize) >= leave else {
      throw .io(errno: ENOSPC)
    }
  }
}
