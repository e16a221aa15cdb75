import Domain
import Engine
import Ledger
import MarketData
import Messages
import Storage
import Testing

/// What counters say that can't be true by our books is kept and flagged, never a crash.
@Suite struct MisbehavingCounterTests {
  private let price = World.yuan(3_500)

  private func opened(_ lots: Lots) -> (EngineFixture, OrderID) {
    let fixture = EngineFixture.trading()
    let effects = fixture.send(World.anna, World.rb2701, .buy, .open, lots, at: price)
    return (fixture, effects.sent[0].child)
  }

  @Test func whatACounterFillsBeyondTheChildIsUnmapped() {
    let (fixture, child) = opened(10)
    let effects = fixture.fill(child, price, 12)
    #expect(effects.notices.map(\.kind) == [.overFill])
    #expect(effects.notices.map(\.observed) == [2])
    #expect(effects.reports.map(\.lastLots) == [10])
    #expect(effects.reports.map(\.state) == [.filled])
    #expect(fixture.holder(World.anna).heldLots == 10)
    #expect(fixture.holder(World.north1).heldLots == 12)
    #expect(fixture.unmapped(World.alpha, World.rb2701)?.lots == 2)
    #expect(fixture.unmapped(World.alpha, World.rb2701)?.basis == 2 * price.units)
    let more = fixture.fill(child, price, 1)
    #expect(more.reports.isEmpty)
    #expect(more.notices.map(\.kind) == [.overFill])
    #expect(fixture.unmapped(World.alpha, World.rb2701)?.lots == 3)
  }

  @Test func aReportOfAChildThatWasNeverSentIsFlagged() {
    let (fixture, _) = opened(10)
    let strange = OrderID(day: World.monday, shard: World.shard, sequence: 99)
    for (child, fundAccount) in [(strange, World.north1), (.none, World.north1)] {
      let before = fixture.booksHash
      let effects = fixture.step(
        .childReport(
          ChildReport(
            fundAccount: fundAccount,
            counterSequence: fixture.fundAccount(fundAccount).lastCounterSequence + 1,
            child: child, kind: .accepted, cumulativeLots: 0, rejectCode: 0,
            venueOrderID: VenueID())))
      #expect(effects.notices.map(\.kind) == [.unknownChild])
      #expect(fixture.booksHash == before)
    }
  }

  @Test func anotherFundAccountsChildIsUnknown() {
    let (fixture, child) = opened(10)
    let effects = fixture.step(
      .childReport(
        ChildReport(
          fundAccount: World.south1, counterSequence: 1, child: child, kind: .rejected,
          cumulativeLots: 0, rejectCode: 1, venueOrderID: VenueID())))
    #expect(effects.notices.map(\.kind) == [.unknownChild])
    #expect(fixture.holder(World.anna).workingOrders == 1)
  }

  @Test func aReportThatComesTwiceIsAppliedOnce() {
    let (fixture, child) = opened(10)
    let trade = fixture.trade(child, price, 3)
    #expect(fixture.step(.counterTrade(trade)).reports.count == 1)
    let before = fixture.booksHash
    #expect(fixture.step(.counterTrade(trade)).isEmpty)
    #expect(fixture.booksHash == before)
    #expect(fixture.holder(World.anna).heldLots == 3)
  }

  @Test func aReportAfterAGapWaitsUntilTheGapIsBrought() {
    let (fixture, child) = opened(10)
    let first = fixture.trade(child, price, 3)
    let second = fixture.trade(child, price, 4)
    let early = fixture.step(.counterTrade(second))
    #expect(early.notices.map(\.kind) == [.counterSequenceGap])
    #expect(early.notices.map(\.observed) == [2])
    #expect(early.notices.map(\.limit) == [1])
    #expect(fixture.holder(World.anna).heldLots == 0)
    fixture.step(.counterTrade(first))
    fixture.step(.counterTrade(second))
    #expect(fixture.holder(World.anna).heldLots == 7)
  }

  @Test func aFillAfterTheCancelIsBooked() {
    let (fixture, child) = opened(10)
    fixture.confirmCancel(child)
    #expect(fixture.holder(World.anna).frozenMargin == .zero)
    let effects = fixture.fill(child, price, 4)
    #expect(effects.notices.map(\.kind) == [.reportAfterEnd])
    #expect(effects.reports.map(\.cumulativeLots) == [4])
    #expect(effects.reports.map(\.leavesLots) == [0])
    #expect(effects.reports.map(\.state) == [.cancelled])
    #expect(fixture.holder(World.anna).heldLots == 4)
    #expect(fixture.holder(World.north1).heldLots == 4)
    #expect(fixture.holder(World.anna).frozenMargin == .zero)
    #expect(fixture.unmapped(World.alpha, World.rb2701) == nil)
  }

