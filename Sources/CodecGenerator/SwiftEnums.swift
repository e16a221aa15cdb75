/// Enums and sets in Swift.
enum SwiftEnums {
  /// Enums that Domain or Messages has, with the case that value 0 reads as.
  static let shared: [String: String] = [
    "Side": "unknown", "Offset": "unknown", "HedgeFlag": "unknown", "OrderType": "unknown",
    "TimeInForce": "unknown", "PositionSide": "unknown", "Exchange": "unknown",
    "OrderState": "unknown", "ExecType": "unknown", "Unit": "none", "ScopeKind": "none",
    "RoutingMode": "unknown", "TradingPhase": "unknown", "SessionDate": "unknown",
    "ChildReportKind": "unknown", "LimitBandBar": "unknown", "LimitBandMeasure": "unknown",
    "LineAction": "unknown", "LineBasis": "unknown", "LineLevel": "unknown",
    "RiskDegreeMode": "unknown", "RateOwnerKind": "unknown", "HolderKind": "unknown",
    "ObjectKind": "unknown", "ClauseKind": "unknown", "ClauseScopeKind": "unknown",
    "ClauseDirection": "unknown", "ClauseBasis": "unknown", "NetValueMode": "unknown",
    "BandBasis": "unknown", "SchemePeriod": "unknown", "PeriodRule": "unknown",
    "ControlKind": "unknown", "AccessList": "unknown", "NoticeAudience": "unknown",
    "LiquidationOwner": "unknown", "LiquidationPhase": "unknown", "LiquidationEnd": "unknown",
    "LiquidationExtent": "unknown", "SessionClose": "unknown",
    "OvernightMeasure": "unknown", "OvernightExcess": "unknown", "SessionFlatAction": "unknown",
    "RateMethod": "unknown", "TemplateKind": "unknown", "BudgetKind": "unknown",
    "FeeKind": "unknown", "FeeMethod": "unknown", "FeeBasis": "unknown",
    "OptionClass": "none",
  ]

  static func absentCase(_ type: EnumType) -> String { ".\(shared[type.name] ?? "unknown")" }

  /// Codes of the enums that are declared elsewhere: one file for every schema.
  static func sharedCodes(_ schemas: [Schema]) -> String {
    var code = CodeText()
    code.lines(SwiftFile.header("schema/*.xml"))
    code.lines(["import Domain", "import Messages"])
    var done: Set<String> = []
    for case .enumeration(let type) in schemas.flatMap(\.types)
    where shared[type.name] != nil && done.insert(type.name).inserted {
      code.line()
      writeCodes(type, into: &code)
    }
    return code.text
  }

  private static func writeCodes(_ type: EnumType, into code: inout CodeText) {
    let absent = absentCase(type)
    code.block("extension \(type.name) {") { code in
      code.line("/// The case of a code on the wire; `\(absent)` for a code nobody knows.")
      code.block("@inlinable public init(wireCode: UInt8) {") { code in
        code.block("switch wireCode {") { code in
          for value in type.values { code.line("case \(value.value): self = .\(value.name)") }
          code.line("default: self = \(absent)")
        }
      }
      code.line()
      code.line("/// Its code on the wire; 0 for `\(absent)`.")
      code.block("@inlinable public var wireCode: UInt8 {") { code in
        code.block("switch self {") { code in
          code.line("case \(absent): 0")
          for value in type.values { code.line("case .\(value.name): \(value.value)") }
        }
      }
      code.line()
      code.line("/// The case of a code in the journal, which holds no code that nobody knows.")
      code.block("@inlinable init(journalCode: UInt8) throws(WireError) {") { code in
        code.line("self.init(wireCode: journalCode)")
        code.block("guard wireCode == journalCode else {") { code in
          code.line("throw .unknownCode(UInt16(journalCode))")
        }
      }
    }
  }

  /// Enums, sets and composites that belong to one schema.
  static func types(of schema: Schema, namespace: String) -> String {
    var code = CodeText()
    code.lines(SwiftFile.header("schema/\(schema.name).xml"))
    code.lines(["import Domain", "import Messages", ""])
    code.block("extension \(namespace) {") { code in
      var isFirst = true
      for type in schema.types {
        guard let write = writer(of: type) else { continue }
        if !isFirst { code.line() }
        isFirst = false
        write(&code)
      }
    }
    return code.text
  }

  private static func writer(of type: SchemaType) -> ((inout CodeText) -> Void)? {
    switch type {
    case .encoded: return nil
    case .enumeration(let type):
      return shared[type.name] == nil ? { writeEnum(type, into: &$0) } : nil
    case .set(let type): return { writeSet(type, into: &$0) }
    case .composite(let type):
      let isCarrier = ["messageHeader", "groupSizeEncoding"].contains(type.name)
      if isCarrier || type.decimalExponent != nil || type.member("varData") != nil { return nil }
      return { writeComposite(type, into: &$0) }
    }
  }

  static func writeEnum(_ type: EnumType, into code: inout CodeText) {
    code.line("/// \(type.description).")
    code.block("public enum \(type.name): UInt8, Sendable, BitwiseCopyable, CaseIterable {") {
      code in
      code.line("/// Absent, or a code that this version does not know.")
      code.line("case unknown = 0")
      for value in type.values {
        code.line("/// \(value.description).")
        code.line("case \(value.name) = \(value.value)")
      }
      code.line()
      code.line("/// The case of a code on the wire; `.unknown` for a code nobody knows.")
      code.block("@inlinable public init(wireCode: UInt8) {") { code in
        code.line("self = Self(rawValue: wireCode) ?? .unknown")
      }
      code.line("@inlinable public var wireCode: UInt8 { rawValue }")
    }
  }

  private static func writeSet(_ type: EnumType, into code: inout CodeText) {
    code.line("/// \(type.description).")
    code.block(
      "public struct \(type.name): OptionSet, Equatable, Hashable, Sendable, BitwiseCopyable {"
    ) { code in
      code.line("public var rawValue: UInt8")
      code.line("@inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }")
      for value in type.values {
        code.line()
        code.line("/// \(value.description).")
        code.block("@inlinable public static var \(value.name): Self {") { code in
          code.line("Self(rawValue: 1 << \(value.value))")
        }
      }
    }
  }

  private static func writeComposite(_ type: CompositeType, into code: inout CodeText) {
    let members = type.members.map { (member: $0, form: SwiftForm.of($0.type)) }
    code.line("/// \(type.description).")
    code.block("public struct \(type.name): Equatable, Sendable, BitwiseCopyable {") { code in
      for (member, form) in members {
        code.line("/// \(member.description).")
        code.line("public var \(member.name): \(form.typeName)")
      }
      code.line()
      SwiftFile.writeMemberwise(
        members.map { ($0.member.name, $0.form.typeName, $0.form.null) }, into: &code)
      code.line()
      code.block("@inlinable init(_ block: BlockReader, at offset: Int) {") { code in
        for (member, form) in members {
          code.line("\(member.name) = \(form.load("offset + \(member.offset)"))")
        }
      }
      code.line()
      code.block("@inlinable func store(in block: BlockWriter, at offset: Int) {") { code in
        for (member, form) in members {
          code.line(form.store(member.name, "offset + \(member.offset)"))
        }
      }
    }
  }
}
