import Domain
import Testing

@testable import Exchange

/// One change to a good order and the error it causes.
struct RefusalRow: Sendable {
  var name: String
  var error: CounterError?
  var change: @Sendable (inout OrderRequest) -> Void

  init(
    _ name: String, _ error: CounterError?,
    _ change: @escaping @Sendable (inout OrderRequest) -> Void
  ) {
    self.name = name
    self.error = error
    self.change = change
  }
}

@Suite struct OrderEntryTests {
  static let refusals = [
    RefusalRow("good", nil) { _ in },
    RefusalRow("no side", .badField) { $0.side = .unknown },
    RefusalRow("no offset", .badField) { $0.offset = .unknown },
    RefusalRow("no hedge flag", .badField) { $0.hedge = .unknown },
    RefusalRow("no type", .badField) { $0.type = .unknown },
    RefusalRow("no time in force", .badField) { $0.timeInForce = .unknown },
    RefusalRow("minimum of a day order", .badField) { $0.minimumLots = 2 },
    RefusalRow("minimum of FOK", .badField) {
      $0.timeInForce = .fillOrKill
      $0.minimumLots = 2
    },
    RefusalRow("minimum above the lots", .badField) {
      $0.timeInForce = .immediateOrCancel
      $0.minimumLots = 11
    },
    RefusalRow("negative minimum", .badField) {
      $0.timeInForce = .immediateOrCancel
      $0.minimumLots = -1
    },
    RefusalRow("unknown instrument", .unknownInstrument) { $0.instrument = .none },
    RefusalRow("least lots", nil) { $0.lots = 2 },
    RefusalRow("one lot too few", .badLots) { $0.lots = 1 },
    RefusalRow("most lots", nil) { $0.lots = 500 },
    RefusalRow("one lot too many", .badLots) { $0.lots = 501 },
    RefusalRow("negative lots", .badLots) { $0.lots = -2 },
    RefusalRow("no price", .badField) { $0.price = .none },
    RefusalRow("a price out of all range", .badField) {
      $0.price = Price(units: Ranges.priceMaximum + 10_000)
    },
    RefusalRow("off the tick", .offTickPrice) { $0.price.units += 1 },
    RefusalRow("at limit-up", nil) { $0.price = Market.yuan(3700) },
    RefusalRow("above limit-up", .outsideLimits) { $0.price = Market.yuan(3701) },
    RefusalRow("at limit-down", nil) { $0.price = Market.yuan(3300) },
    RefusalRow("below limit-down", .outsideLimits) { $0.price = Market.yuan(3299) },
    RefusalRow("market order at SHFE", .marketOrderNotTaken) {
      $0.type = .market
      $0.price = .none
    },
    RefusalRow("market order at INE", .marketOrderNotTaken) {
      $0.instrument = Market.sc
      $0.type = .market
    },
    RefusalRow("market order at CZCE", nil) {
      $0.instrument = Market.ma
      $0.type = .market
    },
    RefusalRow("market order of too many lots", .badLots) {
      $0.instrument = Market.ma
      $0.type = .market
      $0.lots = 101
    },
    RefusalRow("nothing to close", .overClose) {
      $0.instrument = Market.ma
      $0.offset = .close
    },
    RefusalRow("nothing of today", .overCloseToday) { $0.offset = .closeToday },
    RefusalRow("nothing of yesterday", .overCloseYesterday) { $0.offset = .close },
  ]

  @Test(arguments: refusals.indices)
  func anOrderIsTakenOrRefusedForAReason(_ row: Int) {
    let row = Self.refusals[row]
    var market = Market()
    var request = OrderRequest(
      child: market.nextChild(), instrument: Market.rb, side: .buy, offset: .open,
      price: Market.yuan(3500), lots: 10)
    row.change(&request)
    let before = market.exchange.funds(of: Market.alice)
    let answer = market.exchange.insert(
      request, account: Market.alice, epoch: 1, now: market.now)
    #expect(answer == .reported)
    let first = market.reports(Market.alice).first?.body
    #expect(first == (row.error.map { .rejected($0) } ?? .accepted), "\(row.name)")
    if row.error != nil {
      #expect(market.exchange.funds(of: Market.alice) == before, "\(row.name)")
      #expect(market.exchange.statuses(account: Market.alice).count == 1)
    }
  }

