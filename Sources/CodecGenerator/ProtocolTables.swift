/// The tables of docs/PROTOCOL.md: the text is people's, what stands between a pair of markers is
/// made here.
///
///     <!-- generated: order-entry messages -->
///     ...
///     <!-- /generated -->
struct ProtocolTables {
  let schemas: [Schema]

  private static let opening = "<!-- generated: "
  private static let closing = "<!-- /generated -->"

  /// The document with every region made anew; the faults of its markers.
  func filled(_ document: String) -> (text: String, faults: [String]) {
    var lines: [String] = []
    var faults: [String] = []
    var isInside = false
    for line in document.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix(Self.opening) {
        if isInside { faults.append("a marker inside a region: \(line)") }
        isInside = true
        let topic = line.dropFirst(Self.opening.count).prefix { $0 != ">" }
          .split(separator: " ").filter { $0 != "--" }.map(String.init)
        lines.append(line)
        if let region = region(topic) {
          lines += region
        } else {
          faults.append("nothing is generated for: \(line)")
        }
      } else if line == Self.closing {
        if !isInside { faults.append("an end marker without a start") }
        isInside = false
        lines.append(line)
      } else if !isInside {
        lines.append(line)
      }
    }
    if isInside { faults.append("a region without an end marker") }
    return (lines.joined(separator: "\n"), faults)
  }

  /// `order-entry messages`, `order-entry types`, `order-entry overview`.
  private func region(_ topic: [String]) -> [String]? {
    guard topic.count == 2, let schema = schemas.first(where: { $0.name == topic[0] }) else {
      return nil
    }
    switch topic[1] {
    case "overview": return overview(schema)
    case "messages": return schema.messages.flatMap { message($0, of: schema) }
    case "types": return types(schema)
    case "enums": return enums(schema)
    default: return nil
    }
  }

  private func overview(_ schema: Schema) -> [String] {
    var lines = ["| id | message | block | longest frame | |", "| --: | --- | --: | --: | --- |"]
    for message in schema.messages {
      lines.append(
        row([
          "\(message.id)", "[\(message.name)](#\(anchor(message, of: schema)))",
          "\(message.blockLength)", "\(message.maximumFrameLength)", message.description,
        ]))
    }
    return lines
  }

  // MARK: Messages

  private func title(_ message: Message, of schema: Schema) -> String {
    "\(message.name) (\(schema.name) \(message.id))"
  }

  private func anchor(_ message: Message, of schema: Schema) -> String {
    title(message, of: schema).lowercased().replacing(" ", with: "-")
      .filter { $0.isLetter || $0.isNumber || $0 == "-" }
  }

  private func message(_ message: Message, of schema: Schema) -> [String] {
    var lines = ["", "#### \(title(message, of: schema))", "", message.description]
    let since = message.since > 1 ? " Since version \(message.since)." : ""
    lines.append("")
    lines.append("Block of \(message.blockLength) bytes.\(since)")
    if !message.fields.isEmpty { lines += [""] + fieldTable(message.fields) }
    for group in message.groups {
      lines += [
        "",
        "Group `\(group.name)` (id \(group.id), since \(group.since)): \(group.description). "
          + "Entries of \(group.entryLength) bytes, at most \(group.maximumCount).",
        "",
      ]
      lines += fieldTable(group.fields)
    }
    if !message.texts.isEmpty {
      lines += [
        "", "| text | id | type | length | since | meaning |",
        "| --- | --: | --- | --- | --: | --- |",
      ]
      for text in message.texts {
        lines.append(
          row([
            "`\(text.name)`", "\(text.id)", text.isUTF8 ? "UTF-8" : "ASCII",
            "2 + up to \(text.maximumLength)", "\(text.since)", text.description,
          ]))
      }
    }
    return lines
  }

  private func fieldTable(_ fields: [Field]) -> [String] {
    var lines = [
      "| offset | field | id | type | length | since | presence | meaning |",
      "| --: | --- | --: | --- | --: | --: | --- | --- |",
    ]
    for field in fields {
      lines.append(
        row([
          "\(field.offset)", "`\(field.name)`", "\(field.id)", field.type.name,
          "\(field.type.size)", "\(field.since)", field.isOptional ? "optional" : "required",
          field.description,
        ]))
      if case .composite(let composite) = field.type, composite.decimalExponent == nil {
        lines += memberRows(composite, at: field)
      }
    }
    return lines
  }

  private func memberRows(_ composite: CompositeType, at field: Field) -> [String] {
    composite.members.map { member in
      row([
        "\(field.offset + member.offset)", "`\(field.name).\(member.name)`", "", member.type.name,
        "\(member.type.size)", "\(field.since)", "", member.description,
      ])
    }
  }

  // MARK: Types

  private func types(_ schema: Schema) -> [String] {
    var lines = ["| type | encoding | null | meaning |", "| --- | --- | --- | --- |"]
    for type in schema.types {
      switch type {
      case .encoded(let encoded) where encoded.name != "enumEncoding":
        let isText = encoded.primitive == .char
        lines.append(
          row([
            encoded.name,
            isText ? "char[\(encoded.length)]" : encoded.primitive.rawValue,
            isText ? "all zeros" : null(encoded.null), encoded.description,
          ]))
      case .composite(let composite) where composite.decimalExponent != nil:
        lines.append(
          row([composite.name, "int64", null(Primitive.int64.defaultNull), composite.description]))
      case .composite, .enumeration, .set, .encoded: break
      }
    }
    return lines
  }

  private func null(_ value: String) -> String {
    value == Primitive.int64.defaultNull ? "-2^63" : value
  }

  private func enums(_ schema: Schema) -> [String] {
    var lines: [String] = []
    for type in schema.types {
      switch type {
      case .enumeration(let type): lines += valueTable(type, header: "value")
      case .set(let type): lines += valueTable(type, header: "bit")
      case .encoded, .composite: break
      }
    }
    return lines
  }

  private func valueTable(_ type: EnumType, header: String) -> [String] {
    var lines = [
      "", "**\(type.name)** (\(type.encoding.rawValue)): \(type.description).", "",
      "| \(header) | name | since | meaning |", "| --: | --- | --: | --- |",
    ]
    for value in type.values {
      lines.append(row(["\(value.value)", value.name, "\(value.since)", value.description]))
    }
    return lines
  }

  private func row(_ cells: [String]) -> String {
    "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
  }
}
