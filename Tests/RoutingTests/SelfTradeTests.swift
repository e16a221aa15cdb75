import Domain
import Ledger
import Testing

/// Fund accounts with one trading code at an exchange are one legal owner, who may not cross his
/// own working orders (rules.md 7, decisions 27 and 31).
@Suite struct SelfTradeTests {
  /// Accounts 0 and 1 are owner 1 at SHFE, account 2 is owner 2, account 3 has no code. Priorities
  /// fall from 0 on.
  private func desk(_ mode: RoutingMode = .priority) -> RouteDesk {
    let desk = RouteDesk(mode)
    for (fund, owner) in [UInt32(1), 1, 2, 0].enumerated() {
      desk.addFund(10_000_000, priority: Int32(-fund))
      desk.setOwner(fund, owner)
    }
    return desk
  }

  struct Row: Sendable {
    /// What works: side and price, 0 = a market order.
    var side: Side
    var price: Int64
    /// What comes.
    var newSide: Side
    var newPrice: Int64
    var crosses: Bool
  }

  static let rows = [
    Row(side: .sell, price: 4_010, newSide: .buy, newPrice: 4_010, crosses: true),
    Row(side: .sell, price: 4_010, newSide: .buy, newPrice: 4_009, crosses: false),
    Row(side: .sell, price: 4_010, newSide: .buy, newPrice: 4_500, crosses: true),
    Row(side: .buy, price: 3_990, newSide: .sell, newPrice: 3_990, crosses: true),
    Row(side: .buy, price: 3_990, newSide: .sell, newPrice: 3_991, crosses: false),
    Row(side: .buy, price: 3_990, newSide: .buy, newPrice: 3_990, crosses: false),
    Row(side: .sell, price: 4_010, newSide: .sell, newPrice: 4_000, crosses: false),
    Row(side: .sell, price: 4_010, newSide: .buy, newPrice: 0, crosses: true),
    Row(side: .sell, price: 0, newSide: .buy, newPrice: 3_001, crosses: true),
    Row(side: .buy, price: 0, newSide: .sell, newPrice: 5_000, crosses: true),
  ]

  private func terms(_ desk: RouteDesk, _ side: Side, _ price: Int64) -> OrderTerms {
    price == 0
      ? desk.marketOrder(side, .open, 2) : desk.order(side, .open, 2, price: .yuan(price))
  }

  /// The working order is account 1's: account 0 is the same owner and is passed over as well.
  @Test(arguments: rows)
  func anOpeningThatCouldCrossGoesToAnotherOwner(_ row: Row) {
    let desk = desk()
    let child = desk.work(1, terms(desk, row.side, row.price))
    let split = desk.split(terms(desk, row.newSide, row.newPrice))
    #expect(split.lots == (row.crosses ? [0, 0, 2, 0] : [2, 0, 0, 0]))
    if row.crosses { #expect(split.declines == [.selfTrade, .selfTrade, .none, .none]) }
    // Once it is done there is nothing to cross.
    desk.end(child)
    #expect(desk.split(terms(desk, row.newSide, row.newPrice)).lots == [2, 0, 0, 0])
  }

  @Test func whenEveryAccountCouldCrossTheOrderIsRefused() {
    let desk = RouteDesk(.ratio)
    for _ in 0..<2 {
      desk.addFund(10_000_000)
      desk.setOwner(desk.funds.count - 1, 1)
    }
    desk.work(1, desk.order(.sell, .open, 1, price: .yuan(4_000)))
    let split = desk.split(desk.buy(2))
    #expect(split.children.isEmpty)
    #expect(split.refusal.rule == .selfTrade)
    #expect(desk.split(desk.buy(3, of: desk.rbNow)).placed == 3)
  }

  @Test func withoutATradingCodeNothingIsKept() {
    let desk = desk()
    desk.work(3, desk.order(.sell, .open, 1))
    for fund in 0..<3 { desk.change(fund) { $0.pointee.openPermission = false } }
    #expect(desk.split(desk.buy(2)).lots == [0, 0, 0, 2])
  }

  @Test func aCodeAtOneExchangeDoesNotBindAtAnother() {
    let desk = desk()
    desk.work(1, desk.order(.sell, .open, 1, of: desk.ore))
    #expect(desk.split(desk.buy(2, of: desk.ore)).lots == [2, 0, 0, 0])
  }

  /// The best price of many counts, whoever of the owner's accounts it is at.
  @Test func theBestOfManyWorkingOrdersCounts() {
    let desk = desk()
    let children = (0..<20).map { index in
      desk.work(index % 2, desk.order(.sell, .open, 1, price: .yuan(4_020 - Int64(index))))
    }
    #expect(desk.split(desk.order(.buy, .open, 1, price: .yuan(4_001))).lots == [0, 0, 1, 0])
    #expect(desk.split(desk.order(.buy, .open, 1, price: .yuan(4_000))).lots == [1, 0, 0, 0])
    desk.end(children[19])
    #expect(desk.split(desk.order(.buy, .open, 1, price: .yuan(4_001))).lots == [1, 0, 0, 0])
    #expect(desk.split(desk.order(.buy, .open, 1, price: .yuan(4_002))).lots == [0, 0, 1, 0])
  }

  /// decisions 27: another account first, else it is sent with a notice.
  @Test(arguments: [RoutingMode.priority, .ratio])
  func anExitThatCouldCrossGoesElsewhereOrWithANotice(_ mode: RoutingMode) {
    let desk = desk(mode)
    for (fund, lots) in [Lots(5), 5, 4].enumerated() { desk.give(fund, .long, lots, desk.rb) }
    desk.work(1, desk.buy(1))
    let elsewhere = desk.split(desk.order(.sell, .close, 4))
    #expect(elsewhere.lots == [0, 0, 4, 0])
    #expect(elsewhere.children.map(\.crosses) == [false])
    let split = desk.split(desk.order(.sell, .close, 7))
    #expect(split.lots == [3, 0, 4, 0])
    #expect(split.children.map(\.crosses) == [true, false])
    // Its size in lots holds there too.
    desk.limitSize(0, 2)
    #expect(desk.split(desk.order(.sell, .close, 7)).lots == [2, 1, 4, 0])
    desk.change(0) { $0.pointee.isReady = false }
    #expect(desk.split(desk.order(.sell, .close, 7)).lots == [0, 3, 4, 0])
  }
}
