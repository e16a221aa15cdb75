import Domain
import Ledger
import Testing

/// fund-open-volume: lots opened today with working ones, of a commodity or an instrument.
@Suite struct FundOpenVolumeTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var most: Lots
    var arrange: @Sendable (RouteDesk) -> Void
    init(_ name: String, _ most: Lots, _ arrange: @escaping @Sendable (RouteDesk) -> Void) {
      self.name = name
      self.most = most
      self.arrange = arrange
    }
    var testDescription: String { name }
  }

  private static func limit(_ desk: RouteDesk, _ lots: Int64) {
    desk.limit(0, .fundOpenVolume, desk.rebar) { $0.pointee.lots = lots }
  }

  static let rows: [Row] = [
    Row("nothing opened", 10) { limit($0, 10) },
    Row("none at all", 0) { limit($0, 0) },
    Row("four opened", 6) { desk in
      limit(desk, 10)
      desk.giveToday(0, .long, 4, desk.rb)
    },
    Row("three opened short", 7) { desk in
      limit(desk, 10)
      desk.giveToday(0, .short, 3, desk.rb)
    },
    Row("four opened and two working", 4) { desk in
      limit(desk, 10)
      desk.giveToday(0, .long, 4, desk.rb)
      desk.work(0, desk.buy(2))
    },
    Row("yesterday's lots don't count", 10) { desk in
      limit(desk, 10)
      desk.give(0, .long, 8, desk.rb)
    },
    Row("another month of the commodity counts", 5) { desk in
      limit(desk, 10)
      desk.giveToday(0, .long, 5, desk.rbNow)
    },
    Row("another month is no part of the instrument's", 10) { desk in
      desk.limit(0, .fundOpenVolume, desk.rebar, desk.rb) { $0.pointee.lots = 10 }
      desk.giveToday(0, .long, 5, desk.rbNow)
    },
    Row("the instrument's own lots", 5) { desk in
      desk.limit(0, .fundOpenVolume, desk.rebar, desk.rb) { $0.pointee.lots = 10 }
      desk.giveToday(0, .long, 5, desk.rb)
    },
    Row("the stricter of both", 3) { desk in
      limit(desk, 10)
      desk.limit(0, .fundOpenVolume, desk.rebar, desk.rb) { $0.pointee.lots = 3 }
    },
    Row("more opened than allowed", 0) { desk in
      desk.giveToday(0, .long, 12, desk.rb)
      limit(desk, 10)
    },
  ]

  @Test(arguments: rows)
  func aDaysOpeningsAllowTheLimitItselfAndNoMore(_ row: Row) {
    let desk = RouteDesk(.priority)
    desk.addFund(1_000_000)
    row.arrange(desk)
    if row.most > 1 { #expect(desk.split(desk.buy(row.most - 1)).refusal.isNone) }
    if row.most > 0 { #expect(desk.split(desk.buy(row.most)).refusal.isNone) }
    let over = desk.split(desk.buy(row.most + 1))
    #expect(over.lots == [row.most])
    #expect(over.declines == [.fundOpenVolume])
    #expect(over.refusal.asked == Int64(row.most + 1))
    #expect(over.refusal.unit == .lots)
  }

  @Test func whatWasClosedAgainCountsOn() {
    let desk = RouteDesk(.priority)
    desk.addFund(1_000_000)
    Self.limit(desk, 10)
    desk.giveToday(0, .long, 4, desk.rb)
    desk.closeToday(0, .long, 4, desk.rb)
    #expect(desk.split(desk.buy(10)).lots == [6])
  }

  @Test func theRestGoesToTheNextAccountAndExitsMeetIt() {
    let desk = RouteDesk(.priority)
    desk.addFund(1_000_000, priority: 2)
    desk.addFund(1_000_000, priority: 1)
    desk.give(0, .long, 9, desk.rb)
    Self.limit(desk, 3)
    #expect(desk.split(desk.buy(10)).lots == [3, 7])
    #expect(desk.split(desk.order(.sell, .close, 9)).lots == [9, 0])
  }
}
