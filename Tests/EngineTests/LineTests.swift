import Domain
import Engine
import Ledger
import Messages
import Testing

/// Accounts' lines after prices, fills and cash (rules.md 4): what is said, barred and released.
@Suite struct LineTests {
  private let anna = World.anna
  private let price = World.yuan(3_500)

  private func setLine(
    _ fixture: EngineFixture, _ line: RuleID, warn: Int64, liquidate: Int64,
    of basis: LineBasis = .unknown, mode: RiskDegreeMode = .unknown
  ) -> [Effect] {
    fixture.step(
      .setAccountLine(
        SetAccountLine(
          account: anna, line: line, basis: basis, mode: mode, warn: warn, liquidate: liquidate)))
  }

  private func yuan(_ amount: Int64) -> Int64 { amount * Money.unitsPerYuan }

  /// Whether an opening order of one lot is refused, and by what.
  private func refusal(_ fixture: EngineFixture) -> RuleID? {
    let effects = fixture.send(
      anna, World.rb2701, .buy, .open, 1, at: World.yuan(3_400))
    guard let report = effects.reports.first, report.execType == .rejected else { return nil }
    return report.refusal.rule
  }

  private func said(_ effects: [Effect]) -> [String] {
    effects.notices.filter { $0.kind == .lineReached || $0.kind == .lineReleased }
      .map { "\($0.kind == .lineReached ? "+" : "-")\($0.rule) \($0.level)" }
  }

  /// rb without fees, but for rb2705: 50 yuan a lot opened.
  private func cheap() -> EngineFixture {
    let free = RateSet(
      marginLong: TwoPartRate(byValue: Rate(units: 10_000_000)),
      marginShort: TwoPartRate(byValue: Rate(units: 10_000_000)), feeOpen: TwoPartRate(),
      feeClose: TwoPartRate(), feeCloseToday: TwoPartRate())
    var dear = free
    dear.feeOpen = TwoPartRate(byLot: Money(yuan: 50))
    return EngineFixture.trading(before: [
      .setAccount(SetAccount(account: anna, setting: .marginRateMode, value: 1)),
      .setAccount(SetAccount(account: anna, setting: .feeRateMode, value: 1)),
      .setRates(
        SetRates(
          ownerKind: .operationAccount, ownerID: anna.raw, scope: .commodity(World.rb), rates: free)
      ),
      .setRates(
        SetRates(
          ownerKind: .operationAccount, ownerID: anna.raw, scope: .instrument(World.rb2705),
          rates: dear)),
    ])
  }

  /// Example 2: position profit -200 000, close profit -99 900, fees 50, frozen fees 50.
  @Test func examples2DailyLossIsLatched() {
    let fixture = cheap()
    _ = setLine(fixture, .dailyLoss, warn: yuan(300_000), liquidate: yuan(350_000))
    fixture.step(
      .setLineAction(SetLineAction(line: .dailyLoss, level: .warn, action: .barOpening)))
    fixture.hold(anna, World.rb2701, .long, 137, at: price)
    let close = fixture.send(anna, World.rb2701, .sell, .closeToday, 37, at: World.yuan(3_230))
    for child in close.sent { fixture.fill(child.child, World.yuan(3_230), child.lots) }
    fixture.tick(World.rb2705, World.yuan(3_600))
    fixture.hold(anna, World.rb2705, .long, 1, at: World.yuan(3_600))
    fixture.send(anna, World.rb2705, .buy, .open, 1, at: World.yuan(3_590))
    let money = fixture.holder(anna)
    #expect(money.closeProfit == Money(yuan: -99_900))
    #expect(money.fees == Money(yuan: 50))
    #expect(money.frozenFees == Money(yuan: 50))

    #expect(said(fixture.tick(World.rb2701, World.yuan(3_301))) == [])
    let warned = fixture.tick(World.rb2701, World.yuan(3_300))
    #expect(said(warned) == ["+dailyLoss warn"])
    let notice = warned.notices(.lineReached)[0]
    #expect(notice.observed == yuan(300_000))
    #expect(notice.limit == yuan(300_000))
    #expect(notice.unit == .money)
    #expect(notice.action == .barOpening)
    #expect(notice.scopeKind == .operationAccount)
    #expect(notice.scopeID == anna.raw)
    #expect(refusal(fixture) == .dailyLoss)
    // A deposit releases nothing, nor does the price.
    let cash = fixture.step(
      .moveCash(MoveCash(account: anna, allowedLoss: Money(yuan: 1_000_000), notToLose: .zero)))
    #expect(said(cash) == [])
    #expect(refusal(fixture) == .dailyLoss)
    #expect(said(fixture.tick(World.rb2701, World.yuan(3_500))) == [])
    #expect(refusal(fixture) == .dailyLoss)
    let changed = setLine(fixture, .dailyLoss, warn: yuan(310_000), liquidate: yuan(350_000))
    #expect(said(changed) == ["-dailyLoss warn"])
    #expect(refusal(fixture) == nil)
    // The order that was taken works without a fee: 350 000 are lost at 3 250.
    #expect(said(fixture.tick(World.rb2701, World.yuan(3_251))) == ["+dailyLoss warn"])
    #expect(said(fixture.tick(World.rb2701, World.yuan(3_250))) == ["+dailyLoss liquidate"])
  }

