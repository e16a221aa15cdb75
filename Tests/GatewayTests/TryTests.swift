import Domain
import Engine
import Follower
import Ledger
import Messages
import Testing
import Wire

@testable import Gateway

/// What would become of an order: as it then becomes, and how many lots would.
@Suite struct TryTests {
  /// Limits of several kinds that a day's orders run into.
  static func house(partly: Bool = true, more: [Command] = []) throws -> FollowedDesk {
    var desk = try FollowedDesk()
    let account = SmallHouse.alice
    let rb = CommodityID(0)
    let hc = CommodityID(1)
    let limits: [Command] = [
      .setPositionLimit(
        SetPositionLimit(
          account: account, scope: .commodity(rb), hedge: .unknown, lots: 60, margin: .none)),
      .setOrderSize(SetOrderSize(account: account, commodity: rb, lots: 40, margin: .none)),
      .setFundPositionLimit(
        SetFundPositionLimit(
          fundAccount: SmallHouse.first, scope: .commodity(hc), hedge: .unknown, long: 9,
          short: 9, total: 12)),
      .setFundOrderSize(
        SetFundOrderSize(
          fundAccount: SmallHouse.second, scope: .commodity(hc), lots: 7, margin: .none)),
      .setAccount(SetAccount(account: account, setting: .openOrders, value: 14)),
      .setAccount(SetAccount(account: account, setting: .duplicateCount, value: 2)),
      .setAccount(
        SetAccount(account: account, setting: .duplicateWindowMilliseconds, value: 60_000)),
      .setProduct(
        SetProduct(product: ProductID(0), setting: .refusePartialPlacement, value: partly ? 0 : 1)),
    ]
    for command in limits + more {
      let taken = desk.desk.gateway.take(command)
      #expect(taken, "\(command)")
    }
    desk.alice = try desk.logOn()
    return desk
  }

  /// Lines that a day's orders reach, or limits of fund accounts: seed by seed.
  private static func more(_ seed: UInt64) -> [Command] {
    let account = SmallHouse.alice
    func line(_ rule: RuleID, _ warn: Int64, _ liquidate: Int64, _ basis: LineBasis) -> Command {
      .setAccountLine(
        SetAccountLine(
          account: account, line: rule, basis: basis, mode: .unknown, warn: warn,
          liquidate: liquidate))
    }
    switch seed % 4 {
    case 0:
      return [
        .setAccountLine(
          SetAccountLine(
            account: account, line: .riskDegree, basis: .unknown, mode: .equityOverMargin,
            warn: 9 * Rate.unitsPerOne, liquidate: 4 * Rate.unitsPerOne)),
        .setLineAction(SetLineAction(line: .riskDegree, level: .warn, action: .slowDown)),
        .setPlatform(SetPlatform(setting: .slowDownMilliseconds, value: 60)),
        line(.positionMarginRatio, Rate.unitsPerOne / 5, .min, .allowedLoss),
      ]
    case 1:
      return [
        line(.dailyLoss, 200 * Money.unitsPerYuan, 700 * Money.unitsPerYuan, .unknown),
        line(.dailyLossRatio, 20_000, 50_000, .openingEquity),
        line(.totalLossRatio, 20_000, 60_000, .allowedLoss),
        line(.drawdown, 20_000, 80_000, .unknown),
      ]
    case 2:
      let first = SmallHouse.first
      return [
        .setFundOpenVolume(
          SetFundOpenVolume(fundAccount: first, scope: .commodity(CommodityID(0)), lots: 24)),
        .setFundQuota(
          SetFundQuota(
            fundAccount: first, exchange: .dce, cancels: 9, lots: 50, cancelReserve: 4,
            lotsReserve: 3)),
        .setFundTradable(
          SetFundTradable(
            fundAccount: SmallHouse.second, session: .day, scope: .instrument(InstrumentID(1)),
            listed: true)),
        .setFundAccount(
          SetFundAccount(
            fundAccount: SmallHouse.second, setting: .orderRateCount, value: 6)),
        .setFundAccount(
          SetFundAccount(
            fundAccount: SmallHouse.second, setting: .orderRateWindowMilliseconds,
            value: 60_000)),
        .setFundAccount(
          SetFundAccount(fundAccount: SmallHouse.second, setting: .orderRateBar, value: 1)),
      ]
    default: return []
    }
  }

  private static func draw(_ index: Int, _ random: inout SplitMix64) -> OrderEntry.NewOrder {
    var order = GatewayDesk.order(
      "d-\(index)",
      instrument: random.pick(["rb2701", "rb2705", "hc2701", "hc2701", "m2701", "zz2701"]),
      side: random.pick([.buy, .sell]),
      offset: random.pick([.open, .open, .open, .close, .closeToday]),
      price: random.pick([3_500, 3_500, 3_495, 3_210, 3_799, 4_000]),
      lots: random.pick([1, 2, 5, 5, 9, 16, 30, 41, 70, 300, 501, 0, -1, .max]))
    if random.once(in: 6) {
      order.timeInForce = .immediateOrCancel
      order.minimumLots = random.pick([0, 2, 6, 600, -3])
    }
    if random.once(in: 12) { order.timeInForce = .fillOrKill }
    if random.once(in: 10) {
      order.type = .market
      order.price = .none
    }
    if random.once(in: 20) { order.hedge = random.pick([.hedge, .unknown]) }
    if random.once(in: 25) { order.side = .unknown }
    return order
  }

