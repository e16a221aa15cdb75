import Glibc
import Journal

/// A journal in a file that only its owner may read, and only one process may write.
public struct FileJournalStorage: JournalStorage, ~Copyable {
  /// The file's path, with its closing zero.
  private let path: [CChar]
  private var descriptor: Int32 = -1

  public init(path: String) { self.path = Array(path.utf8CString) }

  deinit {
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
  }

  public mutating func open(_ opening: JournalOpening) throws(JournalStorageError) -> UInt64 {
    precondition(descriptor < 0, "a storage is opened once")
    let flags =
      switch opening {
      case .create: O_RDWR | O_CREAT | O_EXCL
      case .append: O_RDWR
      case .read: O_RDONLY
      }
    descriptor = Glibc.open(path, flags | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw JournalStorageError(errno: errno) }
    if opening != .read, flock(descriptor, LOCK_EX | LOCK_NB) != 0 { throw .inUse }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else { throw JournalStorageError(errno: errno) }
    switch opening {
    case .create:
      try syncFolder()
    case .append(let offset):
      // A journal never has a hole.
      guard offset <= facts.st_size else { throw .io(errno: EINVAL) }
      if offset < facts.st_size, ftruncate(descriptor, Int(offset)) != 0 {
        throw JournalStorageError(errno: errno)
      }
      return offset
    case .read: break
    }
    return UInt64(facts.st_size)
  }

  /// Removes the file. What is open of it stays so until it is let go of.
  public mutating func remove() { _ = unlink(path) }

  public mutating func append(
    _ bytes: UnsafeRawBufferPointer, at offset: UInt64
  ) throws(JournalStorageError) {
    var done = 0
    while done < bytes.count {
      let count = pwrite(
        descriptor, bytes.baseAddress! + done, bytes.count - done, Int(offset) + done)
      if count > 0 {
        done += count
      } else if count == 0 {
        throw .full
      } else if errno != EINTR {
        throw JournalStorageError(errno: errno)
      }
    }
  }

  public mutating func sync() throws(JournalStorageError) {
    while fdatasync(descriptor) != 0 {
      if errno != EINTR { throw JournalStorageError(errno: errno) }
    }
  }

  public mutating func read(
    at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(JournalStorageError) -> Int {
    var done = 0
    while done < buffer.count {
      let count = pread(
        descriptor, buffer.baseAddress! + done, buffer.count - done, Int(offset) + done)
      if count == 0 { break }
      if count > 0 {
        done += count
      } else if errno != EINTR {
        throw JournalStorageError(errno: errno)
      }
    }
    return done
  }

  public mutating func close() {
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
    descriptor = -1
  }

  /// A new file survives a loss of power only when the folder that names it was synced too.
  private func syncFolder() throws(JournalStorageError) {
    let slash = path.lastIndex(of: CChar(UInt8(ascii: "/")))
    let folder = slash.map { $0 == 0 ? [path[0], 0] : path[..<$0] + [0] } ?? [46, 0]
    let folderDescriptor = Glibc.open(Array(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folderDescriptor >= 0 else { throw JournalStorageError(errno: errno) }
    defer { _ = Glibc.close(folderDescriptor) }
    if fsync(folderDescriptor) != 0 { throw JournalStorageError(errno: errno) }
  }
}

extension JournalStorageError {
  fileprivate init(errno number: Int32) {
    self =
      switch number {
      case ENOSPC, EDQUOT, EFBIG: .full
      case ENOENT: .missing
      case EEXIST: .exists
      case EACCES, EPERM, EROFS: .notPermitted
      default: .io(errno: number)
      }
  }
}
