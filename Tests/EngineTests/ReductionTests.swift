import Domain
import Engine
import Ledger
import Messages
import Testing

/// Proportional reduction before a close (AMS manual notes 16 and 17, examples 7 and 8,
/// decisions 32).
@Suite struct ReductionTests {
  private let anna = World.anna

  /// Anna has 1 000 000 yuan, rebar takes 50 000 a lot and iron ore 10 000; nothing costs a fee,
  /// and the market is where it was.
  private func fixture(
    _ settings: [Command] = [], allowedLoss: Int64 = 1_000_000
  ) -> EngineFixture {
    func rates(_ commodity: CommodityID, _ yuan: Int64) -> Command {
      let margin = TwoPartRate(byLot: Money(yuan: yuan))
      return .setRates(
        SetRates(
          ownerKind: .platform, ownerID: 0, scope: .commodity(commodity),
          rates: RateSet(
            marginLong: margin, marginShort: margin, feeOpen: TwoPartRate(),
            feeClose: TwoPartRate(), feeCloseToday: TwoPartRate())))
    }
    let fixture = EngineFixture.trading(
      before: [
        .setOpeningBalance(
          SetOpeningBalance(
            holderKind: .operationAccount, holderID: 0, allowedLoss: Money(yuan: allowedLoss),
            notToLose: Money(yuan: 1_000_000 - allowedLoss))), rates(World.rb, 50_000),
        rates(World.ironOre, 10_000),
        rates(World.indexFuture, 20_000),
      ] + settings)
    for (instrument, yuan) in [
      (World.rb2701, Int64(3_500)), (World.i2701, 800), (World.if2612, 4_000),
    ] {
      fixture.tick(instrument, World.yuan(yuan))
      fixture.quote(instrument, bid: yuan, ask: yuan)
    }
    return fixture
  }

  private func holding(
    _ settings: [Command] = [], allowedLoss: Int64 = 1_000_000
  ) -> EngineFixture {
    let fixture = fixture(settings, allowedLoss: allowedLoss)
    fixture.hold(anna, World.rb2701, .long, 10, at: World.yuan(3_500))
    fixture.hold(anna, World.i2701, .short, 10, at: World.yuan(800))
    return fixture
  }

  private func finish(_ finish: ReductionFinish) -> Command {
    .setPlatform(SetPlatform(setting: .reductionFinish, value: Int64(finish.rawValue)))
  }

  // examples 7.

  @Test func examples7RoundsCloseThePartThatIsTooMuchAndThenOneLotOfTheLargest() throws {
    let fixture = holding()
    fixture.setOvernight(anna, .margin, percent: 10)
    fixture.pass(to: 14, 55)
    let begun = try #require(fixture.passed.liquidations.first)
    #expect(begun.rule == .overnightMargin)
    #expect(begun.extent == .proportional)
    #expect(fixture.fillRounds(fixture.passed.sent) == [[5, 5], [1, 1], [1], [1], [1]])
    #expect(fixture.held(anna, World.rb2701) == 1)
    #expect(fixture.held(anna, World.i2701) == 4)
    #expect(fixture.engine.ledger.liquidationPhase(anna) == .unknown)
    #expect(fixture.engine.ledger.liquidation(anna).pointee.end == .backToLine)
  }

  @Test func examples7WithoutAFinishItStopsWhereRoundsComeToNothing() throws {
    let fixture = holding([finish(.none)])
    fixture.setOvernight(anna, .margin, percent: 10)
    fixture.pass(to: 14, 55)
    var sent = fixture.passed.sent
    var last: [Effect] = []
    var rounds: [[Lots]] = []
    while !sent.isEmpty {
      rounds.append(sent.sorted { $0.instrument.raw < $1.instrument.raw }.map(\.lots))
      for child in sent { fixture.fill(child.child, child.price, child.lots) }
      last = Array(fixture.drain().joined())
      sent = last.sent
    }
    #expect(rounds == [[5, 5], [1, 1]])
    #expect(fixture.held(anna, World.rb2701) == 4)
    #expect(fixture.held(anna, World.i2701) == 4)
    #expect(last.liquidations.map(\.end) == [.done])
    let rest = try #require(last.notices(.windowRest).first)
    #expect(rest.rule == .overnightMargin)
    #expect(rest.observed == 240_000)
    #expect(rest.limit == 100_000)
    // That was this close's; it does not begin again.
    fixture.pass(to: 14, 59, 50)
    #expect(fixture.passed.sent.isEmpty)
  }

