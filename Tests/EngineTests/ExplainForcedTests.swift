import Domain
import Engine
import Messages
import RiskRules
import Testing

/// Why a liquidation's orders are taken: explain says of each what the engine does with it.
@Suite struct ExplainForcedTests {
  private let price = World.yuan(3_500)

  /// What a liquidation would send, asked the moment before.
  private func forced(
    _ account: OperationAccountID, _ side: Side, _ lots: Lots, _ fixture: EngineFixture
  ) -> Explanation {
    let order = fixture.newOrder(
      account, World.rb2701, side, .closeToday, lots, at: World.yuan(side == .sell ? 3_499 : 3_501),
      session: .none)
    return fixture.explain(forced: order)
  }

  private func quoted() -> EngineFixture {
    let fixture = EngineFixture.trading()
    fixture.tick(World.rb2701, price)
    fixture.quote(World.rb2701, bid: 3_499, ask: 3_501)
    return fixture
  }

  /// Limits that would refuse a terminal's order are not asked, nor is a kill switch.
  @Test func structureAndOverCloseAreAskedAndNothingElse() throws {
    let fixture = quoted()
    fixture.hold(World.anna, World.rb2701, .long, 3, at: price)
    for setting in [AccountSetting.positionCap, .openOrders, .marginCap, .tradedValue] {
      fixture.step(.setAccount(SetAccount(account: World.anna, setting: setting, value: 0)))
    }
    let before = fixture.stateHash
    let explained = forced(World.anna, .sell, 3, fixture)
    #expect(fixture.stateHash == before)
    #expect(explained.verdict == .taken(3) && explained.decider == nil)
    let asked = Set(explained.findings.map(\.figures.rule))
    #expect(asked.isSuperset(of: RuleTable.forcedOrder))
    for rule in [RuleID.positionLimit, .openOrders, .marginLimit, .tradedValue, .fundsAvailable] {
      #expect(!asked.contains(rule), "\(rule)")
    }
    fixture.force(World.anna)
    let sent = Array(fixture.drain().joined()).sent
    #expect(sent.map(\.lots) == explained.route?.children.map(\.lots))
    #expect(sent.map(\.fundAccount) == explained.route?.children.map(\.fundAccount))
    #expect(sent.map(\.price) == [World.yuan(3_499)])
  }

  /// At what is held it passes, one lot beyond it does not; nothing held, none.
  @Test(arguments: [(3, nil), (4, .positionAvailable)] as [(Lots, RuleID?)])
  func itNeverClosesMoreThanIsHeld(_ lots: Lots, _ rule: RuleID?) throws {
    let fixture = quoted()
    fixture.hold(World.anna, World.rb2701, .long, 3, at: price)
    let explained = forced(World.anna, .sell, lots, fixture)
    guard let rule else {
      #expect(explained.verdict == .taken(lots))
      return
    }
    let decider = try #require(explained.decider)
    #expect(explained.findings[decider].figures.rule == rule)
    #expect(explained.verdict == .refused(explained.findings[decider].figures))
    #expect(forced(World.anna, .buy, 1, fixture).decider != nil)
  }

  /// In net mode it may open at the counter, in spite of the fund account's limits: explain says
  /// so too, where it refuses a terminal the same exit.
  @Test func whatOpensAtTheCounterIsExplainedAsItIsSent() {
    let fixture = quoted()
    fixture.hold(World.cara, World.rb2701, .long, 5, at: price)
    fixture.hold(World.chen, World.rb2701, .short, 3, at: price)
    fixture.step(
      .setFundAccount(
        SetFundAccount(fundAccount: World.north3, setting: .openPermission, value: 0)))
    let own = fixture.explain(
      fixture.newOrder(World.chen, World.rb2701, .buy, .closeToday, 3, at: World.yuan(3_501)))
    #expect(own.decider != nil)
    let explained = forced(World.chen, .buy, 3, fixture)
    #expect(explained.verdict == .taken(3))
    #expect(explained.route?.children.map(\.offset) == [.open])
    fixture.force(World.chen)
    #expect(Array(fixture.drain().joined()).sent.map(\.offset) == [.open])
  }

  /// Without a link there is no place for it: the route says why.
  @Test func withoutALinkItIsRefusedByTheRoute() throws {
    let fixture = quoted()
    fixture.hold(World.anna, World.rb2701, .long, 3, at: price)
    for fund in [World.north1, World.south1] { fixture.linkDown(fund) }
    let explained = forced(World.anna, .sell, 3, fixture)
    let decider = try #require(explained.decider)
    #expect(explained.findings[decider].figures.rule == explained.route?.refusal.rule)
    fixture.force(World.anna)
    #expect(Array(fixture.drain().joined()).sent.isEmpty)
  }
}
