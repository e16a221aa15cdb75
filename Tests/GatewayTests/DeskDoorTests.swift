import Domain
import Engine
import Messages
import Session
import Testing
import Wire

@testable import Gateway

/// Risk controllers at their door: who is let in, what they do to terminals, what they are told.
@Suite struct DeskDoorTests {
  private let chief = ControllerID(0)

  /// The small house with a controller for everything, one for alice, and one who may not watch.
  private func desk(_ change: (inout GatewayLimits) -> Void = { _ in }) throws -> GatewayDesk {
    var limits = GatewayDesk.limits
    change(&limits)
    return try GatewayDesk(
      limits: limits,
      controllers: [("chief", .all), ("junior", [.watch, .bar]), ("blind", [.bar])])
  }

  private static func control(
    _ kind: ControlKind, _ scope: ScopeKind = .operationAccount, _ name: String = "alice",
    reason: String = "because", order: OrderID = .none, session: UInt64 = 0
  ) -> DeskProtocol.Control {
    DeskProtocol.Control(
      requestID: 5, kind: kind, scopeKind: scope, name: FixedText(name)!, orderID: order,
      session: session, reason: FixedText(reason)!)
  }

  // MARK: Logging on

  @Test func aControllerIsLetInAndToldHisRights() throws {
    var desk = try desk()
    let id = try desk.logOnDesk("junior")
    let seen = desk.desk(id)
    let accepted = try #require(seen.accepted.first)
    #expect(accepted.rights == ControllerRights([.watch, .bar]).rawValue)
    #expect(accepted.isBoundToAll == 0 && accepted.tradingDay == SmallHouse.day)
    let count = desk.gateway.deskCount
    let sessions = desk.gateway.sessionCount
    #expect(count == 1 && sessions == 0)
  }

  @Test(arguments: [
    ("chief", "wrong", RuleID.loginCredentials),
    ("nobody", GatewayDesk.password, .loginCredentials),
    // An operation account's name and password are nobody's here.
    ("alice", GatewayDesk.password, .loginCredentials),
  ])
  func whoIsNotKnownIsRefused(_ name: String, _ password: String, _ rule: RuleID) throws {
    var desk = try desk()
    let id = try desk.logOnDesk(name, password: password)
    let seen = desk.desk(id)
    let logout = try #require(seen.logouts.first)
    #expect(logout.reason == .refused && logout.rule == rule.rawValue)
    let count = desk.gateway.deskCount
    #expect(count == 0)
  }

  @Test func aControllersPasswordIsNobodysAtTheTerminalsDoor() throws {
    var desk = try desk()
    let id = try desk.logOn("chief")
    let reasons = desk.logoutReasons(id)
    #expect(reasons == [.refused])
  }

