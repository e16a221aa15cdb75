import Domain

/// Reads config/products.json5.
struct ProductReader {
  static let file = "products.json5"
  static let productsMaximum = 10_000

  let catalogue: Catalogue
  let log: ReadingLog

  func read(
    _ node: ConfigNode, into names: inout NameTable
  ) -> (everybody: EverybodySettings, products: [ProductSettings]) {
    var reader = ObjectReader(node, file: ProductReader.file, log: log)
    let everybody = reader.object("everybody") { everybody in
      EverybodySettings(
        tradable: TradableReader(catalogue: catalogue).read(&everybody, "tradable"),
        mapsExternal: everybody.value("mapsExternal", .flag, default: false))
    }
    let products = reader.objects("products", most: ProductReader.productsMaximum) {
      (entry: inout ObjectReader) in
      let name = entry.required("name", ValueKind<String>.name().positioned())
      names.define(name, log)
      return readProduct(&entry, name.value)
    }
    reader.finish()
    return (everybody, products)
  }

  private func readProduct(_ entry: inout ObjectReader, _ name: String) -> ProductSettings {
    let mode = ValueKind<RoutingMode>.choice([
      "priority": .priority, "ratio": .ratio, "net-position": .netPosition,
    ])
    let alias = entry.value("alias", .text(0...32), default: "")
    let own = entry.required("mode", mode)
    let modes = entry.distinctObjects(
      "commodityModes", most: 512, by: ["commodity"], identity: \.commodity
    ) { row in
      ProductSettings.CommodityMode(
        commodity: row.required("commodity", catalogue.commodity), mode: row.required("mode", mode))
    }
    let refuses = entry.value(
      "partialPlacement",
      ValueKind<Bool>.choice(["send-what-fits": false, "refuse": true]), default: true)
    let retries = entry.value("retryRejectedChild", .flag, default: false)
    let barred = entry.value(
      "deliveryMonthBarred",
      ValueKind<[Positioned<ConfigScope>]>.list(
        of: catalogue.scope([.exchange, .commodity, .instrument]).positioned(), most: 1_000),
      default: [])
    return ProductSettings(
      name: name, alias: alias, mode: own, commodityModes: modes,
      refusesPartialPlacement: refuses, retriesRejectedChild: retries,
      deliveryMonthBarred: barred, mayOpen: entry.value("mayOpen", .flag, default: true),
      countsNightClose: entry.value("countsNightClose", .flag, default: false),
      tradedValue: entry.optional("tradedValue", .amount),
      tradable: TradableReader(catalogue: catalogue).read(&entry, "tradable"),
      lockMode: entry.value(
        "lockMode",
        ValueKind<LockMode>.choice([
          "off": .off, "close-today-as-opening": .closeTodayAsOpening,
          "prefer-yesterday": .preferYesterday,
        ]), default: .off),
      closesWithoutFunds: entry.value("closesWithoutFunds", .flag, default: false),
      closesTodayWithoutLock: entry.value("closesTodayWithoutLock", .flag, default: false),
      autoMapping: entry.value(
        "autoMapping",
        ValueKind<AutoMapping>.choice(["no": .no, "yes": .yes, "follow-everybody": .followGlobal]),
        default: .no),
      externalAccount: entry.optional(
        "externalAccount", ValueKind<String>.accountName.positioned(), unset: "none"),
      rateAccount: entry.optional(
        "rateAccount", ValueKind<String>.accountName.positioned(),
        unset: "the first of a day to log in"),
      rates: RateRowReader(catalogue: catalogue).read(&entry),
      fees: ProductFeeReader.read(&entry))
  }
}
