import Domain
import Testing

@testable import Exchange

@Suite struct FaultPlanTests {
  static func market(_ fault: Fault, _ trigger: FaultTrigger = .next(1)) -> Market {
    Market(faults: FaultPlan([FaultRule(fault, trigger, account: Market.alice)]))
  }

  static func request(_ market: inout Market) -> OrderRequest {
    OrderRequest(
      child: market.nextChild(), instrument: Market.rb, side: .buy, offset: .open,
      price: Market.yuan(3500), lots: 10)
  }

  @Test func theNextOrderIsRefusedAndNobodyElses() {
    var market = Self.market(.refuse)
    #expect(market.send(Market.bob, .buy, 10, 3500).words == "accepted")
    #expect(market.send(Market.alice, .buy, 10, 3500).words == "rejected(refusedByPlan)")
    #expect(market.send(Market.alice, .buy, 10, 3500).words == "accepted")
  }

  @Test func everyThirdOrderIsRefused() {
    var market = Self.market(.refuse, .every(3))
    let refused = (1...9).map { _ in
      market.send(Market.alice, .buy, 2, 3500).count { $0.body != .accepted }
    }
    #expect(refused == [0, 0, 1, 0, 0, 1, 0, 0, 1])
  }

  @Test func chanceComesFromTheSeed() {
    func refused(_ seed: UInt64) -> [Bool] {
      let rules = [FaultRule(.refuse, .chance(perMille: 200))]
      var market = Market(faults: FaultPlan(rules, seed: seed))
      return (0..<200).map { _ in market.send(Market.bob, .buy, 2, 3500).words != "accepted" }
    }
    #expect(refused(1) == refused(1))
    #expect(refused(1) != refused(2))
    #expect((20...60).contains(refused(1).count { $0 }))
  }

  @Test func aLinkCutBeforeLosesTheOrderAndOneCutAfterDoesNot() {
    var before = Self.market(.dropLinkBefore)
    let lost = Self.request(&before)
    #expect(
      before.exchange.insert(lost, account: Market.alice, epoch: 1, now: before.now) == .linkCut)
    _ = before.exchange.login(Market.alice)
    #expect(before.exchange.status(of: lost.child, account: Market.alice).state == .neverArrived)

