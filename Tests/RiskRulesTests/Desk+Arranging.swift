import Domain
import Ledger
import MarketData

// What single rules need of the desk.
extension Desk {
  /// Begins another trading day at 10:00, with the prices as they are.
  func startDay(_ yyyymmdd: UInt32) {
    let day = TradingDay(yyyymmdd: yyyymmdd)!
    market.startDay(day, nightDate: nil)
    now = Timestamp(date: day.date, secondOfDay: 36_000)
  }

  /// limit-band of rebar.
  func setBand(_ measure: LimitBandMeasure, _ value: Int64, _ bar: LimitBandBar) {
    changeFigures(rebar) {
      $0.pointee.bandMeasure = measure.rawValue
      $0.pointee.bandValue = value
      $0.pointee.bandBar = bar.rawValue
    }
  }

  /// Lists copper, which has no rates.
  func listCopper() -> InstrumentID {
    let copper = market.defineCommodity(
      exchange: .shfe, hours: TradingHoursID(0), deliveryMultiple: 1)!
    let instrument = market.defineInstrument(
      Market.Listing(
        commodity: copper, deliveryYear: 2_026, deliveryMonth: 5,
        lastTradingDay: TradingDay(yyyymmdd: 20_260_515)!, multiplier: 5, tick: .yuan(10),
        limitLots: 1...500, marketLots: nil))!
    precondition(
      market.apply(
        Market.Quote(
          last: .yuan(4_000), upperLimit: .yuan(5_000), lowerLimit: .yuan(3_000),
          preSettlement: .yuan(4_000)), to: instrument, at: now))
    return instrument
  }

  /// Counts accepted orders for order-rate, so many nanoseconds apart; the last one is now.
  func countOrders(
    _ count: Int, of most: Int64, within milliseconds: Int64, bar: OffsetBar, apart: Int64
  ) {
    precondition(ledger.setOrderRateCount(account, most))
    change {
      $0.pointee.orderRateWindowMilliseconds = milliseconds
      $0.pointee.orderRateBar = bar
    }
    let start = now.adding(nanoseconds: -apart * Int64(count - 1))
    for index in 0..<count {
      _ = ledger.countForOrderRate(
        account, at: start.adding(nanoseconds: apart * Int64(index)))
    }
  }

  /// The account's money, in 1e-4 yuan, before any position.
  func setFunds(_ units: Int64) {
    ledger.setOpeningBalance(holder, allowedLoss: Money(units: units), notToLose: .zero)
  }

  /// A lot is worth a hundred million yuan, the most there is.
  func makeDear(_ instrument: InstrumentID) {
    let price = Price(units: Ranges.contractValueMaximum / 10)
    precondition(
      market.apply(
        Market.Quote(
          last: price, upperLimit: price, lowerLimit: .yuan(3_000), preSettlement: price),
        to: instrument, at: now))
  }

  /// Marks the account's position under speculation at the last price.
  func mark(_ instrument: InstrumentID) {
    let record = market.instrument(instrument)
    ledger.mark(
      ledger.position(holder, instrument, .speculation), at: record.pointee.mark,
      multiplier: record.pointee.multiplier)
  }
}
