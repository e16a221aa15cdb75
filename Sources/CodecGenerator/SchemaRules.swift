/// What every schema must keep beyond being readable: unique ids and names, versions that only
/// grow toward the end, sizes inside the framing's limits, and one meaning a type name.
enum SchemaRules {
  static func faults(_ schemas: [Schema]) -> [String] {
    var faults: [String] = []
    for schema in schemas {
      if schema.version < 1 { faults.append("\(schema.name): versions count from 1") }
      faults += unique(schema.messages.map(\.name), "\(schema.name): message name")
      faults += unique(schema.messages.map { "\($0.id)" }, "\(schema.name): message id")
      for message in schema.messages {
        faults += messageFaults(message, schema).map { "\(schema.name), \(message.name): \($0)" }
      }
      for type in schema.types {
        faults += typeFaults(type, schema).map { "\(schema.name), \(type.name): \($0)" }
      }
    }
    faults += unique(schemas.map { "\($0.id)" }, "schema id")
    faults += sharedTypeFaults(schemas)
    return faults
  }

  private static func unique(_ values: [String], _ what: String) -> [String] {
    var seen: Set<String> = []
    return values.filter { !seen.insert($0).inserted }.map { "\(what) \($0) is there twice" }
  }

  private static func ascending(_ versions: [Int], _ what: String) -> [String] {
    zip(versions, versions.dropFirst()).contains { $0 > $1 }
      ? ["\(what) of a newer version stand behind the older ones"] : []
  }

  private static func messageFaults(_ message: Message, _ schema: Schema) -> [String] {
    let groupFields = message.groups.flatMap(\.fields)
    let names = message.fields.map(\.name) + message.groups.map(\.name) + message.texts.map(\.name)
    let ids =
      message.fields.map(\.id) + message.groups.map(\.id) + groupFields.map(\.id)
      + message.texts.map(\.id)
    let versions =
      [message.since] + message.fields.map(\.since) + message.groups.map(\.since)
      + groupFields.map(\.since) + message.texts.map(\.since)
    var faults = unique(names, "name") + unique(ids.map { "\($0)" }, "field id")
    if message.id < 1 || message.id > 65_535 { faults.append("a template id is 1 to 65535") }
    if versions.contains(where: { $0 < 1 || $0 > schema.version }) {
      faults.append("sinceVersion is 1 to the schema's version")
    }
    faults += ascending(message.fields.map(\.since), "fields")
    faults += ascending(message.groups.map(\.since) + message.texts.map(\.since), "groups and data")
    for group in message.groups {
      faults += unique(group.fields.map(\.name), "name in \(group.name)")
      faults += ascending(group.fields.map(\.since), "fields of \(group.name)")
      if group.fields.isEmpty { faults.append("\(group.name) has no field") }
    }
    if message.maximumFrameLength > Framing.outboundMaximum {
      faults.append("a frame can have \(message.maximumFrameLength) bytes, too many")
    }
    return faults
  }

  private static func typeFaults(_ type: SchemaType, _ schema: Schema) -> [String] {
    switch type {
    case .encoded(let encoded):
      return encoded.primitive == .char && encoded.length > 1 && encoded.characterEncoding == nil
        ? ["a char array names its characterEncoding"] : []
    case .enumeration(let enumeration):
      var faults = valueFaults(enumeration, schema)
      if enumeration.values.contains(where: { $0.value < 1 || $0.value > 254 }) {
        faults.append("an enum value is 1 to 254; 0 means absent")
      }
      return faults
    case .set(let set):
      var faults = valueFaults(set, schema)
      if set.values.contains(where: { $0.value < 0 || $0.value >= set.encoding.size * 8 }) {
        faults.append("a choice is a bit of the encoding")
      }
      return faults
    case .composite(let composite):
      return unique(composite.members.map(\.name), "member")
    }
  }

  private static func valueFaults(_ type: EnumType, _ schema: Schema) -> [String] {
    var faults = unique(type.values.map(\.name), "value name")
    if type.encoding != .uint8 { faults.append("an enum or set is encoded as uint8") }
    faults += unique(type.values.map { "\($0.value)" }, "value")
    if type.values.contains(where: { $0.since < 1 || $0.since > schema.version }) {
      faults.append("sinceVersion is 1 to the schema's version")
    }
    return faults
  }

  /// The same name means the same bytes in every schema.
  private static func sharedTypeFaults(_ schemas: [Schema]) -> [String] {
    var seen: [String: (schema: String, type: SchemaType)] = [:]
    var faults: [String] = []
    for schema in schemas {
      for type in schema.types {
        if let first = seen[type.name] {
          if first.type != type {
            faults.append("\(schema.name): \(type.name) differs from that of \(first.schema)")
          }
        } else {
          seen[type.name] = (schema.name, type)
        }
      }
    }
    return faults
  }
}
