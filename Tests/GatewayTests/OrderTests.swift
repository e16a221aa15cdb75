import Domain
import Engine
import Journal
import Messages
import Testing
import Wire

@testable import Gateway

/// The path of an order, byte by byte from the terminal to the counter and back.
@Suite struct OrderTests {
  static let first = LinkID(index: 0)

  @Test func anOrderBecomesAChildAndItsReportsComeBack() throws {
    var desk = try GatewayDesk()
    let alice = try desk.logOn()
    _ = desk.received(alice)
    desk.send(GatewayDesk.order("a-1"), from: alice)
    desk.turn()
    desk.settle()

    let accepted = desk.reports(alice)
    #expect(accepted.map(\.execType) == [.new])
    #expect(accepted[0].clOrdID == ClOrdID("a-1"))
    #expect(accepted[0].account == Name("alice"))
    #expect(accepted[0].instrument == InstrumentCode("rb2701"))
    #expect(accepted[0].exchange == .shfe)
    #expect(accepted[0].reportSequence == 1)
    #expect(accepted[0].refusal.rule == 0)

    let children = desk.orders(at: Self.first)
    #expect(children.count == 1)
    let child = try #require(children.first)
    #expect(child.lots == 2)
    #expect(child.price == SmallHouse.price(3_500))
    #expect(child.exchange == .shfe)

    let report = desk.counters[Self.first]!.accepted(child.childOrderID)
    let trade = desk.counters[Self.first]!.filled(child, lots: 2)
    desk.send(report, from: Self.first)
    desk.send(trade, from: Self.first)
    desk.turn()
    let reports = desk.reports(alice)
    #expect(reports.map(\.execType) == [.workingConfirmed, .trade])
    #expect(reports.last?.state == .filled)
    #expect(reports.last?.lastLots == 2)
    #expect(reports.last?.tradeID == trade.tradeID)
  }

  @Test func manyMessagesInOneReadAndOneMessageInManyReads() throws {
    var desk = try GatewayDesk()
    let alice = try desk.logOn()
    _ = desk.received(alice)
    let messages = (0..<40).flatMap { GatewayDesk.bytes(GatewayDesk.order("m-\($0)", lots: 1)) }
    desk.deliver(messages, from: .terminal(alice))
    desk.turn()
    #expect(desk.reports(alice).count == 40)
    for byte in GatewayDesk.bytes(GatewayDesk.order("slow", lots: 1)) {
      desk.deliver([byte], from: .terminal(alice))
      desk.turn()
    }
    #expect(desk.reports(alice).map(\.clOrdID) == [ClOrdID("slow")])
  }

  @Test func allBytesForAPeerInATurnLeaveInOneWrite() throws {
    var desk = try GatewayDesk()
    let alice = try desk.logOn()
    let before = desk.writes
    let messages = (0..<20).flatMap { GatewayDesk.bytes(GatewayDesk.order("m-\($0)", lots: 1)) }
    desk.deliver(messages, from: .terminal(alice))
    desk.turn()
    for peer in [Peer.terminal(alice), .link(Self.first)] {
      #expect(desk.writes[peer, default: 0] - before[peer, default: 0] == 1)
    }
  }

  @Test func nothingLeavesBeforeTheJournalHasIt() throws {
    var desk = try GatewayDesk()
    let alice = try desk.logOn()
    _ = desk.received(alice)
    let stored = desk.file.bytes.count
    desk.send(GatewayDesk.order("a-1"), from: alice)
    let isStored = desk.gateway.sequencer.isStored
    #expect(!isStored)
    #expect(desk.received(alice).isEmpty)
    desk.turn()
    #expect(desk.file.bytes.count > stored)
    #expect(desk.reports(alice).count == 1)
  }