  @Test(arguments: UInt64(1)...24)
  func whatATrySaysIsWhatBecomesOfTheOrderSentRightAfter(seed: UInt64) throws {
    var desk = try Self.house(partly: seed % 3 == 0, more: Self.more(seed))
    let alice = desk.alice
    var random = SplitMix64(seed: seed)
    for index in 0..<30 {
      desk.desk.pass(Int64(random.below(80)) * 1_000_000)
      desk.settle()
      let order = Self.draw(index, &random)
      let place = "seed \(seed), order \(index): \(order)"
      let hash = desk.follower.stateHash
      let answer = desk.explain(FollowedDesk.trial(order), from: alice)
      let after = desk.follower.stateHash
      let decided = desk.desk.hash
      #expect(after == hash, "asking changes nothing: \(place)")
      #expect(decided == hash, "the follower was up to date: \(place)")
      #expect(answer.end.result == .complete && answer.end.lots == order.lots)
      try Self.checkSizes(answer, order, &desk)
      let report = try desk.decided(order, filled: Lots(random.below(4)), from: alice)
      if report.execType == .rejected {
        #expect(answer.end.verdict == .refused, "\(place)")
        #expect(answer.end.refusal == report.refusal, "\(place)")
        #expect(answer.end.placedLots == 0)
        let decider = try #require(answer.decider)
        #expect(decider.rule == report.refusal.rule && decider.observed == report.refusal.observed)
      } else {
        #expect(answer.end.verdict == .taken, "\(place)")
        #expect(answer.end.placedLots == report.leavesLots, "\(place)")
        #expect(answer.decider == nil)
        #expect(answer.now.map(\.lots).reduce(0, +) == report.leavesLots, "\(place)")
      }
    }
  }

  /// That many pass, and one step more does not.
  private static func checkSizes(
    _ answer: FollowedDesk.Explained, _ order: OrderEntry.NewOrder,
    _ desk: inout FollowedDesk
  ) throws {
    let end = answer.end
    let place = "\(order.lots) of \(end.passLots), \(end.mostLots) in \(order)"
    #expect(end.passLots >= 0 && end.passLots <= max(order.lots, 0), "\(place)")
    #expect(end.passLots <= end.mostLots, "\(place)")
    #expect((end.lots > 0 && end.passLots == end.lots) == answer.passesWhole, "\(place)")
    #expect(end.binding.rule != 0, "\(place)")
    if end.mostLots > 0 {
      let most = ask(end.mostLots, order, &desk)
      #expect(most.passesWhole, "\(place)")
      let more = ask(end.mostLots + end.stepLots, order, &desk)
      #expect(!more.passesWhole && more.end.refusal == end.binding, "\(place)")
    } else {
      let least = ask(max(1, order.minimumLots), order, &desk)
      #expect(!least.passesWhole, "\(place)")
    }
    if end.passLots > 0, end.passLots < end.mostLots {
      let pass = ask(end.passLots, order, &desk)
      #expect(pass.passesWhole, "\(place)")
    }
    if end.passLots + end.stepLots <= order.lots {
      let more = ask(end.passLots + end.stepLots, order, &desk)
      #expect(!more.passesWhole, "\(place)")
    }
  }

  private static func ask(
    _ lots: Lots, _ order: OrderEntry.NewOrder, _ desk: inout FollowedDesk
  ) -> FollowedDesk.Explained {
    desk.explain(FollowedDesk.trial(order, lots: lots), from: desk.alice)
  }

  // MARK: By hand

  @Test func aLimitLeavesSoManyLots() throws {
    var desk = try Self.house()
    _ = try desk.decided(GatewayDesk.order("a-1", lots: 35), filled: 20, from: desk.alice)
    let answer = desk.explain(
      FollowedDesk.trial(GatewayDesk.order("x", lots: 30)), from: desk.alice)
    #expect(answer.end.verdict == .refused)
    #expect(answer.rule == .positionLimit)
    #expect(answer.end.refusal.observed == 35 && answer.end.refusal.limit == 60)
    #expect(answer.end.refusal.asked == 30)
    #expect(answer.end.passLots == 25 && answer.end.mostLots == 25 && answer.end.stepLots == 1)
    #expect(answer.binding == .positionLimit && answer.end.binding.asked == 26)
    let decider = try #require(answer.decider)
    #expect(decider.rule == RuleID.positionLimit.rawValue && decider.headRoom == 25)
    #expect(decider.standing == .asked && decider.unit == .lots)
    #expect(decider.scopeKind == .commodity && decider.scopeName == Name("rb"))
    // Every rule is there, those behind the decider too, and where it would have gone.
    #expect(answer.findings.contains { $0.rule == RuleID.fundsAvailable.rawValue })
    #expect(answer.findings.contains { $0.standing == .unset })
    #expect(answer.now.map(\.fundAccount) == [Name("fund-1")!, Name("fund-2")!])
    #expect(answer.now.map(\.openLots) == answer.now.map(\.lots))
  }

