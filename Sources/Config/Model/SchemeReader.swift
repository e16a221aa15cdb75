import Domain

/// Reads config/schemes.json5.
struct SchemeReader {
  static let file = "schemes.json5"

  let catalogue: Catalogue
  let products: NameTable
  let accounts: NameTable
  /// Of operation accounts, by their places.
  let aliases: [String]
  let log: ReadingLog

  func read(_ node: ConfigNode) -> SchemeSettings {
    var reader = ObjectReader(node, file: SchemeReader.file, log: log)
    var settings = SchemeSettings()
    var sectors = NameTable("sector")
    settings.sectors = reader.objects("sectors", most: SchemeLimits.sectors) { row in
      SchemeSettings.Sector(
        name: define(&row, &sectors),
        commodities: row.value(
          "commodities", ValueKind<[Int]>.list(of: catalogue.commodity, most: 512), default: []))
    }
    var superSectors = NameTable("super-sector")
    settings.superSectors = reader.objects("superSectors", most: SchemeLimits.superSectors) {
      (row: inout ObjectReader) in
      let name = define(&row, &superSectors)
      let members = row.value(
        "sectors",
        ValueKind<[Positioned<String>]>.list(
          of: ValueKind<String>.name().positioned(), most: SchemeLimits.sectors), default: [])
      return SchemeSettings.SuperSector(
        name: name, sectors: members.compactMap { sectors.resolve($0, log) })
    }
    var names = NameTable("scheme")
    let clauses = ClauseConfigReader(
      catalogue: catalogue, sectors: sectors, superSectors: superSectors, log: log)
    var schemes: [SchemeSettings.Scheme] = []
    settings.schemes = reader.objects("schemes", most: 10_000) { row in
      let scheme = readScheme(&row, &names, clauses, schemes)
      schemes.append(scheme)
      return scheme
    }
    settings.products = reader.distinctObjects(
      "products", most: 10_000, by: ["product"], identity: \.place
    ) { readProduct(&$0, names) }
    settings.accounts = reader.distinctObjects(
      "accounts", most: 10_000, by: ["account"], identity: \.place
    ) { readAccount(&$0, names) }
    settings.bands = reader.object("bands") { readBands(&$0, settings.bands) }
    settings.holidays = reader.objects("holidays", most: SchemeLimits.holidays) { row in
      let holiday = SchemeSettings.Holiday(
        from: row.required("from", .date), to: row.required("to", .date))
      if row.has("from"), row.has("to"), holiday.to < holiday.from {
        row.report(.inconsistent, "to", "it lies before from")
      }
      return holiday
    }
    reader.finish()
    return settings
  }

  private func define(_ row: inout ObjectReader, _ names: inout NameTable) -> String {
    let name = row.required("name", ValueKind<String>.name().positioned())
    names.define(name, log)
    return name.value
  }

  /// A copy has the clauses of the scheme that it is copied from, but those that it gives itself
  /// by the same numbers (方案拷贝).
  private func readScheme(
    _ row: inout ObjectReader, _ names: inout NameTable, _ reader: ClauseConfigReader,
    _ schemes: [SchemeSettings.Scheme]
  ) -> SchemeSettings.Scheme {
    let copied = row.optional("copyOf", ValueKind<String>.name().positioned(), unset: "no copy")
    let base = copied.flatMap { names.resolve($0, log) }
    let name = define(&row, &names)
    let own = row.distinctObjects(
      "clauses", most: SchemeLimits.clausesPerScheme, by: ["number"], identity: \.number
    ) { reader.read(&$0) }
    var clauses = base.map { schemes[$0].clauses } ?? []
    clauses.removeAll { clause in own.contains { $0.number == clause.number } }
    clauses += own
    return SchemeSettings.Scheme(name: name, clauses: clauses.sorted { $0.number < $1.number })
  }

  // MARK: Products and accounts

  private func readBands(
    _ reader: inout ObjectReader, _ standard: SchemeSettings.Bands
  ) -> SchemeSettings.Bands {
    SchemeSettings.Bands(
      step: reader.value(
        "step", ValueKind<Int64>.decimal(0...Rate.unitsPerOne, decimals: 8, unit: "yuan a share"),
        default: standard.step),
      dwellSeconds: reader.value(
        "dwellSeconds", ValueKind<Int64>.integer(0...86_400, "seconds"),
        default: standard.dwellSeconds))
  }