  @Test func atTheLimitNothingIsReduced() {
    let fixture = holding()
    fixture.setOvernight(anna, .margin, percent: 60)
    fixture.pass(to: 15, 0)
    #expect(fixture.passed.sent.isEmpty)
    #expect(fixture.passed.notices(.overnightExceeded).isEmpty)
  }

  @Test func aRoundIsWaitedForBeforeTheNextOneIsJudged() {
    let fixture = holding()
    fixture.setOvernight(anna, .margin, percent: 10)
    fixture.pass(to: 14, 55)
    let sent = fixture.passed.sent
    // Half of it fills: 45 % is left, and nothing new leaves.
    for child in sent { fixture.fill(child.child, child.price, 2) }
    #expect(fixture.drain().joined().flatMap { [$0] }.sent.isEmpty)
    #expect(sent.map(\.lots) == [5, 5] || sent.map(\.lots).sorted() == [5, 5])
    for child in sent { fixture.fill(child.child, child.price, 3) }
    let second = fixture.drain().joined().flatMap { [$0] }.sent
    #expect(second.map(\.lots) == [1, 1])
  }

  /// decisions 32.
  @Test func ofNothingAllOfItIsTooMuch() {
    let fixture = holding(allowedLoss: 0)
    fixture.step(
      .setOvernight(
        SetOvernight(
          account: anna, measure: .margin, basis: .allowedLoss, excess: .reduce,
          limit: 10_000_000)))
    fixture.pass(to: 14, 55)
    #expect(fixture.passed.sent.map(\.lots) == [10, 10])
  }

  // MARK: Exposure

  /// 420 000 long and 140 000 short in rebar, 320 000 short in iron ore: 60 % of 1 000 000.
  @Test func ofExposureOnlyTheHeavierSideOfACommodityIsClosed() throws {
    let fixture = fixture()
    fixture.tick(World.rb2705, World.yuan(3_500))
    fixture.quote(World.rb2705, bid: 3_500, ask: 3_500)
    fixture.hold(anna, World.rb2701, .long, 12, at: World.yuan(3_500))
    fixture.hold(anna, World.rb2705, .short, 4, at: World.yuan(3_500))
    fixture.hold(anna, World.i2701, .short, 4, at: World.yuan(800))
    fixture.setOvernight(anna, .exposure, percent: 40)
    fixture.pass(to: 14, 55)
    #expect(fixture.passed.sent.map(\.instrument) == [World.rb2701])
    // 20 %: 2 of 12, 0 of 4; 13 %: 1 of 10; then the iron ore, worth more by then, and rebar again.
    #expect(fixture.fillRounds(fixture.passed.sent) == [[2], [1], [1], [1]])
    #expect(fixture.held(anna, World.rb2701) == 8)
    #expect(fixture.held(anna, World.rb2705) == 4)
    #expect(fixture.held(anna, World.i2701) == 3)
    #expect(fixture.engine.ledger.liquidation(anna).pointee.end == .backToLine)
  }

  // MARK: Groups of closes

