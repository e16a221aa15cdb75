import Glibc
import Journal

/// Cuts a journal off at a position, and keeps what is cut beside it.
///
/// It holds the journal's lock as long as it lives. Interrupted, it can be carried out again: what
/// was kept before stays as it is.
public struct JournalRepair: ~Copyable {
  /// Where the journal ends then.
  public let end: JournalEnd
  /// Bytes from the position to the end of its segment.
  public let byteCount: UInt64
  /// Whole segments behind it.
  public var segments: Int { cut.count }
  /// Snapshots of commands that are cut.
  public var snapshots: Int { later.count }
  /// The folder that what is cut goes to.
  public let copyPath: String

  private let folder: JournalFolder
  private let lock: JournalLock
  /// The segment that is shortened, and where; nil when the position is a segment's beginning.
  private let shortened: (number: UInt32, offset: UInt64)?
  /// Numbers of the segments that are cut as a whole.
  private let cut: [UInt32]
  /// The newest commands in snapshots that are cut: the journal does not have all of them then.
  private let later: [UInt64]

  /// Reads the journal up to the position. `notAnEnd` when no record ends and no segment begins
  /// there.
  public init(_ folder: JournalFolder, at position: UInt64) throws(JournalError) {
    let lock = try JournalRepair.lock(folder)
    let numbers = try JournalRepair.numbers(folder)
    var reader = try JournalReader(reading: FolderJournalStorage(path: folder.path))
    var last = reader.end
    var isWhole = true
    do throws(JournalError) {
      while last.offset < position, let record = try reader.next(), reader.end.offset <= position {
        last = reader.end
        isWhole = record.type == .outcome
      }
    } catch {
      // It ends here, one way or another: the position says whether that was known.
    }
    let segment = last.header.segment
    let isSegmentsEnd = position == segment.end
    guard last.offset == position || isSegmentsEnd else { throw .notAnEnd(last.offset) }
    end = last
    self.folder = folder
    self.lock = lock
    copyPath = JournalRepair.copyPath(folder, position)
    shortened = isSegmentsEnd ? nil : (segment.number, position - segment.position)
    byteCount = isSegmentsEnd ? 0 : segment.end - position
    cut = numbers.filter { $0 > segment.number }
    // One is taken behind an outcome.
    let known = isWhole ? last.sequence : last.sequence - 1
    later = SnapshotFolder(folder).sequences().filter { $0 > known }
  }

  /// Beside the journal, where nothing is kept yet.
  private static func copyPath(_ folder: JournalFolder, _ position: UInt64) -> String {
    var place = folder.path
    if let whole = realpath(folder.path, nil) {
      place = String(cString: whole)
      free(whole)
    }
    let first = "\(place).cut-at-\(position)"
    var (path, number) = (first, 1)
    while access(path, F_OK) == 0 {
      number += 1
      path = "\(first)-\(number)"
    }
    return path
  }

  private static func lock(_ folder: JournalFolder) throws(JournalError) -> JournalLock {
    do throws(JournalStorageError) {
      return try JournalLock(folder)
    } catch {
      throw .storage(error)
    }
  }

  private static func numbers(_ folder: JournalFolder) throws(JournalError) -> [UInt32] {
    do throws(JournalStorageError) {
      return try folder.numbers()
    } catch {
      throw .storage(error)
    }
  }

  /// Copies, then moves, then makes zero what is cut.
  public func carryOut() throws(JournalError) {
    do throws(JournalStorageError) {
      if mkdir(copyPath, 0o700) != 0 { throw JournalStorageError(errno: errno) }
      let copy = JournalFolder(path: copyPath)
      try copy.syncName()
      if let shortened { try keep(shortened.number, in: copy) }
      // From the last on: what is left in between has no gap.
      for number in cut.reversed() {
        if rename(folder.segmentPath(number), copy.segmentPath(number)) != 0 {
          throw JournalStorageError(errno: errno)
        }
      }
      for sequence in later {
        let name = SnapshotFolder(folder).path(sequence)
        if rename(name, SnapshotFolder(copy).path(sequence)) != 0 {
          throw JournalStorageError(errno: errno)
        }
      }
      try copy.sync()
      try folder.sync()
      guard let shortened else { return }
      let file = try SegmentFile.takeUp(
        shortened.number, in: folder, byteCount: end.header.segment.byteCount,
        at: shortened.offset, cutsOff: true, isMapped: false)
      try file.syncAll()
    } catch {
      throw .storage(error)
    }
  }

  /// Copies a segment as it is.
  private func keep(_ number: UInt32, in copy: JournalFolder) throws(JournalStorageError) {
    let target = copy.segmentPath(number)
    let from = open(folder.segmentPath(number), O_RDONLY | O_CLOEXEC)
    guard from >= 0 else { throw JournalStorageError(errno: errno) }
    defer { close(from) }
    let unfinished = copy.unfinishedPath(number)
    let to = open(unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard to >= 0 else { throw JournalStorageError(errno: errno) }
    defer { close(to) }
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
    defer { room.deallocate() }
    while true {
      let count = read(from, room.baseAddress!, room.count)
      if count == 0 { break }
      guard count > 0, write(to, room.baseAddress!, count) == count else {
        throw JournalStorageError(errno: errno)
      }
    }
    guard fsync(to) == 0, rename(unfinished, target) == 0 else {
      throw JournalStorageError(errno: errno)
    }
  }
}
