import Messages

/// Commands and effects to the payloads of journal records and back, exactly.
///
/// A command's payload is one message, an outcome's as many as there are effects: SBE message
/// header, then block. Encoding is canonical: equal values have equal bytes, so outcomes are
/// compared as bytes. Decoding is strict: a code nobody knows is an error and not a value, because
/// a changed journal must never be applied.
public enum JournalCodec {
  /// The most bytes of a command's payload.
  public static var commandMaximum: Int { headerLength + Command.journalBlockMaximum }
  /// The most bytes one effect adds to an outcome's payload.
  public static var effectMaximum: Int { headerLength + Effect.journalBlockMaximum }

  static var headerLength: Int { Framing.messageHeaderLength }

  /// Writes a command's payload at the start of the buffer; its length.
  public static func encode(
    _ command: Command, into buffer: UnsafeMutableRawBufferPointer
  ) throws(WireError) -> Int {
    try command.store(journal: JournalRoom(buffer, at: 0))
  }

  /// Writes one effect at `offset`; how many bytes that took.
  public static func encode(
    _ effect: Effect, into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(WireError) -> Int {
    try effect.store(journal: JournalRoom(buffer, at: offset))
  }

  /// Writes the outcome of a step at the start of the buffer; its length, 0 for no effects.
  public static func encode(
    _ effects: borrowing EffectBuffer, into buffer: UnsafeMutableRawBufferPointer
  ) throws(WireError) -> Int {
    var position = 0
    for index in 0..<effects.count {
      position += try encode(effects.pointer(at: index).pointee, into: buffer, at: position)
    }
    return position
  }

  /// Reads a command's payload, all of it.
  public static func command(_ payload: UnsafeRawBufferPointer) throws(WireError) -> Command {
    var position = 0
    let message = try next(payload, &position)
    guard position == payload.count else { throw .payloadMalformed }
    return try Command(journal: message.template, message.block)
  }

  // MARK: Messages in a payload

  static func next(
    _ payload: UnsafeRawBufferPointer, _ position: inout Int
  ) throws(WireError) -> (template: UInt16, block: BlockReader) {
    guard payload.count - position >= headerLength, let base = payload.baseAddress else {
      throw .payloadMalformed
    }
    let header = BlockReader(base: base + position, length: headerLength)
    let blockLength: UInt16 = header.integer(at: 0, null: 0)
    let template: UInt16 = header.integer(at: 2, null: 0)
    let schema: UInt16 = header.integer(at: 4, null: 0)
    let version: UInt16 = header.integer(at: 6, null: 0)
    guard schema == JournalSchema.schemaID else { throw .unknownSchema(schema) }
    guard version > 0, version <= JournalSchema.version else { throw .unknownVersion(version) }
    position += headerLength
    guard payload.count - position >= Int(blockLength) else { throw .payloadMalformed }
    defer { position += Int(blockLength) }
    return (template, BlockReader(base: base + position, length: Int(blockLength)))
  }
}

/// Where the next message of a payload goes.
struct JournalRoom: BitwiseCopyable {
  private let base: UnsafeMutableRawPointer?
  private let count: Int

  @inline(__always)
  init(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int) {
    precondition(offset >= 0, "an offset in a buffer is not negative")
    base = buffer.baseAddress.map { $0 + offset }
    count = max(0, buffer.count - offset)
  }

  /// Writes a message's header; its block goes behind it.
  ///
  /// - Throws: `noRoom` when header and block do not fit; nothing has been written then.
  @inline(__always)
  func open(template: UInt16, blockLength: UInt16) throws(WireError) -> BlockWriter {
    let needed = JournalCodec.headerLength + Int(blockLength)
    guard needed <= count, let base else {
      throw .noRoom(needed: UInt32(needed), available: UInt32(clamping: count))
    }
    // The header's four fields of 16 bits, in one.
    let header =
      UInt64(blockLength) | UInt64(template) << 16 | UInt64(JournalSchema.schemaID) << 32
      | UInt64(JournalSchema.version) << 48
    BlockWriter(base: base).store(header, at: 0)
    return BlockWriter(base: base + JournalCodec.headerLength)
  }
}

/// Walks the effects of an outcome's payload, in the order they were made.
public struct OutcomeReader {
  private let payload: UnsafeRawBufferPointer
  private var position = 0

  /// `payload` must outlive the reader.
  public init(_ payload: UnsafeRawBufferPointer) { self.payload = payload }

  /// The next effect; nil when there are no more.
  public mutating func next() throws(WireError) -> Effect? {
    guard position < payload.count else { return nil }
    let message = try JournalCodec.next(payload, &position)
    return try Effect(journal: message.template, message.block)
  }
}
