import CSluice

/// Looks behind a record that can't be read for one that can and says that effects of the
/// unreadable one may have left: then it is damage, and not what an interrupted write leaves.
///
/// A record's checksum begins with that of the record before it, which stands there: so any two
/// whole records, one behind the other, vouch for the second without anything in front of them.
struct JournalWitness {
  /// The record that can't be read, and the end of its segment.
  private let start: UInt64
  private let limit: UInt64
  /// Effects of the unreadable record leave when this sequence is released.
  private let sequence: UInt64

  /// - Parameter end: of the good records.
  init(behind end: JournalEnd, lastIsCommand: Bool) {
    start = end.offset
    limit = end.header.segment.end
    // What can't be read is the last command's outcome, or the next command.
    sequence = lastIsCommand ? end.sequence : end.sequence &+ 1
  }

  mutating func findsReleased<Storage: JournalStorage & ~Copyable>(
    in storage: inout Storage
  ) throws(JournalError) -> Bool {
    // Two records of the longest kind, and as much to move on by.
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: 4 * JournalFormat.recordByteMaximum, alignment: 4096)
    defer { buffer.deallocate() }
    var offset = start
    while offset < limit {
      let wanted = Int(min(UInt64(buffer.count), limit - offset))
      let count: Int
      do throws(JournalStorageError) {
        count = try storage.read(
          at: offset, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]))
      } catch {
        throw .storage(error)
      }
      let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
      let isLast = count < wanted || offset + UInt64(count) >= limit
      let stop = isLast ? count : count / 2
      var place = 0
      while place < stop {
        if isWitness(bytes, place) { return true }
        place += 8
      }
      if isLast { return false }
      offset += UInt64(place)
    }
    return false
  }

  /// Whether a record at `place` is followed by one that it vouches for, and that one has seen the
  /// unreadable one released.
  private func isWitness(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Bool {
    guard let size = recordSize(bytes, place), let next = recordSize(bytes, place + size)
    else { return false }
    typealias At = JournalFormat.Record
    let record = UnsafeRawBufferPointer(rebasing: bytes[(place + size)..<(place + size + next)])
    let number: UInt64 = record.value(at: At.sequence)
    let unreleased: UInt32 = record.value(at: At.unreleased)
    guard number >= sequence, number - min(number, UInt64(unreleased)) >= sequence else {
      return false
    }
    let before: UInt32 = bytes.value(at: place + At.crc)
    let crc: UInt32 = record.value(at: At.crc)
    return sluice_crc32c(before, record.baseAddress! + At.length, next - At.length) == crc
  }

  /// How many bytes what could be a record takes up.
  private func recordSize(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Int? {
    typealias At = JournalFormat.Record
    guard place + At.payload <= bytes.count else { return nil }
    let length: UInt32 = bytes.value(at: place + At.length)
    guard length >= At.payload, length <= JournalFormat.recordByteMaximum else { return nil }
    let size = JournalFormat.paddedByteCount(length: Int(length))
    return place + size <= bytes.count ? size : nil
  }
}
