import Client
import Domain
import Engine
import Follower
import Ledger
import Messages
import Testing
import Wire

@testable import Gateway

/// Pictures of accounts for who does not read, in slices, over days and for nobody.
@Suite struct DeskAccountsFlowTests {
  /// Pages are as small as they can be, and so is what may wait: a picture takes many of them.
  static var tightOutput: GatewayLimits {
    var limits = GatewayDesk.limits
    limits.terminalOutputBytes = 16 * 1024
    return limits
  }

  /// Positions in every instrument, working orders, both accounts.
  static func crowded(_ limits: FollowerLimits = FollowedDesk.limits) throws -> FollowedDesk {
    var desk = try FollowedDesk.watched(limits: limits, gateway: tightOutput)
    for (index, code) in SmallHouse.instrumentCodes.enumerated() {
      for side in [Side.buy, .sell] {
        desk.trade(
          GatewayDesk.order("\(code)-\(side)", instrument: code, side: side, lots: 2),
          filled: Lots(index % 2 + 1), from: desk.alice)
      }
    }
    for index in 0..<40 {
      desk.trade(
        GatewayDesk.order("rest-\(index)", price: 3_300 + Int64(index), lots: 1), filled: 0,
        from: desk.alice)
    }
    return desk
  }

  private static func picture(_ desk: inout FollowedDesk) throws -> AccountsBoard.Picture {
    let chief = try desk.logOnDesk("chief")
    desk.subscribe(.all, from: chief)
    var board = AccountsBoard()
    for event in desk.drawn(chief) { board.take(event) }
    return try #require(board.pictures[7])
  }

  /// However little may be looked at in one pass, the picture is the same.
  @Test(arguments: [1, 3, 100]) func slicesMakeTheSamePicture(looks: Int) throws {
    var whole = try Self.crowded()
    var limits = FollowedDesk.limits
    limits.watchLooksPerPass = looks
    var sliced = try Self.crowded(limits)
    let expected = try Self.picture(&whole)
    let found = try Self.picture(&sliced)
    #expect(expected.isWhole && expected.orders.count >= 40 && expected.positions.count >= 6)
    #expect(found == expected)
  }

  /// Who does not read costs a few pages and is not cut; when he reads he gets the newest of each
  /// row, once, and nobody else waits for him.
  @Test func whoDoesNotReadGetsTheNewestWhenHeDoes() throws {
    var desk = try Self.crowded()
    let slow = try desk.logOnDesk("chief")
    let other = try desk.logOnDesk("junior")
    desk.subscribe(.all, from: slow)
    desk.subscribe(.accounts, from: other)
    desk.desk.stuck = [.terminal(slow)]
    for step in 0..<30 {
      desk.trade(GatewayDesk.order("s-\(step)", lots: 1), filled: 0, from: desk.alice)
      desk.now += 100 * FollowedDesk.millisecond
      desk.serve()
      desk.serve()
    }
    let told = Rows(desk.desk.desk(other).accounts)
    #expect(told.accounts.count >= 25)
    let pages = desk.desk.gateway.counts.accountPages
    desk.desk.stuck = []
    desk.desk.gateway.outputDrained(.terminal(slow))
    desk.desk.turn()
    var events = desk.desk.desk(slow).accounts + desk.drawn(slow)
    let late = Rows(events)
    #expect(late.ends.isEmpty)
    #expect(late.accounts.filter { $0.account.string == "alice" }.count <= 2)
    #expect(pages < 60)
    events += desk.drawn(slow, after: 100)
    var board = AccountsBoard()
    for event in events { board.take(event) }
    let engine = desk.desk.gateway.sequencer.engine.ledger
      .holder(HolderID(SmallHouse.alice.raw)).pointee
    let row = board.pictures[7]?.accounts[Name("alice")!]
    #expect(row?.available == engine.available)
    #expect(row?.workingOrders == UInt32(engine.workingOrders))
    #expect(board.pictures[7]?.orders.count == Int(engine.workingOrders))
  }

  /// Answers fill the half of the output that pages may take.
  private static func fillOutput(of id: TerminalID, _ desk: inout FollowedDesk) {
    for number in UInt64(1)...110 {
      desk.desk.send(
        DeskProtocol.Control(
          requestID: number, kind: .barOpening, scopeKind: .operationAccount,
          name: Name("nobody")!, reason: FixedText("because")!), from: id)
      desk.desk.turn()
    }
  }

