import Domain
import Ledger
import MarketData

extension Desk {
  /// The overnight line of the account; percents in 1e-8 of one.
  func setOvernight(
    _ measure: OvernightMeasure, _ limit: Int64, of basis: LineBasis = .marketEquity
  ) {
    ledger.setOvernight(account, measure, limit: limit, basis: basis, excess: .reduce)
  }

  /// It is so many seconds before the day's close, which is at 15:00.
  func beforeClose(_ seconds: Int64) {
    now = Timestamp(date: day.date, secondOfDay: 54_000 - seconds)
  }

  /// It is so many seconds before the close of the night, 23:00 on the Friday before.
  func beforeNightClose(_ seconds: Int64) {
    now = Timestamp(date: CalendarDate(yyyymmdd: 20_260_102)!, secondOfDay: 82_800 - seconds)
  }

  /// A commodity that closes at 15:15 and has a break at noon, with an instrument at 4 000.
  func listIndex() -> (commodity: CommodityID, instrument: InstrumentID) {
    var intervals = InlineArray<8, TradingInterval>(
      repeating: TradingInterval(date: .unknown, phase: .unknown, startSecond: 0, endSecond: 0))
    intervals[0] = TradingInterval(
      date: .day, phase: .continuous, startSecond: 34_200, endSecond: 41_400)
    intervals[1] = TradingInterval(
      date: .day, phase: .continuous, startSecond: 46_800, endSecond: 54_900)
    let hours = market.defineTradingHours(count: 2, intervals: intervals)!
    let index = market.defineCommodity(exchange: .cffex, hours: hours, deliveryMultiple: 1)!
    let instrument = market.defineInstrument(
      Market.Listing(
        commodity: index, deliveryYear: 2_026, deliveryMonth: 3,
        lastTradingDay: TradingDay(yyyymmdd: 20_260_320)!, multiplier: 10, tick: .yuan(1),
        limitLots: 1...500, marketLots: nil))!
    precondition(
      market.apply(
        Market.Quote(
          last: .yuan(4_000), upperLimit: .yuan(5_000), lowerLimit: .yuan(3_000),
          preSettlement: .yuan(4_000)), to: instrument, at: now))
    precondition(ledger.setRates(nil, commodity: index, instrument: nil, Desk.defaultRates))
    return (index, instrument)
  }
}
