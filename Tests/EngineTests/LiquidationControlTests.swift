import Domain
import Engine
import Ledger
import Messages
import Testing

/// Liquidations that risk controllers ask for: who may, what it leaves behind, and kill switches
/// that flatten (desk.md).
@Suite struct LiquidationControlTests {
  private let anna = World.anna
  private let amir = World.amir
  private let price = World.yuan(3_500)
  /// Junior has anna alone.
  private let junior = ControllerTests.junior

  private func fixture(_ rights: ControllerRights = .liquidate) -> EngineFixture {
    let fixture = EngineFixture.trading(
      before: ControllerTests.controllers + [
        .setController(
          SetController(
            controller: ControllerTests.junior, setting: .rights, value: Int64(rights.rawValue)))
      ])
    fixture.tick(World.rb2701, price)
    fixture.quote(World.rb2701, bid: 3_499, ask: 3_501)
    return fixture
  }

  private func liquidate(
    _ account: OperationAccountID = World.anna, _ product: ProductID = .none,
    _ instrument: InstrumentID = .none, _ side: PositionSide = .unknown,
    by controller: ControllerID = ControllerTests.chief, reason: String = "because"
  ) -> Command {
    .controlLiquidate(
      ControlLiquidate(
        request: ControllerTests.request(controller, reason: reason), account: account,
        product: product, instrument: instrument, side: side, hedge: .unknown, extent: .all))
  }

  private func stop(
    _ account: OperationAccountID = World.anna, _ product: ProductID = .none,
    by controller: ControllerID = ControllerTests.chief, reason: String = "because"
  ) -> Command {
    .controlStop(
      ControlStop(
        request: ControllerTests.request(controller, reason: reason), account: account,
        product: product))
  }

  private func flatten(
    _ kind: ScopeKind, _ id: UInt32 = .max, isOn: Bool = true,
    by controller: ControllerID = ControllerTests.chief
  ) -> Command {
    .killSwitch(
      KillSwitch(
        request: ControllerTests.request(controller), scopeKind: kind, scopeID: id, isOn: isOn,
        flattens: true))
  }

  // MARK: Who may

