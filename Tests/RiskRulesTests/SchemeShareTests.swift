import Domain
import Ledger
import MarketData
import Testing

/// Shares of open interest, traded value, absolute exposures, losses.
@Suite struct SchemeShareTests {
  private func interest(_ desk: Desk, _ instrument: InstrumentID, _ lots: Int64) {
    precondition(
      desk.market.apply(
        Market.Quote(last: .yuan(4_000), openInterest: lots), to: instrument, at: desk.now))
  }

  @Test(arguments: [(Side.buy, Lots(30), true), (.buy, 31, false), (.sell, 30, true)])
  func aShareOfOneInstrument(_ side: Side, _ lots: Lots, _ passes: Bool) {
    let desk = Desk()
    desk.give(.long, 70, desk.rb)
    interest(desk, desk.rb, 2_000)
    desk.clause(.singleOpenInterestShare, one: .percent(5))
    let failure = desk.schemeFailure(desk.order(side, lots: lots))
    #expect(failure?.rule == (passes ? nil : .schemeSingleOpenInterestShare))
    if let failure {
      #expect(failure.unit == .percent)
      #expect(failure.observed == 35_000)
      #expect(failure.limit == 50_000)
    }
  }

  /// Of all that is listed in the scope, held or not (decisions 24).
  @Test(arguments: [
    (ClauseScopeKind.commodity, Lots(200), true), (.commodity, 201, false),
    (.exchange, 200, true), (.exchange, 201, false), (.sector, 200, true), (.sector, 201, false),
    (.product, 300, true), (.product, 301, false),
  ])
  func aShareOfASum(_ scope: ClauseScopeKind, _ lots: Lots, _ passes: Bool) {
    let desk = Desk()
    interest(desk, desk.rb, 1_000)
    interest(desk, desk.rbJune, 3_000)
    interest(desk, desk.ore, 2_000)
    _ = desk.ledger.defineSector()
    desk.ledger.setSector(0, desk.rebar, true)
    let id = scope == .commodity ? desk.rebar.raw : scope == .exchange ? 1 : 0
    desk.clause(.totalOpenInterestShare, scope, id, one: .percent(5))
    let failure = desk.schemeFailure(desk.order(lots: lots))
    #expect(failure?.rule == (passes ? nil : .schemeTotalOpenInterestShare))
  }

  @Test func openInterestThatNobodyKnowsIsNone() {
    let desk = Desk()
    desk.clause(.singleOpenInterestShare, one: .percent(100))
    #expect(desk.schemeFailure(desk.order())?.rule == .schemeSingleOpenInterestShare)
  }

  /// examples 11 (ams 5.1): open 100 000, close 100 000 = 200 000.
  @Test(arguments: [
    (ClauseKind.singleTradedValue, Int64(320_000), true),
    (.singleTradedValue, 319_999, false), (.totalTradedValue, 320_000, true),
    (.totalTradedValue, 319_999, false),
  ])
  func examples11TradedValueCountsOpensAndCloses(_ kind: ClauseKind, _ limit: Int64, _ passes: Bool)
  {
    let desk = Desk()
    desk.bindScheme()
    desk.ledger.ensureScheme(desk.subject, desk.rb, desk.market.instrument(desk.rb))
    desk.fill(desk.accept(desk.order(lots: 3)), 3)
    desk.fill(desk.accept(desk.order(.sell, .closeToday, lots: 3)), 3)
    desk.clause(kind, one: .money(limit))
    // 120 000 each way, 80 000 asked at the order's price.
    let failure = desk.schemeFailure(desk.order(lots: 2))
    #expect(failure?.rule == (passes ? nil : kind.rule))
    if let failure {
      #expect(failure.observed == .money(240_000))
      #expect(failure.asked == .money(80_000))
    }
    for slot in 0..<desk.ledger.positionSlots where desk.ledger.isUsed(positionSlot: slot) {
      desk.ledger.rollPosition(slot: slot, desk.market.instrument(desk.rb))
    }
    #expect(desk.schemeFailure(desk.order(lots: 2)) == nil)
  }

