import Domain
import Engine
import Ledger
import MarketData
import Messages
import Testing

/// The net-position mode: the fund account holds the net of its operation accounts (routing.md 3).
@Suite struct NetModeTests {
  private let price = World.yuan(3_500)

  private func net(_ fixture: EngineFixture) -> Int64 {
    let long = fixture.side(World.north3, World.rb2701, .long)?.held ?? 0
    let short = fixture.side(World.north3, World.rb2701, .short)?.held ?? 0
    return Int64(long) - Int64(short)
  }

  private func own(_ fixture: EngineFixture) -> Int64 {
    var sum: Int64 = 0
    for account in [World.cara, World.chen] {
      sum += Int64(fixture.side(account, World.rb2701, .long)?.held ?? 0)
      sum -= Int64(fixture.side(account, World.rb2701, .short)?.held ?? 0)
    }
    return sum
  }

  @Test func examples22AClosingMayOpenAtTheCounter() {
    let fixture = EngineFixture.trading()
    fixture.hold(World.cara, World.rb2701, .long, 5, at: price)
    let opposed = fixture.hold(World.chen, World.rb2701, .short, 3, at: price)
    #expect(opposed.sent.map(\.offset) == [.closeToday])
    #expect(net(fixture) == 2)
    #expect(own(fixture) == 2)

    let back = fixture.send(World.chen, World.rb2701, .buy, .closeToday, 3, at: price)
    #expect(back.sent.map(\.offset) == [.open])
    #expect(back.sent.map(\.lots) == [3])
    fixture.fill(back.sent[0].child, price, 3)
    #expect(net(fixture) == 5)
    #expect(own(fixture) == 5)

    let out = fixture.send(World.cara, World.rb2701, .sell, .closeToday, 5, at: price)
    #expect(out.sent.map(\.offset) == [.closeToday])
    fixture.fill(out.sent[0].child, price, 5)
    #expect(net(fixture) == 0)
    #expect(own(fixture) == 0)
    #expect(fixture.holder(World.north3).margin == .zero)
  }

  /// decisions 27: an exit is sent although it may trade with its own owner's order.
  @Test func anExitThatMayCrossItsOwnOwnerIsSentWithANotice() {
    let fixture = EngineFixture.trading(before: [
      .setTradingCode(
        SetTradingCode(
          fundAccount: World.north3, exchange: .shfe, code: FixedText("owner")!))
    ])
    fixture.hold(World.cara, World.rb2701, .long, 5, at: price)
    let resting = fixture.send(World.chen, World.rb2701, .buy, .open, 1, at: price)
    #expect(resting.sent.map(\.offset) == [.open])

    let out = fixture.send(World.cara, World.rb2701, .sell, .closeToday, 5, at: price)
    #expect(out.sent.map(\.offset) == [.closeToday])
    #expect(out.notices(.selfTradeClose).map(\.scopeID) == [World.north3.raw])

    let opening = fixture.send(World.chen, World.rb2701, .sell, .open, 1, at: price)
    #expect(opening.sent.isEmpty)
    #expect(opening.reports.map(\.refusal.rule) == [.selfTrade])
  }

  @Test func whatOpposesClosesFirstAndTheRestOpens() {
    let fixture = EngineFixture.trading()
    fixture.hold(World.cara, World.rb2701, .long, 5, at: price)
    let effects = fixture.send(World.chen, World.rb2701, .sell, .open, 8, at: price)
    #expect(effects.sent.map(\.offset) == [.closeToday, .open])
    #expect(effects.sent.map(\.lots) == [5, 3])
    for child in effects.sent { fixture.fill(child.child, price, child.lots) }
    #expect(net(fixture) == -3)
    #expect(own(fixture) == -3)
  }

  @Test func atSHFEYesterdaysLotsCloseBeforeTodays() {
    let fixture = EngineFixture.trading()
    fixture.hold(World.cara, World.rb2701, .long, 5, at: price)
    fixture.beginDay(
      World.tuesday, nightDate: 0, at: World.openTime.adding(seconds: 86_400))
    fixture.hold(World.cara, World.rb2701, .long, 2, at: price)
    let effects = fixture.send(World.chen, World.rb2701, .sell, .open, 9, at: price)
    #expect(effects.sent.map(\.offset) == [.closeYesterday, .closeToday, .open])
    #expect(effects.sent.map(\.lots) == [5, 2, 2])
  }

  /// Two counter orders can't promise all or nothing together.
  @Test(arguments: [
    (Lots(5), TimeInForce.fillOrKill, Lots(0), [Offset.closeToday]),
    (4, .fillOrKill, 0, [.closeToday]), (8, .fillOrKill, 0, []),
    (8, .immediateOrCancel, 6, []), (8, .immediateOrCancel, 0, [.closeToday, .open]),
  ])
  func whatMustFillAsAWholeIsOneChild(
    _ lots: Lots, _ timeInForce: TimeInForce, _ minimum: Lots, _ offsets: [Offset]
  ) {
    let fixture = EngineFixture.trading()
    fixture.hold(World.cara, World.rb2701, .long, 5, at: price)
    let effects = fixture.step(
      .newOrder(
        fixture.newOrder(
          World.chen, World.rb2701, .sell, .open, lots, at: price, timeInForce: timeInForce,
          minimumLots: minimum)))
    #expect(effects.sent.map(\.offset) == offsets)
  }

  /// Forced orders are exits: where they open at the counter no limit of a fund account stops them
  /// (rules.md 0, decisions 27); a terminal's own exit meets them.
  @Test(arguments: [
    Command.setFundAccount(
      SetFundAccount(fundAccount: World.north3, setting: .openPermission, value: 0)),
    .setFundAccount(
      SetFundAccount(
        fundAccount: World.north3, setting: .minimumReserve,
        value: 99_990_000 * Money.unitsPerYuan)),
    .setFundPositionLimit(
      SetFundPositionLimit(
        fundAccount: World.north3, scope: .commodity(World.rb), hedge: .unknown, long: 2, short: 2,
        total: .min)),
    .setFundOpenVolume(
      SetFundOpenVolume(fundAccount: World.north3, scope: .commodity(World.rb), lots: 5)),
  ])
  func aForcedCloseThatOpensAtTheCounterIsNotHeldUp(_ limit: Command) {
    let fixture = EngineFixture.trading()
    fixture.tick(World.rb2701, price)
    fixture.quote(World.rb2701, bid: 3_499, ask: 3_501)
    fixture.hold(World.cara, World.rb2701, .long, 5, at: price)
    let opposed = fixture.hold(World.chen, World.rb2701, .short, 3, at: price)
    #expect(opposed.sent.map(\.offset) == [.closeToday])
    #expect(fixture.step(limit).isEmpty)
    let own = fixture.send(World.chen, World.rb2701, .buy, .closeToday, 3, at: price)
    #expect(own.reports.map(\.execType) == [.rejected])
    fixture.force(World.chen)
    let forced = Array(fixture.drain().joined())
    #expect(forced.sent.map(\.offset) == [.open])
    #expect(forced.sent.map(\.lots) == [3])
    fixture.fill(forced.sent[0].child, price, 3)
    fixture.drain()
    #expect(fixture.side(World.chen, World.rb2701, .short)?.held == 0)
    #expect(net(fixture) == 5)
  }
}
