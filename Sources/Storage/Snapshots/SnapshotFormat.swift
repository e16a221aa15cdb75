/// A snapshot's layout, version 1: a header, then blocks of a state's bytes. All integers are
/// little-endian. Drawn in docs/JOURNAL.md.
public enum SnapshotFormat {
  /// As the journal's, with another name in it.
  public static let magic: [UInt8] = [0x89, 0x53, 0x4C, 0x53, 0x0D, 0x0A, 0x1A, 0x0A]
  public static let version: UInt16 = 1
  public static let headerByteCount = 128
  /// A block's length and checksum stand before it.
  static let blockHeaderByteCount = 8
  /// The most bytes of a block; the last one is empty.
  static let blockByteMaximum = 256 * 1024
  /// What is zero is left out in pieces of so many bytes.
  static let sparseByteCount = 4096

  enum Header {
    static let magic = 0
    static let version = 8
    static let shard = 10
    static let engineVersion = 12
    static let sequence = 16
    static let time = 24
    static let stateHash = 32
    static let layoutHash = 40
    static let genesisHash = 48
    static let journalCRC = 80
    static let reserved = 84
    static let crc = 124
  }
}

/// What a snapshot says of itself.
public struct SnapshotFacts: Equatable, Sendable, BitwiseCopyable {
  /// The part of the house whose state it is, 0 to 63.
  public var shard: UInt16
  public var engineVersion: UInt32
  /// The newest command that is in it.
  public var sequence: UInt64
  /// That command's, in nanoseconds since 1970-01-01T00:00:00Z.
  public var time: Int64
  public var stateHash: UInt64
  /// Of the sizes of all tables and of their records: only a state of the same can be read.
  public var layoutHash: UInt64
  /// SHA-256 of the genesis commands, as the journal has it.
  public var genesisHash: InlineArray<32, UInt8>
  /// Of the journal's record behind which it was taken.
  public var journalCRC: UInt32

  public init(
    shard: UInt16, engineVersion: UInt32, sequence: UInt64, time: Int64, stateHash: UInt64,
    layoutHash: UInt64, genesisHash: InlineArray<32, UInt8>, journalCRC: UInt32
  ) {
    precondition(shard < 64, "a shard number has 6 bits")
    self.shard = shard
    self.engineVersion = engineVersion
    self.sequence = sequence
    self.time = time
    self.stateHash = stateHash
    self.layoutHash = layoutHash
    self.genesisHash = genesisHash
    self.journalCRC = journalCRC
  }

  public static func == (left: SnapshotFacts, right: SnapshotFacts) -> Bool {
    for index in 0..<32 where left.genesisHash[index] != right.genesisHash[index] { return false }
    return left.shard == right.shard && left.engineVersion == right.engineVersion
      && left.sequence == right.sequence && left.time == right.time
      && left.stateHash == right.stateHash && left.layoutHash == right.layoutHash
      && left.journalCRC == right.journalCRC
  }
}

/// Why a snapshot can't be written, or not be read. Offsets are bytes from its start.
public enum SnapshotFault: Error, Equatable, Sendable {
  /// The system refused, with the number it gave.
  case io(errno: Int32)
  /// It ends before its end: writing it was interrupted, or it was cut.
  case isCut(offset: UInt64)
  /// The first eight bytes are not a snapshot's.
  case notASnapshot
  case wrongVersion(UInt16)
  case headerIsDamaged
  /// A block whose bytes are not those that were written.
  case badChecksum(offset: UInt64)
  /// A block that is longer than any.
  case badLength(offset: UInt64, length: UInt32)
  /// A state of other tables: capacities were changed, or the program.
  case otherLayout
  /// More things than there is room for.
  case badCount(found: Int64, maximum: Int64)
  /// A piece of a table that reaches beyond it.
  case badPiece(offset: UInt64, count: UInt64)
  /// There are bytes behind the state's last.
  case isTooLong
  /// What was read is not the state that was written.
  case otherState(found: UInt64, expected: UInt64)
}
