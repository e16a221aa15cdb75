/// Why bytes are no message, or a message does not fit the bytes given for it.
///
/// All but `noRoom` and `tooManyEntries` are the sender's fault and end the session with the
/// reason. Enum values and codes nobody knows are not errors: they read as unknown or as text and
/// are refused by a rule.
public enum WireError: Error, Equatable, Hashable, Sendable, BitwiseCopyable {
  /// The framing header's length is smaller than the two headers.
  case frameTooShort(length: UInt32)
  case frameTooLong(length: UInt32, limit: UInt32)
  /// The framing header's encoding is not 0xEB50.
  case unknownEncoding(UInt16)
  case unknownSchema(UInt16)
  case unknownTemplate(schema: UInt16, template: UInt16)
  /// Version 0: there never was one.
  case unknownVersion(UInt16)
  /// A decoder was given the frame of another message.
  case unexpectedTemplate(expected: UInt16, found: UInt16)
  /// The block does not fit the frame.
  case blockTooLong(length: UInt16, available: UInt32)
  /// The frame ends inside a group or before it.
  case groupTruncated
  case groupTooLarge(count: UInt16, maximum: UInt16)
  /// Entries without bytes.
  case groupEntryEmpty
  /// The frame ends inside a text or before it.
  case textTruncated
  case textTooLong(length: UInt16, maximum: UInt16)
  /// A text with a byte that its encoding forbids: a zero, or not ASCII, or not UTF-8.
  case textMalformed
  /// A journal's code that names no case, or a number that is no such value.
  case unknownCode(UInt16)
  /// A journal's payload ends inside a message, or goes on behind its only one.
  case payloadMalformed
  /// The buffer given to an encoder is too small.
  case noRoom(needed: UInt32, available: UInt32)
  /// A value to be encoded has more entries in a group than the schema allows.
  case tooManyEntries(count: UInt32, maximum: UInt16)
}

extension WireError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .frameTooShort(let length): "a frame of \(length) bytes is too short"
    case .frameTooLong(let length, let limit):
      "a frame of \(length) bytes is longer than \(limit)"
    case .unknownEncoding(let encoding):
      "encoding 0x\(String(encoding, radix: 16, uppercase: true)) is not 0xEB50"
    case .unknownSchema(let schema): "schema \(schema) is not known here"
    case .unknownTemplate(let schema, let template):
      "schema \(schema) has no template \(template)"
    case .unknownVersion(let version): "there is no schema version \(version)"
    case .unexpectedTemplate(let expected, let found):
      "template \(found) stands where \(expected) is expected"
    case .blockTooLong(let length, let available):
      "a block of \(length) bytes does not fit \(available)"
    case .groupTruncated: "the frame ends inside a group"
    case .groupTooLarge(let count, let maximum):
      "a group of \(count) entries is larger than \(maximum)"
    case .groupEntryEmpty: "a group has entries without bytes"
    case .textTruncated: "the frame ends inside a text"
    case .textTooLong(let length, let maximum):
      "a text of \(length) bytes is longer than \(maximum)"
    case .textMalformed: "a text holds a byte that its encoding forbids"
    case .unknownCode(let code): "code \(code) names nothing"
    case .payloadMalformed: "a journal's payload is no whole message"
    case .noRoom(let needed, let available):
      "\(needed) bytes do not fit the \(available) there are"
    case .tooManyEntries(let count, let maximum):
      "\(count) entries are more than the \(maximum) of a group"
    }
  }
}
