import Domain
import Ledger
import Testing

/// Net mode: what opposes the fund account's position closes it first, the rest opens
/// (routing.md 3). examples.md 22 is in EngineTests.
@Suite struct NetTests {
  private func desk() -> RouteDesk {
    let desk = RouteDesk(.netPosition)
    desk.addFund(10_000_000)
    return desk
  }

  struct Row: Sendable {
    var yesterday: Lots
    var today: Lots
    var lots: Lots
    var children: [(Offset, Lots)]
  }

  /// Short lots and a buy order at SHFE, where offsets say which day's lots close.
  @Test(arguments: [
    Row(yesterday: 0, today: 0, lots: 4, children: [(.open, 4)]),
    Row(yesterday: 5, today: 0, lots: 4, children: [(.closeYesterday, 4)]),
    Row(yesterday: 0, today: 5, lots: 4, children: [(.closeToday, 4)]),
    Row(yesterday: 5, today: 2, lots: 6, children: [(.closeYesterday, 5), (.closeToday, 1)]),
    Row(
      yesterday: 5, today: 2, lots: 9,
      children: [(.closeYesterday, 5), (.closeToday, 2), (.open, 2)]),
  ])
  func atSHFEYesterdaysLotsCloseFirst(_ row: Row) {
    let desk = desk()
    desk.give(0, .short, row.yesterday, desk.rb)
    desk.giveToday(0, .short, row.today, desk.rb)
    expect(desk.split(desk.buy(row.lots)), row.children)
  }

  /// Elsewhere one closing child takes the oldest lots, of either day.
  @Test(arguments: [
    Row(yesterday: 5, today: 2, lots: 6, children: [(.close, 6)]),
    Row(yesterday: 5, today: 2, lots: 9, children: [(.close, 7), (.open, 2)]),
    Row(yesterday: 0, today: 2, lots: 2, children: [(.close, 2)]),
  ])
  func elsewhereOneChildCloses(_ row: Row) {
    let desk = desk()
    desk.give(0, .short, row.yesterday, desk.ore)
    desk.giveToday(0, .short, row.today, desk.ore)
    expect(desk.split(desk.buy(row.lots, of: desk.ore)), row.children)
  }

  private func expect(_ split: Split, _ children: [(Offset, Lots)]) {
    #expect(split.children.map(\.offset) == children.map(\.0))
    #expect(split.children.map(\.lots) == children.map(\.1))
    #expect(split.refusal.isNone)
  }

  @Test func aClosingOrderMayOpenAndAnOpeningOneClose() {
    let desk = desk()
    desk.give(0, .long, 5, desk.rb)
    expect(desk.split(desk.order(.sell, .open, 3)), [(.closeYesterday, 3)])
    expect(desk.split(desk.order(.buy, .closeToday, 3)), [(.open, 3)])
    expect(desk.split(desk.order(.sell, .closeToday, 7)), [(.closeYesterday, 5), (.open, 2)])
  }

  /// The fund account's position is that of the order's hedge flag.
  @Test func hedgeFlagsNeverMix() {
    let desk = desk()
    desk.give(0, .short, 5, desk.rb, hedge: .arbitrage)
    expect(desk.split(desk.buy(3)), [(.open, 3)])
    expect(
      desk.split(desk.order(.buy, .open, 3, hedge: .arbitrage)), [(.closeYesterday, 3)])
  }

  @Test func lotsThatAreBeingClosedAreGone() {
    let desk = desk()
    desk.give(0, .short, 5, desk.rb)
    desk.work(0, desk.order(.buy, .closeYesterday, 4))
    expect(desk.split(desk.buy(3)), [(.closeYesterday, 1), (.open, 2)])
  }

  /// decisions 27: limits bind what opens.
  @Test func withoutPermissionToOpenTheClosingPartIsSent() {
    let desk = desk()
    desk.give(0, .short, 5, desk.rb)
    desk.change(0) { $0.pointee.openPermission = false }
    let split = desk.split(desk.buy(8))
    #expect(split.children.map(\.offset) == [.closeYesterday])
    #expect(split.children.map(\.lots) == [5])
    #expect(split.refusal.rule == .fundOpenPermission)
  }

