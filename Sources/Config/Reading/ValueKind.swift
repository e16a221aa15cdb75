/// A kind of value: what it allows, in words, and how it is read.
struct ValueKind<Value> {
  /// Unit and range as fault messages and the comments of config/ say them: made when somebody
  /// wants to know.
  let words: () -> String
  /// Stands in for a value that could not be read, so that reading goes on.
  let placeholder: Value
  /// Reads a node; reports what is wrong with it and answers nil.
  let read: (ConfigNode, _ path: String, ReadingLog) -> Value?
  /// How a default is written.
  let show: (Value) -> String

  var allowed: String { words() }

  init(
    allowed words: @autoclosure @escaping () -> String, placeholder: Value,
    read: @escaping (ConfigNode, _ path: String, ReadingLog) -> Value?,
    show: @escaping (Value) -> String
  ) {
    self.words = words
    self.placeholder = placeholder
    self.read = read
    self.show = show
  }

  func map<Other>(
    _ transform: @escaping (Value) -> Other, back: @escaping (Other) -> Value
  ) -> ValueKind<Other> {
    ValueKind<Other>(
      allowed: allowed, placeholder: transform(placeholder),
      read: { read($0, $1, $2).map(transform) }, show: { show(back($0)) })
  }
}

extension ValueKind {
  static func wrongType(
    _ node: ConfigNode, _ path: String, _ log: ReadingLog, _ allowed: String,
    isSecret: Bool = false
  ) {
    let shown = isSecret ? "" : ": \(node.shown)"
    log.report(
      ConfigFault(
        .wrongType, at: node.position, keyPath: path,
        "\(node.typeName) where something else belongs\(shown); allowed: \(allowed)"))
  }

  static func outOfRange(
    _ node: ConfigNode, _ path: String, _ log: ReadingLog, _ allowed: String,
    isSecret: Bool = false
  ) {
    let shown = isSecret ? "(not shown)" : node.shown
    log.report(
      ConfigFault(
        .outOfRange, at: node.position, keyPath: path,
        "not allowed: \(shown); allowed: \(allowed)"))
  }

  /// A kind that reads texts; `parse` answers nil for what is not allowed.
  ///
  /// - Parameter isSecret: no fault shows what was written.
  static func fromText(
    _ allowed: @autoclosure @escaping () -> String, placeholder: Value, isSecret: Bool = false,
    show: @escaping (Value) -> String, parse: @escaping (String) -> Value?
  ) -> ValueKind {
    ValueKind(
      allowed: allowed(), placeholder: placeholder,
      read: { node, path, log in
        guard case .string(let text) = node.value else {
          wrongType(node, path, log, allowed(), isSecret: isSecret)
          return nil
        }
        guard let value = parse(text) else {
          outOfRange(node, path, log, allowed(), isSecret: isSecret)
          return nil
        }
        return value
      }, show: show)
  }
}

extension ValueKind where Value == Int64 {
  /// A decimal number with up to `decimals` places, as an integer of units of 10^-decimals.
  static func decimal(
    _ range: ClosedRange<Int64>, decimals: Int, unit: String
  ) -> ValueKind {
    let show = { (value: Int64) in DecimalText.written(value, decimals: decimals) }
    let allowed = {
      let bounds = "\(show(range.lowerBound))...\(show(range.upperBound))"
      return unit.isEmpty ? bounds : "\(bounds) \(unit)"
    }
    return ValueKind(
      allowed: allowed(), placeholder: range.lowerBound,
      read: { node, path, log in
        guard case .number(let number) = node.value else {
          wrongType(node, path, log, allowed())
          return nil
        }
        switch number.scaled(decimals: decimals) {
        case .exact(let value) where range.contains(value):
          return value
        case .exact, .tooLarge:
          outOfRange(node, path, log, allowed())
        case .tooFine:
          let places = decimals == 0 ? "whole numbers only" : "at most \(decimals) decimals"
          outOfRange(node, path, log, "\(allowed()), \(places)")
        }
        return nil
      }, show: show)
  }

  static func integer(_ range: ClosedRange<Int64>, _ unit: String = "") -> ValueKind {
    decimal(range, decimals: 0, unit: unit)
  }
}

