import Domain
import Engine
import Ledger
import Messages
import RiskRules
import Testing

/// What the figures of rules.md 3a are, through the engine.
@Suite struct FigureTests {
  private let price = World.yuan(3_500)

  /// No options are listed: market equity is equity, as it moves with the price. 20 lots hold
  /// 70 000 of margin, and 10 000 000 less what opening cost are there.
  @Test(arguments: [(3_450, false), (3_449, true)] as [(Int64, Bool)])
  func withoutOptionsMarketEquityIsEquity(_ last: Int64, _ isReached: Bool) {
    let fixture = EngineFixture.trading()
    fixture.hold(World.anna, World.rb2701, .long, 20, at: price)
    let holder = fixture.holder(World.anna)
    #expect(holder.margin == Money(yuan: 70_000))
    // The ratio that is reached when 10 200 yuan are lost, and not at 10 000.
    let equity = holder.equity.units - 10_200 * Money.unitsPerYuan
    let line = holder.margin.units * 100_000_000 / equity
    fixture.step(
      .setAccountLine(
        SetAccountLine(
          account: World.anna, line: .positionMarginRatio, basis: .marketEquity, mode: .unknown,
          warn: line, liquidate: .min)))
    let told = fixture.tick(World.rb2701, World.yuan(last)) + fixture.drain().joined()
    #expect(told.notices(.lineReached).map(\.rule) == (isReached ? [.positionMarginRatio] : []))
  }

  /// A limit order is held at its price, a market order at limit-up, whatever side; what is filled
  /// today has margin at its fill price, from the next day on at the prior settlement.
  @Test func aMarketOrderIsHeldAtLimitUpAndALotAtItsFill() throws {
    let fixture = EngineFixture.trading()
    fixture.tick(World.m2701, World.yuan(3_000))
    // Multiplier 10, 10 %: 2 990 a lot; limit-up is 3 300.
    fixture.send(World.anna, World.m2701, .buy, .open, 2, at: World.yuan(2_990))
    #expect(fixture.holder(World.anna).frozenMargin == Money(yuan: 5_980))
    for (account, side) in [(World.amir, Side.buy), (World.bela, .sell)] {
      let effects = fixture.step(
        .newOrder(
          fixture.newOrder(account, World.m2701, side, .open, 2, at: .none, type: .market)))
      #expect(effects.reports.first?.execType == .new)
      #expect(fixture.holder(account).frozenMargin == Money(yuan: 6_600), "\(side)")
      #expect(fixture.holder(account).workingOpenValue == Money(yuan: 66_000))
      for child in effects.sent { fixture.fill(child.child, World.yuan(3_010), child.lots) }
      #expect(fixture.holder(account).frozenMargin == .zero)
      #expect(fixture.holder(account).margin == Money(yuan: 6_020))
    }
    fixture.step(
      .settlementPrice(
        SettlementPrice(instrument: World.m2701, price: World.yuan(3_050))))
    fixture.beginDay(
      World.tuesday, nightDate: World.monday.yyyymmdd,
      at: fixture.time.adding(nanoseconds: 86_400_000_000_000))
    #expect(fixture.holder(World.amir).margin == Money(yuan: 6_100))
  }

  // MARK: Cash of fund accounts

  /// Cash that a counter tells nobody splits: it counts to the max allowed loss, and to today's net
  /// cash; the prior day's net value stays. Yuan of equity and of cash told, then what has come of
  /// it: opening equity, net cash, max allowed loss.
  @Test func cashWithoutASplitCountsToTheMaxAllowedLoss() {
    let fixture = EngineFixture.trading()
    let start: Int64 = 100_000_000
    func tell(_ equity: Int64, _ cash: Int64?) -> [NoticeKind] {
      fixture.step(
        .counterFunds(
          CounterFunds(
            fundAccount: World.north1, equity: Money(yuan: start + equity),
            available: Money(yuan: start + equity), margin: .zero,
            netCash: cash.map { Money(yuan: $0) } ?? .none))
      ).notices.map(\.kind)
    }
    func isNow(_ opening: Int64, _ cash: Int64, _ allowed: Int64) -> Bool {
      let holder = fixture.holder(World.north1)
      return holder.openingEquity == Money(yuan: start + opening)
        && holder.netCash == Money(yuan: cash)
        && holder.allowedLossEver == Money(yuan: start + allowed)
        && holder.netDepositsEver == holder.allowedLossEver
    }
    // Its first word ever: what is in the opening state is no cash of today.
    #expect(tell(0, 70) == [])
    #expect(isNow(0, 0, 0))
    #expect(tell(30, 100) == [])
    #expect(isNow(0, 30, 30))
    // Told again, it is booked once; five more are nobody's cash.
    #expect(tell(35, 100) == [.fundsDiffer])
    #expect(isNow(5, 30, 30))
    #expect(tell(-65, 0) == [])
    #expect(isNow(5, -70, -70))
    #expect(tell(-60, nil) == [.fundsDiffer])
    #expect(isNow(10, -70, -70))
    fixture.beginDay(
      World.tuesday, nightDate: World.monday.yyyymmdd,
      at: fixture.time.adding(nanoseconds: 86_400_000_000_000))
    #expect(isNow(-60, 0, -70))
    #expect(tell(-20, 40) == [])
    #expect(isNow(-60, 40, -30))
  }

