import Domain
import Messages

/// Reads config/operation-accounts.json5.
struct OperationAccountReader {
  static let file = "operation-accounts.json5"
  static let accountsMaximum = 100_000

  let catalogue: Catalogue
  let products: NameTable
  let lines: LineReader
  let templates: TemplateReferenceReader
  let log: ReadingLog

  func read(_ node: ConfigNode, into names: inout NameTable) -> [OperationAccountSettings] {
    var reader = ObjectReader(node, file: OperationAccountReader.file, log: log)
    let accounts = reader.objects("accounts", most: OperationAccountReader.accountsMaximum) {
      (entry: inout ObjectReader) in
      let name = entry.required("name", ValueKind<String>.accountName.positioned())
      names.define(name, log)
      return readAccount(&entry, name.value)
    }
    reader.finish()
    return accounts
  }

  private func readAccount(
    _ entry: inout ObjectReader, _ name: String
  ) -> OperationAccountSettings {
    let product = entry.requiredOrNull(
      "product", ValueKind<String>.name().positioned(), null: "can place no order"
    ).flatMap { products.resolve($0, log) }
    let credential = entry.requiredObject("password", CredentialReader.read)
    let tradable = TradableReader(catalogue: catalogue).read(&entry, "tradable")
    let fatFinger = readFatFinger(&entry)
    let cancelLimit = entry.object("cancelLimit") { limit in
      (
        count: limit.optional("count", ValueKind<Int64>.integer(0...1_000_000, "cancels")),
        closingToo: limit.value("closingToo", .flag, default: false)
      )
    }
    let duplicates = entry.object("duplicates") { duplicates in
      (
        count: duplicates.optional("count", ValueKind<Int64>.integer(1...1_000, "orders")),
        window: duplicates.value(
          "windowMilliseconds", ValueKind<Int64>.integer(1...3_600_000, "milliseconds"),
          default: 1_000)
      )
    }
    let disconnect = readDisconnect(&entry)
    return OperationAccountSettings(
      name: name, product: product, credential: credential,
      alias: entry.value("alias", .text(0...32), default: ""),
      isEnabled: entry.value("enabled", .flag, default: true),
      mayOpen: entry.value("mayOpen", .flag, default: true),
      mayHedge: entry.value("mayHedge", .flag, default: false),
      positionCap: entry.value("positionCap", .lotsLimit, default: 100_000),
      marginCap: entry.value("marginCap", .amount, default: Money(yuan: 100_000_000)),
      positionLimits: readPositionLimits(&entry), limitBands: readLimitBands(&entry),
      tradable: tradable, orderSizes: OrderSizeReader(catalogue: catalogue).read(&entry),
      fatFingerNotional: fatFinger.notional, fatFingerTicks: fatFinger.ticks,
      fatFingerPercent: fatFinger.percent, cancelLimit: cancelLimit.count,
      cancelLimitBarsClosing: cancelLimit.closingToo,
      openOrders: entry.optional("openOrders", ValueKind<Int64>.integer(0...1_000_000, "orders")),
      orderRate: OrderRateReader.read(&entry), tradedValue: entry.optional("tradedValue", .amount),
      duplicateCount: duplicates.count, duplicateWindowMilliseconds: duplicates.window,
      staleSeconds: entry.optional(
        "staleSeconds", ValueKind<Int64>.integer(1...86_400, "seconds")),
      addresses: entry.value(
        "addresses", ValueKind<[AddressRange]>.list(of: .addressRange, most: 1_000), default: []),
      macs: entry.value("macs", ValueKind<[MACAddress]>.list(of: .mac, most: 1_000), default: []),
      sessions: entry.value("sessions", ValueKind<Int64>.integer(1...64), default: 1),
      dropsOlderSession: entry.value(
        "sessionsPolicy",
        ValueKind<Bool>.choice(["refuse-newer": false, "drop-older": true]), default: false),
      disconnectCancel: disconnect.cancel, disconnectGraceSeconds: disconnect.graceSeconds,
      ignoresExposureOnClose: entry.value("ignoresExposureOnClose", .flag, default: false),
      lines: lines.read(&entry),
      overnight: WindowReader(catalogue: catalogue).readOvernight(&entry),
      countsNightClose: entry.value("countsNightClose", .flag, default: false),
      sessionFlat: WindowReader(catalogue: catalogue).readSessionFlat(&entry),
      rates: RateRowReader(catalogue: catalogue).read(&entry),
      marginMode: entry.value("marginRates", RateRowReader.mode, default: .system),
      feeMode: entry.value("feeRates", RateRowReader.mode, default: .system),
      templates: templates.read(&entry), declaration: DeclarationReader.read(&entry),
      oneSided: entry.value("oneSidedMargin", .exchanges, default: []),
      opening: OpeningReader(catalogue: catalogue).read(&entry))
  }

