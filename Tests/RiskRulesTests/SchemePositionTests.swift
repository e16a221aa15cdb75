import Domain
import Ledger
import MarketData
import Testing

/// 7 long and 2 short in rb, 3 long in rb June; the fund account has the same. A lot is worth
/// 40 000 yuan and takes 4 000 of margin.
@Suite struct SchemePositionTests {
  struct Row: Sendable {
    var kind: ClauseKind
    var scope = ClauseScopeKind.product
    var direction = ClauseDirection.both
    var limit: Int64
    var side = Side.buy
    var lots: Lots
    var passes: Bool
  }

  static let rows: [Row] = [
    // 9 there: the tenth lot passes, the eleventh does not, on either side.
    Row(kind: .singlePositionLots, limit: 10, lots: 1, passes: true),
    Row(kind: .singlePositionLots, limit: 10, lots: 2, passes: false),
    Row(kind: .singlePositionLots, limit: 10, side: .sell, lots: 1, passes: true),
    Row(kind: .singlePositionLots, limit: 10, side: .sell, lots: 2, passes: false),
    Row(kind: .singlePositionLots, direction: .long, limit: 8, lots: 1, passes: true),
    Row(kind: .singlePositionLots, direction: .long, limit: 8, lots: 2, passes: false),
    Row(kind: .singlePositionLots, direction: .long, limit: 8, side: .sell, lots: 50, passes: true),
    Row(
      kind: .singlePositionLots, direction: .short, limit: 4, side: .sell, lots: 2, passes: true),
    Row(
      kind: .singlePositionLots, direction: .short, limit: 4, side: .sell, lots: 3, passes: false),
    Row(kind: .singlePositionLots, limit: 0, lots: 1, passes: false),
    // 12 altogether.
    Row(kind: .totalPositionLots, limit: 14, lots: 2, passes: true),
    Row(kind: .totalPositionLots, limit: 14, lots: 3, passes: false),
    Row(kind: .totalPositionLots, scope: .commodity, limit: 14, side: .sell, lots: 2, passes: true),
    Row(kind: .totalPositionLots, scope: .exchange, limit: 14, side: .sell, lots: 3, passes: false),
    Row(kind: .totalPositionLots, scope: .sector, limit: 14, lots: 3, passes: false),
    Row(kind: .totalPositionLots, direction: .long, limit: 12, lots: 2, passes: true),
    Row(kind: .totalPositionLots, direction: .long, limit: 12, lots: 3, passes: false),
    // 360 000 there in rb, 480 000 altogether.
    Row(kind: .singlePositionValue, limit: .money(400_000), lots: 1, passes: true),
    Row(kind: .singlePositionValue, limit: .money(400_000) - 1, lots: 1, passes: false),
    Row(
      kind: .singlePositionValue, direction: .short, limit: .money(120_000), side: .sell, lots: 1,
      passes: true),
    Row(
      kind: .singlePositionValue, direction: .short, limit: .money(120_000) - 1, side: .sell,
      lots: 1, passes: false),
    Row(kind: .totalPositionValue, limit: .money(560_000), lots: 2, passes: true),
    Row(kind: .totalPositionValue, limit: .money(560_000) - 1, lots: 2, passes: false),
    // 36 000 of margin in rb, 48 000 altogether: the fund account's.
    Row(kind: .singleMargin, limit: .money(40_000), lots: 1, passes: true),
    Row(kind: .singleMargin, limit: .money(40_000) - 1, lots: 1, passes: false),
    Row(
      kind: .singleMargin, direction: .short, limit: .money(12_000), side: .sell, lots: 1,
      passes: true),
    Row(
      kind: .singleMargin, direction: .short, limit: .money(12_000) - 1, side: .sell, lots: 1,
      passes: false),
    Row(kind: .totalMargin, limit: .money(56_000), side: .sell, lots: 2, passes: true),
    Row(kind: .totalMargin, limit: .money(56_000) - 1, side: .sell, lots: 2, passes: false),
  ]

  private func desk(_ row: Row) -> Desk {
    let desk = Desk()
    for give in [desk.give, desk.giveFundLots] {
      give(.long, 7, desk.rb, .speculation)
      give(.short, 2, desk.rb, .speculation)
      give(.long, 3, desk.rbJune, .speculation)
    }
    let id: UInt32
    switch row.scope {
    case .commodity: id = desk.rebar.raw
    case .exchange: id = UInt32(Exchange.shfe.rawValue)
    default: id = 0
    }
    if row.scope == .sector {
      _ = desk.ledger.defineSector()
      desk.ledger.setSector(0, desk.rebar, true)
    }
    desk.clause(row.kind, row.scope, id, row.direction, one: row.limit)
    return desk
  }

