import Domain

/// What came of reading a configuration.
public struct LoadedConfiguration: Sendable {
  /// Nil when there is a fault that is not a notice.
  public var configuration: Configuration?
  /// All faults and notices, by file and place.
  public var faults: [ConfigFault]
  /// Faults beyond the most that are kept.
  public var droppedFaultCount: Int
  /// Every key the reader knows, when they were asked for.
  public var declarations: [KeyDeclaration]
}

/// Reads all files, resolves what they say of one another, and reports every fault at once.
public enum ConfigurationLoader {
  /// - Parameter isDeclaring: the keys that the reader knows are wanted.
  public static func load(
    _ files: ConfigurationFiles, isDeclaring: Bool = false
  ) -> LoadedConfiguration {
    var loading = Loading(files: files, log: ReadingLog(isDeclaring: isDeclaring))
    let configuration = loading.run()
    let order = Dictionary(
      ConfigurationFiles.names.enumerated().map { ($1, $0) },
      uniquingKeysWith: { first, _ in first })
    let labels = Dictionary(
      files.files.map { ($0.label, order[$0.name] ?? 0) }, uniquingKeysWith: { first, _ in first })
    let faults = loading.log.faults.enumerated().sorted { left, right in
      let leftKey = (
        labels[left.element.position.file] ?? -1, left.element.position.line,
        left.element.position.column, left.offset
      )
      let rightKey = (
        labels[right.element.position.file] ?? -1, right.element.position.line,
        right.element.position.column, right.offset
      )
      return leftKey < rightKey
    }.map(\.element)
    let isSound = faults.allSatisfy(\.isNotice)
    return LoadedConfiguration(
      configuration: isSound ? configuration : nil, faults: faults,
      droppedFaultCount: loading.log.droppedFaultCount, declarations: loading.log.declarations)
  }
}

private struct Loading {
  let files: ConfigurationFiles
  let log: ReadingLog

  mutating func run() -> Configuration? {
    for fault in files.faults { log.report(fault) }
    // Without a folder every file is missing: that is one fault.
    if files.files.isEmpty, !files.faults.isEmpty { return nil }
    let gateway = node("gateway.json5").map { GatewayReader(log: log).read($0) }
    let risk = optionalNode("risk.json5").map { RiskReader(log: log).read($0) } ?? .standard
    var calendarReader = CalendarReader(log: log)
    let calendarNode = node("calendar.json5")
    if calendarNode == nil { calendarReader.markIncomplete() }
    let calendar = calendarNode.map { calendarReader.read($0) }
    let catalogue = readCommodities(hours: calendarReader.hoursNames)
    let instruments = node("instruments.json5").map {
      InstrumentReader(catalogue: catalogue, log: log).read($0)
    }
    var templateNames = NameTable("template")
    let rates =
      optionalNode("rates.json5").map {
        RateSettingsReader(catalogue: catalogue, log: log).read($0, into: &templateNames)
      } ?? .standard
    let budgets = readBudgets(catalogue)
    var counterNames = NameTable("counter")
    let counters = read("counters.json5", &counterNames) { node, names in
      CounterReader(log: log).read(node, into: &names)
    }
    var productNames = NameTable("product")
    let products = read("products.json5", &productNames) { node, names in
      ProductReader(catalogue: catalogue, log: log).read(node, into: &names)
    }
    var fundNames = NameTable("fund account")
    let funds = read("fund-accounts.json5", &fundNames) { node, names in
      FundAccountReader(
        catalogue: catalogue, products: productNames, counters: counterNames,
        counterSettings: counters ?? [], log: log
      ).read(node, into: &names)
    }
    var accountNames = NameTable("operation account")
    let accounts = read("operation-accounts.json5", &accountNames) { node, names in
      OperationAccountReader(
        catalogue: catalogue, products: productNames, lines: LineReader(mode: risk.mode),
        templates: TemplateReferenceReader(
          templates: templateNames, settings: rates.templates, log: log), log: log
      ).read(node, into: &names)
    }
    let schemes =
      optionalNode("schemes.json5").map {
        SchemeReader(
          catalogue: catalogue, products: productNames, accounts: accountNames,
          aliases: (accounts ?? []).map(\.alias), log: log
        ).read($0)
      } ?? SchemeSettings()
    let controllers =
      optionalNode(ControllerReader.file).map {
        ControllerReader(accounts: accountNames, log: log).read($0)
      } ?? []
    guard let gateway, let calendar, let instruments, let counters, let products, let funds,
      let accounts
    else { return nil }
    let configuration = Configuration(
      gateway: gateway, risk: risk, rates: rates, calendar: calendar.calendar,
      tradingHours: calendar.hours,
      commodities: catalogue.commodities, instruments: instruments, counters: counters,
      everybody: products.everybody, products: products.products, fundAccounts: funds,
      operationAccounts: accounts, schemes: schemes, controllers: controllers, budgets: budgets,
      labels: Dictionary(
        files.files.map { ($0.name, $0.label) }, uniquingKeysWith: { first, _ in first }))
    ConfigurationChecks(configuration: configuration, log: log).run()
    return configuration
  }

  private func readBudgets(_ catalogue: Catalogue) -> BudgetSettings {
    optionalNode(BudgetReader.file).map { BudgetReader(catalogue: catalogue, log: log).read($0) }
      ?? BudgetSettings()
  }

  /// The tree of a file; nil, and reported, when it is missing or no JSON5.
  private func node(_ name: String) -> ConfigNode? {
    guard let file = files.files.first(where: { $0.name == name }) else {
      let path = "\(files.label)/\(name)"
      // A file that could not be read has been reported.
      if !files.faults.contains(where: { $0.position.file == path }) {
        log.report(files.fault("the file \(name) is missing"))
      }
      return nil
    }
    return parse(file)
  }

  /// The same of a file that need not be there.
  private func optionalNode(_ name: String) -> ConfigNode? {
    files.files.first { $0.name == name }.flatMap { parse($0) }
  }

  private func parse(_ file: ConfigurationFiles.File) -> ConfigNode? {
    do throws(ConfigFault) {
      return try JSON5Reader.read(file.bytes, file: file.label)
    } catch {
      log.report(error)
      return nil
    }
  }

  private func read<Value>(
    _ name: String, _ names: inout NameTable,
    _ body: (ConfigNode, inout NameTable) -> Value
  ) -> Value? {
    guard let node = node(name) else {
      names.isComplete = false
      return nil
    }
    return body(node, &names)
  }

  private func readCommodities(hours: NameTable) -> Catalogue {
    var catalogue = Catalogue()
    let written = files.files.filter { ConfigurationFiles.commodities.contains($0.name) }
    if written.isEmpty { log.report(files.fault("no file under commodities/")) }
    catalogue.names.isComplete = !written.isEmpty
    for file in written {
      guard let node = parse(file) else {
        catalogue.names.isComplete = false
        continue
      }
      catalogue.commodities += ExchangeReader(hours: hours, log: log)
        .read(node, into: &catalogue.names)
    }
    return catalogue
  }
}