  /// The first fund account holds 9 of a side, the second takes 7 a child: 16 find a place.
  @Test func whatFindsNoPlaceIsToldWithItsReason() throws {
    var desk = try Self.house()
    let order = GatewayDesk.order("x", instrument: "hc2701", lots: 20)
    let answer = desk.explain(FollowedDesk.trial(order), from: desk.alice)
    #expect(answer.end.verdict == .taken && answer.end.placedLots == 16)
    #expect(answer.end.passLots == 16 && answer.end.mostLots == 16)
    #expect(answer.rule != .none && answer.binding == answer.rule)
    #expect(answer.now.map(\.lots) == [9, 7] && answer.now.map(\.room) == [9, 7])
    let reasons = answer.now.map { RuleID(rawValue: $0.refusal.rule) }
    #expect(reasons == [.fundPositionLimit, .fundOrderSize])
  }

  @Test func anIDThatWasUsedIsAnsweredAgainOrRefused() throws {
    var desk = try Self.house()
    let order = GatewayDesk.order("a-1", lots: 3)
    let report = try desk.decided(order, filled: 0, from: desk.alice)
    let same = desk.explain(FollowedDesk.trial(order, named: true), from: desk.alice)
    #expect(same.end.verdict == .answeredAgain && same.end.orderID == report.orderID)
    let other = desk.explain(
      FollowedDesk.trial(order, lots: 4, named: true), from: desk.alice)
    #expect(other.end.verdict == .refused && other.rule == .duplicateOrder)
    // Without the id it is a new order.
    let new = desk.explain(FollowedDesk.trial(order), from: desk.alice)
    #expect(new.passesWhole && new.end.orderID.isNone)
  }

  /// Sizes that were sent too often lately are passed over, not taken for a bound.
  @Test func aSizeThatWasSentTooOftenIsNotTheLargest() throws {
    var desk = try Self.house()
    for index in 0..<2 {
      for lots in [Lots(1), 20, 24] {
        _ = try desk.decided(
          GatewayDesk.order("s-\(index)-\(lots)", instrument: "m2701", lots: lots), filled: 0,
          from: desk.alice)
      }
    }
    let order = GatewayDesk.order("x", instrument: "m2701", lots: 20)
    let answer = desk.explain(FollowedDesk.trial(order), from: desk.alice)
    #expect(answer.end.verdict == .refused && answer.rule == .duplicateOrder)
    #expect(answer.end.passLots == 19 && answer.end.mostLots > 24)
    let one = desk.explain(FollowedDesk.trial(order, lots: 1), from: desk.alice)
    #expect(one.rule == .duplicateOrder && one.end.passLots == 0)
    #expect(one.end.mostLots == answer.end.mostLots)
  }

  @Test func aTryIsAnsweredFromTheBooksOfTheMomentItIsAsked() throws {
    var desk = try Self.house()
    let alice = desk.alice
    desk.settle()
    let isTaken = desk.desk.gateway.take(
      .setOrderSize(
        SetOrderSize(
          account: SmallHouse.alice, commodity: CommodityID(0), lots: 3, margin: .none)))
    #expect(isTaken)
    desk.desk.turn()
    _ = desk.desk.received(alice)
    desk.desk.send(FollowedDesk.trial(GatewayDesk.order("x", lots: 5)), from: alice)
    desk.serve()
    let early = desk.desk.received(alice)
    #expect(early.isEmpty, "the follower has not read the command: \(early)")
    desk.settle()
    var first = FollowedDesk.Explained()
    for received in desk.desk.received(alice) { first.add(received) }
    #expect(first.end.requestNumber == 1 && !first.findings.isEmpty)
    let whole = desk.explain(
      FollowedDesk.trial(GatewayDesk.order("x", lots: 5)), from: alice)
    #expect(whole.findings.starts(with: first.findings))
    #expect(whole.rule == .orderSize && whole.end.passLots == 3)
  }

  // MARK: At the door

  @Test func whatTheGatewayItselfWouldRefuseDecides() throws {
    var desk = try Self.house()
    let alice = desk.alice
    let opening = FollowedDesk.trial(GatewayDesk.order("x", lots: 1))
    desk.desk.gateway.journalIsLow(true)
    let low = desk.explain(opening, from: alice)
    #expect(low.end.verdict == .refused && low.rule == .journalUnavailable)
    #expect(low.decider == low.findings.first && low.end.passLots == 0 && low.end.mostLots == 0)
    #expect(low.binding == .journalUnavailable)
    let rooms = desk.explain(FollowedDesk.room(), from: alice).rooms
    #expect(
      rooms.filter { $0.binding.rule == RuleID.journalUnavailable.rawValue }.map(\.offset)
        == [.open, .open])
    desk.desk.gateway.journalIsLow(false)
    let open = desk.explain(opening, from: alice)
    #expect(open.passesWhole)
    desk.desk.gateway.stop()
    let late = desk.explain(opening, from: alice)
    #expect(late.end.verdict == .refused && late.rule == .shuttingDown)
  }
}
