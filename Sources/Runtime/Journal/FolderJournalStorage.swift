import Glibc
import Journal

/// Reads the segments of a journal's folder as one; or one file, as a journal of one segment.
public struct FolderJournalStorage: JournalStorage, ~Copyable {
  private struct Segment {
    var number: UInt32
    var path: String
    /// Where it starts in the journal.
    var position: UInt64
    /// As its header says; while it has none, as its file has it.
    var byteCount: UInt64
    /// It has a header.
    var isBegun: Bool

    var end: UInt64 { position &+ byteCount }
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
    switch facts.st_mode & S_IFMT {
    case S_IFDIR:
      let folder = JournalFolder(path: path)
      for number in try folder.numbers() { try add(number, folder.segmentPath(number)) }
    case S_IFREG:
      // Alone it is where its journal starts.
      isOneFile = true
      try add(1, path)
    default: throw .notAFolder
    }
    guard let last = segments.last else { throw .noSegments }
    return last.end
  }

  /// Notes a segment behind the others.
  private mutating func add(_ number: UInt32, _ path: String) throws(JournalStorageError) {
    var facts = stat()
    guard stat(path, &facts) == 0 else { throw JournalStorageError(errno: errno) }
    guard facts.st_mode & S_IFMT == S_IFREG else { throw .notAFile(number) }
    let header = try header(path)
    try lookAtLast()
    segments.append(
      Segment(
        number: number, path: path,
        position: segments.last?.end ?? header?.segment.position ?? 0,
        byteCount: header?.segment.byteCount ?? UInt64(max(facts.st_size, 0)),
        isBegun: header != nil))
  }

  /// The last one may have been begun since it was noted, with another size than its file had.
  private mutating func lookAtLast() throws(JournalStorageError) {
    guard let last = segments.indices.last, !segments[last].isBegun,
      let header = try header(segments[last].path)
    else { return }
    segments[last].byteCount = header.segment.byteCount
    segments[last].isBegun = true
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
    if let last = segments.last, !isOneFile, last.number < .max,
      offset >= last.position &+ JournalFormat.segmentBytes.lowerBound
    {
      try lookAtLast()
      // The gateway may have begun another since.
      let next = JournalFolder(path: path).segmentPath(last.number + 1)
      if offset >= segments[segments.count - 1].end {
        guard access(next, F_OK) == 0 else { return nil }
        try add(last.number + 1, next)
      }
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

  public mutating func cutSegment(_ segment: JournalSegment) -> UInt32? {
    let folder = JournalFolder(path: path)
    let own = isOneFile ? path : folder.segmentPath(segment.number)
    if isShorter(own, than: segment.byteCount) { return segment.number }
    guard !isOneFile, segment.number < .max else { return nil }
    // One that is not begun is as long as its run made them.
    let next = segment.number + 1
    let least = JournalFormat.segmentBytes.lowerBound
    return isShorter(folder.segmentPath(next), than: least) ? next : nil
  }

  /// Of a file that is there.
  private func isShorter(_ path: String, than byteCount: UInt64) -> Bool {
    var facts = stat()
    return stat(path, &facts) == 0 && facts.st_size < Int(byteCount)
  }

  public mutating func close() {
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
    descriptor = -1
  }
}
