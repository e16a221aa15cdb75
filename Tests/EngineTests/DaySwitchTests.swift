import Domain
import Engine
import Ledger
import MarketData
import Messages
import Testing

/// From one trading day to the next: orders expire, positions settle, equity is opening equity.
@Suite struct DaySwitchTests {
  private let price = World.yuan(3_500)
  private let nextMorning = World.openTime.adding(seconds: 86_400)

  private func settle(_ fixture: EngineFixture, _ instrument: InstrumentID, _ price: Price) {
    fixture.step(.settlementPrice(SettlementPrice(instrument: instrument, price: price)))
  }

  @Test func workingOrdersExpireAndTodaysLotsBecomeYesterdays() {
    let fixture = EngineFixture.trading()
    fixture.hold(World.anna, World.rb2701, .long, 10, at: price)
    let open = fixture.send(World.anna, World.rb2701, .buy, .open, 2, at: price)
    fixture.send(World.anna, World.rb2701, .sell, .closeToday, 3, at: World.yuan(3_600))
    fixture.tick(World.rb2701, World.yuan(3_520))
    settle(fixture, World.rb2701, World.yuan(3_510))
    let effects = fixture.beginDay(
      World.tuesday, nightDate: World.monday.yyyymmdd, at: nextMorning)
    #expect(effects.reports.map(\.state) == [.cancelled, .cancelled])
    #expect(effects.notices(.dayStarted).map(\.observed) == [20_261_124])

    for holder in [fixture.holder(World.anna), fixture.holder(World.north1)] {
      #expect(holder.frozenMargin == .zero)
      #expect(holder.frozenFees == .zero)
      #expect(holder.workingOrders == 0)
      #expect(holder.positionProfit == .zero)
      #expect(holder.closeProfit == .zero)
      #expect(holder.fees == .zero)
      #expect(holder.openedValue == .zero)
      #expect(holder.rangeLots == 10)
      // 10 lots at the settlement price 3 510.
      #expect(holder.margin == Money(yuan: 35_100))
    }
    // (3 510 - 3 500) * 10 lots * 10, less a fee of 35.
    let opening = World.accountBalance + Money(yuan: 1_000 - 35)
    #expect(fixture.holder(World.anna).openingEquity == opening)
    #expect(fixture.holder(World.anna).equity == opening)
    let side = fixture.side(World.anna, World.rb2701, .long)
    #expect(side?.yesterday == 10)
    #expect(side?.today == 0)
    #expect(side?.frozen == 0)
    #expect(
      fixture.cost(World.anna, World.rb2701, .long)?.openBasis == price.units * 10)
    #expect(fixture.product(World.alpha).openedValue == 0)
    // Yesterday's orders are forgotten, and their ids mean nothing today.
    #expect(fixture.order(open.reports[0].order) == nil)

