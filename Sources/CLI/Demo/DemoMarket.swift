import Client
import Domain
import Exchange
import Runtime
import Wire

/// What the demo's traders know: the instruments that move, their newest prices, and what each
/// account has bought and sold today.
struct DemoMarket {
  struct Listed {
    let terms: ExchangeInstrument
    var tick: OrderEntry.Tick?

    /// The price an order would aim at; nil before the first tick.
    var price: Price? {
      guard let tick, !tick.last.isNone else { return nil }
      return tick.last
    }
  }

  private(set) var listed: [Listed]
  private var places: [InstrumentCode: Int] = [:]
  private var holdings: [Key: DayHolding] = [:]

  private struct Key: Hashable {
    var account: Int
    var place: Int
  }

  init(_ instruments: [ExchangeInstrument]) {
    listed = instruments.map { Listed(terms: $0) }
    for (place, instrument) in instruments.enumerated() { places[instrument.code] = place }
  }

  var entries: [OrderEntry.SubscribeTicks.InstrumentsEntry] {
    listed.map {
      OrderEntry.SubscribeTicks.InstrumentsEntry(
        instrument: $0.terms.code, exchange: $0.terms.exchange)
    }
  }

  /// Places of instruments that have a price.
  var priced: [Int] { listed.indices.filter { listed[$0].price != nil } }

  /// By the exchange's clock, of the newest price; 0 before there is one.
  var secondOfDay: Int64 {
    let time = listed.compactMap { $0.tick?.time }.max() ?? .none
    return time.isNone ? 0 : time.chinaSecondOfDay
  }

  /// A third of the day is left.
  var isAfternoon: Bool { (Int64(13 * 3_600)..<15 * 3_600).contains(secondOfDay) }

  func holding(_ account: Int, _ place: Int) -> DayHolding {
    holdings[Key(account: account, place: place)] ?? DayHolding()
  }

  mutating func note(_ tick: OrderEntry.Tick) {
    if let place = places[tick.instrument] { listed[place].tick = tick }
  }

  /// A fill of an account.
  mutating func note(_ report: OrderEntry.ExecutionReport, of account: Int) {
    guard report.execType == .trade, let place = places[report.instrument] else { return }
    holdings[Key(account: account, place: place), default: DayHolding()].note(report)
  }
}
