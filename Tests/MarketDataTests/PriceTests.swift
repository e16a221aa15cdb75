import Domain
import MarketData
import Testing

/// What a tick, a reference and a settlement leave behind.
@Suite struct PriceTests {
  @Test func beforeTheFirstTickNothingIsKnown() {
    let record = MarketDesk().record
    for price in [
      record.last, record.bid, record.ask, record.upperLimit, record.lowerLimit,
      record.preSettlement, record.mark, record.settlement, record.preClose,
    ] {
      #expect(price.isNone)
    }
    #expect(record.lastTickTime.isNone)
    #expect(!record.hasStatus)
    #expect(record.volume == 0 && record.openInterest == 0)
  }

  @Test func aTickBringsWhatItCarries() {
    let desk = MarketDesk()
    let took = desk.tick(
      Market.Quote(
        last: .yuan(3_500), bid: .yuan(3_499), ask: .yuan(3_501), upperLimit: .yuan(3_850),
        lowerLimit: .yuan(3_150), preSettlement: .yuan(3_480), volume: 7, openInterest: 9))
    #expect(took)
    let record = desk.record
    #expect(record.last == .yuan(3_500))
    #expect(record.mark == .yuan(3_500))
    #expect(record.bid == .yuan(3_499))
    #expect(record.ask == .yuan(3_501))
    #expect(record.upperLimit == .yuan(3_850))
    #expect(record.lowerLimit == .yuan(3_150))
    #expect(record.preSettlement == .yuan(3_480))
    #expect(record.volume == 7)
    #expect(record.openInterest == 9)
    #expect(record.lastTickTime == desk.now)
  }

  /// Against a fold over all ticks: what a tick does not carry stays, but for bid and ask; a prior
  /// settlement is taken where none is known. So many ticks are as good as one with the last of
  /// each.
  @Test(arguments: UInt64(1)...12)
  func manyTicksAreAsGoodAsTheLastOfEach(_ seed: UInt64) {
    var draws = SplitMix64(seed: seed)
    let desk = MarketDesk()
    let once = MarketDesk()
    var fold = Market.Quote(last: .none)
    var lastTime = Timestamp.none
    for number in 0..<60 {
      func price() -> Price {
        Bool.random(using: &draws)
          ? .none : .yuan(Int64.random(in: 3_000...4_000, using: &draws))
      }
      let quote = Market.Quote(
        last: price(), bid: price(), ask: price(), upperLimit: price(), lowerLimit: price(),
        preSettlement: price(), volume: Int64.random(in: 0...3, using: &draws),
        openInterest: Int64.random(in: 0...3, using: &draws))
      let time = desk.now.adding(seconds: Int64(number))
      let took = desk.tick(quote, at: time)
      #expect(took)
      if !quote.last.isNone { (fold.last, lastTime) = (quote.last, time) }
      (fold.bid, fold.ask) = (quote.bid, quote.ask)
      if !quote.upperLimit.isNone { fold.upperLimit = quote.upperLimit }
      if !quote.lowerLimit.isNone { fold.lowerLimit = quote.lowerLimit }
      if fold.preSettlement.isNone { fold.preSettlement = quote.preSettlement }
      if quote.volume > 0 { fold.volume = quote.volume }
      if quote.openInterest > 0 { fold.openInterest = quote.openInterest }
      let record = desk.record
      #expect(record.last == fold.last, "seed \(seed), tick \(number)")
      #expect(record.lastTickTime == lastTime)
      // decisions 6: without a last price the mark is the prior settlement.
      #expect(record.mark == (fold.last.isNone ? fold.preSettlement : fold.last))
    }
    once.tick(fold, at: lastTime)
    #expect(once.hash == desk.hash)
  }

  /// A tick without a last price is no news of the price: the instrument gets stale.
  @Test func onlyALastPriceIsFresh() {
    let desk = MarketDesk()
    desk.tick(Market.Quote(last: .yuan(3_500)), at: desk.now)
    desk.tick(Market.Quote(last: .none, bid: .yuan(3_499)), at: desk.now.adding(seconds: 60))
    #expect(desk.record.lastTickTime == desk.now)
    #expect(desk.record.last == .yuan(3_500))
    desk.tick(Market.Quote(last: .yuan(3_500)), at: desk.now.adding(seconds: 90))
    #expect(desk.record.lastTickTime == desk.now.adding(seconds: 90))
  }

