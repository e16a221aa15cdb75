import CSluice

/// Walks the records of a journal, over all its segments, checking each before it is given out.
///
/// Nothing in the storage is trusted. After an error the reader stands where it stood: `end` is the
/// end of the good records, and asking again looks again, so a journal that is still being written
/// can be followed.
public struct JournalReader<Storage: JournalStorage & ~Copyable>: ~Copyable {
  /// Of the segment that it began with.
  public let header: JournalHeader
  /// The end of the records read so far.
  public private(set) var end: JournalEnd
  /// The checksum of the last record, which stands for all before it; of the one in front of the
  /// segment while none was read, 0 at the journal's start.
  public private(set) var lastCRC: UInt32

  private var storage: Storage
  private let buffer: UnsafeMutableRawBufferPointer
  /// The part of the buffer that holds bytes from `end.offset` on.
  private var held = 0..<0
  /// Of the segment behind this one, once it is there.
  private var following: (header: JournalHeader, crc: UInt32)?
  /// Of the last record.
  private var lastType: JournalRecordType?

  /// Opens the journal and checks its first header.
  public init(reading storage: consuming Storage) throws(JournalError) {
    try self.init(reading: storage, atSequence: nil)
  }

  /// Opens the journal at the segment that has the record behind `sequence`; `skip` walks up to
  /// there. That is how a journal goes on behind a snapshot; behind 0 is all of it.
  ///
  /// `beginsLater` when the journal does not reach so far back.
  public init(
    reading storage: consuming Storage, behind sequence: UInt64
  ) throws(JournalError) {
    try self.init(reading: storage, atSequence: sequence)
  }

