import Domain
import Engine
import Follower
import Messages
import Testing
import Wire

@testable import Gateway

/// Why an order of today ended as it did, room, and what both are bounded by.
@Suite struct WhyTests {
  @Test func ofARefusedOrderWhatWasStoredAndWhatWouldBeFoundNow() throws {
    var desk = try TryTests.house()
    let alice = desk.alice
    _ = try desk.decided(GatewayDesk.order("a-1", lots: 38), filled: 0, from: alice)
    let refused = try desk.decided(GatewayDesk.order("a-2", lots: 30), filled: 0, from: alice)
    #expect(refused.refusal.rule == RuleID.positionLimit.rawValue)
    desk.desk.send(
      OrderEntry.CancelOrder(
        requestID: ClOrdID("c")!, account: Name("alice")!, targetClOrdID: ClOrdID("a-1")!),
      from: alice)
    desk.settle()
    for child in desk.desk.orders(at: LinkID(index: 0)) {
      desk.desk.send(
        desk.desk.counters[LinkID(index: 0)]!.cancelled(child.childOrderID),
        from: LinkID(index: 0))
    }
    desk.settle()
    let hash = desk.follower.stateHash
    let answer = desk.explain(FollowedDesk.why("a-2"), from: alice)
    let after = desk.follower.stateHash
    #expect(after == hash)
    // Then: the refusal with its figures. Now: the lots are free again.
    let order = try #require(answer.order)
    #expect(order.orderID == refused.orderID && answer.end.orderID == refused.orderID)
    #expect(order.state == .rejected && order.refusal == refused.refusal)
    #expect(answer.then.isEmpty)
    #expect(answer.passesWhole && answer.end.passLots == 30)
    #expect(!answer.findings.isEmpty && answer.decider == nil)
    #expect(answer.now.map(\.lots).reduce(0, +) == 30)
  }

  @Test func ofATakenOrderItsRouteAndWhatWouldBeFoundNow() throws {
    var desk = try TryTests.house()
    let alice = desk.alice
    let taken = try desk.decided(
      GatewayDesk.order("a-1", instrument: "hc2701", lots: 14), filled: 4, from: alice)
    for message in [
      FollowedDesk.why("a-1"),
      OrderEntry.WhyOrder(
        requestNumber: 1, account: Name("alice")!, targetOrderID: taken.orderID),
    ] {
      let answer = desk.explain(message, from: alice)
      #expect(answer.order?.clOrdID == ClOrdID("a-1"))
      #expect(answer.then.map(\.fundAccount) == [Name("fund-1")!, Name("fund-2")!])
      #expect(answer.then.map(\.lots) == [9, 5] && answer.then.map(\.openLots) == [9, 5])
      #expect(answer.then.map(\.filledLots) == [4, 4])
      #expect(answer.then.map(\.workingLots) == [5, 1])
      // The first fund account is full: seven more find a place.
      #expect(answer.end.verdict == .taken && answer.end.placedLots == 7)
      #expect(answer.now.map(\.lots) == [0, 7])
      let cursors =
        [1] + answer.then.map(\.cursor) + answer.findings.map(\.cursor)
        + answer.now.map(\.cursor)
      #expect(cursors == Array(1...UInt64(answer.count)))
    }
  }

  @Test func unknownOrdersAndThoseOfOthersAreNotToldApart() throws {
    var desk = try TryTests.house()
    let taken = try desk.decided(GatewayDesk.order("a-1", lots: 1), filled: 0, from: desk.alice)
    let bob = try desk.logOn("bob")
    let account = Name("bob")!
    for message in [
      FollowedDesk.why("a-1", "bob"), FollowedDesk.why("never", "bob"),
      OrderEntry.WhyOrder(requestNumber: 1, account: account),
      OrderEntry.WhyOrder(requestNumber: 1, account: account, targetOrderID: taken.orderID),
      OrderEntry.WhyOrder(
        requestNumber: 1, account: account, targetOrderID: OrderID(raw: .max)),
    ] {
      let answer = desk.explain(message, from: bob)
      #expect(answer.count == 0 && answer.end.result == .orderUnknown, "\(message)")
      #expect(answer.end.orderID.isNone && answer.end.verdict == .unknown)
    }
    // Nor in her name.
    #expect(desk.explain(FollowedDesk.why("a-1"), from: bob).end.result == .refused)
    let trial = FollowedDesk.trial(GatewayDesk.order("x"))
    #expect(desk.explain(trial, from: bob).end.result == .refused)
    #expect(desk.explain(FollowedDesk.room(), from: bob).end.result == .refused)
  }

