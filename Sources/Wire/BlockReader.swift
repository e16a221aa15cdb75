import Domain

/// Reads the fields of a block or group entry in place, with the length its sender gave it.
///
/// A field that does not lie wholly inside is absent and reads as its null: an older sender has not
/// got it. Bytes past the last field we know are a newer sender's and are never looked at.
public struct BlockReader: BitwiseCopyable {
  @usableFromInline let base: UnsafeRawPointer
  @usableFromInline let length: Int

  /// `base` must be readable for `length` bytes.
  @inlinable init(base: UnsafeRawPointer, length: Int) {
    self.base = base
    self.length = length
  }

  @inlinable func integer<T: FixedWidthInteger & BitwiseCopyable>(at offset: Int, null: T) -> T {
    guard offset + MemoryLayout<T>.size <= length else { return null }
    return T(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: T.self))
  }

  @inlinable func text<let capacity: Int>(at offset: Int) -> FixedText<capacity> {
    guard offset + capacity <= length else { return FixedText<capacity>() }
    return base.loadUnaligned(fromByteOffset: offset, as: FixedText<capacity>.self)
  }
}

/// The entries of a group, in place. Its bounds were checked when the message was opened.
public struct GroupReader: BitwiseCopyable {
  @usableFromInline let base: UnsafeRawPointer?
  @usableFromInline let entryLength: Int
  public let count: Int

  @inlinable init(base: UnsafeRawPointer?, entryLength: Int, count: Int) {
    self.base = base
    self.entryLength = entryLength
    self.count = count
  }

  @inlinable static var empty: GroupReader { GroupReader(base: nil, entryLength: 0, count: 0) }

  @inlinable func entry(_ index: Int) -> BlockReader {
    precondition(index >= 0 && index < count, "a group's index is below its count")
    guard let base else { preconditionFailure("a group with entries has bytes") }
    return BlockReader(base: base + index * entryLength, length: entryLength)
  }
}

/// Walks the parts of a frame in their order: block, groups, texts.
public struct MessageCursor {
  @usableFromInline let body: UnsafeRawBufferPointer
  @usableFromInline var position: Int
  /// The sender's version of the schema.
  public let version: UInt16
  public let block: BlockReader

  /// Checks that the frame is of this template and holds its block.
  @inlinable public init(_ frame: Frame, schema: UInt16, template: UInt16) throws(WireError) {
    guard frame.schemaID == schema else { throw .unknownSchema(frame.schemaID) }
    guard frame.templateID == template else {
      throw .unexpectedTemplate(expected: template, found: frame.templateID)
    }
    guard frame.version > 0 else { throw .unknownVersion(frame.version) }
    let length = Int(frame.blockLength)
    guard length <= frame.body.count else {
      throw .blockTooLong(length: frame.blockLength, available: UInt32(frame.body.count))
    }
    body = frame.body
    position = length
    version = frame.version
    guard let base = frame.body.baseAddress else {
      preconditionFailure("a frame's body lies in memory")
    }
    block = BlockReader(base: base, length: length)
  }

  @inlinable mutating func group(maximumCount: UInt16) throws(WireError) -> GroupReader {
    guard body.count - position >= 4 else { throw .groupTruncated }
    let entryLength = FrameScanner.number(body, position)
    let count = FrameScanner.number(body, position + 2)
    position += 4
    guard count <= maximumCount else {
      throw .groupTooLarge(count: count, maximum: maximumCount)
    }
    guard count == 0 || entryLength > 0 else { throw .groupEntryEmpty }
    let length = Int(entryLength) * Int(count)
    guard body.count - position >= length else { throw .groupTruncated }
    defer { position += length }
    guard count > 0, let base = body.baseAddress else { return .empty }
    return GroupReader(base: base + position, entryLength: Int(entryLength), count: Int(count))
  }

  /// A text in place, checked for length and encoding.
  @inlinable mutating func text(
    maximum: UInt16, isUTF8: Bool
  ) throws(WireError) -> UnsafeRawBufferPointer {
    guard body.count - position >= 2 else { throw .textTruncated }
    let length = FrameScanner.number(body, position)
    position += 2
    guard length <= maximum else { throw .textTooLong(length: length, maximum: maximum) }
    guard body.count - position >= Int(length) else { throw .textTruncated }
    let text = UnsafeRawBufferPointer(rebasing: body[position..<position + Int(length)])
    position += Int(length)
    guard isUTF8 ? WireText.isUTF8(text) : WireText.isPrintableASCII(text) else {
      throw .textMalformed
    }
    return text
  }
}
