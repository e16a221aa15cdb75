/// The journal's codec: Messages' own values to blocks and back.
///
/// The code is written against the memberwise initializers and the cases of Messages, in the
/// schema's order, so a field or case that only one of the two has does not compile.
struct SwiftJournal {
  let schema: Schema
  let namespace: String

  /// Cases that are not called like their message.
  private static let caseNames = ["ExecutionReport": "report"]
  /// Composites with a value to start from; their members are then assigned by name.
  private static let starts = [
    "Refusal": "self = .none", "TwoPartRate": "self.init()", "RateSet": "self.init()",
    "NetworkAddress": "self.init(high: 0, low: 0)", "ControlRequest": "self.init()",
    "TradingInterval":
      "self.init(date: .unknown, phase: .unknown, startSecond: 0, endSecond: 0)",
  ]

  private func header() -> [String] {
    SwiftFile.header("schema/\(schema.name).xml") + ["import Domain", "import Messages", ""]
  }

  // MARK: The namespace and the composites

  func namespaceFile() -> String {
    var code = CodeText()
    code.lines(header())
    code.line("/// \(schema.description).")
    code.block("public enum \(namespace) {") { code in
      code.line("public static let schemaID: UInt16 = \(schema.id)")
      code.line("/// The version that is written; older ones are read.")
      code.line("public static let version: UInt16 = \(schema.version)")
      for case .enumeration(let type) in schema.types where SwiftEnums.shared[type.name] == nil {
        code.line()
        SwiftEnums.writeEnum(type, into: &code)
      }
    }
    for case .composite(let composite) in schema.types {
      guard let start = Self.starts[composite.name] else { continue }
      code.line()
      writeComposite(composite, start: start, into: &code)
    }
    return code.text
  }

  private func writeComposite(
    _ composite: CompositeType, start: String, into code: inout CodeText
  ) {
    code.block("extension \(composite.name) {") { code in
      code.line("static var journalLength: Int { \(composite.size) }")
      code.line()
      code.block("init(journal block: BlockReader, at offset: Int) throws(WireError) {") { code in
        code.line(start)
        for member in composite.members {
          let load = Self.form(member.type).load("offset + \(member.offset)")
          code.line("\(member.name) = \(load)")
        }
      }
      code.line()
      code.block("func store(journal block: BlockWriter, at offset: Int) {") { code in
        for member in composite.members {
          code.line(Self.form(member.type).store(member.name, "offset + \(member.offset)"))
        }
      }
    }
  }

  // MARK: One message

  func file(_ message: Message) -> String {
    var code = CodeText()
    code.lines(header())
    code.block("extension \(message.name) {") { code in
      code.line("static var journalBlockLength: Int { \(message.blockLength) }")
      code.line()
      code.block("init(journal block: BlockReader) throws(WireError) {") { code in
        code.block("self.init(", closing: nil) { code in
          for (index, field) in message.fields.enumerated() {
            let end = index == message.fields.count - 1 ? ")" : ","
            code.line("\(field.name): \(Self.form(field.type).load("\(field.offset)"))\(end)")
          }
        }
      }
      code.line()
      code.block("func store(journal block: BlockWriter) {") { code in
        for field in message.fields {
          code.line(Self.form(field.type).store(field.name, "\(field.offset)"))
        }
      }
    }
    return code.text
  }

  // MARK: Command and Effect

  func dispatchFile(_ type: String) -> String {
    let messages = schema.messages.filter { $0.semanticType == type }
    var code = CodeText()
    code.lines(header())
    code.block("extension \(type) {") { code in
      code.line("/// Bytes of the largest block.")
      let largest = messages.map(\.blockLength).max() ?? 0
      code.line("static var journalBlockMaximum: Int { \(largest) }")
      code.line()
      writeStore(messages, into: &code)
      code.line()
      writeLoad(messages, into: &code)
    }
    return code.text
  }

  private func caseName(_ message: Message) -> String {
    Self.caseNames[message.name] ?? message.name.lowercasedFirst
  }

  /// Header and block in one switch: this is on the path of every decision.
  private func writeStore(_ messages: [Message], into code: inout CodeText) {
    code.line("/// Writes message header and block at the start of the room; the bytes they take.")
    code.block("func store(journal room: JournalRoom) throws(WireError) -> Int {") { code in
      code.block("switch self {") { code in
        for message in messages {
          let open = "try room.open(template: \(message.id), blockLength: \(message.blockLength))"
          let hasValue = !message.fields.isEmpty
          code.line("case .\(caseName(message))\(hasValue ? "(let value)" : ""):")
          code.line(hasValue ? "  value.store(journal: \(open))" : "  _ = \(open)")
          code.line("  return JournalCodec.headerLength + \(message.blockLength)")
        }
      }
    }
  }

  private func writeLoad(_ messages: [Message], into code: inout CodeText) {
    code.block("init(journal template: UInt16, _ block: BlockReader) throws(WireError) {") { code in
      code.block("switch template {") { code in
        for message in messages {
          let value = message.fields.isEmpty ? "" : "(try \(message.name)(journal: block))"
          code.line("case \(message.id): self = .\(caseName(message))\(value)")
        }
        code.line(
          "default: throw .unknownTemplate(schema: \(namespace).schemaID, template: template)")
      }
    }
  }

  // MARK: Types

  /// Integer types of the schema that are an enum with those raw values in Domain or Messages.
  private static let rawEnums: Set<String> = [
    "RuleCode", "PlatformSetting", "AccountSetting", "ProductSetting", "FundAccountSetting",
    "NoticeKind", "ControllerSetting",
  ]

  /// As `SwiftForm`, but strict: a journal holds no code that nobody knows.
  static func form(_ type: SchemaType) -> SwiftForm {
    var form = SwiftForm.of(type)
    switch type {
    case .enumeration(let enumeration):
      form.load = { "try \(enumeration.name)(journalCode: block.integer(at: \($0), null: 0))" }
    case .encoded(let encoded) where rawEnums.contains(encoded.name):
      form.load = { "try block.code(at: \($0))" }
      form.store = { "block.store(\($0).rawValue, at: \($1))" }
    case .encoded(let encoded) where encoded.name == "Flag":
      form.load = { "try block.flag(at: \($0))" }
      form.store = { "block.store(flag: \($0), at: \($1))" }
    case .encoded(let encoded) where encoded.name == "TradingDay":
      form.load = { "try block.tradingDay(at: \($0))" }
    case .composite(let composite) where composite.name == "TradingIntervals":
      form.load = { "try block.tradingIntervals(at: \($0))" }
      form.store = { "block.store(\($0), at: \($1))" }
    case .composite(let composite) where composite.decimalExponent == nil:
      form.load = { "try \(composite.name)(journal: block, at: \($0))" }
      form.store = { "\($0).store(journal: block, at: \($1))" }
    case .encoded, .composite, .set: break
    }
    return form
  }
}
