import Domain
import Testing
import Wire

@Suite struct TextTests {
  @Test(arguments: [
    ("", true), ("41", true), ("C3A4", true), ("E5AF86", true), ("F09F8090", true),
    ("EFBFBD", true), ("F48FBFBF", true), ("ED9FBF", true), ("EE8080", true),
    ("00", false), ("80", false), ("C3", false), ("C0AF", false), ("C1BF", false),
    ("E08080", false), ("EDA080", false), ("F08080AF", false), ("F4908080", false),
    ("F5808080", false), ("FF", false), ("E5AF", false), ("41C341", false), ("F09F80", false),
  ])
  func onlyWellFormedUTF8WithoutZeroIsText(bytes: String, isText: Bool) {
    #expect(hex(bytes).withUnsafeBytes { WireText.isUTF8($0) } == isText)
  }

  @Test(arguments: [
    ("", true), ("20", true), ("7E", true), ("1F", false), ("7F", false), ("C3A4", false),
    ("00", false),
  ])
  func onlyPrintableASCIIIsAToken(bytes: String, isToken: Bool) {
    #expect(hex(bytes).withUnsafeBytes { WireText.isPrintableASCII($0) } == isToken)
  }

  @Test func aCodeIsPrintableAndThenZerosToTheEnd() {
    #expect(FixedText<8>("rb2610")!.isCode)
    #expect(FixedText<8>().isCode)
    #expect(FixedText<6>("rb2610")!.isCode)
    #expect(!FixedText<8>("rb\n")!.isCode)
    #expect(!FixedText<8>("ä")!.isCode)
    var split = FixedText<8>("rb2610")!
    split.bytes[2] = 0
    #expect(!split.isCode)
  }

  @Test func cuttingKeepsWholeCharacters() {
    #expect(FixedText<8>(cutting: "资金不足").string == "资金")
    #expect(FixedText<4>(cutting: "abcdef").string == "abcd")
    #expect(FixedText<4>(cutting: "a\u{0}b").string == "a")
    #expect(FixedText<4>(cutting: "").isEmpty)
  }
}