    fixture.tick(World.rb2701, World.yuan(3_530))
    #expect(fixture.holder(World.anna).positionProfit == Money(yuan: 2_000))
  }

  @Test func withoutASettlementPriceTheLastOneCounts() {
    let fixture = EngineFixture.trading()
    fixture.hold(World.anna, World.rb2701, .long, 10, at: price)
    fixture.tick(World.rb2701, World.yuan(3_520))
    let closing = fixture.holder(World.anna).equity
    fixture.beginDay(World.tuesday, nightDate: 0, at: nextMorning)
    #expect(fixture.holder(World.anna).openingEquity == closing)
    #expect(
      fixture.instrument(World.rb2701).preSettlement == World.yuan(3_520))
  }

  @Test func whileADayIsSwitchedOrdersAreRefused() {
    let fixture = EngineFixture.trading()
    fixture.step(
      .daySwitch(DaySwitch(tradingDay: World.tuesday, nightDate: 0)), at: nextMorning)
    #expect(!fixture.isReady)
    let effects = fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price)
    #expect(effects.reports.map(\.refusal.rule) == [.engineNotReady])
    let second = fixture.step(
      .daySwitch(DaySwitch(tradingDay: World.wednesday, nightDate: 0)))
    #expect(second.refusals.map(\.rule) == [.badCommand])
    fixture.drain()
    #expect(fixture.isReady)
    #expect(fixture.tradingDay == World.tuesday)
  }

  @Test func timeDoesNotGoBack() {
    let fixture = EngineFixture.trading()
    let effects = fixture.step(.daySwitch(DaySwitch(tradingDay: World.monday, nightDate: 0)))
    #expect(effects.refusals.count == 1)
    #expect(fixture.isReady)
  }

  /// Prices and late reports that come between the slices of a switch must not fall between two
  /// days: whatever comes after any number of slices, closing equity is opening equity.
  @Test(arguments: 0..<9)
  func aTickBetweenTheSlicesBelongsToOneDay(_ slices: Int) {
    let fixture = EngineFixture.trading()
    fixture.hold(World.anna, World.rb2701, .long, 10, at: price)
    settle(fixture, World.rb2701, World.yuan(3_510))
    fixture.step(
      .daySwitch(DaySwitch(tradingDay: World.tuesday, nightDate: 0)), at: nextMorning)
    for _ in 0..<slices where fixture.hasWork { fixture.step(.continueWork) }
    fixture.tick(World.rb2701, World.yuan(3_555))
    fixture.drain()
    fixture.tick(World.rb2701, World.yuan(3_530))
    let holder = fixture.holder(World.anna)
    #expect(holder.openingEquity == World.accountBalance + Money(yuan: 1_000 - 35))
    #expect(holder.positionProfit == Money(yuan: 2_000))
  }

  /// Where orders have several children each, the orders are forgotten first.
  @Test(arguments: [Side.buy, .sell])
  func aLateFillOfAForgottenOrderKeepsItsSide(_ side: Side) throws {
    let fixture = EngineFixture.trading()
    var sent: [SendOrder] = []
    var first = OrderID.none
    for number in 0..<150 {
      let effects = fixture.send(World.bela, World.rb2701, side, .open, 3, at: price)
      if number == 0 { first = try #require(effects.reports.first).order }
      sent += effects.sent
    }
    let last = try #require(sent.last)
    #expect(sent.count == 450)
    fixture.step(
      .daySwitch(DaySwitch(tradingDay: World.tuesday, nightDate: 0)), at: nextMorning)
    while fixture.hasWork, fixture.order(first) != nil { fixture.step(.continueWork) }
    try #require(fixture.child(last.child) != nil)
    fixture.fill(last.child, price, 1)
    fixture.drain()
    let signed: Int64 = side == .buy ? 1 : -1
    #expect(fixture.unmapped(World.beta, World.rb2701)?.lots == signed)
    #expect(
      fixture.side(last.fundAccount, World.rb2701, side == .buy ? .long : .short)?.held == 1)
  }

  @Test(arguments: 0..<9)
  func aLateFillBetweenTheSlicesIsBookedWhole(_ slices: Int) {
    let fixture = EngineFixture.trading()
    fixture.hold(World.anna, World.rb2701, .long, 10, at: price)
    let child = fixture.send(World.anna, World.rb2701, .buy, .open, 2, at: price).sent[0].child
    settle(fixture, World.rb2701, World.yuan(3_510))
    fixture.step(
      .daySwitch(DaySwitch(tradingDay: World.tuesday, nightDate: 0)), at: nextMorning)
    for _ in 0..<slices where fixture.hasWork { fixture.step(.continueWork) }
    fixture.fill(child, price, 2)
    fixture.drain()
    fixture.tick(World.rb2701, World.yuan(3_530))
    let fund = fixture.holder(World.north1)
    #expect(fund.heldLots == 12)
    // All of it, whichever day it fell on: 12 lots * 30 * 10, fees 35 and 7.
    #expect(fund.equity == World.fundBalance + Money(yuan: 3_600 - 42))
    let profit = fixture.cost(World.north1, World.rb2701, .long).map {
      (World.yuan(3_530).units * Int64(fund.heldLots) - $0.markBasis) * 10
    }
    #expect(fund.positionProfit.units == profit)
    let own = fixture.holder(World.anna)
    let unmapped = fixture.unmapped(World.alpha, World.rb2701)?.lots ?? 0
    #expect(Int64(own.heldLots) + unmapped == 12)
  }

  /// No order of the old day leaves any more, though its parent has not expired yet.
  @Test func whileADayIsSwitchedNothingIsTriedElsewhere() {
    let fixture = EngineFixture.trading(before: [
      .setProduct(SetProduct(product: World.alpha, setting: .retryRejectedChild, value: 1))
    ])
    let children = (0..<300).map { _ in
      fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price).sent[0].child
    }
    fixture.step(
      .daySwitch(DaySwitch(tradingDay: World.tuesday, nightDate: 0)), at: nextMorning)
    let refused = children.map { fixture.reject($0) }
    #expect(refused.flatMap { $0.reports }.contains { $0.state == .rejected })
    #expect(refused.allSatisfy { $0.sent.isEmpty })
    fixture.drain()
    for holder in [fixture.holder(World.anna), fixture.holder(World.south1)] {
      #expect(holder.frozenMargin == .zero)
      #expect(holder.workingOrders == 0)
    }
  }

  /// While the day's orders are being forgotten, reports of them find nobody.
  @Test(arguments: 0..<9)
  func aReportBetweenTheSlicesIsNoCrash(_ slices: Int) {
    let fixture = EngineFixture.trading()
    var children: [OrderID] = []
    for _ in 0..<300 {
      children.append(
        fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price).sent[0].child)
    }
    fixture.step(
      .daySwitch(DaySwitch(tradingDay: World.tuesday, nightDate: 0)), at: nextMorning)
    for _ in 0..<slices where fixture.hasWork { fixture.step(.continueWork) }
    for child in [children[0], children[150], children[299]] {
      fixture.accept(child)
      fixture.reject(child)
      fixture.confirmCancel(child)
    }
    fixture.step(
      .cancelOrder(
        CancelOrder(
          session: SessionID(7), account: World.anna, requestID: ClOrdID("cancel")!,
          target: .none, targetClOrdID: ClOrdID())))
    fixture.drain()
    #expect(fixture.holder(World.anna).available == World.accountBalance)
    fixture.linkAll()
    for (index, listing) in World.listings.enumerated() {
      fixture.reference(InstrumentID(UInt32(index)), World.yuan(listing.price))
    }
    let opened = fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price)
    #expect(opened.reports.map(\.state) == [.accepted])
    #expect(fixture.order(opened.reports[0].order)?.cancelRequested == false)
  }

  @Test func referencePricesOfTheComingDayWaitForIt() {
    let fixture = EngineFixture.trading()
    fixture.step(
      .daySwitch(DaySwitch(tradingDay: World.tuesday, nightDate: 0)), at: nextMorning)
    let refused = fixture.reference(World.rb2701, World.yuan(3_600)).refusals
    #expect(refused.map(\.rule) == [.engineNotReady])
    fixture.drain()
    #expect(fixture.reference(World.rb2701, World.yuan(3_600)).isEmpty)
    let instrument = fixture.instrument(World.rb2701)
    #expect(instrument.upperLimit == World.yuan(3_960))
  }
}
