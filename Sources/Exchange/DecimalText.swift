/// A number as a recorder wrote it, read exactly, in integers.
enum DecimalText: Equatable {
  /// In units of 10^-`places`. Digits past the last place are rounded half away from zero.
  case value(Int64)
  /// Empty, or a word for "not there": N/A, NaN, null, none, inf, a single dash.
  case absent
  /// Larger than 64 bits. CTP writes the largest double (1.797e308) for "no price".
  case outOfRange
  case malformed

  /// Reads digits with an optional sign, point and exponent.
  init(_ text: UnsafeBufferPointer<UInt8>, places: Int) {
    guard !text.isEmpty, !DecimalText.isWordForNothing(text) else {
      self = .absent
      return
    }
    self = DecimalText.read(text, places: places)
  }

  private static func isWordForNothing(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    func equals(_ word: StaticString) -> Bool {
      guard word.utf8CodeUnitCount == text.count else { return false }
      for index in text.indices {
        let byte = text[index]
        let lower = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
        if lower != word.utf8Start[index] { return false }
      }
      return true
    }
    switch text[0] {
    case UInt8(ascii: "-"): return text.count == 1 || equals("-inf")
    case UInt8(ascii: "N"), UInt8(ascii: "n"):
      return equals("n/a") || equals("nan") || equals("null") || equals("none")
    case UInt8(ascii: "I"), UInt8(ascii: "i"): return equals("inf")
    default: return false
    }
  }

  private static func read(_ text: UnsafeBufferPointer<UInt8>, places: Int) -> DecimalText {
    var index = 0
    let isNegative = text[0] == UInt8(ascii: "-")
    if isNegative || text[0] == UInt8(ascii: "+") { index = 1 }
    var digits = DigitCount()
    while index < text.count {
      switch text[index] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.take(text[index] - 0x30)
      case UInt8(ascii: ".") where !digits.pastPoint: digits.pastPoint = true
      case UInt8(ascii: "e"), UInt8(ascii: "E"):
        guard let exponent = wholeNumber(text, from: index + 1) else { return .malformed }
        digits.exponent += exponent
        index = text.count
      default: return .malformed
      }
      index += 1
    }
    guard digits.seen > 0 else { return .malformed }
    guard let magnitude = digits.scaled(places: places) else { return .outOfRange }
    return .value(isNegative ? -magnitude : magnitude)
  }

  /// An exponent: at most four digits with an optional sign.
  private static func wholeNumber(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var index = start
    guard index < text.count else { return nil }
    let isNegative = text[index] == UInt8(ascii: "-")
    if isNegative || text[index] == UInt8(ascii: "+") { index += 1 }
    guard index < text.count, text.count - index <= 4 else { return nil }
    var value = 0
    for byte in text[index...] {
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    return isNegative ? -value : value
  }

  /// The digits read so far: `mantissa` * 10^`exponent`, with the first digit that did not fit.
  private struct DigitCount {
    var mantissa: Int64 = 0
    var exponent = 0
    var seen = 0
    var pastPoint = false
    /// Digits are kept while 64 bits hold them; of the rest only the size counts, and the first
    /// one for rounding.
    var isFull = false
    var firstLost: UInt8 = 0

    mutating func take(_ digit: UInt8) {
      seen += 1
      if isFull {
        if !pastPoint { exponent += 1 }
        return
      }
      let (tens, overflow) = mantissa.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int64(digit))
      if overflow || carry {
        isFull = true
        firstLost = digit
        if !pastPoint { exponent += 1 }
      } else {
        mantissa = sum
        if pastPoint { exponent -= 1 }
      }
    }

    /// In units of 10^-places; nil when it does not fit.
    func scaled(places: Int) -> Int64? {
      var value = mantissa
      var shift = exponent + places
      guard value != 0 else { return 0 }
      guard !isFull || shift <= 0 else { return nil }
      if shift >= 0 {
        while shift > 0 {
          let (product, overflow) = value.multipliedReportingOverflow(by: 10)
          guard !overflow else { return nil }
          value = product
          shift -= 1
        }
        if isFull, firstLost >= 5 { value = value == .max ? value : value + 1 }
        return value
      }
      guard shift >= -19 else { return 0 }
      while shift < -1 {
        value /= 10
        shift += 1
      }
      return (value / 10) + (value % 10 >= 5 ? 1 : 0)
    }
  }
}
