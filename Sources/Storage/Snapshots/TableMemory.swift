import Glibc

/// The memory of a state's large tables, to be had from the system before somebody waits for it:
/// clearing a huge page takes a tenth of a millisecond and more, which no order shall wait for, and
/// clearing all of them takes seconds, which no start shall.
public struct TableMemory: StateArchive, Sendable {
  private struct Range: Sendable {
    var start: UInt
    var byteCount: Int
  }

  /// Asked for at once; between two of them the caller is asked whether to go on.
  private static let pieceBytes = 32 << 20
  /// Smaller tables are no mappings of their own, or filled soon enough.
  private static let smallestBytes = 2 << 20

  private var ranges: [Range] = []

  public init() {}

  public var isReading: Bool { false }

  public mutating func pass(_ bytes: UnsafeMutableRawBufferPointer) {}

  public mutating func passSparse(_ bytes: UnsafeMutableRawBufferPointer) {
    guard bytes.count >= TableMemory.smallestBytes, let start = bytes.baseAddress else { return }
    ranges.append(Range(start: UInt(bitPattern: start), byteCount: bytes.count))
  }

  public var byteCount: Int { ranges.reduce(0) { $0 + $1.byteCount } }

  /// Has all of it filled by the system, on whatever thread; what the tables hold stays. When the
  /// tables are gone meanwhile nothing happens.
  public func fill(while isWanted: () -> Bool) {
    for range in ranges {
      var offset = 0
      while offset < range.byteCount {
        guard isWanted() else { return }
        let count = min(TableMemory.pieceBytes, range.byteCount - offset)
        // A kernel older than 5.14 doesn't know it and fills page by page as they are touched.
        madvise(
          UnsafeMutableRawPointer(bitPattern: range.start + UInt(offset)), count,
          MADV_POPULATE_WRITE)
        offset += count
      }
    }
  }
}
