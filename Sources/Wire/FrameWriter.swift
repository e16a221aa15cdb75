import Domain

/// Writes the fields of a block or group entry in place.
public struct BlockWriter: BitwiseCopyable {
  @usableFromInline let base: UnsafeMutableRawPointer

  @inlinable init(base: UnsafeMutableRawPointer) { self.base = base }

  @inlinable func store<T: FixedWidthInteger & BitwiseCopyable>(_ value: T, at offset: Int) {
    base.storeBytes(of: value.littleEndian, toByteOffset: offset, as: T.self)
  }

  @inlinable func store<let capacity: Int>(_ text: FixedText<capacity>, at offset: Int) {
    base.storeBytes(of: text, toByteOffset: offset, as: FixedText<capacity>.self)
  }
}

/// Writes one frame whose length is known beforehand: headers at once, then the parts in order.
public struct FrameWriter {
  @usableFromInline let start: UnsafeMutableRawPointer
  @usableFromInline let length: Int
  @usableFromInline var position: Int
  public let block: BlockWriter

  /// Writes both headers at `offset`.
  ///
  /// - Parameter length: of the whole frame, headers included.
  /// - Throws: `noRoom` when the buffer is too small; nothing has been written then.
  @inlinable public init(
    _ buffer: UnsafeMutableRawBufferPointer, at offset: Int, length: Int, schema: UInt16,
    version: UInt16, template: UInt16, blockLength: UInt16
  ) throws(WireError) {
    precondition(offset >= 0, "an offset in a buffer is not negative")
    let available = max(0, buffer.count - offset)
    guard length <= available, let base = buffer.baseAddress else {
      throw .noRoom(needed: UInt32(length), available: UInt32(available))
    }
    start = base + offset
    self.length = length
    position = Framing.headersLength + Int(blockLength)
    start.storeBytes(of: UInt32(length).bigEndian, toByteOffset: 0, as: UInt32.self)
    start.storeBytes(of: Framing.encoding.bigEndian, toByteOffset: 4, as: UInt16.self)
    let header = BlockWriter(base: start + Framing.framingHeaderLength)
    header.store(blockLength, at: 0)
    header.store(template, at: 2)
    header.store(schema, at: 4)
    header.store(version, at: 6)
    block = BlockWriter(base: start + Framing.headersLength)
  }

  /// Writes a group's header; exactly `count` calls of `entry` follow.
  @inlinable mutating func group(entryLength: UInt16, count: UInt16) {
    let header = BlockWriter(base: start + position)
    header.store(entryLength, at: 0)
    header.store(count, at: 2)
    position += 4
  }

  @inlinable mutating func entry(_ length: Int) -> BlockWriter {
    defer { position += length }
    return BlockWriter(base: start + position)
  }

  @inlinable mutating func text<let capacity: Int>(_ text: FixedText<capacity>) {
    let count = text.count
    precondition(position + 2 + count <= length, "a frame's parts fill its length")
    BlockWriter(base: start + position).store(UInt16(count), at: 0)
    for index in 0..<count {
      start.storeBytes(of: text.bytes[index], toByteOffset: position + 2 + index, as: UInt8.self)
    }
    position += 2 + count
  }

  /// The whole frame is written; its length.
  @inlinable consuming func finish() -> Int {
    precondition(position == length, "a frame's parts fill its length")
    return length
  }
}