  @Test func oneSessionMoreThanAllowedIsRefusedUntilOneHasEnded() throws {
    var desk = try desk()
    let first = try desk.logOnDesk("chief")
    _ = try desk.logOnDesk("chief")
    let third = try desk.logOnDesk("chief")
    desk.heard(third) { #expect($0.logouts.map(\.rule) == [RuleID.oneSession.rawValue]) }
    desk.gateway.terminalClosed(first)
    desk.turn()
    let fourth = try desk.logOnDesk("chief")
    desk.heard(fourth) { #expect($0.accepted.count == 1) }
  }

  /// No crowd of terminals takes the controllers' places, and the reverse.
  @Test func theDoorsHavePlacesOfTheirOwn() throws {
    var desk = try desk {
      $0.terminals = 2
      $0.unauthenticated = 2
      $0.deskClients = 2
      $0.deskUnauthenticated = 1
    }
    let terminals = (desk.connect(), desk.connect(), desk.connect())
    #expect(terminals.0 != nil && terminals.1 != nil && terminals.2 == nil)
    let first = desk.connectDesk()
    let second = desk.connectDesk()
    #expect(second == nil)
    desk.gateway.terminalClosed(try #require(first))
    let id = try desk.logOnDesk("chief")
    desk.heard(id) { #expect($0.accepted.count == 1) }
    let next = desk.connectDesk()
    #expect(next != nil)
  }

  // MARK: Controls

  @Test func aBarIsAnsweredAndHolds() throws {
    var desk = try desk()
    let alice = try desk.logOn("alice")
    let id = try desk.logOnDesk("junior")
    _ = desk.desk(id)
    desk.send(Self.control(.barOpening), from: id)
    desk.turn()
    let seen = desk.desk(id)
    let answer = try #require(seen.answers.first)
    #expect(answer.requestID == 5 && answer.kind == .barOpening && answer.refusal.rule == 0)
    _ = desk.reports(alice)
    desk.send(GatewayDesk.order("a-1"), from: alice)
    desk.turn()
    desk.told(alice) { #expect($0.map(\.refusal.rule) == [RuleID.barredByController.rawValue]) }
    desk.send(Self.control(.releaseOpening), from: id)
    desk.turn()
    desk.heard(id) { #expect($0.answers.map(\.refusal.rule) == [0]) }
    desk.send(GatewayDesk.order("a-2"), from: alice)
    desk.turn()
    desk.told(alice) { #expect($0.map(\.execType) == [.new]) }
  }

  @Test(arguments: [
    (Self.control(.barOpening, reason: ""), RuleID.reasonMissing),
    (Self.control(.barOpening, .operationAccount, "bob"), .accountNotBoundToController),
    (Self.control(.barOpening, .operationAccount, "nobody"), .accountNotBoundToController),
    (Self.control(.barOpening, .product, "product-1"), .accountNotBoundToController),
    (Self.control(.killSwitch), .notPermitted),
    (Self.control(.releaseOpening), .badCommand),
    (Self.control(.cancelOrder, order: OrderID(raw: 77)), .unknownOrder),
    (Self.control(.kickSession), .badCommand),
  ])
  func whatIsNotHisIsRefused(_ control: DeskProtocol.Control, _ rule: RuleID) throws {
    var desk = try desk()
    let id = try desk.logOnDesk("junior")
    _ = desk.desk(id)
    desk.send(control, from: id)
    desk.turn()
    desk.heard(id) { #expect($0.answers.map(\.refusal.rule) == [rule.rawValue]) }
    let isTold = desk.events.contains {
      if case .controlRefused(let done) = $0 { done.refusal.rule == rule } else { false }
    }
    #expect(isTold)
  }

  @Test func aKindNobodyKnowsIsRejectedAndTheSessionGoesOn() throws {
    var desk = try desk()
    let id = try desk.logOnDesk("chief")
    _ = desk.desk(id)
    desk.send(Self.control(.unknown), from: id)
    desk.send(Self.control(.killSwitch), from: id)
    desk.turn()
    let seen = desk.desk(id)
    #expect(seen.rejects.map(\.requestID) == [5])
    #expect(seen.answers.map(\.refusal.rule) == [0])
  }

  @Test func aKillSwitchCancelsWhatWorksAndTheCounterIsAsked() throws {
    var desk = try desk()
    let alice = try desk.logOn("alice")
    desk.send(GatewayDesk.order("a-1"), from: alice)
    desk.settle()
    _ = desk.reports(alice)
    let id = try desk.logOnDesk("chief")
    desk.send(Self.control(.killSwitch, .platform, ""), from: id)
    desk.settle()
    // The counter is asked, and what it says is the order's end.
    let north = LinkID(index: 0)
    let asked = desk.counters[north]!.cancels
    #expect(asked.count == 1)
    for cancel in asked {
      let report = desk.counters[north]!.cancelled(cancel.childOrderID)
      desk.send(report, from: north)
    }
    desk.settle()
    desk.told(alice) { #expect($0.map(\.state) == [.cancelled]) }
    desk.heard(id) { #expect($0.answers.map(\.refusal.rule) == [0]) }
    desk.send(GatewayDesk.order("a-2"), from: alice)
    desk.settle()
    desk.told(alice) { #expect($0.map(\.refusal.rule) == [RuleID.killSwitch.rawValue]) }
  }

  @Test func aSessionIsKickedAndHearsWhy() throws {
    var desk = try desk()
    let first = try desk.logOn("alice")
    let second = try desk.logOn("alice")
    var epoch: UInt64 = 0
    for case .accepted(let accepted) in desk.received(first) { epoch = accepted.sessionEpoch }
    _ = desk.received(second)
    let id = try desk.logOnDesk("chief")
    desk.closesConnections = false
    desk.send(Self.control(.kickSession, session: epoch), from: id)
    desk.turn()
    let ofFirst = desk.logoutReasons(first)
    #expect(ofFirst == [.dropped])
    let ofSecond = desk.logoutReasons(second)
    #expect(ofSecond == [])
    desk.send(Self.control(.kickSession), from: id)
    desk.turn()
    let later = desk.logoutReasons(second)
    #expect(later == [.dropped])
    let sessions = desk.gateway.sessionCount
    #expect(sessions == 0)
  }

  @Test func withoutAJournalNothingIsPromised() throws {
    var desk = try desk()
    let id = try desk.logOnDesk("chief")
    _ = desk.desk(id)
    desk.storageIsFull = true
    desk.send(Self.control(.killSwitch, .platform, ""), from: id)
    desk.turn()
    desk.send(Self.control(.barOpening), from: id)
    desk.turn()
    desk.heard(id) { #expect($0.answers.isEmpty) }
    desk.storageIsFull = false
    desk.turn()
    desk.heard(id) { #expect($0.answers.map(\.kind) == [.killSwitch]) }
  }

  // MARK: Notices

  @Test func missedNoticesComeFirstThenWhatIsNew() throws {
    var desk = try desk()
    let chief = try desk.logOnDesk("chief")
    desk.send(Self.control(.barOpening), from: chief)
    desk.send(Self.control(.barOpening, .operationAccount, "bob"), from: chief)
    desk.turn()
    _ = desk.desk(chief)
    let junior = try desk.logOnDesk("junior")
    _ = desk.desk(junior)
    desk.send(DeskProtocol.SubscribeNotices(requestID: 8, after: 0), from: junior)
    desk.turn()
    let seen = desk.desk(junior)
    // Alice is his, bob is not.
    #expect(seen.notices.map { $0.scopeName.string } == ["alice"])
    #expect(seen.notices.map(\.control) == [.barOpening])
    #expect(seen.notices.map { $0.controller.string } == ["chief"])
    #expect(seen.notices.map { $0.reason.string } == ["because"])
    let last = try #require(seen.completes.first)
    #expect(last.requestID == 8 && last.lastNumber >= seen.notices[0].number)
    // New ones; everything concerns everybody.
    desk.send(Self.control(.killSwitch, .platform, ""), from: chief)
    desk.send(Self.control(.releaseOpening, .operationAccount, "bob"), from: chief)
    desk.turn()
    desk.heard(junior) { #expect($0.notices.map(\.control) == [.killSwitch]) }
    // Again from there: nothing is told twice.
    desk.send(DeskProtocol.SubscribeNotices(requestID: 9, after: last.lastNumber), from: junior)
    desk.turn()
    let again = desk.desk(junior)
    #expect(again.notices.map(\.control) == [.killSwitch])
    #expect(again.completes.map(\.requestID) == [9])
  }

  @Test func whoMayNotWatchIsToldNothing() throws {
    var desk = try desk()
    let id = try desk.logOnDesk("blind")
    _ = desk.desk(id)
    desk.send(DeskProtocol.SubscribeNotices(requestID: 8), from: id)
    desk.send(DeskProtocol.StandingRequest(requestID: 9), from: id)
    desk.turn()
    let seen = desk.desk(id)
    #expect(seen.rejects.map(\.requestID) == [8, 9])
    #expect(
      seen.rejects.allSatisfy { $0.refusal.rule == RuleID.notPermitted.rawValue })
    #expect(seen.notices.isEmpty && seen.completes.isEmpty)
  }

  @Test func whoLosesTheRightIsToldNothingMore() throws {
    var desk = try desk()
    let chief = try desk.logOnDesk("chief")
    let junior = try desk.logOnDesk("junior")
    desk.send(DeskProtocol.SubscribeNotices(requestID: 8), from: junior)
    desk.turn()
    _ = desk.desk(junior)
    let isTaken = desk.gateway.take(
      .setController(
        SetController(
          controller: ControllerID(1), setting: .rights,
          value: Int64(ControllerRights.bar.rawValue))))
    #expect(isTaken)
    desk.send(Self.control(.barOpening), from: chief)
    desk.turn()
    desk.heard(junior) { #expect($0.notices.isEmpty && $0.logouts.isEmpty) }
    desk.heard(chief) { #expect($0.answers.map(\.refusal.rule) == [0]) }
  }

  @Test func whatIsNotKeptAnyMoreIsSaid() throws {
    var desk = try desk { $0.notices = 4 }
    let id = try desk.logOnDesk("chief")
    for _ in 0..<6 { desk.send(Self.control(.barOpening), from: id) }
    desk.turn()
    _ = desk.desk(id)
    desk.send(DeskProtocol.SubscribeNotices(requestID: 8, after: 0), from: id)
    desk.turn()
    let seen = desk.desk(id)
    let truncated = try #require(seen.truncated.first)
    #expect(seen.notices.count == 4)
    #expect(seen.notices.map(\.number).first == truncated.firstAvailable)
    #expect(seen.notices.map(\.number).last == truncated.lastNumber)
    #expect(seen.completes.map(\.lastNumber) == [truncated.lastNumber])
  }

  /// Who does not read gets what there is room for, and the rest when he does.
  @Test func aSlowControllerIsSentMoreAsHeReads() throws {
    var desk = try desk()
    let id = try desk.logOnDesk("chief")
    let other = try desk.logOnDesk("chief")
    for _ in 0..<400 { desk.send(Self.control(.barOpening), from: id) }
    desk.turn()
    _ = desk.desk(other)
    desk.stuck = [.terminal(other)]
    desk.send(DeskProtocol.SubscribeNotices(requestID: 8, after: 0), from: other)
    desk.turn()
    desk.heard(other) { #expect($0.notices.isEmpty) }
    desk.stuck = []
    var seen = 0
    var completes = 0
    for _ in 0..<40 {
      desk.gateway.outputDrained(.terminal(other))
      desk.turn()
      let part = desk.desk(other)
      seen += part.notices.count
      completes += part.completes.count
    }
    #expect(seen >= 400 && completes == 1)
  }

  @Test func whatIsInPlaceIsListedAsFarAsItIsHis() throws {
    var desk = try desk()
    let chief = try desk.logOnDesk("chief")
    for control in [
      Self.control(.barOpening), Self.control(.barOpening, .operationAccount, "bob"),
      Self.control(.killSwitch, .product, "product-1"),
      Self.control(.killSwitch, .counter, "north"),
    ] {
      desk.send(control, from: chief)
    }
    desk.turn()
    desk.heard(chief) { seen in #expect(seen.answers.allSatisfy { $0.refusal.rule == 0 }) }
    desk.send(DeskProtocol.StandingRequest(requestID: 9), from: chief)
    let junior = try desk.logOnDesk("junior")
    desk.send(DeskProtocol.StandingRequest(requestID: 10), from: junior)
    desk.turn()
    let all = desk.desk(chief)
    #expect(all.rows.map { $0.scopeName.string } == ["alice", "bob", "product-1", "north"])
    #expect(all.ends.map(\.rows) == [4])
    let his = desk.desk(junior)
    #expect(his.rows.map { $0.scopeName.string } == ["alice", "product-1"])
    #expect(his.rows.allSatisfy { $0.controller.string == "chief" && $0.number > 0 })
  }

  // MARK: Ends

  @Test func aStopSaysGoodbyeInTheDesksWords() throws {
    var desk = try desk()
    let id = try desk.logOnDesk("chief")
    _ = desk.desk(id)
    desk.closesConnections = false
    desk.gateway.leave()
    desk.turn()
    desk.heard(id) { #expect($0.logouts.map(\.reason) == [.shuttingDown]) }
  }

  @Test func theEngineCountsSessionsThatAreThere() throws {
    var desk = try desk()
    let id = try desk.logOnDesk("chief")
    let open = desk.chiefsSessions
    #expect(open == 1)
    desk.send(DeskProtocol.Logout(reason: .requested), from: id)
    desk.turn()
    let left = desk.chiefsSessions
    #expect(left == 0)
  }
}
