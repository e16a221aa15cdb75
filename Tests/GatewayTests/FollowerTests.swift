import Domain
import Engine
import Follower
import Journal
import Ledger
import Messages
import Rings
import Testing
import Wire

@testable import Gateway

/// The follower keeps up with the journal, wherever its bytes come from.
@Suite struct FollowerTests {
  /// Orders, fills, cancels, prices and cash as they fall.
  static func act(_ desk: inout FollowedDesk, _ draw: inout Draw, _ id: TerminalID, _ step: Int) {
    let link = LinkID(index: 0)
    switch draw.below(8) {
    case 0...3:
      let isBuying = draw.below(2) == 0
      desk.desk.send(
        GatewayDesk.order(
          "r-\(step)", instrument: SmallHouse.instrumentCodes[draw.below(4)],
          side: isBuying ? .buy : .sell, offset: draw.below(3) == 0 ? .closeToday : .open,
          price: Int64(3_400 + draw.below(200)), lots: Lots(1 + draw.below(3))),
        from: id)
    case 4:
      desk.desk.send(
        OrderEntry.MassCancel(requestID: ClOrdID("m-\(step)")!, account: Name("alice")!), from: id)
    case 5:
      guard let child = desk.desk.orders(at: link).last else { return }
      desk.desk.send(desk.desk.counters[link]!.accepted(child.childOrderID), from: link)
      desk.desk.send(desk.desk.counters[link]!.filled(child, lots: 1), from: link)
    case 6:
      _ = desk.desk.gateway.take(
        .moveCash(
          MoveCash(
            account: SmallHouse.alice, allowedLoss: Money(yuan: Int64(draw.below(2_000)) - 900),
            notToLose: .zero)))
    default:
      desk.desk.send(
        CounterProtocol.Tick(
          instrument: InstrumentCode("rb2701")!, exchange: .shfe, tradingDay: SmallHouse.day,
          time: SmallHouse.start, last: SmallHouse.price(Int64(3_400 + draw.below(200)))),
        from: link)
    }
    desk.desk.settle()
    _ = desk.desk.received(id)
  }

  struct Draw {
    var state: UInt64
    mutating func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
  }

  /// A ring that takes everything, one that is full most of the time, and one that takes nothing:
  /// the state is the deciding engine's, bit by bit.
  @Test(arguments: [1 << 20, 4_096, 64], UInt64(1)...12)
  func theFollowersStateIsTheEngines(_ ringBytes: Int, _ seed: UInt64) throws {
    var limits = FollowedDesk.limits
    limits.journalRingBytes = ringBytes
    var desk = try FollowedDesk(limits: limits)
    let alice = try desk.logOn()
    var draw = Draw(state: seed)
    for step in 0..<120 {
      Self.act(&desk, &draw, alice, step)
      // It is told at once, or only now and then.
      if draw.below(3) > 0 { desk.offer() }
      if draw.below(5) == 0 { desk.follow() }
    }
    desk.offer()
    desk.follow()
    #expect(desk.follower.fault == nil, "seed \(seed)")
    let sequence = desk.follower.sequence
    let live = desk.desk.gateway.sequencer.engine.sequence
    #expect(sequence == live, "seed \(seed)")
    let hash = desk.follower.stateHash
    let expected = desk.desk.hash
    #expect(hash == expected, "seed \(seed)")
    // Questions change nothing.
    for kind in QueryTests.kinds { _ = desk.pages(kind, of: 0, from: alice) }
    let after = desk.follower.stateHash
    #expect(after == expected, "seed \(seed)")
  }

  @Test func whatTheRingHasNoRoomForIsReadFromTheFile() throws {
    var limits = FollowedDesk.limits
    limits.journalRingBytes = 4_096
    var desk = try FollowedDesk(limits: limits)
    let alice = try desk.logOn()
    // Many turns while nobody takes out of the ring: the first fit, the others don't.
    for index in 0..<50 {
      desk.desk.send(GatewayDesk.order("o-\(index)", lots: 1), from: alice)
      desk.desk.settle()
      desk.offer()
    }
    let overflow = desk.overflowBytes
    #expect(overflow > 4_096)
    let wasBehind = desk.follower.isBehind
    #expect(wasBehind)
    desk.follow()
    let isBehind = desk.follower.isBehind
    #expect(!isBehind)
    // There is room again: the ring is used again.
    desk.desk.send(GatewayDesk.order("more", lots: 1), from: alice)
    desk.desk.settle()
    desk.offer()
    desk.follow()
    #expect(desk.overflowBytes == overflow)
    let hash = desk.follower.stateHash
    let expected = desk.desk.hash
    #expect(hash == expected)
  }

