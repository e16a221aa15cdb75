import Domain
import Engine
import Ledger
import MarketData
import Messages
import Testing

/// Declaration fees (AMS manual 4.1; decisions 8; example 17 of spec/examples.md): each order and
/// each cancel that the exchange has acknowledged, once.
@Suite struct DeclarationTests {
  private let price = World.yuan(3_500)

  private func fees(_ fixture: EngineFixture) -> [Int64] {
    [
      fixture.holder(World.anna).fees.units, fixture.holder(World.north1).fees.units,
      fixture.holder(World.south1).fees.units,
    ].map { $0 / Money.unitsPerYuan }
  }

  /// rb is declared and costs nothing else; anna orders at north1 alone.
  private func declared(_ more: [Command] = []) -> EngineFixture {
    let free = RateSet(
      marginLong: TwoPartRate(byValue: Rate(units: 10_000_000)),
      marginShort: TwoPartRate(byValue: Rate(units: 10_000_000)))
    return EngineFixture.trading(
      before: [
        .setRates(
          SetRates(
            ownerKind: .platform, ownerID: 0, scope: .commodity(World.rb), rates: free)),
        .setDeclared(SetDeclared(commodity: World.rb, declared: true)),
      ] + more)
  }

  private func own(_ yuan: Int64, perLot: Bool = false, mode: Int64 = 2) -> [Command] {
    [
      (AccountSetting.declarationMode, mode), (.declarationFee, yuan * Money.unitsPerYuan),
      (.declarationUnit, perLot ? 1 : 0),
    ].map { .setAccount(SetAccount(account: World.anna, setting: $0, value: $1)) }
  }

  private func open(_ fixture: EngineFixture, _ lots: Lots) -> OrderID {
    fixture.send(World.anna, World.rb2701, .buy, .open, lots, at: price).sent[0].child
  }

  /// Example 17: order 1, cancel 1 = 2; set to 5: 10. By the lot, of 3 lots of which 1 filled: for
  /// 3 and for 2. At 0: nothing.
  @Test(
    arguments: [
      ([], false, [1, 2]), ([5], false, [5, 10]), ([5], true, [15, 25]), ([0], false, [0, 0]),
    ] as [([Int64], Bool, [Int64])])
  func example17(_ amount: [Int64], _ perLot: Bool, _ expected: [Int64]) {
    let fixture = declared(amount.first.map { own($0, perLot: perLot) } ?? [])
    let child = open(fixture, 3)
    #expect(fees(fixture)[0] == 0, "nothing is acknowledged yet")
    fixture.accept(child)
    #expect(fees(fixture)[0] == expected[0])
    fixture.fill(child, price, 1)
    fixture.confirmCancel(child, cumulative: 1)
    #expect(fees(fixture)[0] == expected[1])
    // The fund account follows the platform: 1 yuan each.
    #expect(fees(fixture)[1] == 2)
  }

  @Test func noneAndAnotherCommodityCostNothing() {
    let none = declared(own(9, mode: 1))
    let child = open(none, 1)
    none.accept(child)
    none.confirmCancel(child)
    #expect(fees(none) == [0, 2, 0])
    let other = declared()
    let order = other.send(World.anna, World.i2701, .buy, .open, 1, at: World.yuan(800))
    let before = fees(other)
    other.accept(order.sent[0].child)
    #expect(fees(other) == before)
  }

  /// A first word that is a fill acknowledges too, and no word does so twice.
  @Test func eachIsBookedOnce() {
    let fixture = declared()
    let child = open(fixture, 4)
    fixture.fill(child, price, 1)
    #expect(fees(fixture) == [1, 1, 0])
    fixture.accept(child)
    fixture.fill(child, price, 1)
    #expect(fees(fixture) == [1, 1, 0])
    fixture.confirmCancel(child, cumulative: 2)
    fixture.confirmCancel(child, cumulative: 2)
    #expect(fees(fixture) == [2, 2, 0])
  }

  /// What a counter refused, and what never arrived, was never declared.
  @Test func aRefusalIsNoDeclaration() {
    let fixture = declared()
    fixture.reject(open(fixture, 1))
    #expect(fees(fixture) == [0, 0, 0])
    // Nor is the rest of an order that must fill at once a cancel.
    let order = fixture.step(
      .newOrder(
        fixture.newOrder(
          World.anna, World.rb2701, .buy, .open, 2, at: price, timeInForce: .immediateOrCancel)))
    fixture.accept(order.sent[0].child)
    fixture.confirmCancel(order.sent[0].child)
    #expect(fees(fixture) == [1, 1, 0])
  }

  /// The same reports again after a resync change nothing; a fee is of its day.
  @Test func aResyncAndTheDaySwitch() {
    let fixture = declared()
    let child = open(fixture, 2)
    let report = fixture.childReport(child, .accepted)
    fixture.step(.childReport(report))
    fixture.step(.childReport(report))
    #expect(fees(fixture) == [1, 1, 0])
    let equity = fixture.holder(World.anna).equity
    fixture.step(.daySwitch(DaySwitch(tradingDay: World.tuesday, nightDate: 0)))
    fixture.drain()
    #expect(fees(fixture) == [0, 0, 0])
    #expect(fixture.holder(World.anna).openingEquity == equity)
  }

  /// Fees of declarations count as lost (rules.md 3a), one below the line and at it; the next order
  /// is refused at once, the notice comes with the next look.
  @Test func aDeclarationCountsTowardDailyLoss() {
    let fixture = declared(own(5))
    fixture.step(
      .setAccountLine(
        SetAccountLine(
          account: World.anna, line: .dailyLoss, basis: .unknown, mode: .unknown,
          warn: 10 * Money.unitsPerYuan, liquidate: .min)))
    fixture.step(
      .setLineAction(SetLineAction(line: .dailyLoss, level: .warn, action: .barOpening)))
    fixture.hold(World.anna, World.rb2705, .long, 1, at: World.yuan(3_600))
    #expect(fees(fixture)[0] == 5)
    let child = open(fixture, 1)
    fixture.accept(child)
    #expect(fees(fixture)[0] == 10)
    let refused = fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price)
    #expect(refused.reports.last?.refusal.rule == .dailyLoss)
    let look = fixture.step(
      .moveCash(
        MoveCash(account: World.anna, allowedLoss: Money(yuan: 1), notToLose: .zero)))
    #expect(look.notices(.lineReached).map(\.rule) == [.dailyLoss])
  }

  @Test func valuesAtTheirLimitAndOnePastIt() {
    let fixture = declared()
    let most = Ranges.declarationFeeMaximum
    for (setting, value, isTaken) in [
      (AccountSetting.declarationFee, most, true), (.declarationFee, most + 1, false),
      (.declarationMode, 2, true), (.declarationMode, 3, false), (.declarationUnit, 1, true),
      (.declarationUnit, 2, false),
    ] as [(AccountSetting, Int64, Bool)] {
      let effects = fixture.step(
        .setAccount(SetAccount(account: World.anna, setting: setting, value: value)))
      #expect(effects.refusals.isEmpty == isTaken, "\(setting) \(value)")
    }
    let platform = fixture.step(
      .setPlatform(SetPlatform(setting: .declarationFee, value: most + 1)))
    #expect(platform.refusals.map(\.rule) == [.badCommand])
    let fund = fixture.step(
      .setFundAccount(
        SetFundAccount(fundAccount: World.north1, setting: .declarationUnit, value: 2)))
    #expect(fund.refusals.map(\.rule) == [.badCommand])
  }
}
