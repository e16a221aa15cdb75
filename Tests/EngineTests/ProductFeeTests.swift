import Domain
import Engine
import Ledger
import Messages
import RiskRules
import Testing

/// Fees of products in the engine: when they accrue, and what they do to the unit net value.
@Suite struct ProductFeeTests {
  /// Alpha has two fund accounts with 100 000 000 yuan each.
  private static func start(_ yyyymmdd: UInt32 = 20_261_113) -> Command {
    .setProductFees(
      SetProductFees(
        product: World.alpha, start: yyyymmdd, days: yyyymmdd == 0 ? 0 : 365,
        initial: yyyymmdd == 0 ? .zero : Money(yuan: 365_000_000)))
  }
  /// A thousandth of the initial net value a year is 1 000 yuan a day.
  private static func fee(_ method: FeeMethod = .daily, value: Int64 = 100_000) -> Command {
    .setProductFee(
      SetProductFee(
        product: World.alpha, kind: .management, method: method,
        basis: method == .daily ? .initial : .unknown, value: value))
  }

  private func accrued(_ fixture: EngineFixture) -> Money {
    fixture.engine.ledger.fees(World.alpha).pointee.accrued
  }
  private func netValue(_ fixture: EngineFixture) -> Int128 {
    SchemeFund(SchemeSubject(World.alpha), fixture.engine.ledger).netValue
  }

  /// Nothing before the first day; ten days by Monday, eleven by Tuesday, three more by Friday.
  @Test func feesAccrueWhenADayBegins() {
    let fixture = EngineFixture()
    for command in World.definitions + [Self.start(), Self.fee()] {
      #expect(fixture.step(command).notices(.productFeesAccrued).isEmpty)
    }
    let first = fixture.beginDay(
      World.monday, nightDate: World.friday.yyyymmdd, at: World.openTime)
    let notice = first.notices(.productFeesAccrued)
    #expect(notice.map(\.observed) == [100_000_000])
    #expect(notice.first?.scopeKind == .product && notice.first?.scopeID == World.alpha.raw)
    #expect(accrued(fixture) == Money(yuan: 10_000))
    fixture.linkAll()
    let before = netValue(fixture)
    fixture.beginDay(
      World.tuesday, nightDate: World.monday.yyyymmdd,
      at: fixture.time.adding(nanoseconds: 86_400_000_000_000))
    #expect(accrued(fixture) == Money(yuan: 11_000))
    #expect(netValue(fixture) == before - 10_000_000)
    let later = TradingDay(yyyymmdd: 20_261_127)!
    fixture.beginDay(
      later, nightDate: 0, at: fixture.time.adding(nanoseconds: 3 * 86_400_000_000_000))
    #expect(accrued(fixture) == Money(yuan: 14_000))
  }

  @Test func whatIsSetCountsAtOnceAndWhatIsTakenAwayNoMore() {
    let fixture = EngineFixture.trading()
    let before = netValue(fixture)
    fixture.step(Self.start())
    #expect(netValue(fixture) == before)
    #expect(fixture.step(Self.fee()).notices(.productFeesAccrued).count == 1)
    #expect(netValue(fixture) == before - 100_000_000)
    #expect(fixture.step(Self.fee(.amount, value: 30_000)).refusals.isEmpty)
    #expect(netValue(fixture) == before - 30_000)
    fixture.step(Self.fee(.unknown, value: .min))
    #expect(netValue(fixture) == before)
    #expect(accrued(fixture) == .zero)
  }

  /// A counter has less money than the books had: a fee of the prior day's net value is less too.
  @Test func aFeeFollowsTheMoneyThatTheCounterTells() {
    let fixture = EngineFixture.trading()
    fixture.step(Self.start())
    fixture.step(
      .setProductFee(
        SetProductFee(
          product: World.alpha, kind: .custody, method: .daily, basis: .priorDay,
          value: 3_650_000)))
    // 3.65 % of 200 000 000 in ten days of 365.
    #expect(accrued(fixture) == Money(yuan: 200_000))
    let told = fixture.step(
      .counterFunds(
        CounterFunds(
          fundAccount: World.north1, equity: Money(yuan: 50_000_000),
          available: Money(yuan: 50_000_000), margin: .zero)))
    #expect(told.notices(.productFeesAccrued).map(\.observed) == [1_500_000_000])
    #expect(accrued(fixture) == Money(yuan: 150_000))
  }

