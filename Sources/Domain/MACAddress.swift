/// Six bytes of a network card's address in the low 48 bits, first byte highest.
public struct MACAddress: Equatable, Sendable, BitwiseCopyable {
  public var raw: UInt64

  @inlinable public init(raw: UInt64) { self.raw = raw }

  /// All zero: none was stated.
  @inlinable public static var none: Self { Self(raw: 0) }
}

extension MACAddress {
  /// As it is read: six bytes in hexadecimal with ':' in between.
  public var text: String {
    (0..<6).map { place in
      let byte = UInt8(truncatingIfNeeded: raw >> (40 - 8 * UInt64(place)))
      return (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined(separator: ":")
  }

  /// Reads six bytes in hexadecimal with ':' or '-' in between; nil for anything else.
  public init?(text: some StringProtocol) {
    let separator: Character = text.contains(":") ? ":" : "-"
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    guard parts.count == 6 else { return nil }
    var raw: UInt64 = 0
    for part in parts {
      guard part.utf8.count == 2, part.first?.isHexDigit == true,
        let byte = UInt8(part, radix: 16)
      else { return nil }
      raw = raw << 8 | UInt64(byte)
    }
    self.init(raw: raw)
  }
}
