/// Names of the schema as Python spells them.
enum PythonNames {
  /// `targetClOrdID` to `target_cl_ord_id`.
  static func snake(_ name: String) -> String {
    var words = ""
    let characters = Array(name)
    for (index, character) in characters.enumerated() {
      let isStart =
        index > 0 && character.isUppercase
        && (!characters[index - 1].isUppercase
          || (index + 1 < characters.count && characters[index + 1].isLowercase))
      if isStart { words += "_" }
      words += character.lowercased()
    }
    return words
  }

  static func constant(_ name: String) -> String { snake(name).uppercased() }
}

/// How a field is written in Python.
struct PythonForm {
  var typeName: String
  var null: String
  /// Characters of `struct`'s format, and the nulls they are packed from; a composite has several.
  var format: String
  var rawNulls: [String]
  /// Where each ends, from the start of the field.
  var ends: [Int]
  /// The arguments of `pack` for a value.
  var pack: (_ value: String) -> [String]
  /// The value from the unpacked raw values.
  var unpack: (_ raw: [String]) -> String

  static func of(_ type: SchemaType) -> PythonForm {
    switch type {
    case .encoded(let encoded): of(encoded)
    case .enumeration(let enumeration):
      number(
        "B", typeName: enumeration.name, null: "\(enumeration.name).UNKNOWN", size: 1,
        unpack: { "\(enumeration.name)(\($0))" })
    case .set(let set):
      number(
        "B", typeName: set.name, null: "\(set.name)(0)", size: 1,
        unpack: { "\(set.name)(\($0))" })
    case .composite(let composite): of(composite)
    }
  }

  private static func number(
    _ format: String, typeName: String, null: String, size: Int,
    unpack: @escaping (String) -> String
  ) -> PythonForm {
    PythonForm(
      typeName: typeName, null: null, format: format, rawNulls: ["0"], ends: [size],
      pack: { [$0] }, unpack: { unpack($0[0]) })
  }

  private static func of(_ encoded: EncodedType) -> PythonForm {
    if encoded.primitive == .char {
      let codec = encoded.characterEncoding == "UTF-8" ? "utf-8" : "ascii"
      return PythonForm(
        typeName: "str", null: "\"\"", format: "\(encoded.length)s", rawNulls: ["b\"\""],
        ends: [encoded.length],
        pack: { ["pack_code(\($0), \(encoded.length), \"\(codec)\")"] },
        unpack: { "unpack_code(\($0[0]), \"\(codec)\")" })
    }
    return integer(encoded.primitive, null: encoded.null)
  }

  /// A number whose null is 0 is a plain int; any other null is None.
  private static func integer(_ primitive: Primitive, null: String) -> PythonForm {
    let isPlain = null == "0"
    return PythonForm(
      typeName: isPlain ? "int" : "int | None", null: isPlain ? "0" : "None",
      format: format(primitive), rawNulls: [null], ends: [primitive.size],
      pack: { isPlain ? [$0] : ["\(null) if \($0) is None else \($0)"] },
      unpack: { isPlain ? $0[0] : "None if \($0[0]) == \(null) else \($0[0])" })
  }

  private static func of(_ composite: CompositeType) -> PythonForm {
    if composite.decimalExponent != nil {
      return integer(.int64, null: Primitive.int64.defaultNull)
    }
    let forms = composite.members.map { (member: $0, form: of($0.type)) }
    return PythonForm(
      typeName: composite.name, null: "field(default_factory=\(composite.name))",
      format: forms.map(\.form.format).joined(), rawNulls: forms.flatMap(\.form.rawNulls),
      ends: forms.flatMap { entry in entry.form.ends.map { $0 + entry.member.offset } },
      pack: { value in
        forms.flatMap { $0.form.pack("\(value).\(PythonNames.snake($0.member.name))") }
      },
      unpack: { raw in
        var rest = raw[...]
        let arguments = forms.map { entry in
          let taken = Array(rest.prefix(entry.form.rawNulls.count))
          rest = rest.dropFirst(taken.count)
          return "\(PythonNames.snake(entry.member.name))=\(entry.form.unpack(taken))"
        }
        return "\(composite.name)(\(arguments.joined(separator: ", ")))"
      })
  }

  private static func format(_ primitive: Primitive) -> String {
    switch primitive {
    case .char, .uint8: "B"
    case .int8: "b"
    case .int16: "h"
    case .uint16: "H"
    case .int32: "i"
    case .uint32: "I"
    case .int64: "q"
    case .uint64: "Q"
    }
  }
}
