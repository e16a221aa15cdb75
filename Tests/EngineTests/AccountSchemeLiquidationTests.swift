import Domain
import Engine
import Ledger
import Messages
import Testing

/// Second levels of an operation account's own schemes, and what commands of them are taken.
@Suite struct AccountSchemeLiquidationTests {
  private let anna = World.anna
  private let amir = World.amir
  private let price = World.yuan(3_500)

  /// Anna and Amir have twelve lots each; Anna's thirteenth passes level two.
  private func fixture(
    _ settings: [(AccountSetting, Int64)], platform: Int64? = nil
  ) -> EngineFixture {
    let fixture = AccountSchemeTests.fixture([
      SchemeTests.clause(.totalPositionLots, .commodity, World.rb.raw, two: 12)
    ])
    fixture.holdEqually(12, platform: platform) {
      for (setting, value) in settings {
        let set = SetAccount(account: anna, setting: setting, value: value)
        #expect(fixture.step(.setAccount(set)).refusals.isEmpty)
      }
    }
    return fixture
  }

  static let rows: [(own: Int64?, platform: Int64?, liquidates: Bool)] = [
    (nil, nil, false), (0, 1, false), (1, nil, true), (1, 0, true), (2, 1, true), (2, 0, false),
  ]

  @Test(arguments: rows)
  func theAccountSaysWhetherOrFollows(_ own: Int64?, _ platform: Int64?, _ liquidates: Bool) {
    let fixture = fixture(own.map { [(.schemeLiquidation, $0)] } ?? [], platform: platform)
    let told = fixture.lowerLevel(to: 11)
    let notice = told.notices(.clauseReached).first
    #expect(notice?.scopeKind == .operationAccount && notice?.scopeID == anna.raw)
    #expect(notice?.level == .liquidate && notice?.action == .barOpening)
    let begun = told.liquidations.filter { $0.phase == .cancelling }
    #expect(begun.map(\.account) == (liquidates ? [anna] : []))
    #expect(begun.allSatisfy { $0.owner == .account && $0.extent == .all && $0.who.isEmpty })
    #expect(begun.allSatisfy { $0.rule == .schemeTotalPositionLots && $0.level == .liquidate })
    // Whether or not, it opens nothing more, and others do.
    #expect(fixture.refusal(anna) != nil)
    #expect(fixture.refusal(amir) == nil)
  }

  @Test func allIsClosedAndOnce() {
    let fixture = fixture([(.schemeLiquidation, 1)])
    let sent = fixture.lowerLevel(to: 11).sent
    #expect(sent.map(\.lots) == [12])
    for order in sent { fixture.fill(order.child, World.yuan(3_499), order.lots) }
    fixture.pass(seconds: 20)
    #expect(fixture.passed.liquidations.filter { $0.phase == .ended }.map(\.end) == [.done])
    #expect(fixture.held(anna, World.rb2701) == 0)
    #expect(fixture.held(amir, World.rb2701) == 12)
    #expect(fixture.refusal(anna) == nil)
  }

  @Test func backToTheLineGoesNoFurther() {
    let fixture = fixture([(.schemeLiquidation, 1), (.schemeLiquidationExtent, 2)])
    var sent = fixture.lowerLevel(to: 9).sent
    var closed: Lots = 0
    for _ in 0..<20 where !sent.isEmpty {
      for order in sent {
        closed += order.lots
        fixture.fill(order.child, World.yuan(3_499), order.lots)
      }
      fixture.pass(seconds: 1)
      sent = fixture.passed.sent
    }
    #expect(closed == 3)
    #expect(fixture.refusal(anna) == .schemeTotalPositionLots)
    fixture.pass(seconds: 30)
    #expect(fixture.passed.sent.isEmpty)
  }

  /// A round is judged when its clauses have been looked at: by the look that is in the work queue
  /// when its time has come, and by none behind that one, however much goes on.
  @Test func aRoundWaitsForTheLookThatIsInTheQueueAndNoLonger() {
    let fixture = fixture([(.schemeLiquidation, 1), (.schemeLiquidationExtent, 2)])
    let first = fixture.lowerLevel(to: 9).sent
    #expect(first.map(\.lots) == [1])
    fixture.fill(first[0].child, World.yuan(3_499), 1)
    #expect(fixture.drain().joined().flatMap { [$0] }.sent.isEmpty)
    /// Work is interrupted by a price for so long that another look is due behind what waits.
    func interrupted(by yuan: Int64) -> [SendOrder] {
      fixture.step(.timeReached, at: fixture.time.adding(seconds: 10))
      fixture.tick(World.rb2701, World.yuan(yuan))
      let effects = fixture.step(.timeReached, at: fixture.time.adding(seconds: 1))
      return (effects + fixture.drain().joined()).sent
    }
    #expect(interrupted(by: 3_501).isEmpty)
    #expect(interrupted(by: 3_502).map(\.lots) == [1])
  }

