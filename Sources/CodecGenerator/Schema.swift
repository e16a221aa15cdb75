/// One of SBE's primitive types.
enum Primitive: String {
  case char, int8, int16, int32, int64, uint8, uint16, uint32, uint64

  var size: Int {
    switch self {
    case .char, .int8, .uint8: 1
    case .int16, .uint16: 2
    case .int32, .uint32: 4
    case .int64, .uint64: 8
    }
  }

  var isSigned: Bool {
    switch self {
    case .int8, .int16, .int32, .int64: true
    case .char, .uint8, .uint16, .uint32, .uint64: false
    }
  }

  /// SBE's null of the type, unless a schema says otherwise.
  var defaultNull: String {
    switch self {
    case .char: "0"
    case .int8: "-128"
    case .int16: "-32768"
    case .int32: "-2147483648"
    case .int64: "-9223372036854775808"
    case .uint8: "255"
    case .uint16: "65535"
    case .uint32: "4294967295"
    case .uint64: "18446744073709551615"
    }
  }
}

/// A `<type>`: a number, or a char array.
struct EncodedType: Equatable {
  var name: String
  var primitive: Primitive
  /// 1 for a number; 0 for the bytes of a `<data>`.
  var length: Int
  var characterEncoding: String?
  var nullValue: String?
  var maximumValue: Int?
  /// The value of a constant, which has no bytes on the wire.
  var constant: String?
  var description: String

  var size: Int { constant == nil ? primitive.size * length : 0 }
  var null: String { nullValue ?? primitive.defaultNull }
}

struct EnumValue: Equatable {
  var name: String
  var value: Int
  var since: Int
  var description: String
}

/// An `<enum>`, or a `<set>` whose values are bit numbers.
struct EnumType: Equatable {
  var name: String
  var encoding: Primitive
  var values: [EnumValue]
  var description: String
}

struct CompositeMember: Equatable {
  var name: String
  var type: SchemaType
  var offset: Int
  var description: String
}

struct CompositeType: Equatable {
  var name: String
  var members: [CompositeMember]
  var description: String

  var size: Int { members.reduce(0) { $0 + $1.type.size } }

  func member(_ name: String) -> EncodedType? {
    guard case .encoded(let type)? = members.first(where: { $0.name == name })?.type else {
      return nil
    }
    return type
  }

  /// The exponent when this is SBE's decimal: a mantissa and a constant exponent.
  var decimalExponent: Int? {
    guard members.count == 2, member("mantissa")?.primitive == .int64 else { return nil }
    return member("exponent")?.constant.flatMap { Int($0) }
  }
}

indirect enum SchemaType: Equatable {
  case encoded(EncodedType)
  case enumeration(EnumType)
  case set(EnumType)
  case composite(CompositeType)

  var name: String {
    switch self {
    case .encoded(let type): type.name
    case .enumeration(let type), .set(let type): type.name
    case .composite(let type): type.name
    }
  }

  /// Bytes on the wire.
  var size: Int {
    switch self {
    case .encoded(let type): type.size
    case .enumeration(let type), .set(let type): type.encoding.size
    case .composite(let type): type.size
    }
  }

  var description: String {
    switch self {
    case .encoded(let type): type.description
    case .enumeration(let type), .set(let type): type.description
    case .composite(let type): type.description
    }
  }
}

struct Field: Equatable {
  var name: String
  var id: Int
  var type: SchemaType
  var isOptional: Bool
  var since: Int
  /// From the start of its block.
  var offset: Int
  var description: String
}

struct Group: Equatable {
  var name: String
  var id: Int
  var fields: [Field]
  var maximumCount: Int
  var since: Int
  var description: String

  var entryLength: Int { fields.reduce(0) { $0 + $1.type.size } }
}

/// A `<data>`: text of changing length at the end of a message.
struct TextField: Equatable {
  var name: String
  var id: Int
  var typeName: String
  var maximumLength: Int
  var isUTF8: Bool
  var since: Int
  var description: String

  /// Not for the eyes of whoever reads a log or a trace.
  var isSecret: Bool { ["PasswordText", "TokenText"].contains(typeName) }
}

struct Message: Equatable {
  var name: String
  var id: Int
  var semanticType: String?
  var since: Int
  var fields: [Field]
  var groups: [Group]
  var texts: [TextField]
  var description: String

  var blockLength: Int { fields.reduce(0) { $0 + $1.type.size } }

  /// Framing header (6), message header (8), block, and every group and text at its largest.
  var maximumFrameLength: Int {
    var length = Framing.headersLength + blockLength
    for group in groups { length += 4 + group.maximumCount * group.entryLength }
    for text in texts { length += 2 + text.maximumLength }
    return length
  }
}

enum Framing {
  static let headersLength = 14
  static let outboundMaximum = 16_384
}

struct Schema: Equatable {
  /// The file's name without its ending, such as `order-entry`.
  var name: String
  var id: Int
  var version: Int
  var description: String
  /// In the order of the file.
  var types: [SchemaType]
  var messages: [Message]
}
