/// Decimal numbers as text, exactly: units of 10^-places in, digits out, and the other way.
public enum DecimalNumber {
  enum Reading: Equatable {
    case exact(Int64)
    /// More decimals than the unit has.
    case tooFine
    /// It does not fit 64 bits.
    case tooLarge
    case malformed
  }

  /// Reads digits with an optional minus and point: `3120`, `-0.5`, `3120.50`. Zeros behind the
  /// last place are no precision.
  static func read(_ text: some StringProtocol, places: Int) -> Reading {
    var digits = Array(text.utf8)[...]
    let isNegative = digits.first == UInt8(ascii: "-")
    if isNegative { digits.removeFirst() }
    let parts = digits.split(
      separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    let isWritten = parts.allSatisfy { part in
      !part.isEmpty && part.allSatisfy { (0x30...0x39).contains($0) }
    }
    guard isWritten, let whole = parts.first else { return .malformed }
    var fraction = parts.count == 2 ? Array(parts[1]) : []
    while fraction.last == UInt8(ascii: "0") { fraction.removeLast() }
    guard fraction.count <= places else { return .tooFine }
    fraction += repeatElement(UInt8(ascii: "0"), count: places - fraction.count)
    var value: Int64 = 0
    for digit in whole + fraction {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int64(digit - 0x30))
      guard !overflow, !carry else { return .tooLarge }
      value = sum
    }
    return .exact(isNegative ? -value : value)
  }

  /// Without needless zeros: 31_205_000 and 4 is `3120.5`. With `groups`, thousands have commas.
  public static func text(_ value: Int64, places: Int, groups: Bool = false) -> String {
    var digits = String(value.magnitude)
    if digits.count <= places {
      digits = String(repeating: "0", count: places + 1 - digits.count) + digits
    }
    var fraction = digits.suffix(places)
    while fraction.last == "0" { fraction.removeLast() }
    let whole = String(digits.dropLast(places))
    return (value < 0 ? "-" : "") + (groups ? grouped(whole) : whole)
      + (fraction.isEmpty ? "" : "." + fraction)
  }

  private static func grouped(_ whole: String) -> String {
    var text = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }
}