extension ValueKind where Value == Bool {
  static var flag: ValueKind {
    let allowed = "true or false"
    return ValueKind(
      allowed: allowed, placeholder: false,
      read: { node, path, log in
        guard case .bool(let flag) = node.value else {
          wrongType(node, path, log, allowed)
          return nil
        }
        return flag
      }, show: { $0 ? "true" : "false" })
  }
}

extension ValueKind where Value == String {
  /// A text of so many UTF-8 bytes, without control characters.
  static func text(_ bytes: ClosedRange<Int>) -> ValueKind {
    fromText(
      "text of \(bytes.lowerBound)...\(bytes.upperBound) bytes",
      placeholder: String(repeating: "?", count: bytes.lowerBound), show: ConfigNode.quoted
    ) { text in
      bytes.contains(text.utf8.count) && !text.unicodeScalars.contains(where: isControl)
        ? text : nil
    }
  }

  /// What an object is called: letters of any script, digits, '.', '_' and '-'.
  static func name(_ bytes: ClosedRange<Int> = 1...32) -> ValueKind {
    fromText(
      "name of \(bytes.lowerBound)...\(bytes.upperBound) bytes: letters, digits, '.', '_', '-'",
      placeholder: "?", show: ConfigNode.quoted
    ) { text in
      let isLegal = text.unicodeScalars.allSatisfy { scalar in
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "."
          || scalar == "_" || scalar == "-"
      }
      return isLegal && bytes.contains(text.utf8.count) ? text : nil
    }
  }

  /// What an account is called, here and on the wire.
  static var accountName: ValueKind {
    fromText(
      "name of 1...32 ASCII letters, digits, '.', '_', '-'", placeholder: "?",
      show: ConfigNode.quoted
    ) { text in
      let isLegal = text.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
      }
      return isLegal && (1...32).contains(text.utf8.count) ? text : nil
    }
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
  }
}

extension ValueKind where Value: Equatable {
  /// One of a few words.
  static func choice(_ words: KeyValuePairs<String, Value>) -> ValueKind {
    fromText(
      "one of " + words.map { "'\($0.key)'" }.joined(separator: ", "), placeholder: words[0].value,
      show: { value in
        words.first { $0.value == value }.map { "'\($0.key)'" } ?? "?"
      },
      parse: { text in words.first { $0.key == text }?.value })
  }
}

extension ValueKind {
  /// A list of values of one kind.
  static func list<Element>(
    of kind: ValueKind<Element>, most: Int
  ) -> ValueKind<[Element]> where Value == [Element] {
    let allowed = { "list of at most \(most), each \(kind.allowed)" }
    return ValueKind<[Element]>(
      allowed: allowed(), placeholder: [],
      read: { node, path, log in
        guard case .array(let elements) = node.value else {
          wrongType(node, path, log, allowed())
          return nil
        }
        guard elements.count <= most else {
          outOfRange(node, path, log, allowed())
          return nil
        }
        return elements.enumerated().compactMap { index, element in
          kind.read(element, "\(path)[\(index)]", log)
        }
      },
      show: { value in
        value.isEmpty ? "empty" : "[" + value.map(kind.show).joined(separator: ", ") + "]"
      })
  }

  /// The value together with where it stands, for checks that come later.
  func positioned() -> ValueKind<Positioned<Value>> {
    let nowhere = SourcePosition(file: "", line: 0, column: 0)
    return ValueKind<Positioned<Value>>(
      allowed: allowed,
      placeholder: Positioned(placeholder, at: nowhere, keyPath: ""),
      read: { node, path, log in
        read(node, path, log).map { Positioned($0, at: node.position, keyPath: path) }
      }, show: { show($0.value) })
  }
}

/// A value that knows where it was written.
public struct Positioned<Value> {
  public var value: Value
  public var position: SourcePosition
  public var keyPath: String

  public init(_ value: Value, at position: SourcePosition, keyPath: String) {
    self.value = value
    self.position = position
    self.keyPath = keyPath
  }

  /// Whether nothing was read: the fault has been reported.
  var isPlaceholder: Bool { position.line == 0 }

  func fault(_ kind: ConfigFault.Kind, _ message: String) -> ConfigFault {
    ConfigFault(kind, at: position, keyPath: keyPath, message)
  }
}

extension Positioned: Sendable where Value: Sendable {}
extension Positioned: Equatable where Value: Equatable {}
