import Domain
import Ledger
import RiskRules
import Testing

/// OVERNIGHT clauses (rules.md 5, AMS manual 5.1 and note 17): 7 long and 2 short in rb, 3 short in
/// ore; a lot is worth 40 000 and takes 4 000. The day closes at 15:00, the index at 15:15.
@Suite struct SchemeOvernightTests {
  struct Row: Sendable {
    var kind: ClauseKind
    var direction = ClauseDirection.both
    /// What the limit is, in yuan, before the order: one lot more breaks it.
    var limit: Int64
    var side = Side.buy
  }

  static let rows: [Row] = [
    Row(kind: .overnightValue, limit: 480_000),
    Row(kind: .overnightValue, direction: .long, limit: 280_000),
    Row(kind: .overnightValue, direction: .short, limit: 200_000, side: .sell),
    Row(kind: .overnightExposureValue, limit: 80_000),
    Row(kind: .overnightAbsoluteExposureValue, limit: 320_000),
    Row(kind: .overnightMargin, limit: 48_000),
    Row(kind: .overnightMargin, direction: .short, limit: 20_000, side: .sell),
    Row(kind: .overnightExposureMargin, limit: 8_000),
    Row(kind: .overnightAbsoluteExposureMargin, limit: 32_000),
  ]

  private func desk() -> Desk {
    let desk = Desk()
    for give in [desk.give, desk.giveFundLots] {
      give(.long, 7, desk.rb, .speculation)
      give(.short, 2, desk.rb, .speculation)
      give(.short, 3, desk.ore, .speculation)
    }
    return desk
  }

  /// What a lot more takes.
  private func lot(_ kind: ClauseKind) -> Int64 {
    kind.measure == .margin || kind.measure == .exposureMargin || kind.measure == .absoluteMargin
      ? 4_000 : 40_000
  }

  @Test(arguments: rows)
  func atTheLimitALotPassesAndBelowItNoneDoes(_ row: Row) {
    for (limit, passes) in [
      (row.limit + lot(row.kind) + 1, true), (row.limit + lot(row.kind), true),
      (row.limit + lot(row.kind) - 1, false),
    ] {
      let desk = desk()
      desk.clause(row.kind, .product, 0, row.direction, one: .money(limit))
      desk.beforeClose(600)
      let failure = desk.schemeFailure(desk.order(row.side))
      #expect((failure == nil) == passes, "\(row) at \(limit): \(String(describing: failure))")
      if let failure {
        #expect(failure.rule == row.kind.rule)
        #expect(failure.observed == .money(row.limit))
      }
      // Before its close nothing is asked.
      desk.beforeClose(601)
      #expect(desk.schemeFailure(desk.order(row.side)) == nil)
    }
  }

  @Test(arguments: rows)
  func theSecondLevelIsPassedFromFiveMinutesBeforeAndTheFirstFromTen(_ row: Row) {
    let desk = desk()
    desk.clause(
      row.kind, .product, 0, row.direction, one: .money(row.limit) - 2, two: .money(row.limit) - 1)
    for (seconds, levels) in [
      (Int64(601), [LineLevel]()), (600, [.warn]), (301, [.warn]), (300, [.warn, .liquidate]),
      (1, [.warn, .liquidate]), (0, []),
    ] {
      desk.beforeClose(seconds)
      #expect(desk.passedNow(1) == levels, "\(seconds) seconds before")
    }
  }

  @Test func whatClosesLaterIsNotCountedAndWhatHasClosedIs() {
    let desk = desk()
    let index = desk.listIndex()
    for give in [desk.give, desk.giveFundLots] { give(.long, 10, index.instrument, .speculation) }
    desk.clause(.overnightValue, one: .money(520_000))
    desk.beforeClose(300)
    #expect(desk.schemeFailure(desk.order()) == nil)
    #expect(desk.schemeFailure(desk.order(lots: 2))?.observed == .money(480_000))
    #expect(desk.schemeFailure(desk.order(lots: 2, of: index.instrument)) == nil)
    desk.beforeClose(-300)
    #expect(desk.schemeFailure(desk.order(of: index.instrument))?.observed == .money(880_000))
  }

  @Test func aScopeIsOneOfThoseThatATotalHas() {
    let desk = desk()
    desk.clause(.overnightValue, .commodity, desk.rebar.raw, one: .money(400_000))
    desk.beforeClose(600)
    #expect(desk.schemeFailure(desk.order()) == nil)
    #expect(desk.schemeFailure(desk.order(lots: 2))?.scopeKind == .commodity)
    #expect(desk.schemeFailure(desk.order(lots: 9, of: desk.ore)) == nil)
  }

  @Test(arguments: [true, false])
  func theNightCountsWhereTheProductSaysSo(_ counts: Bool) {
    let desk = desk()
    desk.clause(.overnightValue, one: .money(480_000))
    desk.ledger.changeProduct(desk.product) { $0.pointee.countsNightClose = counts }
    desk.beforeNightClose(600)
    #expect((desk.schemeFailure(desk.order()) == nil) == !counts)
  }

  @Test func closingThatMakesAnExposureLargerIsRefusedBeforeTheClose() {
    let desk = desk()
    desk.clause(.overnightExposureValue, .commodity, desk.rebar.raw, one: .money(200_000))
    let order = desk.order(.buy, .closeYesterday)
    desk.beforeClose(601)
    #expect(desk.schemeFailure(order) == nil)
    desk.beforeClose(600)
    #expect(desk.schemeFailure(order)?.rule == .exposureOnClose)
  }
}
