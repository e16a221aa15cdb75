import Domain
import Ledger
import Testing

/// Send what fits or refuse the whole order, and orders that must fill as a whole (routing.md
/// "What a fund account may take", AMS manual note 14).
@Suite struct WholeOrderTests {
  private func desk(_ mode: RoutingMode = .priority, sizes: [Int64]) -> RouteDesk {
    let desk = RouteDesk(mode)
    for size in sizes {
      desk.addFund(10_000_000)
      desk.limitSize(desk.funds.count - 1, size)
    }
    return desk
  }

  private func refusesPart(_ desk: RouteDesk) {
    desk.ledger.changeProduct(desk.product) { $0.pointee.refusesPartialPlacement = true }
  }

  @Test(arguments: [RoutingMode.priority, .ratio, .netPosition])
  func whatFitsIsSent(_ mode: RoutingMode) {
    let desk = desk(mode, sizes: [3, 4])
    let split = desk.split(desk.buy(9))
    #expect(split.lots == [3, 4])
    #expect(split.placed == 7)
    #expect(split.refusal.rule == .fundOrderSize)
  }

  @Test(arguments: [RoutingMode.priority, .ratio, .netPosition])
  func aProductMayRefuseTheWholeOrder(_ mode: RoutingMode) {
    let desk = desk(mode, sizes: [3, 4])
    refusesPart(desk)
    #expect(desk.split(desk.buy(7)).lots == [3, 4])
    let split = desk.split(desk.buy(8))
    #expect(split.children.isEmpty)
    #expect(
      split.refusal
        == Refusal(
          .partialPlacement, observed: 7, limit: 8, asked: 8, unit: .lots, scope: .product,
          scopeID: 0))
  }

  /// Half an exit is better than none.
  @Test func anExitIsSentAsFarAsItGoes() {
    let desk = desk(sizes: [3, 4])
    refusesPart(desk)
    for fund in 0..<2 { desk.give(fund, .long, 9, desk.rb) }
    #expect(desk.split(desk.order(.sell, .close, 9)).placed == 7)
  }

  @Test(arguments: [RoutingMode.priority, .ratio, .netPosition])
  func fillOrKillGoesToOneAccountThatCanTakeAll(_ mode: RoutingMode) {
    let desk = desk(mode, sizes: [3, 4, 8])
    func split(_ lots: Lots) -> Split {
      desk.split(desk.order(.buy, .open, lots, timeInForce: .fillOrKill))
    }
    #expect(split(8).lots == [0, 0, 8])
    #expect(split(9).children.isEmpty)
    #expect(split(4).children.count == 1)
  }

  @Test func aMinimumQuantityGoesToOneAccount() {
    let desk = desk(sizes: [3, 4, 8])
    let terms = desk.order(
      .buy, .open, 6, timeInForce: .immediateOrCancel, minimumLots: 2)
    #expect(desk.split(terms).lots == [0, 0, 6])
    let free = desk.order(.buy, .open, 9, timeInForce: .immediateOrCancel)
    #expect(desk.split(free).placed == 9)
  }

  @Test func fillOrKillIsNeverSentInPart() {
    let desk = desk(sizes: [50, 50])
    for fund in 0..<2 { desk.give(fund, .long, 4, desk.rb) }
    #expect(desk.split(desk.order(.sell, .close, 4, timeInForce: .fillOrKill)).placed == 4)
    let split = desk.split(desk.order(.sell, .close, 6, timeInForce: .fillOrKill))
    #expect(split.children.isEmpty)
  }

  /// Also where its only places are accounts whose own orders it may cross.
  @Test func fillOrKillThatMayCrossIsNeverSentInPart() {
    let desk = desk(sizes: [50, 50])
    for fund in 0..<2 {
      desk.give(fund, .long, 4, desk.rb)
      desk.setOwner(fund, 1)
    }
    desk.work(0, desk.buy(1))
    let split = desk.split(desk.order(.sell, .close, 6, timeInForce: .fillOrKill))
    #expect(split.children.isEmpty)
    let fits = desk.split(desk.order(.sell, .close, 4, timeInForce: .fillOrKill))
    #expect(fits.children.map(\.lots) == [4])
    #expect(fits.children.map(\.crosses) == [true])
    let minimum = desk.split(
      desk.order(.sell, .close, 6, timeInForce: .immediateOrCancel, minimumLots: 5))
    #expect(minimum.children.isEmpty)
  }
}