  @Test func theSameOrderAgainIsAnsweredAndNotPlacedAgain() throws {
    var desk = try GatewayDesk()
    let alice = try desk.logOn()
    let other = try desk.logOn()
    for id in [alice, other] { _ = desk.received(id) }
    desk.send(GatewayDesk.order("a-1"), from: alice)
    desk.send(GatewayDesk.order("a-1"), from: alice)
    desk.turn()
    desk.settle()
    #expect(desk.reports(alice).map(\.execType) == [.new, .restated])
    // The stored answer is for who asked again.
    #expect(desk.reports(other).map(\.execType) == [.new])
    #expect(desk.orders(at: Self.first).count == 1)
    desk.send(GatewayDesk.order("a-1", lots: 3), from: alice)
    desk.turn()
    let rejected = desk.reports(alice)
    #expect(rejected.map(\.execType) == [.rejected])
    #expect(rejected.first?.refusal.rule == RuleID.duplicateOrder.rawValue)
  }

  @Test func anUnknownInstrumentIsRefusedByRule() throws {
    var desk = try GatewayDesk()
    let alice = try desk.logOn()
    _ = desk.received(alice)
    desk.send(GatewayDesk.order("a-1", instrument: "zz9999"), from: alice)
    desk.turn()
    let reports = desk.reports(alice)
    #expect(reports.map(\.execType) == [.rejected])
    #expect(reports.first?.refusal.rule == RuleID.unknownInstrument.rawValue)
  }

