import Domain

/// What bytes may stand in a text from outside.
public enum WireText {
  /// Space to tilde, nothing else. True for no bytes.
  public static func isPrintableASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
    for byte in bytes where byte < 0x20 || byte > 0x7E { return false }
    return true
  }

  /// Well-formed UTF-8 without a zero byte. True for no bytes.
  ///
  /// `Unicode Standard: table 3-7, well-formed UTF-8 byte sequences`.
  public static func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var index = 0
    while index < bytes.count {
      let lead = bytes[index]
      let trailing: Int
      var second: ClosedRange<UInt8> = 0x80...0xBF
      switch lead {
      case 0x01...0x7F: trailing = 0
      case 0xC2...0xDF: trailing = 1
      case 0xE0:
        trailing = 2
        second = 0xA0...0xBF
      case 0xED:
        trailing = 2
        second = 0x80...0x9F
      case 0xE1...0xEF: trailing = 2
      case 0xF0:
        trailing = 3
        second = 0x90...0xBF
      case 0xF4:
        trailing = 3
        second = 0x80...0x8F
      case 0xF1...0xF3: trailing = 3
      default: return false
      }
      guard index + trailing < bytes.count else { return false }
      for step in stride(from: 1, through: trailing, by: 1) {
        let range = step == 1 ? second : 0x80...0xBF
        guard range.contains(bytes[index + step]) else { return false }
      }
      index += trailing + 1
    }
    return true
  }
}

extension FixedText {
  /// Printable ASCII, then zeros to the end: what a code or client id from outside has to be before
  /// it is stored, echoed or logged. True for an empty text.
  public var isCode: Bool {
    let length = count
    for index in 0..<length where bytes[index] < 0x20 || bytes[index] > 0x7E { return false }
    for index in length..<capacity where bytes[index] != 0 { return false }
    return true
  }

  /// The front of `text`, cut between characters where it does not fit, up to a zero byte.
  public init(cutting text: some StringProtocol) {
    self.init()
    var index = 0
    for character in text {
      let length = character.utf8.count
      guard index + length <= capacity else { return }
      for byte in character.utf8 {
        guard byte != 0 else { return }
        bytes[index] = byte
        index += 1
      }
    }
  }

  /// A copy of bytes that a decoder has checked: no more than fit, none of them zero.
  @inlinable init(checked source: UnsafeRawBufferPointer) {
    precondition(source.count <= capacity, "a checked text is no longer than its field")
    self.init()
    for index in 0..<source.count { bytes[index] = source[index] }
  }
}