  @Test func tradedValueOfOneSideIsOfItsPositions() {
    let desk = Desk()
    desk.bindScheme()
    desk.ledger.ensureScheme(desk.subject, desk.rb, desk.market.instrument(desk.rb))
    desk.fill(desk.accept(desk.order(lots: 2)), 2)
    desk.clause(.singleTradedValue, .product, 0, .long, one: .money(100_000))
    #expect(desk.schemeFailure(desk.order(lots: 1))?.rule == .schemeSingleTradedValue)
    #expect(desk.schemeFailure(desk.order(.sell, lots: 9)) == nil)
  }

  /// Rebar 5 long, ore 3 short: 8 lots' worth, whichever side either is on.
  @Test(arguments: [
    (ClauseKind.totalAbsoluteExposureValue, Int64(360_000), Side.buy, Lots(1), true),
    (.totalAbsoluteExposureValue, 359_999, .buy, 1, false),
    (.totalAbsoluteExposureValue, 1, .sell, 5, true),
    (.totalAbsoluteExposureValue, 360_000, .sell, 12, false),
    (.totalAbsoluteExposureMargin, 36_000, .buy, 1, true),
    (.totalAbsoluteExposureMargin, 35_999, .buy, 1, false),
    (.totalAbsoluteExposureMargin, 1, .sell, 5, true),
    (.totalAbsoluteExposureMargin, 36_000, .sell, 12, false),
  ])
  func absoluteExposuresAdd(
    _ kind: ClauseKind, _ limit: Int64, _ side: Side, _ lots: Lots, _ passes: Bool
  ) {
    for scope in [ClauseScopeKind.product, .sector] {
      let desk = Desk()
      for give in [desk.give, desk.giveFundLots] {
        give(.long, 5, desk.rb, .speculation)
        give(.short, 3, desk.ore, .speculation)
      }
      _ = desk.ledger.defineSector()
      desk.ledger.setSector(0, desk.rebar, true)
      desk.ledger.setSector(0, desk.iron, true)
      desk.clause(kind, scope, one: .money(limit))
      let failure = desk.schemeFailure(desk.order(side, lots: lots))
      #expect(failure?.rule == (passes ? nil : kind.rule), "\(scope)")
    }
  }

  @Test(arguments: [(Int64(20_001), true), (20_000, false)])
  func dailyLossIsThatOfTheFundAccounts(_ limit: Int64, _ passes: Bool) {
    for scope in [ClauseScopeKind.product, .commodity, .sector] {
      let desk = Desk()
      desk.bindScheme()
      desk.giveFund(.long, 10, desk.rb)
      desk.ledger.ensureScheme(desk.subject, desk.rb, desk.market.instrument(desk.rb))
      desk.reprice(desk.rb, 3_800)
      _ = desk.ledger.defineSector()
      desk.ledger.setSector(0, desk.rebar, true)
      desk.clause(
        .totalDailyLoss, scope, scope == .commodity ? desk.rebar.raw : 0, one: .money(limit))
      // 20 000 lost; the order's fee is 1.
      let failure = desk.schemeFailure(desk.order())
      #expect(failure?.rule == (passes ? nil : .schemeTotalDailyLoss), "\(scope)")
      #expect(desk.passed(1).isEmpty, "\(scope)")
      desk.reprice(desk.rb, 3_799)
      #expect(desk.passed(1) == [.warn], "\(scope)")
    }
  }

  /// examples 24: 1.25 -> 1.00 is 20 %.
  @Test(arguments: [(Int64(20), true), (19, false)])
  func examples24DrawdownFallsFromTheHighestNetValue(_ percent: Int64, _ passes: Bool) {
    let desk = Desk()
    desk.setFund(1_000_000)
    desk.clause(.totalDrawdown, one: .percent(percent))
    desk.ledger.raiseNetValue(desk.subject, to: Int128(Int64.money(1_250_000)))
    #expect(
      desk.schemeFailure(desk.order())?.rule == (passes ? nil : .schemeTotalDrawdown))
    // What the counter adds is cash: the high goes with it.
    _ = desk.ledger.setCounterFunds(
      desk.fundAccount, equity: Money(yuan: 2_000_000), available: Money(yuan: 2_000_000))
    let high = desk.ledger.schemes.subject(desk.subject).pointee.highNetValue
    #expect(high == Int128(Int64.money(2_250_000)))
  }
}
