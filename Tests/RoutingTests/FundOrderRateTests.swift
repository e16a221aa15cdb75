import Domain
import Ledger
import Testing

/// fund-order-rate: the Nth child within T sets the bar until release or the next day.
@Suite struct FundOrderRateTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var opens: Bool
    var closes: Bool
    var arrange: @Sendable (RouteDesk) -> Void
    init(
      _ name: String, opens: Bool, closes: Bool,
      _ arrange: @escaping @Sendable (RouteDesk) -> Void
    ) {
      self.name = name
      self.opens = opens
      self.closes = closes
      self.arrange = arrange
    }
    var testDescription: String { name }
  }

  static let rows: [Row] = [
    Row("eight of ten", opens: true, closes: true) {
      $0.countChildren(0, 8, of: 10, within: 1_000, bar: .opening)
    },
    Row("nine of ten: the tenth passes", opens: true, closes: true) {
      $0.countChildren(0, 9, of: 10, within: 1_000, bar: .opening)
    },
    Row("ten of ten", opens: false, closes: true) {
      $0.countChildren(0, 10, of: 10, within: 1_000, bar: .opening)
    },
    Row("ten in just more than a second", opens: true, closes: true) {
      $0.countChildren(0, 10, of: 10, within: 1_000, bar: .opening, apart: 111_111_112)
    },
    Row("ten in a second", opens: false, closes: true) {
      $0.countChildren(0, 10, of: 10, within: 1_000, bar: .opening, apart: 111_111_111)
    },
    Row("a bar on closing", opens: true, closes: false) {
      $0.countChildren(0, 10, of: 10, within: 1_000, bar: .closing)
    },
    Row("a bar on both", opens: false, closes: false) {
      $0.countChildren(0, 10, of: 10, within: 1_000, bar: [.opening, .closing])
    },
    Row("the bar stays when the rule is unset", opens: false, closes: true) { desk in
      desk.countChildren(0, 10, of: 10, within: 1_000, bar: .opening)
      _ = desk.ledger.setOrderRateCount(desk.funds[0], .min)
    },
    Row("released: the count starts again", opens: true, closes: true) { desk in
      desk.countChildren(0, 10, of: 10, within: 1_000, bar: .opening)
      let isReleased = desk.ledger.releaseOrderRate(desk.funds[0])
      precondition(isReleased)
      for _ in 0..<9 { _ = desk.ledger.countForOrderRate(desk.funds[0], at: desk.now) }
    },
    Row("released, and ten more", opens: false, closes: true) { desk in
      desk.countChildren(0, 10, of: 10, within: 1_000, bar: .opening)
      _ = desk.ledger.releaseOrderRate(desk.funds[0])
      for _ in 0..<10 { _ = desk.ledger.countForOrderRate(desk.funds[0], at: desk.now) }
    },
  ]

  @Test(arguments: rows)
  func theNthChildWithinTheWindowSetsTheBar(_ row: Row) {
    let desk = RouteDesk(.priority)
    desk.addFund(1_000_000)
    desk.give(0, .long, 5, desk.rb)
    row.arrange(desk)
    let opening = desk.split(desk.buy(1))
    #expect(opening.lots == [row.opens ? 1 : 0])
    if !row.opens { #expect(opening.declines == [.fundOrderRate]) }
    let closing = desk.split(desk.order(.sell, .close, 1))
    #expect(closing.lots == [row.closes ? 1 : 0])
    if !row.closes { #expect(closing.declines == [.fundOrderRate]) }
  }

  /// Net mode sends two children: the second comes behind the Nth.
  @Test(arguments: [(8, [Offset.closeYesterday, .open]), (9, [.closeYesterday])])
  func childrenOfOneOrderCountOneByOne(_ before: Int, _ offsets: [Offset]) {
    let desk = RouteDesk(.netPosition)
    desk.addFund(1_000_000)
    desk.give(0, .long, 5, desk.rb)
    desk.countChildren(0, before, of: 10, within: 1_000, bar: .opening)
    #expect(desk.split(desk.order(.sell, .open, 8)).children.map(\.offset) == offsets)
  }

  /// Lots that may not close are no reason to open against them.
  @Test func inNetModeAClosingBarOpensNothingInstead() {
    let desk = RouteDesk(.netPosition)
    desk.addFund(1_000_000)
    desk.give(0, .long, 5, desk.rb)
    desk.countChildren(0, 10, of: 10, within: 1_000, bar: .closing)
    #expect(desk.split(desk.order(.sell, .open, 3)).declines == [.fundOrderRate])
    #expect(desk.split(desk.order(.sell, .open, 3)).children.isEmpty)
    #expect(desk.split(desk.buy(3)).lots == [3])
  }
}