  /// A scheme of the product takes over what the account's own began, and a controller both.
  @Test func theProductIsStrongerAndAControllerStrongest() {
    let fixture = fixture([(.schemeLiquidation, 1)])
    _ = fixture.lowerLevel(to: 11)
    #expect(fixture.owner(of: anna) == .account)
    fixture.step(
      .setProduct(SetProduct(product: World.alpha, setting: .schemeLiquidation, value: 1)))
    fixture.step(SchemeTests.bind())
    fixture.drain()
    fixture.pass(seconds: 1)
    #expect(fixture.owner(of: anna) == .product)
    #expect(
      fixture.passed.liquidations.contains { $0.account == anna && $0.end == .takenOver })
    #expect(fixture.owner(of: amir) == .product)
    fixture.force(anna)
    #expect(fixture.owner(of: anna) == .controller)
  }

  // MARK: Commands

  /// rules.md 5: shares first. The next one without room is refused, and nothing changes.
  @Test func sharesComeFirstAndThereIsRoomForSoMany() {
    var capacities = World.capacities
    capacities.schemeAccounts = 1
    let fixture = EngineFixture.trading(
      before: [.defineScheme(DefineScheme(name: FixedText("narrow")!))], capacities: capacities)
    func refusals(_ command: Command) -> [RuleID] { fixture.step(command).refusals.map(\.rule) }
    let bar = SetAccount(account: anna, setting: .schemeBarsFromLevelTwo, value: 1)
    #expect(refusals(AccountSchemeTests.bind()) == [.badCommand])
    #expect(refusals(.setAccount(bar)) == [.badCommand])
    #expect(refusals(AccountSchemeTests.shares()) == [])
    #expect(refusals(AccountSchemeTests.bind()) == [])
    #expect(refusals(.setAccount(bar)) == [])
    #expect(refusals(AccountSchemeTests.shares(of: amir)) == [.capacity])
    #expect(refusals(AccountSchemeTests.bind(amir)) == [.badCommand])
    // Shares stay while anything is bound.
    let none = AccountSchemeTests.shares().removal!
    #expect(none.removal == none)
    #expect(refusals(none) == [.badCommand])
    #expect(refusals(AccountSchemeTests.bind().removal!) == [])
    #expect(refusals(none) == [])
    #expect(refusals(AccountSchemeTests.bind()) == [.badCommand])
    // Nobody, or two at once, is no subject.
    var both = BindScheme(
      product: World.alpha, number: 1, scheme: 0, basis: .current, from: .min, to: .min,
      period: .day, account: anna)
    #expect(refusals(.bindScheme(both)) == [.badCommand])
    both.product = .none
    both.account = .none
    #expect(refusals(.bindScheme(both)) == [.badCommand])
  }

  @Test(arguments: [
    (AccountSetting.schemeLiquidation, Int64(3)), (.schemeLiquidationExtent, 0),
    (.schemeLiquidationExtent, 3), (.schemeBarsFromLevelTwo, 2),
  ])
  func whatMakesNoSenseIsRefused(_ setting: AccountSetting, _ value: Int64) {
    let fixture = fixture([])
    let set = SetAccount(account: anna, setting: setting, value: value)
    #expect(fixture.step(.setAccount(set)).refusals.map(\.rule) == [.badCommand])
  }

  /// Own figures and the product's of one instrument need two places.
  @Test func withoutRoomForBothFiguresOpeningIsRefused() {
    var capacities = World.capacities
    capacities.schemeInstruments = 3
    let fixture = EngineFixture.trading(
      before: [
        .defineScheme(DefineScheme(name: FixedText("narrow")!)), AccountSchemeTests.shares(),
        AccountSchemeTests.bind(), SchemeTests.bind(),
      ], capacities: capacities)
    #expect(SchemeTests.refusal(fixture) == nil)
    // One place is left, and it is not enough for both.
    let second = fixture.send(anna, World.i2701, .buy, .open, 1, at: World.yuan(800))
    #expect(second.reports.first?.refusal.rule == .capacity)
    #expect(second.reports.first?.refusal.scopeKind == .product)
    #expect(SchemeTests.refusal(fixture) == nil)
  }
}
