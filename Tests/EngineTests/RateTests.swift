import Domain
import Engine
import Ledger
import MarketData
import Messages
import Testing

/// Rates through the engine: who takes which, from when, and what becomes of held margins.
@Suite struct RateTests {
  private let price = World.yuan(3_500)

  private static func percent(_ percent: Int64) -> TwoPartRate {
    TwoPartRate(byValue: Rate(units: percent * 1_000_000))
  }

  /// A hundredth of the percentage as fees, so that both can be told.
  private static func rates(_ percent: Int64) -> RateSet {
    let fee = TwoPartRate(byLot: Money(yuan: percent))
    return RateSet(
      marginLong: Self.percent(percent), marginShort: Self.percent(percent), feeOpen: fee,
      feeClose: fee, feeCloseToday: fee)
  }

  private static func mode(
    _ account: OperationAccountID, _ setting: AccountSetting, _ value: Int64
  ) -> Command {
    .setAccount(SetAccount(account: account, setting: setting, value: value))
  }

  private func margin(_ fixture: EngineFixture, _ account: OperationAccountID) -> Money {
    fixture.engine.ledger.holder(fixture.engine.ledger.holder(of: account)).pointee.margin
  }

  private func held(_ fixture: EngineFixture) -> Money { margin(fixture, World.anna) }

  /// Two lots held at 3 500 x 10: 70 000 yuan.
  private func holding(_ before: [Command] = []) -> EngineFixture {
    let fixture = EngineFixture.trading(before: before)
    let effects = fixture.send(World.anna, World.rb2701, .buy, .open, 2, at: price)
    for order in effects.sent { fixture.fill(order.child, price, order.lots) }
    return fixture
  }

  /// The counter's word on a fund account is what those pay who follow it, from the next order and
  /// for what is held.
  @Test func aCountersRatesAreTakenAtOnceByWhoFollows() {
    let fixture = holding()
    fixture.drain()
    let report = fixture.step(
      .counterRates(
        CounterRates(
          fundAccount: World.north1, scope: .commodity(World.rb), rates: Self.rates(20))))
    #expect(report.refusals.isEmpty)
    fixture.drain()
    #expect(held(fixture) == Money(yuan: 14_000))
    let named = fixture.step(
      .setProduct(
        SetProduct(
          product: World.alpha, setting: .rateAccount, value: Int64(World.south1.raw))))
    #expect(named.notices(.rateAccount).map(\.observed) == [Int64(World.south1.raw)])
    fixture.drain()
    #expect(held(fixture) != Money(yuan: 14_000))
    // A fund account of another product is nobody's to read.
    let other = fixture.step(
      .setProduct(
        SetProduct(
          product: World.alpha, setting: .rateAccount, value: Int64(World.north2.raw))))
    #expect(other.refusals.map(\.rule) == [.badCommand])
  }