  private func readProduct(
    _ row: inout ObjectReader, _ names: NameTable
  ) -> SchemeSettings.Subject {
    let name = row.required("product", ValueKind<String>.name().positioned())
    let ignores = row.value("ignoresExposureOnClose", .flag, default: false)
    return readSubject(&row, names, products.resolve(name, log) ?? 0, ignores)
  }

  /// An operation account with shares and an alias is a product of its own (rules.md 5).
  private func readAccount(
    _ row: inout ObjectReader, _ names: NameTable
  ) -> SchemeSettings.Subject {
    let name = row.required("account", ValueKind<String>.name().positioned())
    let place = accounts.resolve(name, log)
    let account = readSubject(&row, names, place ?? 0, false)
    if account.netValue == nil {
      row.report(.inconsistent, "netValue", "an account with schemes of its own needs shares")
    }
    if let place, aliases.indices.contains(place), aliases[place].isEmpty {
      row.report(
        .inconsistent, "account",
        "an account with schemes of its own needs an alias (operation-accounts.json5)")
    }
    return account
  }

  private func readSubject(
    _ row: inout ObjectReader, _ names: NameTable, _ place: Int, _ ignores: Bool
  ) -> SchemeSettings.Subject {
    let netValue = row.optionalObject("netValue") { readNetValue(&$0) }
    let bars = row.value(
      "barsFrom", ValueKind<Bool>.choice(["level-one": false, "level-two": true]), default: false)
    let liquidation = row.value(
      "liquidation",
      ValueKind<SchemeLiquidation>.choice(["no": .no, "yes": .yes, "platform": .followGlobal]),
      default: .no)
    let extent = row.value(
      "liquidationExtent",
      ValueKind<LiquidationExtent>.choice(["all": .all, "to-line": .toLine]), default: .all)
    var bindings = readBindings(&row, names, .day)
    var periods: [SchemeSettings.Period] = []
    for period in [SchemePeriod.night, .holiday] {
      // What holds then must be said: silence would be a guess (rules.md 5).
      row.requiredObject(period == .night ? "night" : "holiday") { reader in
        periods.append(readPeriod(&reader, period))
        bindings += readBindings(&reader, names, period)
        if periods.last?.rule != .own, bindings.contains(where: { $0.period == period }) {
          reader.report(.inconsistent, "bindings", "bindings of its own need rule 'own'")
        }
      }
    }
    if bindings.count > SchemeLimits.bindingsPerProduct {
      row.report(
        .inconsistent, "bindings",
        "\(bindings.count) with those of nights and holidays; there is room for "
          + "\(SchemeLimits.bindingsPerProduct)")
    }
    let lines = row.object("lines") { reader in
      [
        reader.object("current") { readLines(.current, &$0) },
        reader.object("priorDay") { readLines(.priorDay, &$0) },
      ].filter { $0.topUp != nil || $0.warn != nil || $0.liquidation != nil }
    }
    if netValue == nil, !lines.isEmpty {
      row.report(
        .inconsistent, "lines", "lines of the unit net value need netValue with its shares")
    }
    check(bindings, hasShares: netValue != nil, &row)
    return SchemeSettings.Subject(
      place: place, netValue: netValue, barsFromLevelTwo: bars,
      ignoresExposureOnClose: ignores, liquidation: liquidation, liquidationExtent: extent,
      bindings: bindings, lines: lines, periods: periods)
  }

  private func readPeriod(
    _ reader: inout ObjectReader, _ period: SchemePeriod
  ) -> SchemeSettings.Period {
    let night: KeyValuePairs<String, PeriodRule> = ["none": .none, "as-day": .asDay, "own": .own]
    let holiday: KeyValuePairs<String, PeriodRule> = [
      "none": .none, "as-day": .asDay, "as-night": .asNight, "own": .own,
    ]
    let rule = reader.required("rule", .choice(period == .night ? night : holiday))
    let share = reader.value(
      "percent", ValueKind<Int64>.decimal(1...10 * Rate.unitsPerOne, decimals: 6, unit: "percent"),
      default: Rate.unitsPerOne)
    if share != Rate.unitsPerOne, rule == .none || rule == .own {
      reader.report(.inconsistent, "percent", "only what is followed has a percentage")
    }
    return SchemeSettings.Period(period: period, rule: rule, share: share)
  }

