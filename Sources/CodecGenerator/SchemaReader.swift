import Foundation

/// Everything wrong with a schema, each as `file:line: what`.
struct SchemaFaults: Error, CustomStringConvertible {
  var lines: [String]
  var description: String { lines.joined(separator: "\n") }
}

/// Reads one schema file. Attributes and elements outside the part of SBE 1.0 that the generator
/// serves are faults, so that nothing in a schema is silently without effect.
struct SchemaReader {
  private let path: String
  private var faults: [String] = []
  private var types: [SchemaType] = []
  private var typesByName: [String: SchemaType] = [:]

  static func read(path: String, data: Data) throws -> Schema {
    var reader = SchemaReader(path: path)
    let root: XMLNode
    do {
      root = try XMLTreeReader.read(data)
    } catch let fault as XMLFault {
      throw SchemaFaults(lines: ["\(path):\(fault.line): \(fault.message)"])
    }
    let schema = reader.schema(root)
    guard reader.faults.isEmpty else { throw SchemaFaults(lines: reader.faults) }
    return schema
  }

  private init(path: String) { self.path = path }

  private mutating func fault(_ node: XMLNode, _ message: String) {
    faults.append("\(path):\(node.line): \(message)")
  }

  // MARK: Attributes

  private mutating func check(_ node: XMLNode, allows names: Set<String>) {
    for name in node.attributes.keys.sorted() where !names.contains(name) {
      fault(node, "<\(node.name)> has an attribute that is not served: \(name)")
    }
  }

  private mutating func text(_ node: XMLNode, _ name: String) -> String {
    guard let value = node.attributes[name], !value.isEmpty else {
      fault(node, "<\(node.name)> needs \(name)")
      return "?"
    }
    return value
  }

  private mutating func number(_ node: XMLNode, _ name: String, default: Int? = nil) -> Int {
    guard let value = node.attributes[name] else {
      if let `default` { return `default` }
      fault(node, "<\(node.name)> needs \(name)")
      return 0
    }
    guard let number = Int(value), number >= 0 else {
      fault(node, "\(name)=\"\(value)\" is not a number from 0")
      return 0
    }
    return number
  }

  private mutating func primitive(_ node: XMLNode) -> Primitive {
    let name = text(node, "primitiveType")
    guard let primitive = Primitive(rawValue: name) else {
      fault(node, "primitiveType \(name) is not served")
      return .uint8
    }
    return primitive
  }

  private mutating func type(named name: String, for node: XMLNode) -> SchemaType {
    if let type = typesByName[name] { return type }
    if let primitive = Primitive(rawValue: name) {
      return .encoded(
        EncodedType(name: name, primitive: primitive, length: 1, description: name))
    }
    fault(node, "there is no type \(name) above this line")
    return .encoded(EncodedType(name: name, primitive: .uint8, length: 1, description: ""))
  }

  // MARK: Types

  private mutating func schema(_ root: XMLNode) -> Schema {
    check(
      root,
      allows: [
        "xmlns:sbe", "package", "id", "version", "semanticVersion", "byteOrder", "headerType",
        "description",
      ])
    if root.name != "sbe:messageSchema" { fault(root, "the root is sbe:messageSchema") }
    if root.attributes["byteOrder"] != "littleEndian" { fault(root, "byteOrder is littleEndian") }
    for node in root.children where node.name == "types" {
      for child in node.children { addType(child) }
    }
    var messages: [Message] = []
    for node in root.children where node.name != "types" {
      if node.name == "sbe:message" {
        messages.append(message(node))
      } else {
        fault(node, "<\(node.name)> is not served")
      }
    }
    let file = URL(filePath: path).deletingPathExtension().lastPathComponent
    return Schema(
      name: file, id: number(root, "id"), version: number(root, "version"),
      description: text(root, "description"), types: types, messages: messages)
  }

  private mutating func addType(_ node: XMLNode) {
    guard let type = namedType(node) else { return }
    if typesByName.updateValue(type, forKey: type.name) != nil {
      fault(node, "a type \(type.name) is there already")
    }
    types.append(type)
  }

  private mutating func namedType(_ node: XMLNode) -> SchemaType? {
    switch node.name {
    case "type": return .encoded(encodedType(node))
    case "composite": return .composite(composite(node))
    case "enum": return .enumeration(enumType(node, valueName: "validValue"))
    case "set": return .set(enumType(node, valueName: "choice"))
    default:
      fault(node, "<\(node.name)> is not served")
      return nil
    }
  }

  private mutating func encodedType(_ node: XMLNode) -> EncodedType {
    check(
      node,
      allows: [
        "name", "primitiveType", "length", "characterEncoding", "nullValue", "maxValue",
        "presence", "semanticType", "description",
      ])
    let presence = node.attributes["presence"] ?? "required"
    if !["required", "optional", "constant"].contains(presence) {
      fault(node, "presence \(presence) is not served")
    }
    return EncodedType(
      name: text(node, "name"), primitive: primitive(node),
      length: number(node, "length", default: 1),
      characterEncoding: node.attributes["characterEncoding"],
      nullValue: node.attributes["nullValue"],
      maximumValue: node.attributes["maxValue"].flatMap { Int($0) },
      constant: presence == "constant" ? node.text : nil,
      description: node.attributes["description"] ?? "")
  }

