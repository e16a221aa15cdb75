/// A value of a configuration file that knows where it was written.
public struct ConfigNode: Equatable, Sendable {
  public indirect enum Value: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(DecimalText)
    case string(String)
    case array([ConfigNode])
    /// In the order written; a key may occur twice, which the reading layer reports.
    case object([ConfigMember])
  }

  public var position: SourcePosition
  public var value: Value

  public init(_ value: Value, at position: SourcePosition) {
    self.position = position
    self.value = value
  }

  /// What a fault message calls it.
  var typeName: String {
    switch value {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a text"
    case .array: "a list"
    case .object: "an object"
    }
  }

  /// The value as a fault message shows it, cut at 40 characters.
  var shown: String {
    switch value {
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .number(let number): number.text
    case .string(let text): ConfigNode.quoted(text)
    case .array(let elements): "a list of \(elements.count)"
    case .object: "an object"
    }
  }

  static func quoted(_ text: String) -> String {
    var shown = "'"
    for (index, scalar) in text.unicodeScalars.enumerated() {
      if index == 40 {
        shown += "..."
        break
      }
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      shown.unicodeScalars.append(isControl ? "\u{FFFD}" : scalar)
    }
    return shown + "'"
  }
}

/// One `key: value` of an object.
public struct ConfigMember: Equatable, Sendable {
  public var key: String
  public var keyPosition: SourcePosition
  public var value: ConfigNode

  public init(key: String, at keyPosition: SourcePosition, value: ConfigNode) {
    self.key = key
    self.keyPosition = keyPosition
    self.value = value
  }
}
