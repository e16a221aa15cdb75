import Domain
import Engine
import Ledger
import MarketData
import Messages
import Testing

/// Risk controllers: who logs in, who may do what, and what it leaves behind (desk.md).
@Suite struct ControllerTests {
  static let chief = ControllerID(0)
  /// Has the right to bar, and anna alone.
  static let junior = ControllerID(1)

  static let controllers: [Command] = [
    .defineController(DefineController(name: Name("chief")!)),
    .defineController(DefineController(name: Name("junior")!)),
    .setController(
      SetController(
        controller: chief, setting: .rights, value: Int64(ControllerRights.all.rawValue))),
    .setController(SetController(controller: chief, setting: .bindsAll, value: 1)),
    .setController(
      SetController(
        controller: junior, setting: .rights, value: Int64(ControllerRights.bar.rawValue))),
    .bindController(BindController(controller: junior, account: World.anna, bound: true)),
  ]

  static func request(
    _ controller: ControllerID = chief, reason: String = "because"
  ) -> ControlRequest {
    ControlRequest(
      controller: controller, session: SessionID(5), requestID: 9, reason: ControlReason(reason)!)
  }

  static func bar(
    _ account: OperationAccountID, _ isBarred: Bool = true, by controller: ControllerID = chief,
    reason: String = "because"
  ) -> Command {
    .barOpening(
      BarOpening(
        request: request(controller, reason: reason), account: account, isBarred: isBarred))
  }

  private let price = World.yuan(3_500)

