import Domain
import Ledger
import Testing

/// fund-message-quota: what opens finds room within the messages a second, or goes elsewhere; what
/// closes does not ask.
@Suite struct FundMessageQuotaTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var opens: Bool
    var arrange: @Sendable (RouteDesk) -> Void
    init(_ name: String, opens: Bool, _ arrange: @escaping @Sendable (RouteDesk) -> Void) {
      self.name = name
      self.opens = opens
      self.arrange = arrange
    }
    var testDescription: String { name }
  }

  static let rows: [Row] = [
    Row("no quota", opens: true) { $0.countMessages(0, 9, of: .min) },
    Row("four of six", opens: true) { $0.countMessages(0, 4, of: 6) },
    Row("five of six: the sixth fits", opens: true) { $0.countMessages(0, 5, of: 6) },
    Row("six of six", opens: false) { $0.countMessages(0, 6, of: 6) },
    Row("six, the first a second ago", opens: true) {
      $0.countMessages(0, 6, of: 6, apart: 200_000_000)
    },
    Row("six, the first just less than a second ago", opens: false) {
      $0.countMessages(0, 6, of: 6, apart: 199_999_999)
    },
    Row("four of six, one kept", opens: true) { desk in
      desk.countMessages(0, 4, of: 6)
      desk.change(0) { $0.pointee.messageReserve = 1 }
    },
    Row("five of six, one kept", opens: false) { desk in
      desk.countMessages(0, 5, of: 6)
      desk.change(0) { $0.pointee.messageReserve = 1 }
    },
    Row("something waits", opens: false) { desk in
      desk.countMessages(0, 1, of: 6)
      desk.change(0) { $0.pointee.waitingMessages = 1 }
    },
  ]

  @Test(arguments: rows)
  func whatOpensFindsRoomOrGoesElsewhere(_ row: Row) {
    let desk = RouteDesk(.priority)
    desk.addFund(1_000_000)
    desk.give(0, .long, 5, desk.rb)
    row.arrange(desk)
    for order in [desk.buy(1), desk.order(.sell, .open, 1)] {
      let opening = desk.split(order)
      #expect(opening.lots == [row.opens ? 1 : 0])
      if !row.opens { #expect(opening.declines == [.fundMessageQuota]) }
    }
    #expect(desk.split(desk.order(.sell, .close, 1)).lots == [1])
  }

  /// Net mode sends two children: both have to find room.
  @Test(arguments: [
    (4, [Offset.closeYesterday, .open]), (5, [.closeYesterday]), (6, []),
  ])
  func childrenOfOneOrderCountOneByOne(_ before: Int, _ offsets: [Offset]) {
    let desk = RouteDesk(.netPosition)
    desk.addFund(1_000_000)
    desk.give(0, .long, 5, desk.rb)
    desk.countMessages(0, before, of: 6)
    #expect(desk.split(desk.order(.sell, .open, 8)).children.map(\.offset) == offsets)
  }
}
