import Domain
import Engine
import Ledger
import MarketData
import Messages
import Testing

/// The way of one order: accepted, filled, cancelled, refused.
@Suite struct OrderWayTests {
  private let price = World.yuan(3_500)

  @Test func anAcceptedOrderHoldsAndGoesToTheFundAccountOfHighestPriority() {
    let fixture = EngineFixture.trading()
    let effects = fixture.send(World.anna, World.rb2701, .buy, .open, 10, at: price)
    #expect(effects.count == 2)
    #expect(effects.reports.map(\.execType) == [.new])
    #expect(effects.reports.map(\.state) == [.accepted])
    #expect(effects.reports.map(\.reportSequence) == [1])
    #expect(effects.sent.map(\.fundAccount) == [World.north1])
    #expect(effects.sent.map(\.lots) == [10])
    for holder in [fixture.holder(World.anna), fixture.holder(World.north1)] {
      #expect(holder.frozenMargin == Money(yuan: 35_000))
      #expect(holder.frozenFees == Money(yuan: 35))
      #expect(holder.workingOpenValue == Money(yuan: 350_000))
      #expect(holder.workingOpenLots == 10)
      #expect(holder.workingOrders == 1)
    }
    let available = fixture.holder(World.anna).available
    #expect(available == World.accountBalance - Money(yuan: 35_035))
    #expect(fixture.holder(World.south1).workingOrders == 0)
  }

  @Test func aFillMovesTheHoldIntoThePosition() {
    let fixture = EngineFixture.trading()
    let child = fixture.send(World.anna, World.rb2701, .buy, .open, 10, at: price).sent[0].child
    let confirmed = fixture.accept(child).reports
    #expect(confirmed.map(\.execType) == [.workingConfirmed])
    #expect(confirmed.map(\.state) == [.working])

    let part = fixture.fill(child, World.yuan(3_499), 4).reports
    #expect(part.map(\.execType) == [.trade])
    #expect(part.map(\.state) == [.partlyFilled])
    #expect(part.map(\.lastLots) == [4])
    #expect(part.map(\.cumulativeLots) == [4])
    #expect(part.map(\.leavesLots) == [6])
    // 139 960 yuan * 0.0001 = 13.996, rounded up to the fen.
    #expect(part.map(\.fee) == [Money(units: 140_000)])
    for holder in [fixture.holder(World.anna), fixture.holder(World.north1)] {
      #expect(holder.frozenMargin == Money(yuan: 21_000))
      #expect(holder.frozenFees == Money(yuan: 21))
      #expect(holder.margin == Money(yuan: 13_996))
      #expect(holder.fees == Money(yuan: 14))
      // Marked at the prior settlement, 3 500: one yuan a lot unit above the fill.
      #expect(holder.positionProfit == Money(yuan: 40))
      #expect(holder.heldLots == 4)
      #expect(holder.rangeLots == 10)
    }

    let rest = fixture.fill(child, price, 6).reports
    #expect(rest.map(\.state) == [.filled])
    #expect(rest.map(\.leavesLots) == [0])
    #expect(rest.map(\.reportSequence) == [4])
    for holder in [fixture.holder(World.anna), fixture.holder(World.north1)] {
      #expect(holder.frozenMargin == .zero)
      #expect(holder.frozenFees == .zero)
      #expect(holder.workingOpenLots == 0)
      #expect(holder.workingOrders == 0)
      #expect(holder.openedValue == Money(yuan: 349_960))
      #expect(holder.heldLots == 10)
    }
    #expect(fixture.product(World.alpha).openedValue == 349_960 * 10_000)
    #expect(fixture.side(World.anna, World.rb2701, .long)?.today == 10)
  }

  @Test func aCancelGoesToTheCounterAndEndsTheOrderWhenConfirmed() {
    let fixture = EngineFixture.trading()
    let opened = fixture.send(World.anna, World.rb2701, .buy, .open, 10, at: price)
    let order = opened.reports[0].order
    let child = opened.sent[0].child
    fixture.accept(child)
    let asked = fixture.cancel(order, of: World.anna)
    #expect(asked.reports.isEmpty)
    #expect(asked.cancels.map(\.child) == [child])
    // Asked again, nothing new goes out.
    #expect(fixture.cancel(order, of: World.anna).isEmpty)
    #expect(fixture.holder(World.anna).frozenMargin == Money(yuan: 35_000))

    let done = fixture.confirmCancel(child).reports
    #expect(done.map(\.execType) == [.cancelled])
    #expect(done.map(\.state) == [.cancelled])
    #expect(fixture.holder(World.anna).frozenMargin == .zero)
    #expect(fixture.holder(World.anna).available == World.accountBalance)
    #expect(fixture.holder(World.north1).available == World.fundBalance)
    #expect(fixture.holder(World.anna).rangeLots == 0)

    let late = fixture.cancel(order, of: World.anna).reports
    #expect(late.map(\.execType) == [.cancelRejected])
    #expect(late.map(\.refusal.rule) == [.orderDone])
    let strange = fixture.cancel(order, of: World.amir).reports
    #expect(strange.map(\.refusal.rule) == [.unknownOrder])
  }

  @Test func aCancelThatCrossesAFillIsAnsweredWithTheFill() {
    let fixture = EngineFixture.trading()
    let opened = fixture.send(World.anna, World.rb2701, .buy, .open, 10, at: price)
    let child = opened.sent[0].child
    fixture.cancel(opened.reports[0].order, of: World.anna)
    let filled = fixture.fill(child, price, 10).reports
    #expect(filled.map(\.state) == [.filled])
    // The counter then refuses the cancel: nothing more to say.
    #expect(fixture.rejectCancel(child).isEmpty)
    #expect(fixture.holder(World.anna).heldLots == 10)
    #expect(fixture.holder(World.anna).frozenMargin == .zero)
  }

