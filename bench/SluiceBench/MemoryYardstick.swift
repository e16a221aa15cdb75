import CSluice
import Storage

/// What the machine takes for one load that no cache holds, each address known only when the load
/// before it is done. A cold decision is a handful of these and its instructions.
enum MemoryYardstick {
  /// A quarter of a gigabyte: as far apart as the engine's tables.
  private static let lines = 1 << 22
  private static let loads = 400_000

  /// One line of a random cycle over all lines.
  private struct Line: BitwiseCopyable {
    var next: UInt64
    var rest: InlineArray<7, UInt64>
  }

  /// Nanoseconds a load, the middle one of nine rounds.
  static func nanoseconds() -> Int64 {
    let table = Table<Line>(capacity: lines)
    // Sattolo's algorithm: one cycle through every line.
    var random = Xoshiro(seed: 7)
    for index in 0..<lines { table.at(index).pointee.next = UInt64(index) }
    for index in stride(from: lines - 1, to: 0, by: -1) {
      let other = random.below(index)
      let kept = table.at(index).pointee.next
      table.at(index).pointee.next = table.at(other).pointee.next
      table.at(other).pointee.next = kept
    }
    var rounds: [Int64] = []
    var at = 0
    for _ in 0..<9 {
      let before = sluice_monotonic_nanoseconds()
      for _ in 0..<loads { at = Int(table.at(at).pointee.next) }
      rounds.append((sluice_monotonic_nanoseconds() - before) / Int64(loads))
    }
    // The walk's end is used, so that it can't be left out.
    precondition(at < lines)
    return rounds.sorted()[rounds.count / 2]
  }
}
