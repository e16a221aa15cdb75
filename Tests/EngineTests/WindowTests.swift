import Domain
import Engine
import Ledger
import Messages
import Testing

/// session-flat and the windows before closes (rules.md 4, AMS manual 4.1).
@Suite struct WindowTests {
  private let anna = World.anna
  private let price = World.yuan(3_500)

  private func fixture() -> EngineFixture {
    let fixture = EngineFixture.trading()
    for (instrument, yuan) in [(World.rb2701, Int64(3_500)), (World.m2701, 3_000)] {
      fixture.tick(instrument, World.yuan(yuan))
      fixture.quote(instrument, bid: yuan, ask: yuan)
    }
    fixture.hold(anna, World.rb2701, .long, 6, at: price)
    fixture.hold(anna, World.m2701, .long, 4, at: World.yuan(3_000))
    return fixture
  }

  @Test func atMiddayWhatIsListedIsClosedAndNothingElse() throws {
    let fixture = fixture()
    fixture.setFlat(anna, .midday, .flatten, World.rb)
    fixture.pass(to: 11, 19, 59)
    #expect(fixture.refusal(anna) == nil)
    fixture.pass(to: 11, 20)
    #expect(fixture.refusal(anna) == .sessionFlat)
    fixture.pass(to: 11, 24, 59)
    #expect(fixture.passed.sent.isEmpty)
    fixture.pass(to: 11, 25)
    #expect(fixture.passed.liquidations.first?.rule == .sessionFlat)
    #expect(fixture.passed.sent.map(\.instrument) == [World.rb2701])
    #expect(fixture.passed.sent.map(\.lots) == [6])
    #expect(fixture.fillRounds(fixture.passed.sent) == [[6]])
    #expect(fixture.held(anna, World.m2701) == 4)
    #expect(fixture.engine.ledger.liquidation(anna).pointee.end == .done)
    // In the afternoon it may open again; no other close is set.
    fixture.pass(to: 13, 0)
    #expect(fixture.refusal(anna) == nil)
    fixture.pass(to: 14, 59)
    #expect(fixture.refusal(anna) == nil)
    #expect(fixture.passed.sent.isEmpty)
  }

  @Test func barringAloneClosesNothing() {
    let fixture = fixture()
    fixture.setFlat(anna, .day, .barOpening)
    fixture.pass(to: 14, 50)
    #expect(fixture.refusal(anna) == .sessionFlat)
    fixture.pass(to: 15, 0)
    #expect(fixture.passed.sent.isEmpty)
  }

  @Test func arbitrageIsLeftTogether() {
    let fixture = fixture()
    let effects = fixture.send(
      anna, World.rb2701, .sell, .open, 3, at: price, hedge: .arbitrage)
    for child in effects.sent { fixture.fill(child.child, price, child.lots) }
    fixture.setFlat(anna, .day, .flatten, World.rb)
    fixture.pass(to: 14, 55)
    #expect(fixture.passed.sent.map(\.hedge) == [.speculation])
    #expect(fixture.fillRounds(fixture.passed.sent) == [[6]])
    #expect(fixture.side(anna, World.rb2701, .short, .arbitrage)?.held == 3)
  }

  @Test func anOpeningOrderThatWorksIsCancelledThoughNothingIsHeld() {
    let fixture = EngineFixture.trading()
    fixture.tick(World.rb2701, price)
    let working = fixture.send(anna, World.rb2701, .buy, .open, 2, at: World.yuan(3_400)).sent[0]
    fixture.accept(working.child)
    fixture.setFlat(anna, .day, .flatten)
    fixture.pass(to: 14, 55)
    #expect(fixture.passed.cancels.map(\.child) == [working.child])
    fixture.confirmCancel(working.child)
    let end = Array(fixture.drain().joined())
    #expect(end.liquidations.last?.end == .done)
    #expect(end.sent.isEmpty)
  }

  @Test func whatTheMarketDoesNotTakeByTheCloseIsToldAndGivenUp() throws {
    let fixture = fixture()
    fixture.setFlat(anna, .day, .flatten, World.rb)
    fixture.pass(to: 14, 55)
    let forced = try #require(fixture.passed.sent.first)
    fixture.accept(forced.child)
    fixture.pass(to: 15, 0, 10)
    #expect(fixture.passed.cancels.map(\.child) == [forced.child])
    fixture.confirmCancel(forced.child)
    let end = Array(fixture.drain().joined())
    #expect(end.liquidations.last?.phase == .ended)
    let rest = try #require(end.notices(.windowRest).first)
    #expect(rest.rule == .sessionFlat)
    #expect(rest.observed == 6)
    #expect(rest.unit == .lots)
  }

