import Domain

/// Reads config/instruments.json5.
struct InstrumentReader {
  static let file = "instruments.json5"

  let catalogue: Catalogue
  let log: ReadingLog

  func read(_ node: ConfigNode) -> InstrumentSelection {
    var reader = ObjectReader(node, file: InstrumentReader.file, log: log)
    let rows = reader.objects("list", most: 1_000) { row in
      InstrumentSelection.Row(
        scope: row.required("scope", scope),
        nearest: row.optional(
          "nearest", ValueKind<Int64>.integer(0...60, "instruments"),
          unset: "all the exchange lists"
        ).map(Int.init))
    }
    let extra = reader.value(
      "extra",
      ValueKind<[Positioned<InstrumentReference>]>.list(
        of: catalogue.instrument.positioned(), most: 10_000), default: [])
    let overrides = reader.distinctObjects(
      "overrides", most: 10_000, by: ["instrument"], identity: \.instrument.value.text
    ) { readOverride(&$0) }
    if rows.isEmpty, extra.isEmpty {
      reader.report(.notice, "list", "no instrument is listed: every order will be refused")
    }
    reader.finish()
    return InstrumentSelection(rows: rows, extra: extra, overrides: overrides)
  }

  /// `'*'`, or an exchange or commodity.
  private var scope: ValueKind<InstrumentSelection.Scope> {
    let named = catalogue.scope([.exchange, .commodity])
    return ValueKind(
      allowed: "'*' or \(named.allowed)", placeholder: .everything,
      read: { node, path, log in
        if case .string("*") = node.value { return .everything }
        return named.read(node, path, log).map { scope in
          switch scope {
          case .exchange(let exchange): .exchange(exchange)
          case .commodity(let place): .commodity(place)
          case .instrument(let reference): .commodity(reference.commodity)
          }
        }
      }, show: { _ in "" })
  }

  private func readOverride(_ entry: inout ObjectReader) -> InstrumentSelection.Override {
    let asItsCommodity = "its commodity's"
    let instrument = entry.required("instrument", catalogue.instrument.positioned())
    let marketMaximum = ValueKind<Lots>.lots(0...Int64(Ranges.orderLotsMaximum))
    let override = InstrumentSelection.Override(
      instrument: instrument,
      limitLotsMinimum: entry.optional("limitLotsMinimum", .orderLots, unset: asItsCommodity),
      limitLotsMaximum: entry.optional("limitLotsMaximum", .orderLots, unset: asItsCommodity),
      marketLotsMinimum: entry.optional("marketLotsMinimum", .orderLots, unset: asItsCommodity),
      marketLotsMaximum: entry.optional("marketLotsMaximum", marketMaximum, unset: asItsCommodity),
      lastTradingDay: entry.optional("lastTradingDay", .date, unset: "by its commodity's rule"),
      rates: RateReader.readPartial(&entry, unset: asItsCommodity))
    if !instrument.isPlaceholder {
      let commodity = catalogue.commodities[instrument.value.commodity]
      if override.limitLots(commodity) == nil {
        entry.report(.inconsistent, "limitLotsMinimum is larger than limitLotsMaximum")
      }
      if case .broken = override.marketLots(commodity) {
        entry.report(.inconsistent, "marketLotsMinimum is larger than marketLotsMaximum")
      }
    }
    return override
  }
}

extension InstrumentSelection.Override {
  enum MarketLots: Equatable {
    case none
    case range(ClosedRange<Lots>)
    case broken
  }

  /// Nil when the smallest is larger than the largest.
  func limitLots(_ commodity: CommoditySpecification) -> ClosedRange<Lots>? {
    let minimum = limitLotsMinimum ?? commodity.limitLots.lowerBound
    let maximum = limitLotsMaximum ?? commodity.limitLots.upperBound
    return minimum <= maximum ? minimum...maximum : nil
  }

  func marketLots(_ commodity: CommoditySpecification) -> MarketLots {
    let maximum = marketLotsMaximum ?? commodity.marketLots?.upperBound ?? 0
    let minimum = marketLotsMinimum ?? commodity.marketLots?.lowerBound ?? 1
    if maximum == 0 { return .none }
    return minimum <= maximum ? .range(minimum...maximum) : .broken
  }
}
