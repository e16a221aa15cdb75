import Wire

/// Bytes that a connection brought, in the caller's buffer, read from the front.
///
/// What a machine did not take (`consumed` says where it stopped) is offered again with more
/// behind it. Views of messages lie in these bytes and are good as long as they are.
public struct IncomingBytes: BitwiseCopyable {
  public let bytes: UnsafeRawBufferPointer
  /// Bytes that are done with.
  public private(set) var consumed = 0

  public init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  public var isEmpty: Bool { consumed == bytes.count }

  /// What stands at the front.
  @inline(__always) func scan(limit: Int) -> FrameScan {
    FrameScanner.scan(UnsafeRawBufferPointer(rebasing: bytes[consumed...]), limit: limit)
  }

  @inline(__always) mutating func take(_ frame: Frame) { consumed += frame.length }

  /// Nothing that is left matters any more.
  mutating func takeAll() { consumed = bytes.count }
}
