import Domain
import Engine
import Ledger
import Messages
import RiskRules
import Testing

/// Lines of a product's unit net value, and what commands of schemes are taken.
@Suite struct SchemeSettingTests {
  // MARK: Lines

  private func shares(_ fixture: EngineFixture, _ whole: Int64) -> [Refusal] {
    fixture.step(
      .setNetValue(
        SetNetValue(
          product: World.alpha, mode: .equity, shares: whole * 10_000, total: .zero,
          liabilities: .zero, accruedFees: .zero))
    ).refusals
  }

  static func lines(
    topUp: Int64 = .min, warn: Int64 = .min, liquidation: Int64 = .min,
    of basis: BandBasis = .current
  ) -> Command {
    .setNetValueLines(
      SetNetValueLines(
        product: World.alpha, basis: basis, topUp: topUp, warn: warn, liquidation: liquidation))
  }

  private func saidOfLines(_ fixture: EngineFixture) -> [String] {
    let effects = fixture.step(.timeReached, at: fixture.time.adding(nanoseconds: 60_000_000))
    return (effects + fixture.drain().flatMap { $0 }).notices
      .filter { $0.kind == .netValueLineReached || $0.kind == .netValueLineReleased }
      .map { "\($0.kind == .netValueLineReached ? "+" : "-")\($0.rule)" }
  }

