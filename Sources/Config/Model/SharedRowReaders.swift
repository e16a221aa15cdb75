// Parts that products, fund accounts and operation accounts have in common.

import Domain

struct OpeningReader {
  let catalogue: Catalogue

  func read(_ reader: inout ObjectReader) -> OpeningState {
    reader.object("opening") { opening in
      let allowedLoss = opening.value("allowedLoss", .amount, default: .zero)
      let notToLose = opening.value("notToLose", .amount, default: .zero)
      let positions = opening.distinctObjects(
        "positions", most: 10_000, by: ["instrument", "side", "hedge", "openPrice", "openDay"],
        identity: { position in
          PositionIdentity(
            instrument: position.instrument.value.text, side: position.side,
            hedge: position.hedge, openPrice: position.openPrice.units,
            openDay: position.openDay?.yyyymmdd ?? 0)
        }
      ) { readPosition(&$0) }
      return OpeningState(allowedLoss: allowedLoss, notToLose: notToLose, positions: positions)
    }
  }

  private struct PositionIdentity: Hashable {
    var instrument: String
    var side: PositionSide
    var hedge: HedgeFlag
    var openPrice: Int64
    var openDay: UInt32
  }

  private func readPosition(_ entry: inout ObjectReader) -> OpeningState.Position {
    let instrument = entry.required("instrument", catalogue.instrument.positioned())
    let side = entry.required(
      "side", ValueKind<PositionSide>.choice(["long": .long, "short": .short]))
    let hedge = entry.value("hedge", .hedge, default: .speculation)
    let lots = entry.required("lots", .lots(1...Int64(Ranges.holderLotsMaximum)))
    let openPrice = entry.required("openPrice", .price)
    let markPrice = entry.optional("markPrice", .price, unset: "openPrice")
    let openDay = entry.optional("openDay", .date, unset: "the trading day before the first")
    if entry.has("instrument"), !instrument.value.text.isEmpty {
      check(openPrice, markPrice, instrument.value, entry)
    }
    return OpeningState.Position(
      instrument: instrument, side: side, hedge: hedge, lots: lots, openPrice: openPrice,
      markPrice: markPrice ?? openPrice, openDay: openDay)
  }

  private func check(
    _ openPrice: Price, _ markPrice: Price?, _ instrument: InstrumentReference,
    _ entry: ObjectReader
  ) {
    let commodity = catalogue.commodities[instrument.commodity]
    for (key, price) in [("openPrice", openPrice), ("markPrice", markPrice ?? openPrice)]
    where entry.has(key) {
      if !Ranges.allows(price: price, multiplier: Int64(commodity.multiplier)) {
        entry.report(
          .outOfRange, key, "times the multiplier it passes 100000000 yuan a lot")
      } else if price.units % commodity.tick.units != 0 {
        let tick = DecimalText.written(commodity.tick.units, decimals: 4)
        entry.report(.inconsistent, key, "not a multiple of the tick, \(tick) yuan")
      }
    }
  }
}

struct RateRowReader {
  let catalogue: Catalogue

  func read(_ reader: inout ObjectReader) -> [RateRow] {
    reader.distinctObjects(
      "rates", most: 1_000, by: ["scope"], identity: { "\($0.scope.value)" }
    ) { row in
      let scope = row.required("scope", catalogue.scope([.commodity, .instrument]).positioned())
      let margin = row.value("marginMethod", Self.method, default: .asItIs)
      let fee = row.value("feeMethod", Self.method, default: .asItIs)
      let rates = RateReader.readTaken(
        &row, margin: margin, fee: fee, unset: "as rates.json5 says")
      if rates.isEmpty { row.report(.missingKey, "a row without a rate") }
      return RateRow(scope: scope, marginMethod: margin, feeMethod: fee, rates: rates)
    }
  }

  /// What a counter takes, as it is: what a row leaves out is the exchange's.
  func readCounter(_ reader: inout ObjectReader) -> [RateRow] {
    reader.distinctObjects(
      "counterRates", most: 1_000, by: ["scope"], identity: { "\($0.scope.value)" }
    ) { row in
      let scope = row.required("scope", catalogue.scope([.commodity, .instrument]).positioned())
      let rates = RateReader.readPartial(&row, unset: "the exchange's")
      if rates.isEmpty { row.report(.missingKey, "a row without a rate") }
      return RateRow(scope: scope, marginMethod: .asItIs, feeMethod: .asItIs, rates: rates)
    }
  }

  private static var method: ValueKind<RateMethod> {
    .choice([
      "as-it-is": .asItIs, "relative-absolute": .relativeAbsolute,
      "relative-percent": .relativePercent,
    ])
  }

  /// Whose rates an account has.
  static var mode: ValueKind<RateMode> {
    .choice(["system": .system, "own": .own, "fund-account": .fundAccount])
  }
}

struct OrderSizeReader {
  let catalogue: Catalogue

  func read(_ reader: inout ObjectReader) -> [OperationAccountSettings.OrderSize] {
    reader.distinctObjects(
      "orderSizes", most: 512, by: ["commodity"], identity: \.commodity
    ) { row in
      let size = OperationAccountSettings.OrderSize(
        commodity: row.required("commodity", catalogue.commodity),
        lots: row.optional("lots", .lotsLimit), margin: row.optional("margin", .amount))
      if size.lots == nil, size.margin == nil { row.report(.missingKey, "a row without a limit") }
      return size
    }
  }
}

struct TradableReader {
  let catalogue: Catalogue

  func read(_ reader: inout ObjectReader, _ key: String) -> TradableList {
    reader.object(key) { tradable in
      let only = tradable.value(
        "listed", ValueKind<Bool>.choice(["barred": false, "only": true]), default: false)
      let list = tradable.value(
        "scopes",
        ValueKind<[Positioned<ConfigScope>]>.list(
          of: catalogue.scope([.commodity, .instrument]).positioned(), most: 1_000), default: [])
      if only, list.isEmpty {
        tradable.report(.notice, "listed", "only what is listed may be opened, and nothing is")
      }
      return TradableList(opensOnlyListed: only, scopes: list)
    }
  }
}

enum OrderRateReader {
  /// Largest count of a window.
  static let countMaximum: Int64 = 4_096

  static func read(_ reader: inout ObjectReader) -> OrderRate? {
    reader.optionalObject("orderRate") { rate in
      OrderRate(
        count: rate.required("count", ValueKind<Int64>.integer(1...countMaximum, "orders")),
        windowMilliseconds: rate.required(
          "windowMilliseconds", ValueKind<Int64>.integer(1...3_600_000, "milliseconds")),
        bar: rate.value(
          "bar",
          ValueKind<OrderRate.Bar>.choice([
            "opening": .opening, "closing": .closing, "both": .both,
          ]), default: .opening))
    }
  }
}

extension ValueKind where Value == [Exchange] {
  static var exchanges: ValueKind { .list(of: .exchange, most: 6) }
}

/// Lots that a limit may name: 0 allows none.
extension ValueKind where Value == Int64 {
  static var lotsLimit: ValueKind { .integer(0...Int64(Ranges.holderLotsMaximum), "lots") }
}
