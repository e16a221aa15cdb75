/// Bytes of a keyboard on their way to characters. Those that are not UTF-8 are passed over.
struct KeyBytes {
  /// Most bytes that are kept while nobody reads them.
  static let maximum = 65_536

  private var bytes: [UInt8] = []
  private var taken = 0

  var isEmpty: Bool { taken == bytes.count }
  var isFull: Bool { bytes.count - taken >= KeyBytes.maximum }

  mutating func append(_ byte: UInt8) { bytes.append(byte) }

  mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
    taken = 0
  }

  /// Nil until a whole character is there.
  mutating func next() -> Unicode.Scalar? {
    while taken < bytes.count {
      let length = KeyBytes.length(bytes[taken])
      guard length > 0 else {
        taken += 1
        continue
      }
      let end = taken + length
      let part = bytes[taken..<min(end, bytes.count)]
      // A byte that can't go on the sequence ends it, and begins the next.
      if let wrong = part.dropFirst().firstIndex(where: { $0 & 0xC0 != 0x80 }) {
        taken = wrong
        continue
      }
      guard part.count == length else { return nil }
      let text = String(decoding: part, as: UTF8.self)
      taken = end
      if taken == bytes.count { clear() }
      if let scalar = text.unicodeScalars.first, scalar != "\u{FFFD}" { return scalar }
    }
    clear()
    return nil
  }

  /// Of a sequence that begins so; 0 = none does.
  private static func length(_ first: UInt8) -> Int {
    switch first {
    case 0x00...0x7F: 1
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 0
    }
  }
}
