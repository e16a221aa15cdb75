/// The file a schema: its namespace and the enum of its messages.
enum SwiftNamespace {
  static func file(_ schema: Schema, namespace: String) -> String {
    var code = CodeText()
    code.lines(SwiftFile.header("schema/\(schema.name).xml"))
    code.line("/// \(schema.description).")
    code.block("public enum \(namespace) {") { code in
      code.line("public static let schemaID: UInt16 = \(schema.id)")
      code.line("/// The version that is written; older and newer ones are read.")
      code.line("public static let version: UInt16 = \(schema.version)")
      code.line()
      writeMessage(schema, namespace: namespace, into: &code)
    }
    return code.text
  }

  private static func writeMessage(
    _ schema: Schema, namespace: String, into code: inout CodeText
  ) {
    code.line("/// A received message: its decoder by kind.")
    code.block("public enum Message: BitwiseCopyable {") { code in
      for message in schema.messages {
        code.line("case \(message.name.lowercasedFirst)(\(message.name)Decoder)")
      }
      code.line()
      code.line("/// Opens a frame: which message it is, with its bounds checked.")
      code.block("@inlinable public init(_ frame: Frame) throws(WireError) {") { code in
        code.block("guard frame.schemaID == \(namespace).schemaID else {") { code in
          code.line("throw .unknownSchema(frame.schemaID)")
        }
        code.block("switch frame.templateID {") { code in
          for message in schema.messages {
            code.line(
              "case \(message.id): self = .\(message.name.lowercasedFirst)"
                + "(try \(message.name)Decoder(frame))")
          }
          code.line(
            "default: throw .unknownTemplate("
              + "schema: frame.schemaID, template: frame.templateID)")
        }
      }
    }
  }
}
