import Domain
import Testing

@testable import Exchange

@Suite struct MatchingTests {
  @Test func theBestPriceComesFirstThenTheOldest() {
    var market = Market()
    market.send(Market.bob, .sell, 3, 3502)
    market.send(Market.bob, .sell, 4, 3501)
    market.send(Market.twin, .sell, 5, 3501)
    let reports = market.send(Market.alice, .buy, 10, 3502)
    #expect(reports.words == "accepted 4@3501 5@3501 1@3502")
    #expect(reports.map(\.filledLots) == [0, 4, 9, 10])
    #expect(reports.map(\.leavesLots) == [10, 6, 1, 0])
    #expect(market.reports(Market.bob).words == "accepted accepted 4@3501 1@3502")
    #expect(market.reports(Market.twin).words == "accepted 5@3501")
  }

  @Test func bothSidesOfATradeHaveItsNumberAndASelfTradeShows() throws {
    var market = Market()
    market.send(Market.bob, .sell, 4, 3500)
    market.send(Market.twin, .sell, 4, 3501)
    let trades = market.send(Market.alice, .buy, 8, 3501).compactMap { report -> Trade? in
      guard case .trade(let trade) = report.body else { return nil }
      return trade
    }
    #expect(trades.map(\.number) == [1, 2])
    #expect(trades.map(\.isSelfTrade) == [false, true])
    guard case .trade(let other) = try #require(market.reports(Market.twin).last).body else {
      Issue.record("the other side has a trade")
      return
    }
    #expect(other.number == 2 && other.isSelfTrade && other.side == .sell)
  }

  @Test func anOrderTakesTheMarketUpToItsPriceAndItsLots() {
    var market = Market()
    market.tick(bid: (3499, 5), ask: (3500, 7))
    #expect(market.send(Market.alice, .buy, 10, 3499).words == "accepted")
    #expect(market.send(Market.alice, .buy, 10, 3500).words == "accepted 7@3500")
    #expect(market.send(Market.bob, .buy, 2, 3510).words == "accepted", "the ask is used up")
    #expect(
      market.send(Market.bob, .sell, 10, 3490).words == "accepted 2@3510 2@3510 3@3500 5@3499",
      "its own order among them")
  }

  @Test func ownOrdersComeBeforeTheMarketAtTheSamePrice() {
    var market = Market()
    market.send(Market.bob, .sell, 3, 3500)
    market.tick(bid: (3498, 5), ask: (3500, 10))
    #expect(market.send(Market.alice, .buy, 5, 3500).words == "accepted 3@3500 2@3500")
    #expect(market.reports(Market.bob).words == "accepted 3@3500")
  }

  @Test func theMarketComesFirstWhereItIsBetter() {
    var market = Market()
    market.send(Market.bob, .sell, 3, 3505)
    market.tick(bid: (3498, 5), ask: (3501, 2))
    #expect(market.send(Market.alice, .buy, 5, 3505).words == "accepted 2@3501 3@3505")
  }

  @Test func aTickFillsWaitingOrdersAtItsPrice() {
    var market = Market()
    market.send(Market.alice, .buy, 4, 3499)
    market.send(Market.bob, .buy, 4, 3500)
    market.send(Market.twin, .buy, 4, 3499)
    market.tick(bid: (3498, 5), ask: (3500, 3))
    market.tick(bid: (3498, 5), ask: (3499, 5))
    #expect(market.reports(Market.bob).words == "accepted 3@3500 1@3499")
    #expect(market.reports(Market.alice).words == "accepted 4@3499")
    #expect(market.reports(Market.twin).words == "accepted")
    market.tick(bid: (3498, 5), ask: (3499, 5))
    #expect(market.reports(Market.twin).words == "accepted 4@3499")
  }

  @Test func withoutABoundATickFillsEverything() {
    var market = Market(settings: .init(tickLotsBound: false))
    market.send(Market.alice, .buy, 40, 3500)
    market.send(Market.bob, .buy, 40, 3500)
    market.tick(bid: nil, ask: (3500, 1))
    #expect(market.reports(Market.alice).words == "accepted 40@3500")
    #expect(market.reports(Market.bob).words == "accepted 40@3500")
  }

  @Test func aLockedMarketFillsOneSideOnly() {
    var market = Market()
    market.tick(bid: (3700, 900), ask: nil, last: 3700)
    #expect(market.send(Market.alice, .buy, 10, 3700).words == "accepted")
    #expect(market.send(Market.bob, .sell, 4, 3700).words == "accepted 4@3700")
    #expect(market.reports(Market.alice).words == "accepted 4@3700", "own orders first")
  }

  @Test(arguments: [
    (TimeInForce.immediateOrCancel, Lots(0), Lots(10), "accepted 4@3500 3@3501 cancelled"),
    (.immediateOrCancel, 7, 10, "accepted 4@3500 3@3501 cancelled"),
    (.immediateOrCancel, 8, 10, "accepted cancelled"),
    (.immediateOrCancel, 0, 7, "accepted 4@3500 3@3501"),
    (.fillOrKill, 0, 7, "accepted 4@3500 3@3501"),
    (.fillOrKill, 0, 8, "accepted cancelled"),
  ])
  func fakAndFokNeverWait(
    _ time: TimeInForce, _ minimum: Lots, _ lots: Lots, _ words: String
  ) {
    var market = Market()
    market.send(Market.bob, .sell, 4, 3500)
    market.tick(bid: nil, ask: (3501, 3))
    market.send(Market.bob, .sell, 50, 3503)
    let reports = market.send(
      Market.alice, .buy, lots, 3502, .open, in: Market.rb, time, minimum: minimum)
    #expect(reports.words == words)
    #expect(market.exchange.funds(of: Market.alice).frozen == .zero)
  }

  @Test func aMarketOrderTakesWhatIsThereAndEnds() {
    var market = Market()
    market.tick(bid: (3499, 5), ask: (3600, 7), in: Market.ma)
    market.send(Market.bob, .sell, 3, 3700, in: Market.ma)
    let reports = market.send(Market.alice, .buy, 20, nil, in: Market.ma)
    #expect(reports.words == "accepted 7@3600 3@3700 cancelled")
    #expect(
      market.send(Market.alice, .sell, 2, nil, .close, in: Market.ma).words
        == "accepted 2@3499")
  }

  @Test func ticksBringTheDaysLimits() {
    var market = Market()
    var tick = ExchangeTick(
      instrument: Market.instruments[0].code, exchange: .shfe, tradingDate: Market.day.date,
      time: market.now)
    tick.limitUp = Market.yuan(3600)
    tick.limitDown = Price(units: .min + 1)
    market.exchange.receive(tick, for: Market.rb, now: market.now)
    #expect(market.send(Market.alice, .buy, 2, 3601).words == "rejected(outsideLimits)")
    #expect(market.exchange.instruments[0].limitDown == Market.yuan(3300), "nonsense is not taken")
    #expect(market.exchange.lastTick(Market.rb) == tick)
  }
}
