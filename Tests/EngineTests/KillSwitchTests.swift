import Domain
import Engine
import Ledger
import MarketData
import Messages
import Testing

/// Kill switches: what they refuse, what they cancel, and how they end (desk.md).
@Suite struct KillSwitchTests {
  private let price = World.yuan(3_500)

  private func kill(
    _ kind: ScopeKind, _ id: UInt32 = .max, _ isOn: Bool = true,
    by controller: ControllerID = ControllerTests.chief
  ) -> Command {
    .killSwitch(
      KillSwitch(
        request: ControllerTests.request(controller), scopeKind: kind, scopeID: id, isOn: isOn))
  }

  private func trading() -> EngineFixture {
    EngineFixture.trading(before: ControllerTests.controllers)
  }

  /// Anna and amir are of alpha, bela of beta.
  @Test(arguments: [
    (ScopeKind.operationAccount, World.anna.raw, [World.anna]),
    (.product, World.alpha.raw, [World.anna, World.amir]),
    (.platform, UInt32.max, [World.anna, World.amir, World.bela]),
  ])
  func newOrdersAreRefusedAndWorkingOnesCancelled(
    _ kind: ScopeKind, _ id: UInt32, _ stopped: [OperationAccountID]
  ) {
    let fixture = trading()
    fixture.hold(World.anna, World.rb2701, .long, 2, at: price)
    var orders: [OperationAccountID: OrderID] = [:]
    for account in [World.anna, World.amir, World.bela] {
      orders[account] =
        fixture.send(account, World.rb2701, .buy, .open, 1, at: price).reports[0].order
    }
    let before = fixture.cancels.count
    fixture.step(kill(kind, id))
    fixture.drain()
    #expect(fixture.cancels.count - before == stopped.count)
    for account in [World.anna, World.amir, World.bela] {
      let isStopped = stopped.contains(account)
      #expect(fixture.order(orders[account]!)?.cancelRequested == isStopped)
      let report = fixture.send(account, World.rb2701, .buy, .open, 1, at: price).reports[0]
      #expect((report.refusal.rule == .killSwitch) == isStopped)
    }
    // Closing too; the whole of it ends with the release.
    let closing = fixture.send(World.anna, World.rb2701, .sell, .closeToday, 1, at: price)
    #expect(closing.reports.map(\.refusal.rule) == [.killSwitch])
    #expect(fixture.step(kill(kind, id, false)).done.map(\.refusal.rule) == [RuleID.none])
    #expect(
      fixture.send(World.anna, World.rb2701, .sell, .closeToday, 1, at: price).sent.count == 1)
    #expect(fixture.step(kill(kind, id, false)).done.map(\.refusal.rule) == [.badCommand])
  }

  @Test func aCountersSwitchTurnsItsFundAccountsAway() {
    let fixture = trading()
    let first = fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price)
    #expect(first.sent.map(\.fundAccount) == [World.north1])
    fixture.step(kill(.counter, 0))
    #expect(fixture.cancels.map(\.child) == [first.sent[0].child])
    // Alpha's other fund account is at the other counter; gamma has none.
    let next = fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price)
    #expect(next.sent.map(\.fundAccount) == [World.south1])
    let none = fixture.send(World.cara, World.rb2701, .buy, .open, 1, at: price)
    #expect(none.reports.map(\.refusal.rule) == [.fundKillSwitch])
    fixture.step(kill(.counter, 0, false))
    #expect(
      fixture.send(World.cara, World.rb2701, .buy, .open, 1, at: price).sent.count == 1)
  }

  @Test func aRefusedChildIsNotTriedElsewhere() {
    let fixture = EngineFixture.trading(
      before: ControllerTests.controllers + [
        .setProduct(SetProduct(product: World.alpha, setting: .retryRejectedChild, value: 1))
      ])
    let child = fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price).sent[0].child
    // The switch's cancels wait behind a long task.
    for _ in 0..<300 {
      fixture.send(World.bela, World.m2701, .buy, .open, 1, at: World.yuan(3_000))
    }
    fixture.massCancel(World.bela)
    fixture.step(kill(.platform))
    #expect(fixture.hasWork)
    #expect(fixture.reject(child).sent.isEmpty)
  }

  /// What was begun goes through, in slices, though the switch is released meanwhile.
  @Test func thousandsOfOrdersAreCancelledSliceBySlice() {
    let fixture = trading()
    for index in 0..<700 {
      fixture.send(
        index % 2 == 0 ? World.anna : World.amir, World.rb2701, .buy, .open, 1, at: price)
    }
    fixture.step(kill(.product, World.alpha.raw))
    let first = fixture.cancels.count
    #expect(first > 0 && first <= Engine.unitsPerStep)
    fixture.step(kill(.product, World.alpha.raw, false))
    for slice in fixture.drain() { #expect(slice.cancels.count <= Engine.unitsPerStep) }
    #expect(fixture.cancels.count == 700)
    #expect(Set(fixture.cancels.map(\.child.raw)).count == 700)
  }

  @Test(arguments: [
    (ScopeKind.instrument, UInt32(0), RuleID.badCommand), (.product, 3, .badCommand),
    (.counter, 2, .badCommand), (.operationAccount, 15, .accountNotBoundToController),
    (.none, .max, .badCommand),
  ])
  func whatCannotBeStoppedIsRefused(_ kind: ScopeKind, _ id: UInt32, _ rule: RuleID) {
    let fixture = trading()
    #expect(fixture.step(kill(kind, id)).done.map(\.refusal.rule) == [rule])
  }

  @Test func whoIsBoundToSomeAccountsStopsThoseAlone() {
    let fixture = trading()
    fixture.step(
      .setController(
        SetController(
          controller: ControllerTests.junior, setting: .rights,
          value: Int64(ControllerRights.kill.rawValue))))
    func rule(_ kind: ScopeKind, _ id: UInt32) -> [RuleID] {
      fixture.step(kill(kind, id, by: ControllerTests.junior)).done.map(\.refusal.rule)
    }
    #expect(rule(.operationAccount, World.anna.raw) == [RuleID.none])
    #expect(rule(.operationAccount, World.amir.raw) == [.accountNotBoundToController])
    #expect(rule(.product, World.alpha.raw) == [.accountNotBoundToController])
    #expect(rule(.platform, .max) == [.accountNotBoundToController])
  }

  @Test func aSwitchOutlastsTheDayAndSaysWhoAndWhy() {
    let fixture = trading()
    let taken = fixture.step(kill(.product, World.alpha.raw)).taken[0]
    fixture.beginDay(World.tuesday, nightDate: 0, at: World.openTime.adding(seconds: 86_400))
    let report = fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price).reports[0]
    #expect(report.refusal.rule == .killSwitch)
    #expect(report.refusal.observed == Int64(taken.number))
    #expect(report.refusal.scopeKind == .product)
    let place = fixture.engine.ledger.controls.place(.product(World.alpha))
    let mark = fixture.engine.ledger.controls.killSwitch(place).pointee
    #expect(mark.controller == ControllerTests.chief && mark.reason == taken.reason)
    #expect(mark.number == taken.number)
  }
}
