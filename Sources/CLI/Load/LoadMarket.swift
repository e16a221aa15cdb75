import Domain
import Wire

/// What the load trades: terms and newest prices, as the gateway told them.
struct LoadMarket {
  struct Listed {
    let code: InstrumentCode
    var exchange = Exchange.unknown
    var tick: Int64 = 0
    var lots: Lots = 1
    var multiplier: Int64 = 0
    var isOption = false
    var last = Price.none
    var bid = Price.none
    var ask = Price.none
    var upper = Price.none
    var lower = Price.none

    var isPriced: Bool { tick > 0 && !last.isNone && !bid.isNone && !ask.isNone }
  }

  private(set) var listed: [Listed]
  private var places: [InstrumentCode: Int] = [:]

  /// Nil when a code is none.
  init?(_ codes: [String]) {
    listed = []
    for text in codes {
      guard let code = InstrumentCode(text) else { return nil }
      places[code] = listed.count
      listed.append(Listed(code: code))
    }
  }

  /// What is still to be known before anything is sent: terms, or a price.
  var missing: [String] { listed.filter { !$0.isPriced }.map { $0.code.string } }

  var isKnown: Bool { listed.allSatisfy { $0.tick > 0 } }

  /// Letters that codes begin with.
  var commodities: Set<CommodityCode> {
    Set(
      listed.compactMap { listed in
        CommodityCode(String(listed.code.string.prefix { $0.isLetter }))
      })
  }

  var entries: [OrderEntry.SubscribeTicks.InstrumentsEntry] {
    listed.map {
      OrderEntry.SubscribeTicks.InstrumentsEntry(instrument: $0.code, exchange: $0.exchange)
    }
  }

  func place(of code: InstrumentCode) -> Int? { places[code] }

  mutating func note(_ definition: OrderEntry.InstrumentDefinition) {
    guard let place = places[definition.instrument] else { return }
    listed[place].exchange = definition.exchange
    listed[place].tick = definition.priceTick.units
    listed[place].lots = max(1, definition.minimumLimitLots)
    listed[place].multiplier = Int64(definition.multiplier)
    listed[place].isOption = definition.kind == .option
  }

  /// What a fill brings in cash at once, in 1e-4 yuan: premium of an option, received or paid.
  func premium(_ report: OrderEntry.ExecutionReport) -> Int64 {
    guard report.execType == .trade, let place = places[report.instrument],
      listed[place].isOption
    else { return 0 }
    let value = report.lastPrice.units * Int64(report.lastLots) * listed[place].multiplier
    return report.side == .sell ? value : -value
  }

  mutating func note(_ tick: OrderEntry.Tick) {
    guard let place = places[tick.instrument] else { return }
    if !tick.last.isNone { listed[place].last = tick.last }
    if !tick.bid.isNone { listed[place].bid = tick.bid }
    if !tick.ask.isNone { listed[place].ask = tick.ask }
    listed[place].upper = tick.upperLimit
    listed[place].lower = tick.lowerLimit
  }
}
