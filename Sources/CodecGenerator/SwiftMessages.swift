/// One file a message: its value (with the encoder) and its decoder.
struct SwiftMessages {
  let schema: Schema
  let namespace: String

  func file(_ message: Message) -> String {
    var code = CodeText()
    code.lines(SwiftFile.header("schema/\(schema.name).xml"))
    code.lines(["import Domain", "import Messages", ""])
    code.block("extension \(namespace) {") { code in
      writeValue(message, into: &code)
      code.line()
      writeDecoder(message, into: &code)
    }
    return code.text
  }

  // MARK: The value

  private func properties(_ message: Message) -> [(name: String, type: String, null: String)] {
    var properties = message.fields.map { field in
      let form = SwiftForm.of(field.type)
      return (name: field.name, type: form.typeName, null: form.null)
    }
    for group in message.groups {
      properties.append((group.name, "[\(entryName(group))]", "[]"))
    }
    for text in message.texts {
      let type = "FixedText<\(text.maximumLength)>"
      properties.append((text.name, type, "\(type)()"))
    }
    return properties
  }

  private func entryName(_ group: Group) -> String { "\(group.name.capitalizedFirst)Entry" }

  private func writeValue(_ message: Message, into code: inout CodeText) {
    let trivial = message.groups.isEmpty ? ", BitwiseCopyable" : ""
    code.line("/// \(message.description)")
    code.block("public struct \(message.name): WireMessage\(trivial) {") { code in
      code.line("public static var schemaID: UInt16 { \(namespace).schemaID }")
      code.line("public static var templateID: UInt16 { \(message.id) }")
      if message.since > 1 {
        code.line("public static var sinceVersion: UInt16 { \(message.since) }")
      }
      code.line("public static var blockLength: Int { \(message.blockLength) }")
      code.line("public static var maximumFrameLength: Int { \(message.maximumFrameLength) }")
      for group in message.groups {
        code.line()
        writeEntryValue(group, into: &code)
      }
      if !properties(message).isEmpty { code.line() }
      writeProperties(message, into: &code)
      code.line()
      SwiftFile.writeMemberwise(properties(message), into: &code)
      code.line()
      writeValueFromDecoder(message, into: &code)
      code.line()
      writeFrameLength(message, into: &code)
      code.line()
      writeEncode(message, into: &code)
    }
  }

  private func writeProperties(_ message: Message, into code: inout CodeText) {
    let descriptions =
      message.fields.map(\.description) + message.groups.map(\.description)
      + message.texts.map(\.description)
    for (property, description) in zip(properties(message), descriptions) {
      code.line("/// \(description).")
      code.line("public var \(property.name): \(property.type)")
    }
  }

  private func writeEntryValue(_ group: Group, into code: inout CodeText) {
    code.line("/// An entry of `\(group.name)`.")
    code.block("public struct \(entryName(group)): Equatable, Sendable, BitwiseCopyable {") {
      code in
      for field in group.fields {
        code.line("/// \(field.description).")
        code.line("public var \(field.name): \(SwiftForm.of(field.type).typeName)")
      }
      code.line()
      SwiftFile.writeMemberwise(
        group.fields.map {
          let form = SwiftForm.of($0.type)
          return ($0.name, form.typeName, form.null)
        }, into: &code)
      code.line()
      code.block("@inlinable func store(in block: BlockWriter) {") { code in
        for field in group.fields {
          code.line(SwiftForm.of(field.type).store("self.\(field.name)", "\(field.offset)"))
        }
      }
    }
  }

  private func writeValueFromDecoder(_ message: Message, into code: inout CodeText) {
    code.block("public init(_ decoder: \(message.name)Decoder) {") { code in
      for field in message.fields { code.line("\(field.name) = decoder.\(field.name)") }
      for group in message.groups {
        code.line("\(group.name) = []")
        code.line("\(group.name).reserveCapacity(decoder.\(group.name).count)")
        code.block("for index in 0..<decoder.\(group.name).count {") { code in
          code.line("let entry = decoder.\(group.name)[index]")
          let arguments = group.fields.map { "\($0.name): entry.\($0.name)" }
          code.line("\(group.name).append(")
          code.line("  \(entryName(group))(\(arguments.joined(separator: ", "))))")
        }
      }
      for text in message.texts {
        code.line("\(text.name) = FixedText(checked: decoder.\(text.name))")
      }
    }
    code.line()
    code.block("public init(_ frame: Frame) throws(WireError) {") { code in
      code.line("self.init(try \(message.name)Decoder(frame))")
    }
  }

  private func writeFrameLength(_ message: Message, into code: inout CodeText) {
    var terms = ["\(Framing.headersLength + message.blockLength)"]
    for group in message.groups { terms.append("4 + \(group.name).count * \(group.entryLength)") }
    for text in message.texts { terms.append("2 + \(text.name).count") }
    code.line("@inlinable public var frameLength: Int { \(terms.joined(separator: " + ")) }")
  }

