import Domain
import Engine
import Ledger
import Messages
import Testing

/// Forced liquidation of an account (rules.md 0, 4; desk.md): who begins it, what it does, how it
/// ends.
@Suite struct LiquidationTests {
  private let anna = World.anna
  private let price = World.yuan(3_500)

  /// Trading, with a bid and an ask around 3 500 in rb2701.
  private func fixture() -> EngineFixture {
    let fixture = EngineFixture.trading()
    fixture.tick(World.rb2701, World.yuan(3_500))
    fixture.quote(World.rb2701, bid: 3_499, ask: 3_501)
    return fixture
  }

  @Test func whatOpensIsCancelledFirstAndThenAllIsClosed() throws {
    let fixture = fixture()
    fixture.hold(anna, World.rb2701, .long, 10, at: price)
    let working = fixture.send(anna, World.rb2701, .buy, .open, 3, at: World.yuan(3_400)).sent[0]
    fixture.accept(working.child)
    let begun = fixture.force(anna)
    #expect(begun.liquidations.map(\.phase) == [.cancelling])
    #expect(begun.notices(.liquidationStarted).count == 1)
    #expect(fixture.refusal(anna) == .liquidating)

    let first = Array(fixture.drain().joined())
    #expect(first.cancels.map(\.child) == [working.child])
    #expect(first.sent.isEmpty)
    fixture.confirmCancel(working.child)
    let second = Array(fixture.drain().joined())
    let forced = try #require(second.sent.first)
    #expect(second.sent.count == 1)
    #expect(forced.side == .sell)
    #expect(forced.offset == .closeToday)
    #expect(forced.lots == 10)
    #expect(forced.price == World.yuan(3_499))
    let report = try #require(second.reports.first)
    #expect(report.clOrdID.string == "#L1-\(report.order.sequence)")
    #expect(report.session == .none)

    fixture.fill(forced.child, World.yuan(3_499), 10)
    let end = Array(fixture.drain().joined())
    #expect(end.liquidations.map(\.phase) == [.ended])
    #expect(end.liquidations[0].end == .done)
    #expect(end.liquidations[0].who.string == "wei")
    #expect(end.liquidations[0].orders == 1)
    #expect(fixture.side(anna, World.rb2701, .long)?.held == 0)
    #expect(fixture.refusal(anna) == nil)
    #expect(fixture.nextDeadline == .never)
    // The system's own cancel counts toward nobody's limit.
    #expect(fixture.cancels(of: anna, World.rb2701) == 0)
  }

  @Test func yesterdaysAndTodaysLotsGoByTheirOwnOffsets() {
    let fixture = fixture()
    fixture.hold(anna, World.rb2701, .short, 4, at: price)
    fixture.beginDay(
      World.tuesday, nightDate: World.monday.yyyymmdd, at: World.openTime.adding(seconds: 86_400))
    fixture.quote(World.rb2701, bid: 3_499, ask: 3_501)
    fixture.hold(anna, World.rb2701, .short, 3, at: price)
    fixture.force(anna)
    let sent = Array(fixture.drain().joined()).sent
    #expect(sent.map(\.offset) == [.closeYesterday, .closeToday])
    #expect(sent.map(\.lots) == [4, 3])
    #expect(sent.map(\.side) == [.buy, .buy])
    #expect(sent.map(\.price) == [World.yuan(3_501), World.yuan(3_501)])
  }

  @Test func ordersAreSlicedToTheSizeLimitOfTheAccount() {
    let fixture = fixture()
    fixture.hold(anna, World.rb2701, .long, 25, at: price)
    fixture.step(
      .setOrderSize(SetOrderSize(account: anna, commodity: World.rb, lots: 10, margin: .none)))
    fixture.force(anna)
    let sent = Array(fixture.drain().joined()).sent
    #expect(sent.map(\.lots) == [10, 10, 5])
  }

  @Test func inTheDeliveryMonthARestStaysAndIsTold() {
    let fixture = fixture()
    fixture.quote(World.al2611, bid: 20_000, ask: 20_005)
    fixture.hold(anna, World.al2611, .long, 15, at: World.yuan(20_000))
    fixture.force(anna)
    let sent = Array(fixture.drain().joined()).sent
    #expect(sent.map(\.lots) == [15])
    // A counter fills a part that leaves no whole unit, and ends the rest.
    fixture.fill(sent[0].child, World.yuan(20_000), 12)
    fixture.confirmCancel(sent[0].child, cumulative: 12)
    let end = Array(fixture.drain().joined())
    #expect(end.liquidations.last?.end == .done)
    #expect(end.notices(.liquidationRest).map(\.limit) == [3])
  }

