import CSluice

/// Frames records into a fixed buffer and keeps their chain; somebody else stores the buffer.
///
/// One record is reserved, filled in place and committed. `pending` is what the storage does not
/// have yet; once it has, `pendingWasStored` makes the buffer empty. Nothing is allocated after
/// the start.
public struct JournalEncoder: ~Copyable {
  private let buffer: UnsafeMutableRawBufferPointer
  /// Bytes of the buffer that records may take; behind them is room for a record's padding.
  private let capacity: Int
  private var used = 0
  private var reserved = 0
  /// The end of the records, the pending ones included.
  public private(set) var end: JournalEnd
  /// The sequence of the last record that the storage has.
  public private(set) var storedSequence: UInt64
  /// Effects of commands up to this one may have left.
  public private(set) var releasedSequence: UInt64

  /// The smallest buffer: one record of the longest kind.
  public static let capacityMinimum = JournalFormat.recordByteMaximum

  /// Goes on behind `end`, with a buffer of `capacity` bytes.
  public init(after end: JournalEnd, capacity: Int) {
    precondition(
      capacity >= JournalEncoder.capacityMinimum, "a journal's buffer takes the longest record")
    self.end = end
    storedSequence = end.sequence
    releasedSequence = end.sequence
    self.capacity = capacity
    buffer = .allocate(byteCount: capacity + MemoryLayout<UInt64>.size, alignment: 4096)
    // Touched here, so that the first records do not pay for the pages.
    buffer.initializeMemory(as: UInt8.self, repeating: 0)
  }

  deinit { buffer.deallocate() }

  /// Bytes that can be framed before the buffer has to be stored or the next segment begun.
  public var room: Int { min(capacity - used, segmentRoom) }
  /// Bytes that can be framed in this segment.
  public var segmentRoom: Int { Int(end.header.segment.end - end.offset) }

  /// Begins the next segment. Everything framed before is stored; the header is pending.
  ///
  /// - Parameter configRevision: for its header; nil = as the segment before.
  public mutating func beginSegment(_ byteCount: UInt64, configRevision: UInt32? = nil) {
    precondition(used == 0, "a segment begins when the one before it is stored")
    var header = end.header.next(behind: end, byteCount: byteCount)
    header.configRevision = configRevision ?? header.configRevision
    let crc = header.encode(into: buffer)
    used = JournalFormat.headerByteCount
    reserved = 0
    end = header.end(crc: crc, time: end.time)
  }

  /// Room for a payload of at most `count` bytes, aligned to eight; nil when the buffer has to be
  /// stored or the next segment begun first. A second reservation before the commit replaces the
  /// first.
  public mutating func reserve(_ count: Int) -> UnsafeMutableRawBufferPointer? {
    precondition(
      count >= 0 && count <= JournalFormat.payloadMaximum, "a payload has at most 256 KiB")
    let size = JournalFormat.paddedByteCount(length: JournalFormat.Record.payload + count)
    guard size <= room else { return nil }
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
    precondition(sequence >= releasedSequence, "effects of a command leave behind its outcome")
    precondition(time >= end.time, "a journal's time does not go back")
    let length = At.payload + count
    let size = JournalFormat.paddedByteCount(length: length)
    let record = UnsafeMutableRawBufferPointer(rebasing: buffer[used..<used + size])
    record.store(UInt32(length), at: At.length)
    record.store(sequence, at: At.sequence)
    record.store(time, at: At.time)
    let unreleased = UInt32(clamping: sequence - releasedSequence)
    // Type, no flags, and how many are not released, in one.
    record.store(UInt64(type.raw) | UInt64(unreleased) << 32, at: At.type)
    // The padding; what is zeroed beyond it belongs to the next record.
    buffer.store(UInt64(0), at: used + length)
    let crc = sluice_crc32c(end.crc, record.baseAddress! + At.length, size - At.length)
    // With the length behind it: who copies the record reads its first eight bytes at once.
    record.store(UInt64(crc) | UInt64(UInt32(length)) << 32, at: At.crc)
    used += size
    reserved = 0
    end.offset += UInt64(size)
    end.crc = crc
    end.sequence = sequence
    end.time = time
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

  /// Effects of the commands up to `sequence` may leave now.
  public mutating func released(upTo sequence: UInt64) {
    precondition(
      sequence >= releasedSequence && sequence <= storedSequence,
      "effects leave when their record is stored")
    releasedSequence = sequence
  }

  // MARK: A segment that was sealed

  /// Begins the next segment behind `durable`, and frames there again what the storage does not
  /// have: `pieces`, each as one call stored it, and then what is pending.
  ///
  /// - Parameter pieces: headers among them are left out, the new one is put in front.
  /// - Returns: the end of each piece.
  public mutating func goOn(
    behind durable: JournalEnd, byteCount: UInt64, rewriting pieces: inout [[UInt8]]
  ) -> [JournalEnd] {
    let header = durable.header.next(behind: durable, byteCount: byteCount)
    pieces.removeAll { $0.starts(with: JournalFormat.magic) }
    if pending.starts(with: JournalFormat.magic) { used = 0 }
    var first = [UInt8](repeating: 0, count: JournalFormat.headerByteCount)
    let crc = first.withUnsafeMutableBytes { header.encode(into: $0) }
    end = header.end(crc: crc, time: durable.time)
    var ends = [end]
    for place in pieces.indices {
      pieces[place].withUnsafeMutableBytes { chain($0) }
      ends.append(end)
    }
    pieces.insert(first, at: 0)
    chain(UnsafeMutableRawBufferPointer(rebasing: buffer[..<used]))
    precondition(end.offset <= header.segment.end, "a segment takes what was not synced")
    return ends
  }

  /// Chains framed records behind `end`.
  private mutating func chain(_ records: UnsafeMutableRawBufferPointer) {
    typealias At = JournalFormat.Record
    JournalPieces.forEach(in: UnsafeRawBufferPointer(records)) { start, count in
      let record = UnsafeMutableRawBufferPointer(rebasing: records[start..<start + count])
      let crc = sluice_crc32c(end.crc, record.baseAddress! + At.length, count - At.length)
      record.store(crc, at: At.crc)
      let framed = UnsafeRawBufferPointer(record)
      end.offset += UInt64(count)
      end.crc = crc
      end.sequence = framed.value(at: At.sequence)
      end.time = framed.value(at: At.time)
    }
  }
}
