/// Six bytes of a network card's address in the low 48 bits, first byte highest.
public struct MACAddress: Equatable, Sendable, BitwiseCopyable {
  public var raw: UInt64

  @inlinable public init(raw: UInt64) { self.raw = raw }

  /// All zero: none was stated.
  @inlinable public static var none: Self { Self(raw: 0) }
}
