import Domain
import Wire

extension FixedText where capacity == 20 {
  /// As `isCode` and not empty: what an id has to be that is kept, echoed and logged.
  @inline(__always) var isPlainCode: Bool { bytes[0] != 0 && isPlainCodeOrEmpty }

  /// As `isCode`, looked at in three steps instead of twenty.
  ///
  /// Once a zero stands, all that follows are zeros; in front of it every byte is 0x20 to 0x7E.
  @inline(__always) var isPlainCodeOrEmpty: Bool {
    withUnsafeBytes(of: self) { text in
      let first = UInt64(littleEndian: text.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
      let second = UInt64(littleEndian: text.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      let third = UInt32(littleEndian: text.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
      return PlainBytes.isCode(first, before: second) && PlainBytes.isCode(second, before: third)
        && PlainBytes.isCode(UInt64(third), before: UInt8(0))
    }
  }
}

/// Eight bytes of a text at once, the first of them lowest.
enum PlainBytes {
  /// Printable bytes, then zeros; when there is a zero, what follows the eight is zero as well.
  @inline(__always) static func isCode(
    _ word: UInt64, before next: some FixedWidthInteger
  ) -> Bool {
    let length = (64 - word.leadingZeroBitCount + 7) / 8
    guard length > 0 else { return next == 0 }
    // Zeros behind the text are made spaces, so that one test does for all eight.
    let padded = length == 8 ? word : word | (0x2020_2020_2020_2020 << UInt64(length * 8))
    let high = padded & 0x8080_8080_8080_8080
    // No byte is below 0x20: one of its bits 5 and 6 is set. None is 0x7F: adding 1 stays below.
    let low = (padded | padded << 1) & 0x4040_4040_4040_4040
    let deleted = (padded & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x0101_0101_0101_0101
    return high == 0 && low == 0x4040_4040_4040_4040 && deleted & 0x8080_8080_8080_8080 == 0
      && (length == 8 || next == 0)
  }
}

extension FixedText {
  /// UTF-8 without control characters, then zeros to the end. True for an empty text.
  var isPlainText: Bool {
    let length = count
    for index in length..<capacity where bytes[index] != 0 { return false }
    for index in 0..<length where bytes[index] < 0x20 || bytes[index] == 0x7F { return false }
    return withUnsafeBytes(of: self) {
      WireText.isUTF8(UnsafeRawBufferPointer(rebasing: $0[..<length]))
    }
  }
}
