import Domain
import Testing

@testable import Exchange

@Suite struct ClosingTests {
  static func holding(_ instrument: InstrumentID, _ lots: Lots) -> CounterAccountTerms.Holding {
    .init(instrument: instrument, side: .long, lots: lots, openPrice: Market.yuan(3400))
  }

  /// Alice holds 6 lots of yesterday and 4 of today, in rb (SHFE) and MA (CZCE).
  static func market() -> Market {
    var market = Market(holdings: [holding(Market.rb, 6), holding(Market.ma, 6)])
    for instrument in [Market.rb, Market.ma] {
      market.send(Market.bob, .sell, 4, 3520, in: instrument)
      market.send(Market.alice, .buy, 4, 3520, in: instrument)
    }
    return market
  }

  @Test(arguments: [
    (Market.rb, Offset.close, Lots(6), "accepted"),
    (Market.rb, .close, 7, "rejected(overCloseYesterday)"),
    (Market.rb, .closeYesterday, 6, "accepted"),
    (Market.rb, .closeYesterday, 7, "rejected(overCloseYesterday)"),
    (Market.rb, .closeToday, 4, "accepted"),
    (Market.rb, .closeToday, 5, "rejected(overCloseToday)"),
    (Market.ma, .close, 10, "accepted"),
    (Market.ma, .closeToday, 10, "accepted"),
    (Market.ma, .closeYesterday, 10, "accepted"),
    (Market.ma, .close, 11, "rejected(overClose)"),
  ])
  func whatMayBeClosedIsTheExchangesChoice(
    _ instrument: InstrumentID, _ offset: Offset, _ lots: Lots, _ words: String
  ) {
    var market = Self.market()
    #expect(market.send(Market.alice, .sell, lots, 3600, offset, in: instrument).words == words)
  }

  @Test func workingClosesFreezeLotsOfTheirDay() {
    var market = Self.market()
    market.send(Market.alice, .sell, 4, 3600, .close)
    let first = market.lastChild
    market.send(Market.alice, .sell, 3, 3600, .closeToday)
    #expect(
      market.send(Market.alice, .sell, 3, 3600, .close).words == "rejected(overCloseYesterday)")
    #expect(
      market.send(Market.alice, .sell, 2, 3600, .closeToday).words == "rejected(overCloseToday)")
    #expect(market.exchange.positions(of: Market.alice)[0].frozenLots == 7)
    market.cancel(Market.alice, first)
    #expect(market.exchange.positions(of: Market.alice)[0].frozenLots == 3)
    #expect(market.send(Market.alice, .sell, 6, 3600, .close).words == "accepted")
  }

  @Test func profitFeeAndMarginFollowTheLotsClosed() {
    var market = Self.market()
    let before = market.exchange.funds(of: Market.alice)
    market.tick(bid: (3530, 100), ask: nil, last: 3530, in: Market.ma)
    // 8 lots, the oldest first: 6 of yesterday from 3500, 2 of today from 3520.
    market.send(Market.alice, .sell, 8, 3530, .close, in: Market.ma)
    let after = market.exchange.funds(of: Market.alice)
    #expect(after.closeProfit == Money(yuan: 6 * 30 * 10 + 2 * 10 * 10))
    // 12.024 and 10.006: a fill rounds up to a fen once, as the gateway's books have it.
    #expect(after.fees - before.fees == Money(units: 220_300))
    // 2 lots of today at 3520 are left of MA: 10 % of 70 400.
    let position = market.exchange.positions(of: Market.alice)[1]
    #expect(position.margin == Money(yuan: 7_040))
    #expect(position.todayLots == 2 && position.yesterdayLots == 0)
    #expect(position.positionProfit == Money(yuan: 200))
    let rb = market.exchange.positions(of: Market.alice)[0]
    #expect(after.margin == rb.margin + position.margin)
    #expect(rb.openCost == Money(yuan: (6 * 3400 + 4 * 3520) * 10))
    #expect(rb.positionCost == Money(yuan: (6 * 3500 + 4 * 3520) * 10))
  }

  @Test func closeTodayAtShfeLeavesYesterdayAlone() {
    var market = Self.market()
    market.tick(bid: (3530, 100), ask: nil)
    market.send(Market.alice, .sell, 3, 3530, .closeToday)
    let rb = market.exchange.positions(of: Market.alice)[0]
    #expect(rb.todayLots == 1 && rb.yesterdayLots == 6 && rb.frozenLots == 0)
    #expect(market.exchange.funds(of: Market.alice).closeProfit == Money(yuan: 300))
  }

  @Test func shortsCloseByBuying() {
    var market = Self.market()
    market.tick(bid: nil, ask: (3510, 100))
    #expect(market.send(Market.bob, .buy, 4, 3510, .closeToday).words == "accepted 4@3510")
    #expect(market.exchange.funds(of: Market.bob).closeProfit == Money(yuan: 400))
    #expect(market.exchange.positions(of: Market.bob).count == 1, "MA is still short")
  }

  @Test func hedgeFlagsNeverMix() {
    var market = Self.market()
    let request = OrderRequest(
      child: market.nextChild(), instrument: Market.ma, side: .sell, offset: .close, hedge: .hedge,
      price: Market.yuan(3600), lots: 2)
    _ = market.exchange.insert(request, account: Market.alice, epoch: 1, now: market.now)
    #expect(market.reports(Market.alice).last?.body == .rejected(.overClose))
  }
}