  /// An order was told as it works, and the page that told of its fill was lost: it ends before the
  /// page is drawn again, and that it is over is told all the same.
  @Test(arguments: [true, false])
  func anOrderThatEndsWhileItsPageIsLostIsToldToBeOver(isFilled: Bool) throws {
    var desk = try FollowedDesk.watched(gateway: Self.tightOutput)
    let chief = try desk.logOnDesk("chief")
    desk.subscribe(.orders, from: chief)
    let link = LinkID(index: 0)
    desk.trade(GatewayDesk.order("x-1", lots: 3), filled: 0, from: desk.alice)
    let child = try #require(desk.desk.orders(at: link).last)
    var board = AccountsBoard()
    for event in desk.drawn(chief, after: 100) { board.take(event) }
    #expect(board.pictures[7]?.orders.values.map(\.leavesLots) == [3])

    desk.desk.stuck = [.terminal(chief)]
    Self.fillOutput(of: chief, &desk)
    desk.desk.send(desk.desk.counters[link]!.filled(child, lots: 1), from: link)
    desk.settle()
    desk.now += 100 * FollowedDesk.millisecond
    for _ in 0..<3 { desk.serve() }
    #expect(desk.desk.gateway.counts.accountPagesAgain == 1)
    // It ends while nothing can be drawn.
    if isFilled {
      desk.desk.send(desk.desk.counters[link]!.filled(child, lots: 2), from: link)
    } else {
      var cancelled = desk.desk.counters[link]!.cancelled(child.childOrderID)
      cancelled.cumulativeLots = 1
      desk.desk.send(cancelled, from: link)
    }
    desk.settle()

    desk.desk.stuck = []
    desk.desk.gateway.outputDrained(.terminal(chief))
    desk.desk.turn()
    let events = desk.desk.desk(chief).accounts + desk.drawn(chief, after: 100)
    #expect(Rows(events).orders.last?.state == (isFilled ? .filled : .cancelled))
    for event in events { board.take(event) }
    #expect(board.pictures[7]?.orders.isEmpty == true)
  }

  /// A page that found no room is drawn again when there is some, as things are then.
  @Test func aPageThatFoundNoRoomIsDrawnAgain() throws {
    var desk = try Self.crowded()
    let chief = try desk.logOnDesk("chief")
    desk.subscribe([.accounts, .positions], from: chief)
    _ = desk.drawn(chief)
    desk.trade(GatewayDesk.order("x-1", lots: 1), filled: 1, from: desk.alice)
    desk.desk.stuck = [.terminal(chief)]
    Self.fillOutput(of: chief, &desk)
    desk.now += 100 * FollowedDesk.millisecond
    desk.serve()
    desk.serve()
    #expect(desk.desk.gateway.counts.accountPagesAgain == 1)
    desk.trade(GatewayDesk.order("x-2", lots: 1), filled: 1, from: desk.alice)
    desk.desk.stuck = []
    desk.desk.gateway.outputDrained(.terminal(chief))
    desk.desk.turn()
    let rows = Rows(desk.desk.desk(chief).accounts + desk.drawn(chief))
    #expect(rows.accounts.map { $0.account.string } == ["alice"])
    #expect(rows.positions.map(\.todayLots) == [3])
    #expect(rows.completes.map(\.rows) == [2])
  }

  @Test func aTradingDayBeginsAWholePicture() throws {
    var desk = try Self.crowded()
    let chief = try desk.logOnDesk("chief")
    desk.subscribe([.accounts, .orders], from: chief)
    #expect(Rows(desk.drawn(chief)).orders.count >= 40)
    let next = TradingDay(yyyymmdd: 20_261_124)!
    for index in SmallHouse.instrumentCodes.indices {
      desk.take(
        .settlementPrice(
          SettlementPrice(
            instrument: InstrumentID(UInt32(index)), price: SmallHouse.price(3_500))))
    }
    desk.take(.daySwitch(DaySwitch(tradingDay: next, nightDate: 20_261_123)))
    desk.settle()
    let rows = Rows(desk.drawn(chief, after: 1_000))
    #expect(rows.begins.map(\.tradingDay) == [next])
    #expect(rows.begins.map(\.picture) == [2])
    // Day orders expired with the day before.
    #expect(rows.orders.isEmpty)
    #expect(rows.accounts.count == 2)
  }

  /// The follower's books can't be trusted any more: who looks at them is told, and no row follows.
  @Test func booksThatAreNotToBeTrustedAreNotShown() throws {
    // An engine with less room answers the second order otherwise.
    var capacities = SmallHouse.capacities
    capacities.orders = 1
    var desk = try FollowedDesk.watched(capacities: capacities)
    let chief = try desk.logOnDesk("chief")
    desk.subscribe(.accounts, from: chief)
    _ = desk.drawn(chief)
    desk.trade(GatewayDesk.order("a-1", lots: 1), filled: 0, from: desk.alice)
    #expect(Rows(desk.drawn(chief, after: 100)).count == 1)
    desk.trade(GatewayDesk.order("a-2", lots: 1), filled: 0, from: desk.alice)
    #expect(desk.follower.fault != nil)
    let rows = Rows(desk.drawn(chief, after: 100))
    #expect(rows.ends.map(\.reason) == [.unavailable])
    #expect(rows.count == 0)
    desk.subscribe(.accounts, number: 8, from: chief)
    let late = Rows(desk.drawn(chief))
    #expect(late.ends.map(\.requestID) == [8])
  }
}
