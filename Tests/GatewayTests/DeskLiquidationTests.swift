import Domain
import Engine
import Messages
import Session
import Testing
import Wire

@testable import Gateway

/// Liquidations over the controllers' door: asked for, stopped, and told as they go.
@Suite struct DeskLiquidationTests {
  private static let north = LinkID(index: 0)

  /// Chief has everybody, junior and blind have alice.
  private func desk(_ change: (inout GatewayLimits) -> Void = { _ in }) throws -> GatewayDesk {
    var limits = GatewayDesk.limits
    change(&limits)
    return try GatewayDesk(
      limits: limits,
      controllers: [
        ("chief", .all), ("junior", [.watch, .liquidate]), ("blind", [.liquidate]),
      ])
  }

  private static func liquidate(
    _ scope: ScopeKind = .operationAccount, _ name: String = "alice", _ instrument: String = "",
    exchange: Exchange = .unknown, side: PositionSide = .unknown,
    kind: ControlKind = .forceLiquidation, reason: String = "because"
  ) -> DeskProtocol.Control {
    DeskProtocol.Control(
      requestID: 5, kind: kind, scopeKind: scope, name: FixedText(name)!,
      reason: FixedText(reason)!, exchange: exchange, instrument: InstrumentCode(instrument)!,
      side: side)
  }

  /// Orders that the counter has and has not answered.
  private func fill(_ desk: inout GatewayDesk, from first: Int, lots: Lots? = nil) {
    let orders = desk.counters[Self.north]!.orders[first...]
    for order in orders {
      let accepted = desk.counters[Self.north]!.accepted(order.childOrderID)
      desk.send(accepted, from: Self.north)
      let filled = desk.counters[Self.north]!.filled(order, lots: lots ?? order.lots)
      desk.send(filled, from: Self.north)
    }
    desk.settle()
  }

  /// Two lots, long.
  private func hold(_ desk: inout GatewayDesk, _ account: String = "alice") throws {
    let id = try desk.logOn(account)
    let before = desk.counters[Self.north]!.orders.count
    desk.send(GatewayDesk.order("\(account)-1", account: account), from: id)
    desk.settle()
    fill(&desk, from: before)
  }

  // MARK: Told

  @Test func whoAskedForItIsToldHowItGoes() throws {
    var desk = try desk()
    try hold(&desk)
    let id = try desk.logOnDesk("blind")
    _ = desk.desk(id)
    let before = desk.counters[Self.north]!.orders.count
    desk.send(Self.liquidate(), from: id)
    desk.settle()
    let begun = desk.desk(id)
    #expect(begun.answers.map(\.refusal.rule) == [0])
    #expect(begun.liquidations.map(\.phase) == [.cancelling, .closing])
    #expect(begun.liquidations.allSatisfy { $0.number == 1 && $0.owner == .controller })
    #expect(begun.liquidations.map { $0.controller.string } == ["blind", "blind"])
    #expect(begun.liquidations.map { $0.account.string } == ["alice", "alice"])
    let last = try #require(begun.liquidations.last)
    #expect(last.lotsHeld == 2 && last.lotsWorking == 2 && last.orders == 1 && last.waits == 0)
    // He has no right to watch: notices are not his.
    #expect(begun.notices.isEmpty)
    let forced = desk.counters[Self.north]!.orders[before...]
    #expect(forced.map(\.side) == [.sell])
    fill(&desk, from: before, lots: 1)
    desk.heard(id) {
      #expect($0.liquidations.map(\.lotsHeld) == [1])
      #expect($0.liquidations.map(\.lotsWorking) == [1])
    }
    let order = desk.counters[Self.north]!.orders[before]
    let rest = desk.counters[Self.north]!.filled(order, lots: 1)
    desk.send(rest, from: Self.north)
    desk.settle()
    desk.heard(id) {
      #expect($0.liquidations.map(\.phase) == [.ended])
      #expect($0.liquidations.map(\.end) == [.done])
    }
  }