  /// An account that nothing was stated of has what its counter finds there: that is its opening
  /// equity, all of it max allowed loss.
  @Test func whatACounterFindsIsTheFirstCash() {
    let fixture = EngineFixture.trading(before: [
      .setOpeningBalance(
        SetOpeningBalance(
          holderKind: .fundAccount, holderID: World.north1.raw, allowedLoss: .zero,
          notToLose: .zero))
    ])
    fixture.step(
      .counterFunds(
        CounterFunds(
          fundAccount: World.north1, equity: Money(yuan: 5_000), available: Money(yuan: 5_000),
          margin: .zero, netCash: Money(yuan: 5_000))))
    let holder = fixture.holder(World.north1)
    #expect(holder.openingEquity == Money(yuan: 5_000) && holder.netCash == .zero)
    #expect(holder.allowedLossEver == Money(yuan: 5_000))
    #expect(holder.netDepositsEver == Money(yuan: 5_000))
  }

  // MARK: Rates

  private static func rates(_ percent: Int64) -> RateSet {
    let margin = TwoPartRate(byValue: Rate(units: percent * 1_000_000))
    let fee = TwoPartRate(byLot: Money(yuan: percent))
    return RateSet(
      marginLong: margin, marginShort: margin, feeOpen: fee, feeClose: fee, feeCloseToday: fee)
  }
  private func report(_ fund: FundAccountID, _ percent: Int64) -> Command {
    .counterRates(
      CounterRates(fundAccount: fund, scope: .commodity(World.rb), rates: Self.rates(percent)))
  }
  private func set(_ kind: RateOwnerKind, _ id: UInt32, _ percent: Int64) -> Command {
    .setRates(
      SetRates(
        ownerKind: kind, ownerID: id, scope: .commodity(World.rb), rates: Self.rates(percent)))
  }

  /// What a counter takes stands below everything that was set, in the order it comes or after: it
  /// changes no rate of anybody above it, and it is no other fund account's.
  @Test(arguments: [true, false])
  func aCountersRatesAreNeverCopiedUpward(_ comesFirst: Bool) {
    let fixture = EngineFixture.trading()
    func margin(_ account: OperationAccountID) -> Money {
      let effects = fixture.send(account, World.rb2701, .buy, .open, 1, at: price)
      let held = fixture.holder(account).frozenMargin
      for order in effects.reports.prefix(1) { fixture.cancel(order.order, of: account) }
      for child in effects.sent { fixture.confirmCancel(child.child) }
      return held
    }
    for account in [World.anna, World.amir] {
      for setting in [AccountSetting.marginRateMode, .feeRateMode] {
        fixture.step(.setAccount(SetAccount(account: account, setting: setting, value: 1)))
      }
    }
    let steps = [
      set(.operationAccount, World.anna.raw, 12), set(.product, World.alpha.raw, 14),
    ]
    if comesFirst { fixture.step(report(World.north1, 20)) }
    for step in steps { #expect(fixture.step(step).refusals.isEmpty) }
    if !comesFirst { fixture.step(report(World.north1, 20)) }
    fixture.drain()
    // Its own, and its product's: not the counter's.
    #expect(margin(World.anna) == Money(yuan: 4_200))
    #expect(margin(World.amir) == Money(yuan: 4_900))
    // Bela reads the fund accounts of another product.
    #expect(margin(World.bela) == Money(yuan: 3_500))
    // A fund account's own, set here, stands above what its counter says of it.
    fixture.step(set(.fundAccount, World.north1.raw, 16))
    fixture.step(report(World.north1, 25))
    fixture.drain()
    let effects = fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price)
    #expect(effects.sent.map(\.fundAccount) == [World.north1])
    #expect(fixture.holder(World.north1).frozenMargin == Money(yuan: 5_600))
  }
}