  /// examples 8.
  @Test func examples8EachCloseReducesWhatClosesThenAndWhatHasClosedCounts() throws {
    let fixture = fixture()
    fixture.hold(anna, World.rb2701, .long, 4, at: World.yuan(3_500))
    fixture.hold(anna, World.if2612, .long, 10, at: World.yuan(4_000))
    // Rebar takes 20 %, the index 20 %.
    fixture.setOvernight(anna, .margin, percent: 30)
    fixture.pass(to: 15, 9, 50)
    #expect(fixture.passed.sent.isEmpty)
    let told = fixture.passed.notices(.overnightExceeded)
    #expect(told.map(\.observed) == [400_000])
    fixture.pass(to: 15, 10)
    // 10 % too much: a tenth of what still trades.
    #expect(fixture.fillRounds(fixture.passed.sent) == [[1], [1], [1], [1], [1]])
    #expect(fixture.held(anna, World.rb2701) == 4)
    #expect(fixture.held(anna, World.if2612) == 5)
  }

  @Test func barringAloneReducesNothingAndIsToldOnce() {
    let fixture = holding()
    fixture.setOvernight(anna, .margin, percent: 10, .barOnly)
    fixture.pass(to: 15, 15)
    #expect(fixture.passed.sent.isEmpty)
    #expect(fixture.passed.liquidations.isEmpty)
    #expect(fixture.passed.notices(.overnightExceeded).map(\.action) == [.barOpening])
  }

  @Test func whatHasClosedIsLeftAndTold() throws {
    let fixture = fixture()
    fixture.hold(anna, World.rb2701, .long, 4, at: World.yuan(3_500))
    fixture.setOvernight(anna, .margin, percent: 10)
    fixture.linkDown(World.north1)
    fixture.linkDown(World.south1)
    fixture.drain()
    fixture.pass(to: 15, 1)
    #expect(fixture.passed.liquidations.last?.phase == .ended)
    #expect(fixture.passed.notices(.windowRest).map(\.observed) == [200_000])
    fixture.link(World.north1)
    fixture.pass(to: 15, 12)
    #expect(fixture.passed.sent.isEmpty)
    #expect(fixture.passed.liquidations.isEmpty)
  }

  // MARK: What stands in the way

  @Test func whatWorksIsCancelledFirst() throws {
    let fixture = holding()
    fixture.setOvernight(anna, .margin, percent: 10)
    let working = fixture.send(anna, World.i2701, .sell, .open, 1, at: World.yuan(810)).sent[0]
    fixture.accept(working.child)
    fixture.pass(to: 14, 55)
    #expect(fixture.passed.cancels.map(\.child) == [working.child])
    #expect(fixture.passed.sent.isEmpty)
    fixture.confirmCancel(working.child)
    #expect(fixture.drain().joined().flatMap { [$0] }.sent.map(\.lots) == [5, 5])
    // Nothing may be opened meanwhile, in any instrument.
    #expect(fixture.refusal(anna) == .liquidating)
  }

  @Test func aControllerTakesOverForWhatHeNamesAndTheRestIsReducedAfterwards() throws {
    let fixture = holding()
    fixture.setOvernight(anna, .margin, percent: 10)
    fixture.pass(to: 14, 55)
    let reducing = fixture.passed.sent
    let taken = fixture.force(anna, World.rb2701)
    #expect(taken.liquidations.map(\.end) == [.takenOver, .unknown])
    #expect(taken.liquidations.last?.instrument == World.rb2701)
    for child in reducing { fixture.fill(child.child, child.price, child.lots) }
    let forced = fixture.drain().joined().flatMap { [$0] }.sent
    #expect(forced.map(\.instrument) == [World.rb2701])
    #expect(forced.map(\.lots) == [5])
    for child in forced { fixture.fill(child.child, child.price, child.lots) }
    fixture.drain()
    #expect(fixture.engine.ledger.liquidationPhase(anna) == .unknown)
    #expect(fixture.held(anna, World.i2701) == 5)
    // 5 % is left: within the line.
    fixture.pass(seconds: 15)
    #expect(fixture.passed.liquidations.isEmpty)
  }

