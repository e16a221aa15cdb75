import Domain
import Engine
import Journal
import Messages
import Session
import Testing
import Wire

@testable import Gateway

/// How many sessions an account may have, and what becomes of its orders without one.
@Suite struct SessionPolicyTests {
  static let first = LinkID(index: 0)

  static func set(
    _ desk: inout GatewayDesk, _ setting: AccountSetting, _ value: Int64
  ) {
    let isTaken = desk.gateway.take(
      .setAccount(SetAccount(account: SmallHouse.alice, setting: setting, value: value)))
    #expect(isTaken)
  }

  static func place(_ desk: inout GatewayDesk, _ id: String, from terminal: TerminalID) {
    desk.send(GatewayDesk.order(id), from: terminal)
    desk.turn()
    desk.settle()
  }

  // MARK: Places

  @Test func theNewestSessionTakesTheOldestOnesPlace() throws {
    var desk = try GatewayDesk()
    Self.set(&desk, .dropsOlderSession, 1)
    var terminals: [TerminalID] = []
    for count in 1...4 {
      let terminal = try desk.logOn()
      #expect(SessionTests.accepted(desk.received(terminal)) != nil)
      terminals.append(terminal)
      guard count > 2 else { continue }
      // alice may have two: the one in front of those is told why it ends.
      let end = SessionTests.logout(desk.received(terminals[count - 3]))
      #expect(end?.reason == .replaced)
      #expect(SessionTests.logout(desk.received(terminals[count - 2])) == nil)
      let open = desk.gateway.sessionCount
      #expect(open == 2)
    }
    // A wrong password drops nobody.
    let stranger = try desk.logOn(password: "wrong")
    #expect(SessionTests.logout(desk.received(stranger))?.reason == .refused)
    #expect(SessionTests.logout(desk.received(terminals[2])) == nil)
    // Fewer are allowed: the next one makes all the room.
    Self.set(&desk, .sessions, 1)
    let last = try desk.logOn()
    for terminal in terminals.suffix(2) {
      #expect(SessionTests.logout(desk.received(terminal))?.reason == .replaced)
    }
    #expect(SessionTests.accepted(desk.received(last)) != nil)
    let open = desk.gateway.sessionCount
    #expect(open == 1)
  }