  private init(
    reading storage: consuming Storage, atSequence sequence: UInt64?
  ) throws(JournalError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: 4 * JournalFormat.recordByteMaximum, alignment: 4096)
    do throws(JournalError) {
      var position: UInt64
      do throws(JournalStorageError) {
        _ = try storage.open(.read)
        position = storage.start
      } catch {
        throw .storage(error)
      }
      var found = try Self.header(at: position, in: &storage, buffer)
      while let sequence, found.header.firstSequence <= sequence {
        position = found.header.segment.end
        guard let next = try Self.nextHeader(behind: found.header, in: &storage, buffer),
          next.header.firstSequence <= sequence &+ 1
        else { break }
        found = next
      }
      if let sequence, found.header.firstSequence > sequence &+ 1 {
        throw .beginsLater(firstSequence: found.header.firstSequence)
      }
      header = found.header
      end = found.header.end(crc: found.crc)
      lastCRC = found.header.previousCRC
    } catch {
      buffer.deallocate()
      throw error
    }
    self.storage = storage
    self.buffer = buffer
  }

  deinit { buffer.deallocate() }

  /// Walks until `end` is behind the outcome of `sequence`; less far when the journal ends before.
  public mutating func skip(behind sequence: UInt64) throws(JournalError) {
    while end.sequence < sequence || lastType == .command, try next() != nil {}
  }

  /// The next record; nil at the end of what is written.
  public mutating func next() throws(JournalError) -> JournalRecord? {
    do throws(JournalError) {
      if let record = try lookTwice() { return record }
    } catch {
      let offset = end.offset
      // Whoever repairs the journal writes other bytes here: look afresh the next time.
      held = 0..<0
      guard try isTorn(error) else { throw error }
      try checkWhole()
      throw .tornTail(offset: offset)
    }
    try checkWhole()
    return nil
  }

  /// What ends here, cleanly or not, is all that was written only in a segment that is all there.
  private mutating func checkWhole() throws(JournalError) {
    guard let number = storage.cutSegment(end.header.segment) else { return }
    throw .segmentIsCut(number, offset: end.offset)
  }

  private mutating func lookTwice() throws(JournalError) -> JournalRecord? {
    do throws(JournalError) {
      return try look()
    } catch {
      // A gateway may write to it: what was read is old by now. Damage stays.
      held = 0..<0
    }
    return try look()
  }

  private mutating func look() throws(JournalError) -> JournalRecord? {
    while true {
      if endsHere() { enter() }
      if let record = try advance() { return record }
      // Nothing more here: it is the end, or the next segment goes on.
      try lookBehind()
      guard let following else { return nil }
      guard endsHere() else {
        throw .brokenChain(offset: end.offset, segment: following.header.segment.number)
      }
    }
  }

  private mutating func advance() throws(JournalError) -> JournalRecord? {
    typealias At = JournalFormat.Record
    let available = try hold(JournalFormat.recordHeaderByteCount)
    if endsHere() || available == 0 { return nil }
    guard available >= At.sequence else {
      if try restIsZero() { return nil }
      throw .recordIsCut(offset: end.offset)
    }
    var length: UInt32 = bytes.value(at: At.length)
    if length == 0 {
      if try restIsZero() { return nil }
      // It was written since it was read, in front of what is there now.
      guard try hold(At.sequence) >= At.sequence else { throw .recordIsCut(offset: end.offset) }
      if endsHere() { return nil }
      length = bytes.value(at: At.length)
    }
    guard length >= At.payload, length <= JournalFormat.recordByteMaximum else {
      throw .badLength(offset: end.offset, length: length)
    }
    let size = JournalFormat.paddedByteCount(length: Int(length))
    guard try hold(size) >= size else { throw .recordIsCut(offset: end.offset) }

    let record = UnsafeRawBufferPointer(rebasing: bytes[..<size])
    let crc: UInt32 = record.value(at: At.crc)
    guard sluice_crc32c(end.crc, record.baseAddress! + At.length, size - At.length) == crc else {
      throw .badChecksum(offset: end.offset)
    }
    let type = JournalRecordType(raw: record.value(at: At.type))
    let flags: UInt16 = record.value(at: At.flags)
    guard type.raw != 0, flags == 0 else { throw .badRecord(offset: end.offset) }
    let sequence: UInt64 = record.value(at: At.sequence)
    let time: Int64 = record.value(at: At.time)
    guard isNext(sequence), time >= end.time else {
      throw .outOfOrder(offset: end.offset, sequence: sequence)
    }

    let offset = end.offset
    end.offset = offset + UInt64(size)
    end.crc = crc
    end.sequence = sequence
    end.time = time
    lastCRC = crc
    lastType = type
    held = held.lowerBound + size..<held.upperBound
    return JournalRecord(
      type: type, sequence: sequence, time: time,
      payload: UnsafeRawBufferPointer(rebasing: record[At.payload..<Int(length)]), offset: offset)
  }

  /// The same as the last record's, or one more; the first record's is as the header says.
  private func isNext(_ sequence: UInt64) -> Bool {
    let isFirst = end.sequence == header.firstSequence - 1
    return sequence == end.sequence &+ 1 || (sequence == end.sequence && !isFirst)
  }

  // MARK: Segments

  /// The segment behind this one goes on here; what this one holds behind was never synced, and is
  /// written again there.
  private func endsHere() -> Bool {
    guard let following else { return false }
    return following.header.previousCRC == end.crc
      && following.header.firstSequence == end.sequence &+ 1
  }

  private mutating func enter() {
    guard let next = following else { return }
    following = nil
    held = 0..<0
    end = next.header.end(crc: next.crc, time: end.time)
  }

  /// Looks for the segment behind this one, unless it was found.
  private mutating func lookBehind() throws(JournalError) {
    guard following == nil else { return }
    following = try Self.nextHeader(behind: end.header, in: &storage, scratch)
  }

  /// Behind the bytes that are held.
  private var scratch: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(
      rebasing: buffer[(buffer.count - JournalFormat.headerByteCount)...])
  }

  private static func header(
    at position: UInt64, in storage: inout Storage, _ room: UnsafeMutableRawBufferPointer
  ) throws(JournalError) -> (header: JournalHeader, crc: UInt32) {
    let room = UnsafeMutableRawBufferPointer(rebasing: room[..<JournalFormat.headerByteCount])
    let count = try read(storage: &storage, at: position, into: room)
    return try JournalHeader.decode(
      UnsafeRawBufferPointer(rebasing: room[..<count]), at: position)
  }

  /// Of the segment behind that of `header`; nil when it is not begun.
  private static func nextHeader(
    behind header: JournalHeader, in storage: inout Storage,
    _ room: UnsafeMutableRawBufferPointer
  ) throws(JournalError) -> (header: JournalHeader, crc: UInt32)? {
    let position = header.segment.end
    let room = UnsafeMutableRawBufferPointer(rebasing: room[..<JournalFormat.headerByteCount])
    let count = try read(storage: &storage, at: position, into: room)
    let magic = UnsafeRawBufferPointer(rebasing: room[..<min(count, JournalFormat.magic.count)])
    // Its first eight bytes are written last.
    if magic.allSatisfy({ $0 == 0 }) { return nil }
    guard count == JournalFormat.headerByteCount else {
      throw .segmentIsCut(header.segment.number + 1, offset: position)
    }
    let next = try JournalHeader.decode(
      UnsafeRawBufferPointer(rebasing: room[..<count]), at: position)
    guard next.header.isOfJournal(of: header),
      next.header.segment.number == header.segment.number + 1,
      next.header.segment.position == position
    else { throw .foreignSegment(header.segment.number + 1) }
    return next
  }

  // MARK: Bytes

  /// The bytes from `end.offset` on that the buffer holds.
  private var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[held]) }

  /// Makes the buffer hold `count` bytes of this segment from `end.offset` on, or all there are;
  /// how many it holds.
  private mutating func hold(_ count: Int) throws(JournalError) -> Int {
    if held.count >= count { return held.count }
    let kept = held.count
    if kept > 0 { buffer.baseAddress!.copyMemory(from: bytes.baseAddress!, byteCount: kept) }
    held = 0..<kept
    // What is read from now on may stand behind the place where the next segment goes on.
    try lookBehind()
    let start = end.offset + UInt64(kept)
    let left = Int(min(end.header.segment.end - start, UInt64(buffer.count)))
    let last = min(kept + left, buffer.count - JournalFormat.headerByteCount)
    let room = UnsafeMutableRawBufferPointer(rebasing: buffer[kept..<last])
    held = 0..<kept + (try Self.read(storage: &storage, at: start, into: room))
    return held.count
  }

  /// Whether only zeros follow `end.offset` in this segment: preallocated and not used yet.
  private mutating func restIsZero() throws(JournalError) -> Bool {
    // What the buffer holds may have been written since: read afresh.
    held = 0..<0
    return try Self.firstByte(
      in: &storage, from: end.offset, to: end.header.segment.end, buffer) == nil
  }

  /// Where the first byte that is not zero lies.
  private static func firstByte(
    in storage: inout Storage, from start: UInt64, to end: UInt64,
    _ buffer: UnsafeMutableRawBufferPointer
  ) throws(JournalError) -> UInt64? {
    var offset = start
    while offset < end {
      let room = UnsafeMutableRawBufferPointer(
        rebasing: buffer[..<Int(min(UInt64(buffer.count), end - offset))])
      let count = try read(storage: &storage, at: offset, into: room)
      if count == 0 { return nil }
      if let place = room[..<count].firstIndex(where: { $0 != 0 }) {
        return offset + UInt64(place)
      }
      offset += UInt64(count)
    }
    return nil
  }

  private static func read(
    storage: inout Storage, at offset: UInt64, into room: UnsafeMutableRawBufferPointer
  ) throws(JournalError) -> Int {
    do throws(JournalStorageError) {
      return try storage.read(at: offset, into: room)
    } catch {
      throw .storage(error)
    }
  }

  // MARK: Torn or damaged

  /// Whether what ends the walk is a write that was interrupted: it looks like one, and nothing
  /// behind it says that effects of it could have left.
  private mutating func isTorn(_ error: JournalError) throws(JournalError) -> Bool {
    switch error {
    case .badLength(_, 0), .recordIsCut: break
    case .badChecksum: guard try hasEmptySector() else { return false }
    default: return false
    }
    guard following == nil else { return false }
    var witness = JournalWitness(behind: end, lastIsCommand: lastType == .command)
    return try !witness.findsReleased(in: &storage)
  }

  /// Whether a part of the record that a disk writes at once has nothing in it.
  private mutating func hasEmptySector() throws(JournalError) -> Bool {
    let available = try hold(JournalFormat.recordHeaderByteCount)
    guard available >= JournalFormat.recordHeaderByteCount else { return true }
    let length: UInt32 = bytes.value(at: JournalFormat.Record.length)
    let size = JournalFormat.paddedByteCount(length: Int(length))
    guard try hold(size) >= size else { return true }
    var start = 0
    while start < size {
      let next = min(size, start + 512 - Int((end.offset + UInt64(start)) % 512))
      if bytes[start..<next].allSatisfy({ $0 == 0 }) { return true }
      start = next
    }
    return false
  }
}
