// Texts and numbers of JSON5.

extension SourceScanner {
  /// A text in single or double quotes.
  mutating func string() throws(ConfigFault) -> String {
    let start = position
    let quote = peek
    advance()
    var text = String.UnicodeScalarView()
    while let scalar = peek, scalar != quote {
      switch scalar {
      case "\n", "\r":
        throw ConfigFault(.syntax, at: start, "a text that does not end on its line")
      case "\\":
        try appendEscape(to: &text)
      default:
        text.append(scalar)
        advance()
      }
    }
    guard peek != nil else { throw ConfigFault(.syntax, at: start, "a text that does not end") }
    advance()
    return String(text)
  }

  private mutating func appendEscape(to text: inout String.UnicodeScalarView) throws(ConfigFault) {
    let start = position
    advance()
    guard let scalar = peek else { throw fault("a text that does not end") }
    advance()
    switch scalar {
    case "b": text.append("\u{08}")
    case "f": text.append("\u{0C}")
    case "n": text.append("\n")
    case "r": text.append("\r")
    case "t": text.append("\t")
    case "v": text.append("\u{0B}")
    case "0":
      if let next = peek, ("0"..."9").contains(next) {
        throw ConfigFault(.syntax, at: start, "an octal escape; write \\xHH")
      }
      text.append("\0")
    case "1"..."9":
      throw ConfigFault(.syntax, at: start, "an octal escape; write \\xHH")
    case "x":
      // Two hexadecimal digits always name a character.
      text.append(Unicode.Scalar(UInt8(try hexadecimal(digits: 2))))
    case "u":
      text.append(try unicodeEscape(from: start))
    case "\r":
      if peek == "\n" { advance() }
    case _ where SourceScanner.endsLine(scalar):
      break
    default:
      text.append(scalar)
    }
  }

  /// The rest of `\uXXXX`, with its second half when it is the first of a surrogate pair.
  private mutating func unicodeEscape(
    from start: SourcePosition
  ) throws(ConfigFault) -> Unicode.Scalar {
    let unit = try hexadecimal(digits: 4)
    if let scalar = Unicode.Scalar(unit) { return scalar }
    if unit < 0xDC00, peek == "\\", peek(ahead: 1) == "u" {
      advance()
      advance()
      let second = try hexadecimal(digits: 4)
      if (0xDC00...0xDFFF).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00))
      {
        return scalar
      }
    }
    throw ConfigFault(.syntax, at: start, "half of a surrogate pair")
  }

  /// A decimal or hexadecimal number, with a sign or without.
  mutating func number() throws(ConfigFault) -> DecimalText {
    let start = position
    var text = ""
    var isNegative = false
    if let sign = peek, sign == "+" || sign == "-" {
      isNegative = sign == "-"
      take(into: &text)
    }
    if let word = peek, word == "I" || word == "N" {
      throw ConfigFault(.syntax, at: start, "Infinity and NaN are not taken")
    }
    let isHexadecimal = peek == "0" && (peek(ahead: 1) == "x" || peek(ahead: 1) == "X")
    let number =
      isHexadecimal
      ? try hexadecimalNumber(&text, isNegative)
      : try decimalNumber(&text, isNegative, from: start)
    if let next = peek, SourceScanner.isIdentifierStart(next) || ("0"..."9").contains(next) {
      throw fault("expected the end of the number, found \(found)")
    }
    guard text.count <= DecimalText.charactersMaximum else {
      throw ConfigFault(
        .syntax, at: start, "a number of more than \(DecimalText.charactersMaximum) characters")
    }
    return number
  }

  private mutating func take(into text: inout String) {
    if let scalar = peek { text.unicodeScalars.append(scalar) }
    advance()
  }

  private mutating func takeDigits(into text: inout String) -> [UInt8] {
    var digits: [UInt8] = []
    while let scalar = peek, ("0"..."9").contains(scalar) {
      digits.append(UInt8(scalar.value - 0x30))
      take(into: &text)
    }
    return digits
  }

  private mutating func hexadecimalNumber(
    _ text: inout String, _ isNegative: Bool
  ) throws(ConfigFault) -> DecimalText {
    let start = position
    take(into: &text)
    take(into: &text)
    var value: UInt64 = 0
    var count = 0
    while let digit = peek.flatMap(SourceScanner.hexadecimalValue) {
      guard value >> 60 == 0 else {
        throw ConfigFault(.syntax, at: start, "a hexadecimal number of more than 16 digits")
      }
      value = value << 4 | UInt64(digit)
      count += 1
      take(into: &text)
    }
    guard count > 0 else { throw fault("expected a hexadecimal digit, found \(found)") }
    let digits = String(value).utf8.map { $0 - 0x30 }
    return DecimalText(text: text, isNegative: isNegative, digits: digits, exponent: 0)
  }

  private mutating func decimalNumber(
    _ text: inout String, _ isNegative: Bool, from start: SourcePosition
  ) throws(ConfigFault) -> DecimalText {
    var digits = takeDigits(into: &text)
    guard digits.first != 0 || digits.count <= 1 else {
      throw ConfigFault(.syntax, at: start, "a number that begins with 0")
    }
    var exponent = 0
    if peek == "." {
      take(into: &text)
      let fraction = takeDigits(into: &text)
      exponent = -fraction.count
      digits += fraction
    }
    guard !digits.isEmpty else { throw fault("expected a digit, found \(found)") }
    if peek == "e" || peek == "E" { exponent += try writtenExponent(&text) }
    return DecimalText(text: text, isNegative: isNegative, digits: digits, exponent: exponent)
  }

  private mutating func writtenExponent(_ text: inout String) throws(ConfigFault) -> Int {
    let start = position
    take(into: &text)
    var isNegative = false
    if let sign = peek, sign == "+" || sign == "-" {
      isNegative = sign == "-"
      take(into: &text)
    }
    let digits = takeDigits(into: &text)
    guard !digits.isEmpty else { throw fault("expected a digit, found \(found)") }
    let significant = digits.drop { $0 == 0 }
    let value = significant.prefix(3).reduce(0) { $0 * 10 + Int($1) }
    guard significant.count <= 3, value <= DecimalText.exponentMaximum else {
      throw ConfigFault(
        .syntax, at: start, "an exponent beyond \(DecimalText.exponentMaximum)")
    }
    return isNegative ? -value : value
  }
}