  // MARK: Room

  @Test func roomIsTheLargestOrderOfEachSideAndOffset() throws {
    var desk = try TryTests.house()
    let alice = desk.alice
    _ = try desk.decided(GatewayDesk.order("a-1", lots: 25), filled: 20, from: alice)
    let answer = desk.explain(FollowedDesk.room(), from: alice)
    #expect(answer.end.result == .complete && answer.end.verdict == .unknown)
    let offsets: [Offset] = [.open, .close, .closeToday]
    #expect(answer.rooms.map(\.offset) == offsets + offsets)
    #expect(answer.rooms.map(\.side) == [.buy, .buy, .buy, .sell, .sell, .sell])
    // Long and short lots count under one position limit.
    #expect(answer.rooms.map(\.lots) == [35, 0, 0, 35, 0, 20])
    let rules = answer.rooms.map { RuleID(rawValue: $0.binding.rule) }
    #expect(
      rules == [
        .positionLimit, .positionAvailable, .positionAvailable, .positionLimit, .positionAvailable,
        .positionAvailable,
      ])
    for row in answer.rooms {
      var order = GatewayDesk.order("x", side: row.side, offset: row.offset)
      order.price = row.price
      let most = desk.explain(FollowedDesk.trial(order, lots: row.lots), from: alice)
      #expect(row.lots == 0 || most.passesWhole)
      let more = desk.explain(FollowedDesk.trial(order, lots: row.lots + 1), from: alice)
      #expect(!more.passesWhole && more.end.refusal == row.binding)
    }
    // Where closing is one thing, there are four; and each page size gives the same.
    #expect(desk.explain(FollowedDesk.room("m2701"), from: alice).rooms.count == 4)
    var pages: [OrderEntry.RoomRow] = []
    var after: UInt64 = 0
    repeat {
      let page = desk.explain(FollowedDesk.room(after: after, rows: 1), from: alice)
      pages += page.rooms
      after = page.end.result == .more ? page.end.after : 0
    } while after != 0 && pages.count < 10
    #expect(pages == answer.rooms)
  }

  /// In the delivery month lots come in multiples of 3: 10 lots of margin make 9.
  @Test func roomIsAMultipleWhereOrdersAre() throws {
    var desk = try FollowedDesk()
    let margin = TwoPartRate(byLot: Money(yuan: 95_000))
    let zero = TwoPartRate(byLot: .zero)
    for command: Command in [
      .defineCommodity(
        DefineCommodity(
          code: CommodityCode("i")!, exchange: .dce, hours: TradingHoursID(0),
          deliveryMultiple: 3)),
      .defineInstrument(
        DefineInstrument(
          code: InstrumentCode("i2611")!, commodity: CommodityID(3), deliveryYear: 2026,
          deliveryMonth: 11, lastTradingDay: TradingDay(yyyymmdd: 20_261_130)!, multiplier: 10,
          tick: SmallHouse.price(1), minimumLimitLots: 1, maximumLimitLots: 500,
          minimumMarketLots: 1, maximumMarketLots: 30)),
      .setRates(
        SetRates(
          ownerKind: .platform, ownerID: 0, scope: .commodity(CommodityID(3)),
          rates: RateSet(
            marginLong: margin, marginShort: margin, feeOpen: zero, feeClose: zero,
            feeCloseToday: zero))),
      .dayReference(
        DayReference(
          instrument: InstrumentID(4), preSettlement: SmallHouse.price(800),
          preClose: SmallHouse.price(800), upperLimit: SmallHouse.price(900),
          lowerLimit: SmallHouse.price(700), openInterest: 0)),
    ] {
      let taken = desk.desk.gateway.take(command)
      #expect(taken, "\(command)")
    }
    let alice = try desk.logOn()
    let open = try #require(desk.explain(FollowedDesk.room("i2611"), from: alice).rooms.first)
    #expect(open.lots == 9 && open.stepLots == 3 && open.price == SmallHouse.price(800))
    #expect(open.binding.rule == RuleID.fundsAvailable.rawValue)
    let order = GatewayDesk.order("x", instrument: "i2611", price: 800, lots: 8)
    let answer = desk.explain(FollowedDesk.trial(order), from: alice)
    #expect(answer.rule == .deliveryMultiple)
    #expect(answer.end.passLots == 6 && answer.end.mostLots == 9 && answer.end.stepLots == 3)
  }

  @Test func roomOfAnInstrumentThatNobodyKnowsIsRefusedByItsName() throws {
    var desk = try TryTests.house()
    let answer = desk.explain(FollowedDesk.room("zz2701"), from: desk.alice)
    #expect(answer.end.result == .refused && answer.rule == .unknownInstrument)
    #expect(answer.end.refusal.scopeName == Name("zz2701"))
  }

  // MARK: Bounds

  @Test(arguments: [UInt32(1), 2, 3, 7, 50, 1_000])
  func everyPageSizeGivesTheSameRows(_ size: UInt32) throws {
    var desk = try TryTests.house()
    let alice = desk.alice
    _ = try desk.decided(
      GatewayDesk.order("a-1", instrument: "hc2701", lots: 14), filled: 4, from: alice)
    var findings: [OrderEntry.FindingRow] = []
    var routes: [OrderEntry.RouteRow] = []
    var after: UInt64 = 0
    var last = FollowedDesk.Explained()
    for _ in 0..<200 {
      last = desk.explain(FollowedDesk.why("a-1", after: after, rows: size), from: alice)
      findings += last.findings
      routes += last.routes
      #expect(last.count <= Int(size) && Int(last.end.count) == last.count)
      guard last.end.result == .more else { break }
      #expect(last.end.verdict == .unknown && last.end.passLots == .min)
      after = last.end.after
    }
    let whole = desk.explain(FollowedDesk.why("a-1"), from: alice)
    #expect(last.end.result == .complete && whole.end.result == .complete)
    #expect(findings == whole.findings && routes == whole.routes)
    #expect(last.end.verdict == whole.end.verdict && last.end.passLots == whole.end.passLots)
  }

  @Test func aFloodIsToldToComeBackAndTheOthersAreAnswered() throws {
    var limits = FollowedDesk.limits
    limits.explanationsPerPass = 1
    var desk = try FollowedDesk(limits: limits)
    let alice = try desk.logOn()
    for number in UInt32(1)...9 {
      var request = FollowedDesk.room()
      request.requestNumber = number
      desk.desk.send(request, from: alice)
    }
    desk.desk.turn()
    var ends = Self.ends(desk.desk.received(alice))
    #expect(ends.map(\.requestNumber) == [5, 6, 7, 8, 9])
    #expect(ends.allSatisfy { $0.result == .busy && $0.retryAfterMilliseconds > 0 })
    desk.serve()
    ends = Self.ends(desk.desk.received(alice))
    #expect(ends.map(\.requestNumber) == [1, 2, 3, 4])
    #expect(ends.allSatisfy { $0.result == .complete })
  }

  private static func ends(_ received: [Received]) -> [OrderEntry.ExplainEnd] {
    received.compactMap {
      if case .explainEnd(let end) = $0 { return end }
      return nil
    }
  }

  @Test func aTerminalOfAnOlderVersionIsRefusedWhatItDoesNotKnow() throws {
    var desk = try TryTests.house()
    let bob = try desk.desk.logOn("bob", schemaVersion: 2)
    desk.settle()
    _ = desk.desk.received(bob)
    for (message, template) in [
      (FollowedDesk.why("a", "bob") as any WireMessage, OrderEntry.WhyOrder.templateID),
      (
        FollowedDesk.trial(GatewayDesk.order("x", account: "bob")),
        OrderEntry.TryOrder.templateID
      ),
    ] {
      desk.desk.send(message, from: bob)
      desk.serve()
      let received = desk.desk.received(bob)
      guard received.count == 1, case .reject(let reject) = received[0] else {
        Issue.record("\(received)")
        continue
      }
      #expect(reject.refTemplateID == template)
      #expect(reject.refusal.rule == RuleID.badCommand.rawValue)
    }
  }

  /// Whatever codes a request has, it is answered once, and the session goes on.
  @Test func codesThatNobodyKnowsAreAnsweredOnce() throws {
    var desk = try TryTests.house()
    let alice = desk.alice
    let good = GatewayDesk.bytes(FollowedDesk.trial(GatewayDesk.order("x")))
    let block = 14
    for offset in 0..<OrderEntry.TryOrder.blockLength {
      var bytes = good
      bytes[block + offset] = 0xEE
      desk.desk.deliver(bytes, from: .terminal(alice))
      desk.serve()
      let answers = desk.desk.received(alice).filter {
        switch $0 {
        case .explainEnd, .reject: true
        default: false
        }
      }
      #expect(answers.count == 1, "byte \(offset)")
    }
    #expect(
      desk.explain(FollowedDesk.trial(GatewayDesk.order("x")), from: alice).passesWhole)
  }
}
