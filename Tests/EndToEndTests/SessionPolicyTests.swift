import Domain
import Exchange
import Gateway
import Messages
import Testing
import Wire

@testable import Runtime

/// What an account's sessions mean to its orders and to each other.
@Suite(.timeLimit(.minutes(10))) struct SessionPolicyTests {
  /// A house in which alice's orders go when she does.
  static func house(graceSeconds: Int) throws -> House {
    try House(
      HouseFiles(alice: "cancelOnDisconnect: { orders: 'all', graceSeconds: \(graceSeconds) }"))
  }

  enum End: CaseIterable { case cut, goodbye }

  @Test(arguments: End.allCases)
  func whoIsGoneHasNoOrdersLeft(end: End) throws {
    let house = try Self.house(graceSeconds: 0)
    let first = try house.terminal("alice")
    for number in 1...3 {
      try first.place("a-\(number)")
      try first.report(.workingConfirmed, of: "a-\(number)")
    }
    let other = try house.terminal("alice", lastReport: 6)
    switch end {
    case .cut:
      first.socket.cut()
      try house.log.wait(for: "terminalLost account=alice")
    case .goodbye:
      try first.send(OrderEntry.Logout(reason: .requested))
      try first.waitForEnd()
    }
    // The other one is there still.
    try other.place("a-4")
    try other.report(.workingConfirmed, of: "a-4")
    #expect(!other.kinds.contains(.cancelled))
    switch end {
    case .cut: other.socket.cut()
    case .goodbye:
      try other.send(OrderEntry.Logout(reason: .requested))
      try other.waitForEnd()
    }
    try house.log.wait(for: "kind=disconnectCancel", "name=alice")
    let back = try house.terminal("alice")
    for number in 1...4 {
      let report = try back.report(.cancelled, of: "a-\(number)")
      #expect(report.state == .cancelled && report.leavesLots == 0)
    }
    let bob = try house.terminal("bob")
    try house.prove([back, bob])
  }

  @Test func whoIsBackInTimeKeepsTheOrders() throws {
    let house = try Self.house(graceSeconds: 3_600)
    let first = try house.terminal("alice")
    try first.place("a-1")
    try first.report(.workingConfirmed, of: "a-1")
    first.socket.cut()
    try house.log.wait(for: "terminalLost account=alice")
    let back = try house.terminal("alice", lastReport: 2)
    try back.place("a-1")
    #expect(try back.report(.restated, of: "a-1").state == .working)
    #expect(house.log.found("kind=disconnectCancel") == [])
  }

  /// A run that ended with somebody there, or waiting to be back: the time begins with the next
  /// run.
  @Test func theGraceTimeBeginsAnewWithTheNextRun() throws {
    let house = try Self.house(graceSeconds: 3)
    let alice = try house.terminal("alice")
    try alice.place("a-1")
    try alice.report(.workingConfirmed, of: "a-1")
    house.beginStop()
    try alice.waitForEnd()
    alice.socket.close()
    house.stop()
    #expect(house.log.found("kind=disconnectCancel") == [])
    try house.startAgain()
    try house.awaitLinks(times: 2)
    try house.log.wait(for: "kind=disconnectCancel", "name=alice")
    let back = try house.terminal("alice", lastReport: 2)
    try back.report(.cancelled, of: "a-1")
    // Epochs go on over the runs, and so do report numbers.
    let (before, after) = (try #require(alice.accepted), try #require(back.accepted))
    #expect(after.sessionEpoch > before.sessionEpoch)
    #expect(after.nextReportSequence > 2)
  }

  @Test func theNewestSessionTakesTheOldestOnesPlace() throws {
    let house = try House(HouseFiles(carol: "sessionsPolicy: 'drop-older'"))
    let first = try house.terminal("carol")
    let second = try house.terminal("carol")
    try first.waitForEnd()
    #expect(first.logout?.reason == .replaced)
    #expect(second.logout == nil)
    try second.place("c-1")
    try second.report(.workingConfirmed, of: "c-1")
  }

  @Test func aMassCancelIsAnsweredAndItsOrdersCarryItsID() throws {
    let house = try House()
    let alice = try house.terminal("alice")
    for number in 1...3 {
      try alice.place("a-\(number)")
      try alice.report(.workingConfirmed, of: "a-\(number)")
    }
    for (id, orders) in [("m-1", UInt32(3)), ("m-2", 0)] {
      try alice.send(
        OrderEntry.MassCancel(requestID: ClOrdID(id)!, account: Name("alice")!))
      try alice.wait(for: "the answer to \(id)") {
        $0.massCancels.last?.requestID == ClOrdID(id)
      }
      #expect(alice.massCancels.last?.orders == orders)
      for number in 1...3 {
        #expect(try alice.report(.cancelled, of: "a-\(number)").requestID == ClOrdID("m-1"))
      }
    }
  }

  /// The first order works: who asks again must hear so, however late.
  @Test func aLateRetryIsAnsweredFromTheStore() throws {
    let house = try House()
    let alice = try house.terminal("alice")
    var order = try alice.order("a-1")
    order.maximumAgeMilliseconds = 60_000
    order.sendingTime = StartedGateway.clock().real
    try alice.send(order)
    try alice.report(.workingConfirmed, of: "a-1")
    // The same body: the two fields are no part of it.
    order.maximumAgeMilliseconds = 1
    order.sendingTime = order.sendingTime.adding(seconds: -10)
    try alice.send(order)
    #expect(try alice.report(.restated, of: "a-1").state == .working)
    #expect(alice.rejects.isEmpty)
  }
}
