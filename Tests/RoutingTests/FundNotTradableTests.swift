import Domain
import Ledger
import Testing

/// fund-not-tradable: a fund account's lists of the day and of the night (AMS manual 8.4).
@Suite struct FundNotTradableTests {
  private static func list(
    _ desk: RouteDesk, _ instrument: InstrumentID = .none, isNight: Bool = false,
    listed: Bool = true
  ) {
    precondition(
      desk.ledger.setTradable(
        desk.funds[0], desk.rebar, instrument, isNight: isNight, listed: listed))
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var opens: Bool
    var arrange: @Sendable (RouteDesk) -> Void
    init(_ name: String, _ opens: Bool, _ arrange: @escaping @Sendable (RouteDesk) -> Void) {
      self.name = name
      self.opens = opens
      self.arrange = arrange
    }
    var testDescription: String { name }
  }

  static let rows: [Row] = [
    Row("no list", true) { _ in },
    Row("barred: the commodity", false) { list($0) },
    Row("barred: the instrument", false) { list($0, $0.rb) },
    Row("barred: another month", true) { list($0, $0.rbNow) },
    Row("barred, and taken off again", true) { desk in
      list(desk)
      list(desk, listed: false)
    },
    Row("barred at night, by day", true) { list($0, isNight: true) },
    Row("barred at night, by night", false) { desk in
      list(desk, isNight: true)
      desk.now = Timestamp(date: RouteDesk.day.date, secondOfDay: -3_600)
    },
    Row("barred by day, by night", true) { desk in
      list(desk)
      desk.now = Timestamp(date: RouteDesk.day.date, secondOfDay: -3_600)
    },
    Row("only these: nothing", false) { $0.ledger.set(.dayOnly, true, of: $0.funds[0]) },
    Row("only these: the commodity", true) { desk in
      desk.ledger.set(.dayOnly, true, of: desk.funds[0])
      list(desk)
    },
    Row("only these: the instrument", true) { desk in
      desk.ledger.set(.dayOnly, true, of: desk.funds[0])
      list(desk, desk.rb)
    },
    Row("only these: another month", false) { desk in
      desk.ledger.set(.dayOnly, true, of: desk.funds[0])
      list(desk, desk.rbNow)
    },
    Row("only these at night, by day", true) { $0.ledger.set(.nightOnly, true, of: $0.funds[0]) },
  ]

  @Test(arguments: rows)
  func theListOfTheSessionBindsOpening(_ row: Row) {
    let desk = RouteDesk(.priority)
    desk.addFund(1_000_000)
    desk.give(0, .long, 1, desk.rb)
    row.arrange(desk)
    let split = desk.split(desk.buy(1))
    #expect(split.lots == [row.opens ? 1 : 0])
    if !row.opens { #expect(split.declines == [.fundNotTradable]) }
    #expect(desk.split(desk.order(.sell, .close, 1)).lots == [1])
  }

  @Test func anotherAccountTakesIt() {
    let desk = RouteDesk(.priority)
    desk.addFund(1_000_000, priority: 2)
    desk.addFund(1_000_000, priority: 1)
    Self.list(desk)
    #expect(desk.split(desk.buy(3)).lots == [0, 3])
  }
}
