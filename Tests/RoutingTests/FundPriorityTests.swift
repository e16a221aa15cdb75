import Domain
import Ledger
import Testing

/// Priorities of opening, closing and closing today's lots (AMS manual 8.6).
@Suite struct FundPriorityTests {
  private func desk(_ mode: RoutingMode = .priority) -> RouteDesk {
    let desk = RouteDesk(mode)
    desk.addFund(1_000_000, priority: 2)
    desk.addFund(1_000_000, priority: 1)
    for fund in 0..<2 {
      desk.give(fund, .long, 5, desk.rb)
      desk.giveToday(fund, .long, 5, desk.rb)
    }
    return desk
  }

  private func set(
    _ desk: RouteDesk, _ instrument: InstrumentID = .none, open: Int64 = .min, close: Int64 = .min,
    closeToday: Int64 = .min
  ) {
    desk.limit(1, .fundPriority, desk.rebar, instrument) {
      $0.pointee.long = open
      $0.pointee.short = close
      $0.pointee.lots = closeToday
    }
  }

  @Test(arguments: [
    (Int64.min, Int64.min, Int64.min, [0, 0, 0]), (1, 1, 1, [0, 0, 0]), (3, .min, .min, [1, 0, 0]),
    (.min, 3, .min, [0, 1, 0]), (.min, .min, 3, [0, 0, 1]), (3, 3, 3, [1, 1, 1]),
    (3, 0, 3, [1, 0, 1]),
  ])
  func eachOffsetHasANumberOfItsOwn(
    _ open: Int64, _ close: Int64, _ closeToday: Int64, _ first: [Int]
  ) {
    let desk = desk()
    set(desk, open: open, close: close, closeToday: closeToday)
    for (order, fund) in zip(
      [
        desk.buy(1), desk.order(.sell, .close, 1), desk.order(.sell, .closeToday, 1),
      ], first)
    {
      #expect(desk.split(order).children.map(\.fund) == [fund])
    }
    #expect(desk.split(desk.order(.sell, .closeYesterday, 1)).children.map(\.fund) == [first[1]])
  }

  @Test func theInstrumentsNumberBeatsTheCommoditysAndThatTheAccounts() {
    let desk = desk()
    set(desk, open: 5)
    set(desk, desk.rb, open: 0)
    #expect(desk.split(desk.buy(1)).children.map(\.fund) == [0])
    #expect(desk.split(desk.buy(1, of: desk.rbNow)).children.isEmpty)
    #expect(desk.split(desk.buy(3, of: desk.rbNow)).children.map(\.fund) == [1])
    #expect(desk.split(desk.buy(1, of: desk.ore)).children.map(\.fund) == [0])
    set(desk, desk.rb, close: 9)
    #expect(desk.split(desk.buy(1)).children.map(\.fund) == [1])
  }

  @Test func equalNumbersAreDrawn() {
    let desk = desk()
    set(desk, open: 2)
    let drawn = Set((1...40).map { desk.split(desk.buy(1), sequence: $0).children[0].fund })
    #expect(drawn == [0, 1])
  }

  @Test func netModeGoesByIt() {
    let desk = desk(.netPosition)
    set(desk, open: 3)
    #expect(desk.split(desk.order(.sell, .open, 2)).children.map(\.fund) == [1])
  }
}
