import Domain
import Engine
import Ledger
import Messages
import RiskRules
import Testing

/// Schemes of an operation account: it is as a product of one account, by its own lots, money and
/// shares (rules.md 5).
@Suite struct AccountSchemeTests {
  private static let anna = World.anna
  private let anna = World.anna
  private let amir = World.amir
  private let price = World.yuan(3_500)

  // MARK: Arranging

  static func shares(
    _ whole: Int64 = 10_000_000, _ mode: NetValueMode = .equity, total: Money = .zero,
    of account: OperationAccountID = anna
  ) -> Command {
    .setNetValue(
      SetNetValue(
        product: .none, mode: mode, shares: whole * 10_000, total: total, liabilities: .zero,
        accruedFees: .zero, account: account))
  }

  static func bind(
    _ account: OperationAccountID = anna, number: UInt16 = 1, scheme: UInt16 = 0,
    from: Int64 = .min, to: Int64 = .min, at period: SchemePeriod = .day
  ) -> Command {
    .bindScheme(
      BindScheme(
        product: .none, number: number, scheme: scheme,
        basis: scheme == .max ? .unknown : .current, from: from, to: to,
        period: scheme == .max ? .unknown : period, account: account))
  }

  /// Anna has 10 000 000 yuan, a yuan a share, and these clauses, before the first day.
  static func fixture(_ clauses: [SetSchemeClause]) -> EngineFixture {
    EngineFixture.trading(
      before: [.defineScheme(DefineScheme(name: FixedText("narrow")!)), shares(), bind()]
        + clauses.map { .setSchemeClause($0) })
  }

  private func set(_ fixture: EngineFixture, _ setting: AccountSetting, _ value: Int64) {
    let set = SetAccount(account: anna, setting: setting, value: value)
    #expect(fixture.step(.setAccount(set)).refusals.isEmpty)
  }

  private func refusal(
    _ fixture: EngineFixture, _ account: OperationAccountID = anna,
    _ instrument: InstrumentID = World.rb2701, _ side: Side = .buy, _ offset: Offset = .open,
    _ lots: Lots = 1
  ) -> RuleID? {
    SchemeTests.refusal(fixture, account, instrument, side, offset, lots)
  }

  private func look(_ fixture: EngineFixture) -> [Notice] {
    fixture.pass(seconds: 1)
    return fixture.passed.notices.filter {
      [.clauseReached, .clauseReleased, .netValueLineReached, .netValueLineReleased]
        .contains($0.kind)
    }
  }

  // MARK: Orders

  @Test func onlyWhatTheAccountHasCounts() {
    let fixture = Self.fixture([
      SchemeTests.clause(.totalPositionLots, .commodity, World.rb.raw, one: 10)
    ])
    // Another account of its product, and what nobody has.
    fixture.hold(amir, World.rb2701, .long, 30, at: price)
    fixture.externalTrade(World.north1, World.rb2701, .buy, .open, 20, at: price)
    fixture.hold(anna, World.rb2701, .long, 4, at: price)
    fixture.send(anna, World.rb2705, .sell, .open, 3, at: World.yuan(3_700))
    #expect(refusal(fixture, anna, World.rb2701, .buy, .open, 4) == .schemeTotalPositionLots)
    let refused = fixture.send(anna, World.rb2701, .buy, .open, 4, at: price).reports[0].refusal
    #expect(refused.observed == 7 && refused.limit == 10 && refused.asked == 4)
    #expect(refused.scopeKind == .commodity && refused.scopeID == World.rb.raw)
    #expect(refusal(fixture, amir, World.rb2701, .buy, .open, 50) == nil)
    #expect(refusal(fixture, anna, World.rb2701, .buy, .open, 3) == nil)
    #expect(refusal(fixture) == .schemeTotalPositionLots)
    // Closing stays.
    #expect(refusal(fixture, anna, World.rb2701, .sell, .closeToday, 4) == nil)
  }

