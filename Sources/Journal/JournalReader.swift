import CSluice

/// Walks the records of a journal, checking each before it is given out.
///
/// Nothing in the file is trusted. After an error the reader stands where it stood: `end` is the
/// end of the good records, and asking again looks again, so a journal that is still being written
/// can be followed.
public struct JournalReader<Storage: JournalStorage & ~Copyable>: ~Copyable {
  public let header: JournalHeader
  /// The end of the records read so far.
  public private(set) var end: JournalEnd

  private var storage: Storage
  private let buffer: UnsafeMutableRawBufferPointer
  /// The part of the buffer that holds bytes from `end.offset` on.
  private var held = 0..<0

  /// Opens the journal and checks its header.
  public init(reading storage: consuming Storage) throws(JournalError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: 4 * JournalFormat.recordByteMaximum, alignment: 4096)
    do throws(JournalError) {
      let count: Int
      do throws(JournalStorageError) {
        _ = try storage.open(.read)
        count = try storage.read(at: 0, into: buffer)
      } catch {
        throw .storage(error)
      }
      let (header, crc) = try JournalHeader.decode(
        UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      self.header = header
      end = header.end(crc: crc)
      held = JournalFormat.headerByteCount..<count
    } catch {
      buffer.deallocate()
      throw error
    }
    self.storage = storage
    self.buffer = buffer
  }

  deinit { buffer.deallocate() }

  /// The next record; nil at the end of the file, or of its used part when only zeros follow.
  public mutating func next() throws(JournalError) -> JournalRecord? {
    do throws(JournalError) {
      return try advance()
    } catch {
      // Whoever repairs the journal writes other bytes here: look afresh the next time.
      held = 0..<0
      throw error
    }
  }

  private mutating func advance() throws(JournalError) -> JournalRecord? {
    typealias At = JournalFormat.Record
    let available = try hold(JournalFormat.recordHeaderByteCount)
    if available == 0 { return nil }
    guard available >= At.sequence else {
      if try restIsZero() { return nil }
      throw .tornTail(offset: end.offset)
    }
    let length: UInt32 = bytes.value(at: At.length)
    if length == 0, try restIsZero() { return nil }
    guard length >= At.payload, length <= JournalFormat.recordByteMaximum else {
      throw .badLength(offset: end.offset, length: length)
    }
    let size = JournalFormat.paddedByteCount(length: Int(length))
    guard try hold(size) >= size else { throw .tornTail(offset: end.offset) }

    let record = UnsafeRawBufferPointer(rebasing: bytes[..<size])
    let crc: UInt32 = record.value(at: At.crc)
    guard sluice_crc32c(end.crc, record.baseAddress! + At.length, size - At.length) == crc else {
      throw .badChecksum(offset: end.offset)
    }
    let type = JournalRecordType(raw: record.value(at: At.type))
    let flags: UInt16 = record.value(at: At.flags)
    let reserved: UInt32 = record.value(at: At.reserved)
    guard type.raw != 0, flags == 0, reserved == 0 else { throw .badRecord(offset: end.offset) }
    let sequence: UInt64 = record.value(at: At.sequence)
    let time: Int64 = record.value(at: At.time)
    guard isNext(sequence), time >= end.time else {
      throw .outOfOrder(offset: end.offset, sequence: sequence)
    }

    let offset = end.offset
    end = JournalEnd(offset: offset + UInt64(size), crc: crc, sequence: sequence, time: time)
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

  /// The bytes from `end.offset` on that the buffer holds.
  private var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[held]) }

  /// Makes the buffer hold `count` bytes from `end.offset` on, or all there are; how many it holds.
  private mutating func hold(_ count: Int) throws(JournalError) -> Int {
    if held.count >= count { return held.count }
    let kept = held.count
    if kept > 0 { buffer.baseAddress!.copyMemory(from: bytes.baseAddress!, byteCount: kept) }
    held = 0..<kept
    let room = UnsafeMutableRawBufferPointer(rebasing: buffer[kept...])
    held = 0..<kept + (try read(at: end.offset + UInt64(kept), into: room))
    return held.count
  }

  /// Whether only zeros follow `end.offset`: preallocated and not used yet.
  private mutating func restIsZero() throws(JournalError) -> Bool {
    // What the buffer holds may have been written since: read afresh.
    var offset = end.offset
    held = 0..<0
    while true {
      let count = try read(at: offset, into: buffer)
      if count == 0 { return true }
      if !buffer[..<count].allSatisfy({ $0 == 0 }) { return false }
      offset += UInt64(count)
    }
  }

  private mutating func read(
    at offset: UInt64, into room: UnsafeMutableRawBufferPointer
  ) throws(JournalError) -> Int {
    do throws(JournalStorageError) {
      return try storage.read(at: offset, into: room)
    } catch {
      throw .storage(error)
    }
  }
}