  /// decisions 29: several fund accounts by priority; each closes its own first.
  @Test func severalAccountsAreServedByPriority() {
    let desk = desk()
    desk.addFund(10_000_000, priority: 1)
    desk.give(0, .short, 5, desk.rb)
    desk.give(1, .short, 2, desk.rb)
    desk.limit(1, .fundPosition, desk.rebar) { $0.pointee.long = 1 }
    let split = desk.split(desk.buy(10))
    #expect(split.children.map(\.fund) == [0, 0, 1, 1])
    #expect(split.children.map(\.offset) == [.closeYesterday, .open, .closeYesterday, .open])
    #expect(split.children.map(\.lots) == [5, 2, 2, 1])
  }

  /// rules.md 2: children keep the multiple of the delivery month. Lots that don't make a multiple
  /// stay, and their opposite is opened: the net is the same.
  @Test(arguments: [
    Row(yesterday: 6, today: 0, lots: 6, children: [(.close, 6)]),
    Row(yesterday: 4, today: 0, lots: 6, children: [(.close, 3), (.open, 3)]),
    Row(yesterday: 2, today: 0, lots: 3, children: [(.open, 3)]),
    Row(yesterday: 2, today: 2, lots: 6, children: [(.close, 3), (.open, 3)]),
    Row(yesterday: 0, today: 7, lots: 3, children: [(.close, 3)]),
  ])
  func inTheDeliveryMonthEveryChildIsAMultiple(_ row: Row) {
    let desk = desk()
    desk.give(0, .short, row.yesterday, desk.oreNow)
    desk.giveToday(0, .short, row.today, desk.oreNow)
    expect(desk.split(desk.buy(row.lots, of: desk.oreNow)), row.children)
  }

  @Test(arguments: [
    Row(
      yesterday: 4, today: 5, lots: 9,
      children: [(.closeYesterday, 3), (.closeToday, 3), (.open, 3)]),
    Row(yesterday: 2, today: 5, lots: 6, children: [(.closeToday, 3), (.open, 3)]),
    Row(yesterday: 2, today: 2, lots: 3, children: [(.open, 3)]),
  ])
  func inTheDeliveryMonthAtSHFEEveryChildIsAMultiple(_ row: Row) {
    let desk = desk()
    desk.give(0, .short, row.yesterday, desk.rbNow)
    desk.giveToday(0, .short, row.today, desk.rbNow)
    expect(desk.split(desk.buy(row.lots, of: desk.rbNow)), row.children)
  }

  @Test func inTheDeliveryMonthWhatCannotOpenIsNotClosedOutOfTheMultiple() {
    let desk = desk()
    desk.give(0, .short, 4, desk.oreNow)
    desk.change(0) { $0.pointee.openPermission = false }
    let split = desk.split(desk.buy(6, of: desk.oreNow))
    #expect(split.children.map(\.offset) == [.close])
    #expect(split.children.map(\.lots) == [3])
    #expect(split.placed == 3)
  }

  /// funds-available: what the account has left after every hold of the order, the fee that its
  /// closing part freezes too, is not below the reserve. Five lots close at 3 yuan each.
  @Test(arguments: [(Int64(12_018), Lots(3)), (12_017, 2), (12_003, 2)])
  func theFeeOfTheClosingPartIsHeldBeforeTheRestOpens(_ available: Int64, _ opened: Lots) {
    let desk = RouteDesk(.netPosition)
    // 20 000 is the margin of the five lots.
    desk.addFund(20_000 + available)
    desk.give(0, .short, 5, desk.ore)
    #expect(desk.available(0) == Money(yuan: available))
    let split = desk.split(desk.buy(8, of: desk.ore))
    #expect(split.children.map(\.lots) == [5, opened])
    var left = desk.available(0)
    for child in split.children { left -= child.hold.margin + child.hold.fee }
    #expect(left >= .zero)
  }

  /// decisions 4: a freeze never refuses the close.
  @Test func withoutAnyMoneyTheClosingPartIsSent() {
    let desk = RouteDesk(.netPosition)
    desk.addFund(1_000)
    desk.give(0, .short, 5, desk.ore)
    #expect(desk.available(0) < .zero)
    #expect(desk.split(desk.buy(8, of: desk.ore)).children.map(\.lots) == [5])
  }
}
