import CSluice

/// Frames records into a fixed buffer and keeps their chain; somebody else stores the buffer.
///
/// One record is reserved, filled in place and committed. `pending` is what the storage does not
/// have yet; once it has, `pendingWasStored` makes the buffer empty. Nothing is allocated after
/// the start.
public struct JournalEncoder: ~Copyable {
  private let buffer: UnsafeMutableRawBufferPointer
  private var used = 0
  private var reserved = 0
  /// The end of the records, the pending ones included.
  public private(set) var end: JournalEnd
  /// The sequence of the last record that the storage has.
  public private(set) var storedSequence: UInt64

  /// The smallest buffer: one record of the longest kind.
  public static let capacityMinimum = JournalFormat.recordByteMaximum

  /// Goes on behind `end`, with a buffer of `capacity` bytes.
  public init(after end: JournalEnd, capacity: Int) {
    precondition(
      capacity >= JournalEncoder.capacityMinimum, "a journal's buffer takes the longest record")
    self.end = end
    storedSequence = end.sequence
    buffer = .allocate(byteCount: capacity, alignment: 4096)
    // Touched here, so that the first records do not pay for the pages.
    buffer.initializeMemory(as: UInt8.self, repeating: 0)
  }

  deinit { buffer.deallocate() }

  /// Room for a payload of at most `count` bytes, aligned to eight; nil when the buffer has to be
  /// stored first. A second reservation before the commit replaces the first.
  public mutating func reserve(_ count: Int) -> UnsafeMutableRawBufferPointer? {
    precondition(
      count >= 0 && count <= JournalFormat.payloadMaximum, "a payload has at most 256 KiB")
    let size = JournalFormat.paddedByteCount(length: JournalFormat.Record.payload + count)
    guard used + size <= buffer.count else { return nil }
    reserved = count
    let start = used + JournalFormat.Record.payload
    return UnsafeMutableRawBufferPointer(rebasing: buffer[start..<start + count])
  }

  /// Makes the first `count` reserved bytes a record. Its sequence is the last one's or the next,
  /// and time does not go back.
  public mutating func commit(
    _ count: Int, type: JournalRecordType, sequence: UInt64, time: Int64
  ) {
    typealias At = JournalFormat.Record
    precondition(count >= 0 && count <= reserved, "only reserved bytes are committed")
    precondition(type.raw != 0, "a record has a type")
    precondition(
      sequence == end.sequence + 1 || sequence == end.sequence, "sequences have no gap")
    precondition(time >= end.time, "a journal's time does not go back")
    let length = At.payload + count
    let size = JournalFormat.paddedByteCount(length: length)
    let record = UnsafeMutableRawBufferPointer(rebasing: buffer[used..<used + size])
    record.store(UInt32(length), at: At.length)
    record.store(sequence, at: At.sequence)
    record.store(time, at: At.time)
    record.store(type.raw, at: At.type)
    record.store(UInt16(0), at: At.flags)
    record.store(UInt32(0), at: At.reserved)
    for index in length..<size { record[index] = 0 }
    let crc = sluice_crc32c(end.crc, record.baseAddress! + At.length, size - At.length)
    record.store(crc, at: At.crc)
    used += size
    reserved = 0
    end = JournalEnd(
      offset: end.offset + UInt64(size), crc: crc, sequence: sequence, time: time)
  }

  /// The framed bytes that the storage does not have yet.
  public var pending: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[..<used]) }
  /// Where in the journal the pending bytes belong.
  public var pendingOffset: UInt64 { end.offset - UInt64(used) }

  public mutating func pendingWasStored() {
    used = 0
    reserved = 0
    storedSequence = end.sequence
  }
}
