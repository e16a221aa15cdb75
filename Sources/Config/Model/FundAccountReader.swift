import Domain

/// Reads config/fund-accounts.json5.
struct FundAccountReader {
  static let file = "fund-accounts.json5"
  static let accountsMaximum = 10_000
  /// As many as a product's record has room for.
  static let perProductMaximum = 32

  let catalogue: Catalogue
  let products: NameTable
  let counters: NameTable
  let counterSettings: [CounterSettings]
  let log: ReadingLog

  func read(_ node: ConfigNode, into names: inout NameTable) -> [FundAccountSettings] {
    var reader = ObjectReader(node, file: FundAccountReader.file, log: log)
    var logins: [String: String] = [:]
    var perProduct: [Int: Int] = [:]
    let accounts = reader.objects("accounts", most: FundAccountReader.accountsMaximum) {
      (entry: inout ObjectReader) in
      let name = entry.required("name", ValueKind<String>.accountName.positioned())
      names.define(name, log)
      let account = readAccount(&entry, name.value)
      if let earlier = logins.updateValue(name.value, forKey: "\(account.counter) \(account.user)")
      {
        entry.report(
          .duplicateName, "user", "\(ConfigNode.quoted(earlier)) logs in there as the same")
      }
      if let product = account.product {
        perProduct[product, default: 0] += 1
        if perProduct[product] == FundAccountReader.perProductMaximum + 1 {
          entry.report(
            .outOfRange, "product",
            "more than \(FundAccountReader.perProductMaximum) fund accounts in one product")
        }
      }
      return account
    }
    reader.finish()
    return accounts
  }

  private func readAccount(_ entry: inout ObjectReader, _ name: String) -> FundAccountSettings {
    let noProduct = "never routed to"
    let product = entry.requiredOrNull(
      "product", ValueKind<String>.name().positioned(), null: noProduct
    ).flatMap { products.resolve($0, log) }
    let counterName = entry.required("counter", ValueKind<String>.name().positioned())
    let counter = counters.resolve(counterName, log)
    let user = entry.required("user", .accountName)
    let password = readPassword(
      &entry, isSimulated: counter.map { counterSettings[$0].isSimulated })
    let limits = FundLimitReader(catalogue: catalogue)
    let tradable = TradableReader(catalogue: catalogue)
    return FundAccountSettings(
      name: name, product: product, counter: counter ?? 0, user: user, password: password,
      priority: entry.value(
        "priority", ValueKind<Int64>.integer(-1_000_000...1_000_000), default: 0),
      minimumReserve: entry.value("minimumReserve", .amount, default: .zero),
      mayOpen: entry.value("mayOpen", .flag, default: true),
      mayHedge: entry.value("mayHedge", .flag, default: false),
      orderSizes: readOrderSizes(&entry), positionLimits: readPositionLimits(&entry),
      openVolumes: limits.openVolumes(&entry), orderRate: OrderRateReader.read(&entry),
      messageQuota: entry.optional("messageQuota", .messageQuota, unset: "the counter's"),
      messageReserve: entry.value(
        "messageReserve", ValueKind<Int64>.integer(0...4_095, "messages"), default: 0),
      tradableDay: tradable.read(&entry, "tradableDay"),
      tradableNight: tradable.read(&entry, "tradableNight"), quotas: limits.quotas(&entry),
      priorities: limits.priorities(&entry), tradingCodes: readTradingCodes(&entry),
      rates: RateRowReader(catalogue: catalogue).read(&entry),
      counterRates: RateRowReader(catalogue: catalogue).readCounter(&entry),
      declaration: DeclarationReader.read(&entry),
      oneSided: entry.value("oneSidedMargin", .exchanges, default: []),
      counterOneSided: entry.value("counterOneSidedMargin", .exchanges, default: []),
      controlGroup: entry.optional("controlGroup", ValueKind<String>.name(), unset: "none"),
      marketMaking: entry.value(
        "marketMaking", .list(of: catalogue.commodity, most: 500), default: []),
      opening: OpeningReader(catalogue: catalogue).read(&entry))
  }

  private func readPassword(_ entry: inout ObjectReader, isSimulated: Bool?) -> SecretSource {
    entry.requiredObject("password") { password in
      let file = password.optional("file", .secretPlace, unset: "none")
      let environment = password.optional("env", .secretPlace, unset: "none")
      let isGenerated = password.value("generate", .flag, default: false)
      if isGenerated, isSimulated == false {
        password.report(
          .inconsistent, "generate", "only a simulated counter can learn a generated password")
      }
      switch (file, environment, isGenerated) {
      case (let path?, nil, false): return .file(path)
      case (nil, let variable?, false): return .environment(variable)
      case (nil, nil, true): return .generated
      default:
        password.report(
          .inconsistent,
          "say exactly one of file, env and 'generate: true'; a password itself "
            + "has no place in a file of settings")
        return .generated
      }
    }
  }

  private func readOrderSizes(_ entry: inout ObjectReader) -> [FundAccountSettings.OrderSize] {
    entry.distinctObjects(
      "orderSizes", most: 1_000, by: ["scope"], identity: { "\($0.scope.value)" }
    ) { row in
      let size = FundAccountSettings.OrderSize(
        scope: row.required("scope", catalogue.scope([.commodity, .instrument]).positioned()),
        lots: row.optional("lots", .lotsLimit), margin: row.optional("margin", .amount))
      if size.lots == nil, size.margin == nil { row.report(.missingKey, "a row without a limit") }
      return size
    }
  }

  private func readPositionLimits(
    _ entry: inout ObjectReader
  ) -> [FundAccountSettings.PositionLimit] {
    entry.distinctObjects(
      "positionLimits", most: 1_000, by: ["scope", "hedge"],
      identity: { "\($0.scope.value) \($0.hedge)" }
    ) { row in
      let limit = FundAccountSettings.PositionLimit(
        scope: row.required("scope", catalogue.scope([.commodity, .instrument]).positioned()),
        hedge: row.value("hedge", .hedgeOrAny, default: .unknown),
        long: row.optional("long", .lotsLimit), short: row.optional("short", .lotsLimit),
        total: row.optional("total", .lotsLimit))
      if limit.long == nil, limit.short == nil, limit.total == nil {
        row.report(.missingKey, "a row without a limit")
      }
      return limit
    }
  }

  private func readTradingCodes(
    _ entry: inout ObjectReader
  ) -> [FundAccountSettings.TradingCode] {
    entry.object("tradingCodes") { codes in
      Exchange.allCases.filter { $0 != .unknown }.compactMap { exchange in
        codes.optional(exchange.code, .tradingCode, unset: "none")
          .map { FundAccountSettings.TradingCode(exchange: exchange, code: $0) }
      }
    }
  }
}

extension ValueKind where Value == Int64 {
  /// As many as a window can count.
  static var messageQuota: ValueKind { .integer(1...4_096, "messages a second") }
}

extension ValueKind where Value == String {
  static var tradingCode: ValueKind {
    fromText("1...16 ASCII letters and digits", placeholder: "?", show: ConfigNode.quoted) { text in
      let isLegal = text.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      }
      return isLegal && (1...16).contains(text.utf8.count) ? text : nil
    }
  }

  /// A path or a variable that a secret is read from. No fault shows it: it may be the secret.
  static var secretPlace: ValueKind {
    fromText(
      "text of 1...1024 bytes", placeholder: "?", isSecret: true, show: { _ in "" }
    ) { text in
      (1...1_024).contains(text.utf8.count) && !text.utf8.contains(where: { $0 < 0x20 })
        ? text : nil
    }
  }
}
