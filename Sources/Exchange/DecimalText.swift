/// A number as a recorder wrote it, read exactly, in integers.
enum DecimalText: Equatable {
  /// In units of 10^-`places`. Digits past the last place are rounded half away from zero.
  case value(Int64)
  /// Empty, or one of the words for "not there": N/A, NaN, null, none, a single dash.
  case absent
  /// Larger than 64 bits. CTP writes the largest double (1.797e308) for "no price".
  case outOfRange
  case malformed

  /// Reads digits with an optional sign, point and exponent.
  init(_ text: UnsafeBufferPointer<UInt8>.SubSequence, places: Int) {
    if DecimalText.isAbsent(text) {
      self = .absent
      return
    }
    var scanner = Scanner(text)
    self = scanner.read(places: places)
  }

  private static func isAbsent(_ text: UnsafeBufferPointer<UInt8>.SubSequence) -> Bool {
    guard let first = text.first else { return true }
    if first >= 0x30, first <= 0x39 { return false }
    for word in absentWords where word.utf8.count == text.count {
      if zip(word.utf8, text).allSatisfy({ $0 == ($1 | 0x20) || $0 == $1 }) { return true }
    }
    return false
  }

  private static let absentWords: [StaticStringWord] = [
    StaticStringWord("-"), StaticStringWord("n/a"), StaticStringWord("nan"),
    StaticStringWord("null"), StaticStringWord("none"), StaticStringWord("inf"),
  ]
}
