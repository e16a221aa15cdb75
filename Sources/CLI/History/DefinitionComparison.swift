import Domain
import Messages

/// What exists according to a journal, held against what exists according to a configuration.
enum DefinitionComparison {
  /// One thing that exists: where it is configured, what it is called, and what is said of it.
  private struct Definition {
    var file: String
    var name: String
    /// In its list, from 1: its dense id.
    var place: Int
    var fields: [(key: String, value: String)]

    var key: String { name.isEmpty ? file : "\(file): \(name)" }
  }

  /// A line for each difference; empty when all definitions agree.
  static func differences(journal: [Command], configuration: [Command]) -> [String] {
    let recorded = definitions(in: journal)
    let configured = definitions(in: configuration)
    let byKey = Dictionary(configured.map { ($0.key, $0) }) { first, _ in first }
    let recordedKeys = Set(recorded.map(\.key))
    var lines: [String] = []
    for definition in recorded {
      guard let other = byKey[definition.key] else {
        lines.append("\(definition.key): journal place \(definition.place), configuration none")
        continue
      }
      lines += differences(definition, other)
    }
    for definition in configured where !recordedKeys.contains(definition.key) {
      lines.append("\(definition.key): journal none, configuration place \(definition.place)")
    }
    return lines
  }

  /// A line for each thing that can be added to a running gateway and would have another place:
  /// new ones come behind those there are.
  static func misplaced(recorded: [Command], configured: [Command]) -> [String] {
    let configured = additions(in: configured)
    return additions(in: recorded).compactMap { definition in
      guard let other = configured.first(where: { $0.key == definition.key }),
        other.place != definition.place
      else { return nil }
      return """
        \(definition.key): is number \(definition.place) of the gateway's, and number \
        \(other.place) in the configuration: what is new comes behind what there is
        """
    }
  }

  private static func additions(in commands: [Command]) -> [Definition] {
    var counts: [String: Int] = [:]
    return commands.compactMap { command in
      let (file, name): (String, String)
      switch command {
      case .defineTemplate(let define): (file, name) = ("rates: templates", define.name.string)
      case .defineSector(let define): (file, name) = ("schemes: sectors", define.name.string)
      case .defineSuperSector(let define):
        (file, name) = ("schemes: superSectors", define.name.string)
      case .defineScheme(let define): (file, name) = ("schemes: schemes", define.name.string)
      default: return nil
      }
      counts[file, default: 0] += 1
      return Definition(file: file, name: name, place: counts[file] ?? 0, fields: [])
    }
  }

  private static func differences(_ recorded: Definition, _ other: Definition) -> [String] {
    func line(_ key: String, _ left: String, _ right: String) -> String {
      "\(recorded.key): \(key): journal \(left), configuration \(right)"
    }
    var lines: [String] = []
    if recorded.place != other.place {
      lines.append(line("place", "\(recorded.place)", "\(other.place)"))
    }
    for (left, right) in zip(recorded.fields, other.fields) where left.value != right.value {
      lines.append(line(left.key, left.value, right.value))
    }
    return lines
  }

  // MARK: Definitions of a genesis

  private static func definitions(in commands: [Command]) -> [Definition] {
    var names = DefinedNames()
    var definitions: [Definition] = []
    for command in commands {
      guard let (file, name, fields) = described(command, &names) else { continue }
      let place = names.count(of: file)
      definitions.append(Definition(file: file, name: name, place: place, fields: fields))
    }
    return definitions
  }

  /// Names by dense id, as far as they have come.
  private struct DefinedNames {
    private var lists: [String: [String]] = [:]

    mutating func add(_ name: String, to file: String) { lists[file, default: []].append(name) }
    func count(of file: String) -> Int { lists[file]?.count ?? 0 }
    func name(_ id: UInt32, in file: String) -> String {
      guard let list = lists[file], Int(id) < list.count else { return "none" }
      return list[Int(id)]
    }
  }

  private typealias Description = (
    file: String, name: String, fields: [(key: String, value: String)]
  )

  private static func described(
    _ command: Command, _ names: inout DefinedNames
  ) -> Description? {
    let described: Description
    switch command {
    case .engineSettings(let settings):
      return ("gateway", "", [("platform.shard", "\(settings.shard)")])
    case .defineTradingHours(let define):
      described = ("calendar", define.name.string, [("tradingHours", hours(define))])
    case .defineCommodity(let define):
      described = (
        "commodities", "\(define.exchange.code).\(define.code.string)",
        [
          ("hours", names.name(define.hours.raw, in: "calendar")),
          ("deliveryMultiple", "\(define.deliveryMultiple)"),
        ]
      )
    case .defineInstrument(let define): described = instrument(define, names)
    case .defineCounter(let define): described = ("counters", define.name.string, [])
    case .defineProduct(let define):
      // Its mode is a way of routing: a setting.
      described = ("products", define.name.string, [])
    case .defineFundAccount(let define):
      described = (
        "fund-accounts", define.name.string,
        [
          ("product", names.name(define.product.raw, in: "products")),
          ("counter", names.name(define.counter.raw, in: "counters")),
        ]
      )
    case .defineOperationAccount(let define):
      described = (
        "operation-accounts", define.name.string,
        [("product", names.name(define.product.raw, in: "products"))]
      )
    default: return nil
    }
    names.add(described.name, to: described.file)
    return described
  }

  private static func instrument(
    _ define: DefineInstrument, _ names: DefinedNames
  ) -> Description {
    let commodity = names.name(define.commodity.raw, in: "commodities")
    let exchange = commodity.prefix { $0 != "." }
    let option: [(String, String)] =
      define.option == .none
      ? []
      : [
        ("option", "\(define.option)"), ("strike", RuleWords.figure(define.strike.units, .price)),
        ("underlying", names.name(define.underlying.raw, in: "instruments")),
      ]
    return (
      "instruments", "\(exchange).\(define.code.string)",
      [
        ("commodity", commodity),
        ("month", "\(define.deliveryYear)-\(define.deliveryMonth)"),
        ("lastTradingDay", "\(define.lastTradingDay.yyyymmdd)"),
        ("multiplier", "\(define.multiplier)"),
        ("tick", RuleWords.figure(define.tick.units, .price)),
        ("limitLots", "\(define.minimumLimitLots)...\(define.maximumLimitLots)"),
        ("marketLots", "\(define.minimumMarketLots)...\(define.maximumMarketLots)"),
      ] + option
    )
  }

  private static func hours(_ define: DefineTradingHours) -> String {
    (0..<Int(min(define.count, 8))).map { index in
      let interval = define.intervals[index]
      return """
        \(interval.date) \(interval.phase) \(clock(Int(interval.startSecond)))-\
        \(clock(Int(interval.endSecond)))
        """
    }.joined(separator: ", ")
  }

  private static func clock(_ second: Int) -> String {
    let minute = second / 60 % 60
    return "\(second / 3_600):\(minute < 10 ? "0" : "")\(minute)"
  }
}
