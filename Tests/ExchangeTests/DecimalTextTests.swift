import Testing

@testable import Exchange

@Suite struct DecimalTextTests {
  static func read(_ text: String, places: Int = 4) -> DecimalText {
    Array(text.utf8).withUnsafeBufferPointer { DecimalText($0, places: places) }
  }

  @Test(arguments: [
    ("0", Int64(0)), ("7009.00", 70_090_000), ("-37.63", -376_300), ("+1", 10_000),
    ("5230.8", 52_308_000), (".5", 5_000), ("5.", 50_000), ("0005.0005", 50_005),
    ("5230.799999999999", 52_308_000), ("1.00005", 10_001), ("1.00004999", 10_000),
    ("-1.00005", -10_001), ("1e3", 10_000_000), ("1.5E-2", 150), ("1e-9", 0), ("5e-5", 1),
    ("0e400", 0), ("0.00000000000000000000000000000001", 0),
    ("922337203685477.5807", .max), ("922337203685477.58069999", .max),
    ("123456789012345.12345678901234567890", 1_234_567_890_123_451_235),
  ])
  func aNumberIsExact(_ text: String, _ units: Int64) {
    #expect(Self.read(text) == .value(units))
  }

  @Test(arguments: ["", "N/A", "n/a", "NaN", "nan", "NULL", "None", "-", "inf", "-inf"])
  func wordsForNothingAreAbsent(_ text: String) {
    #expect(Self.read(text) == .absent)
  }

  @Test(arguments: [
    "1.7976931348623157e+308", "922337203685477.5808", "99999999999999999999", "1e19",
  ])
  func whatDoesNotFitIsOutOfRange(_ text: String) {
    #expect(Self.read(text) == .outOfRange)
  }

  @Test(arguments: [
    "x", "1x", "1.2.3", "--1", "e5", "1e", "1e+", "1e12345", ".", "+", "1,2", "N/B",
  ])
  func anythingElseIsMalformed(_ text: String) {
    #expect(Self.read(text) == .malformed)
  }

  @Test func lotsHaveNoPlaces() {
    #expect(Self.read("141426.00", places: 0) == .value(141_426))
    #expect(Self.read("0.5", places: 0) == .value(1))
  }
}
