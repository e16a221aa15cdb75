import Domain
import Ledger
import Testing

/// 7 long and 2 short in rb, 3 short in rb June: an exposure of 5 in rb, of 2 altogether.
@Suite struct SchemeExposureTests {
  struct Row: Sendable {
    var kind: ClauseKind
    var direction = ClauseDirection.both
    var limit: Int64
    var side = Side.buy
    var offset = Offset.open
    var lots: Lots
    var passes: Bool
  }

  static let rows: [Row] = [
    Row(kind: .singleExposureLots, limit: 8, lots: 3, passes: true),
    Row(kind: .singleExposureLots, limit: 8, lots: 4, passes: false),
    // Selling makes it smaller, down to where it is as large on the other side.
    Row(kind: .singleExposureLots, limit: 4, side: .sell, lots: 9, passes: true),
    Row(kind: .singleExposureLots, limit: 4, side: .sell, lots: 10, passes: true),
    Row(kind: .singleExposureLots, limit: 4, side: .sell, lots: 11, passes: false),
    Row(kind: .singleExposureLots, limit: 4, lots: 1, passes: false),
    Row(kind: .singleExposureLots, direction: .long, limit: 6, lots: 1, passes: true),
    Row(kind: .singleExposureLots, direction: .long, limit: 6, lots: 2, passes: false),
    Row(kind: .singleExposureLots, direction: .long, limit: 6, side: .sell, lots: 90, passes: true),
    Row(kind: .singleExposureLots, direction: .short, limit: 3, side: .sell, lots: 8, passes: true),
    Row(
      kind: .singleExposureLots, direction: .short, limit: 3, side: .sell, lots: 9, passes: false),
    Row(kind: .totalExposureLots, limit: 3, lots: 1, passes: true),
    Row(kind: .totalExposureLots, limit: 3, lots: 2, passes: false),
    Row(kind: .totalExposureLots, limit: 3, side: .sell, lots: 5, passes: true),
    Row(kind: .totalExposureLots, limit: 3, side: .sell, lots: 6, passes: false),
    Row(kind: .singleExposureValue, limit: .money(240_000), lots: 1, passes: true),
    Row(kind: .singleExposureValue, limit: .money(240_000) - 1, lots: 1, passes: false),
    Row(kind: .totalExposureValue, limit: .money(120_000), lots: 1, passes: true),
    Row(kind: .totalExposureValue, limit: .money(120_000) - 1, lots: 1, passes: false),
    Row(kind: .totalExposureValue, limit: .money(120_000) - 1, side: .sell, lots: 4, passes: true),
    Row(kind: .singleExposureMargin, limit: .money(24_000), lots: 1, passes: true),
    Row(kind: .singleExposureMargin, limit: .money(24_000) - 1, lots: 1, passes: false),
    Row(kind: .totalExposureMargin, limit: .money(12_000), lots: 1, passes: true),
    Row(kind: .totalExposureMargin, limit: .money(12_000) - 1, lots: 1, passes: false),
    // Closing 2 short makes it 7 long, closing 3 of the 7 long leaves 2.
    Row(
      kind: .singleExposureLots, limit: 6, side: .buy, offset: .close, lots: 1, passes: true),
    Row(
      kind: .singleExposureLots, limit: 6, side: .buy, offset: .close, lots: 2, passes: false),
    Row(kind: .singleExposureLots, limit: 1, side: .sell, offset: .close, lots: 7, passes: true),
    Row(
      kind: .singleExposureValue, limit: .money(240_000) - 1, side: .buy, offset: .close, lots: 1,
      passes: false),
    Row(
      kind: .singleExposureMargin, limit: .money(24_000), side: .buy, offset: .close, lots: 1,
      passes: true),
    Row(
      kind: .singleExposureMargin, limit: .money(24_000) - 1, side: .buy, offset: .close, lots: 1,
      passes: false),
  ]

  private func desk() -> Desk {
    let desk = Desk()
    for give in [desk.give, desk.giveFundLots] {
      give(.long, 7, desk.rb, .speculation)
      give(.short, 2, desk.rb, .speculation)
      give(.short, 3, desk.rbJune, .speculation)
    }
    return desk
  }

  @Test(arguments: rows)
  func onlyWhatMakesItLargerIsRefused(_ row: Row) {
    let desk = desk()
    desk.clause(row.kind, .product, 0, row.direction, one: row.limit)
    let failure = desk.schemeFailure(desk.order(row.side, row.offset, lots: row.lots))
    let rule = row.offset == .open ? row.kind.rule : RuleID.exposureOnClose
    #expect(failure?.rule == (row.passes ? nil : rule), "\(row)")
  }

  /// Level two bars what makes an exposure smaller too.
  @Test func theSecondLevelBarsReducingOpenings() {
    let desk = desk()
    desk.clause(.singleExposureLots, one: 3, two: 4)
    #expect(desk.schemeFailure(desk.order(.sell, lots: 1))?.limit == 4)
    #expect(desk.schemeFailure(desk.order(lots: 1))?.limit == 3)
    #expect(desk.schemeFailure(desk.order(.sell, .close, lots: 1)) == nil)
    #expect(desk.passed(1) == [.warn, .liquidate])
  }

  /// decisions 21: the worst over any order of fills.
  @Test func workingOrdersCountInTheirWorstOrder() {
    let desk = Desk()
    desk.give(.long, 5, desk.rb)
    desk.clause(.singleExposureLots, one: 8)
    desk.work(desk.order(lots: 3))
    desk.work(desk.order(.sell, .close, lots: 5))
    // 5 - 5 + ... at worst 8 long, or 0.
    #expect(desk.schemeFailure(desk.order(lots: 1))?.observed == 8)
    #expect(desk.schemeFailure(desk.order(.sell, lots: 8)) == nil)
    #expect(desk.schemeFailure(desk.order(.sell, lots: 9))?.asked == 1)
  }

  @Test func exposureOnCloseIsIgnoredWhereThatIsSaid() {
    for byProduct in [true, false] {
      let desk = desk()
      desk.clause(.totalExposureLots, one: 3)
      let close = desk.order(.buy, .close, lots: 2)
      #expect(desk.schemeFailure(close)?.rule == .exposureOnClose)
      #expect(desk.schemeIgnored(close) == nil)
      if byProduct {
        desk.ledger.setIgnoresExposure(desk.subject, true)
      } else {
        desk.change { $0.pointee.ignoresExposureOnClose = true }
      }
      #expect(desk.schemeFailure(close) == nil)
      #expect(desk.schemeIgnored(close)?.limit == 3)
      #expect(desk.schemeIgnored(desk.order(.sell, .close, lots: 1)) == nil)
      // Opening is not what is ignored.
      #expect(desk.schemeFailure(desk.order(lots: 2))?.rule == .schemeTotalExposureLots)
    }
  }

  /// decisions 22: level two alone, or level two where bars begin there.
  @Test func closingIsTestedAgainstTheLevelThatBars() {
    let desk = desk()
    desk.clause(.totalExposureLots, two: 3)
    #expect(desk.schemeFailure(desk.order(.buy, .close, lots: 1)) == nil)
    #expect(desk.schemeFailure(desk.order(.buy, .close, lots: 2))?.limit == 3)
    let other = self.desk()
    other.ledger.setBarsFromLevelTwo(other.subject, true)
    other.clause(.totalExposureLots, one: 2, two: 3)
    #expect(other.schemeFailure(other.order(.buy, .close, lots: 1)) == nil)
    #expect(other.schemeFailure(other.order(.buy, .close, lots: 2))?.limit == 3)
  }
}