  @Test func theNightHasItsOwn() {
    let fixture = EngineFixture(from: World.genesisTime)
    for command in World.definitions { fixture.step(command) }
    fixture.beginDay(
      World.monday, nightDate: World.friday.yyyymmdd,
      at: Timestamp(date: World.friday, secondOfDay: 21 * 3_600))
    fixture.linkAll()
    fixture.tick(World.rb2701, price)
    fixture.quote(World.rb2701, bid: 3_500, ask: 3_500)
    fixture.hold(anna, World.rb2701, .long, 6, at: price)
    fixture.setFlat(anna, .night, .flatten, World.rb)
    fixture.pass(to: Timestamp(date: World.friday, secondOfDay: 23 * 3_600 - 300))
    #expect(fixture.passed.sent.map(\.lots) == [6])
  }

  @Test(arguments: [(true, true, 1), (true, false, 0), (false, true, 0)])
  func theNightCountsAsOvernightWhereAccountAndProductSaySo(
    _ account: Bool, _ product: Bool, _ orders: Int
  ) {
    let fixture = EngineFixture(from: World.genesisTime)
    for command in World.definitions { fixture.step(command) }
    fixture.beginDay(
      World.monday, nightDate: World.friday.yyyymmdd,
      at: Timestamp(date: World.friday, secondOfDay: 21 * 3_600))
    fixture.linkAll()
    fixture.tick(World.rb2701, price)
    fixture.quote(World.rb2701, bid: 3_500, ask: 3_500)
    fixture.hold(anna, World.rb2701, .long, 60, at: price)
    fixture.setOvernight(anna, .margin, percent: 1)
    fixture.step(
      .setAccount(
        SetAccount(account: anna, setting: .countsNightClose, value: account ? 1 : 0)))
    fixture.step(
      .setProduct(
        SetProduct(product: World.alpha, setting: .countsNightClose, value: product ? 1 : 0)))
    fixture.pass(to: Timestamp(date: World.friday, secondOfDay: 23 * 3_600 - 300))
    #expect(fixture.passed.sent.count == orders)
  }

  @Test func nobodyWithAWindowNeedsNoTimer() {
    let fixture = fixture()
    #expect(fixture.nextDeadline == .never)
    fixture.setFlat(anna, .day, .barOpening)
    #expect(
      fixture.nextDeadline
        == Timestamp(date: World.monday.date, secondOfDay: 11 * 3_600 + 20 * 60))
    fixture.setFlat(anna, .day, .unknown, World.rb)
    #expect(fixture.nextDeadline == .never)
  }

  @Test func lengthsOfWindowsAreSet() {
    let fixture = fixture()
    fixture.step(.setPlatform(SetPlatform(setting: .windowBarSeconds, value: 120)))
    fixture.step(.setPlatform(SetPlatform(setting: .windowReduceSeconds, value: 60)))
    fixture.setFlat(anna, .day, .flatten, World.rb)
    fixture.pass(to: 14, 57, 59)
    #expect(fixture.refusal(anna) == nil)
    fixture.pass(to: 14, 58)
    #expect(fixture.refusal(anna) == .sessionFlat)
    fixture.pass(to: 14, 59)
    #expect(fixture.passed.sent.map(\.lots) == [6])
  }

  @Test(arguments: [
    Command.setOvernight(
      SetOvernight(
        account: OperationAccountID(9), measure: .margin, basis: .marketEquity, excess: .reduce,
        limit: 1)),
    .setOvernight(
      SetOvernight(
        account: World.anna, measure: .margin, basis: .openingEquity, excess: .reduce, limit: 1)),
    .setOvernight(
      SetOvernight(
        account: World.anna, measure: .margin, basis: .marketEquity, excess: .unknown, limit: 1)),
    .setOvernight(
      SetOvernight(
        account: World.anna, measure: .margin, basis: .marketEquity, excess: .reduce, limit: -1)),
    .setOvernight(
      SetOvernight(
        account: World.anna, measure: .exposure, basis: .marketEquity, excess: .reduce,
        limit: Ranges.lineRatioMaximum + 1)),
    .setOvernight(
      SetOvernight(
        account: World.anna, measure: .unknown, basis: .unknown, excess: .unknown, limit: 5)),
    .setSessionFlat(
      SetSessionFlat(account: World.anna, close: .unknown, action: .flatten, everything: true)),
    .setSessionFlat(
      SetSessionFlat(account: World.anna, close: .day, action: .unknown, everything: true)),
    .setSessionFlatCommodity(
      SetSessionFlatCommodity(
        account: World.anna, close: .day, commodity: CommodityID(7), isIn: true)),
    .setPlatform(SetPlatform(setting: .windowBarSeconds, value: 29)),
    .setPlatform(SetPlatform(setting: .windowReduceSeconds, value: 3_601)),
    .setPlatform(SetPlatform(setting: .reductionFinish, value: 3)),
    .setPlatform(SetPlatform(setting: .liquidationExtent, value: 30)),
  ])
  func whatMakesNoSenseIsRefusedAndChangesNothing(_ command: Command) {
    let fixture = fixture()
    let before = fixture.engine.ledger.window(anna).pointee.limit
    #expect(fixture.step(command).refusals.map(\.rule) == [.badCommand])
    #expect(fixture.engine.ledger.window(anna).pointee.limit == before)
    #expect(fixture.nextDeadline == .never)
  }
}