  private mutating func composite(_ node: XMLNode) -> CompositeType {
    check(node, allows: ["name", "semanticType", "description"])
    var members: [CompositeMember] = []
    var offset = 0
    for child in node.children {
      let type: SchemaType
      if child.name == "ref" {
        check(child, allows: ["name", "type", "description"])
        type = self.type(named: text(child, "type"), for: child)
      } else if child.name == "type" {
        type = .encoded(encodedType(child))
      } else {
        fault(child, "<\(child.name)> in a composite is not served")
        continue
      }
      members.append(
        CompositeMember(
          name: text(child, "name"), type: type, offset: offset,
          description: child.attributes["description"] ?? type.description))
      offset += type.size
    }
    return CompositeType(
      name: text(node, "name"), members: members,
      description: node.attributes["description"] ?? "")
  }

  private mutating func enumType(_ node: XMLNode, valueName: String) -> EnumType {
    check(node, allows: ["name", "encodingType", "semanticType", "description"])
    var encoding = Primitive.uint8
    if case .encoded(let type) = type(named: text(node, "encodingType"), for: node) {
      encoding = type.primitive
    } else {
      fault(node, "encodingType is a <type> or a primitive")
    }
    var values: [EnumValue] = []
    for child in node.children {
      guard child.name == valueName, let value = Int(child.text) else {
        fault(child, "a <\(valueName)> with a number is expected")
        continue
      }
      check(child, allows: ["name", "description", "sinceVersion"])
      values.append(
        EnumValue(
          name: text(child, "name"), value: value,
          since: number(child, "sinceVersion", default: 1),
          description: text(child, "description")))
    }
    return EnumType(
      name: text(node, "name"), encoding: encoding, values: values,
      description: text(node, "description"))
  }

  // MARK: Messages

  private mutating func message(_ node: XMLNode) -> Message {
    check(node, allows: ["name", "id", "semanticType", "sinceVersion", "description"])
    var message = Message(
      name: text(node, "name"), id: number(node, "id"),
      semanticType: node.attributes["semanticType"],
      since: number(node, "sinceVersion", default: 1), fields: [], groups: [], texts: [],
      description: text(node, "description"))
    var stage = 0
    for child in node.children {
      let order = ["field": 0, "group": 1, "data": 2][child.name]
      if let order, order < stage { fault(child, "fields come first, then groups, then data") }
      stage = max(stage, order ?? 0)
      switch child.name {
      case "field": message.fields.append(field(child, offset: message.blockLength))
      case "group": message.groups.append(group(child))
      case "data": message.texts.append(textField(child))
      default: fault(child, "<\(child.name)> is not served")
      }
    }
    return message
  }

  private mutating func field(_ node: XMLNode, offset: Int) -> Field {
    check(node, allows: ["name", "id", "type", "presence", "sinceVersion", "description"])
    let presence = node.attributes["presence"] ?? "required"
    if !["required", "optional"].contains(presence) {
      fault(node, "presence \(presence) is not served")
    }
    return Field(
      name: text(node, "name"), id: number(node, "id"),
      type: type(named: text(node, "type"), for: node), isOptional: presence == "optional",
      since: number(node, "sinceVersion", default: 1), offset: offset,
      description: text(node, "description"))
  }

  private mutating func group(_ node: XMLNode) -> Group {
    check(node, allows: ["name", "id", "dimensionType", "sinceVersion", "description"])
    let dimension = type(named: text(node, "dimensionType"), for: node)
    var maximum = 0
    if case .composite(let composite) = dimension,
      composite.members.map(\.name) == ["blockLength", "numInGroup"], composite.size == 4,
      let count = composite.member("numInGroup")?.maximumValue
    {
      maximum = count
    } else {
      fault(node, "dimensionType is blockLength and numInGroup, both uint16, with a maxValue")
    }
    var fields: [Field] = []
    for child in node.children {
      guard child.name == "field" else {
        fault(child, "<\(child.name)> in a group is not served")
        continue
      }
      fields.append(field(child, offset: fields.reduce(0) { $0 + $1.type.size }))
    }
    return Group(
      name: text(node, "name"), id: number(node, "id"), fields: fields, maximumCount: maximum,
      since: number(node, "sinceVersion", default: 1), description: text(node, "description"))
  }

  private mutating func textField(_ node: XMLNode) -> TextField {
    check(node, allows: ["name", "id", "type", "sinceVersion", "description"])
    let typeName = text(node, "type")
    var maximum = 0
    var encoding = ""
    if case .composite(let composite) = type(named: typeName, for: node),
      let length = composite.member("length"), length.primitive == .uint16,
      let limit = length.maximumValue, let bytes = composite.member("varData"), bytes.length == 0
    {
      maximum = limit
      encoding = bytes.characterEncoding ?? ""
    } else {
      fault(node, "data is a uint16 length with a maxValue, then varData")
    }
    if !["UTF-8", "ASCII"].contains(encoding) { fault(node, "data is UTF-8 or ASCII") }
    return TextField(
      name: text(node, "name"), id: number(node, "id"), typeName: typeName,
      maximumLength: maximum, isUTF8: encoding == "UTF-8",
      since: number(node, "sinceVersion", default: 1), description: text(node, "description"))
  }
}