  @Test(arguments: rows)
  func aCapAllowsItsLimit(_ row: Row) {
    let desk = desk(row)
    let failure = desk.schemeFailure(desk.order(row.side, lots: row.lots))
    #expect(failure?.rule == (row.passes ? nil : row.kind.rule), "\(row)")
    if let failure { #expect(failure.observed + failure.asked > failure.limit) }
  }

  /// The second level bars as the first does, of an order that passes it.
  @Test(arguments: rows)
  func theSecondLevelRefusesToo(_ row: Row) {
    let desk = desk(row)
    desk.ledger.setBarsFromLevelTwo(desk.subject, true)
    #expect(desk.schemeFailure(desk.order(row.side, lots: row.lots)) == nil)
    let other = Desk()
    other.give(.long, 7, other.rb)
    other.clause(.totalPositionLots, two: 8)
    #expect(other.schemeFailure(other.order(lots: 1)) == nil)
    #expect(other.schemeFailure(other.order(lots: 2))?.rule == .schemeTotalPositionLots)
  }

  @Test func workingOpeningsCountAndClosingsDoNot() {
    let desk = Desk()
    desk.give(.long, 5, desk.rb)
    desk.work(desk.order(lots: 3))
    desk.work(desk.order(.sell, .close, lots: 2))
    desk.clause(.singlePositionLots, one: 10)
    #expect(desk.schemeFailure(desk.order(lots: 2)) == nil)
    #expect(desk.schemeFailure(desk.order(lots: 3))?.observed == 8)
    // Watching: what is held alone.
    desk.clause(.singlePositionLots, one: 4, two: 5)
    #expect(desk.passed(2) == [.warn])
  }

  /// A closing order is refused by no kind but exposures.
  @Test func closingPasses() {
    let desk = Desk()
    desk.give(.long, 5, desk.rb)
    desk.clause(.singlePositionLots, one: 1)
    desk.clause(.totalPositionValue, one: 1)
    desk.clause(.totalDailyLoss, one: 0)
    #expect(desk.schemeFailure(desk.order(.sell, .close, lots: 5)) == nil)
    #expect(desk.schemeFailure(desk.order(lots: 1))?.rule == .schemeSinglePositionLots)
  }

  @Test func percentIsOfNetValueEquityOrAllowedLoss() {
    for (basis, limit) in [
      (ClauseBasis.equity, Int64.percent(8)), (.allowedLoss, .percent(20)),
      (.netValue, .percent(10)),
    ] {
      let desk = Desk()
      desk.setFund(1_000_000, allowedLoss: 400_000)
      desk.bindScheme()
      desk.ledger.setNetValue(
        desk.subject, mode: .equity, shares: 1, total: .zero,
        liabilities: Money(yuan: 150_000), accruedFees: Money(yuan: 50_000))
      desk.clause(.totalPositionValue, of: basis, one: limit)
      // 80 000 yuan each.
      #expect(desk.schemeFailure(desk.order(lots: 2)) == nil, "\(basis)")
      let failure = desk.schemeFailure(desk.order(lots: 3))
      #expect(failure?.rule == .schemeTotalPositionValue, "\(basis)")
      #expect(failure?.unit == .percent)
      #expect(failure?.limit == limit / 100)
    }
  }

  /// Nothing to take a part of: anything is too much.
  @Test func aBasisOfNothingIsPassed() {
    let desk = Desk()
    desk.setFund(0)
    desk.clause(.totalMargin, of: .equity, one: .percent(1_000))
    #expect(desk.schemeFailure(desk.order(lots: 1))?.observed == 0)
  }

  /// Trades that no operation account has count in lots and values, not in margin.
  @Test func unmappedTradesCount() {
    let desk = Desk()
    desk.bindScheme()
    desk.ledger.ensureScheme(desk.subject, desk.rb, desk.market.instrument(desk.rb))
    desk.ledger.addUnmapped(desk.product, desk.rb, side: .sell, price: .yuan(4_000), lots: 4)
    desk.clause(.singlePositionLots, .instrument, desk.rb.raw, .short, one: 5)
    desk.clause(.singleMargin, one: .money(8_000))
    #expect(desk.schemeFailure(desk.order(.sell, lots: 1)) == nil)
    #expect(desk.schemeFailure(desk.order(.sell, lots: 2))?.rule == .schemeSinglePositionLots)
    // Bought back: 0 left, and 2 long beyond that.
    desk.ledger.addUnmapped(desk.product, desk.rb, side: .buy, price: .yuan(4_000), lots: 6)
    let sums = desk.ledger.schemes.total(desk.subject).pointee.sums
    #expect(sums.long == 2)
    #expect(sums.short == 0)
  }
}

extension Desk {
  func giveFundLots(
    _ side: PositionSide, _ lots: Lots, _ instrument: InstrumentID, _ hedge: HedgeFlag
  ) {
    giveFund(side, lots, instrument)
  }
}