  @Test func examples2OneTickBeyondBothLinesFiresBothWarnFirst() {
    let fixture = cheap()
    _ = setLine(fixture, .dailyLoss, warn: yuan(300_000), liquidate: yuan(350_000))
    fixture.hold(anna, World.rb2701, .long, 120, at: price)
    let effects = fixture.tick(World.rb2701, World.yuan(3_200))
    #expect(said(effects) == ["+dailyLoss warn", "+dailyLoss liquidate"])
    #expect(effects.notices(.lineReached).map(\.observed) == [yuan(360_000), yuan(360_000)])
    #expect(refusal(fixture) == .dailyLoss)
    // Nothing is said again while it lasts.
    #expect(said(fixture.tick(World.rb2701, World.yuan(3_190))) == [])
  }

  /// Both lines are latched and the price is back: the one that is changed lets go alone.
  @Test func decisions14OneLineReleasesItsOwnLatchAlone() {
    let fixture = cheap()
    _ = setLine(fixture, .dailyLoss, warn: yuan(300_000), liquidate: yuan(350_000))
    fixture.hold(anna, World.rb2701, .long, 120, at: price)
    fixture.tick(World.rb2701, World.yuan(3_200))
    fixture.tick(World.rb2701, World.yuan(3_500))
    #expect(refusal(fixture) == .dailyLoss)
    let warn = setLine(fixture, .dailyLoss, warn: yuan(310_000), liquidate: yuan(350_000))
    #expect(said(warn) == ["-dailyLoss warn"])
    #expect(refusal(fixture) == .dailyLoss)
    let both = setLine(fixture, .dailyLoss, warn: yuan(310_000), liquidate: yuan(360_000))
    #expect(said(both) == ["-dailyLoss liquidate"])
    #expect(refusal(fixture) == nil)
  }

  @Test func aLineThatIsNotLatchedIsReleasedWhenTheValueIsBack() {
    let fixture = cheap()
    // 1 % of 10 000 000 is 100 000.
    _ = setLine(
      fixture, .dailyLossRatio, warn: 900_000, liquidate: 1_000_000, of: .openingEquity)
    fixture.hold(anna, World.rb2701, .long, 100, at: price)
    #expect(said(fixture.tick(World.rb2701, World.yuan(3_401))) == ["+dailyLossRatio warn"])
    #expect(refusal(fixture) == nil)
    #expect(said(fixture.tick(World.rb2701, World.yuan(3_400))) == ["+dailyLossRatio liquidate"])
    #expect(refusal(fixture) == .dailyLossRatio)
    let back = fixture.tick(World.rb2701, World.yuan(3_450))
    #expect(said(back) == ["-dailyLossRatio warn", "-dailyLossRatio liquidate"])
    #expect(refusal(fixture) == nil)
  }

  @Test func aFillReachesALine() {
    let fixture = EngineFixture.trading()
    // Each lot opened costs 3.5 yuan of fee.
    _ = setLine(fixture, .dailyLoss, warn: yuan(35), liquidate: yuan(3_500))
    #expect(said(fixture.hold(anna, World.rb2701, .long, 9, at: price)) == [])
    let child = fixture.send(anna, World.rb2701, .buy, .open, 1, at: price).sent[0].child
    #expect(said(fixture.fill(child, price, 1)) == ["+dailyLoss warn"])
  }

  @Test func cashReachesALineAndLeavesIt() {
    let fixture = cheap()
    _ = setLine(
      fixture, .riskDegree, warn: 200_000_000, liquidate: .min, mode: .equityOverMargin)
    fixture.hold(anna, World.rb2701, .long, 100, at: price)
    // Margin is 350 000: at 700 000 of equity, 200 %.
    func move(_ amount: Int64) -> [String] {
      said(
        fixture.step(
          .moveCash(MoveCash(account: anna, allowedLoss: Money(yuan: amount), notToLose: .zero))))
    }
    #expect(move(-9_299_999) == [])
    #expect(move(-1) == ["+riskDegree warn"])
    #expect(move(1) == ["-riskDegree warn"])
  }

