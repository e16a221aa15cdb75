import Domain
import Engine
import Ledger
import MarketData
import Messages
import Testing

/// fund-order-rate and order-rate through the engine: who sets the bar, who is told, how it ends.
@Suite struct FundRateTests {
  private let price = World.yuan(3_500)

  private static func rate(_ bar: Int64, _ fund: FundAccountID = World.north1) -> [Command] {
    [
      (FundAccountSetting.orderRateCount, Int64(3)), (.orderRateWindowMilliseconds, 1_000),
      (.orderRateBar, bar),
    ].map { setting, value in
      .setFundAccount(SetFundAccount(fundAccount: fund, setting: setting, value: value))
    }
  }

  private func release(
    _ fixture: EngineFixture, _ kind: HolderKind, _ id: UInt32
  ) -> [Effect] {
    fixture.step(.releaseOrderRate(ReleaseOrderRate(holderKind: kind, holderID: id)))
  }

  private func open(_ fixture: EngineFixture) -> [Effect] {
    fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price)
  }

  @Test func theThirdChildIsToldAndTheFourthGoesElsewhere() {
    let fixture = EngineFixture.trading(before: Self.rate(1))
    for _ in 0..<2 { #expect(open(fixture).notices(.fundOrderRateBar).isEmpty) }
    let third = open(fixture)
    #expect(third.sent.map(\.fundAccount) == [World.north1])
    #expect(third.notices(.fundOrderRateBar).map(\.scopeID) == [World.north1.raw])
    #expect(open(fixture).sent.map(\.fundAccount) == [World.south1])
    #expect(release(fixture, .fundAccount, World.north1.raw).refusals.isEmpty)
    #expect(open(fixture).sent.map(\.fundAccount) == [World.north1])
    // Nothing stands any more, and a count does not start again by itself.
    #expect(
      release(fixture, .fundAccount, World.north1.raw).refusals.map(\.rule) == [.badCommand])
  }

  @Test func aRetryCountsAndIsBarred() {
    let fixture = EngineFixture.trading(
      before: Self.rate(1, World.south1) + [
        .setProduct(SetProduct(product: World.alpha, setting: .retryRejectedChild, value: 1))
      ])
    for _ in 0..<3 {
      let child = open(fixture).sent[0].child
      #expect(fixture.reject(child).sent.map(\.fundAccount) == [World.south1])
    }
    let child = open(fixture).sent[0].child
    let effects = fixture.reject(child)
    #expect(effects.sent.isEmpty)
    #expect(effects.reports.map(\.state) == [.rejected])
  }

  @Test func theNextDayEndsIt() {
    let fixture = EngineFixture.trading(before: Self.rate(3))
    for _ in 0..<3 { _ = open(fixture) }
    #expect(open(fixture).sent.map(\.fundAccount) == [World.south1])
    fixture.beginDay(
      World.tuesday, nightDate: 0, at: World.openTime.adding(seconds: 86_400))
    for _ in 0..<3 { #expect(open(fixture).sent.map(\.fundAccount) == [World.north1]) }
  }

  @Test func anAccountsBarIsReleasedToo() {
    let fixture = EngineFixture.trading()
    for (setting, value) in [
      (AccountSetting.orderRateCount, Int64(2)), (.orderRateWindowMilliseconds, 60_000),
    ] {
      fixture.step(.setAccount(SetAccount(account: World.anna, setting: setting, value: value)))
    }
    for _ in 0..<2 { _ = open(fixture) }
    #expect(open(fixture).reports.map(\.refusal.rule) == [.orderRate])
    #expect(release(fixture, .operationAccount, World.anna.raw).refusals.isEmpty)
    #expect(open(fixture).sent.count == 1)
    #expect(open(fixture).sent.count == 1)
    #expect(open(fixture).reports.map(\.refusal.rule) == [.orderRate])
  }

  @Test(arguments: [
    (HolderKind.unknown, UInt32(0)), (.operationAccount, 99), (.fundAccount, 99),
    (.operationAccount, 1),
  ])
  func whereNoBarStandsThereIsNothingToRelease(_ kind: HolderKind, _ id: UInt32) {
    let fixture = EngineFixture.trading()
    let before = fixture.booksHash
    #expect(release(fixture, kind, id).refusals.map(\.rule) == [.badCommand])
    #expect(fixture.booksHash == before)
  }

  /// The tally of the cancel quota: what a counter confirmed of day orders.
  @Test func confirmedCancelsOfChildrenAreCounted() {
    let fixture = EngineFixture.trading(before: [
      .setFundQuota(
        SetFundQuota(
          fundAccount: World.north1, exchange: .shfe, cancels: 2, lots: .min, cancelReserve: 0,
          lotsReserve: 0))
    ])
    let first = open(fixture)
    fixture.cancel(first.reports[0].order, of: World.anna)
    fixture.confirmCancel(first.sent[0].child)
    // One cancelled, one working: a second one would need a third cancel.
    #expect(open(fixture).sent.map(\.fundAccount) == [World.north1])
    #expect(open(fixture).sent.map(\.fundAccount) == [World.south1])
    let kill = fixture.step(
      .newOrder(
        fixture.newOrder(
          World.anna, World.rb2705, .buy, .open, 1, at: World.yuan(3_600),
          timeInForce: .immediateOrCancel)))
    fixture.confirmCancel(kill.sent[0].child)
    #expect(
      fixture.send(World.anna, World.rb2705, .buy, .open, 1, at: World.yuan(3_600)).sent
        .map(\.fundAccount) == [World.north1])
    #expect(
      fixture.send(World.anna, World.rb2705, .buy, .open, 1, at: World.yuan(3_600)).sent
        .map(\.fundAccount) == [World.north1])
    #expect(
      fixture.send(World.anna, World.rb2705, .buy, .open, 1, at: World.yuan(3_600)).sent
        .map(\.fundAccount) == [World.south1])
  }

  /// What was opened today is forgotten with the day, in the middle of new trades too.
  @Test func theDaysOpeningsStartAgain() {
    let fixture = EngineFixture.trading(before: [
      .setFundOpenVolume(
        SetFundOpenVolume(fundAccount: World.north1, scope: .commodity(World.rb), lots: 5))
    ])
    fixture.hold(World.anna, World.rb2701, .long, 5, at: price)
    #expect(open(fixture).sent.map(\.fundAccount) == [World.south1])
    fixture.beginDay(
      World.tuesday, nightDate: 0, at: World.openTime.adding(seconds: 86_400))
    let again = fixture.send(World.anna, World.rb2701, .buy, .open, 6, at: price)
    #expect(again.sent.map(\.lots) == [5, 1])
  }
}