  @Test(arguments: [
    (ControllerID(1), World.anna, ProductID.none, "why", RuleID.none),
    (ControllerID(1), World.amir, .none, "why", .accountNotBoundToController),
    (ControllerID(1), .none, World.alpha, "why", .accountNotBoundToController),
    (ControllerID(1), World.anna, .none, "", .reasonMissing),
    (ControllerID(0), World.amir, .none, "why", .none),
    (ControllerID(0), .none, World.alpha, "why", .none),
    (ControllerID(0), .none, ProductID(77), "why", .badCommand),
    (ControllerID(0), World.anna, World.alpha, "why", .badCommand),
    (ControllerID(0), OperationAccountID(15), .none, "why", .accountNotBoundToController),
    (ControllerID(2), World.anna, .none, "why", .notPermitted),
  ])
  func whoMayLiquidate(
    _ controller: ControllerID, _ account: OperationAccountID, _ product: ProductID,
    _ reason: String, _ rule: RuleID
  ) {
    let fixture = fixture()
    fixture.hold(anna, World.rb2701, .long, 2, at: price)
    let hash = fixture.booksHash
    let effects = fixture.step(liquidate(account, product, by: controller, reason: reason))
    #expect(effects.done.map(\.refusal.rule) == [rule])
    #expect(effects.done.map(\.kind) == [.forceLiquidation])
    #expect(effects.taken.isEmpty == (rule != .none))
    if rule != .none { #expect(fixture.booksHash == hash && effects.liquidations.isEmpty) }
  }

  /// One right less than it takes, and exactly what it takes.
  @Test(arguments: [
    (ControllerRights.all.subtracting(.liquidate), RuleID.notPermitted), (.liquidate, .none),
  ])
  func itTakesTheRight(_ rights: ControllerRights, _ rule: RuleID) {
    let fixture = fixture(rights)
    #expect(fixture.step(liquidate(by: junior)).done.map(\.refusal.rule) == [rule])
    let stopped: RuleID = rule == .none ? .none : .notPermitted
    #expect(fixture.step(stop(by: junior)).done.map(\.refusal.rule) == [stopped])
  }

  @Test(arguments: [
    (ControllerRights.kill, RuleID.notPermitted),
    (ControllerRights.liquidate, RuleID.notPermitted),
    (ControllerRights.kill.union(.liquidate), RuleID.none),
  ])
  func flatteningTakesBothRights(_ rights: ControllerRights, _ rule: RuleID) {
    let fixture = fixture(rights)
    let effects = fixture.step(flatten(.operationAccount, anna.raw, by: junior))
    #expect(effects.done.map(\.refusal.rule) == [rule])
    #expect(fixture.refusal(anna) == (rule == .none ? .killSwitch : nil))
  }

  // MARK: What it leaves behind

  @Test func whoAndWhyIsToldBeforeItBegins() throws {
    let fixture = fixture()
    fixture.hold(anna, World.rb2701, .long, 5, at: price)
    let effects = fixture.step(liquidate(anna, .none, World.rb2701, .long, reason: "over limit"))
    let taken = try #require(effects.taken.first)
    #expect(taken.kind == .forceLiquidation && taken.controller == ControllerTests.chief)
    #expect(taken.scopeKind == .operationAccount && taken.scopeID == anna.raw)
    #expect(taken.instrument == World.rb2701 && taken.reason.string == "over limit")
    let begun = try #require(effects.liquidations.first)
    #expect(begun.phase == .cancelling && begun.owner == .controller)
    #expect(begun.who.string == "chief" && begun.side == .long)
    #expect(effects.notices(.liquidationStarted).map(\.number) == [taken.number + 1])
  }

  /// What is held, what works, what waits and why, at each step of it.
  @Test func progressSaysWhatIsHeldAndWhatWorks() throws {
    let fixture = fixture()
    fixture.hold(anna, World.rb2701, .long, 10, at: price)
    fixture.step(liquidate())
    let sent = Array(fixture.drain().joined())
    let child = try #require(sent.sent.first?.child)
    var told = try #require(sent.liquidations.last)
    #expect(told.phase == .closing && told.lotsLeft == 10 && told.lotsWorking == 10)
    #expect(told.waits == .none && told.orders == 1)
    fixture.accept(child)
    fixture.fill(child, World.yuan(3_499), 4)
    told = try #require(Array(fixture.drain().joined()).liquidations.last)
    #expect(told.lotsLeft == 6 && told.lotsWorking == 6)
    fixture.fill(child, World.yuan(3_499), 6)
    told = try #require(Array(fixture.drain().joined()).liquidations.last)
    #expect(told.phase == .ended && told.end == .done)
    #expect(told.lotsLeft == 0 && told.lotsWorking == 0)
  }

  @Test func aStopEndsItAndASecondOneFindsNothing() {
    let fixture = fixture()
    fixture.hold(anna, World.rb2701, .long, 5, at: price)
    fixture.step(liquidate())
    let child = Array(fixture.drain().joined()).sent[0].child
    fixture.accept(child)
    let stopped = fixture.step(stop())
    #expect(stopped.done.map(\.refusal.rule) == [RuleID.none])
    #expect(stopped.taken.map(\.kind) == [.stopLiquidation])
    #expect(stopped.liquidations.map(\.phase) == [.stopping])
    #expect(fixture.step(stop()).done.map(\.refusal.rule) == [.badCommand])
    fixture.drain()
    fixture.confirmCancel(child)
    let end = Array(fixture.drain().joined()).liquidations
    #expect(end.map(\.end) == [.stopped])
    #expect(fixture.step(stop()).done.map(\.refusal.rule) == [.badCommand])
    #expect(fixture.side(anna, World.rb2701, .long)?.held == 5)
  }

  /// Of two scopes neither lies in the other: the second is refused, and nothing is told.
  @Test func aSecondScopeBesideTheFirstIsRefused() {
    let fixture = fixture()
    fixture.hold(anna, World.rb2701, .long, 5, at: price)
    fixture.step(liquidate(anna, .none, World.rb2701))
    let other = fixture.step(liquidate(anna, .none, World.m2701))
    #expect(other.done.map(\.refusal.rule) == [.liquidating])
    #expect(other.taken.isEmpty && other.liquidations.isEmpty)
    // All of it covers the first.
    let all = fixture.step(liquidate())
    #expect(all.done.map(\.refusal.rule) == [RuleID.none])
    #expect(all.liquidations.map(\.phase) == [.ended, .cancelling])
  }

  @Test func beforeTheDayHasBegunNothingIsLiquidated() {
    let fixture = EngineFixture.trading(before: ControllerTests.controllers)
    // Work that fills more than a step keeps the day switch from its end.
    for _ in 0..<600 { fixture.send(anna, World.rb2701, .buy, .open, 1, at: price) }
    fixture.step(
      .daySwitch(
        DaySwitch(tradingDay: World.tuesday, nightDate: World.monday.yyyymmdd)))
    #expect(fixture.step(liquidate()).done.map(\.refusal.rule) == [.engineNotReady])
  }

  // MARK: Products

  @Test func aProductsAccountsGoTogether() {
    let fixture = fixture()
    for account in [anna, amir] { fixture.hold(account, World.rb2701, .long, 3, at: price) }
    let effects = fixture.step(liquidate(.none, World.alpha))
    #expect(effects.taken.map(\.scopeKind) == [.product])
    // Another word about a product waits for the first.
    #expect(fixture.step(stop(.none, World.alpha)).done.map(\.refusal.rule) == [.capacity])
    let begun = Array(fixture.drain().joined()).liquidations.filter { $0.phase == .cancelling }
    #expect(begun.map(\.account) == [anna, amir])
    #expect(begun.allSatisfy { $0.who.string == "chief" })
    #expect(fixture.step(stop(.none, World.alpha)).done.map(\.refusal.rule) == [RuleID.none])
    let stopped = Array(fixture.drain().joined()).liquidations.filter { $0.phase == .stopping }
    #expect(stopped.map(\.account) == [anna, amir])
  }

  // MARK: Kill switches that flatten

  @Test(arguments: [
    (ScopeKind.operationAccount, World.anna.raw, [World.anna]),
    (.product, World.alpha.raw, [World.anna, World.amir]),
    (.platform, UInt32.max, [World.anna, World.amir, World.bela]),
  ])
  func aSwitchThatFlattensClosesWhatItsAccountsHold(
    _ kind: ScopeKind, _ id: UInt32, _ flattened: [OperationAccountID]
  ) {
    let fixture = fixture()
    for account in [anna, amir, World.bela] {
      fixture.hold(account, World.rb2701, .long, 3, at: price)
    }
    let pressed = fixture.step(flatten(kind, id))
    #expect(pressed.done.map(\.refusal.rule) == [RuleID.none])
    #expect(pressed.taken.map(\.kind) == [.killAndFlatten])
    let all = pressed + fixture.drain().joined()
    #expect(
      all.liquidations.filter { $0.phase == .cancelling }.map(\.account) == flattened)
    // Forced orders leave under the switch; where lots are split, so are they.
    let forced = all.sent
    #expect(forced.reduce(0) { $0 + Int($1.lots) } == 3 * flattened.count)
    #expect(forced.allSatisfy { $0.side == .sell })
    for child in forced {
      fixture.fill(child.child, World.yuan(3_499), child.lots)
      fixture.drain()
    }
    for account in [anna, amir, World.bela] {
      let isFlat = fixture.side(account, World.rb2701, .long)?.held == 0
      #expect(isFlat == flattened.contains(account))
      #expect((fixture.refusal(account) == .killSwitch) == flattened.contains(account))
    }
  }

  /// A counter sends nothing under its switch: what is held there can't be closed by it.
  @Test func aCountersSwitchDoesNotFlattenNorDoesARelease() {
    let fixture = fixture()
    #expect(fixture.step(flatten(.counter, 0)).done.map(\.refusal.rule) == [.badCommand])
    fixture.step(flatten(.platform))
    #expect(
      fixture.step(flatten(.platform, isOn: false)).done.map(\.refusal.rule) == [.badCommand])
    #expect(fixture.refusal(anna) == .killSwitch)
  }

  @Test func whoHasNothingIsNotLiquidated() {
    let fixture = fixture()
    let effects = fixture.step(flatten(.platform)) + fixture.drain().joined()
    #expect(effects.liquidations.isEmpty)
    #expect(effects.taken.count == 1)
  }
}