  /// Cash of today that equity does not show: the prior day had less than the books said, by as
  /// much, and so has a fee of its net value.
  @Test func aFeeFollowsCashThatEquityDoesNotShow() {
    let fixture = EngineFixture.trading()
    fixture.step(Self.start())
    fixture.step(
      .setProductFee(
        SetProductFee(
          product: World.alpha, kind: .custody, method: .daily, basis: .priorDay,
          value: 3_650_000)))
    func told(netCash yuan: Int64) -> [Int64] {
      fixture.step(
        .counterFunds(
          CounterFunds(
            fundAccount: World.north1, equity: Money(yuan: 100_000_000),
            available: Money(yuan: 100_000_000), margin: .zero, netCash: Money(yuan: yuan)))
      ).notices(.productFeesAccrued).map(\.observed)
    }
    // The counter's first word says what the books have already.
    #expect(told(netCash: 0) == [])
    #expect(told(netCash: 50_000_000) == [1_500_000_000])
    #expect(accrued(fixture) == Money(yuan: 150_000))
    #expect(told(netCash: 50_000_000) == [])
  }

  /// 200 000 000 yuan in as many shares: a line just below one yuan is reached by the fees alone.
  @Test func feesBringTheUnitNetValueToALine() {
    let fixture = EngineFixture.trading()
    fixture.step(
      .setNetValue(
        SetNetValue(
          product: World.alpha, mode: .equity, shares: 200_000_000 * 10_000, total: .zero,
          liabilities: .zero, accruedFees: .zero)))
    fixture.step(
      .setNetValueLines(
        SetNetValueLines(
          product: World.alpha, basis: .current, topUp: .min, warn: 99_995_000,
          liquidation: .min)))
    func said() -> [NoticeKind] {
      let effects = fixture.step(.timeReached, at: fixture.time.adding(nanoseconds: 60_000_000))
      return (effects + fixture.drain().flatMap { $0 }).notices.map(\.kind)
        .filter { $0 == .netValueLineReached || $0 == .netValueLineReleased }
    }
    #expect(said() == [])
    fixture.step(Self.start())
    // 0.00005 a share are 10 000 yuan: a fen less is not there yet.
    fixture.step(Self.fee(.amount, value: 99_999_900))
    #expect(said() == [])
    fixture.step(Self.fee())
    #expect(said() == [.netValueLineReached])
  }

