import Domain
import Testing

@testable import Exchange

@Suite struct TickGeneratorTests {
  static func instrument(_ code: String = "rb2705", band: Int64 = 600) -> ExchangeInstrument {
    var instrument = ExchangeInstrument(
      code: InstrumentCode(code)!, exchange: .shfe, multiplier: 10, tick: 10_000,
      limitLots: 1...500, priorSettlement: Price(units: 33_215_000))
    instrument.setLimits(bandInTenThousandths: band)
    return instrument
  }

  static func ticks(_ instrument: ExchangeInstrument, seed: UInt64, count: Int) -> [ExchangeTick] {
    var generator = TickGenerator(instrument, seed: seed)
    let day = CalendarDate(yyyymmdd: 20_261_123)!
    let open = Timestamp(date: day, secondOfDay: 9 * 3600)
    return (0..<count).map {
      generator.next(at: open.adding(nanoseconds: Int64($0) * 500_000_000), tradingDate: day)
    }
  }

  @Test func limitsAreInsideTheBandAndOnTheGrid() {
    let instrument = Self.instrument()
    // 3321.5 +- 6 % = 3122.21 ... 3520.79
    #expect(instrument.limitUp.units == 35_200_000)
    #expect(instrument.limitDown.units == 31_230_000)
  }

  @Test func theSameSeedGivesTheSameMarket() {
    let first = Self.ticks(Self.instrument(), seed: 42, count: 5_000)
    #expect(first == Self.ticks(Self.instrument(), seed: 42, count: 5_000))
    #expect(first != Self.ticks(Self.instrument(), seed: 43, count: 5_000))
    let other = Self.ticks(Self.instrument("rb2710"), seed: 42, count: 5_000)
    #expect(first.map(\.last) != other.map(\.last))
  }

  @Test(arguments: [Int64(600), 9, 2_000], [UInt64(1), 2, 3])
  func everyTickIsOneAnExchangeCouldSend(_ band: Int64, _ seed: UInt64) {
    let instrument = Self.instrument(band: band)
    var previous: ExchangeTick?
    var lastPrices: Set<Int64> = []
    var sawLocked = false
    for tick in Self.ticks(instrument, seed: seed, count: 20_000) {
      for price in [tick.last, tick.bid.price, tick.ask.price] where !price.isNone {
        #expect(price >= instrument.limitDown && price <= instrument.limitUp)
        #expect(price.units % instrument.tick == 0)
      }
      #expect(!tick.bid.isNone || !tick.ask.isNone)
      if tick.bid.isNone { #expect(tick.ask.price == instrument.limitDown) }
      if tick.ask.isNone { #expect(tick.bid.price == instrument.limitUp) }
      sawLocked = sawLocked || tick.bid.isNone || tick.ask.isNone
      if !tick.bid.isNone, !tick.ask.isNone { #expect(tick.bid.price < tick.ask.price) }
      #expect(tick.low <= tick.last && tick.last <= tick.high)
      if let previous {
        #expect(tick.volume >= previous.volume && tick.turnover >= previous.turnover)
      }
      lastPrices.insert(tick.last.units)
      previous = tick
    }
    #expect(lastPrices.count > 3)
    #expect(sawLocked == (band == 9), "a narrow band is locked at times, a wide one is not")
  }
}