  /// examples 12: at 0.80 the warn line acts, at 0.8001 it does not. Alpha is worth 200 000 000.
  @Test func examples12ALineOfTheUnitNetValueActsWhenItIsReached() {
    let fixture = EngineFixture.trading()
    #expect(shares(fixture, 249_968_754).isEmpty)
    #expect(
      fixture.step(Self.lines(topUp: 90_000_000, warn: 80_000_000, liquidation: 75_000_000))
        .refusals.isEmpty)
    fixture.drain()
    // 0.8001 and a little.
    #expect(saidOfLines(fixture) == ["+netValueTopUp"])
    #expect(SchemeTests.refusal(fixture) == nil)
    #expect(shares(fixture, 250_000_000).isEmpty)
    #expect(saidOfLines(fixture) == ["+netValueWarn"])
    #expect(SchemeTests.refusal(fixture) == .netValueWarn)
    #expect(SchemeTests.refusal(fixture, World.bela) == nil)
    let explained = fixture.explain(
      fixture.newOrder(World.anna, World.rb2701, .buy, .open, 1, at: SchemeTests.price))
    let finding = explained.findings.first { $0.figures.rule == .netValueWarn }
    #expect(finding?.passes == false)
    #expect(finding?.figures.observed == 8_000)
    #expect(finding?.figures.limit == 8_000)
    #expect(finding?.figures.unit == .price)
    // Level one gives a notice alone where bars begin at level two.
    fixture.step(
      .setProduct(SetProduct(product: World.alpha, setting: .barsFromLevelTwo, value: 1)))
    #expect(SchemeTests.refusal(fixture) == nil)
    #expect(shares(fixture, 270_000_000).isEmpty)
    #expect(saidOfLines(fixture) == ["+netValueLiquidation"])
    #expect(SchemeTests.refusal(fixture) == .netValueLiquidation)
    // Closing stays.
    #expect(
      SchemeTests.refusal(fixture, World.anna, World.rb2701, .sell, .closeToday, 1)
        != .netValueLiquidation)
    #expect(shares(fixture, 200_000_000).isEmpty)
    #expect(
      saidOfLines(fixture) == ["-netValueTopUp", "-netValueWarn", "-netValueLiquidation"])
    #expect(SchemeTests.refusal(fixture) == nil)
  }

  // MARK: Night and holidays

  static func period(
    _ period: SchemePeriod, _ rule: PeriodRule, share: Int64 = 100_000_000
  ) -> Command {
    .setSchemePeriod(
      SetSchemePeriod(product: World.alpha, period: period, rule: rule, share: share))
  }

  /// Most lots that alpha may open at this moment.
  private func most(_ fixture: EngineFixture) -> Int64 {
    let explained = fixture.explain(
      fixture.newOrder(World.anna, World.rb2701, .buy, .open, 1, at: SchemeTests.price))
    let finding = explained.findings.first { $0.figures.rule == .schemeSinglePositionLots }
    return finding?.isActive == true ? finding!.figures.limit : .max
  }

  /// examples 13 (ams 5.2): day 80, night x 50 = 40, holiday "night x 50" = 20.
  @Test func examples13NightAndHolidayFollowByAShare() {
    let fixture = SchemeTests.fixture([SchemeTests.clause(.singlePositionLots, one: 80)])
    func step(_ command: Command) { #expect(fixture.step(command).refusals.isEmpty) }
    step(Self.period(.night, .asDay, share: 50_000_000))
    step(Self.period(.holiday, .asNight, share: 50_000_000))
    #expect(most(fixture) == 80)
    step(
      .setSchemeHoliday(
        SetSchemeHoliday(number: 1, from: World.monday, to: World.tuesday)))
    #expect(most(fixture) == 20)
    #expect(
      SchemeTests.refusal(fixture, World.anna, World.rb2701, .buy, .open, 21)
        == .schemeSinglePositionLots)
    step(Self.period(.holiday, .asDay, share: 25_000_000))
    #expect(most(fixture) == 20)
    // Nothing, neither clauses nor lines (decisions 25).
    step(Self.period(.holiday, .none))
    #expect(most(fixture) == .max)
    #expect(SchemeTests.refusal(fixture, World.anna, World.rb2701, .buy, .open, 90) == nil)
    #expect(shares(fixture, 250_000_000).isEmpty)
    step(Self.lines(warn: 80_000_000))
    #expect(SchemeTests.refusal(fixture) == nil)
    // Bindings of its own: of its kind alone do they overlap.
    step(Self.period(.holiday, .own))
    #expect(most(fixture) == .max)
    #expect(SchemeTests.refusal(fixture) == .netValueWarn)
    step(Self.lines())
    step(SchemeTests.bind(number: 2, at: .holiday))
    #expect(most(fixture) == 80)
    step(.setSchemeHoliday(SetSchemeHoliday(number: 1, from: .none, to: .none)))
    step(SchemeTests.bind(scheme: .max))
    #expect(most(fixture) == .max)
  }

  /// At 22:00 before Monday it is night, by the hours of rb and before Monday's own date.
  @Test func atNightTheNightsRuleHolds() {
    let fixture = EngineFixture()
    for command in World.definitions { fixture.step(command) }
    for command in [
      .defineScheme(DefineScheme(name: FixedText("narrow")!)), SchemeTests.bind(),
      .setSchemeClause(SchemeTests.clause(.singlePositionLots, one: 80)),
      Self.period(.night, .asDay, share: 50_000_000),
    ] {
      fixture.step(command)
    }
    fixture.beginDay(
      World.monday, nightDate: World.friday.yyyymmdd,
      at: Timestamp(date: World.friday, secondOfDay: 21 * 3600 + 1_800))
    fixture.linkAll()
    #expect(most(fixture) == 40)
    fixture.step(.timeReached, at: World.openTime)
    #expect(most(fixture) == 80)
  }

  /// 50 lots are above the night's 40 and below the day's 80. The night ends though no price comes:
  /// nobody is held by it any longer.
  @Test func theNightEndsWithoutAPrice() {
    let fixture = EngineFixture()
    for command in World.definitions { fixture.step(command) }
    for command in [
      .defineScheme(DefineScheme(name: FixedText("narrow")!)), SchemeTests.bind(),
      .setSchemeClause(
        SchemeTests.clause(.singlePositionLots, .instrument, World.rb2701.raw, two: 80)),
    ] {
      fixture.step(command)
    }
    let evening = Timestamp(date: World.friday, secondOfDay: 21 * 3600 + 1_800)
    fixture.beginDay(World.monday, nightDate: World.friday.yyyymmdd, at: evening)
    fixture.linkAll()
    fixture.hold(World.anna, World.rb2701, .long, 50, at: SchemeTests.price)
    fixture.step(Self.period(.night, .asDay, share: 50_000_000))
    fixture.step(.timeReached, at: fixture.time.adding(seconds: 1))
    fixture.drain()
    #expect(
      SchemeTests.refusal(fixture, World.amir, World.rb2705) == .schemeSinglePositionLots)

    // 21:00 is past; the night's sessions end, and Monday's own date comes.
    var changes: [Timestamp] = []
    while fixture.nextDeadline < World.openTime {
      changes.append(fixture.nextDeadline)
      fixture.step(.timeReached, at: fixture.nextDeadline)
      fixture.drain()
    }
    #expect(changes.contains(Timestamp(date: World.monday.date, secondOfDay: 0)))
    fixture.step(.timeReached, at: World.openTime)
    fixture.drain()
    #expect(SchemeTests.refusal(fixture, World.amir, World.rb2705) == nil)
  }

  @Test(arguments: [
    (SchemePeriod.day, PeriodRule.none, Int64(100_000_000)), (.night, .unknown, 100_000_000),
    (.night, .asNight, 100_000_000), (.night, .asDay, 0), (.night, .asDay, 1_000_000_001),
    (.holiday, .own, 50_000_000), (.unknown, .none, 100_000_000),
  ])
  func whatAPeriodCannotBe(_ period: SchemePeriod, _ rule: PeriodRule, _ share: Int64) {
    let fixture = EngineFixture.trading()
    #expect(fixture.step(Self.period(period, rule, share: share)).refusals.count == 1)
  }

  @Test(arguments: [
    (UInt16(0), World.monday, World.monday), (UInt16(65), World.monday, World.monday),
    (UInt16(1), World.tuesday, World.monday), (UInt16(1), TradingDay.none, World.monday),
  ])
  func whatAHolidayCannotBe(_ number: UInt16, _ from: TradingDay, _ to: TradingDay) {
    let fixture = EngineFixture.trading()
    let command = Command.setSchemeHoliday(SetSchemeHoliday(number: number, from: from, to: to))
    #expect(fixture.step(command).refusals.count == 1)
  }

  @Test func theLineOfThePriorDayIsOfItsClose() {
    let fixture = EngineFixture.trading()
    #expect(shares(fixture, 250_000_000).isEmpty)
    fixture.step(Self.lines(warn: 80_000_000, of: .priorDay))
    fixture.drain()
    #expect(SchemeTests.refusal(fixture) == .netValueWarn)
    fixture.step(Self.lines(of: .priorDay))
    #expect(SchemeTests.refusal(fixture) == nil)
  }

  @Test(arguments: [
    (Int64(1), Int64(2), Int64.min, false), (2, 2, .min, true), (.min, 2, 2, false),
    (.min, .min, 2, false), (.min, 2, 1, true), (-1, .min, .min, false),
    (SchemeLimits.unitNetValueMaximum + 1, .min, .min, false), (.min, .min, .min, true),
  ])
  func linesComeOneBeforeTheOther(
    _ topUp: Int64, _ warn: Int64, _ liquidation: Int64, _ isTaken: Bool
  ) {
    let fixture = EngineFixture.trading()
    let command = Self.lines(topUp: topUp, warn: warn, liquidation: liquidation)
    let isSet = [topUp, warn, liquidation].contains { $0 != .min }
    // Without shares there is no unit net value.
    #expect(fixture.step(command).refusals.isEmpty == !isSet)
    #expect(shares(fixture, 1).isEmpty)
    #expect(fixture.step(command).refusals.isEmpty == isTaken)
  }

  // MARK: Commands

  static let refused: [Command] = [
    .setSectorCommodity(SetSectorCommodity(sector: 0, commodity: World.rb, isIn: true)),
    .setSuperSectorMember(SetSuperSectorMember(superSector: 0, sector: 0, isIn: true)),
    .defineScheme(DefineScheme(name: FixedText("narrow")!)),
    .defineScheme(DefineScheme(name: Name())),
    .defineSector(DefineSector(name: Name())),
    // No level; levels in the wrong order; below 0.
    .setSchemeClause(SchemeTests.clause(.singlePositionLots)),
    .setSchemeClause(SchemeTests.clause(.singlePositionLots, one: 4, two: 4)),
    .setSchemeClause(SchemeTests.clause(.singlePositionLots, one: -1)),
    // Numbers from 1 to 256.
    .setSchemeClause(SchemeTests.clause(.singlePositionLots, number: 0, one: 1)),
    .setSchemeClause(SchemeTests.clause(.singlePositionLots, number: 257, one: 1)),
    // Scopes that the kind does not have, or that do not exist.
    .setSchemeClause(SchemeTests.clause(.totalDrawdown, .commodity, 0, one: 1, of: .unknown)),
    .setSchemeClause(SchemeTests.clause(.totalMargin, .superSector, 0, one: 1)),
    .setSchemeClause(SchemeTests.clause(.singlePositionLots, .commodity, 99, one: 1)),
    .setSchemeClause(SchemeTests.clause(.singlePositionLots, .exchange, 7, one: 1)),
    .setSchemeClause(SchemeTests.clause(.singlePositionLots, .product, 1, one: 1)),
    // Lots are no part of money; a share has its own base.
    .setSchemeClause(SchemeTests.clause(.singlePositionLots, one: 1, of: .equity)),
    .setSchemeClause(SchemeTests.clause(.singleOpenInterestShare, one: 1)),
    // Bindings: no such number, no such scheme, no shares, an empty range.
    SchemeTests.bind(number: 0), SchemeTests.bind(number: 17), SchemeTests.bind(scheme: 5),
    SchemeTests.bind(ProductID(9)), SchemeTests.bind(from: 0),
    SchemeTests.bind(from: 2, to: 2), SchemeTests.bind(of: .unknown),
    // Net values: T or X in mode 1, no shares.
    .setNetValue(
      SetNetValue(
        product: World.alpha, mode: .equity, shares: 1, total: Money(yuan: 1), liabilities: .zero,
        accruedFees: .zero)),
    .setNetValue(
      SetNetValue(
        product: World.alpha, mode: .statedTotal, shares: 0, total: Money(yuan: 1),
        liabilities: .zero, accruedFees: .zero)),
    .setNetValue(
      SetNetValue(
        product: World.alpha, mode: .equity, shares: 1, total: .zero,
        liabilities: Money(units: -1), accruedFees: .zero)),
  ]

  @Test(arguments: refused.indices)
  func whatMakesNoSenseIsRefused(_ index: Int) {
    let fixture = SchemeTests.fixture([])
    let effects = fixture.step(Self.refused[index])
    #expect(effects.refusals.count == 1, "\(Self.refused[index])")
  }

  @Test func rangesOfOneKindDoNotOverlap() {
    let fixture = SchemeTests.fixture([])
    fixture.step(SchemeTests.bind(scheme: .max))
    fixture.step(
      .setNetValue(
        SetNetValue(
          product: World.alpha, mode: .equity, shares: 10_000, total: .zero, liabilities: .zero,
          accruedFees: .zero)))
    func isTaken(_ command: Command) -> Bool { fixture.step(command).refusals.isEmpty }
    #expect(isTaken(SchemeTests.bind(number: 1, from: 85, to: 90)))
    #expect(isTaken(SchemeTests.bind(number: 2, from: 90, to: 95)))
    #expect(!isTaken(SchemeTests.bind(number: 3, from: 94, to: 99)))
    #expect(!isTaken(SchemeTests.bind(number: 3, to: 86)))
    #expect(!isTaken(SchemeTests.bind(number: 3)))
    #expect(isTaken(SchemeTests.bind(number: 3, from: 94, to: 99, of: .priorDay)))
    #expect(isTaken(SchemeTests.bind(number: 4, from: 95)))
    #expect(isTaken(SchemeTests.bind(number: 2, from: 91, to: 95)))
    // Shares stay while a range is bound.
    #expect(
      !isTaken(
        .setNetValue(
          SetNetValue(
            product: World.alpha, mode: .unknown, shares: 0, total: .zero, liabilities: .zero,
            accruedFees: .zero))))
  }

  /// Whoever changes the configuration of a running gateway takes away what is no longer said.
  @Test func whatWasSetIsTakenAway() {
    let fixture = SchemeTests.fixture([SchemeTests.clause(.singlePositionLots, one: 80)])
    fixture.step(.defineSector(DefineSector(name: FixedText("metals")!)))
    fixture.step(.defineSuperSector(DefineSuperSector(name: FixedText("all")!)))
    #expect(most(fixture) == 80)
    let settings: [Command] = [
      .setSectorCommodity(SetSectorCommodity(sector: 0, commodity: World.rb, isIn: true)),
      .setSuperSectorMember(SetSuperSectorMember(superSector: 0, sector: 0, isIn: true)),
      .setNetValue(
        SetNetValue(
          product: World.alpha, mode: .equity, shares: 1, total: .zero, liabilities: .zero,
          accruedFees: .zero)),
      Self.lines(warn: 80_000_000), Self.period(.night, .none),
      .setSchemeHoliday(SetSchemeHoliday(number: 1, from: World.monday, to: World.monday)),
      SchemeTests.bind(number: 2, at: .night),
      .setSchemeClause(SchemeTests.clause(.totalMargin, number: 9, one: 1)),
    ]
    for command in settings { #expect(fixture.step(command).refusals.isEmpty, "\(command)") }
    // What a unit net value is there for goes before it.
    for command in settings.reversed() {
      let removal = command.removal
      #expect(removal != nil && removal?.removal == removal && command.isChange, "\(command)")
      guard let removal else { continue }
      #expect(fixture.step(removal).refusals.isEmpty, "\(command)")
    }
    #expect(most(fixture) == 80)
    for removal in [SchemeTests.bind(), .setSchemeClause(settingsClause)].compactMap(\.removal) {
      #expect(fixture.step(removal).refusals.isEmpty)
    }
    #expect(most(fixture) == .max)
  }
  private var settingsClause: SetSchemeClause {
    SchemeTests.clause(.singlePositionLots, one: 80)
  }

  /// At the limit of the figures' room an opening order is refused, and nothing else happens.
  @Test func withoutRoomForFiguresOpeningIsRefused() {
    var capacities = World.capacities
    capacities.schemeInstruments = 1
    let fixture = EngineFixture.trading(
      before: [.defineScheme(DefineScheme(name: FixedText("narrow")!)), SchemeTests.bind()],
      capacities: capacities)
    #expect(SchemeTests.refusal(fixture) == nil)
    let second = fixture.send(World.anna, World.i2701, .buy, .open, 1, at: World.yuan(800))
    #expect(second.reports.first?.refusal.rule == .capacity)
    #expect(SchemeTests.refusal(fixture) == nil)
    // What a counter did beyond that is booked; opening waits for an operator.
    fixture.externalTrade(World.north1, World.i2701, .buy, .open, 1, at: World.yuan(800))
    #expect(SchemeTests.refusal(fixture) == .capacity)
  }
}
