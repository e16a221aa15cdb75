import Domain

/// Makes client order ids that do not repeat: a prefix, eight digits from a seed, eight that count.
///
/// Two sources differ when their seeds do; a terminal takes a new seed at each start, so that
/// ids of an earlier run of the same day do not come again. Digits are base 36.
public struct ClOrdIDSource: Sendable {
  /// Longest prefix: what 20 bytes leave beside 16 digits.
  public static let prefixMaximum = 4

  private let start: ClOrdID
  private let countFrom: Int
  private var count: UInt64 = 0

  /// - Parameters:
  ///   - prefix: up to 4 printable ASCII bytes, so that a person can tell terminals apart.
  ///   - seed: its lowest 41 bits are used.
  public init?(prefix: String = "", seed: UInt64) {
    guard prefix.utf8.count <= ClOrdIDSource.prefixMaximum,
      prefix.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { return nil }
    var id = ClOrdID()
    var index = 0
    for byte in prefix.utf8 {
      id.bytes[index] = byte
      index += 1
    }
    ClOrdIDSource.write(seed % (1 << 41), into: &id, at: index)
    start = id
    countFrom = index + 8
  }

  /// An id that this source has not made before.
  public mutating func next() -> ClOrdID {
    count += 1
    var id = start
    ClOrdIDSource.write(count, into: &id, at: countFrom)
    return id
  }

  /// Eight digits, the highest first; 36^8 is more than 2^41.
  private static func write(_ number: UInt64, into id: inout ClOrdID, at index: Int) {
    var rest = number
    for place in stride(from: index + 7, through: index, by: -1) {
      let digit = UInt8(rest % 36)
      id.bytes[place] = digit < 10 ? 0x30 + digit : 0x61 + digit - 10
      rest /= 36
    }
  }
}