  @Test func aBarStopsOpeningAndLetsClose() {
    let fixture = EngineFixture.trading(before: Self.controllers)
    fixture.hold(World.anna, World.rb2701, .long, 2, at: price)
    let barred = fixture.step(Self.bar(World.anna))
    #expect(
      barred.done == [
        ControlDone(
          kind: .barOpening, controller: Self.chief, session: SessionID(5), requestID: 9,
          refusal: .none)
      ])
    let taken = barred.taken[0]
    #expect(taken.scopeID == World.anna.raw && taken.reason == ControlReason("because")!)
    let refused = fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price).reports[0]
    #expect(refused.refusal.rule == .barredByController)
    #expect(refused.refusal.observed == Int64(taken.number))
    #expect(
      fixture.send(World.anna, World.rb2701, .sell, .closeToday, 1, at: price).sent.count == 1)
    #expect(fixture.send(World.amir, World.rb2701, .buy, .open, 1, at: price).sent.count == 1)
    #expect(fixture.step(Self.bar(World.anna, false)).done.map(\.refusal.rule) == [RuleID.none])
    #expect(fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price).sent.count == 1)
    // Nothing is in place any more.
    #expect(fixture.step(Self.bar(World.anna, false)).done.map(\.refusal.rule) == [.badCommand])
  }

  @Test(arguments: [
    (ControllerID(1), World.anna, "why", RuleID.none),
    (ControllerID(1), World.amir, "why", .accountNotBoundToController),
    (ControllerID(1), World.anna, "", .reasonMissing),
    (ControllerID(0), World.amir, "why", .none),
    (ControllerID(0), OperationAccountID(15), "why", .accountNotBoundToController),
    (ControllerID(2), World.anna, "why", .notPermitted),
    (ControllerID.none, World.anna, "why", .notPermitted),
  ])
  func whoMayBar(
    _ controller: ControllerID, _ account: OperationAccountID, _ reason: String, _ rule: RuleID
  ) {
    let fixture = EngineFixture.trading(before: Self.controllers)
    let hash = fixture.stateHash
    let effects = fixture.step(Self.bar(account, by: controller, reason: reason))
    #expect(effects.done.map(\.refusal.rule) == [rule])
    #expect(effects.taken.count == (rule == .none ? 1 : 0))
    if rule != .none {
      #expect(effects.count == 1)
      let same = EngineFixture.trading(before: Self.controllers)
      same.step(.timeReached)
      #expect(fixture.stateHash == same.stateHash && fixture.stateHash != hash)
    }
  }

  @Test func aBarOutlastsTheDay() {
    let fixture = EngineFixture.trading(before: Self.controllers)
    fixture.step(Self.bar(World.anna))
    fixture.beginDay(World.tuesday, nightDate: 0, at: World.openTime.adding(seconds: 86_400))
    #expect(
      fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price).reports
        .map(\.refusal.rule) == [.barredByController])
  }

  @Test func anyWorkingOrderIsCancelledByWhoIsBoundToItsAccount() {
    let fixture = EngineFixture.trading(before: Self.controllers)
    func cancel(_ order: OrderID, _ controller: ControllerID) -> [Effect] {
      fixture.step(
        .cancelAnyOrder(
          CancelAnyOrder(request: Self.request(controller, reason: ""), order: order)))
    }
    let annas = fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price).reports[0].order
    let amirs = fixture.send(World.amir, World.rb2701, .buy, .open, 1, at: price).reports[0].order
    // Nobody learns of orders that are not his.
    #expect(cancel(amirs, Self.junior).done.map(\.refusal.rule) == [.unknownOrder])
    #expect(
      cancel(OrderID(raw: amirs.raw + 1), Self.junior).done.map(\.refusal.rule) == [.unknownOrder])
    let effects = cancel(annas, Self.junior)
    #expect(effects.cancels.count == 1)
    #expect(effects.taken.map(\.order) == [annas])
    fixture.confirmCancel(effects.cancels[0].child)
    #expect(cancel(annas, Self.chief).done.map(\.refusal.rule) == [.orderDone])
    #expect(cancel(amirs, Self.chief).cancels.count == 1)
  }

  @Test func sessionsOfAnAccountAreEnded() {
    let fixture = EngineFixture.trading(before: Self.controllers)
    let kick = Command.kickSession(
      KickSession(request: Self.request(), account: World.anna, target: .none))
    #expect(fixture.step(kick).done.map(\.refusal.rule) == [.badCommand])
    fixture.step(
      .logon(
        Logon(
          session: SessionID(1), account: World.anna, passwordVerified: true,
          address: NetworkAddress(ipv4: 1), mac: .none, terminalName: FixedText("t")!,
          terminalVersion: FixedText("1")!)))
    let effects = fixture.step(kick)
    #expect(
      effects.contains(
        .dropSessions(DropSessions(account: World.anna, session: .none))))
    #expect(effects.done.map(\.refusal.rule) == [RuleID.none])
  }

  @Test func anOrderRateIsReleased() {
    let fixture = EngineFixture.trading(before: Self.controllers)
    for (setting, value) in [
      (AccountSetting.orderRateCount, Int64(1)), (.orderRateWindowMilliseconds, 60_000),
    ] {
      fixture.step(.setAccount(SetAccount(account: World.anna, setting: setting, value: value)))
    }
    fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price)
    func release(_ kind: HolderKind, _ controller: ControllerID) -> [RuleID] {
      fixture.step(
        .controlRelease(
          ControlRelease(request: Self.request(controller), holderKind: kind, holderID: 0))
      ).done.map(\.refusal.rule)
    }
    #expect(release(.fundAccount, Self.junior) == [.accountNotBoundToController])
    #expect(release(.operationAccount, Self.junior) == [RuleID.none])
    #expect(release(.operationAccount, Self.junior) == [.badCommand])
    #expect(fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price).sent.count == 1)
  }

  // MARK: Logging in

  private func logon(
    _ controller: ControllerID = chief, verified: Bool = true, address: UInt32 = 1
  ) -> Command {
    .controllerLogon(
      ControllerLogon(
        session: SessionID(1), controller: controller, passwordVerified: verified,
        address: NetworkAddress(ipv4: address), mac: .none, clientName: FixedText("desk")!,
        clientVersion: FixedText("1")!))
  }

  @Test func aControllerLogsInAsAnAccountDoes() {
    let fixture = EngineFixture.trading(before: Self.controllers)
    let first = fixture.step(logon()).controllerVerdicts[0]
    #expect(first.refusal == .none && first.tradingDay == World.monday)
    #expect(fixture.step(logon()).controllerVerdicts.map(\.refusal.rule) == [.oneSession])
    fixture.step(
      .controllerClosed(ControllerClosed(session: SessionID(1), controller: Self.chief)))
    #expect(fixture.step(logon()).controllerVerdicts.map(\.refusal.rule) == [RuleID.none])
    let wrong = fixture.step(logon(Self.junior, verified: false)).controllerVerdicts[0]
    let unknown = fixture.step(logon(.none, verified: false)).controllerVerdicts[0]
    #expect(wrong.refusal.rule == .loginCredentials && wrong.refusal == unknown.refusal)
    fixture.step(
      .setController(SetController(controller: Self.junior, setting: .enabled, value: 0)))
    #expect(
      fixture.step(logon(Self.junior)).controllerVerdicts.map(\.refusal.rule)
        == [.loginCredentials])
  }

  @Test func failuresLockTheControllerAndNoAccount() {
    let fixture = EngineFixture.trading(
      before: Self.controllers + [
        .setPlatform(SetPlatform(setting: .lockoutFailures, value: 2))
      ])
    fixture.step(logon(verified: false))
    let second = fixture.step(logon(verified: false))
    #expect(second.notices.map(\.scopeKind) == [.controller])
    #expect(fixture.step(logon()).controllerVerdicts.map(\.refusal.rule) == [.loginLockout])
    #expect(
      fixture.step(logon(Self.junior)).controllerVerdicts.map(\.refusal.rule) == [RuleID.none])
  }

  @Test func onlyListedAddressesMayLogIn() {
    let fixture = EngineFixture.trading(
      before: Self.controllers + [
        .allowControllerAddress(
          AllowControllerAddress(
            controller: Self.chief, from: NetworkAddress(ipv4: 5), to: NetworkAddress(ipv4: 6)))
      ])
    #expect(
      fixture.step(logon(address: 4)).controllerVerdicts.map(\.refusal.rule) == [.ipWhitelist])
    #expect(
      fixture.step(logon(address: 5)).controllerVerdicts.map(\.refusal.rule) == [RuleID.none])
  }

  @Test func aControllerMoreThanThereIsRoomForIsRefused() {
    var capacities = World.capacities
    capacities.controllers = 1
    let fixture = EngineFixture(capacities: capacities)
    func define(_ name: String) -> [Effect] {
      fixture.step(.defineController(DefineController(name: Name(name)!)))
    }
    #expect(define("one").defined == [Defined(kind: .controller, id: 0)])
    #expect(define("two").refusals.map(\.rule) == [.capacity])
  }
}

extension [Effect] {
  var done: [ControlDone] {
    compactMap { if case .controlDone(let done) = $0 { done } else { nil } }
  }
  var taken: [ControlTaken] {
    compactMap { if case .controlTaken(let taken) = $0 { taken } else { nil } }
  }
  var controllerVerdicts: [ControllerVerdict] {
    compactMap { if case .controllerVerdict(let verdict) = $0 { verdict } else { nil } }
  }
}
