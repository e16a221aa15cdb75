import Domain
import Engine
import Ledger
import Messages
import Testing

/// Schemes of clauses on a product (rules.md 5): what is refused, told, barred and released.
@Suite struct SchemeTests {
  static let price = World.yuan(3_500)
  private let price = Self.price

  // MARK: Arranging

  /// Clauses that alpha has from before the first day.
  static func fixture(_ clauses: [SetSchemeClause]) -> EngineFixture {
    EngineFixture.trading(
      before: [.defineScheme(DefineScheme(name: FixedText("narrow")!)), bind()]
        + clauses.map { .setSchemeClause($0) })
  }

  static func bind(
    _ product: ProductID = World.alpha, number: UInt16 = 1, scheme: UInt16 = 0, from: Int64 = .min,
    to: Int64 = .min, of basis: BandBasis = .current, at period: SchemePeriod = .day
  ) -> Command {
    .bindScheme(
      BindScheme(
        product: product, number: number, scheme: scheme,
        basis: scheme == .max ? .unknown : basis, from: from, to: to,
        period: scheme == .max ? .unknown : period))
  }

  static func clause(
    _ kind: ClauseKind, _ scope: ClauseScopeKind = .product, _ id: UInt32 = 0, number: UInt16 = 1,
    one: Int64 = .min, two: Int64 = .min, of basis: ClauseBasis = .absolute
  ) -> SetSchemeClause {
    SetSchemeClause(
      scheme: 0, number: number, kind: kind, scopeKind: scope, scopeID: id, direction: .both,
      basis: basis, levelOne: one, levelTwo: two)
  }

  /// The rule that an order is refused by; nil when it is taken.
  static func refusal(
    _ fixture: EngineFixture, _ account: OperationAccountID = World.anna,
    _ instrument: InstrumentID = World.rb2701, _ side: Side = .buy, _ offset: Offset = .open,
    _ lots: Lots = 1
  ) -> RuleID? {
    let before = fixture.booksHash
    let effects = fixture.send(account, instrument, side, offset, lots, at: price)
    guard let report = effects.reports.first, report.execType == .rejected else { return nil }
    #expect(fixture.booksHash == before)
    return report.refusal.rule
  }

  /// The time that a look waits for, and what it says.
  private func look(_ fixture: EngineFixture) -> [String] {
    let effects = fixture.step(.timeReached, at: fixture.time.adding(nanoseconds: 60_000_000))
    return said(effects + fixture.drain().flatMap { $0 })
  }

  private func said(_ effects: [Effect]) -> [String] {
    effects.notices.filter { $0.kind == .clauseReached || $0.kind == .clauseReleased }
      .map { "\($0.kind == .clauseReached ? "+" : "-")\($0.rule) \($0.level)" }
  }

  private func fixture(_ clauses: [SetSchemeClause]) -> EngineFixture { Self.fixture(clauses) }

  private func refusal(
    _ fixture: EngineFixture, _ account: OperationAccountID = World.anna,
    _ instrument: InstrumentID = World.rb2701, _ side: Side = .buy, _ offset: Offset = .open,
    _ lots: Lots = 1
  ) -> RuleID? {
    Self.refusal(fixture, account, instrument, side, offset, lots)
  }

  // MARK: Orders

  @Test func aProductsAccountsCountTogether() {
    let fixture = fixture([Self.clause(.totalPositionLots, .commodity, World.rb.raw, one: 10)])
    fixture.hold(World.anna, World.rb2701, .long, 4, at: price)
    fixture.send(World.amir, World.rb2701, .buy, .open, 3, at: World.yuan(3_400))
    #expect(refusal(fixture, World.amir, World.rb2701, .sell, .open, 4) == .schemeTotalPositionLots)
    #expect(refusal(fixture, World.anna, World.rb2701, .buy, .open, 3) == nil)
    #expect(refusal(fixture, World.anna) == .schemeTotalPositionLots)
    // Another commodity, another product, a closing order.
    #expect(refusal(fixture, World.bela, World.rb2701, .buy, .open, 50) == nil)
    #expect(refusal(fixture, World.anna, World.rb2701, .sell, .closeToday, 4) == nil)
    let other = fixture.send(World.anna, World.i2701, .buy, .open, 20, at: World.yuan(800))
    #expect(other.reports.first?.execType == .new)
  }

  /// What works counts in an exchange's absolute exposure: two lots do, a third one asks.
  @Test(arguments: [ClauseKind.totalAbsoluteExposureValue, .totalAbsoluteExposureMargin])
  func whatWorksCountsInAnExchange(_ kind: ClauseKind) {
    let plain = fixture([])
    plain.send(World.anna, World.rb2701, .buy, .open, 2, at: price)
    let margin = plain.holder(World.north1).frozenMargin.units
    #expect(margin > 0)
    let two = kind == .totalAbsoluteExposureMargin ? margin : 2 * price.units * 10
    for (limit, passes) in [(two / 2 * 3, true), (two / 2 * 3 - 1, false)] {
      let shfe = UInt32(Exchange.shfe.rawValue)
      let fixture = fixture([Self.clause(kind, .exchange, shfe, one: limit)])
      fixture.send(World.anna, World.rb2701, .buy, .open, 2, at: price)
      #expect((refusal(fixture) == nil) == passes)
    }
  }

