/// The journal's layout, version 2. All integers are little-endian. Drawn in docs/JOURNAL.md.
public enum JournalFormat {
  /// Not text: a high byte, line ends of both kinds and an end-of-file byte show at once that a
  /// file went through a text conversion. The idea is PNG's.
  public static let magic: [UInt8] = [0x89, 0x53, 0x4C, 0x4A, 0x0D, 0x0A, 0x1A, 0x0A]
  public static let version: UInt16 = 2
  /// Bytes of a segment's header; its first record follows.
  public static let headerByteCount = 128
  /// Bytes before a record's payload.
  public static let recordHeaderByteCount = 32
  /// The longest payload, in bytes. An outcome of 256 effects stays far below.
  public static let payloadMaximum = 256 * 1024
  /// The most bytes a record takes up.
  public static let recordByteMaximum = recordHeaderByteCount + payloadMaximum
  /// How long a segment may be, in bytes; a multiple of `segmentByteUnit`.
  public static let segmentBytes: ClosedRange<UInt64> = 1 << 20...1 << 32
  public static let segmentBytesDefault: UInt64 = 64 << 20
  /// A page, so that segments can be mapped.
  public static let segmentByteUnit: UInt64 = 4096

  /// Offsets within the header.
  enum Header {
    static let magic = 0
    static let version = 8
    static let headerByteCount = 10
    static let shard = 12
    static let reserved1 = 14
    static let firstSequence = 16
    static let engineVersion = 24
    static let configRevision = 28
    static let createdTime = 32
    static let genesisHash = 40
    static let previousCRC = 72
    static let segmentNumber = 76
    static let position = 80
    static let byteCount = 88
    static let reserved2 = 96
    static let crc = 124
  }

  /// Offsets within a record.
  enum Record {
    static let crc = 0
    static let length = 4
    static let sequence = 8
    static let time = 16
    static let type = 24
    static let flags = 26
    static let unreleased = 28
    static let payload = 32
  }

  /// Bytes a record takes up when its length field says `length`: the next starts at a multiple
  /// of eight.
  @inlinable static func paddedByteCount(length: Int) -> Int { (length + 7) & ~7 }
}

/// What a record's payload is. The journal only passes it on; 0 is no type.
public struct JournalRecordType: Equatable, Hashable, Sendable, BitwiseCopyable {
  public var raw: UInt16

  @inlinable public init(raw: UInt16) { self.raw = raw }

  /// What the engine was told.
  @inlinable public static var command: Self { Self(raw: 1) }
  /// What the engine answered to the command before it.
  @inlinable public static var outcome: Self { Self(raw: 2) }
}

/// A record as the reader found it.
public struct JournalRecord {
  public let type: JournalRecordType
  public let sequence: UInt64
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  public let time: Int64
  /// The reader's buffer: good until the next record is asked for. Aligned to eight.
  public let payload: UnsafeRawBufferPointer
  /// Where the record starts: a position in the journal.
  public let offset: UInt64
}

/// The end of the records: what a writer needs to go on behind them.
public struct JournalEnd: Equatable, Sendable, BitwiseCopyable {
  /// A position in the journal, where the next record goes.
  public var offset: UInt64
  /// The last record's; the header's when its segment has none.
  public var crc: UInt32
  /// The sequence of the last record; one before the header's first when there is none.
  public var sequence: UInt64
  /// The time of the last record; `Int64.min` when there is none.
  public var time: Int64
  /// Of the segment that `offset` lies in.
  public var header: JournalHeader

  public init(offset: UInt64, crc: UInt32, sequence: UInt64, time: Int64, header: JournalHeader) {
    self.offset = offset
    self.crc = crc
    self.sequence = sequence
    self.time = time
    self.header = header
  }
}

/// A stretch of a journal that is kept in one piece.
public struct JournalSegment: Equatable, Sendable, BitwiseCopyable {
  /// From 1, without gaps.
  public var number: UInt32
  /// Where it starts in the journal: the sum of the bytes of all segments before it.
  public var position: UInt64
  /// With its header and the unused rest; within `JournalFormat.segmentBytes`.
  public var byteCount: UInt64

  public init(number: UInt32, position: UInt64, byteCount: UInt64) {
    self.number = number
    self.position = position
    self.byteCount = byteCount
  }

  /// The first of a journal.
  public static func first(_ byteCount: UInt64 = JournalFormat.segmentBytesDefault) -> Self {
    Self(number: 1, position: 0, byteCount: byteCount)
  }

  /// Where the next one starts.
  @inlinable public var end: UInt64 { position + byteCount }

  /// The one behind it.
  public func next(_ byteCount: UInt64) -> Self {
    Self(number: number + 1, position: end, byteCount: byteCount)
  }

  /// Whether the numbers can be a segment's.
  var isPossible: Bool {
    number > 0 && number < .max && JournalFormat.segmentBytes.contains(byteCount)
      && byteCount % JournalFormat.segmentByteUnit == 0
      && position % JournalFormat.segmentByteUnit == 0
      && !position.addingReportingOverflow(byteCount).overflow
  }
}