  /// What is set is no loss: a drawdown that was reached begins anew, and that is told, though no
  /// fee comes of it.
  @Test func drawdownBeginsAnewWithWhatIsSet() {
    let fixture = EngineFixture.trading()
    func said(_ effects: [Effect]) -> [NoticeKind] {
      let later = fixture.step(.timeReached, at: fixture.time.adding(nanoseconds: 60_000_000))
      return (effects + later + fixture.drain().flatMap { $0 }).notices.map(\.kind)
        .filter { $0 == .clauseReached || $0 == .clauseReleased }
    }
    var told: [NoticeKind] = []
    for command: Command in [
      .defineScheme(DefineScheme(name: Name("fall")!)),
      .setSchemeClause(
        SetSchemeClause(
          scheme: 0, number: 1, kind: .totalDrawdown, scopeKind: .product, scopeID: 0,
          direction: .both, basis: .unknown, levelOne: 1_000_000, levelTwo: .min)),
      .setNetValue(
        SetNetValue(
          product: World.alpha, mode: .equity, shares: 200_000_000 * 10_000, total: .zero,
          liabilities: .zero, accruedFees: .zero)),
      .bindScheme(
        BindScheme(
          product: World.alpha, number: 1, scheme: 0, basis: .current, from: .min, to: .min,
          period: .day)),
    ] {
      let effects = fixture.step(command)
      #expect(effects.refusals.isEmpty)
      told += said(effects)
    }
    #expect(told == [])
    // A hundredth of the net value is lost.
    let loss = fixture.step(
      .counterFunds(
        CounterFunds(
          fundAccount: World.north1, equity: Money(yuan: 97_000_000),
          available: Money(yuan: 97_000_000), margin: .zero)))
    #expect(said(loss) == [])
    _ = fixture.externalTrade(
      World.north1, World.rb2701, .buy, .open, 400, at: World.yuan(3_500))
    let fallen = said(
      fixture.step(
        .tick(
          Tick(
            instrument: World.rb2701, last: World.yuan(2_700), bid: .none, bidLots: 0, ask: .none,
            askLots: 0, upperLimit: .none, lowerLimit: .none, preSettlement: .none, volume: 1,
            openInterest: 1, exchangeTime: fixture.time))))
    #expect(fallen == [.clauseReached])
    #expect(said(fixture.step(Self.start(0))) == [.clauseReleased])
  }

  static let refused: [Command] = [
    .setProductFees(
      SetProductFees(product: ProductID(9), start: 20_260_101, days: 1, initial: .zero)),
    .setProductFees(
      SetProductFees(product: World.alpha, start: 20_261_301, days: 1, initial: .zero)),
    .setProductFees(
      SetProductFees(product: World.alpha, start: 20_260_101, days: 0, initial: .zero)),
    .setProductFees(
      SetProductFees(product: World.alpha, start: 20_260_101, days: 36_601, initial: .zero)),
    .setProductFees(
      SetProductFees(product: World.alpha, start: 20_260_101, days: 1, initial: Money(units: -1))),
    fee(.unknown, value: 0), fee(.daily, value: -1), fee(.daily, value: 100_000_001),
    fee(.amount, value: -1), fee(.bands, value: 1),
    // A share of the profit is the adviser's.
    fee(.bands, value: .min), fee(.profitShare, value: 1),
    .setProductFee(
      SetProductFee(
        product: World.alpha, kind: .unknown, method: .amount, basis: .unknown, value: 1)),
    .setProductFee(
      SetProductFee(
        product: World.alpha, kind: .adviser, method: .daily, basis: .unknown, value: 1)),
    .setProductFee(
      SetProductFee(
        product: World.alpha, kind: .adviser, method: .amount, basis: .initial, value: 1)),
    .setFeeBand(SetFeeBand(product: World.alpha, number: 0, from: 0, share: 0)),
    .setFeeBand(SetFeeBand(product: World.alpha, number: 9, from: 0, share: 0)),
    .setFeeBand(SetFeeBand(product: World.alpha, number: 1, from: -1, share: 0)),
    .setFeeBand(SetFeeBand(product: World.alpha, number: 1, from: .min, share: 0)),
    .setFeeBand(SetFeeBand(product: World.alpha, number: 1, from: 0, share: 100_000_001)),
  ]

  @Test(arguments: refused.indices)
  func whatMakesNoSenseIsRefused(_ index: Int) {
    let fixture = EngineFixture.trading()
    #expect(fixture.step(Self.refused[index]).refusals.count == 1, "\(Self.refused[index])")
  }

  @Test func whatWasSetIsTakenAway() {
    let fixture = EngineFixture.trading()
    for command in [
      Self.start(), Self.fee(),
      .setFeeBand(SetFeeBand(product: World.alpha, number: 8, from: 1, share: 1)),
    ] {
      #expect(fixture.step(command).refusals.isEmpty)
      let removal = command.removal
      #expect(removal != nil && removal?.removal == removal && command.isChange, "\(command)")
      if let removal { #expect(fixture.step(removal).refusals.isEmpty, "\(command)") }
    }
  }
}