    var after = Self.market(.dropLinkAfter)
    let kept = Self.request(&after)
    #expect(
      after.exchange.insert(kept, account: Market.alice, epoch: 1, now: after.now) == .linkCut)
    _ = after.exchange.login(Market.alice)
    #expect(after.exchange.status(of: kept.child, account: Market.alice).state == .working)
    #expect(after.reports(Market.alice).words == "accepted")
  }

  @Test func aLateOrderIsProcessedWhenItsTimeHasCome() {
    var market = Self.market(.answerLate(milliseconds: 250))
    let late = Self.request(&market)
    #expect(
      market.exchange.insert(late, account: Market.alice, epoch: 1, now: market.now) == .heldBack)
    #expect(market.reports(Market.alice).isEmpty)
    let due = market.now.adding(nanoseconds: 250_000_000)
    #expect(market.exchange.nextDeadline == due)
    market.exchange.advance(to: due.adding(nanoseconds: -1))
    #expect(market.reports(Market.alice).isEmpty)
    market.exchange.advance(to: due)
    #expect(market.reports(Market.alice).words == "accepted")
    #expect(market.exchange.nextDeadline == nil)
  }

  @Test func aLateOrderIsFencedByTheNextLogin() {
    var market = Self.market(.answerLate(milliseconds: 250))
    let late = Self.request(&market)
    _ = market.exchange.insert(late, account: Market.alice, epoch: 1, now: market.now)
    _ = market.exchange.login(Market.alice)
    market.exchange.advance(to: market.now.adding(seconds: 1))
    #expect(market.reports(Market.alice).isEmpty)
  }

  @Test func aLateOrderThatWasDeclaredMissingNeverArrives() {
    var market = Self.market(.answerLate(milliseconds: 250))
    let late = Self.request(&market)
    _ = market.exchange.insert(late, account: Market.alice, epoch: 1, now: market.now)
    #expect(market.exchange.status(of: late.child, account: Market.alice).state == .neverArrived)
    market.exchange.advance(to: market.now.adding(seconds: 1))
    #expect(market.reports(Market.alice).isEmpty)
  }

  @Test func delayedReportsHoldBackWhatIsBehindThem() {
    var market = Self.market(.delayReports(milliseconds: 100))
    market.send(Market.alice, .buy, 10, 3500)
    market.now = market.now.adding(nanoseconds: 1_000)
    market.send(Market.alice, .buy, 10, 3500)
    let due = Market.open.adding(nanoseconds: 100_000_000)
    #expect(market.exchange.report(1, of: Market.alice)?.deliverAt == due)
    #expect(market.exchange.report(2, of: Market.alice)?.deliverAt == due)
    #expect(market.exchange.report(2, of: Market.alice)?.report.time == market.now)
  }

  @Test func duplicatedReportsAreSentTwice() {
    var market = Self.market(.duplicateReports)
    market.send(Market.alice, .buy, 10, 3500)
    market.send(Market.alice, .buy, 10, 3500)
    #expect(market.exchange.report(1, of: Market.alice)?.copies == 2)
    #expect(market.exchange.report(2, of: Market.alice)?.copies == 1)
  }

  @Test func fillsComeInParts() {
    var market = Self.market(.fillInParts(lots: 3))
    market.tick(bid: nil, ask: (3500, 100))
    #expect(
      market.send(Market.alice, .buy, 10, 3500).words == "accepted 3@3500 3@3500 3@3500 1@3500")
  }

  @Test func anOverFillIsBookedAndReported() {
    var market = Self.market(.overFill(lots: 2))
    market.tick(bid: nil, ask: (3500, 100))
    let reports = market.send(Market.alice, .buy, 10, 3500)
    #expect(reports.words == "accepted 10@3500 2@3500")
    #expect(reports.last?.filledLots == 12 && reports.last?.leavesLots == 0)
    #expect(market.exchange.positions(of: Market.alice)[0].todayLots == 12)
    #expect(market.exchange.funds(of: Market.alice).frozen == .zero)
  }

  @Test func anOverFillClosesNoMoreThanIsHeld() {
    var market = Market()
    market.tick(bid: (3499, 100), ask: (3500, 100))
    market.send(Market.alice, .buy, 10, 3500)
    market.exchange.faults.add(FaultRule(.overFill(lots: 5), .next(1)))
    #expect(
      market.send(Market.alice, .sell, 8, 3499, .closeToday).words == "accepted 8@3499 2@3499")
    #expect(market.exchange.positions(of: Market.alice).isEmpty)
  }

  @Test func anOrderThatNobodySentIsReportedAsFilled() throws {
    var market = Self.market(.unknownOrder)
    let reports = market.send(Market.alice, .buy, 10, 3500)
    #expect(reports.words == "accepted 1@3500")
    let unknown = try #require(reports.last)
    #expect(unknown.child.shard == 63 && unknown.child != market.lastChild)
    #expect(market.exchange.positions(of: Market.alice)[0].todayLots == 1)
  }

  @Test func aForeignOrderHasNoChildId() {
    var market = Market()
    market.tick(bid: nil, ask: (3500, 100))
    market.exchange.insertForeign(Self.request(&market), account: Market.bob, now: market.now)
    #expect(market.reports(Market.bob).words == "accepted 10@3500")
    #expect(market.reports(Market.bob).allSatisfy { $0.child.isNone })
    #expect(market.exchange.statuses(account: Market.bob).isEmpty)
  }

  @Test(arguments: [
    ("refuse@every=10", FaultRule(.refuse, .every(10))),
    ("drop-before@next=1", FaultRule(.dropLinkBefore, .next(1))),
    ("drop-after@chance=5", FaultRule(.dropLinkAfter, .chance(perMille: 5))),
    ("answer-late=250@next=2", FaultRule(.answerLate(milliseconds: 250), .next(2))),
    ("delay=9@every=1", FaultRule(.delayReports(milliseconds: 9), .every(1))),
    ("duplicate@every=1", FaultRule(.duplicateReports, .every(1))),
    ("parts=1@every=1", FaultRule(.fillInParts(lots: 1), .every(1))),
    ("over-fill=3@next=1", FaultRule(.overFill(lots: 3), .next(1))),
    ("unknown-order@next=1", FaultRule(.unknownOrder, .next(1))),
  ])
  func aRuleIsReadFromText(_ text: String, _ rule: FaultRule) {
    #expect(FaultRule(text: text) == rule)
  }

  @Test(arguments: [
    "", "refuse", "refuse@", "refuse=1@next=1", "delay@next=1", "delay=-1@next=1", "parts=0@next=1",
    "refuse@next=0", "refuse@chance=1001", "refuse@often=1", "jump@next=1", "refuse@next=1@next=1",
    "over-fill=4294967295@next=1",
  ])
  func anythingElseIsNoRule(_ text: String) {
    #expect(FaultRule(text: text) == nil)
  }
}