  @Test func anOrderThatEndsGivesItsPartBack() {
    let fixture = fixture([Self.clause(.singlePositionLots, one: 5)])
    let effects = fixture.send(World.anna, World.rb2701, .buy, .open, 5, at: price)
    #expect(refusal(fixture) == .schemeSinglePositionLots)
    fixture.accept(effects.sent[0].child)
    fixture.cancel(effects.reports[0].order, of: World.anna)
    fixture.confirmCancel(effects.sent[0].child)
    #expect(refusal(fixture, World.anna, World.rb2701, .buy, .open, 5) == nil)
  }

  /// What a product has when its first scheme is bound is counted, a step's units at a time.
  @Test func aSchemeThatIsBoundLaterKnowsWhatIsThere() {
    let fixture = EngineFixture.trading()
    fixture.hold(World.anna, World.rb2701, .long, 4, at: price)
    fixture.hold(World.amir, World.rb2705, .short, 3, at: price)
    fixture.send(World.amir, World.rb2701, .buy, .open, 2, at: World.yuan(3_400))
    fixture.externalTrade(World.north1, World.rb2701, .buy, .open, 1, at: price)
    fixture.step(.defineScheme(DefineScheme(name: FixedText("late")!)))
    fixture.step(Self.bind())
    fixture.step(.setSchemeClause(Self.clause(.totalPositionLots, one: 11)))
    if fixture.hasWork {
      #expect(refusal(fixture) == .engineNotReady)
      fixture.drain()
    }
    // 4 + 3 + 2 working + 1 of nobody's.
    let refused = fixture.send(World.anna, World.rb2701, .buy, .open, 2, at: price)
    #expect(refused.reports.first?.refusal.rule == .schemeTotalPositionLots)
    #expect(refused.reports.first?.refusal.observed == 10)
    #expect(refusal(fixture) == nil)
  }

  @Test func closingThatEnlargesAnExposureIsRefusedOrTold() {
    let fixture = fixture([Self.clause(.totalExposureLots, one: 3)])
    fixture.hold(World.anna, World.rb2701, .long, 3, at: price)
    fixture.hold(World.amir, World.rb2701, .short, 5, at: price)
    fixture.hold(World.anna, World.rb2701, .long, 3, at: price)
    #expect(refusal(fixture, World.amir, World.rb2701, .buy, .closeToday, 3) == .exposureOnClose)
    fixture.step(
      .setAccount(
        SetAccount(account: World.amir, setting: .ignoresExposureOnClose, value: 1)))
    let effects = fixture.send(World.amir, World.rb2701, .buy, .closeToday, 3, at: price)
    #expect(effects.reports.first?.execType == .new)
    let notice = effects.notices(.exposureIgnored).first
    #expect(notice?.rule == .exposureOnClose)
    #expect(notice?.observed == 4)
    #expect(notice?.limit == 3)
    #expect(notice?.scopeID == World.alpha.raw)
    #expect(notice?.order == effects.reports.first?.order)
  }

  @Test func barsCanBeginAtLevelTwo() {
    let fixture = fixture([Self.clause(.singlePositionLots, one: 2, two: 4)])
    fixture.step(
      .setProduct(SetProduct(product: World.alpha, setting: .barsFromLevelTwo, value: 1)))
    let effects = fixture.hold(World.anna, World.rb2701, .long, 4, at: price)
    #expect(effects.reports.first?.execType == .new)
    #expect(refusal(fixture) == .schemeSinglePositionLots)
    #expect(look(fixture).isEmpty)
  }

  // MARK: Watching

  @Test func aFillThatPassesALevelIsToldInItsStep() {
    let fixture = fixture([
      Self.clause(.totalPositionValue, number: 7, one: 100_000 * 10_000, two: 110_000 * 10_000)
    ])
    fixture.hold(World.anna, World.rb2701, .long, 2, at: price)
    #expect(look(fixture) == [])
    // Two lots are worth 70 000; a third that nobody here bought makes 105 000.
    let third = fixture.externalTrade(World.north1, World.rb2701, .buy, .open, 1, at: price)
    #expect(said(third) == ["+schemeTotalPositionValue warn"])
    let notice = third.notices(.clauseReached)[0]
    #expect(notice.observed == 105_000 * 10_000)
    #expect(notice.limit == 100_000 * 10_000)
    #expect(notice.unit == .money)
    #expect(notice.scopeKind == .product)
    #expect(notice.scopeID == World.alpha.raw)
    #expect(notice.action == .barOpening)
    #expect(notice.scheme == 1 && notice.clause == 7)
    #expect(look(fixture) == [])
  }