  /// Margin and losses are the operation account's own, not its product's fund accounts'.
  @Test func moneyIsTheAccountsOwn() {
    let fixture = Self.fixture([
      SchemeTests.clause(.totalMargin, number: 1, one: 8_000_000, of: .equity),
      SchemeTests.clause(.totalDailyLoss, number: 2, one: 10_000 * 10_000),
    ])
    fixture.tick(World.rb2701, price)
    fixture.hold(amir, World.rb2701, .long, 300, at: price)
    // 3 500 yuan a lot: 8 % of 10 000 000 are 228 lots; three per mille are fees.
    #expect(refusal(fixture, anna, World.rb2701, .buy, .open, 229) == .schemeTotalMargin)
    fixture.hold(anna, World.rb2701, .long, 100, at: price)
    fixture.tick(World.rb2701, World.yuan(3_491))
    // 9 000 of price and 35 of fees; another 10 of price are too many.
    #expect(refusal(fixture) == nil)
    fixture.tick(World.rb2701, World.yuan(3_490))
    let refused = fixture.send(anna, World.rb2701, .buy, .open, 1, at: price).reports[0].refusal
    #expect(refused.rule == .schemeTotalDailyLoss)
    #expect(refused.scopeKind == .operationAccount && refused.scopeID == anna.raw)
    #expect(refusal(fixture, amir) == nil)
  }

  @Test func itsOwnComesBeforeItsProducts() {
    let fixture = Self.fixture([SchemeTests.clause(.totalPositionLots, one: 5)])
    fixture.step(.defineScheme(DefineScheme(name: FixedText("products")!)))
    fixture.step(SchemeTests.bind(scheme: 1))
    var clause = SchemeTests.clause(.singlePositionLots, one: 3)
    clause.scheme = 1
    fixture.step(.setSchemeClause(clause))
    fixture.drain()
    // Both refuse six lots, the product's by a lower code.
    let order = fixture.newOrder(anna, World.rb2701, .buy, .open, 6, at: price)
    let explained = fixture.explain(order)
    let refused = fixture.step(.newOrder(order)).reports[0].refusal
    #expect(refused.rule == .schemeTotalPositionLots)
    #expect(refused.scopeKind == .operationAccount)
    #expect(explained.verdict == .refused(refused))
    let failing = explained.findings.filter { !$0.passes }.map(\.figures.rule)
    #expect(failing == [.schemeTotalPositionLots, .schemeSinglePositionLots])
    #expect(refusal(fixture, anna, World.rb2701, .buy, .open, 4) == .schemeSinglePositionLots)
    #expect(refusal(fixture, anna, World.rb2701, .buy, .open, 3) == nil)
    #expect(refusal(fixture, amir) == .schemeSinglePositionLots)
  }

  @Test func exposureOnCloseIsIgnoredWhereTheAccountSaysSo() {
    let fixture = Self.fixture([SchemeTests.clause(.totalExposureLots, one: 3)])
    fixture.hold(anna, World.rb2701, .long, 3, at: price)
    fixture.hold(anna, World.rb2701, .short, 5, at: price)
    fixture.hold(anna, World.rb2701, .long, 2, at: price)
    #expect(refusal(fixture, anna, World.rb2701, .buy, .closeToday, 4) == .exposureOnClose)
    // The product's word is for its own schemes.
    fixture.step(
      .setProduct(SetProduct(product: World.alpha, setting: .ignoresExposureOnClose, value: 1)))
    #expect(refusal(fixture, anna, World.rb2701, .buy, .closeToday, 4) == .exposureOnClose)
    set(fixture, .ignoresExposureOnClose, 1)
    let effects = fixture.send(anna, World.rb2701, .buy, .closeToday, 4, at: price)
    #expect(effects.reports.first?.execType == .new)
    let notices = effects.notices(.exposureIgnored)
    #expect(notices.map(\.scopeKind) == [.operationAccount])
    #expect(notices.map(\.scopeID) == [anna.raw])
    #expect(notices.first?.observed == 4 && notices.first?.limit == 3)
  }

  @Test func barsCanBeginAtLevelTwo() {
    let fixture = Self.fixture([SchemeTests.clause(.singlePositionLots, one: 2, two: 4)])
    #expect(refusal(fixture, anna, World.rb2701, .buy, .open, 3) == .schemeSinglePositionLots)
    set(fixture, .schemeBarsFromLevelTwo, 1)
    #expect(refusal(fixture, anna, World.rb2701, .buy, .open, 4) == nil)
    #expect(refusal(fixture) == .schemeSinglePositionLots)
  }

