import Domain
import Testing

@testable import Exchange

@Suite struct DaySwitchTests {
  static let next = TradingDay(yyyymmdd: 20_261_124)!

  static func terms(_ settlement: Int64?) -> [DayTerms] {
    [DayTerms](
      repeating: DayTerms(
        settlement: settlement.map { Market.yuan($0) } ?? .none, limitUp: Market.yuan(3800),
        limitDown: Market.yuan(3200)),
      count: Market.instruments.count)
  }

  @Test func profitIsSettledAndTodaysLotsBecomeYesterdays() {
    var market = Market()
    market.send(Market.bob, .sell, 4, 3520)
    market.send(Market.alice, .buy, 4, 3520)
    let moved = market.exchange.moveCash(Money(yuan: -500), account: Market.alice)
    #expect(moved)
    market.exchange.switchDay(to: Self.next, terms: Self.terms(3550), now: market.now)
    // Fee: 140 800 * 1e-4 = 14.08. Profit: 4 * 30 * 10.
    let funds = market.exchange.funds(of: Market.alice)
    #expect(funds.openingEquity.units == 20_000_000_000 - 5_000_000 - 140_800 + 12_000_000)
    #expect(funds.closeProfit == .zero && funds.fees == .zero && funds.positionProfit == .zero)
    #expect(funds.withdrawals == .zero)
    let position = market.exchange.positions(of: Market.alice)[0]
    #expect(position.todayLots == 0 && position.yesterdayLots == 4)
    #expect(position.margin == Money(yuan: 4 * 355 * 10))
    #expect(market.exchange.tradingDay == Self.next)
    #expect(market.exchange.instruments[0].limitUp == Market.yuan(3800))
    #expect(
      market.send(Market.alice, .sell, 4, 3790, .closeToday).words == "rejected(overCloseToday)")
    #expect(market.send(Market.alice, .sell, 4, 3790, .close).words == "accepted")
  }

  @Test func dayOrdersExpireAndTheirHoldsAreReleased() {
    var market = Market()
    market.send(Market.alice, .buy, 4, 3400)
    let child = market.lastChild
    market.exchange.switchDay(to: Self.next, terms: Self.terms(nil), now: market.now)
    #expect(market.reports(Market.alice).words == "accepted cancelled")
    #expect(market.exchange.funds(of: Market.alice).frozen == .zero)
    #expect(market.exchange.status(of: child, account: Market.alice).state == .neverArrived)
    market.tick(bid: nil, ask: (3300, 10))
    #expect(market.reports(Market.alice).count == 2)
  }

  @Test func sequencesGoOnAndYesterdaysReportsStayOneDay() {
    var market = Market()
    market.send(Market.alice, .buy, 4, 3400)
    market.exchange.switchDay(to: Self.next, terms: Self.terms(nil), now: market.now)
    #expect(market.send(Market.alice, .buy, 4, 3400).map(\.sequence) == [3])
    #expect(market.exchange.firstSequence(of: Market.alice) == 1)
    let third = TradingDay(yyyymmdd: 20_261_125)!
    market.exchange.switchDay(to: third, terms: Self.terms(nil), now: market.now)
    #expect(market.exchange.firstSequence(of: Market.alice) == 3)
    #expect(market.exchange.lastSequence(of: Market.alice) == 4)
    #expect(market.exchange.report(2, of: Market.alice) == nil)
    #expect(market.exchange.report(5, of: Market.alice) == nil)
  }

  @Test func withoutASettlementPriceTheMarkIsTaken() {
    var market = Market()
    market.tick(bid: nil, ask: nil, last: 3612)
    market.exchange.switchDay(to: Self.next, terms: Self.terms(nil), now: market.now)
    #expect(market.exchange.instruments[0].priorSettlement == Market.yuan(3612))
    #expect(market.exchange.instruments[1].priorSettlement == Market.yuan(3500))
  }

  @Test func noMoreCashLeavesThanIsAvailable() {
    var market = Market()
    market.send(Market.alice, .buy, 2, 3500)
    let available = market.exchange.funds(of: Market.alice).available
    let moved = [
      -available.units - 1, -available.units, Ranges.cashMaximum, .min,
    ].map { market.exchange.moveCash(Money(units: $0), account: Market.alice) }
    #expect(moved == [false, true, false, false])
  }
}
