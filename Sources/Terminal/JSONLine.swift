/// One JSON object on one line, key by key in the order they are given. What is absent has no key.
struct JSONLine {
  private var text = "{"

  init(event: String) { add("event", event) }

  /// The finished line, without an end of line.
  var line: String { text + "}" }

  mutating func add(_ key: String, _ value: String) {
    begin(key)
    text += JSONLine.quoted(value)
  }

  /// Nothing for an empty text.
  mutating func addPresent(_ key: String, _ value: String) {
    if !value.isEmpty { add(key, value) }
  }

  mutating func add(_ key: String, _ value: some BinaryInteger) {
    begin(key)
    text += "\(value)"
  }

  mutating func add(_ key: String, _ value: Bool) {
    begin(key)
    text += value ? "true" : "false"
  }

  mutating func add(_ key: String, _ object: JSONLine) {
    begin(key)
    text += object.line
  }

  /// An object within another one.
  init() {}

  private mutating func begin(_ key: String) {
    if text.count > 1 { text += "," }
    text += JSONLine.quoted(key) + ":"
  }

  /// Source: RFC 8259, section 7.
  static func quoted(_ value: String) -> String {
    var text = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F {
          let digits = String(scalar.value, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          text.unicodeScalars.append(scalar)
        }
      }
    }
    return text + "\""
  }
}
