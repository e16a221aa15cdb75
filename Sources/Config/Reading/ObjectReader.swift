/// Reads one object of a configuration file. Each call declares a key; `finish` reports the keys
/// that nobody declared. A fault never ends the reading: a placeholder goes on in its place, and
/// a configuration with faults is not used.
struct ObjectReader {
  let position: SourcePosition
  let path: String
  let log: ReadingLog
  private let file: String
  private let shape: String
  private let members: [ConfigMember]
  private var known: [String] = []
  private var failed: [String] = []

  /// - Parameters:
  ///   - file: the file's role, such as `gateway.json5`, for the reference of settings.
  init(_ node: ConfigNode, file: String, log: ReadingLog) {
    self.init(node, file: file, path: "", shape: "", log: log)
  }

  private init(_ node: ConfigNode, file: String, path: String, shape: String, log: ReadingLog) {
    position = node.position
    self.path = path
    self.file = file
    self.shape = shape
    self.log = log
    guard case .object(let written) = node.value else {
      members = []
      log.report(
        ConfigFault(
          .wrongType, at: node.position, keyPath: path,
          "\(node.typeName) where an object belongs"))
      return
    }
    var first: [String: SourcePosition] = [:]
    for member in written {
      if let earlier = first[member.key] {
        log.report(
          ConfigFault(
            .duplicateKey, at: member.keyPosition,
            keyPath: ObjectReader.join(path, member.key),
            "the key stands a second time; the first is at \(earlier.line):\(earlier.column)"))
      } else {
        first[member.key] = member.keyPosition
      }
    }
    members = written
  }

  private static func join(_ path: String, _ key: String) -> String {
    path.isEmpty ? key : "\(path).\(key)"
  }

  func pathOf(_ key: String) -> String { ObjectReader.join(path, key) }
  private func shapeOf(_ key: String) -> String {
    log.isDeclaring ? ObjectReader.join(shape, key) : ""
  }

  private mutating func member(
    _ key: String, allowed: @autoclosure () -> String, presence: @autoclosure () -> String
  ) -> ConfigMember? {
    known.append(key)
    let member = members.first { $0.key == key }
    if log.isDeclaring {
      log.declare(
        KeyDeclaration(
          file: file, shape: ObjectReader.join(shape, key), allowed: allowed(),
          presence: presence()),
        at: member?.keyPosition)
    }
    return member
  }

  // MARK: Values

  mutating func required<Value>(_ key: String, _ kind: ValueKind<Value>) -> Value {
    guard let member = member(key, allowed: kind.allowed, presence: "required") else {
      reportMissing(key, kind.allowed)
      failed.append(key)
      return kind.placeholder
    }
    return take(member, kind) ?? kind.placeholder
  }

  mutating func value<Value>(
    _ key: String, _ kind: ValueKind<Value>, default standard: Value
  ) -> Value {
    guard
      let member = member(
        key, allowed: kind.allowed, presence: "default \(kind.show(standard))")
    else { return standard }
    return take(member, kind) ?? standard
  }

  /// A key that may be left out or null: nil then. `unset` says what that means.
  mutating func optional<Value>(
    _ key: String, _ kind: ValueKind<Value>, unset: String = "off"
  ) -> Value? {
    guard let member = member(key, allowed: kind.allowed, presence: "default \(unset)"),
      member.value.value != .null
    else { return nil }
    return take(member, kind)
  }

  /// A key that must stand there and may be null.
  mutating func requiredOrNull<Value>(
    _ key: String, _ kind: ValueKind<Value>, null: String
  ) -> Value? {
    func allowed() -> String { "\(kind.allowed), or null: \(null)" }
    guard let member = member(key, allowed: allowed(), presence: "required") else {
      reportMissing(key, allowed())
      return nil
    }
    return member.value.value == .null ? nil : take(member, kind)
  }

  private mutating func take<Value>(_ member: ConfigMember, _ kind: ValueKind<Value>) -> Value? {
    let value = kind.read(member.value, pathOf(member.key), log)
    if value == nil { failed.append(member.key) }
    return value
  }

  // MARK: Objects

  /// An object; when it is left out, every key of it has its default.
  mutating func object<Value>(
    _ key: String, _ body: (inout ObjectReader) -> Value
  ) -> Value {
    let found = member(key, allowed: "object", presence: "default as its keys")
    let node = found?.value ?? ConfigNode(.object([]), at: position)
    return read(node, key, body)
  }