  /// An engine with less room answers the second order otherwise.
  @Test func anotherOutcomeStopsItAndNothingIsAnsweredFromItsBooks() throws {
    var capacities = SmallHouse.capacities
    capacities.orders = 1
    var desk = try FollowedDesk(capacities: capacities)
    let alice = try desk.logOn()
    desk.trade(GatewayDesk.order("a-1", lots: 1), filled: 0, from: alice)
    #expect(desk.follower.fault == nil)
    #expect(desk.ask(FollowedDesk.query(.orders), from: alice).orders.count == 1)
    desk.trade(GatewayDesk.order("a-2", lots: 1), filled: 0, from: alice)
    guard case .outcomeDiffers = desk.follower.fault else {
      Issue.record("\(String(describing: desk.follower.fault))")
      return
    }
    for kind in QueryTests.kinds {
      let answer = desk.ask(FollowedDesk.query(kind), from: alice)
      #expect(answer.count == 0 && answer.end.result == .unavailable, "\(kind)")
    }
    // Who decides goes on.
    desk.desk.send(GatewayDesk.order("a-3", lots: 1), from: alice)
    desk.desk.turn()
    #expect(desk.desk.reports(alice).map(\.execType) == [.new])
  }

  @Test func untilItHasReadWhatWasThereItAnswersNothing() throws {
    var desk = try FollowedDesk()
    let alice = try desk.desk.logOn()
    desk.desk.turn()
    _ = desk.desk.received(alice)
    desk.desk.send(FollowedDesk.query(.funds), from: alice)
    desk.serve()
    #expect(desk.answer(alice).count == 0)
    desk.follow()
    desk.serve()
    #expect(desk.answer(alice).funds.count == 1)
  }

  @Test func fillsBeyondTheRoomForThemAreCountedAndSaid() throws {
    var limits = FollowedDesk.limits
    limits.trades = 3
    var desk = try FollowedDesk(limits: limits)
    let alice = try desk.logOn()
    for index in 0..<5 {
      desk.trade(GatewayDesk.order("o-\(index)", lots: 1), filled: 1, from: alice)
    }
    let answer = desk.ask(FollowedDesk.query(.trades), from: alice)
    #expect(answer.trades.count == 3)
    #expect(answer.end.lost == 2)
  }

  @Test func oneMoreQuestionThanCanWaitIsToldToComeBack() throws {
    var limits = FollowedDesk.limits
    limits.waiting = 2
    var desk = try FollowedDesk(limits: limits)
    let alice = try desk.logOn()
    desk.desk.send(GatewayDesk.order("b-1", lots: 1), from: alice)
    desk.desk.turn()
    let seen = try #require(desk.desk.reports(alice).first).reportSequence
    for number in UInt32(1)...3 {
      desk.desk.send(FollowedDesk.query(.funds, notBefore: seen, number: number), from: alice)
    }
    desk.serve()
    let refused = desk.answer(alice)
    #expect(refused.end.requestNumber == 3)
    #expect(refused.end.result == .busy)
    desk.offer()
    desk.follow()
    desk.serve()
    #expect(desk.answer(alice).funds.map(\.requestNumber) == [1, 2])
  }

  @Test func anInstrumentsRequestIsServedLikewise() throws {
    var desk = try FollowedDesk()
    let alice = try desk.logOn()
    var found: [InstrumentCode] = []
    var exchange = Exchange.unknown
    var remaining: [UInt32] = []
    for _ in 0..<4 {
      desk.desk.send(
        OrderEntry.InstrumentsRequest(
          requestNumber: 4, afterExchange: exchange,
          afterInstrument: found.last ?? InstrumentCode(), maximumCount: 1),
        from: alice)
      desk.serve()
      for received in desk.desk.received(alice) {
        switch received {
        case .instrument(let row):
          found.append(row.instrument)
          exchange = row.exchange
        case .instrumentsEnd(let end): remaining.append(end.remaining)
        default: Issue.record("\(received)")
        }
      }
    }
    #expect(found == ["hc2701", "rb2701", "rb2705", "m2701"].map { InstrumentCode($0)! })
    #expect(remaining == [3, 2, 1, 0])
  }
}
