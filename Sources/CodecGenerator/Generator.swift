import Foundation

/// Reads the schemas of a project and makes every file that follows from them.
struct Generator {
  /// What is made of a schema: codecs of its own values for both ends of a connection, or the
  /// journal's codec of the values that Messages declares.
  struct Target {
    enum Kind {
      case connection(pythonModule: String)
      case journal
    }
    var schema: String
    var namespace: String
    var kind: Kind

    var isConnection: Bool {
      switch kind {
      case .connection: true
      case .journal: false
      }
    }
  }

  static let targets = [
    Target(
      schema: "order-entry", namespace: "OrderEntry",
      kind: .connection(pythonModule: "order_entry")),
    Target(
      schema: "counter", namespace: "CounterProtocol",
      kind: .connection(pythonModule: "counter")),
    Target(
      schema: "desk", namespace: "DeskProtocol", kind: .connection(pythonModule: "desk")),
    Target(schema: "journal", namespace: "JournalSchema", kind: .journal),
  ]
  static let swiftFolder = "Sources/Wire/Generated"
  static let protocolDocument = "docs/PROTOCOL.md"
  static let dissector = "clients/wireshark/sluice.lua"
  static let pythonFolder = "clients/python/sluice_client/_codec"

  static func schemas(root: URL) throws -> [Schema] {
    var faults: [String] = []
    var schemas: [Schema] = []
    for target in targets {
      let path = "schema/\(target.schema).xml"
      do {
        let data = try Data(contentsOf: root.appending(path: path))
        schemas.append(try SchemaReader.read(path: path, data: data))
      } catch let error as SchemaFaults {
        faults += error.lines
      }
    }
    if faults.isEmpty { faults = SchemaRules.faults(schemas) }
    guard faults.isEmpty else { throw SchemaFaults(lines: faults) }
    return schemas
  }

  static func outputs(root: URL) throws -> OutputFiles {
    let schemas = try schemas(root: root)
    var files = OutputFiles(root: root)
    files.own(swiftFolder)
    files.add("\(swiftFolder)/SharedEnums.swift", SwiftEnums.sharedCodes(schemas))
    for (schema, target) in zip(schemas, targets) {
      switch target.kind {
      case .connection(let pythonModule):
        addConnection(schema, target, to: &files)
        files.add("\(pythonFolder)/\(pythonModule).py", PythonModule(schema: schema).file())
      case .journal: addJournal(schema, target, to: &files)
      }
    }
    let connections = zip(schemas, targets).filter { $0.1.isConnection }.map(\.0)
    files.add(dissector, WiresharkDissector(schemas: connections).file())
    try addTables(schemas, to: &files)
    return files
  }

  private static func addTables(_ schemas: [Schema], to files: inout OutputFiles) throws {
    guard let document = files.existing(protocolDocument) else {
      throw SchemaFaults(lines: ["\(protocolDocument) is missing"])
    }
    let (text, faults) = ProtocolTables(schemas: schemas).filled(document)
    guard faults.isEmpty else {
      throw SchemaFaults(lines: faults.map { "\(protocolDocument): \($0)" })
    }
    files.add(protocolDocument, text)
  }

  private static func addConnection(
    _ schema: Schema, _ target: Target, to files: inout OutputFiles
  ) {
    let name = "\(swiftFolder)/\(target.namespace)"
    files.add("\(name).swift", SwiftNamespace.file(schema, namespace: target.namespace))
    files.add("\(name)+Types.swift", SwiftEnums.types(of: schema, namespace: target.namespace))
    let messages = SwiftMessages(schema: schema, namespace: target.namespace)
    for message in schema.messages {
      files.add("\(name)+\(message.name).swift", messages.file(message))
    }
  }

  private static func addJournal(
    _ schema: Schema, _ target: Target, to files: inout OutputFiles
  ) {
    let name = "\(swiftFolder)/\(target.namespace)"
    let journal = SwiftJournal(schema: schema, namespace: target.namespace)
    files.add("\(name).swift", journal.namespaceFile())
    files.add("\(name)+Commands.swift", journal.dispatchFile("Command"))
    files.add("\(name)+Effects.swift", journal.dispatchFile("Effect"))
    for message in schema.messages where !message.fields.isEmpty {
      files.add("\(name)+\(message.name).swift", journal.file(message))
    }
  }
}

/// The command line.
enum GeneratorCommand {
  /// Returns the exit status: 0 done or fresh, 1 stale or faulty, 2 not understood.
  static func run(_ arguments: [String]) -> Int32 {
    var root = URL(filePath: FileManager.default.currentDirectoryPath)
    var isCheck = false
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--check": isCheck = true
      case "--root":
        guard let folder = rest.popFirst() else { return usage() }
        root = URL(filePath: folder)
      default: return usage()
      }
    }
    do {
      let files = try Generator.outputs(root: root)
      let changed = files.stale + files.leftOver
      if isCheck {
        for path in changed { print("stale: \(path) (make generate)") }
        return changed.isEmpty ? 0 : 1
      }
      try files.write()
      for path in changed { print("wrote: \(path)") }
      return 0
    } catch {
      print("\(error)")
      return 1
    }
  }

  private static func usage() -> Int32 {
    print("usage: CodecGenerator [--check] [--root FOLDER]")
    return 2
  }
}