  @Test func whoFollowsIsToldOfAccountsThatAreHis() throws {
    var desk = try desk()
    try hold(&desk)
    try hold(&desk, "bob")
    let chief = try desk.logOnDesk("chief")
    let junior = try desk.logOnDesk("junior")
    let idle = try desk.logOnDesk("junior")
    desk.send(DeskProtocol.SubscribeLiquidations(requestID: 7), from: junior)
    desk.turn()
    desk.heard(junior) { #expect($0.liquidationEnds.map(\.requestID) == [7]) }
    desk.send(Self.liquidate(.product, "product-1"), from: chief)
    desk.settle()
    let all = desk.desk(chief)
    #expect(Set(all.liquidations.map { $0.account.string }) == ["alice", "bob"])
    let his = desk.desk(junior)
    #expect(Set(his.liquidations.map { $0.account.string }) == ["alice"])
    #expect(his.liquidations.first?.phase == .cancelling)
    desk.heard(idle) { #expect($0.liquidations.isEmpty) }
  }

  /// Those that run are told at once, and those that are over are not.
  @Test func whoComesLaterIsToldWhatRuns() throws {
    var desk = try desk()
    try hold(&desk)
    try hold(&desk, "bob")
    let chief = try desk.logOnDesk("chief")
    let before = desk.counters[Self.north]!.orders.count
    desk.send(Self.liquidate(.operationAccount, "bob"), from: chief)
    desk.settle()
    fill(&desk, from: before)
    desk.send(Self.liquidate(), from: chief)
    desk.settle()
    let late = try desk.logOnDesk("chief")
    _ = desk.desk(late)
    desk.send(DeskProtocol.SubscribeLiquidations(requestID: 8), from: late)
    desk.turn()
    let seen = desk.desk(late)
    #expect(seen.liquidations.map { $0.account.string } == ["alice"])
    #expect(seen.liquidations.map(\.phase) == [.closing])
    #expect(seen.liquidationEnds.map(\.requestID) == [8])
  }

  /// Who does not read gets the newest of each account when he does, and nobody is cut for it.
  @Test func aSlowControllerIsToldTheNewest() throws {
    var desk = try desk()
    try hold(&desk)
    let chief = try desk.logOnDesk("chief")
    let slow = try desk.logOnDesk("chief")
    desk.send(DeskProtocol.SubscribeLiquidations(requestID: 8), from: slow)
    desk.turn()
    _ = desk.desk(slow)
    desk.stuck = [.terminal(slow)]
    for _ in 0..<300 {
      desk.send(Self.liquidate(), from: chief)
      desk.turn()
      _ = desk.desk(chief)
    }
    desk.settle()
    desk.stuck = []
    desk.gateway.outputDrained(.terminal(slow))
    for _ in 0..<8 { desk.turn() }
    let seen = desk.desk(slow)
    #expect(seen.logouts.isEmpty)
    #expect(seen.liquidations.count < 300 && seen.liquidations.last?.number == 300)
    let numbers = seen.liquidations.map(\.number)
    #expect(numbers == numbers.sorted())
  }

  @Test func whoMayNotWatchFollowsNothing() throws {
    var desk = try desk()
    let id = try desk.logOnDesk("blind")
    _ = desk.desk(id)
    desk.send(DeskProtocol.SubscribeLiquidations(requestID: 8), from: id)
    desk.turn()
    let seen = desk.desk(id)
    #expect(seen.rejects.map(\.requestID) == [8])
    #expect(seen.rejects.map(\.refusal.rule) == [RuleID.notPermitted.rawValue])
    #expect(seen.liquidationEnds.isEmpty)
  }

  // MARK: Asked for

  @Test(arguments: [
    (Self.liquidate(), RuleID.none),
    (Self.liquidate(.operationAccount, "bob"), .accountNotBoundToController),
    (Self.liquidate(.operationAccount, "nobody"), .accountNotBoundToController),
    (Self.liquidate(.product, "product-1"), .accountNotBoundToController),
    (Self.liquidate(.platform, ""), .accountNotBoundToController),
    (Self.liquidate(.operationAccount, "alice", "rb2701"), .none),
    (Self.liquidate(.operationAccount, "alice", "rb2701", exchange: .shfe, side: .short), .none),
    (Self.liquidate(.operationAccount, "alice", "rb2701", exchange: .dce), .badCommand),
    (Self.liquidate(.operationAccount, "alice", "rb9999"), .badCommand),
    (Self.liquidate(.operationAccount, "alice", side: .long), .badCommand),
    (Self.liquidate(reason: ""), .reasonMissing),
    (Self.liquidate(kind: .stopLiquidation), .badCommand),
    (Self.liquidate(kind: .killAndFlatten), .notPermitted),
  ])
  func isAnsweredByRule(_ control: DeskProtocol.Control, _ rule: RuleID) throws {
    var desk = try desk()
    try hold(&desk)
    let id = try desk.logOnDesk("junior")
    _ = desk.desk(id)
    desk.send(control, from: id)
    desk.turn()
    desk.heard(id) {
      #expect($0.answers.map(\.refusal.rule) == [rule.rawValue])
      #expect($0.answers.map(\.kind) == [control.kind])
    }
  }

  /// A code of a newer version is not read as "both" or "all": nothing is closed.
  @Test(arguments: [167, 200, 201, 202]) func aCodeThatNobodyKnowsIsRejected(_ offset: Int) throws {
    var desk = try desk()
    try hold(&desk)
    let id = try desk.logOnDesk("chief")
    _ = desk.desk(id)
    var bytes = GatewayDesk.bytes(Self.liquidate(.operationAccount, "alice", "rb2701"))
    bytes[Framing.headersLength + offset] = 99
    desk.deliver(bytes, from: .terminal(id))
    desk.turn()
    let seen = desk.desk(id)
    #expect(seen.rejects.map(\.refusal.rule) == [RuleID.badCommand.rawValue])
    #expect(seen.answers.isEmpty && seen.liquidations.isEmpty)
  }

  @Test func aSwitchThatFlattensIsToldAndCloses() throws {
    var desk = try desk()
    try hold(&desk)
    let id = try desk.logOnDesk("chief")
    desk.send(DeskProtocol.SubscribeNotices(requestID: 3), from: id)
    desk.turn()
    _ = desk.desk(id)
    let before = desk.counters[Self.north]!.orders.count
    desk.send(Self.liquidate(.platform, "", kind: .killAndFlatten), from: id)
    desk.settle()
    let seen = desk.desk(id)
    #expect(seen.answers.map(\.refusal.rule) == [0])
    #expect(seen.notices.map(\.control).contains(.killAndFlatten))
    #expect(seen.liquidations.map { $0.account.string }.contains("alice"))
    let count = desk.counters[Self.north]!.orders.count
    #expect(count == before + 1)
  }

  /// What he said of an instrument is in the notice that tells of it.
  @Test func theNoticeNamesTheInstrument() throws {
    var desk = try desk()
    try hold(&desk)
    let id = try desk.logOnDesk("chief")
    desk.send(DeskProtocol.SubscribeNotices(requestID: 3), from: id)
    desk.turn()
    _ = desk.desk(id)
    desk.send(Self.liquidate(.operationAccount, "alice", "rb2701"), from: id)
    desk.turn()
    let told = desk.desk(id).notices.filter { $0.control == .forceLiquidation }
    #expect(told.map { $0.instrument.string } == ["rb2701"])
    #expect(told.map { $0.scopeName.string } == ["alice"])
  }
}
