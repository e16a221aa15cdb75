/// The journal's layout, version 1. All integers are little-endian. Drawn in docs/JOURNAL.md.
public enum JournalFormat {
  /// Not text: a high byte, line ends of both kinds and an end-of-file byte show at once that a
  /// file went through a text conversion. The idea is PNG's.
  public static let magic: [UInt8] = [0x89, 0x53, 0x4C, 0x4A, 0x0D, 0x0A, 0x1A, 0x0A]
  public static let version: UInt16 = 1
  /// Bytes of the header; the first record follows.
  public static let headerByteCount = 128
  /// Bytes before a record's payload.
  public static let recordHeaderByteCount = 32
  /// The longest payload, in bytes. An outcome of 256 effects stays far below.
  public static let payloadMaximum = 256 * 1024
  /// The most bytes a record takes up.
  public static let recordByteMaximum = recordHeaderByteCount + payloadMaximum

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
    static let reserved2 = 76
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
    static let reserved = 28
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
  /// Where the record starts in the file.
  public let offset: UInt64
}

/// The end of the records: what a writer needs to go on behind them.
public struct JournalEnd: Equatable, Sendable, BitwiseCopyable {
  /// Where the next record goes.
  public var offset: UInt64
  /// The CRC of the last record, or of the header when there is none.
  public var crc: UInt32
  /// The sequence of the last record; one before the header's first when there is none.
  public var sequence: UInt64
  /// The time of the last record; `Int64.min` when there is none.
  public var time: Int64

  public init(offset: UInt64, crc: UInt32, sequence: UInt64, time: Int64) {
    self.offset = offset
    self.crc = crc
    self.sequence = sequence
    self.time = time
  }
}

/// Why a journal can't be read further, or not be written. Offsets are bytes from its start.
public enum JournalError: Error, Equatable, Sendable {
  /// The storage refused; for a writer nothing is lost, what was appended waits in its buffer.
  case storage(JournalStorageError)
  /// It was closed, or a sync failed and what the storage holds is uncertain: nothing more is
  /// written to it.
  case sealed
  /// Fewer bytes than a header: the file was cut or its creation was interrupted.
  case headerIsCut
  /// The first eight bytes are not a journal's.
  case notAJournal
  case headerIsDamaged
  case wrongVersion(UInt16)
  /// The last record goes on past the end: a write was interrupted, or the file was cut.
  case tornTail(offset: UInt64)
  /// The length field is impossible, or bytes follow what looks like the unused rest.
  case badLength(offset: UInt64, length: UInt32)
  /// The record was changed, or the one before it is not the one that was written before it.
  case badChecksum(offset: UInt64)
  /// A type of 0, or bits that version 1 keeps zero.
  case badRecord(offset: UInt64)
  /// The sequence is neither the last nor the next, or time went back.
  case outOfOrder(offset: UInt64, sequence: UInt64)
}