  @Test func aPriceIsTakenAnewWhenItIsBetterByATick() throws {
    let fixture = fixture()
    fixture.hold(anna, World.rb2701, .long, 10, at: price)
    fixture.force(anna)
    let first = try #require(Array(fixture.drain().joined()).sent.first)
    fixture.accept(first.child)
    // The bid rises: the order rests. It falls: it is cancelled, and sent anew once it has ended.
    fixture.quote(World.rb2701, bid: 3_499, ask: 3_501)
    fixture.pass(seconds: 6)
    #expect(fixture.passed.cancels.isEmpty)
    fixture.quote(World.rb2701, bid: 3_498, ask: 3_500)
    fixture.pass(seconds: 6)
    #expect(fixture.passed.cancels.map(\.child) == [first.child])
    #expect(fixture.passed.sent.isEmpty)
    fixture.confirmCancel(first.child)
    let again = Array(fixture.drain().joined()).sent
    #expect(again.map(\.price) == [World.yuan(3_498)])
    #expect(again.map(\.lots) == [10])
  }

  struct PriceCase: CustomTestStringConvertible {
    var kind: LiquidationPrice
    var ticks: Int64
    var bid: Int64?
    var expected: Int64?
    var testDescription: String { "\(kind) \(ticks) \(bid ?? 0)" }
  }

  @Test(arguments: [
    PriceCase(kind: .counterpartyBest, ticks: 0, bid: 3_499, expected: 3_499),
    PriceCase(kind: .counterpartyBest, ticks: 0, bid: nil, expected: 3_150),
    PriceCase(kind: .limit, ticks: 0, bid: 3_499, expected: 3_150),
    PriceCase(kind: .last, ticks: 0, bid: 3_499, expected: 3_500),
    PriceCase(kind: .last, ticks: 3, bid: 3_499, expected: 3_497),
    PriceCase(kind: .last, ticks: 999, bid: 3_499, expected: 3_150),
  ])
  func aForcedOrderIsPricedAsThePlatformSays(_ row: PriceCase) {
    let fixture = fixture()
    fixture.hold(anna, World.rb2701, .long, 2, at: price)
    fixture.step(
      .setPlatform(SetPlatform(setting: .liquidationPrice, value: Int64(row.kind.rawValue))))
    fixture.step(.setPlatform(SetPlatform(setting: .liquidationTicks, value: row.ticks)))
    fixture.quote(World.rb2701, bid: row.bid, ask: 3_501)
    fixture.force(anna)
    let sent = Array(fixture.drain().joined()).sent
    #expect(sent.map(\.price) == [row.expected.map { World.yuan($0) }].compactMap(\.self))
  }

  @Test func outOfSessionItWaitsAndNeverSpins() {
    let fixture = fixture()
    fixture.hold(anna, World.rb2701, .long, 2, at: price)
    fixture.step(
      .instrumentStatus(InstrumentStatus(instrument: World.rb2701, phase: .unknown)))
    fixture.force(anna)
    let effects = Array(fixture.drain().joined())
    #expect(effects.sent.isEmpty)
    #expect(effects.liquidations.last?.waits == .tradingSession)
    let before = fixture.commandCount
    fixture.pass(seconds: 60)
    // Each five seconds: a timer and a slice.
    #expect(fixture.commandCount - before <= 12 * 3)
    #expect(fixture.passed.liquidations.isEmpty)
    fixture.step(
      .instrumentStatus(InstrumentStatus(instrument: World.rb2701, phase: .continuous)))
    fixture.pass(seconds: 6)
    #expect(fixture.passed.sent.map(\.lots) == [2])
  }

  @Test func overALinkThatIsDownItWaitsAndAnUnknownOrderIsNotSentAgain() {
    let fixture = fixture()
    fixture.hold(anna, World.rb2701, .long, 6, at: price)
    fixture.force(anna)
    let first = Array(fixture.drain().joined()).sent
    let fund = first[0].fundAccount
    fixture.linkDown(fund)
    fixture.pass(seconds: 20)
    #expect(fixture.passed.sent.isEmpty)
    fixture.linkUp(fund)
    fixture.neverArrived(first[0].child)
    fixture.resynced(fund)
    let again = Array(fixture.drain().joined()).sent
    #expect(again.map(\.lots) == [6])
  }

