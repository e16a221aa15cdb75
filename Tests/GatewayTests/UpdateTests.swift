import Domain
import Engine
import Follower
import Messages
import Testing
import Wire

@testable import Gateway

/// Money and positions that are sent when they have changed.
@Suite struct UpdateTests {
  static let millisecond: Int64 = 1_000_000

  static func subscribe(
    _ kinds: OrderEntry.BookKinds, _ milliseconds: UInt32 = 100, _ account: String = "alice"
  ) -> OrderEntry.SubscribeAccount {
    OrderEntry.SubscribeAccount(
      requestNumber: 1, account: Name(account)!, kinds: kinds,
      intervalMilliseconds: milliseconds)
  }

  /// A follower that is told of a desk with one lot in rb2701, and a terminal that wants it all.
  static func desk(
    _ kinds: OrderEntry.BookKinds = [.funds, .positions]
  ) throws -> FollowedDesk {
    var desk = try FollowedDesk()
    let alice = try desk.logOn()
    desk.trade(GatewayDesk.order("a-1", lots: 1), filled: 1, from: alice)
    desk.desk.send(Self.subscribe(kinds), from: alice)
    desk.serve()
    desk.alice = alice
    return desk
  }

  @Test func everythingComesAtOnceThenOnlyWhatChangedNoMoreOftenThanAsked() throws {
    var desk = try Self.desk()
    let alice = desk.alice
    let first = desk.answer(alice)
    #expect(first.funds.count == 1 && first.positions.count == 1)
    #expect(first.funds.first?.requestNumber == 0)
    #expect(desk.follower.deadline == desk.now + 100 * Self.millisecond)

    // Two orders within the interval are one change of money and one of the position.
    for id in ["a-2", "a-3"] {
      desk.trade(
        GatewayDesk.order(id, instrument: "hc2701", lots: 1), filled: 1, from: alice)
    }
    desk.now += 99 * Self.millisecond
    desk.serve()
    #expect(desk.answer(alice).count == 0)
    desk.now += Self.millisecond
    desk.serve()
    let second = desk.answer(alice)
    #expect(second.funds.count == 1)
    #expect(second.positions.map(\.instrument) == [InstrumentCode("hc2701")!])
    #expect(second.positions.map(\.todayLots) == [2])

    // Nothing happened: nothing is said.
    desk.now += 1_000 * Self.millisecond
    desk.serve()
    #expect(desk.answer(alice).count == 0)
  }

  @Test func aPositionThatIsGoneIsToldAsGone() throws {
    var desk = try Self.desk([.positions])
    let alice = desk.alice
    #expect(desk.answer(alice).positions.map(\.todayLots) == [1])
    desk.trade(
      GatewayDesk.order("a-2", side: .sell, offset: .closeToday, lots: 1), filled: 1, from: alice)
    desk.now += 100 * Self.millisecond
    desk.serve()
    let answer = desk.answer(alice)
    #expect(answer.positions.map(\.todayLots) == [0])
    #expect(answer.funds.isEmpty)
  }

  @Test func twoSessionsOfAnAccountAreEachToldInTheirOwnTime() throws {
    var desk = try Self.desk([.funds])
    let alice = desk.alice
    let second = try desk.logOn()
    desk.desk.send(Self.subscribe([.funds], 300), from: second)
    desk.serve()
    _ = desk.answer(alice)
    #expect(desk.answer(second).funds.count == 1)
    var toldFirst = 0
    var toldSecond = 0
    for step in 0..<6 {
      desk.trade(GatewayDesk.order("s-\(step)", lots: 1), filled: 0, from: alice)
      _ = desk.desk.received(second)
      desk.now += 100 * Self.millisecond
      desk.serve()
      toldFirst += desk.answer(alice).funds.count
      toldSecond += desk.answer(second).funds.count
    }
    #expect(toldFirst == 6)
    #expect(toldSecond == 2)
  }

  @Test func anotherAccountIsNotToBeHadAndNoKindEndsIt() throws {
    var desk = try Self.desk()
    let alice = desk.alice
    _ = desk.answer(alice)
    desk.desk.send(Self.subscribe([.funds], 100, "bob"), from: alice)
    desk.serve()
    guard case .reject(let reject) = desk.desk.received(alice).first else {
      Issue.record("a subscription to another account is refused")
      return
    }
    #expect(reject.refTemplateID == OrderEntry.SubscribeAccount.templateID)
    desk.desk.send(Self.subscribe([]), from: alice)
    desk.serve()
    desk.trade(GatewayDesk.order("a-2", lots: 1), filled: 0, from: alice)
    desk.now += 1_000 * Self.millisecond
    desk.serve()
    #expect(desk.answer(alice).count == 0)
    #expect(desk.follower.deadline == .max)
  }

  @Test func aTerminalThatIsGoneIsForgottenWithTheNextUpdate() throws {
    var desk = try Self.desk()
    let alice = desk.alice
    desk.desk.gateway.terminalClosed(alice)
    desk.desk.turn()
    let again = try desk.logOn()
    desk.trade(GatewayDesk.order("a-2", lots: 1), filled: 0, from: again)
    desk.now += 100 * Self.millisecond
    desk.serve()
    desk.serve()
    #expect(desk.answer(again).count == 0)
    #expect(desk.follower.deadline == .max)
  }

  @Test func whatFoundNoRoomIsToldWhenThereIsSome() throws {
    var desk = try Self.desk()
    let alice = desk.alice
    _ = desk.answer(alice)
    for index in 0..<40 {
      desk.trade(GatewayDesk.order("p-\(index)", lots: 1), filled: 0, from: alice)
    }
    // Rows fill the half of the output that is not for reports; updates find no room.
    desk.desk.stuck = [.terminal(alice)]
    for number in UInt32(1)...60 {
      desk.desk.send(
        FollowedDesk.query(number < 10 ? .orders : .funds, number: number), from: alice)
      desk.serve()
    }
    desk.now += 100 * Self.millisecond
    desk.serve()
    desk.desk.stuck = []
    desk.desk.gateway.outputDrained(.terminal(alice))
    desk.desk.turn()
    let blocked = desk.desk.received(alice).filter {
      if case .account(let update) = $0 { update.requestNumber == 0 } else { false }
    }
    #expect(blocked.isEmpty)
    desk.now += 100 * Self.millisecond
    desk.serve()
    let answer = desk.answer(alice)
    #expect(answer.funds.count == 1)
    #expect(answer.positions.map(\.workingOpenLots) == [40])
  }

  @Test(arguments: [
    (UInt32(0), Int64(500)), (1, 50), (49, 50), (50, 50), (51, 51), (60_000, 60_000),
    (60_001, 60_000), (.max, 60_000),
  ])
  func intervalsAreHeldWithinTheirBounds(_ asked: UInt32, _ milliseconds: Int64) throws {
    var desk = try FollowedDesk()
    let alice = try desk.logOn()
    desk.desk.send(Self.subscribe([.funds], asked), from: alice)
    desk.serve()
    #expect(desk.follower.deadline == desk.now + milliseconds * Self.millisecond)
  }
}
