import Domain
import Engine
import Ledger
import Messages
import RiskRules
import Testing

/// Messages to a counter inside its quota: what waits, in which order it leaves, what takes it back
/// (rules.md 8).
@Suite struct MessageQuotaTests {
  private let anna = World.anna
  private let amir = World.amir
  private let price = World.yuan(3_500)

  /// Anna has ten lots, Amir five, all at north1, which takes so many messages a second.
  private func fixture(_ quota: Int64) -> EngineFixture {
    let fixture = EngineFixture.trading()
    fixture.tick(World.rb2701, price)
    fixture.quote(World.rb2701, bid: 3_499, ask: 3_501)
    fixture.hold(anna, World.rb2701, .long, 10, at: price)
    fixture.hold(amir, World.rb2701, .long, 5, at: price)
    #expect(fixture.set(World.north1, .messageQuota, quota).isEmpty)
    return fixture
  }

  private func close(_ fixture: EngineFixture, _ lots: Lots = 1) -> [Effect] {
    fixture.send(anna, World.rb2701, .sell, .closeToday, lots, at: World.yuan(3_510))
  }

  @Test func aLiquidationLeavesBeforeCancelsBeforeWhatCloses() throws {
    let fixture = fixture(2)
    let working = close(fixture).sent[0]
    #expect(close(fixture).sent.count == 1)
    let late = close(fixture)
    #expect(late.sent.isEmpty)
    #expect(late.reports.map(\.execType) == [.new])
    #expect(late.waits.map(\.waiting) == [0])
    let waiting = try #require(late.waits.first)
    #expect(fixture.child(waiting.child)?.state == .waiting)

    fixture.accept(working.child)
    let asked = fixture.cancel(fixture.order(working), of: anna)
    #expect(asked.cancels.isEmpty)
    fixture.force(amir)
    let forced = Array(fixture.drain().joined()).waits
    #expect(forced.map(\.waiting) == [2])
    #expect(fixture.fundAccount(World.north1).waitingMessages == 3)

    fixture.pass(seconds: 1)
    #expect(fixture.passed.leaving == [forced[0].child, working.child])
    #expect(fixture.passed.cancels.map(\.child) == [working.child])
    fixture.pass(seconds: 1)
    #expect(fixture.passed.leaving == [waiting.child])
    #expect(fixture.fundAccount(World.north1).waitingMessages == 0)
    #expect(fixture.child(waiting.child)?.state == .sent)
    // Exactly two in each second: the third message at the quota leaves when the first is over it.
    #expect(fixture.nextDeadline < .never)
  }

  @Test func anOpeningGoesElsewhereAndIsRefusedWhereThereIsNoRoom() throws {
    let fixture = fixture(2)
    #expect(open(fixture).sent.map(\.fundAccount) == [World.north1])
    #expect(open(fixture).sent.map(\.fundAccount) == [World.north1])
    #expect(open(fixture).sent.map(\.fundAccount) == [World.south1])
    fixture.set(World.south1, .messageQuota, 1)
    #expect(open(fixture).sent.map(\.fundAccount) == [World.south1])
    let refused = try #require(open(fixture).reports.first)
    #expect(refused.execType == .rejected)
    #expect(refused.refusal.rule == .fundMessageQuota)
    #expect(refused.refusal.observed == 2)
    #expect(refused.refusal.limit == 2)
    fixture.pass(seconds: 1)
    #expect(open(fixture).sent.map(\.fundAccount) == [World.north1])
  }

  @Test func nothingOpensWhileSomethingWaits() {
    let fixture = fixture(1)
    #expect(close(fixture).sent.count == 1)
    #expect(close(fixture).waits.count == 1)
    #expect(close(fixture).waits.count == 1)
    // The first that waits has left, the next one's turn has not come.
    fixture.pass(seconds: 1)
    #expect(open(fixture).sent.map(\.fundAccount) == [World.south1])
  }

  @Test func whatIsKeptIsForExitsAlone() {
    let fixture = fixture(3)
    fixture.set(World.north1, .messageReserve, 1)
    fixture.set(World.south1, .openPermission, 0)
    #expect(open(fixture).sent.count == 1)
    #expect(open(fixture).sent.count == 1)
    #expect(open(fixture).reports.map(\.refusal.rule) == [.fundMessageQuota])
    #expect(close(fixture).sent.count == 1)
    #expect(close(fixture).waits.count == 1)
  }

  private func open(_ fixture: EngineFixture) -> [Effect] {
    fixture.send(anna, World.rb2701, .buy, .open, 1, at: World.yuan(3_400))
  }

