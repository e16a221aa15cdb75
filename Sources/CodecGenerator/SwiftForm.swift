/// How a schema's type is written in Swift: its name, its null, and how it is read from and stored
/// in a block.
///
/// Where Domain or Messages has the noun, the codec speaks that noun; its raw values are not relied
/// on, so a case that is missing on either side does not compile.
struct SwiftForm {
  var typeName: String
  /// An expression for the value of an absent field.
  var null: String
  /// An expression that reads the field at an offset of `block`.
  var load: (_ offset: String) -> String
  /// A statement that stores an expression at an offset of `block`.
  var store: (_ value: String, _ offset: String) -> String

  /// Schema type names whose integer is wrapped by a Domain or Messages type of that name.
  private static let wrappers: [String: (label: String, null: String)] = [
    "Timestamp": ("nanoseconds", ".none"), "OrderID": ("raw", ".none"),
    "MACAddress": ("raw", "MACAddress(raw: 0)"),
    "OperationAccountID": ("raw", ".none"), "FundAccountID": ("raw", ".none"),
    "ProductID": ("raw", ".none"), "InstrumentID": ("raw", ".none"),
    "CommodityID": ("raw", ".none"), "CounterID": ("raw", ".none"),
    "TradingHoursID": ("raw", ".none"), "SessionID": ("raw", ".none"),
    "ControllerID": ("raw", ".none"), "AccountTemplateID": ("raw", ".none"),
  ]
  private static let unlabelled: Set<String> = [
    "OperationAccountID", "FundAccountID", "ProductID", "InstrumentID", "CommodityID", "CounterID",
    "TradingHoursID", "SessionID", "ControllerID", "AccountTemplateID",
  ]

  /// Schema type names of char arrays that Domain has an alias for.
  private static let textAliases: [String: String] = [
    "ClOrdID": "ClOrdID", "InstrumentCode": "InstrumentCode", "CommodityCode": "CommodityCode",
    "VenueID": "VenueID", "AccountName": "Name", "FundAccountName": "Name", "ScopeName": "Name",
  ]

  static func of(_ type: SchemaType) -> SwiftForm {
    switch type {
    case .encoded(let encoded): of(encoded)
    case .enumeration(let enumeration):
      SwiftForm(
        typeName: enumeration.name, null: SwiftEnums.absentCase(enumeration),
        load: { "\(enumeration.name)(wireCode: block.integer(at: \($0), null: 0))" },
        store: { "block.store(\($0).wireCode, at: \($1))" })
    case .set(let set):
      SwiftForm(
        typeName: set.name, null: "[]",
        load: { "\(set.name)(rawValue: block.integer(at: \($0), null: 0))" },
        store: { "block.store(\($0).rawValue, at: \($1))" })
    case .composite(let composite): of(composite)
    }
  }

  private static func of(_ composite: CompositeType) -> SwiftForm {
    let name = composite.name
    if composite.decimalExponent != nil {
      return SwiftForm(
        typeName: name, null: ".none",
        load: { "\(name)(units: block.integer(at: \($0), null: .min))" },
        store: { "block.store(\($0).units, at: \($1))" })
    }
    return SwiftForm(
      typeName: name, null: "\(name)()", load: { "\(name)(block, at: \($0))" },
      store: { "\($0).store(in: block, at: \($1))" })
  }

  private static func of(_ encoded: EncodedType) -> SwiftForm {
    if encoded.primitive == .char {
      let name = textAliases[encoded.name] ?? "FixedText<\(encoded.length)>"
      return SwiftForm(
        typeName: name, null: "\(name)()",
        load: { "block.text(at: \($0))" }, store: { "block.store(\($0), at: \($1))" })
    }
    let null = number(encoded.null, encoded.primitive)
    if encoded.name == "TradingDay" {
      return SwiftForm(
        typeName: "TradingDay", null: ".none",
        load: { "TradingDay(yyyymmdd: block.integer(at: \($0), null: 0)) ?? .none" },
        store: { "block.store(\($0).yyyymmdd, at: \($1))" })
    }
    if let wrapper = wrappers[encoded.name] {
      let label = unlabelled.contains(encoded.name) ? "" : "\(wrapper.label): "
      return SwiftForm(
        typeName: encoded.name, null: wrapper.null,
        load: { "\(encoded.name)(\(label)block.integer(at: \($0), null: \(null)))" },
        store: { "block.store(\($0).\(wrapper.label), at: \($1))" })
    }
    return SwiftForm(
      typeName: integerName(encoded.primitive), null: null,
      load: { "block.integer(at: \($0), null: \(null))" },
      store: { "block.store(\($0), at: \($1))" })
  }

  private static func number(_ null: String, _ primitive: Primitive) -> String {
    if primitive.isSigned, null == primitive.defaultNull { return ".min" }
    if !primitive.isSigned, null == primitive.defaultNull { return ".max" }
    return null
  }

  private static func integerName(_ primitive: Primitive) -> String {
    switch primitive {
    case .char, .uint8: "UInt8"
    case .int8: "Int8"
    case .int16: "Int16"
    case .int32: "Int32"
    case .int64: "Int64"
    case .uint16: "UInt16"
    case .uint32: "UInt32"
    case .uint64: "UInt64"
    }
  }
}
