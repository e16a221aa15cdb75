import Domain

/// Reads config/rates.json5.
struct RateSettingsReader {
  static let file = "rates.json5"

  let catalogue: Catalogue
  let log: ReadingLog

  func read(_ node: ConfigNode, into names: inout NameTable) -> RateSettings {
    var reader = ObjectReader(node, file: RateSettingsReader.file, log: log)
    let mode = ValueKind<RateMode>.choice(["own": .own, "fund-account": .fundAccount])
    let margin = reader.value("marginRates", mode, default: .fundAccount)
    let fee = reader.value("feeRates", mode, default: .fundAccount)
    let rates = RateRowReader(catalogue: catalogue).read(&reader)
    let declaration = reader.object("declarationFee") { fee in
      DeclarationFee(
        amount: fee.value("yuan", DeclarationReader.amount, default: Money(yuan: 1)),
        unit: fee.value("per", DeclarationReader.unit, default: .order))
    }
    let templates = reader.objects("templates", most: 10_000) { (entry: inout ObjectReader) in
      let name = entry.required("name", ValueKind<String>.name().positioned())
      names.define(name, log)
      return readTemplate(&entry, name.value)
    }
    reader.finish()
    return RateSettings(
      marginMode: margin, feeMode: fee, rates: rates, declaration: declaration,
      templates: templates)
  }

  private func readTemplate(_ entry: inout ObjectReader, _ name: String) -> TemplateSettings {
    let kind = entry.required(
      "kind",
      ValueKind<TemplateKind>.choice([
        "margin": .margin, "fee": .fee, "order-size": .orderSize, "tradable": .tradable,
      ]))
    let template = TemplateSettings(
      name: name, kind: kind, rates: RateRowReader(catalogue: catalogue).read(&entry),
      orderSizes: OrderSizeReader(catalogue: catalogue).read(&entry),
      tradable: TradableReader(catalogue: catalogue).read(&entry, "tradable"))
    for (key, kinds) in [
      ("rates", [TemplateKind.margin, .fee]), ("orderSizes", [.orderSize]),
      ("tradable", [.tradable]),
    ] where entry.has(key) && !kinds.contains(kind) {
      entry.report(.inconsistent, key, "a template of this kind has none")
    }
    let others = template.rates.filter {
      kind == .margin ? $0.rates.hasFee : kind == .fee && $0.rates.hasMargin
    }
    if !others.isEmpty {
      entry.report(
        .inconsistent, "rates",
        kind == .margin ? "a template of margins has no fees" : "a template of fees has no margins")
    }
    return template
  }
}

/// Reads what an operation account or a fund account pays for declarations.
enum DeclarationReader {
  static var amount: ValueKind<Money> {
    .money(0...Ranges.declarationFeeMaximum / Money.unitsPerYuan)
  }
  static var unit: ValueKind<DeclarationUnit> { .choice(["order": .order, "lot": .lot]) }

  static func read(_ entry: inout ObjectReader) -> DeclarationFee {
    entry.object("declarationFee") { fee in
      let read = DeclarationFee(
        amount: fee.value("yuan", amount, default: .zero),
        mode: fee.value(
          "of",
          ValueKind<DeclarationMode>.choice(["platform": .platform, "none": .none, "own": .own]),
          default: .platform),
        unit: fee.value("per", unit, default: .order))
      if read.mode != .own, fee.has("yuan") || fee.has("per") {
        fee.report(.notice, "of", "the amount holds with 'own' alone")
      }
      return read
    }
  }
}

/// Reads the templates of an operation account.
struct TemplateReferenceReader {
  let templates: NameTable
  let settings: [TemplateSettings]
  let log: ReadingLog

  func read(_ entry: inout ObjectReader) -> [TemplateReference] {
    entry.object("templates") { reader in
      var found: [TemplateReference] = []
      for (key, kind) in [
        ("margin", TemplateKind.margin), ("fee", .fee), ("orderSize", .orderSize),
        ("tradable", .tradable),
      ] {
        let name = reader.optional(key, ValueKind<String>.name().positioned(), unset: "none")
        guard let name, let place = templates.resolve(name, log) else { continue }
        if settings[place].kind == kind {
          found.append(TemplateReference(kind: kind, template: place))
        } else {
          reader.report(.inconsistent, key, "the template is of another kind")
        }
      }
      return found
    }
  }
}