  @Test func theHighestEquityIsKeptOverDays() {
    let fixture = cheap()
    fixture.hold(anna, World.rb2701, .long, 100, at: price)
    _ = setLine(fixture, .drawdown, warn: 1_000_000, liquidate: .min)
    // 3 600 is worth 100 000 more: the high is 10 100 000.
    fixture.tick(World.rb2701, World.yuan(3_600))
    fixture.step(
      .settlementPrice(SettlementPrice(instrument: World.rb2701, price: World.yuan(3_500))))
    let day = fixture.beginDay(
      World.tuesday, nightDate: World.monday.yyyymmdd, at: World.openTime.adding(seconds: 86_400))
    // 100 000 below it are 0.99 %.
    #expect(said(day) == [])
    let effects = fixture.tick(World.rb2701, World.yuan(3_498))
    #expect(said(effects) == ["+drawdown warn"])
    #expect(effects.notices(.lineReached)[0].observed == 10_099)
  }

  @Test func theDayEndsALatch() {
    let fixture = cheap()
    _ = setLine(fixture, .dailyLoss, warn: yuan(100), liquidate: yuan(200))
    fixture.hold(anna, World.rb2701, .long, 10, at: price)
    fixture.tick(World.rb2701, World.yuan(3_490))
    fixture.tick(World.rb2701, World.yuan(3_500))
    #expect(refusal(fixture) == .dailyLoss)
    fixture.step(.settlementPrice(SettlementPrice(instrument: World.rb2701, price: price)))
    let day = fixture.beginDay(
      World.tuesday, nightDate: World.monday.yyyymmdd, at: World.openTime.adding(seconds: 86_400))
    #expect(said(day) == ["-dailyLoss warn", "-dailyLoss liquidate"])
    fixture.linkAll()
    #expect(refusal(fixture) == nil)
  }

  @Test func aModeHoldsFromTheNextDay() {
    let fixture = cheap()
    _ = setLine(
      fixture, .riskDegree, warn: yuan(10_000_001), liquidate: yuan(10_000_000), mode: .equity)
    #expect(refusal(fixture) == nil)
    fixture.step(.setPlatform(SetPlatform(setting: .riskDegreeMode, value: 2)))
    #expect(refusal(fixture) == nil)
    let day = fixture.beginDay(
      World.tuesday, nightDate: World.monday.yyyymmdd, at: World.openTime.adding(seconds: 86_400))
    #expect(said(day) == ["+riskDegree warn", "+riskDegree liquidate"])
    fixture.linkAll()
    #expect(refusal(fixture) == .riskDegree)
  }

  /// Example 25: liquidate without warn; warn 25 and liquidate 35 in mode 3, and in mode 4.
  @Test func examples25WarnComesBeforeLiquidate() {
    let fixture = EngineFixture.trading()
    func isTaken(
      _ line: RuleID, _ warn: Int64, _ liquidate: Int64, _ basis: LineBasis = .unknown,
      _ mode: RiskDegreeMode = .unknown
    ) -> Bool {
      setLine(fixture, line, warn: warn, liquidate: liquidate, of: basis, mode: mode).refusals
        .isEmpty
    }
    let percent: Int64 = 1_000_000
    #expect(!isTaken(.riskDegree, .min, 25 * percent, .unknown, .equityOverDeposits))
    #expect(!isTaken(.riskDegree, 25 * percent, 35 * percent, .unknown, .equityOverDeposits))
    #expect(isTaken(.riskDegree, 25 * percent, 35 * percent, .unknown, .marginOverEquity))
    #expect(isTaken(.riskDegree, 35 * percent, 25 * percent, .unknown, .equityOverDeposits))
    #expect(!isTaken(.riskDegree, 35 * percent, 25 * percent))
    #expect(!isTaken(.dailyLoss, .min, yuan(1)))
    #expect(!isTaken(.dailyLoss, yuan(2), yuan(2)))
    #expect(isTaken(.dailyLoss, yuan(2), .min))
    #expect(!isTaken(.dailyLossRatio, 0, 5, .openingEquity))
    #expect(!isTaken(.dailyLossRatio, 1, 5, .equity))
    #expect(!isTaken(.dailyLossRatio, 1, Ranges.lineRatioMaximum + 1, .allowedLoss))
    #expect(!isTaken(.totalLossRatio, 1, 5, .openingEquity))
    #expect(isTaken(.totalLossRatio, 1, 5, .platform))
    #expect(!isTaken(.positionMarginRatio, 1, 5, .equity))
    #expect(isTaken(.positionMarginRatio, 5, .min, .equity))
    #expect(!isTaken(.drawdown, 6, 5))
    #expect(!isTaken(.positionLimit, 5, 6))
  }

  @Test func noticesAreNumberedWithoutAGap() {
    let fixture = cheap()
    _ = setLine(fixture, .dailyLoss, warn: yuan(100), liquidate: yuan(200))
    fixture.hold(anna, World.rb2701, .long, 10, at: price)
    let first = fixture.tick(World.rb2701, World.yuan(3_498)).notices.map(\.number)
    let second = fixture.step(.clockJumped(ClockJumped(nanoseconds: -5))).notices.map(\.number)
    #expect(first.count == 2)
    #expect(first + second == (0..<3).map { first[0] + $0 })
  }
}