  /// The hold of the child that still works must outlive the late fill of the other.
  @Test func aLateFillOfOneChildLeavesTheHoldOfTheOther() {
    let fixture = EngineFixture.trading()
    fixture.step(
      .setFundOrderSize(
        SetFundOrderSize(
          fundAccount: World.north1, scope: .commodity(World.rb), lots: 5, margin: .none)))
    let children = fixture.send(World.anna, World.rb2701, .buy, .open, 10, at: price).sent
    #expect(children.map(\.lots) == [5, 5])
    fixture.confirmCancel(children[0].child)
    #expect(fixture.holder(World.anna).workingOpenLots == 5)
    let late = fixture.fill(children[0].child, price, 5)
    #expect(late.reports.map(\.state) == [.partlyFilled])
    #expect(late.reports.map(\.leavesLots) == [5])
    #expect(fixture.holder(World.anna).workingOpenLots == 5)
    #expect(fixture.holder(World.anna).frozenMargin == Money(yuan: 17_500))
    let rest = fixture.fill(children[1].child, price, 5)
    #expect(rest.reports.map(\.state) == [.filled])
    #expect(fixture.holder(World.anna).heldLots == 10)
    #expect(fixture.holder(World.anna).workingOpenLots == 0)
  }

  /// The lots are at another fund account by then: nobody's order is filled twice.
  @Test func aFillOfARefusedChildWhoseLotsWentElsewhereIsUnmapped() {
    let fixture = EngineFixture.trading(before: [
      .setProduct(SetProduct(product: World.alpha, setting: .retryRejectedChild, value: 1))
    ])
    let first = fixture.send(World.anna, World.rb2701, .buy, .open, 5, at: price).sent[0].child
    let second = fixture.reject(first).sent[0].child
    let effects = fixture.fill(first, price, 5)
    #expect(effects.reports.isEmpty)
    #expect(effects.notices.map(\.kind) == [.overFill])
    #expect(fixture.unmapped(World.alpha, World.rb2701)?.lots == 5)
    #expect(fixture.holder(World.anna).workingOpenLots == 5)
    let filled = fixture.fill(second, price, 5)
    #expect(filled.reports.map(\.state) == [.filled])
    #expect(filled.reports.map(\.cumulativeLots) == [5])
    #expect(fixture.holder(World.anna).heldLots == 5)
  }

  @Test func aTradeNobodySentIsTheFundAccountsAndUnmapped() {
    let fixture = EngineFixture.trading()
    let effects = fixture.externalTrade(
      World.north1, World.rb2701, .sell, .open, 4, at: price)
    #expect(effects.notices.map(\.kind) == [.unmappedTrade, .unmappedHeld])
    #expect(fixture.holder(World.north1).heldLots == 4)
    #expect(fixture.holder(World.north1).margin == Money(yuan: 14_000))
    #expect(fixture.unmapped(World.alpha, World.rb2701)?.lots == -4)
  }

  /// It never flips a position, and the unmapped lots stay what the fund account really has more.
  @Test func aCloseBeyondWhatIsHeldIsFlagged() {
    let fixture = EngineFixture.trading()
    fixture.hold(World.anna, World.rb2701, .long, 3, at: price)
    let effects = fixture.externalTrade(
      World.north1, World.rb2701, .sell, .closeToday, 5, at: price)
    #expect(effects.notices(.overClose).map(\.observed) == [2])
    #expect(fixture.side(World.north1, World.rb2701, .long)?.held == 0)
    #expect(fixture.side(World.north1, World.rb2701, .short)?.held == 0)
    #expect(fixture.unmapped(World.alpha, World.rb2701)?.lots == -3)
  }

  @Test func aTradeOutsideAllRangesIsDropped() {
    let (fixture, child) = opened(10)
    let before = fixture.booksHash
    for (price, lots) in [
      (price, Lots(0)), (price, -1), (price, Ranges.orderLotsMaximum + 1),
      (Price(units: Ranges.priceMaximum + 1), 1), (.none, 1),
    ] {
      let effects = fixture.fill(child, price, lots)
      #expect(effects.notices.map(\.kind) == [.instrumentRejected])
      #expect(fixture.booksHash == before)
    }
  }

  /// However much a counter claims to have traded, sums stay in their proven ranges.
  @Test func aCounterCannotDriveAHolderOutOfItsRange() {
    let fixture = EngineFixture.trading()
    var kinds: Set<NoticeKind> = []
    for _ in 0..<40 {
      let effects = fixture.externalTrade(
        World.north1, World.if2612, .buy, .open, Ranges.orderLotsMaximum, at: World.yuan(300_000))
      for notice in effects.notices { kinds.insert(notice.kind) }
    }
    #expect(kinds.contains(.holderOverflow))
    let holder = fixture.holder(World.north1)
    #expect(holder.rangeLots <= Ranges.holderLotsMaximum)
    #expect(holder.barredByOverflow == 1)
    #expect(fixture.unmapped(World.alpha, World.if2612)?.lots == Int64(holder.heldLots))
  }
}

extension EngineFixture {
  /// What a product's fund accounts have of an instrument and no operation account has.
  func unmapped(_ product: ProductID, _ instrument: InstrumentID) -> (lots: Int64, basis: Int64)? {
    for index in 0..<engine.ledger.unmapped.count {
      let row = engine.ledger.unmapped.rows.at(index).pointee
      if row.product == product, row.instrument == instrument { return (row.lots, row.basis) }
    }
    return nil
  }
}