  @Test func whatACounterRefusesIsSentAgainAfterAWhileOnly() {
    let fixture = fixture()
    fixture.hold(anna, World.rb2701, .long, 2, at: price)
    fixture.force(anna)
    var sent = Array(fixture.drain().joined()).sent
    for _ in 0..<4 {
      #expect(sent.count == 1)
      fixture.reject(sent[0].child)
      #expect(Array(fixture.drain().joined()).sent.isEmpty)
      fixture.pass(seconds: 4)
      #expect(fixture.passed.sent.isEmpty)
      fixture.pass(seconds: 2)
      sent = fixture.passed.sent
    }
  }

  @Test func aStopCancelsWhatWorksAndEndsOnceNothingDoes() {
    let fixture = fixture()
    fixture.hold(anna, World.rb2701, .long, 6, at: price)
    fixture.force(anna)
    let forced = Array(fixture.drain().joined()).sent[0]
    fixture.accept(forced.child)
    let stopped = fixture.stop(anna)
    #expect(stopped.liquidations.map(\.phase) == [.stopping])
    #expect(Array(fixture.drain().joined()).cancels.map(\.child) == [forced.child])
    #expect(fixture.refusal(anna) == .liquidating)
    // The counter does not take the cancel: it is asked again.
    fixture.rejectCancel(forced.child)
    fixture.drain()
    fixture.pass(seconds: 6)
    #expect(fixture.passed.cancels.map(\.child) == [forced.child])
    fixture.confirmCancel(forced.child)
    let end = Array(fixture.drain().joined())
    #expect(end.liquidations.map(\.end) == [.stopped])
    #expect(end.sent.isEmpty)
    #expect(fixture.side(anna, World.rb2701, .long)?.held == 6)
    #expect(fixture.stop(anna).refusals.map(\.rule) == [.badCommand])
  }

  @Test func aStopOverALinkThatIsDownCancelsOnceItIsBack() {
    let fixture = fixture()
    fixture.hold(anna, World.rb2701, .long, 6, at: price)
    fixture.force(anna)
    let forced = Array(fixture.drain().joined()).sent[0]
    fixture.linkDown(forced.fundAccount)
    fixture.stop(anna)
    fixture.drain()
    fixture.linkUp(forced.fundAccount)
    fixture.drain()
    fixture.accept(forced.child)
    fixture.resynced(forced.fundAccount)
    fixture.drain()
    #expect(fixture.cancels.map(\.child) == [forced.child])
  }

  @Test func aTerminalTakesNoForcedOrderBack() {
    let fixture = fixture()
    fixture.hold(anna, World.rb2701, .long, 6, at: price)
    fixture.force(anna)
    let report = Array(fixture.drain().joined()).reports[0]
    let refused = fixture.cancel(report.order, of: anna).reports
    #expect(refused.map(\.refusal.rule) == [.liquidating])
    #expect(refused.map(\.execType) == [.cancelRejected])
    fixture.massCancel(anna)
    fixture.drain()
    #expect(fixture.cancels.isEmpty)
  }

  @Test func aStrongerOwnerTakesOverAndAWeakerOneDoesNot() {
    let fixture = fixture()
    fixture.hold(anna, World.rb2701, .long, 6, at: price)
    fixture.setLine(anna, warn: -1, liquidate: 0)
    let begun = fixture.step(
      .setLineAction(SetLineAction(line: .dailyLoss, level: .liquidate, action: .liquidate)))
    let first = begun + Array(fixture.drain().joined())
    #expect(first.liquidations.first?.owner == .account)
    #expect(first.liquidations.first?.rule == .dailyLoss)
    #expect(first.sent.count == 1)
    // A controller with a narrower scope inherits the wider one, and the order that works.
    let taken = fixture.force(anna, World.rb2701)
    #expect(taken.liquidations.map(\.end) == [.takenOver, .unknown])
    #expect(taken.liquidations[1].owner == .controller)
    #expect(taken.liquidations[1].instrument == .none)
    #expect(Array(fixture.drain().joined()).sent.isEmpty)
    #expect(fixture.force(anna, World.rb2705).refusals.map(\.rule) == [.liquidating])
  }

