import Domain
import Engine
import Ledger
import Messages
import RiskRules
import Testing

/// Bands of the unit net value of now: they change once it has left by a step, and after a least
/// time (design.md).
@Suite struct BandTests {
  private let anna = World.anna

  /// Up to a yuan a share five lots, from there on twenty. Anna's cash moves it: a step of 0.0001
  /// are 1 000 yuan.
  private func fixture(step: Int64, dwell: Int64) -> EngineFixture {
    let fixture = EngineFixture.trading(before: [
      .defineScheme(DefineScheme(name: FixedText("low")!)),
      .defineScheme(DefineScheme(name: FixedText("high")!)), AccountSchemeTests.shares(),
      AccountSchemeTests.bind(number: 1, scheme: 0, to: 100_000_000),
      AccountSchemeTests.bind(number: 2, scheme: 1, from: 100_000_000),
      .setSchemeClause(clause(0, one: 5)), .setSchemeClause(clause(1, one: 20)),
    ])
    for (setting, value) in [(PlatformSetting.bandStep, step), (.bandDwellSeconds, dwell)] {
      #expect(
        fixture.step(.setPlatform(SetPlatform(setting: setting, value: value))).refusals.isEmpty)
    }
    fixture.pass(seconds: 1)
    return fixture
  }

  private func clause(_ scheme: UInt16, one: Int64 = .min, two: Int64 = .min) -> SetSchemeClause {
    var clause = SchemeTests.clause(.totalPositionLots, one: one, two: two)
    clause.scheme = scheme
    return clause
  }

  private func move(_ fixture: EngineFixture, _ yuan: Int64) {
    let amount = Money(yuan: yuan)
    #expect(
      fixture.step(.moveCash(MoveCash(account: anna, allowedLoss: .zero, notToLose: amount)))
        .refusals.isEmpty)
  }

  /// What the band allows at this moment.
  private func most(_ fixture: EngineFixture) -> Int64 {
    let explained = fixture.explain(
      fixture.newOrder(anna, World.rb2701, .buy, .open, 1, at: SchemeTests.price))
    return explained.findings.first { $0.figures.rule == .schemeTotalPositionLots }?.figures.limit
      ?? .max
  }

  @Test func withoutEitherRangesAreExact() {
    let fixture = fixture(step: .min, dwell: .min)
    #expect(most(fixture) == 20)
    move(fixture, -1)
    #expect(most(fixture) == 5)
    move(fixture, 1)
    #expect(most(fixture) == 20)
  }

  /// Half open at both ends: a step below is out by more than a step, a step above at it.
  @Test func aBandIsLeftByAStep() {
    let fixture = fixture(step: 10_000, dwell: 0)
    #expect(most(fixture) == 20)
    move(fixture, -1_000)
    #expect(most(fixture) == 20)
    move(fixture, -1)
    // An order is judged by it at once, though nobody has looked.
    #expect(most(fixture) == 5)
    fixture.pass(seconds: 1)
    #expect(most(fixture) == 5)
    move(fixture, 2_000)
    #expect(most(fixture) == 5)
    move(fixture, 1)
    #expect(most(fixture) == 20)
    fixture.pass(seconds: 1)
    move(fixture, -1_000)
    #expect(most(fixture) == 20)
  }

  /// It is looked at when its time is over, though nothing happens then.
  @Test func aBandHoldsForAWhile() {
    let fixture = fixture(step: 0, dwell: 60)
    #expect(most(fixture) == 20)
    move(fixture, -500_000)
    fixture.pass(seconds: 1)
    #expect(most(fixture) == 20)
    let due = fixture.nextDeadline
    #expect(due > fixture.time.adding(seconds: 50) && due < fixture.time.adding(seconds: 60))
    fixture.step(.timeReached, at: due)
    #expect(most(fixture) == 5)
    fixture.drain()
    fixture.pass(seconds: 1)
    // The other one has its own time now.
    move(fixture, 500_000)
    fixture.pass(seconds: 30)
    #expect(most(fixture) == 5)
    fixture.pass(seconds: 31)
    #expect(most(fixture) == 20)
    #expect(fixture.nextDeadline == .never)
  }

  /// What is stated anew is in no band yet.
  @Test func whatIsStatedAnewIsInItsBandAtOnce() {
    let fixture = fixture(step: 10_000, dwell: 600)
    #expect(most(fixture) == 20)
    fixture.step(AccountSchemeTests.shares(10_000_001))
    #expect(most(fixture) == 5)
  }

  /// A second level that was passed bars whatever the band, until its figure is back.
  @Test func aLatchOfLevelTwoSurvivesAChangeOfBand() {
    let fixture = fixture(step: 10_000, dwell: 5)
    fixture.hold(anna, World.rb2701, .long, 12, at: SchemeTests.price)
    fixture.step(.setSchemeClause(clause(1, two: 11)))
    fixture.drain()
    fixture.pass(seconds: 1)
    #expect(fixture.passed.notices(.clauseReached).map(\.level) == [.liquidate])
    move(fixture, -2_000_000)
    fixture.step(.setSchemeClause(clause(0, one: 500)))
    fixture.pass(seconds: 10)
    #expect(fixture.passed.notices(.clauseReleased).isEmpty)
    #expect(fixture.refusal(anna) == .schemeTotalPositionLots)
    let close = fixture.send(
      anna, World.rb2701, .sell, .closeToday, 1, at: SchemeTests.price)
    for child in close.sent { fixture.fill(child.child, SchemeTests.price, child.lots) }
    fixture.pass(seconds: 1)
    #expect(fixture.passed.notices(.clauseReleased).map(\.level) == [.liquidate])
    #expect(fixture.refusal(anna) == nil)
  }

  @Test(arguments: [
    (PlatformSetting.bandStep, Int64(100_000_001)), (.bandDwellSeconds, 86_401), (.bandStep, -1),
  ])
  func whatMakesNoSenseIsRefused(_ setting: PlatformSetting, _ value: Int64) {
    let fixture = EngineFixture.trading()
    let set = SetPlatform(setting: setting, value: value)
    #expect(fixture.step(.setPlatform(set)).refusals.count == 1)
  }
}
