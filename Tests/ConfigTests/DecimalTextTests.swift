import Testing

@testable import Config

@Suite struct DecimalTextTests {
  static func number(_ text: String) throws -> DecimalText {
    guard case .number(let number) = try JSON5Reader.read(Array(text.utf8), file: "f").value else {
      throw ConfigFault(.wrongType, at: SourcePosition(file: "f", line: 1, column: 1), "no number")
    }
    return number
  }

  @Test(arguments: [
    ("0", 4, DecimalText.Scaled.exact(0)), ("-0.0000000", 0, .exact(0)), ("0e99", 0, .exact(0)),
    ("1", 0, .exact(1)), ("1", 4, .exact(10_000)), ("0.1", 4, .exact(1_000)),
    ("0.3", 8, .exact(30_000_000)), ("1.005", 4, .exact(10_050)), ("0.00005", 8, .exact(5_000)),
    ("0.00005", 4, .tooFine), ("1.00000", 4, .exact(10_000)), ("-2.5", 1, .exact(-25)),
    ("1e3", 0, .exact(1_000)), ("1500e-2", 0, .exact(15)), ("15e-1", 0, .tooFine),
    ("0x10", 4, .exact(160_000)), ("+.5", 1, .exact(5)), ("1e18", 1, .tooLarge),
    ("9007199254740993", 0, .exact(9_007_199_254_740_993)),
    ("9223372036854775807", 0, .exact(.max)), ("9223372036854775808", 0, .tooLarge),
    ("-9223372036854775807", 0, .exact(-.max)), ("-9223372036854775808", 0, .tooLarge),
    ("18446744073709551616", 0, .tooLarge), ("1e99", 0, .tooLarge), ("1e-99", 8, .tooFine),
    ("123456789012.3456", 4, .exact(1_234_567_890_123_456)),
  ])
  func decimalsAreExact(_ text: String, _ decimals: Int, _ expected: DecimalText.Scaled) throws {
    #expect(try Self.number(text).scaled(decimals: decimals) == expected)
  }
}