  mutating func requiredObject<Value>(
    _ key: String, _ body: (inout ObjectReader) -> Value
  ) -> Value {
    let found = member(key, allowed: "object", presence: "required")
    guard let found else {
      reportMissing(key, "object")
      // The keys inside are not reported one by one.
      let silent = ObjectReader(
        ConfigNode(.object([]), at: position), file: file, path: pathOf(key),
        shape: shapeOf(key), log: ReadingLog())
      var reader = silent
      return body(&reader)
    }
    return read(found.value, key, body)
  }

  /// An object that may be left out or null: nil then.
  mutating func optionalObject<Value>(
    _ key: String, unset: String = "off", _ body: (inout ObjectReader) -> Value
  ) -> Value? {
    guard let found = member(key, allowed: "object", presence: "default \(unset)"),
      found.value.value != .null
    else { return nil }
    return read(found.value, key, body)
  }

  /// A list of objects; left out = empty, which `unset` may explain.
  mutating func objects<Value>(
    _ key: String, most: Int, unset: String = "empty", _ body: (inout ObjectReader) -> Value
  ) -> [Value] {
    let allowed = "list of at most \(most)"
    guard let found = member(key, allowed: allowed, presence: "default \(unset)") else { return [] }
    guard case .array(let elements) = found.value.value else {
      ValueKind<Value>.wrongType(found.value, pathOf(key), log, allowed)
      return []
    }
    guard elements.count <= most else {
      ValueKind<Value>.outOfRange(found.value, pathOf(key), log, allowed)
      return []
    }
    let path = pathOf(key)
    return elements.enumerated().map { index, element in
      var reader = ObjectReader(
        element, file: file, path: "\(path)[\(index)]",
        shape: shapeOf(key) + "[]", log: log)
      let value = body(&reader)
      reader.finish()
      return value
    }
  }

  /// As `objects`, of rows that each speak of another thing: `identity` says of which. A row is
  /// not compared with others when one of `keys`, which that is taken from, could not be read.
  mutating func distinctObjects<Value, Identity: Hashable>(
    _ key: String, most: Int, by keys: Set<String>, identity: (Value) -> Identity,
    _ body: (inout ObjectReader) -> Value
  ) -> [Value] {
    var first: [Identity: Int] = [:]
    var repetitions: [String] = []
    var index = 0
    let rows = objects(key, most: most) { row in
      let value = body(&row)
      defer { index += 1 }
      guard keys.isDisjoint(with: row.failed) else { return value }
      let identity = identity(value)
      if let earlier = first[identity] {
        repetitions.append("rows \(earlier) and \(index), counted from 0, are for the same")
      } else {
        first[identity] = index
      }
      return value
    }
    for words in repetitions { report(.duplicateName, key, words) }
    return rows
  }

  private func read<Value>(
    _ node: ConfigNode, _ key: String, _ body: (inout ObjectReader) -> Value
  ) -> Value {
    var reader = ObjectReader(
      node, file: file, path: pathOf(key), shape: shapeOf(key), log: log)
    let value = body(&reader)
    reader.finish()
    return value
  }

  // MARK: Faults

  /// Reports every key that was not declared. Call it once, last.
  func finish() {
    for member in members where !known.contains(member.key) {
      let guess = Suggestion.nearest(to: member.key, among: known)
      let hint = guess.map { "did you mean '\($0)'?" } ?? "known: \(known.joined(separator: ", "))"
      log.report(
        ConfigFault(
          .unknownKey, at: member.keyPosition, keyPath: pathOf(member.key),
          "no such key; \(hint)"))
    }
  }

  /// Where a key's value stands; the object itself when the key was left out.
  func positionOf(_ key: String) -> SourcePosition {
    members.first { $0.key == key }?.value.position ?? position
  }

  /// Whether a key was written, is not null and could be read: what is checked against other
  /// keys has to be more than a placeholder.
  func has(_ key: String) -> Bool {
    !failed.contains(key) && members.contains { $0.key == key && $0.value.value != .null }
  }

  func report(_ kind: ConfigFault.Kind, _ key: String, _ message: String) {
    log.report(ConfigFault(kind, at: positionOf(key), keyPath: pathOf(key), message))
  }

  /// A fault of the object as a whole.
  func report(_ kind: ConfigFault.Kind, _ message: String) {
    log.report(ConfigFault(kind, at: position, keyPath: path, message))
  }

  private func reportMissing(_ key: String, _ allowed: String) {
    log.report(
      ConfigFault(
        .missingKey, at: position, keyPath: pathOf(key), "the key is missing; allowed: \(allowed)"))
  }
}
