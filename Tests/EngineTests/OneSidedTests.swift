import Domain
import Engine
import Ledger
import MarketData
import Messages
import Testing

/// One-sided margin (大单边; rules.md 6, decisions 9; AMS manual 2.2, 4.1): of a commodity the larger
/// side's margin alone, where counter, fund accounts and operation account all have it.
@Suite struct OneSidedTests {
  private let price = World.yuan(3_500)
  private static let shfe: Int64 = 1

  private static func account(_ bits: Int64) -> Command {
    .setAccount(SetAccount(account: World.anna, setting: .oneSidedExchanges, value: bits))
  }
  private static func fund(
    _ fund: FundAccountID, _ bits: Int64, counter: Int64
  ) -> [Command] {
    [
      (FundAccountSetting.oneSidedExchanges, bits), (.counterOneSidedExchanges, counter),
    ].map { .setFundAccount(SetFundAccount(fundAccount: fund, setting: $0, value: $1)) }
  }

  /// Margins of 10 % long and 10 % short, without fees: anna is 3 long in rb2701 and 2 short in
  /// rb2705, at 3 500 x 10 each.
  private func holding(_ before: [Command]) -> EngineFixture {
    let free = RateSet(
      marginLong: TwoPartRate(byValue: Rate(units: 10_000_000)),
      marginShort: TwoPartRate(byValue: Rate(units: 10_000_000)))
    let fixture = EngineFixture.trading(
      before: [
        .setRates(
          SetRates(
            ownerKind: .platform, ownerID: 0, scope: .commodity(World.rb), rates: free))
      ] + before)
    for (instrument, side, lots) in [
      (World.rb2701, Side.buy, Lots(3)), (World.rb2705, .sell, 2),
    ] {
      let effects = fixture.send(World.anna, instrument, side, .open, lots, at: price)
      for child in effects.sent { fixture.fill(child.child, price, child.lots) }
    }
    return fixture
  }

  private static let everybody: [Command] =
    [account(shfe)] + fund(World.north1, shfe, counter: shfe)
    + fund(World.south1, shfe, counter: shfe)

  /// Each of the five who have to have it, left out in turn: then both sides count.
  @Test(arguments: 0..<6)
  func allHaveToHaveIt(_ missing: Int) {
    var commands = Self.everybody
    if missing < commands.count { commands.remove(at: missing) }
    let fixture = holding(commands)
    let yuan: Int64 = missing == 5 ? 10_500 : 17_500
    #expect(fixture.holder(World.anna).margin == Money(yuan: yuan))
    // Position rows show both sides.
    #expect(
      fixture.side(World.anna, World.rb2705, .short)?.margin == Money(yuan: 7_000))
  }

  /// The larger side by lots, one fewer than it, as many, one more; and in what is available.
  @Test func theLargerSideDecides() {
    let fixture = holding(Self.everybody)
    let available = fixture.holder(World.anna).available
    #expect(available == fixture.holder(World.anna).equity - Money(yuan: 10_500))
    for (lots, yuan) in [(3, 10_500), (4, 14_000)] as [(Lots, Int64)] {
      let order = fixture.send(World.anna, World.rb2705, .sell, .open, 1, at: price)
      // A hold counts in full, whatever its side.
      #expect(fixture.holder(World.anna).frozenMargin == Money(yuan: 3_500))
      fixture.fill(order.sent[0].child, price, 1)
      #expect(fixture.side(World.anna, World.rb2705, .short)?.held == lots)
      #expect(fixture.holder(World.anna).margin == Money(yuan: yuan))
    }
    #expect(fixture.holder(World.north1).margin == Money(yuan: 14_000))
  }

  /// On and off while positions are held, and what is no set of exchanges.
  @Test func itHoldsAtOnce() {
    let fixture = holding([])
    #expect(fixture.holder(World.anna).margin == Money(yuan: 17_500))
    for command in Self.everybody {
      #expect(fixture.step(command).refusals.isEmpty)
      fixture.drain()
    }
    #expect(fixture.holder(World.anna).margin == Money(yuan: 10_500))
    fixture.step(Self.fund(World.south1, Self.shfe, counter: .min)[1])
    fixture.drain()
    #expect(fixture.holder(World.anna).margin == Money(yuan: 17_500))
    #expect(fixture.holder(World.north1).margin == Money(yuan: 10_500))
    #expect(fixture.step(Self.account(63)).refusals.isEmpty)
    #expect(fixture.step(Self.account(64)).refusals.map(\.rule) == [.badCommand])
    fixture.drain()
    #expect(fixture.holder(World.anna).margin == Money(yuan: 17_500))
  }

  /// What limits margin sees what is taken of the money: 10 500 held and 3 500 asked are 14 000; of
  /// both sides they would be 21 000.
  @Test(arguments: [(Int64(13_999), false), (14_000, true), (14_001, true)])
  func aCapSeesTheLargerSideAlone(_ cap: Int64, _ passes: Bool) {
    let fixture = holding(Self.everybody)
    fixture.step(
      .setAccount(
        SetAccount(
          account: World.anna, setting: .marginCap, value: cap * Money.unitsPerYuan)))
    let order = fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price)
    #expect(order.sent.isEmpty != passes)
    #expect(order.reports.last?.refusal.rule == (passes ? RuleID.none : .marginLimit))
  }

  /// Another commodity is by itself: no side of one covers a side of the other.
  @Test func commoditiesAreByThemselves() {
    let fixture = holding(Self.everybody)
    let before = fixture.holder(World.anna).margin
    let order = fixture.send(
      World.anna, World.i2701, .sell, .open, 1, at: World.yuan(800))
    fixture.fill(order.sent[0].child, World.yuan(800), 1)
    let ore = fixture.side(World.anna, World.i2701, .short)?.margin ?? .zero
    #expect(ore.units > 0)
    #expect(fixture.holder(World.anna).margin == before + ore)
  }
}