  private func writeEncode(_ message: Message, into code: inout CodeText) {
    code.block("public func encode(", closing: nil) { code in
      code.line("into buffer: UnsafeMutableRawBufferPointer, at offset: Int")
    }
    code.block(") throws(WireError) -> Int {") { code in
      for group in message.groups {
        code.block("guard \(group.name).count <= \(group.maximumCount) else {") { code in
          code.line(
            "throw .tooManyEntries(count: UInt32(\(group.name).count), "
              + "maximum: \(group.maximumCount))")
        }
      }
      let binding = message.groups.isEmpty && message.texts.isEmpty ? "let" : "var"
      code.block("\(binding) frame = try FrameWriter(", closing: nil) { code in
        code.line("buffer, at: offset, length: frameLength, schema: Self.schemaID,")
        code.line("version: \(namespace).version, template: Self.templateID,")
        code.line("blockLength: UInt16(Self.blockLength))")
      }
      if !message.fields.isEmpty { code.line("let block = frame.block") }
      for field in message.fields {
        code.line(SwiftForm.of(field.type).store("self.\(field.name)", "\(field.offset)"))
      }
      for group in message.groups {
        code.line(
          "frame.group(entryLength: \(group.entryLength), count: UInt16(\(group.name).count))")
        code.line(
          "for entry in \(group.name) { entry.store(in: frame.entry(\(group.entryLength))) }")
      }
      for text in message.texts { code.line("frame.text(\(text.name))") }
      code.line("return frame.finish()")
    }
  }

  // MARK: The decoder

  private func writeDecoder(_ message: Message, into code: inout CodeText) {
    code.line("/// Reads a `\(message.name)` in place; good as long as the frame's bytes are.")
    code.block("public struct \(message.name)Decoder: BitwiseCopyable {") { code in
      code.line("@usableFromInline let block: BlockReader")
      for group in message.groups {
        code.line("/// \(group.description).")
        code.line("public let \(group.name): \(group.name.capitalizedFirst)")
      }
      for text in message.texts {
        code.line("/// \(text.description).")
        code.line("public let \(text.name): UnsafeRawBufferPointer")
      }
      code.line()
      writeDecoderInit(message, into: &code)
      code.line()
      code.line("/// All of it, copied out.")
      code.line("public var value: \(message.name) { \(message.name)(self) }")
      writeGetters(message.fields, into: &code)
      for group in message.groups {
        code.line()
        writeGroupDecoder(group, into: &code)
      }
    }
  }

  private func writeDecoderInit(_ message: Message, into code: inout CodeText) {
    code.block("@inlinable public init(_ frame: Frame) throws(WireError) {") { code in
      let binding = message.groups.isEmpty && message.texts.isEmpty ? "let" : "var"
      code.line(
        "\(binding) cursor = try MessageCursor("
          + "frame, schema: \(namespace).schemaID, template: \(message.id))")
      code.line("block = cursor.block")
      for group in message.groups {
        let read = "cursor.group(maximumCount: \(group.maximumCount))"
        code.line(
          "\(group.name) = \(group.name.capitalizedFirst)("
            + versioned(group.since, read, absent: ".empty") + ")")
      }
      for text in message.texts {
        let read = "cursor.text(maximum: \(text.maximumLength), isUTF8: \(text.isUTF8))"
        code.line(
          "\(text.name) = "
            + versioned(text.since, read, absent: "UnsafeRawBufferPointer(start: nil, count: 0)"))
      }
    }
  }

  /// An older sender has not got a group or text that came with a later version.
  private func versioned(_ since: Int, _ read: String, absent: String) -> String {
    "try " + (since <= 1 ? read : "cursor.version >= \(since) ? \(read) : \(absent)")
  }

  private func writeGetters(_ fields: [Field], into code: inout CodeText) {
    for field in fields {
      let form = SwiftForm.of(field.type)
      code.line()
      code.line("/// \(field.description).")
      code.block("@inlinable public var \(field.name): \(form.typeName) {") { code in
        code.line(form.load("\(field.offset)"))
      }
      if field.isOptional, case .enumeration = field.type {
        // Absent and unknown both read as `.unknown`: where absent means "all", a code that
        // nobody knows must not widen what is asked.
        code.line()
        code.line("/// False for a code that this version does not know; absent is known.")
        code.block("@inlinable public var \(field.name)IsKnown: Bool {") { code in
          code.line(
            "block.integer(at: \(field.offset), null: UInt8(0)) == \(field.name).wireCode")
        }
      }
    }
  }

  private func writeGroupDecoder(_ group: Group, into code: inout CodeText) {
    let name = group.name.capitalizedFirst
    code.line("/// The entries of `\(group.name)`, in place.")
    code.block("public struct \(name): BitwiseCopyable {") { code in
      code.line("@usableFromInline let group: GroupReader")
      code.line("@inlinable init(_ group: GroupReader) { self.group = group }")
      code.line("@inlinable public var count: Int { group.count }")
      code.block("@inlinable public subscript(index: Int) -> \(entryName(group)) {") { code in
        code.line("\(entryName(group))(block: group.entry(index))")
      }
    }
    code.line()
    code.line("/// An entry of `\(group.name)`, in place.")
    code.block("public struct \(entryName(group)): BitwiseCopyable {") { code in
      code.line("@usableFromInline let block: BlockReader")
      code.line("@inlinable init(block: BlockReader) { self.block = block }")
      writeGetters(group.fields, into: &code)
    }
  }
}
