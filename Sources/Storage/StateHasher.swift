/// Folds a state, word by word, into 64 bits. Two engines with the same hash after the same
/// commands agree; it is no defence against an adversary.
public struct StateHasher {
  public private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

  public init() {}

  @inline(__always) public mutating func combine(_ word: UInt64) {
    value = (value ^ word) &* 0xD6E8_FEB8_6659_FD93
    value ^= value >> 32
  }

  @inline(__always) public mutating func combine(_ word: Int64) {
    combine(UInt64(bitPattern: word))
  }

  /// The bytes of `count` records. They hold no undefined bytes: tables start zeroed and records
  /// are only ever changed field by field.
  public mutating func combine<Record>(
    _ table: borrowing Table<Record>, from start: Int = 0, count: Int
  ) {
    precondition(start >= 0 && start + count <= table.capacity, "records are in their table")
    combine(UInt64(count))
    let bytes = UnsafeRawBufferPointer(
      start: table.base + start, count: count * MemoryLayout<Record>.stride)
    var offset = 0
    while offset + 8 <= bytes.count {
      combine(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset += 8
    }
    while offset < bytes.count {
      combine(UInt64(bytes[offset]))
      offset += 1
    }
  }
}