  @Test func aLineBeginsItOnceUntilItIsReleased() {
    let fixture = fixture()
    fixture.step(
      .setLineAction(SetLineAction(line: .dailyLoss, level: .liquidate, action: .liquidate)))
    fixture.drain()
    fixture.hold(anna, World.rb2701, .long, 6, at: price)
    fixture.setLine(anna, warn: 100, liquidate: 1_000)
    fixture.quote(World.rb2701, bid: 3_479, ask: 3_481)
    let begun = fixture.tick(World.rb2701, World.yuan(3_480))
    #expect(begun.liquidations.map(\.level) == [.liquidate])
    fixture.drain()
    fixture.stop(anna)
    fixture.drain()
    for cancel in fixture.cancels { fixture.confirmCancel(cancel.child) }
    fixture.drain()
    // It is reached still; the controller's word stands.
    let later = fixture.tick(World.rb2701, World.yuan(3_470)) + Array(fixture.drain().joined())
    #expect(later.liquidations.isEmpty)
    // Another line, reached: another liquidation.
    fixture.setLine(anna, warn: 100, liquidate: 100_000)
    fixture.drain()
    let again = fixture.setLine(anna, warn: 100, liquidate: 1_001)
    #expect((again + Array(fixture.drain().joined())).liquidations.first?.owner == .account)
  }

  @Test func backToTheLineGoesInRoundsOfATenth() throws {
    let fixture = fixture()
    fixture.hold(anna, World.rb2701, .long, 100, at: price)
    fixture.step(.setPlatform(SetPlatform(setting: .liquidationExtent, value: 2)))
    fixture.step(
      .setLineAction(SetLineAction(line: .riskDegree, level: .liquidate, action: .liquidate)))
    fixture.drain()
    // Margin is 350 000 of 10 000 000: 2 857 %; the line is at 3 100 %, which 92 lots reach.
    fixture.step(
      .setAccountLine(
        SetAccountLine(
          account: anna, line: .riskDegree, basis: .unknown, mode: .equityOverMargin,
          warn: 3_200_000_000, liquidate: 3_100_000_000)))
    var rounds: [Lots] = []
    for _ in 0..<20 {
      let effects = Array(fixture.drain().joined())
      guard let forced = effects.sent.first else { break }
      rounds.append(forced.lots)
      fixture.fill(forced.child, World.yuan(3_499), forced.lots)
    }
    #expect(rounds == [10])
    #expect(fixture.side(anna, World.rb2701, .long)?.held == 90)
    #expect(fixture.refusal(anna) != .liquidating)
  }

  @Test func aProductsAccountsAreLiquidatedAndStoppedTogether() {
    let fixture = fixture()
    fixture.hold(anna, World.rb2701, .long, 6, at: price)
    fixture.hold(World.amir, World.rb2701, .short, 4, at: price)
    fixture.hold(World.bela, World.rb2701, .short, 4, at: price)
    fixture.step(
      .forceLiquidate(
        ForceLiquidate(
          who: Name("wei")!, account: .none, product: World.alpha, instrument: .none,
          side: .unknown, hedge: .unknown, extent: .all)))
    let sent = Array(fixture.drain().joined())
    #expect(Set(sent.liquidations.map(\.account)) == [anna, World.amir])
    #expect(sent.sent.map(\.lots).sorted() == [4, 6])
    let stopped = fixture.step(
      .stopLiquidation(StopLiquidation(who: Name("wei")!, account: .none, product: World.alpha)))
    #expect(stopped.refusals.isEmpty)
    #expect(Array(fixture.drain().joined()).cancels.count == 2)
  }

  @Test func onTheNextDayAControllersGoesOnAndALinesOnlyWhileItStands() {
    for isControllers in [true, false] {
      let fixture = fixture()
      fixture.hold(anna, World.rb2701, .long, 6, at: price)
      if isControllers {
        fixture.force(anna)
      } else {
        fixture.step(
          .setLineAction(SetLineAction(line: .dailyLoss, level: .liquidate, action: .liquidate)))
        fixture.drain()
        fixture.setLine(anna, warn: 5, liquidate: 10)
      }
      fixture.drain()
      fixture.beginDay(
        World.tuesday, nightDate: World.monday.yyyymmdd, at: World.openTime.adding(seconds: 86_400))
      fixture.quote(World.rb2701, bid: 3_499, ask: 3_501)
      let before = fixture.sent.count
      fixture.pass(seconds: 10)
      // A new day has lost nothing yet: the line is not reached.
      #expect(fixture.sent.count - before == (isControllers ? 1 : 0))
      #expect((fixture.refusal(anna) == .liquidating) == isControllers)
    }
  }
}
