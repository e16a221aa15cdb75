import Domain
import Engine
import Ledger
import MarketData
import Messages
import Testing

/// Where children go when the plain way is barred.
@Suite struct PlacementTests {
  private let price = World.yuan(3_500)

  /// Both accounts of alpha are one legal owner with a resting buy each, and hold 6 and 4 lots.
  private func crossing() -> EngineFixture {
    let fixture = EngineFixture.trading()
    for fund in [World.north1, World.south1] {
      fixture.step(
        .setTradingCode(
          SetTradingCode(fundAccount: fund, exchange: .shfe, code: FixedText("owner")!)))
    }
    for (fund, lots) in [(World.north1, Lots(6)), (World.south1, 4)] {
      fixture.step(
        .setFundOrderSize(
          SetFundOrderSize(
            fundAccount: fund, scope: .commodity(World.rb), lots: Int64(lots), margin: .none)))
    }
    fixture.hold(World.anna, World.rb2701, .long, 10, at: price)
    fixture.send(World.amir, World.rb2701, .buy, .open, 10, at: price)
    return fixture
  }

  /// docs/ARCHITECTURE.md, decision 3: two counter orders can't promise all or nothing together,
  /// nor when they are exits that may cross their own owner.
  @Test(arguments: [
    (Lots(10), TimeInForce.day, Lots(0), [Lots(6), 4]), (10, .fillOrKill, 0, []),
    (10, .immediateOrCancel, 10, []), (6, .fillOrKill, 0, [6]),
    (10, .immediateOrCancel, 0, [6, 4]),
  ])
  func anExitThatMustFillAsAWholeIsNotSplitToCrossItsOwner(
    _ lots: Lots, _ timeInForce: TimeInForce, _ minimum: Lots, _ children: [Lots]
  ) {
    let fixture = crossing()
    let effects = fixture.step(
      .newOrder(
        fixture.newOrder(
          World.anna, World.rb2701, .sell, .closeToday, lots, at: price,
          timeInForce: timeInForce, minimumLots: minimum)))
    #expect(effects.sent.map(\.lots) == children)
    #expect(effects.notices(.selfTradeClose).count == children.count)
  }

  /// delivery-multiple: children keep it, also where net mode closes first and opens the rest.
  @Test func inTheDeliveryMonthEachPartOfANetOrderIsAMultiple() {
    let fixture = EngineFixture.trading()
    let price = World.yuan(20_000)
    fixture.externalTrade(World.north3, World.al2611, .buy, .open, 7, at: price)
    let effects = fixture.send(World.cara, World.al2611, .sell, .open, 10, at: price)
    #expect(effects.sent.map(\.offset) == [.closeToday, .open])
    #expect(effects.sent.map(\.lots) == [5, 5])
  }

  /// fund-min-reserve: available after the hold, and what closes in the same order holds a fee too.
  @Test(arguments: [(Money(units: 74_999), [Lots(5), 2]), (Money(units: 75_000), [5, 3])])
  func theReserveStandsBesideTheFeeOfWhatClosesFirst(_ room: Money, _ lots: [Lots]) {
    let fixture = EngineFixture.trading()
    let price = World.yuan(3_000)
    fixture.hold(World.cara, World.m2701, .long, 5, at: price)
    // 5 lots close for a fee of 7.50, 3 open for a margin of 9 000 and a fee of 4.50.
    let opening = Money(units: 90_045_000)
    fixture.step(
      .setFundAccount(
        SetFundAccount(
          fundAccount: World.north3, setting: .minimumReserve,
          value: (fixture.holder(World.north3).available - opening - room).units)))
    let effects = fixture.send(World.chen, World.m2701, .sell, .open, 8, at: price)
    #expect(effects.sent.map(\.offset) == [.close, .open])
    #expect(effects.sent.map(\.lots) == lots)
  }

  /// A close at the market without a limit-up price: nobody can say what its fee will be, so
  /// neither the order nor its child freezes a part of one.
  @Test func withoutAPriceACloseFreezesNothingOnBothSides() {
    let fixture = EngineFixture.trading()
    let price = World.yuan(3_000)
    fixture.hold(World.anna, World.m2701, .long, 5, at: price)
    fixture.beginDay(
      World.tuesday, nightDate: 0, at: World.openTime.adding(seconds: 86_400),
      bringsPrices: false)
    let effects = fixture.step(
      .newOrder(
        fixture.newOrder(
          World.anna, World.m2701, .sell, .close, 2, at: .none, type: .market)))
    #expect(effects.sent.map(\.lots) == [2])
    #expect(fixture.holder(World.anna).frozenFees == .zero)
    #expect(fixture.holder(World.north1).frozenFees == .zero)
  }
}