  @Test func unlessTheAccountIsSetSoTheNewerOneIsRefused() throws {
    var desk = try GatewayDesk()
    let old = [try desk.logOn(), try desk.logOn()]
    for terminal in old { _ = desk.received(terminal) }
    let newer = try desk.logOn()
    let logout = SessionTests.logout(desk.received(newer))
    #expect(logout?.reason == .refused)
    #expect(logout?.rule == RuleID.oneSession.rawValue)
    for terminal in old { #expect(desk.received(terminal).isEmpty) }
    // One that is being ended, its last words unread, has left its place.
    desk.closesConnections = false
    desk.send(OrderEntry.Logout(reason: .requested), from: old[0])
    let next = try desk.logOn()
    #expect(SessionTests.accepted(desk.received(next)) != nil)
  }

  // MARK: Cancel on disconnect

  @Test(arguments: [false, true])
  func whoIsGoneForTooLongHasNoOrdersLeft(saysGoodbye: Bool) throws {
    var desk = try GatewayDesk()
    Self.set(&desk, .cancelOnDisconnect, 2)
    Self.set(&desk, .disconnectGraceSeconds, 5)
    let alice = try desk.logOn()
    Self.place(&desk, "a-1", from: alice)
    if saysGoodbye {
      desk.send(OrderEntry.Logout(reason: .requested), from: alice)
    } else {
      desk.gateway.terminalClosed(alice)
    }
    desk.turn()
    desk.pass(5 * GatewayDesk.second - 1)
    desk.settle()
    #expect(desk.counters[Self.first]?.cancels.isEmpty == true)
    // The gateway's beat wakes the engine when its time has come.
    desk.pass(1)
    desk.settle()
    #expect(desk.counters[Self.first]?.cancels.count == 1)
    var replay = try ReplayTests.replay(desk.file)
    while try replay.next() {}
    let (replayed, hash) = (replay.engine.stateHash, desk.hash)
    #expect(replayed == hash)
  }

  @Test func whoIsBackInTimeKeepsTheOrders() throws {
    var desk = try GatewayDesk()
    Self.set(&desk, .cancelOnDisconnect, 2)
    Self.set(&desk, .disconnectGraceSeconds, 5)
    let alice = try desk.logOn()
    Self.place(&desk, "a-1", from: alice)
    desk.gateway.terminalClosed(alice)
    desk.pass(4 * GatewayDesk.second)
    let again = try desk.logOn(lastReport: 1)
    desk.pass(4 * GatewayDesk.second)
    #expect(desk.counters[Self.first]?.cancels.isEmpty == true)
    // A session that takes the place of another is no loss either.
    Self.set(&desk, .dropsOlderSession, 1)
    Self.set(&desk, .sessions, 1)
    Self.set(&desk, .disconnectGraceSeconds, 0)
    let newest = try desk.logOn(lastReport: 1)
    #expect(SessionTests.logout(desk.received(again))?.reason == .replaced)
    desk.settle()
    #expect(desk.counters[Self.first]?.cancels.isEmpty == true)
    desk.gateway.terminalClosed(newest)
    desk.settle()
    #expect(desk.counters[Self.first]?.cancels.count == 1)
  }

  /// Without a grace time a stop cancels while there are links.
  @Test func aStopCancelsWhatItsSessionsLeaveBehind() throws {
    var desk = try GatewayDesk()
    Self.set(&desk, .cancelOnDisconnect, 1)
    let alice = try desk.logOn()
    Self.place(&desk, "a-1", from: alice)
    desk.gateway.leave()
    desk.settle()
    #expect(desk.counters[Self.first]?.cancels.count == 1)
    #expect(desk.counters[Self.first]?.saidGoodbye == true)
  }

  /// What a run left behind waits from the start of the next one.
  @Test func aNewRunBeginsTheGraceTimeAnew() throws {
    var desk = try GatewayDesk()
    Self.set(&desk, .cancelOnDisconnect, 2)
    Self.set(&desk, .disconnectGraceSeconds, 5)
    let alice = try desk.logOn()
    Self.place(&desk, "a-1", from: alice)
    desk.gateway.terminalClosed(alice)
    desk.turn()
    // An hour in which nothing ran.
    desk.skip(3_600 * GatewayDesk.second)
    let isDone = desk.gateway.endLastRun()
    #expect(isDone)
    desk.turn()
    desk.pass(5 * GatewayDesk.second - 1)
    desk.settle()
    #expect(desk.counters[Self.first]?.cancels.isEmpty == true)
    let end = desk.gateway.sequencer.engine.nextDeadline
    let began = desk.clock.real.adding(nanoseconds: 1 - 5 * GatewayDesk.second)
    #expect(end == began.adding(seconds: 5))
  }

  // MARK: Mass cancels

  @Test func aMassCancelIsAnsweredAlsoWhenThereIsNothingToCancel() throws {
    var desk = try GatewayDesk()
    let alice = try desk.logOn()
    Self.place(&desk, "a-1", from: alice)
    Self.place(&desk, "a-2", from: alice)
    let again = try desk.logOn()
    for terminal in [alice, again] { _ = desk.received(terminal) }
    desk.send(
      OrderEntry.MassCancel(requestID: ClOrdID("all")!, account: Name("alice")!), from: alice)
    desk.turn()
    desk.settle()
    let answers = Self.massCancels(desk.received(alice))
    #expect(answers.map(\.requestID) == [ClOrdID("all")!])
    #expect(answers.map(\.orders) == [2])
    #expect(answers.first?.account == Name("alice"))
    #expect(answers.first?.tradingDay == SmallHouse.day)
    // It is the asking session's alone; the orders' ends are everybody's, with its id.
    for cancel in desk.counters[Self.first]!.cancels {
      let report = desk.counters[Self.first]!.cancelled(cancel.childOrderID)
      desk.send(report, from: Self.first)
    }
    desk.turn()
    for terminal in [alice, again] {
      let heard = desk.received(terminal)
      #expect(Self.massCancels(heard).isEmpty)
      let ends = heard.compactMap { received in
        if case .report(let report) = received { return report }
        return nil
      }
      #expect(ends.map(\.execType) == [.cancelled, .cancelled])
      #expect(ends.map(\.requestID) == [ClOrdID("all")!, ClOrdID("all")!])
    }
    desk.send(
      OrderEntry.MassCancel(requestID: ClOrdID("more")!, account: Name("alice")!), from: alice)
    desk.turn()
    #expect(Self.massCancels(desk.received(alice)).map(\.orders) == [0])
  }

  /// The message came with version 2 of the schema.
  @Test func aTerminalOfAnOlderVersionIsSentNothingNewer() throws {
    var desk = try GatewayDesk()
    let alice = try desk.logOn(schemaVersion: 1)
    _ = desk.received(alice)
    desk.send(
      OrderEntry.MassCancel(requestID: ClOrdID("all")!, account: Name("alice")!), from: alice)
    desk.turn()
    #expect(desk.received(alice).isEmpty)
  }

  static func massCancels(_ received: [Received]) -> [OrderEntry.MassCancelReport] {
    received.compactMap { if case .massCancel(let report) = $0 { report } else { nil } }
  }
}
