import Domain
import MarketData
import Storage

/// A market with rebar of May 2026 at SHFE in it, multiplier 10, tick 1 yuan. Night from 21:00 to
/// 1:00, an auction at 8:55, then 9:00 to 15:00. It is Monday 2026-01-05, whose night was Friday's.
final class MarketDesk {
  var market: Market
  let hours: TradingHoursID
  let rebar: CommodityID
  let rb: InstrumentID
  let now = Timestamp(date: MarketDesk.monday.date, secondOfDay: 36_000)

  static let monday = TradingDay(yyyymmdd: 20_260_105)!
  static let friday = CalendarDate(yyyymmdd: 20_260_102)!

  init() {
    var market = Market(instruments: 2, commodities: 2, tradingHours: 2)
    hours = market.defineTradingHours(count: 3, intervals: Self.intervals)!
    rebar = market.defineCommodity(exchange: .shfe, hours: hours, deliveryMultiple: 3)!
    rb = market.defineInstrument(Self.listing(rebar))!
    market.startDay(Self.monday, nightDate: Self.friday)
    self.market = market
  }

  static var intervals: InlineArray<8, TradingInterval> {
    var intervals = InlineArray<8, TradingInterval>(
      repeating: TradingInterval(date: .unknown, phase: .unknown, startSecond: 0, endSecond: 0))
    intervals[0] = TradingInterval(
      date: .night, phase: .continuous, startSecond: 75_600, endSecond: 90_000)
    intervals[1] = TradingInterval(
      date: .day, phase: .auction, startSecond: 32_100, endSecond: 32_400)
    intervals[2] = TradingInterval(
      date: .day, phase: .continuous, startSecond: 32_400, endSecond: 54_000)
    return intervals
  }

  static func listing(_ commodity: CommodityID) -> Market.Listing {
    Market.Listing(
      commodity: commodity, deliveryYear: 2_026, deliveryMonth: 5,
      lastTradingDay: TradingDay(yyyymmdd: 20_260_515)!, multiplier: 10, tick: .yuan(1),
      limitLots: 1...500, marketLots: 2...30)
  }

  @discardableResult func tick(_ quote: Market.Quote, at time: Timestamp? = nil) -> Bool {
    market.apply(quote, to: rb, at: time ?? now)
  }

  func setReference(
    preSettlement: Price = .none, preClose: Price = .none, upper: Price = .none,
    lower: Price = .none, openInterest: Int64 = 0
  ) -> Bool {
    market.setReference(
      rb, preSettlement: preSettlement, preClose: preClose, upperLimit: upper,
      lowerLimit: lower, openInterest: openInterest)
  }

  func setSettlement(_ price: Price) -> Bool { market.setSettlement(rb, price) }

  // MARK: Reading, by value

  var record: InstrumentRecord { market.instrument(rb).pointee }
  func phase(_ date: CalendarDate, _ secondOfDay: Int64) -> TradingPhase {
    market.phase(
      of: market.instrument(rb), at: Timestamp(date: date, secondOfDay: secondOfDay))
  }
  var isInDeliveryMonth: Bool { market.isInDeliveryMonth(market.instrument(rb)) }
  var hash: UInt64 {
    var hasher = StateHasher()
    market.hash(into: &hasher)
    return hasher.value
  }
}

extension Price {
  static func yuan(_ yuan: Int64) -> Price { Price(units: yuan * unitsPerYuan) }
}