  @Test func aStopHoldsUntilTheClose() {
    let fixture = holding()
    fixture.setOvernight(anna, .margin, percent: 10)
    fixture.pass(to: 14, 55)
    let sent = fixture.passed.sent
    fixture.stop(anna)
    fixture.drain()
    for child in sent { fixture.confirmCancel(child.child) }
    let end = Array(fixture.drain().joined())
    #expect(end.liquidations.last?.end == .stopped)
    #expect(end.notices(.windowRest).count == 1)
    fixture.pass(to: 15, 0)
    #expect(fixture.passed.sent.isEmpty)
    #expect(fixture.passed.liquidations.isEmpty)
  }

  @Test func aLineOfTheAccountTakesOver() {
    let fixture = holding([
      .setLineAction(SetLineAction(line: .dailyLoss, level: .liquidate, action: .liquidate))
    ])
    fixture.setOvernight(anna, .margin, percent: 10)
    fixture.pass(to: 14, 55)
    let begun =
      fixture.setLine(anna, warn: -2, liquidate: -1) + Array(fixture.drain().joined())
    #expect(begun.liquidations.first?.end == .takenOver)
    #expect(begun.liquidations.contains { $0.rule == .dailyLoss && $0.phase == .cancelling })
  }

  @Test func aLinkThatIsDownIsWaitedFor() {
    let fixture = holding()
    fixture.setOvernight(anna, .margin, percent: 10)
    fixture.linkDown(World.north1)
    fixture.linkDown(World.south1)
    fixture.drain()
    fixture.pass(to: 14, 55)
    #expect(fixture.passed.sent.isEmpty)
    let waits = fixture.passed.liquidations.last?.waits ?? .none
    #expect(waits != .none)
    fixture.link(World.north1)
    fixture.link(World.south1)
    fixture.pass(seconds: 10)
    #expect(fixture.passed.sent.map(\.lots) == [5, 5])
  }

  /// Slices of the account's size limit, by the lots of their days.
  @Test func aRoundIsSlicedAndTakesYesterdaysLotsFirst() {
    let fixture = fixture()
    fixture.hold(anna, World.rb2701, .long, 6, at: World.yuan(3_500))
    fixture.beginDay(
      World.tuesday, nightDate: World.monday.yyyymmdd, at: World.openTime.adding(seconds: 86_400))
    fixture.tick(World.rb2701, World.yuan(3_500))
    fixture.quote(World.rb2701, bid: 3_500, ask: 3_500)
    fixture.hold(anna, World.rb2701, .long, 6, at: World.yuan(3_500))
    fixture.step(
      .setOrderSize(SetOrderSize(account: anna, commodity: World.rb, lots: 4, margin: .none)))
    // 60 % of 10 %: half of twelve lots.
    fixture.setOvernight(anna, .margin, percent: 10)
    fixture.pass(to: 14, 55)
    #expect(fixture.passed.sent.map(\.offset) == [.closeYesterday, .closeYesterday])
    #expect(fixture.passed.sent.map(\.lots) == [4, 2])
  }

  @Test func theNextDayItIsOver() {
    let fixture = holding()
    fixture.setOvernight(anna, .margin, percent: 10)
    fixture.pass(to: 14, 55)
    fixture.beginDay(
      World.tuesday, nightDate: World.monday.yyyymmdd, at: World.openTime.adding(seconds: 86_400))
    let passed = fixture.drain()
    #expect(passed.joined().flatMap { [$0] }.sent.isEmpty)
    fixture.pass(seconds: 10)
    #expect(fixture.engine.ledger.liquidationPhase(anna) == .unknown)
    #expect(fixture.refusal(anna) == nil)
  }

  @Test func aCopyThatStepsTheSameStandsTheSame() {
    let fixture = holding()
    fixture.setOvernight(anna, .margin, percent: 10)
    fixture.pass(to: 14, 55)
    _ = fixture.fillRounds(fixture.passed.sent)
    let copy = EngineFixture()
    for command in fixture.commands { copy.step(command.command, at: command.time) }
    #expect(copy.stateHash == fixture.stateHash)
  }
}