  /// What was there before the first scheme counts, with fees that working orders hold.
  @Test func aSchemeThatIsBoundLaterKnowsWhatIsThere() {
    let fixture = EngineFixture.trading()
    fixture.hold(anna, World.rb2701, .long, 4, at: price)
    fixture.hold(amir, World.rb2701, .long, 9, at: price)
    let working = fixture.send(anna, World.rb2701, .buy, .open, 2, at: World.yuan(3_400))
    for command in [
      .defineScheme(DefineScheme(name: FixedText("late")!)), Self.shares(), Self.bind(),
      .setSchemeClause(SchemeTests.clause(.totalPositionLots, one: 7)),
    ] {
      #expect(fixture.step(command).refusals.isEmpty)
    }
    fixture.drain()
    let refused = fixture.send(anna, World.rb2701, .buy, .open, 2, at: price).reports[0].refusal
    #expect(refused.rule == .schemeTotalPositionLots && refused.observed == 6)
    // What is given back is what was counted.
    let own = fixture.engine.ledger.ownSubject(anna)
    let held = fixture.engine.ledger.schemes.total(own).pointee.sums.profit
    fixture.accept(working.sent[0].child)
    fixture.cancel(working.reports[0].order, of: anna)
    fixture.confirmCancel(working.sent[0].child)
    #expect(fixture.engine.ledger.schemes.total(own).pointee.sums.profit > held)
    #expect(refusal(fixture, anna, World.rb2701, .buy, .open, 3) == nil)
  }

  // MARK: Net value

  /// Mode 1: equity; lines act on the account alone.
  @Test func linesAreOfItsOwnNetValue() {
    let fixture = Self.fixture([])
    fixture.step(
      .setNetValueLines(
        SetNetValueLines(
          product: .none, basis: .current, topUp: 120_000_000, warn: 110_000_000,
          liquidation: 90_000_000, account: anna)))
    let told = look(fixture)
    #expect(told.map(\.rule) == [.netValueTopUp, .netValueWarn])
    #expect(told.allSatisfy { $0.scopeKind == .operationAccount && $0.scopeID == anna.raw })
    #expect(refusal(fixture) == .netValueWarn)
    #expect(refusal(fixture, amir) == nil)
    // Cash brings it back: 12 000 001 yuan.
    fixture.step(
      .moveCash(MoveCash(account: anna, allowedLoss: .zero, notToLose: Money(yuan: 2_000_001))))
    #expect(look(fixture).map(\.kind) == [.netValueLineReleased, .netValueLineReleased])
    #expect(refusal(fixture) == nil)
  }

  @Test func aStatedTotalRollsForwardAndWhatLiesElsewhereIsAdded() {
    let fixture = Self.fixture([])
    let own = fixture.engine.ledger.ownSubject(anna)
    func total() -> Money { fixture.engine.ledger.schemes.subject(own).pointee.total }
    fixture.step(Self.shares(1, .statedTotal, total: Money(yuan: 500)))
    fixture.step(
      .moveCash(MoveCash(account: anna, allowedLoss: .zero, notToLose: Money(yuan: 40))))
    fixture.step(
      .daySwitch(DaySwitch(tradingDay: World.tuesday, nightDate: 0)),
      at: Timestamp(date: World.tuesday.date, secondOfDay: 9 * 3600 + 1_800))
    fixture.drain()
    #expect(total() == Money(yuan: 540))
    // Mode 3 adds its equity: a yuan less than the line for each of 20 000 000 shares.
    fixture.step(Self.shares(20_000_000, .externalTotal, total: Money(yuan: 9_999_960)))
    fixture.step(
      .setNetValueLines(
        SetNetValueLines(
          product: .none, basis: .current, topUp: 100_000_000, warn: .min, liquidation: .min,
          account: anna)))
    #expect(look(fixture).map(\.rule) == [.netValueTopUp])
    fixture.step(Self.shares(20_000_000, .externalTotal, total: Money(yuan: 9_999_961)))
    #expect(look(fixture).map(\.kind) == [.netValueLineReleased])
  }

  /// Cash is no gain and no loss: drawdown falls from a high that it shifts.
  @Test func cashShiftsTheHighestNetValue() {
    let fixture = Self.fixture([
      SchemeTests.clause(.totalDrawdown, one: 10_000_000, of: .unknown)
    ])
    _ = look(fixture)
    fixture.step(
      .moveCash(MoveCash(account: anna, allowedLoss: .zero, notToLose: Money(yuan: -5_000_000))))
    #expect(look(fixture).isEmpty)
    #expect(refusal(fixture) == nil)
  }

  @Test func theNightHasItsOwnRule() {
    let fixture = Self.fixture([SchemeTests.clause(.singlePositionLots, one: 80)])
    fixture.step(
      .setSchemePeriod(
        SetSchemePeriod(
          product: .none, period: .holiday, rule: .asDay, share: 50_000_000, account: anna)))
    fixture.step(
      .setSchemeHoliday(SetSchemeHoliday(number: 1, from: World.monday, to: World.monday)))
    #expect(refusal(fixture, anna, World.rb2701, .buy, .open, 41) == .schemeSinglePositionLots)
    #expect(refusal(fixture, anna, World.rb2701, .buy, .open, 40) == nil)
  }
}