  /// Each price at the end of its range and beyond it; with a multiplier of 10 a contract of
  /// 10^8 yuan is 10^7 a unit, the largest price.
  @Test(arguments: [
    (Ranges.priceMaximum, true), (Ranges.priceMaximum + 1, false), (-Ranges.priceMaximum, true),
    (-Ranges.priceMaximum - 1, false), (Int64.max, false), (Int64.min + 1, false),
  ])
  func aPriceOutOfRangeChangesNothing(_ units: Int64, _ fits: Bool) {
    let price = Price(units: units)
    let quotes = [
      Market.Quote(last: price), Market.Quote(last: .yuan(1), bid: price),
      Market.Quote(last: .yuan(1), ask: price), Market.Quote(last: .yuan(1), upperLimit: price),
      Market.Quote(last: .yuan(1), lowerLimit: price),
      Market.Quote(last: .yuan(1), preSettlement: price),
    ]
    for quote in quotes {
      let desk = MarketDesk()
      let before = desk.hash
      #expect(desk.tick(quote) == fits)
      #expect((desk.hash == before) == !fits)
    }
    let desk = MarketDesk()
    let before = desk.hash
    let took = [
      desk.setReference(preSettlement: price), desk.setReference(preClose: price),
      desk.setReference(upper: price), desk.setReference(lower: price),
      desk.setSettlement(price),
    ]
    #expect(took == Array(repeating: fits, count: 5))
    #expect((desk.hash == before) == !fits)
  }

  /// 5 * 10^7 yuan a lot at a multiplier of 10, at 10^8 with twenty: the product counts.
  @Test func theContractsValueIsInRangeToo() {
    let desk = MarketDesk()
    var listing = MarketDesk.listing(desk.rebar)
    listing.multiplier = 100_000
    let large = desk.market.defineInstrument(listing)!
    let fits = desk.market.apply(Market.Quote(last: .yuan(1_000)), to: large, at: desk.now)
    #expect(fits)
    let over = desk.market.apply(
      Market.Quote(last: Price(units: 10_000_001)), to: large, at: desk.now)
    #expect(!over)
  }

  @Test func aReferenceBringsTheDaysPrices() {
    let desk = MarketDesk()
    let took = desk.setReference(
      preSettlement: .yuan(3_480), preClose: .yuan(3_470), upper: .yuan(3_828),
      lower: .yuan(3_132), openInterest: 5)
    #expect(took)
    #expect(desk.record.mark == .yuan(3_480))
    #expect(desk.record.preClose == .yuan(3_470))
    // The exchange's word replaces what a tick said first; none leaves it.
    desk.tick(Market.Quote(last: .yuan(3_500)))
    let again = desk.setReference(preSettlement: .yuan(3_490))
    #expect(again)
    #expect(desk.record.preSettlement == .yuan(3_490))
    #expect(desk.record.upperLimit == .yuan(3_828))
    #expect(desk.record.mark == .yuan(3_500))
    let negative = desk.setReference(openInterest: -1)
    #expect(!negative)
  }

  @Test func aSettlementPriceIsNeeded() {
    let desk = MarketDesk()
    let none = desk.setSettlement(.none)
    #expect(!none)
  }

  /// The settlement price, else the last, else the prior settlement, else none is the next prior
  /// settlement; today's prices are forgotten.
  @Test(arguments: [
    (Int64(3_510), Int64(3_500), Int64(3_480), Int64(3_510)), (0, 3_500, 3_480, 3_500),
    (0, 0, 3_480, 3_480), (0, 0, 0, 0), (3_510, 0, 0, 3_510),
  ])
  func theDaySettles(_ settlement: Int64, _ last: Int64, _ prior: Int64, _ expected: Int64) {
    func price(_ yuan: Int64) -> Price { yuan == 0 ? .none : .yuan(yuan) }
    let desk = MarketDesk()
    desk.tick(
      Market.Quote(
        last: price(last), bid: .yuan(1), ask: .yuan(2), upperLimit: .yuan(3_850),
        lowerLimit: .yuan(3_150), preSettlement: price(prior), volume: 3, openInterest: 4))
    if settlement > 0 {
      let took = desk.setSettlement(.yuan(settlement))
      #expect(took)
    }
    desk.market.setStatus(desk.rb, .continuous)
    desk.market.settle(desk.rb)
    let record = desk.record
    #expect(record.preSettlement == price(expected))
    #expect(record.mark == price(expected))
    #expect(record.preClose == price(last))
    for gone in [
      record.settlement, record.last, record.bid, record.ask, record.upperLimit, record.lowerLimit,
    ] {
      #expect(gone.isNone)
    }
    #expect(record.lastTickTime.isNone)
    #expect(!record.hasStatus)
    #expect(record.volume == 0 && record.openInterest == 0)
  }
}
