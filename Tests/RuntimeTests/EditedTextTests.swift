import Testing

@testable import Runtime

/// Bytes of a keyboard, and where text leads on a screen.
@Suite struct EditedTextTests {
  static let keys: [([UInt8], String)] = [
    (Array("ab\u{1B}[A\r".utf8), "ab\u{1B}[A\r"), (Array("é合😀".utf8), "é合😀"),
    ([0x80, 0x61], "a"), ([0xFF, 0xC0, 0x61], "a"), ([0xE5, 0x61], "a"),
    ([0xE5, 0x90, 0xE5, 0x90, 0x88], "合"), ([0xED, 0xA0, 0x80, 0x61], "a"),
    ([0xF4, 0x90, 0x80, 0x80, 0x61], "a"), ([0xE0, 0x80, 0x80, 0x61], "a"),
  ]

  /// Whole, and byte by byte.
  @Test func keysAreReadAsUTF8() {
    for (bytes, expected) in Self.keys {
      var whole = KeyBytes()
      for byte in bytes { whole.append(byte) }
      var read = ""
      while let scalar = whole.next() { read.unicodeScalars.append(scalar) }
      #expect(read == expected, "\(bytes)")
      var slow = KeyBytes()
      var slowly = ""
      for byte in bytes {
        slow.append(byte)
        while let scalar = slow.next() { slowly.unicodeScalars.append(scalar) }
      }
      #expect(slowly == expected, "\(bytes)")
    }
  }

  @Test func aCharacterIsWaitedForUntilItIsWhole() {
    var keys = KeyBytes()
    keys.append(0xE5)
    keys.append(0x90)
    var scalar = keys.next()
    #expect(scalar == nil && !keys.isEmpty)
    keys.append(0x88)
    scalar = keys.next()
    #expect(scalar == "合" && keys.isEmpty)
  }

  @Test func keysThatNobodyReadsHaveABound() {
    var keys = KeyBytes()
    for _ in 1..<KeyBytes.maximum { keys.append(0x61) }
    #expect(!keys.isFull)
    keys.append(0x61)
    #expect(keys.isFull)
    _ = keys.next()
    #expect(!keys.isFull)
    keys.clear()
    #expect(keys.isEmpty)
  }

  /// Text, columns of the screen, row and column behind it. A wide character here is one from
  /// U+1100 on.
  static let places: [(String, Int, Int, Int)] = [
    ("", 10, 0, 0), ("abc", 10, 0, 3), ("abcdefghi", 10, 0, 9), ("abcdefghij", 10, 1, 0),
    ("abcdefghijk", 10, 1, 1), ("合约合约", 10, 0, 8), ("合约合约合", 10, 1, 0),
    ("a合约合约", 10, 0, 9), ("a合约合约合", 10, 1, 2), ("ab\ncd", 10, 1, 2),
  ]

  @Test func textLeadsToAPlace() {
    for (text, columns, row, column) in Self.places {
      var place = ScreenPlace()
      for scalar in text.unicodeScalars {
        place.pass(scalar, width: scalar.value >= 0x1100 ? 2 : 1, columns: columns)
      }
      #expect(place == ScreenPlace(row: row, column: column), "\(text)")
    }
  }
}