  @Test func whatIsCancelledBeforeItLeftNeverLeaves() throws {
    let fixture = fixture(1)
    #expect(close(fixture, 2).sent.count == 1)
    let late = close(fixture, 3)
    let child = try #require(late.waits.first).child
    #expect(fixture.side(anna, World.rb2701, .long)?.frozen == 5)
    let cancelled = fixture.cancel(late.reports[0].order, of: anna)
    #expect(cancelled.reports.map(\.execType) == [.cancelled])
    #expect(cancelled.reports[0].requestID.string == "cancel")
    #expect(cancelled.reports[0].state == .cancelled)
    #expect(cancelled.cancels.isEmpty)
    #expect(fixture.side(anna, World.rb2701, .long)?.frozen == 2)
    #expect(fixture.side(World.north1, World.rb2701, .long)?.frozen == 2)
    #expect(fixture.child(child)?.state == .neverArrived)
    fixture.pass(seconds: 3)
    #expect(fixture.passed.leaving.isEmpty)
    // Nobody had to be asked, so it is no cancel of the account's.
    #expect(fixture.cancels(of: anna, World.rb2701) == 0)
    #expect(fixture.nextDeadline == .never)
  }

  @Test func aMassCancelTakesBackWhatWaits() {
    let fixture = fixture(1)
    let first = close(fixture, 1).sent[0]
    for _ in 0..<4 { #expect(close(fixture, 1).waits.count == 1) }
    let effects = fixture.massCancel(anna) + fixture.drain().joined()
    #expect(effects.reports.count { $0.execType == .cancelled } == 4)
    fixture.pass(seconds: 5)
    #expect(fixture.passed.leaving == [first.child])
    #expect(fixture.passed.cancels.count == 1)
  }

  @Test func whatWaitsOutlivesItsLink() throws {
    let fixture = fixture(1)
    let sent = close(fixture).sent[0]
    let waiting = try #require(close(fixture).waits.first)
    let down = fixture.linkDown(World.north1) + fixture.drain().joined()
    // What was sent is in doubt, what was not is not.
    #expect(down.reports.map(\.execType) == [.pendingUnknown])
    #expect(fixture.child(sent.child)?.isDoubtful == true)
    #expect(fixture.child(waiting.child)?.isDoubtful == false)
    fixture.pass(seconds: 4)
    #expect(fixture.passed.leaving.isEmpty)
    fixture.linkUp(World.north1)
    fixture.drain()
    fixture.resynced(World.north1)
    fixture.drain()
    fixture.pass(seconds: 1)
    #expect(fixture.sent.count { $0.child == waiting.child } == 1)
    #expect(fixture.child(waiting.child)?.state == .sent)
  }

  /// It was asked for first, and leaves first.
  @Test func aCancelKeepsItsPlaceOverTheLossOfItsLink() throws {
    let fixture = fixture(1)
    let working = close(fixture).sent[0]
    fixture.accept(working.child)
    fixture.force(anna)
    fixture.drain()
    fixture.force(amir)
    let forced = try #require(Array(fixture.drain().joined()).waits.first)
    #expect(fixture.fundAccount(World.north1).waitingMessages == 2)
    _ = fixture.linkDown(World.north1) + fixture.drain().joined()
    #expect(fixture.fundAccount(World.north1).waitingMessages == 2)
    fixture.linkUp(World.north1)
    fixture.drain()
    fixture.resynced(World.north1)
    fixture.drain()
    fixture.pass(seconds: 2)
    #expect(fixture.passed.leaving == [working.child, forced.child])
  }

  @Test func aForcedOrderLeavesAtThePriceOfItsMoment() throws {
    let fixture = fixture(1)
    #expect(close(fixture).sent.count == 1)
    fixture.force(amir)
    let waiting = Array(fixture.drain().joined())
    #expect(waiting.waits.count == 1)
    #expect(waiting.reports.map(\.price) == [World.yuan(3_499)])
    fixture.quote(World.rb2701, bid: 3_470, ask: 3_480)
    fixture.pass(seconds: 1)
    #expect(fixture.passed.sent.map(\.price) == [World.yuan(3_470)])
    let told = try #require(fixture.passed.reports.first)
    #expect(told.execType == .restated)
    #expect(told.price == World.yuan(3_470))
    #expect(told.reportSequence == waiting.reports[0].reportSequence + 1)
    // Its price counts from when it left.
    fixture.quote(World.rb2701, bid: 3_460, ask: 3_480)
    fixture.pass(seconds: 4)
    #expect(fixture.passed.cancels.isEmpty)
    fixture.pass(seconds: 2)
    #expect(fixture.passed.cancels.map(\.child) == fixture.passed.leaving.suffix(1))
  }

  @Test func aForcedOrderIsPlacedAnewWhereItsLinkIsGone() {
    let fixture = fixture(1)
    #expect(close(fixture).sent.count == 1)
    fixture.force(amir)
    #expect(Array(fixture.drain().joined()).waits.count == 1)
    fixture.linkDown(World.north1)
    fixture.pass(seconds: 6)
    #expect(fixture.passed.reports.contains { $0.execType == .cancelled })
    #expect(fixture.passed.liquidations.last?.waits == .fundLinkDown)
    #expect(fixture.fundAccount(World.north1).waitingMessages == 0)
    fixture.link(World.north1)
    fixture.pass(seconds: 6)
    #expect(fixture.passed.sent.map(\.lots) == [5])
  }

  @Test func withoutAQuotaAllThatWaitsLeaves() {
    let fixture = fixture(1)
    for _ in 0..<4 { _ = close(fixture) }
    #expect(fixture.fundAccount(World.north1).waitingMessages == 3)
    fixture.set(World.north1, .messageQuota, .min)
    fixture.step(.timeReached)
    #expect(Array(fixture.drain().joined()).sent.count == 3)
    #expect(close(fixture).sent.count == 1)
  }

  @Test func anotherQuotaCountsWhatHasLeft() {
    let fixture = fixture(4)
    for _ in 0..<3 { #expect(close(fixture).sent.count == 1) }
    fixture.set(World.north1, .messageQuota, 2)
    #expect(close(fixture).waits.count == 1)
    fixture.set(World.north1, .messageQuota, 5)
    fixture.step(.timeReached)
    // Two of the three were kept, one that waited has left: two more find room.
    #expect(Array(fixture.drain().joined()).sent.count == 1)
    #expect(close(fixture).sent.count == 1)
    #expect(close(fixture).sent.count == 1)
    #expect(close(fixture).waits.count == 1)
  }

  @Test func whatWaitsIsUnansweredOnlyAfterItHasLeft() {
    let fixture = fixture(1)
    fixture.step(.setPlatform(SetPlatform(setting: .childAnswerSeconds, value: 3)))
    fixture.set(World.north1, .messageQuota, 1)
    fixture.accept(close(fixture).sent[0].child)
    #expect(close(fixture).waits.count == 1)
    #expect(close(fixture).waits.count == 1)
    fixture.pass(seconds: 3)
    #expect(fixture.passed.leaving.count == 2)
    #expect(fixture.passed.notices(.childUnanswered).isEmpty)
    fixture.pass(seconds: 1)
    #expect(fixture.passed.notices(.childUnanswered).count == 1)
    fixture.pass(seconds: 1)
    #expect(fixture.passed.notices(.childUnanswered).count == 1)
  }

  @Test func aDayEndsWhatWaits() {
    let fixture = fixture(1)
    _ = close(fixture)
    #expect(close(fixture).waits.count == 1)
    fixture.beginDay(
      World.tuesday, nightDate: World.monday.yyyymmdd, at: World.openTime.adding(seconds: 86_400))
    #expect(fixture.fundAccount(World.north1).waitingMessages == 0)
    fixture.pass(seconds: 3)
    #expect(fixture.passed.leaving.isEmpty)
  }

  @Test(arguments: [
    (FundAccountSetting.messageQuota, Int64(0), RuleID.badCommand),
    (.messageQuota, 4_097, .capacity), (.messageQuota, 3, .badCommand),
    (.messageReserve, 5, .badCommand), (.messageReserve, -1, .badCommand),
  ])
  func whatMakesNoSenseIsRefused(_ setting: FundAccountSetting, _ value: Int64, _ rule: RuleID) {
    let fixture = fixture(5)
    #expect(fixture.set(World.north1, .messageReserve, 3).isEmpty)
    #expect(fixture.set(World.north1, setting, value).refusals.map(\.rule) == [rule])
  }

  @Test func explainTellsWhatIsLeft() throws {
    let fixture = fixture(4)
    _ = open(fixture)
    let explained = fixture.explain(
      fixture.newOrder(anna, World.rb2701, .buy, .open, 1, at: World.yuan(3_400)))
    let finding = try #require(
      explained.findings.first { $0.figures.rule == .fundMessageQuota })
    #expect(finding.passes)
    #expect(finding.figures.observed == 1)
    #expect(finding.figures.limit == 4)
    #expect(finding.figures.scopeID == World.north1.raw)
  }
}

extension EngineFixture {
  @discardableResult
  func set(_ fund: FundAccountID, _ setting: FundAccountSetting, _ value: Int64) -> [Effect] {
    step(.setFundAccount(SetFundAccount(fundAccount: fund, setting: setting, value: value)))
  }

  /// The parent of a child.
  func order(_ child: SendOrder) -> OrderID {
    engine.ledger.order(
      engine.ledger.child(
        engine.ledger.childNumber(child.child, day: tradingDay, shard: engine.shard)
      ).pointee.parent
    ).pointee.id
  }
}

extension [Effect] {
  var waits: [ChildWaits] {
    compactMap { if case .childWaits(let waits) = $0 { waits } else { nil } }
  }
  /// Children of messages to counters, in the order they leave.
  var leaving: [OrderID] {
    compactMap {
      switch $0 {
      case .sendOrder(let sent): sent.child
      case .sendCancel(let sent): sent.child
      default: nil
      }
    }
  }
}
