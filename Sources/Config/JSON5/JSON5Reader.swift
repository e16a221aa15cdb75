/// Reads JSON5 (json5.org, version 1.0.0) into a tree of nodes with positions.
///
/// Kept out on purpose: `Infinity` and `NaN`, which no setting can mean. The first fault ends the
/// reading of a file.
public struct JSON5Reader {
  /// What a file may be at most.
  public struct Limits: Sendable {
    public var bytes: Int
    /// Objects and lists inside one another.
    public var depth: Int

    public init(bytes: Int = 64 << 20, depth: Int = 32) {
      precondition(bytes > 0 && depth > 0, "a file has room")
      self.bytes = bytes
      self.depth = depth
    }
  }

  var scanner: SourceScanner
  private let depthMaximum: Int
  private var depth = 0

  /// Reads one document.
  public static func read(
    _ bytes: some Collection<UInt8>, file: String, limits: Limits = Limits()
  ) throws(ConfigFault) -> ConfigNode {
    guard bytes.count <= limits.bytes else {
      throw ConfigFault(
        .file, at: SourcePosition(whole: file),
        "the file has \(bytes.count) bytes; at most \(limits.bytes) are allowed")
    }
    var reader = JSON5Reader(
      scanner: try SourceScanner(bytes, file: file), depthMaximum: limits.depth)
    return try reader.document()
  }

  private init(scanner: SourceScanner, depthMaximum: Int) {
    self.scanner = scanner
    self.depthMaximum = depthMaximum
  }

  private mutating func document() throws(ConfigFault) -> ConfigNode {
    try scanner.skipSpace()
    let node = try value()
    try scanner.skipSpace()
    guard scanner.peek == nil else {
      throw scanner.fault("\(scanner.found) after the end of the document")
    }
    return node
  }

  private mutating func value() throws(ConfigFault) -> ConfigNode {
    let start = scanner.position
    switch scanner.peek {
    case "{":
      return ConfigNode(.object(try members()), at: start)
    case "[":
      return ConfigNode(.array(try elements()), at: start)
    case "\"", "'":
      return ConfigNode(.string(try scanner.string()), at: start)
    case "+", "-", ".", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9":
      return ConfigNode(.number(try scanner.number()), at: start)
    case let scalar? where SourceScanner.isIdentifierStart(scalar):
      switch try scanner.identifier() {
      case "null": return ConfigNode(.null, at: start)
      case "true": return ConfigNode(.bool(true), at: start)
      case "false": return ConfigNode(.bool(false), at: start)
      case "Infinity", "NaN":
        throw ConfigFault(.syntax, at: start, "Infinity and NaN are not taken")
      default:
        // The word is not shown: it may be a password that was to stand in quotes.
        throw ConfigFault(.syntax, at: start, "a bare word is no value; a text stands in quotes")
      }
    default:
      throw scanner.fault("expected a value, found \(scanner.found)")
    }
  }

  private mutating func enter() throws(ConfigFault) {
    depth += 1
    guard depth <= depthMaximum else {
      throw scanner.fault("more than \(depthMaximum) lists and objects inside one another")
    }
    scanner.advance()
    try scanner.skipSpace()
  }

  private mutating func members() throws(ConfigFault) -> [ConfigMember] {
    try enter()
    var members: [ConfigMember] = []
    while scanner.peek != "}" {
      let keyPosition = scanner.position
      let key = try self.key()
      try scanner.skipSpace()
      guard scanner.peek == ":" else {
        throw scanner.fault(
          "expected ':' after the key \(ConfigNode.quoted(key)), found \(scanner.found)")
      }
      scanner.advance()
      try scanner.skipSpace()
      members.append(ConfigMember(key: key, at: keyPosition, value: try value()))
      try separator(before: "}")
    }
    scanner.advance()
    depth -= 1
    return members
  }

  private mutating func elements() throws(ConfigFault) -> [ConfigNode] {
    try enter()
    var elements: [ConfigNode] = []
    while scanner.peek != "]" {
      elements.append(try value())
      try separator(before: "]")
    }
    scanner.advance()
    depth -= 1
    return elements
  }

  /// After a member or element: a comma, or the end.
  private mutating func separator(before end: Unicode.Scalar) throws(ConfigFault) {
    try scanner.skipSpace()
    if scanner.peek == "," {
      scanner.advance()
      try scanner.skipSpace()
    } else if scanner.peek != end {
      throw scanner.fault("expected ',' or '\(end)', found \(scanner.found)")
    }
  }

  private mutating func key() throws(ConfigFault) -> String {
    switch scanner.peek {
    case "\"", "'": return try scanner.string()
    case let scalar? where SourceScanner.isIdentifierStart(scalar):
      return try scanner.identifier()
    default: throw scanner.fault("expected a key or '}', found \(scanner.found)")
    }
  }
}