  @Test func aCancelConfirmedAfterAPartFillEndsTheRest() {
    let fixture = EngineFixture.trading()
    let opened = fixture.send(World.anna, World.rb2701, .buy, .open, 10, at: price)
    let child = opened.sent[0].child
    fixture.fill(child, price, 3)
    fixture.cancel(opened.reports[0].order, of: World.anna)
    let done = fixture.confirmCancel(child, cumulative: 3).reports
    #expect(done.map(\.state) == [.cancelled])
    #expect(done.map(\.cumulativeLots) == [3])
    #expect(fixture.holder(World.anna).frozenMargin == .zero)
    #expect(fixture.holder(World.anna).heldLots == 3)
  }

  @Test func aCancelThatCountsFillsStillToComeKeepsTheirLotsHeld() {
    let fixture = EngineFixture.trading()
    let opened = fixture.send(World.anna, World.rb2701, .buy, .open, 10, at: price)
    let child = opened.sent[0].child
    fixture.cancel(opened.reports[0].order, of: World.anna)
    let done = fixture.confirmCancel(child, cumulative: 4).reports
    #expect(done.map(\.leavesLots) == [4])
    #expect(fixture.holder(World.anna).frozenMargin == Money(yuan: 14_000))
    #expect(fixture.holder(World.north1).workingOpenLots == 4)
    let filled = fixture.fill(child, price, 4).reports
    #expect(filled.map(\.state) == [.cancelled])
    #expect(filled.map(\.cumulativeLots) == [4])
    #expect(fixture.holder(World.anna).frozenMargin == .zero)
    #expect(fixture.holder(World.anna).workingOrders == 0)
  }

  @Test func aRefusedCancelLeavesTheOrderWorkingAndCanBeAskedAgain() {
    let fixture = EngineFixture.trading()
    let opened = fixture.send(World.anna, World.rb2701, .buy, .open, 10, at: price)
    let order = opened.reports[0].order
    let child = opened.sent[0].child
    fixture.accept(child)
    fixture.cancel(order, of: World.anna)
    let refused = fixture.rejectCancel(child).reports
    #expect(refused.map(\.execType) == [.cancelRejected])
    #expect(refused.map(\.state) == [.working])
    #expect(fixture.cancel(order, of: World.anna).cancels.map(\.child) == [child])
    fixture.rejectCancel(child)
    #expect(fixture.massCancel(World.anna).cancels.map(\.child) == [child])
  }

  @Test func aRefusedChildEndsItsPart() {
    let fixture = EngineFixture.trading()
    let child = fixture.send(World.anna, World.rb2701, .buy, .open, 10, at: price).sent[0].child
    let effects = fixture.reject(child, code: 31)
    #expect(effects.sent.isEmpty)
    #expect(effects.reports.map(\.execType) == [.rejected])
    #expect(effects.reports.map(\.state) == [.rejected])
    #expect(effects.reports.map(\.refusal.rule) == [.counterRefused])
    #expect(effects.reports.map(\.refusal.observed) == [31])
    #expect(fixture.holder(World.anna).available == World.accountBalance)
    #expect(fixture.holder(World.north1).available == World.fundBalance)
  }

  @Test func aRefusedChildTriesTheNextFundAccountWhenTheProductSaysSo() {
    let fixture = EngineFixture.trading(before: [
      .setProduct(SetProduct(product: World.alpha, setting: .retryRejectedChild, value: 1))
    ])
    let first = fixture.send(World.anna, World.rb2701, .buy, .open, 10, at: price).sent[0]
    let retried = fixture.reject(first.child)
    #expect(retried.reports.isEmpty)
    #expect(retried.sent.map(\.fundAccount) == [World.south1])
    #expect(retried.sent.map(\.lots) == [10])
    #expect(fixture.holder(World.anna).frozenMargin == Money(yuan: 35_000))
    #expect(fixture.holder(World.north1).frozenMargin == .zero)
    #expect(fixture.holder(World.south1).frozenMargin == Money(yuan: 35_000))
    // Both refused: it ends.
    let ended = fixture.reject(retried.sent[0].child).reports
    #expect(ended.map(\.state) == [.rejected])
    #expect(fixture.holder(World.anna).frozenMargin == .zero)
  }

  @Test func anOrderUnderCancelIsNotTriedElsewhere() {
    let fixture = EngineFixture.trading(before: [
      .setProduct(SetProduct(product: World.alpha, setting: .retryRejectedChild, value: 1))
    ])
    let opened = fixture.send(World.anna, World.rb2701, .buy, .open, 10, at: price)
    fixture.cancel(opened.reports[0].order, of: World.anna)
    let ended = fixture.reject(opened.sent[0].child)
    #expect(ended.sent.isEmpty)
    #expect(ended.reports.map(\.state) == [.cancelled])
  }

  @Test func aRefusedOrderIsRecordedAndChangesNoBooks() {
    let fixture = EngineFixture.trading()
    let before = fixture.booksHash
    let effects = fixture.send(World.anna, World.rb2701, .sell, .close, 1, at: price)
    #expect(effects.reports.map(\.state) == [.rejected])
    #expect(effects.reports.map(\.refusal.rule) == [.positionAvailable])
    #expect(effects.reports.map(\.leavesLots) == [0])
    #expect(effects.sent.isEmpty)
    #expect(fixture.booksHash == before)
  }

  @Test func beforeTheFirstDayOrdersAreRefused() {
    let fixture = EngineFixture()
    for command in World.definitions { fixture.step(command) }
    let effects = fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price)
    #expect(effects.reports.map(\.refusal.rule) == [.engineNotReady])
    #expect(effects.reports.map(\.reportSequence) == [0])
  }
}
