/// The sizes and constants of the framing.
///
/// `SOFH: Message_Length, Encoding_Type`; `SBE: messageHeader`.
public enum Framing {
  /// Framing header: length (u32, big-endian, counts itself), encoding (u16, big-endian).
  public static let framingHeaderLength = 6
  /// SBE message header: four u16, little-endian.
  public static let messageHeaderLength = 8
  /// Both; the block starts here.
  public static let headersLength = 14
  /// SBE 1.0, little-endian.
  public static let encoding: UInt16 = 0xEB50
  /// Longest frame a gateway or counter takes in.
  public static let inboundMaximum = 4_096
  /// Longest frame a gateway or counter sends.
  public static let outboundMaximum = 16_384
}

/// A whole frame, in place in the bytes it arrived in. Good as long as they are.
public struct Frame: BitwiseCopyable {
  /// Bytes of the block, as the sender wrote it.
  public var blockLength: UInt16
  public var templateID: UInt16
  public var schemaID: UInt16
  /// The sender's version of the schema.
  public var version: UInt16
  /// What follows the two headers: block, groups, texts.
  public var body: UnsafeRawBufferPointer

  /// Only the scanner makes frames: their body lies in memory, if only with no bytes.
  @inlinable init(
    blockLength: UInt16, templateID: UInt16, schemaID: UInt16, version: UInt16,
    body: UnsafeRawBufferPointer
  ) {
    self.blockLength = blockLength
    self.templateID = templateID
    self.schemaID = schemaID
    self.version = version
    self.body = body
  }

  /// Bytes from the start of this frame to the start of the next.
  @inlinable public var length: Int { Framing.headersLength + body.count }
}

/// What the front of some bytes is.
public enum FrameScan: BitwiseCopyable {
  /// A whole frame; the next one starts `frame.length` bytes on.
  case frame(Frame)
  /// Not all of it yet: at least so many bytes from the start of the frame are needed.
  case needMore(total: Int)
  /// No frame, and nothing behind it can be trusted: the connection ends with this reason.
  case failed(WireError)
}

/// Finds frames in bytes. It has no state: what is not used up is offered again with more behind.
///
/// A bad length or encoding is told as soon as its bytes are there, so that nonsense never waits
/// for more of it.
public enum FrameScanner {
  /// - Parameter limit: longest frame that is taken, `Framing.inboundMaximum` or
  ///   `Framing.outboundMaximum`.
  @inlinable public static func scan(_ bytes: UnsafeRawBufferPointer, limit: Int) -> FrameScan {
    guard bytes.count >= 4 else { return .needMore(total: 4) }
    let stated = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self))
    guard stated >= UInt32(Framing.headersLength) else {
      return .failed(.frameTooShort(length: stated))
    }
    guard stated <= UInt32(limit) else {
      return .failed(.frameTooLong(length: stated, limit: UInt32(limit)))
    }
    guard bytes.count >= Framing.framingHeaderLength else {
      return .needMore(total: Framing.framingHeaderLength)
    }
    let encoding = UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt16.self))
    guard encoding == Framing.encoding else { return .failed(.unknownEncoding(encoding)) }
    let length = Int(stated)
    guard bytes.count >= length else { return .needMore(total: length) }
    return .frame(
      Frame(
        blockLength: number(bytes, 6), templateID: number(bytes, 8), schemaID: number(bytes, 10),
        version: number(bytes, 12),
        body: UnsafeRawBufferPointer(rebasing: bytes[Framing.headersLength..<length])))
  }

  @inlinable static func number(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt16 {
    UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }
}
