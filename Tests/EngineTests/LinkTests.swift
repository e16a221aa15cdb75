import Domain
import Engine
import Ledger
import MarketData
import Messages
import Testing

/// A link that drops makes its children unknown; coming back makes every fate known again.
@Suite struct LinkTests {
  private let price = World.yuan(3_500)

  @Test func aDroppedLinkMakesItsChildrenUnknownAndKeepsTheirHolds() {
    let fixture = EngineFixture.trading()
    let opened = fixture.send(World.anna, World.rb2701, .buy, .open, 10, at: price)
    fixture.accept(opened.sent[0].child)
    let down = fixture.linkDown(World.north1)
    #expect(down.notices.map(\.kind) == [.linkDown])
    #expect(down.reports.map(\.execType) == [.pendingUnknown])
    #expect(down.reports.map(\.unknownLots) == [10])
    #expect(fixture.holder(World.anna).frozenMargin == Money(yuan: 35_000))
    // It is down already.
    #expect(fixture.linkDown(World.north1).isEmpty)
    // New orders go elsewhere.
    let next = fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price)
    #expect(next.sent.map(\.fundAccount) == [World.south1])

    let up = fixture.linkUp(World.north1)
    #expect(up.notices.map(\.kind) == [.linkUp])
    // Only a child that no report has confirmed is asked for; then the list ends.
    #expect(up.askedFates.map(\.child) == [.none])
    let back = fixture.resynced(World.north1)
    #expect(back.notices.map(\.kind) == [.resynced])
    #expect(back.reports.map(\.execType) == [.resolved])
    #expect(back.reports.map(\.unknownLots) == [0])
    #expect(fixture.fill(opened.sent[0].child, price, 10).reports.map(\.state) == [.filled])
  }

  @Test func aChildThatNeverArrivedEndsAndIsNotSentAgain() {
    let fixture = EngineFixture.trading()
    let opened = fixture.send(World.anna, World.rb2701, .buy, .open, 10, at: price)
    let child = opened.sent[0].child
    // Not before its link was down: a healthy link delivers.
    #expect(fixture.neverArrived(child).isEmpty)
    fixture.linkDown(World.north1)
    let up = fixture.linkUp(World.north1)
    #expect(up.askedFates.map(\.child) == [child, .none])
    let ended = fixture.neverArrived(child)
    #expect(ended.sent.isEmpty)
    #expect(ended.reports.map(\.state) == [.rejected])
    #expect(ended.reports.map(\.refusal.rule) == [.fundLinkDown])
    #expect(ended.reports.map(\.unknownLots) == [0])
    #expect(fixture.holder(World.anna).available == World.accountBalance)
    #expect(fixture.resynced(World.north1).reports.isEmpty)
  }

  @Test func aChildWhoseFateNobodyKnowsStaysUnknown() {
    let fixture = EngineFixture.trading()
    let child = fixture.send(World.anna, World.rb2701, .buy, .open, 10, at: price).sent[0].child
    fixture.linkDown(World.north1)
    fixture.linkUp(World.north1)
    #expect(fixture.resynced(World.north1).reports.isEmpty)
    #expect(fixture.child(child)?.isDoubtful == true)
    #expect(fixture.holder(World.anna).frozenMargin == Money(yuan: 35_000))
    let accepted = fixture.accept(child)
    #expect(accepted.reports.map(\.unknownLots) == [0])
  }

  @Test func reportsMissedAreAppliedOnceWhenTheLinkIsBack() {
    let fixture = EngineFixture.trading()
    let child = fixture.send(World.anna, World.rb2701, .buy, .open, 10, at: price).sent[0].child
    fixture.accept(child)
    let before = fixture.trade(child, price, 2)
    fixture.step(.counterTrade(before))
    fixture.linkDown(World.north1)
    let missed = fixture.trade(child, price, 3)
    fixture.linkUp(World.north1)
    // The counter brings one too many.
    #expect(fixture.step(.counterTrade(before)).isEmpty)
    let applied = fixture.step(.counterTrade(missed))
    #expect(applied.reports.map(\.cumulativeLots) == [5])
    #expect(applied.reports.map(\.unknownLots) == [0])
    fixture.resynced(World.north1)
    #expect(fixture.holder(World.anna).heldLots == 5)
    #expect(fixture.holder(World.anna).workingOpenLots == 5)
  }

  @Test func aCancelAskedWhileTheLinkWasDownLeavesWhenItIsBack() {
    let fixture = EngineFixture.trading()
    let opened = fixture.send(World.anna, World.rb2701, .buy, .open, 10, at: price)
    fixture.accept(opened.sent[0].child)
    fixture.linkDown(World.north1)
    #expect(fixture.cancel(opened.reports[0].order, of: World.anna).cancels.isEmpty)
    fixture.linkUp(World.north1)
    let back = fixture.resynced(World.north1)
    #expect(back.cancels.map(\.child) == [opened.sent[0].child])
  }

  /// The missed report clears the doubt before the resync ends; the cancel must leave all the same.
  @Test func aCancelOfAChildConfirmedDuringTheResyncLeaves() {
    let fixture = EngineFixture.trading()
    let opened = fixture.send(World.anna, World.rb2701, .buy, .open, 10, at: price)
    let child = opened.sent[0].child
    fixture.linkDown(World.north1)
    fixture.cancel(opened.reports[0].order, of: World.anna)
    fixture.linkUp(World.north1)
    #expect(fixture.accept(child).cancels.isEmpty)
    #expect(fixture.resynced(World.north1).cancels.map(\.child) == [child])
  }

  @Test func aCancelOfAChildConfirmedAfterTheResyncLeaves() {
    let fixture = EngineFixture.trading()
    let opened = fixture.send(World.anna, World.rb2701, .buy, .open, 10, at: price)
    let child = opened.sent[0].child
    fixture.linkDown(World.north1)
    fixture.cancel(opened.reports[0].order, of: World.anna)
    fixture.linkUp(World.north1)
    #expect(fixture.resynced(World.north1).cancels.isEmpty)
    #expect(fixture.accept(child).cancels.map(\.child) == [child])
  }

  /// The resync's slice waits behind another task; a cancel that comes in between leaves at once,
  /// and not a second time with those that waited for the link.
  @Test func aCancelAskedBetweenTheResyncAndItsSliceLeavesOnce() {
    let fixture = EngineFixture.trading()
    let opened = fixture.send(World.anna, World.rb2701, .buy, .open, 10, at: price)
    let child = opened.sent[0].child
    fixture.accept(child)
    for _ in 0..<300 { fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price) }
    fixture.linkDown(World.north1)
    fixture.linkUp(World.north1)
    fixture.resynced(World.north1)
    #expect(fixture.hasWork)
    #expect(fixture.cancel(opened.reports[0].order, of: World.anna).cancels.map(\.child) == [child])
    fixture.drain()
    #expect(fixture.cancels.map(\.child) == [child])
    // The next link gets it anew: the old one may have lost it.
    fixture.linkDown(World.north1)
    fixture.linkUp(World.north1)
    fixture.drain()
    fixture.resynced(World.north1)
    fixture.drain()
    #expect(fixture.cancels.map(\.child) == [child, child])
  }

  /// A part of an order that works already: the terminal hears that the doubt is gone.
  @Test func aSecondChildConfirmedAfterDoubtIsReportedResolved() {
    let fixture = EngineFixture.trading()
    fixture.step(
      .setFundOrderSize(
        SetFundOrderSize(
          fundAccount: World.north1, scope: .commodity(World.rb), lots: 5, margin: .none)))
    let children = fixture.send(World.anna, World.rb2701, .buy, .open, 10, at: price).sent
    fixture.accept(children[0].child)
    fixture.linkDown(World.south1)
    fixture.linkUp(World.south1)
    let accepted = fixture.accept(children[1].child)
    #expect(accepted.reports.map(\.execType) == [.resolved])
    #expect(accepted.reports.map(\.unknownLots) == [0])
  }

  /// Its lots go to another fund account, and the terminal hears that nothing is unknown any more.
  @Test func aChildRefusedAfterDoubtAndPlacedElsewhereIsReportedResolved() {
    let fixture = EngineFixture.trading(before: [
      .setProduct(SetProduct(product: World.alpha, setting: .retryRejectedChild, value: 1))
    ])
    let child = fixture.send(World.anna, World.rb2701, .buy, .open, 5, at: price).sent[0].child
    fixture.linkDown(World.north1)
    fixture.linkUp(World.north1)
    let rejected = fixture.reject(child)
    #expect(rejected.sent.map(\.fundAccount) == [World.south1])
    #expect(rejected.reports.map(\.execType) == [.resolved])
    #expect(rejected.reports.map(\.unknownLots) == [0])
  }

  @Test func anOlderEpochIsIgnored() {
    let fixture = EngineFixture.trading()
    let before = fixture.fundAccount(World.north1).epoch
    let effects = fixture.step(
      .counterLinkUp(
        CounterLinkUp(fundAccount: World.north1, epoch: before, lastCounterSequence: 0)))
    #expect(effects.isEmpty)
    #expect(fixture.fundAccount(World.north1).isReady)
  }

  @Test func aChildWithoutAnAnswerIsReportedOnce() {
    let fixture = EngineFixture.trading(before: [
      .setPlatform(SetPlatform(setting: .childAnswerSeconds, value: 5))
    ])
    fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price)
    let deadline = fixture.nextDeadline
    #expect(deadline == fixture.time.adding(seconds: 5))
    #expect(fixture.step(.timeReached, at: deadline.adding(nanoseconds: -1)).isEmpty)
    let due = fixture.step(.timeReached, at: deadline)
    #expect(due.notices.map(\.kind) == [.childUnanswered])
    #expect(fixture.nextDeadline == .never)
    #expect(fixture.step(.timeReached).isEmpty)
  }

  @Test func fundsFromTheCounterBecomeTheEquity() {
    let fixture = EngineFixture.trading()
    let effects = fixture.step(
      .counterFunds(
        CounterFunds(
          fundAccount: World.north1, equity: Money(yuan: 90_000_000),
          available: Money(yuan: 80_000_000), margin: Money(yuan: 10_000_000))))
    #expect(effects.notices.map(\.kind) == [.fundsDiffer])
    #expect(fixture.holder(World.north1).equity == Money(yuan: 90_000_000))
    #expect(fixture.holder(World.north1).available == Money(yuan: 80_000_000))
    let same = fixture.step(
      .counterFunds(
        CounterFunds(
          fundAccount: World.north1, equity: Money(yuan: 90_000_000),
          available: Money(yuan: 90_000_000), margin: .zero)))
    #expect(same.isEmpty)
    #expect(fixture.holder(World.north1).available == Money(yuan: 90_000_000))
  }

  /// A counter may leave an amount out: on the wire that is the least number there is.
  @Test(arguments: [
    (Money.none, Money(yuan: 1)), (Money(yuan: 1), Money.none), (.none, .none),
    (Money(units: .max), Money(yuan: 1)), (Money(yuan: 1), Money(units: .min + 1)),
  ])
  func fundsThatAreNotToldChangeNothing(_ equity: Money, _ available: Money) {
    let fixture = EngineFixture.trading()
    let before = fixture.booksHash
    let effects = fixture.step(
      .counterFunds(
        CounterFunds(
          fundAccount: World.north1, equity: equity, available: available, margin: .none,
          netCash: .none)))
    #expect(effects.isEmpty)
    #expect(fixture.booksHash == before)
  }
}
