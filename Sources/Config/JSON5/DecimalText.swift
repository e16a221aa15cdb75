/// A number exactly as it was written: digits and a power of ten, never a floating-point value.
public struct DecimalText: Equatable, Sendable {
  /// As it stands in the file.
  public let text: String
  public let isNegative: Bool
  /// 0...9 each, without leading zeros; empty for zero.
  let digits: [UInt8]
  /// The value is `digits` * 10^exponent.
  let exponent: Int

  /// Most characters a number may have.
  public static let charactersMaximum = 64
  /// Largest magnitude of a written exponent.
  public static let exponentMaximum = 99

  init(text: String, isNegative: Bool, digits: [UInt8], exponent: Int) {
    self.text = text
    self.isNegative = isNegative
    var significant = digits[...].drop { $0 == 0 }
    var power = exponent
    while significant.last == 0 {
      significant.removeLast()
      power += 1
    }
    self.digits = Array(significant)
    self.exponent = significant.isEmpty ? 0 : power
  }

  public enum Scaled: Equatable, Sendable {
    case exact(Int64)
    /// It has more decimals than the unit allows.
    case tooFine
    /// It does not fit 64 bits.
    case tooLarge
  }

  /// The value times 10^`decimals` as an integer: 1.5 with 4 decimals is 15 000.
  public func scaled(decimals: Int) -> Scaled {
    let power = exponent + decimals
    guard digits.isEmpty || power >= 0 else { return .tooFine }
    var magnitude: UInt64 = 0
    for digit in digits {
      guard DecimalText.append(digit, to: &magnitude) else { return .tooLarge }
    }
    if !digits.isEmpty {
      for _ in 0..<power {
        guard DecimalText.append(0, to: &magnitude) else { return .tooLarge }
      }
    }
    if isNegative {
      // Int64.min stands for "none" everywhere, so its magnitude is too large as well.
      guard magnitude <= UInt64(Int64.max) else { return .tooLarge }
      return .exact(-Int64(magnitude))
    }
    return magnitude <= UInt64(Int64.max) ? .exact(Int64(magnitude)) : .tooLarge
  }

  /// An integer of units of 10^-`decimals` as text, without needless zeros: 15 000 and 4 is 1.5.
  static func written(_ value: Int64, decimals: Int) -> String {
    var digits = String(value.magnitude)
    guard decimals > 0 else { return (value < 0 ? "-" : "") + digits }
    while digits.count <= decimals { digits = "0" + digits }
    let whole = digits.dropLast(decimals)
    var fraction = digits.suffix(decimals)
    while fraction.last == "0" { fraction.removeLast() }
    return (value < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
  }

  private static func append(_ digit: UInt8, to magnitude: inout UInt64) -> Bool {
    let (shifted, overflow) = magnitude.multipliedReportingOverflow(by: 10)
    let (sum, carry) = shifted.addingReportingOverflow(UInt64(digit))
    magnitude = sum
    return !overflow && !carry
  }
}