  @Test func marginAndFeeAreHeldAndMoneyBoundsOpening() {
    var market = Market()
    // 2 lots * 10 * 3500 = 70 000: margin 7 000, fee 7.
    #expect(market.send(Market.poor, .buy, 2, 3500).words == "rejected(insufficientFunds)")
    market.send(Market.twin, .buy, 2, 3500)
    #expect(market.exchange.funds(of: Market.twin).frozen == Money(yuan: 7_007))
    // 1 000 000 - 7 007 = 992 993 is enough for 283 lots at 3 503.5, not for 284.
    #expect(
      market.send(Market.twin, .buy, 284, 3500).words == "rejected(insufficientFunds)")
    #expect(market.send(Market.twin, .buy, 283, 3500).words == "accepted")
    #expect(market.exchange.funds(of: Market.twin).available.units >= 0)
  }

  @Test func anAccountsOwnRatesHoldForIt() {
    var dear = Market.rates
    dear.marginLong = TwoPartRate(byValue: Rate(units: 50_000_000))
    var exchange = SimulatedExchange(
      day: Market.day, instruments: Market.instruments,
      accounts: [
        CounterAccountTerms(name: Name("a")!, openingEquity: Money(yuan: 1_000_000)),
        CounterAccountTerms(
          name: Name("b")!, openingEquity: Money(yuan: 1_000_000), rates: [Market.rb: dear]),
      ])
    for (account, margin): (UInt32, Int64) in [(0, 7_000), (1, 35_000)] {
      let request = OrderRequest(
        child: OrderID(day: Market.day, shard: 0, sequence: 1), instrument: Market.rb, side: .buy,
        offset: .open, price: Market.yuan(3500), lots: 2)
      _ = exchange.insert(request, account: FundAccountID(account), epoch: 0, now: Market.open)
      let frozen = exchange.funds(of: FundAccountID(account)).frozen
      #expect(frozen == Money(yuan: margin + 7))
    }
  }

  @Test func aCancelReleasesTheHold() {
    var market = Market()
    market.send(Market.alice, .sell, 10, 3600)
    // 10 * 10 * 3600 = 360 000: margin 12 % = 43 200, fee 36.
    #expect(market.exchange.funds(of: Market.alice).frozen == Money(yuan: 43_236))
    #expect(market.cancel(Market.alice, market.lastChild).words == "cancelled")
    #expect(market.exchange.funds(of: Market.alice).frozen == .zero)
    #expect(market.cancel(Market.alice, market.lastChild).words == "cancel-rejected(orderDone)")
    #expect(
      market.cancel(Market.alice, market.child(99)).words == "cancel-rejected(orderNotFound)")
    #expect(market.cancel(Market.bob, market.lastChild).words == "cancel-rejected(orderNotFound)")
  }

  @Test func theMessageQuotaCountsOrdersAndCancelsOfASecond() {
    var market = Market()
    market.send(Market.poor, .buy, 1, 3500)
    market.cancel(Market.poor, market.lastChild)
    #expect(market.send(Market.poor, .buy, 1, 3500).words == "rejected(badLots)")
    #expect(market.send(Market.poor, .buy, 1, 3500).words == "rejected(messageQuota)")
    #expect(market.cancel(Market.poor, market.lastChild).words == "cancel-rejected(messageQuota)")
    market.now = market.now.adding(seconds: 1)
    #expect(market.send(Market.poor, .buy, 1, 3500).words == "rejected(badLots)")
  }

  @Test func anIdIsPlacedOnceAndAnsweredByItsState() {
    var market = Market()
    market.send(Market.alice, .buy, 10, 3500)
    let request = OrderRequest(
      child: market.lastChild, instrument: Market.rb, side: .sell, offset: .open,
      price: Market.yuan(3600), lots: 5)
    let answer = market.exchange.insert(
      request, account: Market.alice, epoch: 1, now: market.now)
    let status = OrderStatus(
      child: market.lastChild, exchangeOrder: 1, state: .working, filledLots: 0, leavesLots: 10)
    #expect(answer == .alreadyKnown(status))
    #expect(market.reports(Market.alice).words == "accepted")
    // Another account may use the same id.
    #expect(
      market.exchange.insert(request, account: Market.bob, epoch: 1, now: market.now)
        == .reported)
    #expect(market.reports(Market.bob).words == "accepted")
  }

  @Test func anOlderLinkIsFencedOff() {
    var market = Market()
    market.send(Market.alice, .buy, 10, 3500)
    let first = market.lastChild
    #expect(market.exchange.login(Market.alice) == 2)
    let late = OrderRequest(
      child: market.nextChild(), instrument: Market.rb, side: .buy, offset: .open,
      price: Market.yuan(3500), lots: 10)
    #expect(
      market.exchange.insert(late, account: Market.alice, epoch: 1, now: market.now) == .fenced)
    #expect(
      market.exchange.cancel(first, account: Market.alice, epoch: 1, now: market.now) == .fenced)
    #expect(
      market.exchange.status(of: late.child, account: Market.alice).state == .neverArrived)
    #expect(market.exchange.status(of: first, account: Market.alice).state == .working)
    #expect(market.reports(Market.alice).words == "accepted")
  }

  @Test func aClosedInstrumentTakesNothingAndAnAuctionWaits() {
    var market = Market()
    market.exchange.setPhase(.unknown, of: Market.rb, now: market.now)
    #expect(market.send(Market.alice, .buy, 10, 3500).words == "rejected(notTrading)")
    market.exchange.setPhase(.auction, of: Market.rb, now: market.now)
    #expect(
      market.send(Market.alice, .buy, 10, 3500, .open, in: Market.rb, .fillOrKill).words
        == "rejected(notTrading)")
    #expect(market.send(Market.alice, .buy, 10, 3510).words == "accepted")
    #expect(market.send(Market.bob, .sell, 6, 3500).words == "accepted")
    market.tick(bid: (3520, 100), ask: nil)
    #expect(market.reports(Market.alice, after: 2).words == "accepted")
    market.exchange.setPhase(.continuous, of: Market.rb, now: market.now)
    // The bid came first, so the offer meets it; the market's bid is better and takes the offer.
    #expect(market.reports(Market.bob).words == "accepted 6@3520")
    #expect(market.exchange.phase(of: Market.rb) == .continuous)
  }
}
