/// Where a journal's bytes are kept: few calls, so that a folder of files, a piece of memory and a
/// simulated disk can stand for each other.
///
/// Bytes have a position in the journal, all segments counted from their headers to their ends.
public protocol JournalStorage: ~Copyable {
  /// Opens it and gives the number of bytes it holds.
  mutating func open(_ opening: JournalOpening) throws(JournalStorageError) -> UInt64

  /// The position of the first byte, once it is open; past 0 when old segments were removed.
  var start: UInt64 { get }

  /// Stores all of `bytes` at `offset`, or fails. What lies between its end and `offset`, the rest
  /// of a segment, is zero. After a failure any part may be stored; the same call can be made
  /// again.
  mutating func append(
    _ bytes: UnsafeRawBufferPointer, at offset: UInt64
  ) throws(JournalStorageError)

  /// Returns when everything appended would survive a loss of power.
  mutating func sync() throws(JournalStorageError)

  /// Reads from `offset` and gives the number of bytes read: as many as `buffer` takes, fewer
  /// only at the end of a segment.
  mutating func read(
    at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(JournalStorageError) -> Int

  /// The number of this segment, or of the one behind it, when its file ends before it does. A
  /// segment has its size before it has its name: something cut it. Nil where segments grow.
  mutating func cutSegment(_ segment: JournalSegment) -> UInt32?

  /// Lets go of it; nothing else is called afterwards. A storage that is dropped does the same.
  mutating func close()
}

extension JournalStorage where Self: ~Copyable {
  public var start: UInt64 { 0 }

  public mutating func cutSegment(_ segment: JournalSegment) -> UInt32? { nil }

  /// Begins a journal, which must not exist, with its header; where its records start.
  public mutating func create(
    _ header: JournalHeader
  ) throws(JournalStorageError) -> JournalEnd {
    let bytes = UnsafeMutableRawBufferPointer.allocate(
      byteCount: JournalFormat.headerByteCount, alignment: 8)
    defer { bytes.deallocate() }
    let crc = header.encode(into: bytes)
    _ = try open(.create)
    try append(UnsafeRawBufferPointer(bytes), at: 0)
    return header.end(crc: crc)
  }
}

/// What a storage is opened for.
public enum JournalOpening: Equatable, Sendable {
  /// To write a new journal; it must not exist.
  case create
  /// To write on from this offset; what lies behind it is cut off.
  case append(at: UInt64)
  case read
}

/// Why a storage refused.
public enum JournalStorageError: Error, Equatable, Sendable {
  /// No space, or over the quota. POSIX: `ENOSPC`, `EDQUOT`, `EFBIG`.
  case full
  /// POSIX: `ENOENT`.
  case missing
  /// POSIX: `EEXIST`.
  case exists
  /// POSIX: `EACCES`, `EPERM`, `EROFS`.
  case notPermitted
  /// Another process writes to it.
  case inUse
  /// The next segment is still being made.
  case notReady
  /// Segments are there in front of it and behind it, but not this one.
  case segmentIsMissing(UInt32)
  /// The folder is there, and no segment in it.
  case noSegments
  /// Something that is no file has the name of this segment.
  case notAFile(UInt32)
  /// What is named is neither a folder nor a file.
  case notAFolder
  /// Anything else, with the number the system gave.
  case io(errno: Int32)
}
