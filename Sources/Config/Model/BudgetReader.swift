import Domain

/// Reads config/budgets.json5.
struct BudgetReader {
  static let file = "budgets.json5"

  let catalogue: Catalogue
  let log: ReadingLog

  private static var count: ValueKind<Int64> { .integer(0...2_000_000_000) }

  func read(_ node: ConfigNode) -> BudgetSettings {
    var reader = ObjectReader(node, file: BudgetReader.file, log: log)
    var budgets = BudgetSettings()
    budgets.warnPercent =
      reader.value(
        "warn", ValueKind<Percent>.percent(1...100),
        default: Percent(units: 80 * Percent.unitsPerOne)
      ).units
    let messages = reader.object("messages") { messages in
      (
        inSecond: messages.value(
          "inASecond", ValueKind<Int64>.integer(2...64, "messages"), default: 10),
        aDay: messages.value("aDay", ValueKind<Int64>.integer(1...2_000_000_000), default: 10)
      )
    }
    budgets.messagesInSecond = messages.inSecond
    budgets.burstsADay = messages.aDay
    budgets.rows = reader.distinctObjects(
      "rows", most: 10_000, by: ["scope"], identity: { "\($0.scope.value)" }
    ) { readRow(&$0) }
    reader.finish()
    return budgets
  }

  private func readRow(_ row: inout ObjectReader) -> BudgetSettings.Row {
    let scope = row.required(
      "scope", catalogue.scope([.exchange, .commodity, .instrument]).positioned())
    let percent = ValueKind<Percent>.percent(0...100)
    let wider = "as the wider scope"
    let limits: [(BudgetKind, Int64?)] = [
      (.selfTrades, row.optional("selfTrades", Self.count, unset: wider)),
      (.cancels, row.optional("cancels", Self.count, unset: wider)),
      (.limitPriceCancels, row.optional("limitPriceCancels", Self.count, unset: wider)),
      (.largeCancels, row.optional("largeCancels", Self.count, unset: wider)),
      (.largeLots, row.optional("largeLots", .lotsLimit, unset: wider)),
      (.largePercent, row.optional("largePercent", percent, unset: wider)?.units),
      (.largeAbovePercent, row.optional("largeAbovePercent", percent, unset: wider)?.units),
      (.openedLots, row.optional("openedLots", .lotsLimit, unset: "off")),
    ]
    let read = BudgetSettings.Row(
      scope: scope,
      limits: limits.compactMap { kind, limit in
        limit.map { BudgetSettings.Row.Limit(kind: kind, limit: $0) }
      })
    if read.limits.isEmpty { row.report(.missingKey, "a row without a budget") }
    if case .exchange = scope.value, read.limits.contains(where: { $0.kind == .openedLots }) {
      row.report(.inconsistent, "openedLots", "of a commodity or an instrument, not an exchange")
    }
    return read
  }
}
