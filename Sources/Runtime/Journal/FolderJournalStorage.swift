import Glibc
import Journal

/// Reads the segments of a journal's folder as one; or one file, as a journal of one segment.
public struct FolderJournalStorage: JournalStorage, ~Copyable {
  private struct Segment {
    var number: UInt32
    var path: String
    /// Where it starts in the journal.
    var position: UInt64
    var byteCount: UInt64
  }

  private let path: String
  private var segments: [Segment] = []
  /// The one that is open.
  private var opened = 0
  private var descriptor: Int32 = -1
  private var isOneFile = false

  public init(path: String) { self.path = path }

  deinit {
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
  }

  public var start: UInt64 { segments[0].position }

  /// For reading only: `notPermitted` else.
  public mutating func open(_ opening: JournalOpening) throws(JournalStorageError) -> UInt64 {
    guard opening == .read else { throw .notPermitted }
    var facts = stat()
    guard stat(path, &facts) == 0 else { throw JournalStorageError(errno: errno) }
    isOneFile = facts.st_mode & S_IFMT != S_IFDIR
    if isOneFile {
      try add(1, path)
      // Alone it is where its journal starts.
      segments[0].position = try header(path)?.segment.position ?? 0
    } else {
      let folder = JournalFolder(path: path)
      for number in try folder.numbers() { try add(number, folder.segmentPath(number)) }
    }
    guard let last = segments.last else { throw .missing }
    return last.position + last.byteCount
  }

  /// Notes a segment behind the others.
  private mutating func add(_ number: UInt32, _ path: String) throws(JournalStorageError) {
    var facts = stat()
    guard stat(path, &facts) == 0 else { throw JournalStorageError(errno: errno) }
    var position: UInt64 = 0
    if let before = segments.last {
      position = before.position + before.byteCount
      // One that was cut takes up as much of the journal as it did.
      if let header = try header(before.path) { position = header.segment.end }
    } else if let header = try header(path) {
      position = header.segment.position
    }
    segments.append(
      Segment(
        number: number, path: path, position: position, byteCount: UInt64(max(facts.st_size, 0))))
  }

  /// What a segment says of itself; nil when that can't be read: the reader says why.
  private func header(_ path: String) throws(JournalStorageError) -> JournalHeader? {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw JournalStorageError(errno: errno) }
    defer { _ = Glibc.close(descriptor) }
    return withUnsafeTemporaryAllocation(
      byteCount: JournalFormat.headerByteCount, alignment: 8
    ) { room in
      let count = pread(descriptor, room.baseAddress!, room.count, 0)
      return try? JournalHeader.decode(UnsafeRawBufferPointer(rebasing: room[..<max(count, 0)]))
        .header
    }
  }

  public mutating func append(
    _ bytes: UnsafeRawBufferPointer, at offset: UInt64
  ) throws(JournalStorageError) { throw .notPermitted }

  public mutating func sync() throws(JournalStorageError) { throw .notPermitted }

  public mutating func read(
    at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(JournalStorageError) -> Int {
    guard let place = try place(of: offset) else { return 0 }
    try openSegment(place)
    let segment = segments[place]
    let start = offset - segment.position
    guard start < segment.byteCount else { return 0 }
    let wanted = Int(min(UInt64(buffer.count), segment.byteCount - start))
    var done = 0
    while done < wanted {
      let count = pread(
        descriptor, buffer.baseAddress! + done, wanted - done, Int(start) + done)
      if count == 0 { break }
      if count > 0 {
        done += count
      } else if errno != EINTR {
        throw JournalStorageError(errno: errno)
      }
    }
    return done
  }

  /// The segment that has the position; nil behind the last.
  private mutating func place(of offset: UInt64) throws(JournalStorageError) -> Int? {
    if let last = segments.last, !isOneFile, offset >= last.position + last.byteCount {
      // The gateway may have begun another since.
      let next = JournalFolder(path: path).segmentPath(last.number + 1)
      guard access(next, F_OK) == 0 else { return nil }
      try add(last.number + 1, next)
    }
    return segments.lastIndex { $0.position <= offset }
  }

  private mutating func openSegment(_ place: Int) throws(JournalStorageError) {
    guard place != opened || descriptor < 0 else { return }
    close()
    descriptor = Glibc.open(segments[place].path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw JournalStorageError(errno: errno) }
    opened = place
  }

  public mutating func close() {
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
    descriptor = -1
  }
}