  private func readBindings(
    _ row: inout ObjectReader, _ names: NameTable, _ period: SchemePeriod
  ) -> [SchemeSettings.Binding] {
    row.objects("bindings", most: SchemeLimits.bindingsPerProduct) {
      (binding: inout ObjectReader) in readBinding(&binding, names, period)
    }
  }

  /// rules.md 0, "Load checks": top-up >= warn > liquidation.
  private func readLines(
    _ basis: BandBasis, _ reader: inout ObjectReader
  ) -> SchemeSettings.Lines {
    let kind = ValueKind<Int64>.decimal(
      0...SchemeLimits.unitNetValueMaximum, decimals: 8, unit: "yuan a share")
    let lines = SchemeSettings.Lines(
      basis: basis, topUp: reader.optional("topUp", kind), warn: reader.optional("warn", kind),
      liquidation: reader.optional("liquidation", kind))
    if let topUp = lines.topUp, let warn = lines.warn, topUp < warn {
      reader.report(.inconsistent, "topUp is not to be below warn: it comes before it")
    }
    if let liquidation = lines.liquidation {
      guard let warn = lines.warn else {
        reader.report(.inconsistent, "liquidation needs a warn line before it")
        return lines
      }
      if warn <= liquidation {
        reader.report(.inconsistent, "warn is to be above liquidation: it comes before it")
      }
    }
    return lines
  }

  private func readNetValue(_ reader: inout ObjectReader) -> SchemeSettings.NetValue {
    let value = SchemeSettings.NetValue(
      mode: reader.required(
        "mode",
        ValueKind<NetValueMode>.choice([
          "equity": .equity, "stated-total": .statedTotal, "external-total": .externalTotal,
        ])),
      shares: reader.required(
        "shares",
        ValueKind<Int64>.decimal(1...SchemeLimits.sharesMaximum, decimals: 4, unit: "shares")),
      total: reader.value("total", .amount, default: .zero),
      liabilities: reader.value("liabilities", .amount, default: .zero),
      accruedFees: reader.value("accruedFees", .amount, default: .zero))
    if value.mode == .equity, value.total != .zero {
      reader.report(.inconsistent, "total", "in mode 'equity' all of it is here: leave total out")
    }
    return value
  }

  private func readBinding(
    _ reader: inout ObjectReader, _ names: NameTable, _ period: SchemePeriod
  ) -> SchemeSettings.Binding {
    let name = reader.required("scheme", ValueKind<String>.name().positioned())
    let line = ValueKind<Int64>.decimal(
      0...SchemeLimits.unitNetValueMaximum, decimals: 8, unit: "yuan a share")
    let binding = SchemeSettings.Binding(
      scheme: names.resolve(name, log) ?? 0,
      basis: reader.value(
        "of", ValueKind<BandBasis>.choice(["current": .current, "prior-day": .priorDay]),
        default: .current),
      from: reader.optional("from", line, unset: "none"),
      to: reader.optional("to", line, unset: "none"), period: period)
    if let from = binding.from, let to = binding.to, from >= to {
      reader.report(.inconsistent, "from is to be below to: the range is [from, to)")
    }
    return binding
  }

  /// Ranges of one unit net value lie beside each other; a gap between two is told (rules.md 5).
  private func check(
    _ bindings: [SchemeSettings.Binding], hasShares: Bool, _ row: inout ObjectReader
  ) {
    if !hasShares, bindings.contains(where: { $0.from != nil || $0.to != nil }) {
      row.report(
        .inconsistent, "bindings", "a range of unit net values needs netValue with its shares")
    }
    let kinds = [BandBasis.current, .priorDay].flatMap { basis in
      [SchemePeriod.day, .night, .holiday].map { (basis, $0) }
    }
    for (basis, period) in kinds {
      let ranges = bindings.filter { $0.basis == basis && $0.period == period }
        .sorted { ($0.from ?? .min) < ($1.from ?? .min) }
      for (below, above) in zip(ranges, ranges.dropFirst()) {
        let (end, start) = (below.to ?? .max, above.from ?? .min)
        if end > start {
          row.report(.inconsistent, "bindings", "two ranges of one unit net value overlap")
        } else if end < start {
          let gap =
            "\(DecimalText.written(end, decimals: 8)) to "
            + DecimalText.written(start, decimals: 8)
          row.report(.notice, "bindings", "from \(gap) no clause applies")
        }
      }
    }
  }
}
