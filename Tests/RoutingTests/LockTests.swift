import Domain
import Ledger
import Testing

/// Closes under a lock mode (routing.md, "Locks"; AMS manual 2.1). A lot at 4 000 opens for 4 001
/// yuan; closing today's costs 3, yesterday's 2.
@Suite struct LockTests {
  /// Yesterday's and today's long lots, and what else is arranged.
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var mode: LockMode
    var order: (Offset, Lots)
    /// Offsets and lots of the children.
    var children: [(Offset, Lots)]
    var arrange: @Sendable (RouteDesk) -> Void
    init(
      _ name: String, _ mode: LockMode, _ order: (Offset, Lots), _ children: [(Offset, Lots)],
      _ arrange: @escaping @Sendable (RouteDesk) -> Void = { _ in }
    ) {
      self.name = name
      self.mode = mode
      self.order = order
      self.children = children
      self.arrange = arrange
    }
    var testDescription: String { name }
  }

  /// Leaves funds for so many lots to open, and so many yuan more.
  private static func leave(_ desk: RouteDesk, _ lots: Int64, andYuan more: Int64 = 0) {
    let reserve = desk.available(0) - Money(yuan: lots * 4_001 + more)
    desk.change(0) { $0.pointee.minimumReserve = reserve }
  }

  static let rows: [Row] = [
    Row("off: a close-today closes", .off, (.closeToday, 3), [(.closeToday, 3)]),
    Row("a close-today opens opposite", .closeTodayAsOpening, (.closeToday, 3), [(.open, 3)]),
    Row("all of today's", .closeTodayAsOpening, (.closeToday, 4), [(.open, 4)]),
    Row("a close closes", .closeTodayAsOpening, (.close, 3), [(.close, 3)]),
    Row(
      "funds for exactly three", .closeTodayAsOpening, (.closeToday, 3), [(.open, 3)]
    ) { leave($0, 3) },
    Row(
      "funds for two: the rest has no place", .closeTodayAsOpening, (.closeToday, 3), [(.open, 2)]
    ) { leave($0, 2) },
    Row("no funds: nothing", .closeTodayAsOpening, (.closeToday, 3), []) { leave($0, 0) },
    Row(
      "no funds, and the flag", .closeTodayAsOpening, (.closeToday, 3), [(.closeToday, 3)]
    ) { desk in
      leave(desk, 0)
      desk.lock(.closeTodayAsOpening, .withoutFunds)
    },
    Row(
      "funds for two, and the flag", .closeTodayAsOpening, (.closeToday, 3),
      [(.open, 2), (.closeToday, 1)]
    ) { desk in
      leave(desk, 2)
      desk.lock(.closeTodayAsOpening, .withoutFunds)
    },
    Row(
      "the other mode's flag is none", .closeTodayAsOpening, (.closeToday, 3), []
    ) { desk in
      leave(desk, 0)
      desk.lock(.closeTodayAsOpening, .todayWithoutLock)
    },
    Row(
      "a limit never holds up an exit", .closeTodayAsOpening, (.closeToday, 3), [(.closeToday, 3)]
    ) { desk in
      desk.change(0) { $0.pointee.openPermission = false }
    },
    Row(
      "what a limit bars closes, what the funds bar does not", .closeTodayAsOpening,
      (.closeToday, 4), [(.open, 1), (.closeToday, 2)]
    ) { desk in
      desk.limit(0, .fundOpenVolume, desk.rebar) { $0.pointee.lots = 4 + 2 }
      leave(desk, 1)
    },
    Row("yesterday's first", .preferYesterday, (.close, 3), [(.closeYesterday, 3)]),
    Row(
      "a close-today too", .preferYesterday, (.closeToday, 3), [(.closeYesterday, 3)]),
    Row("all of yesterday's", .preferYesterday, (.close, 5), [(.closeYesterday, 5)]),
    Row(
      "yesterday's, then a lock", .preferYesterday, (.closeToday, 7),
      [(.closeYesterday, 5), (.open, 2)]),
    Row(
      "no more than is held", .preferYesterday, (.closeToday, 12),
      [(.closeYesterday, 5), (.open, 4)]),
    Row("no funds: yesterday's alone", .preferYesterday, (.closeToday, 7), [(.closeYesterday, 5)]) {
      leave($0, 0)
    },
    Row(
      "no funds, and the flag", .preferYesterday, (.closeToday, 7),
      [(.closeYesterday, 5), (.closeToday, 2)]
    ) { desk in
      leave(desk, 0)
      desk.lock(.preferYesterday, .todayWithoutLock)
    },
    Row(
      "funds for one, and the flag", .preferYesterday, (.closeToday, 8),
      [(.closeYesterday, 5), (.open, 1), (.closeToday, 2)]
    ) { desk in
      // What closes freezes its fee of two yuan a lot first.
      leave(desk, 1, andYuan: 10)
      desk.lock(.preferYesterday, .todayWithoutLock)
    },
    Row(
      "the fee of what closes is gone before the lock opens", .preferYesterday, (.closeToday, 8),
      [(.closeYesterday, 5)]
    ) { desk in
      leave(desk, 1, andYuan: 9)
    },
  ]

  @Test(arguments: rows)
  func aCloseIsMadeUpAsTheModeSays(_ row: Row) {
    let desk = RouteDesk(.priority)
    desk.addFund(1_000_000)
    desk.give(0, .long, 5, desk.rb)
    desk.giveToday(0, .long, 4, desk.rb)
    desk.lock(row.mode)
    row.arrange(desk)
    let split = desk.split(desk.order(.sell, row.order.0, row.order.1))
    #expect(split.children.map(\.offset) == row.children.map(\.0))
    #expect(split.children.map(\.lots) == row.children.map(\.1))
  }

  /// DCE does not keep today's and yesterday's apart.
  @Test func whereLotsAreOneTheOldestCloseFirst() {
    let desk = RouteDesk(.priority)
    desk.addFund(1_000_000)
    desk.give(0, .long, 5, desk.ore)
    desk.giveToday(0, .long, 4, desk.ore)
    func offsets(_ offset: Offset, _ lots: Lots) -> [Offset] {
      desk.split(desk.order(.sell, offset, lots, of: desk.ore)).children.map(\.offset)
    }
    desk.lock(.preferYesterday)
    #expect(offsets(.close, 5) == [.close])
    #expect(offsets(.close, 6) == [.close, .open])
    desk.lock(.closeTodayAsOpening)
    #expect(offsets(.close, 6) == [.close])
    #expect(offsets(.closeToday, 6) == [.open])
    desk.change(0) { $0.pointee.openPermission = false }
    #expect(offsets(.closeToday, 9) == [.close])
    desk.lock(.preferYesterday)
    #expect(offsets(.close, 9) == [.close])
  }

  /// Two counter orders can't promise all or nothing together.
  @Test(arguments: [
    (Lots(5), [Offset.closeYesterday]), (Lots(6), [.open]), (Lots(9), [.open]), (Lots(10), []),
  ])
  func whatMustFillAsAWholeIsOneChild(_ lots: Lots, _ offsets: [Offset]) {
    let desk = RouteDesk(.priority)
    desk.addFund(1_000_000)
    desk.give(0, .long, 5, desk.rb)
    desk.giveToday(0, .long, 4, desk.rb)
    desk.lock(.preferYesterday)
    let order = desk.order(.sell, .closeToday, lots, timeInForce: .fillOrKill)
    #expect(desk.split(order).children.map(\.offset) == offsets)
  }

  @Test func ratioModeLocksInProportionToWhatIsHeld() {
    let desk = RouteDesk(.ratio)
    desk.addFund(1_000_000)
    desk.addFund(1_000_000)
    desk.giveToday(0, .long, 6, desk.rb)
    desk.giveToday(1, .long, 3, desk.rb)
    desk.lock(.closeTodayAsOpening)
    let split = desk.split(desk.order(.sell, .closeToday, 3))
    #expect(split.lots == [2, 1])
    #expect(split.children.map(\.offset) == [.open, .open])
  }

  /// decisions 27: an exit goes to another account, else it closes with a notice; it never opens
  /// across its own owner.
  @Test func aLockNeverCrossesItsOwnOwner() {
    let desk = RouteDesk(.priority)
    desk.addFund(1_000_000)
    desk.giveToday(0, .long, 4, desk.rb)
    desk.setOwner(0, 1)
    desk.lock(.closeTodayAsOpening)
    desk.work(0, desk.buy(1))
    let split = desk.split(desk.order(.sell, .closeToday, 3))
    #expect(split.children.map(\.offset) == [.closeToday])
    #expect(split.children.map(\.crosses) == [true])
  }

  @Test func netModeChoosesByItself() {
    let desk = RouteDesk(.netPosition)
    desk.addFund(1_000_000)
    desk.giveToday(0, .long, 4, desk.rb)
    desk.lock(.closeTodayAsOpening)
    let split = desk.split(desk.order(.sell, .closeToday, 3))
    #expect(split.children.map(\.offset) == [.closeToday])
  }
}