  @Test func aPriceIsLookedAtAMomentLaterAndOnce() {
    let fixture = fixture([Self.clause(.totalPositionValue, one: 110_000 * 10_000)])
    fixture.hold(World.anna, World.rb2701, .long, 3, at: price)
    #expect(look(fixture) == [])
    #expect(fixture.nextDeadline == .never)
    let ticked = fixture.tick(World.rb2701, World.yuan(3_700))
    #expect(said(ticked) == [])
    #expect(fixture.nextDeadline == fixture.time.adding(nanoseconds: 50_000_000))
    // An order is judged at the new price at once.
    #expect(refusal(fixture) == .schemeTotalPositionValue)
    fixture.tick(World.rb2701, World.yuan(3_701))
    #expect(look(fixture) == ["+schemeTotalPositionValue warn"])
    #expect(look(fixture) == [])
    fixture.tick(World.rb2701, World.yuan(3_600))
    #expect(look(fixture) == ["-schemeTotalPositionValue warn"])
  }

  /// Level two bars every opening of the product, in whatever it was passed.
  @Test func aSecondLevelBarsTheWholeProductUntilItIsBack() {
    let fixture = fixture([
      Self.clause(.singlePositionLots, .instrument, World.rb2701.raw, one: 3, two: 4)
    ])
    fixture.hold(World.anna, World.rb2701, .long, 3, at: price)
    let passed = fixture.externalTrade(World.north1, World.rb2701, .buy, .open, 2, at: price)
    #expect(
      said(passed) == ["+schemeSinglePositionLots warn", "+schemeSinglePositionLots liquidate"])
    let other = fixture.send(World.amir, World.i2701, .buy, .open, 1, at: World.yuan(800))
    #expect(other.reports.first?.refusal.rule == .schemeSinglePositionLots)
    #expect(other.reports.first?.refusal.observed == 5)
    #expect(other.reports.first?.refusal.scopeKind == .instrument)
    let explained = fixture.explain(
      fixture.newOrder(World.amir, World.i2701, .buy, .open, 1, at: World.yuan(800)))
    #expect(explained.verdict == .refused(other.reports[0].refusal))
    #expect(refusal(fixture, World.bela) == nil)
    // Closing stays, and takes the bar away.
    let close = fixture.send(World.anna, World.rb2701, .sell, .closeToday, 3, at: price)
    #expect(close.reports.first?.execType == .new)
    for child in close.sent { fixture.fill(child.child, price, child.lots) }
    #expect(
      look(fixture) == ["-schemeSinglePositionLots warn", "-schemeSinglePositionLots liquidate"])
    let again = fixture.send(World.amir, World.i2701, .buy, .open, 1, at: World.yuan(800))
    #expect(again.reports.first?.execType == .new)
  }

  /// A second level survives a change of band; level one does not (design.md).
  @Test func outsideOfItsBandAClauseDoesNotApply() {
    let fixture = fixture([Self.clause(.singlePositionLots, one: 3, two: 4)])
    fixture.externalTrade(World.north1, World.rb2701, .buy, .open, 5, at: price)
    #expect(refusal(fixture, World.amir) == .schemeSinglePositionLots)
    fixture.step(
      .setNetValue(
        SetNetValue(
          product: World.alpha, mode: .equity, shares: 200_000_000 * 10_000, total: .zero,
          liabilities: .zero, accruedFees: .zero)))
    // Worth one yuan a share, of two fund accounts; the band is below that.
    fixture.step(Self.bind(number: 2, scheme: .max))
    #expect(fixture.step(Self.bind(from: 0, to: 90_000_000)).refusals.isEmpty)
    #expect(look(fixture) == [])
    #expect(refusal(fixture, World.amir) == nil)
    fixture.step(Self.bind(from: 90_000_000, to: 110_000_000))
    #expect(
      look(fixture)
        == ["+schemeSinglePositionLots warn", "+schemeSinglePositionLots liquidate"])
    fixture.step(
      .setNetValue(
        SetNetValue(
          product: World.alpha, mode: .equity, shares: 100_000_000 * 10_000, total: .zero,
          liabilities: .zero, accruedFees: .zero)))
    #expect(look(fixture) == ["-schemeSinglePositionLots warn"])
    #expect(refusal(fixture, World.amir) == .schemeSinglePositionLots)
    fixture.step(.setSchemeClause(Self.clause(.singlePositionLots, one: 30)))
    #expect(refusal(fixture, World.amir) == nil)
  }

  @Test func aNewDayStartsItsFiguresAnew() {
    let fixture = fixture([Self.clause(.totalTradedValue, one: 100_000 * 10_000)])
    fixture.hold(World.anna, World.rb2701, .long, 2, at: price)
    #expect(refusal(fixture) == .schemeTotalTradedValue)
    fixture.step(
      .daySwitch(DaySwitch(tradingDay: World.tuesday, nightDate: 0)),
      at: Timestamp(date: World.tuesday.date, secondOfDay: 9 * 3600 + 1_800))
    fixture.drain()
    fixture.step(
      .dayReference(
        DayReference(
          instrument: World.rb2701, preSettlement: price, preClose: price,
          upperLimit: World.yuan(3_800), lowerLimit: World.yuan(3_200), openInterest: 0)))
    fixture.tick(World.rb2701, price)
    #expect(refusal(fixture) == nil)
  }
}
