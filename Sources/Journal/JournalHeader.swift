import CSluice

/// What a segment of a journal says of itself before its first record.
public struct JournalHeader: Equatable, Sendable, BitwiseCopyable {
  /// The part of the house whose commands these are, 0 to 63.
  public var shard: UInt16
  /// The sequence of the first record. It starts at 1 and goes on through all segments.
  public var firstSequence: UInt64
  /// The version of the engine that gave the outcomes.
  public var engineVersion: UInt32
  /// How many times the configuration was changed when the segment was begun.
  public var configRevision: UInt32
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  public var createdTime: Int64
  /// SHA-256 of the genesis commands.
  public var genesisHash: InlineArray<32, UInt8>
  /// The CRC of the last record of the segment before this one; 0 in a shard's first.
  public var previousCRC: UInt32
  /// Where it lies in its journal.
  public var segment: JournalSegment

  public init(
    shard: UInt16, firstSequence: UInt64, engineVersion: UInt32, configRevision: UInt32,
    createdTime: Int64, genesisHash: InlineArray<32, UInt8>, previousCRC: UInt32 = 0,
    segment: JournalSegment = .first()
  ) {
    precondition(segment.isPossible, "a segment has a number, and whole pages")
    precondition(shard < 64, "a shard number has 6 bits")
    precondition(firstSequence > 0, "sequences start at 1")
    self.shard = shard
    self.firstSequence = firstSequence
    self.engineVersion = engineVersion
    self.configRevision = configRevision
    self.createdTime = createdTime
    self.genesisHash = genesisHash
    self.previousCRC = previousCRC
    self.segment = segment
  }

  /// Of the segment behind the one of this header, which ends at `end`; its time is the last
  /// record's, so that no clock is asked.
  public func next(behind end: JournalEnd, byteCount: UInt64) -> JournalHeader {
    JournalHeader(
      shard: shard, firstSequence: end.sequence + 1, engineVersion: engineVersion,
      configRevision: configRevision, createdTime: max(end.time, createdTime),
      genesisHash: genesisHash, previousCRC: end.crc, segment: segment.next(byteCount))
  }

  /// Whether both are of one journal.
  func isOfJournal(of other: JournalHeader) -> Bool {
    for index in 0..<32 where genesisHash[index] != other.genesisHash[index] { return false }
    return shard == other.shard
  }

  public static func == (left: JournalHeader, right: JournalHeader) -> Bool {
    left.isOfJournal(of: right) && left.firstSequence == right.firstSequence
      && left.engineVersion == right.engineVersion && left.configRevision == right.configRevision
      && left.createdTime == right.createdTime && left.previousCRC == right.previousCRC
      && left.segment == right.segment
  }

  /// Fills `bytes`, of `JournalFormat.headerByteCount`, and gives the header's CRC.
  @discardableResult
  public func encode(into bytes: UnsafeMutableRawBufferPointer) -> UInt32 {
    precondition(bytes.count >= JournalFormat.headerByteCount, "a header fits its buffer")
    typealias At = JournalFormat.Header
    bytes[..<JournalFormat.headerByteCount].initializeMemory(as: UInt8.self, repeating: 0)
    for (index, byte) in JournalFormat.magic.enumerated() { bytes[At.magic + index] = byte }
    bytes.store(JournalFormat.version, at: At.version)
    bytes.store(UInt16(JournalFormat.headerByteCount), at: At.headerByteCount)
    bytes.store(shard, at: At.shard)
    bytes.store(firstSequence, at: At.firstSequence)
    bytes.store(engineVersion, at: At.engineVersion)
    bytes.store(configRevision, at: At.configRevision)
    bytes.store(createdTime, at: At.createdTime)
    for index in 0..<32 { bytes[At.genesisHash + index] = genesisHash[index] }
    bytes.store(previousCRC, at: At.previousCRC)
    bytes.store(segment.number, at: At.segmentNumber)
    bytes.store(segment.position, at: At.position)
    bytes.store(segment.byteCount, at: At.byteCount)
    let crc = sluice_crc32c(0, bytes.baseAddress!, At.crc)
    bytes.store(crc, at: At.crc)
    return crc
  }

  /// Reads a header from the start of a segment, with its CRC.
  ///
  /// - Parameter offset: where the bytes lie, for errors.
  public static func decode(
    _ bytes: UnsafeRawBufferPointer, at offset: UInt64 = 0
  ) throws(JournalError) -> (header: JournalHeader, crc: UInt32) {
    typealias At = JournalFormat.Header
    let magic = JournalFormat.magic
    for index in 0..<min(bytes.count, magic.count) where bytes[index] != magic[index] {
      throw .notAJournal
    }
    guard bytes.count >= JournalFormat.headerByteCount else { throw .headerIsCut }
    let version: UInt16 = bytes.value(at: At.version)
    guard version == JournalFormat.version else { throw .wrongVersion(version) }
    let crc: UInt32 = bytes.value(at: At.crc)
    guard sluice_crc32c(0, bytes.baseAddress!, At.crc) == crc else {
      throw .headerIsDamaged(offset: offset)
    }
    let byteCount: UInt16 = bytes.value(at: At.headerByteCount)
    let shard: UInt16 = bytes.value(at: At.shard)
    let firstSequence: UInt64 = bytes.value(at: At.firstSequence)
    let reserved1: UInt16 = bytes.value(at: At.reserved1)
    let reserved2 = bytes[At.reserved2..<At.crc]
    let segment = JournalSegment(
      number: bytes.value(at: At.segmentNumber), position: bytes.value(at: At.position),
      byteCount: bytes.value(at: At.byteCount))
    guard Int(byteCount) == JournalFormat.headerByteCount, shard < 64, firstSequence > 0,
      segment.isPossible, reserved1 == 0, reserved2.allSatisfy({ $0 == 0 })
    else { throw .headerIsDamaged(offset: offset) }
    var genesisHash = InlineArray<32, UInt8>(repeating: 0)
    for index in 0..<32 { genesisHash[index] = bytes[At.genesisHash + index] }
    let header = JournalHeader(
      shard: shard, firstSequence: firstSequence,
      engineVersion: bytes.value(at: At.engineVersion),
      configRevision: bytes.value(at: At.configRevision),
      createdTime: bytes.value(at: At.createdTime), genesisHash: genesisHash,
      previousCRC: bytes.value(at: At.previousCRC), segment: segment)
    return (header, crc)
  }

  /// The end of a journal that has this header, with this CRC, and nothing behind it.
  ///
  /// - Parameter time: of the last record before it.
  public func end(crc: UInt32, time: Int64 = .min) -> JournalEnd {
    JournalEnd(
      offset: segment.position + UInt64(JournalFormat.headerByteCount), crc: crc,
      sequence: firstSequence - 1, time: time, header: self)
  }
}

extension UnsafeMutableRawBufferPointer {
  @inlinable func store<Value: FixedWidthInteger & BitwiseCopyable>(
    _ value: Value, at offset: Int
  ) {
    storeBytes(of: value.littleEndian, toByteOffset: offset, as: Value.self)
  }
}

extension UnsafeRawBufferPointer {
  @inlinable func value<Value: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Value {
    Value(littleEndian: loadUnaligned(fromByteOffset: offset, as: Value.self))
  }
}
