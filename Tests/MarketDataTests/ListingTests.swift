import Domain
import MarketData
import Testing

/// Definitions: what is out of range or finds no room is refused and leaves nothing behind.
@Suite struct ListingTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var isTaken: Bool
    var change: @Sendable (inout Market.Listing) -> Void
    init(
      _ name: String, _ isTaken: Bool, _ change: @escaping @Sendable (inout Market.Listing) -> Void
    ) {
      self.name = name
      self.isTaken = isTaken
      self.change = change
    }
    var testDescription: String { name }
  }

  @Test(arguments: [
    Row("as it is", true) { _ in },
    Row("a commodity that is not there", false) { $0.commodity = CommodityID(1) },
    Row("no multiplier", false) { $0.multiplier = 0 },
    Row("the largest multiplier", true) { $0.multiplier = Int32(Ranges.multiplierMaximum) },
    Row("a larger multiplier", false) { $0.multiplier = Int32(Ranges.multiplierMaximum) + 1 },
    Row("no tick", false) { $0.tick = .zero },
    Row("the smallest tick", true) { $0.tick = Price(units: 1) },
    Row("the largest tick", true) { $0.tick = Price(units: Ranges.priceMaximum) },
    Row("a larger tick", false) { $0.tick = Price(units: Ranges.priceMaximum + 1) },
    Row("month 0", false) { $0.deliveryMonth = 0 },
    Row("month 13", false) { $0.deliveryMonth = 13 },
    Row("month 12", true) { $0.deliveryMonth = 12 },
    Row("orders of no lots", false) { $0.limitLots = 0...500 },
    Row("the largest orders", true) { $0.limitLots = 1...Ranges.orderLotsMaximum },
    Row("larger orders", false) { $0.limitLots = 1...(Ranges.orderLotsMaximum + 1) },
    Row("no market orders", true) { $0.marketLots = nil },
    Row("market orders of no lots", false) { $0.marketLots = 0...5 },
    Row("larger market orders", false) { $0.marketLots = 1...(Ranges.orderLotsMaximum + 1) },
  ])
  func aListingIsInItsRange(_ row: Row) {
    let desk = MarketDesk()
    var listing = MarketDesk.listing(desk.rebar)
    row.change(&listing)
    let before = desk.hash
    let id = desk.market.defineInstrument(listing)
    #expect((id != nil) == row.isTaken)
    #expect((desk.hash == before) == !row.isTaken)
  }

  @Test func anInstrumentHasItsCommoditysTerms() {
    let record = MarketDesk().record
    #expect(record.exchange == .shfe)
    #expect(record.separatesToday)
    #expect(record.deliveryMultiple == 3)
    #expect(record.multiplier == 10)
    #expect(record.tick == 10_000)
    #expect(record.minimumLimitLots == 1 && record.maximumLimitLots == 500)
    #expect(record.minimumMarketLots == 2 && record.maximumMarketLots == 30)
    #expect(record.lastTradingDay == 20_260_515)
  }

  /// SHFE and INE alone keep today's lots apart (decisions 3).
  @Test(arguments: Exchange.allCases.filter { $0 != .unknown })
  func whoKeepsTodaysLotsApart(_ exchange: Exchange) {
    let desk = MarketDesk()
    let commodity = desk.market.defineCommodity(
      exchange: exchange, hours: desk.hours, deliveryMultiple: 1)!
    let instrument = desk.market.defineInstrument(MarketDesk.listing(commodity))!
    let separates = desk.market.instrument(instrument).pointee.separatesToday
    #expect(separates == (exchange == .shfe || exchange == .ine))
  }

  @Test func commoditiesThatMakeNoSense() {
    let desk = MarketDesk()
    let before = desk.hash
    for (exchange, hours, multiple) in [
      (Exchange.unknown, UInt32(0), Lots(1)), (.shfe, 1, 1), (.shfe, 0, 0),
    ] {
      let id = desk.market.defineCommodity(
        exchange: exchange, hours: TradingHoursID(hours), deliveryMultiple: multiple)
      #expect(id == nil)
    }
    #expect(desk.hash == before)
  }

  @Test(arguments: [
    TradingInterval(date: .unknown, phase: .continuous, startSecond: 1, endSecond: 2),
    TradingInterval(date: .day, phase: .unknown, startSecond: 1, endSecond: 2),
    TradingInterval(date: .day, phase: .continuous, startSecond: -1, endSecond: 2),
    TradingInterval(date: .day, phase: .continuous, startSecond: 2, endSecond: 2),
    TradingInterval(
      date: .day, phase: .continuous, startSecond: 2,
      endSecond: TradingInterval.endSecondMaximum + 1),
  ])
  func hoursThatMakeNoSense(_ interval: TradingInterval) {
    let desk = MarketDesk()
    let before = desk.hash
    var intervals = MarketDesk.intervals
    intervals[1] = interval
    for count in [2, 3] {
      let id = desk.market.defineTradingHours(count: count, intervals: intervals)
      #expect(id == nil)
    }
    #expect(desk.hash == before)
    // What is not counted does not matter.
    let first = desk.market.defineTradingHours(count: 1, intervals: intervals)
    #expect(first != nil)
  }

  @Test func hoursHaveOneToEightIntervals() {
    let intervals = InlineArray<8, TradingInterval>(
      repeating: TradingInterval(date: .day, phase: .continuous, startSecond: 1, endSecond: 2))
    for (count, isTaken) in [(0, false), (9, false), (8, true)] {
      let desk = MarketDesk()
      let id = desk.market.defineTradingHours(count: count, intervals: intervals)
      #expect((id != nil) == isTaken)
    }
  }

  @Test func fullTablesTakeNoMore() {
    let desk = MarketDesk()
    let hours = desk.market.defineTradingHours(count: 3, intervals: MarketDesk.intervals)
    let commodity = desk.market.defineCommodity(
      exchange: .dce, hours: desk.hours, deliveryMultiple: 1)
    let instrument = desk.market.defineInstrument(MarketDesk.listing(desk.rebar))
    #expect(hours != nil && commodity != nil && instrument != nil)
    let before = desk.hash
    let moreHours = desk.market.defineTradingHours(count: 3, intervals: MarketDesk.intervals)
    let moreCommodities = desk.market.defineCommodity(
      exchange: .dce, hours: desk.hours, deliveryMultiple: 1)
    let moreInstruments = desk.market.defineInstrument(MarketDesk.listing(desk.rebar))
    #expect(moreHours == nil && moreCommodities == nil && moreInstruments == nil)
    #expect(desk.hash == before)
  }

  /// The hash moves with everything that decisions read here.
  @Test func everythingIsInTheHash() {
    let changes: [(MarketDesk) -> Void] = [
      { $0.tick(Market.Quote(last: .yuan(1))) },
      { $0.tick(Market.Quote(last: .none, bid: .yuan(1))) },
      { $0.tick(Market.Quote(last: .none, ask: .yuan(1))) },
      { $0.tick(Market.Quote(last: .none, upperLimit: .yuan(1))) },
      { $0.tick(Market.Quote(last: .none, lowerLimit: .yuan(1))) },
      { $0.tick(Market.Quote(last: .none, volume: 1)) },
      { $0.tick(Market.Quote(last: .none, openInterest: 1)) },
      { $0.market.setStatus($0.rb, .auction) },
      { _ = $0.setSettlement(.yuan(1)) },
      { _ = $0.setReference(preClose: .yuan(1)) },
      { $0.market.startDay(MarketDesk.monday, nightDate: nil) },
      { $0.market.startDay(TradingDay(yyyymmdd: 20_260_106)!, nightDate: MarketDesk.friday) },
      { _ = $0.market.defineTradingHours(count: 1, intervals: MarketDesk.intervals) },
      {
        _ = $0.market.defineCommodity(exchange: .dce, hours: $0.hours, deliveryMultiple: 1)
      },
    ]
    var seen: Set<UInt64> = [MarketDesk().hash]
    for (index, change) in changes.enumerated() {
      let desk = MarketDesk()
      change(desk)
      let isNew = seen.insert(desk.hash).inserted
      #expect(isNew, "change \(index)")
    }
  }
}