  private func readDisconnect(
    _ entry: inout ObjectReader
  ) -> (cancel: OperationAccountSettings.DisconnectCancel, graceSeconds: Int64) {
    entry.object("cancelOnDisconnect") { disconnect in
      (
        cancel: disconnect.value(
          "orders",
          ValueKind<OperationAccountSettings.DisconnectCancel>.choice([
            "off": .off, "opening": .opening, "all": .all,
          ]), default: .off),
        graceSeconds: disconnect.value(
          "graceSeconds", ValueKind<Int64>.integer(0...3_600, "seconds"), default: 10)
      )
    }
  }

  private func readPositionLimits(
    _ entry: inout ObjectReader
  ) -> [OperationAccountSettings.PositionLimit] {
    entry.distinctObjects(
      "positionLimits", most: 1_000, by: ["scope", "hedge"],
      identity: { "\($0.scope.value) \($0.hedge)" }
    ) { row in
      let limit = OperationAccountSettings.PositionLimit(
        scope: row.required("scope", catalogue.scope([.commodity, .instrument]).positioned()),
        hedge: row.value("hedge", .hedgeOrAny, default: .unknown),
        lots: row.optional("lots", .lotsLimit), margin: row.optional("margin", .amount))
      if limit.lots == nil, limit.margin == nil { row.report(.missingKey, "a row without a limit") }
      return limit
    }
  }

  private func readLimitBands(
    _ entry: inout ObjectReader
  ) -> [OperationAccountSettings.LimitBand] {
    entry.distinctObjects(
      "limitBands", most: 512, by: ["commodity"], identity: \.commodity
    ) { row in
      let commodity = row.required("commodity", catalogue.commodity)
      let ticks = row.optional("ticks", ValueKind<Int64>.integer(0...1_000_000), unset: "none")
      let percent = row.optional("percent", .percent(0...100), unset: "none")
      let bar = row.required(
        "bar",
        ValueKind<LimitBandBar>.choice([
          "all": .all, "against-move": .againstMove, "with-move": .withMove,
        ]))
      if (ticks == nil) == (percent == nil) {
        row.report(.inconsistent, "exactly one of ticks and percent says how wide the zone is")
      }
      return OperationAccountSettings.LimitBand(
        commodity: commodity, measure: percent == nil ? .ticks : .percent,
        value: percent?.units ?? ticks ?? 0, bar: bar)
    }
  }

  private func readFatFinger(
    _ entry: inout ObjectReader
  ) -> (notional: Money?, ticks: Int64?, percent: Percent?) {
    entry.object("fatFinger") { limits in
      (
        notional: limits.optional("notional", .amount),
        ticks: limits.optional("ticks", ValueKind<Int64>.integer(0...1_000_000, "ticks")),
        percent: limits.optional("percent", .percent(0...1_000))
      )
    }
  }
}

extension ValueKind where Value == String {
  /// An argon2id string as libsodium writes it.
  static var argon2id: ValueKind {
    fromText(
      "argon2id string '$argon2id$v=19$...' of at most 127 characters", placeholder: "?",
      isSecret: true, show: { _ in "" }
    ) { text in
      let parts = text.split(separator: "$", omittingEmptySubsequences: false)
      let isPrintable = text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
      guard isPrintable, text.utf8.count <= 127, parts.count == 6, parts[0].isEmpty,
        parts[1] == "argon2id", parts[2...].allSatisfy({ !$0.isEmpty })
      else { return nil }
      return text
    }
  }
}