  @Test func anExchangeNobodyKnowsIsNotByCodeAlone() throws {
    var desk = try GatewayDesk()
    let alice = try desk.logOn()
    _ = desk.received(alice)
    var order = GatewayDesk.bytes(GatewayDesk.order("a-1"))
    order[14 + 84] = 77
    desk.deliver(order, from: .terminal(alice))
    desk.turn()
    #expect(
      desk.reports(alice).map(\.refusal.rule) == [RuleID.unknownInstrument.rawValue])
    var ticks = GatewayDesk.bytes(
      OrderEntry.SubscribeTicks(
        instruments: [.init(instrument: GatewayDesk.order("a-1").instrument)]))
    ticks[14 + 4 + 32] = 77
    desk.deliver(ticks, from: .terminal(alice))
    desk.turn()
    guard case .reject(let reject)? = desk.received(alice).first else {
      Issue.record("no BusinessReject")
      return
    }
    #expect(reject.refusal.rule == RuleID.unknownInstrument.rawValue)
  }

  @Test func anOrderForAnotherAccountIsRejectedAndMakesNoOrder() throws {
    var desk = try GatewayDesk()
    let alice = try desk.logOn()
    _ = desk.received(alice)
    desk.send(GatewayDesk.order("a-1", account: "bob"), from: alice)
    desk.turn()
    guard case .reject(let reject)? = desk.received(alice).first else {
      Issue.record("no BusinessReject")
      return
    }
    #expect(reject.refusal.rule == RuleID.badCommand.rawValue)
    #expect(reject.refRequestID == ClOrdID("a-1"))
    #expect(desk.orders(at: Self.first).isEmpty)
  }

  @Test func anOrderOlderThanItsBoundIsRejected() throws {
    var desk = try GatewayDesk()
    let alice = try desk.logOn()
    _ = desk.received(alice)
    var order = GatewayDesk.order("a-1")
    order.maximumAgeMilliseconds = 100
    order.sendingTime = SmallHouse.start.adding(nanoseconds: -101_000_000)
    desk.send(order, from: alice)
    order.sendingTime = SmallHouse.start.adding(nanoseconds: -100_000_000)
    desk.send(order, from: alice)
    desk.turn()
    let received = desk.received(alice)
    guard case .reject(let reject)? = received.first, case .report(let report)? = received.last
    else {
      Issue.record("\(received)")
      return
    }
    #expect(reject.refusal.rule == RuleID.staleOrder.rawValue)
    #expect(reject.refusal.observed == 101)
    #expect(report.execType == .new)
  }

  @Test func aCancelReachesTheCounter() throws {
    var desk = try GatewayDesk()
    let alice = try desk.logOn()
    desk.send(GatewayDesk.order("a-1"), from: alice)
    desk.turn()
    desk.settle()
    desk.send(
      OrderEntry.CancelOrder(
        requestID: ClOrdID("c-1")!, account: Name("alice")!, targetClOrdID: ClOrdID("a-1")!),
      from: alice)
    desk.turn()
    desk.settle()
    #expect(desk.counters[Self.first]?.cancels.count == 1)
  }

  @Test func aMassCancelOfAnUnknownInstrumentCancelsNothing() throws {
    var desk = try GatewayDesk()
    let alice = try desk.logOn()
    desk.send(GatewayDesk.order("a-1"), from: alice)
    desk.turn()
    _ = desk.received(alice)
    desk.send(
      OrderEntry.MassCancel(
        requestID: ClOrdID("c-1")!, account: Name("alice")!,
        instrument: InstrumentCode("zz9999")!), from: alice)
    desk.turn()
    desk.settle()
    guard case .reject(let reject)? = desk.received(alice).first else {
      Issue.record("no BusinessReject")
      return
    }
    #expect(reject.refusal.rule == RuleID.unknownInstrument.rawValue)
    #expect(reject.refusal.scopeName == Name("zz9999"))
    #expect(desk.counters[Self.first]?.cancels.isEmpty == true)
  }

  /// 0 means both sides; a code that nobody knows must not.
  @Test func aMassCancelOfAnUnknownSideCancelsNothing() throws {
    var desk = try GatewayDesk()
    let alice = try desk.logOn()
    desk.send(GatewayDesk.order("a-1"), from: alice)
    desk.turn()
    _ = desk.received(alice)
    var bytes = GatewayDesk.bytes(
      OrderEntry.MassCancel(requestID: ClOrdID("c-1")!, account: Name("alice")!, side: .sell))
    let side = Framing.framingHeaderLength + Framing.messageHeaderLength + 85
    #expect(bytes[side] == Side.sell.wireCode)
    bytes[side] = 7
    desk.deliver(bytes, from: .terminal(alice))
    desk.turn()
    desk.settle()
    guard case .reject(let reject)? = desk.received(alice).first else {
      Issue.record("no BusinessReject")
      return
    }
    #expect(reject.refusal.rule == RuleID.badSide.rawValue)
    #expect(desk.counters[Self.first]?.cancels.isEmpty == true)
  }

  @Test func everySessionOfTheAccountHearsOfItAndNobodyElse() throws {
    var desk = try GatewayDesk()
    let alice = try desk.logOn()
    let again = try desk.logOn()
    let bob = try desk.logOn("bob")
    for id in [alice, again, bob] { _ = desk.received(id) }
    desk.send(GatewayDesk.order("a-1"), from: alice)
    desk.turn()
    #expect(desk.reports(alice).count == 1)
    #expect(desk.reports(again).count == 1)
    #expect(desk.reports(bob).isEmpty)
  }

  @Test func aRunIsReplayedToTheSameOutcomesAndState() throws {
    var desk = try GatewayDesk()
    let alice = try desk.logOn()
    let bob = try desk.logOn("bob")
    for index in 0..<30 {
      desk.send(
        GatewayDesk.order("a-\(index)", price: 3_400 + Int64(index * 20), lots: Lots(index % 5)),
        from: alice)
      desk.send(GatewayDesk.order("b-\(index)", account: "bob", side: .sell), from: bob)
      desk.turn()
      desk.settle()
      for child in desk.orders(at: Self.first).suffix(1) {
        let trade = desk.counters[Self.first]!.filled(child, lots: 1)
        desk.send(trade, from: Self.first)
      }
      desk.pass(GatewayDesk.second / 10)
    }
    desk.turn()
    let hash = desk.hash
    var replay = try ReplayTests.replay(desk.file)
    while try replay.next() {}
    let replayed = replay.engine.stateHash
    #expect(replayed == hash)
    let isWhole = !replay.lacksOutcome
    #expect(isWhole)
  }
}
