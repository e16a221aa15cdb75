import CSluice
import Glibc
import Journal

/// A segment's file in memory: what is copied there survives the end of the process at once.
///
/// It is made, filled with zeros and given back by the journal's keeper; meanwhile the loop alone
/// writes to it, and never waits for one of its pages.
final class SegmentFile: @unchecked Sendable {
  let number: UInt32
  let byteCount: Int
  let base: UnsafeMutableRawPointer
  private let descriptor: Int32

  /// Takes the descriptor over.
  private init(
    _ number: UInt32, _ descriptor: Int32, _ byteCount: UInt64
  ) throws(JournalStorageError) {
    let mapped = mmap(
      nil, Int(byteCount), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
    guard let mapped, mapped != UnsafeMutableRawPointer(bitPattern: -1) else {
      let error = JournalStorageError(errno: errno)
      close(descriptor)
      throw error
    }
    base = mapped
    self.number = number
    self.descriptor = descriptor
    self.byteCount = Int(byteCount)
  }

  deinit {
    munmap(base, byteCount)
    close(descriptor)
  }

  /// Makes a segment's file: zeros in all of it, on the disk, before it has its name; then its
  /// pages are there to be written to. On a failure nothing of it takes up room.
  ///
  /// - Parameter isMapped: it is written to by its map. Else no page is touched: a sync would write
  ///   it all.
  static func make(
    _ number: UInt32, in folder: JournalFolder, byteCount: UInt64, isMapped: Bool
  ) throws(JournalStorageError) -> SegmentFile {
    let unfinished = folder.unfinishedPath(number)
    let descriptor = open(unfinished, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw JournalStorageError(errno: errno) }
    do throws(JournalStorageError) {
      try fill(descriptor, from: 0, to: byteCount)
      try syncData(descriptor)
      guard rename(unfinished, folder.segmentPath(number)) == 0 else {
        throw JournalStorageError(errno: errno)
      }
    } catch {
      ftruncate(descriptor, 0)
      close(descriptor)
      throw error
    }
    let segment = try SegmentFile(number, descriptor, byteCount)
    try folder.sync()
    if isMapped { segment.warm(0..<segment.byteCount) }
    return segment
  }

  /// Takes up a segment that is there, to go on at `offset` in it. What it lacks of `byteCount` is
  /// added, what it has beyond goes; with `cutsOff`, what lies behind is made zero. Its size is on
  /// the disk when this returns, as that of one that was made.
  static func takeUp(
    _ number: UInt32, in folder: JournalFolder, byteCount: UInt64, at offset: UInt64,
    cutsOff: Bool, isMapped: Bool
  ) throws(JournalStorageError) -> SegmentFile {
    let descriptor = open(folder.segmentPath(number), O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == EISDIR ? .notAFile(number) : JournalStorageError(errno: errno)
    }
    do throws(JournalStorageError) {
      var facts = stat()
      guard fstat(descriptor, &facts) == 0 else { throw JournalStorageError(errno: errno) }
      guard facts.st_mode & S_IFMT == S_IFREG else { throw .notAFile(number) }
      let held = UInt64(max(facts.st_size, 0))
      // Made ready by a run with larger ones: what it has beyond would take up room for nothing.
      if held > byteCount, ftruncate(descriptor, Int(byteCount)) != 0 {
        throw JournalStorageError(errno: errno)
      }
      let filledTo = cutsOff ? min(held, offset) : held
      if filledTo < byteCount { try fill(descriptor, from: filledTo, to: byteCount) }
      // Before its header: what says how long it is stands on the disk behind what makes it so.
      if held != byteCount { try syncData(descriptor) }
    } catch {
      close(descriptor)
      throw error
    }
    let segment = try SegmentFile(number, descriptor, byteCount)
    if isMapped { segment.warm(Int(offset)..<segment.byteCount) }
    return segment
  }

  private static func syncData(_ descriptor: Int32) throws(JournalStorageError) {
    while fdatasync(descriptor) != 0 {
      if errno != EINTR { throw JournalStorageError(errno: errno) }
    }
  }

  /// Writes zeros: allocated blocks only, so that no page of the map can lack its place.
  private static func fill(
    _ descriptor: Int32, from start: UInt64, to end: UInt64
  ) throws(JournalStorageError) {
    let zeros = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
    defer { zeros.deallocate() }
    zeros.initializeMemory(as: UInt8.self, repeating: 0)
    var offset = start
    while offset < end {
      let count = pwrite(
        descriptor, zeros.baseAddress!, Int(min(UInt64(zeros.count), end - offset)), Int(offset))
      if count > 0 {
        offset += UInt64(count)
      } else if count == 0 {
        throw .full
      } else if errno != EINTR {
        throw JournalStorageError(errno: errno)
      }
    }
  }

  /// Makes the pages there and writable, without a change, whoever writes to them meanwhile.
  func warm(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    sluice_touch_pages(base + range.lowerBound, range.count)
  }

  /// Copies framed records, each so that the end of the process leaves it whole or not begun.
  func publish(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
    precondition(offset >= 0 && offset + bytes.count <= byteCount, "a segment has room")
    JournalPieces.forEach(in: bytes) { start, count in
      sluice_publish(base + offset + start, bytes.baseAddress! + start, count)
    }
  }

  /// Writes bytes by the file and not by the map.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(JournalStorageError) {
    precondition(offset >= 0 && offset + bytes.count <= byteCount, "a segment has room")
    var done = 0
    while done < bytes.count {
      let count = pwrite(
        descriptor, bytes.baseAddress! + done, bytes.count - done, offset + done)
      if count > 0 {
        done += count
      } else if count == 0 {
        throw .full
      } else if errno != EINTR {
        throw JournalStorageError(errno: errno)
      }
    }
  }

  /// Returns when all of it would survive a loss of power. When it fails nobody knows what the disk
  /// holds, and the system won't say so again.
  func syncAll() throws(JournalStorageError) {
    if fdatasync(descriptor) != 0 { throw JournalStorageError(errno: errno) }
  }

  /// Returns when these bytes are on the disk; whole pages.
  func sync(_ range: Range<Int>) throws(JournalStorageError) {
    guard !range.isEmpty else { return }
    if msync(base + range.lowerBound, range.count, MS_SYNC) != 0 {
      throw JournalStorageError(errno: errno)
    }
  }
}
