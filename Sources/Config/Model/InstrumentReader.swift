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
    let options = reader.distinctObjects(
      "options", most: 1_000, by: ["underlying"], identity: \.underlying.value.text
    ) { readOptions(&$0) }
    if rows.isEmpty, extra.isEmpty {
      reader.report(.notice, "list", "no instrument is listed: every order will be refused")
    }
    reader.finish()
    return InstrumentSelection(rows: rows, extra: extra, options: options, overrides: overrides)
  }

  private func readOptions(_ entry: inout ObjectReader) -> InstrumentSelection.Options {
    let underlying = entry.required("underlying", catalogue.instrument.positioned())
    let strikes = entry.required(
      "strikes", ValueKind<[Price]>.list(of: ValueKind<Price>.priceStep, most: 200))
    let lastTradingDay = entry.optional("lastTradingDay", .date, unset: "by the options' rule")
    if !underlying.isPlaceholder {
      let future = catalogue.commodities[underlying.value.commodity]
      if future.underlying != nil {
        entry.report(.outOfRange, "underlying", "options are on futures, not on options")
      } else if catalogue.options(on: underlying.value.commodity) == nil {
        entry.report(.inconsistent, "underlying", "\(future.key) says nothing of options on it")
      }
      for strike in strikes
      where !Ranges.allows(price: strike, multiplier: Int64(future.multiplier)) {
        let written = DecimalText.written(strike.units, decimals: 4)
        entry.report(
          .outOfRange, "strikes",
          "\(written) times the multiplier passes 100000000 yuan a lot")
      }
    }
    if entry.has("strikes"), strikes.isEmpty {
      entry.report(.inconsistent, "strikes", "no strike: nothing is listed")
    }
    if Set(strikes).count < strikes.count {
      entry.report(.duplicateName, "strikes", "a strike stands twice")
    }
    return InstrumentSelection.Options(
      underlying: underlying, strikes: strikes, lastTradingDay: lastTradingDay)
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
