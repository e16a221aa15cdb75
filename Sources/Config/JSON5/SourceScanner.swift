/// Walks the text of a file one Unicode scalar at a time and knows where it is.
struct SourceScanner {
  private let scalars: [Unicode.Scalar]
  private var index = 0
  private(set) var position: SourcePosition

  /// Decodes UTF-8; the fault of a bad byte names its place.
  init(_ bytes: some Collection<UInt8>, file: String) throws(ConfigFault) {
    position = SourcePosition(file: file, line: 1, column: 1)
    var decoded: [Unicode.Scalar] = []
    decoded.reserveCapacity(bytes.count)
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var isBroken = false
    decoding: while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar): decoded.append(scalar)
      case .emptyInput: break decoding
      case .error:
        isBroken = true
        break decoding
      }
    }
    scalars = decoded
    if isBroken {
      while peek != nil { advance() }
      throw fault("a byte that is not UTF-8")
    }
  }

  var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  func peek(ahead: Int) -> Unicode.Scalar? {
    index + ahead < scalars.count ? scalars[index + ahead] : nil
  }

  mutating func advance() {
    let scalar = scalars[index]
    index += 1
    // A CR before an LF leaves the line to the LF.
    if SourceScanner.endsLine(scalar), !(scalar == "\r" && peek == "\n") {
      position.line += 1
      position.column = 1
    } else {
      position.column += 1
    }
  }

  func fault(_ message: String) -> ConfigFault { ConfigFault(.syntax, at: position, message) }

  /// What stands here, for "expected ..., found ...".
  var found: String {
    guard let peek else { return "the end of the file" }
    return ConfigNode.quoted(String(Character(peek)))
  }

  static func endsLine(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\n" || scalar == "\r" || scalar == "\u{2028}" || scalar == "\u{2029}"
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case " ", "\t", "\u{0B}", "\u{0C}", "\u{A0}", "\u{FEFF}": true
    case "\n", "\r": true
    default:
      !scalar.isASCII
        && (endsLine(scalar) || scalar.properties.generalCategory == .spaceSeparator)
    }
  }

  /// White space and comments.
  mutating func skipSpace() throws(ConfigFault) {
    while let scalar = peek {
      if SourceScanner.isSpace(scalar) {
        advance()
      } else if scalar == "/", peek(ahead: 1) == "/" {
        while let next = peek, !SourceScanner.endsLine(next) { advance() }
      } else if scalar == "/", peek(ahead: 1) == "*" {
        try skipBlockComment()
      } else {
        return
      }
    }
  }

  private mutating func skipBlockComment() throws(ConfigFault) {
    let start = position
    advance()
    advance()
    while let scalar = peek {
      advance()
      if scalar == "*", peek == "/" {
        advance()
        return
      }
    }
    throw ConfigFault(.syntax, at: start, "a comment that does not end")
  }

  static func isIdentifierStart(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "$" || scalar == "_" || scalar == "\\" || scalar.properties.isIDStart
  }

  private static func isIdentifierPart(_ scalar: Unicode.Scalar) -> Bool {
    isIdentifierStart(scalar) || scalar.properties.isIDContinue || scalar == "\u{200C}"
      || scalar == "\u{200D}"
  }

  /// An ECMAScript 5.1 identifier name; `\uXXXX` stands for a character that may occur there.
  mutating func identifier() throws(ConfigFault) -> String {
    var name = String.UnicodeScalarView()
    while let scalar = peek, SourceScanner.isIdentifierPart(scalar) {
      let start = position
      advance()
      guard scalar == "\\" else {
        name.append(scalar)
        continue
      }
      guard peek == "u" else {
        throw ConfigFault(.syntax, at: start, "only \\uXXXX may follow a backslash in a key")
      }
      advance()
      let escaped = Unicode.Scalar(try hexadecimal(digits: 4))
      guard let escaped, escaped != "\\",
        name.isEmpty
          ? SourceScanner.isIdentifierStart(escaped) : SourceScanner.isIdentifierPart(escaped)
      else { throw ConfigFault(.syntax, at: start, "an escaped character that no key can have") }
      name.append(escaped)
    }
    return String(name)
  }

  /// Exactly `digits` hexadecimal digits.
  mutating func hexadecimal(digits: Int) throws(ConfigFault) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard let digit = peek.flatMap(SourceScanner.hexadecimalValue) else {
        throw fault("expected \(digits) hexadecimal digits, found \(found)")
      }
      value = value << 4 | UInt32(digit)
      advance()
    }
    return value
  }

  static func hexadecimalValue(_ scalar: Unicode.Scalar) -> UInt8? {
    switch scalar {
    case "0"..."9": UInt8(scalar.value - 0x30)
    case "a"..."f": UInt8(scalar.value - 0x61 + 10)
    case "A"..."F": UInt8(scalar.value - 0x41 + 10)
    default: nil
    }
  }
}