  /// Own, from a template, relative to the fund account, and back.
  @Test func modesAndTemplatesHoldAtOnce() {
    let fixture = holding()
    let template = AccountTemplateID(0)
    for command: Command in [
      .counterRates(
        CounterRates(
          fundAccount: World.north1, scope: .commodity(World.rb), rates: Self.rates(10))),
      .defineTemplate(DefineTemplate(name: Name("careful")!, kind: .margin)),
      .setMarginRates(
        SetMarginRates(
          ownerKind: .template, ownerID: template.raw, scope: .commodity(World.rb),
          method: .relativePercent, long: Self.percent(10), short: Self.percent(10))),
      .assignTemplate(
        AssignTemplate(account: World.anna, kind: .margin, template: template)),
    ] {
      #expect(fixture.step(command).refusals.isEmpty)
    }
    fixture.drain()
    #expect(held(fixture) == Money(yuan: 7_000), "a template is nothing without the mode")
    fixture.step(Self.mode(World.anna, .marginRateMode, 1))
    fixture.drain()
    #expect(held(fixture) == Money(yuan: 7_700))
    // Fees still follow: 10 yuan a lot.
    let effects = fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price)
    let trade = fixture.fill(effects.sent[0].child, price, 1)
    #expect(trade.reports.first?.fee == Money(yuan: 10))
    #expect(held(fixture) == Money(yuan: 11_550))
    fixture.step(
      .assignTemplate(AssignTemplate(account: World.anna, kind: .margin, template: .none)))
    fixture.drain()
    #expect(held(fixture) == Money(yuan: 10_500))
  }

  /// A relative rate without anything that it is relative to is none: opening is refused.
  @Test func withoutABaseThereAreNoRates() {
    let fixture = EngineFixture.trading(before: [
      Self.mode(World.anna, .marginRateMode, 1),
      .defineCommodity(
        DefineCommodity(
          code: CommodityCode("zz")!, exchange: .shfe, hours: TradingHoursID(0),
          deliveryMultiple: 1)),
    ])
    let effects = fixture.step(
      .setMarginRates(
        SetMarginRates(
          ownerKind: .operationAccount, ownerID: World.anna.raw, scope: .commodity(World.rb),
          method: .relativeAbsolute, long: TwoPartRate(byValue: Rate(units: 1_000_000_000)),
          short: Self.percent(1))))
    #expect(effects.refusals.isEmpty)
    // 1 000 % more than 10 % is beyond any rate.
    let order = fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price)
    #expect(order.reports.first?.refusal.rule == .ratesMissing)
  }

  @Test func whatIsNoRateIsRefused() {
    let fixture = EngineFixture.trading()
    fixture.step(.defineTemplate(DefineTemplate(name: Name("fees")!, kind: .fee)))
    let state = fixture.engine.booksHash
    func margins(
      _ kind: RateOwnerKind, _ id: UInt32, _ method: RateMethod, _ long: TwoPartRate,
      _ scope: Scope = .commodity(World.rb)
    ) -> Command {
      .setMarginRates(
        SetMarginRates(
          ownerKind: kind, ownerID: id, scope: scope, method: method, long: long,
          short: TwoPartRate()))
    }
    let most = TwoPartRate(byValue: Rate(units: Ranges.rateByValueMaximum))
    #expect(fixture.step(margins(.everybody, 0, .asItIs, most)).refusals.isEmpty)
    for command: Command in [
      margins(
        .everybody, 0, .asItIs, TwoPartRate(byValue: Rate(units: most.byValue.units + 1))),
      margins(.everybody, 0, .asItIs, TwoPartRate(byLot: Money(units: -1))),
      margins(
        .everybody, 0, .relativePercent,
        TwoPartRate(byLot: Money(units: Ranges.rateByValueMaximum + 1))),
      margins(.template, 0, .asItIs, Self.percent(1)),
      margins(.template, 9, .asItIs, Self.percent(1)),
      margins(.operationAccount, 999, .asItIs, Self.percent(1)),
      margins(.unknown, 0, .asItIs, Self.percent(1)),
      margins(.everybody, 0, .asItIs, Self.percent(1), .everything),
      margins(.everybody, 0, .asItIs, Self.percent(1), .commodity(CommodityID(99))),
      .assignTemplate(
        AssignTemplate(account: World.anna, kind: .margin, template: AccountTemplateID(0))),
      .assignTemplate(
        AssignTemplate(account: World.anna, kind: .unknown, template: .none)),
      .defineTemplate(DefineTemplate(name: Name("fees")!, kind: .fee)),
      .defineTemplate(DefineTemplate(name: Name("none")!, kind: .unknown)),
      .setTemplateOnlyListed(
        SetTemplateOnlyListed(template: AccountTemplateID(0), onlyListed: true)),
      Self.mode(World.anna, .marginRateMode, 3),
      .setPlatform(SetPlatform(setting: .feeRateMode, value: 0)),
    ] {
      #expect(fixture.step(command).refusals.map(\.rule) == [.badCommand], "\(command)")
    }
    #expect(fixture.engine.booksHash == state)
  }

  /// Margins of more lots than a step may touch are taken anew bit by bit, all of them.
  @Test func marginsFollowInSlices() {
    let fixture = holding()
    fixture.step(.setPlatform(SetPlatform(setting: .marginRateMode, value: 1)))
    let slices = fixture.drain()
    #expect(slices.count <= fixture.engine.ledger.positionSlots / Engine.unitsPerStep + 1)
    let before = held(fixture)
    fixture.step(
      .setMarginRates(
        SetMarginRates(
          ownerKind: .everybody, ownerID: 0, scope: .commodity(World.rb),
          method: .relativeAbsolute, long: Self.percent(1), short: Self.percent(1))))
    fixture.drain()
    #expect(held(fixture) == before + Money(yuan: 700))
  }
}
