/// What the value of every message can do.
public protocol WireMessage: Equatable, Sendable {
  static var schemaID: UInt16 { get }
  static var templateID: UInt16 { get }
  /// The schema's version that brought it.
  static var sinceVersion: UInt16 { get }
  /// Bytes of the block this version writes.
  static var blockLength: Int { get }
  /// The longest frame it can make.
  static var maximumFrameLength: Int { get }
  /// Bytes of the whole frame of this value.
  var frameLength: Int { get }

  /// Reads the whole message.
  init(_ frame: Frame) throws(WireError)

  /// Writes a whole frame at `offset` and returns its length. Throws `noRoom` when it does not fit;
  /// nothing has been written then.
  func encode(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(WireError) -> Int
}

extension WireMessage {
  @inlinable public static var sinceVersion: UInt16 { 1 }

  /// Writes a whole frame at the start of a buffer.
  public func encode(into buffer: UnsafeMutableRawBufferPointer) throws(WireError) -> Int {
    try encode(into: buffer, at: 0)
  }
}
