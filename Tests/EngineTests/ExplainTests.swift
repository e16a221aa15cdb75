import Domain
import Engine
import Messages
import RiskRules
import Testing

/// Why orders are taken or refused, by hand; streams of them are held to it in TwinTests.
@Suite struct ExplainTests {
  @Test func everyRuleIsAskedThoughTheFirstRefuses() throws {
    let fixture = EngineFixture.trading()
    for (setting, value) in [(AccountSetting.positionCap, Int64(3)), (.openOrders, 0)] {
      fixture.step(.setAccount(SetAccount(account: World.anna, setting: setting, value: value)))
    }
    let order = fixture.newOrder(
      World.anna, World.rb2701, .buy, .open, 4, at: World.yuan(3_500))
    let explanation = fixture.explain(order)
    let rules = explanation.findings.map(\.figures.rule)
    #expect(rules.filter { RuleTable.entryOrder.contains($0) }.count >= RuleTable.entryOrder.count)
    let refusing = explanation.findings.filter { !$0.passes }.map(\.figures.rule)
    #expect(refusing == [.positionLimit, .openOrders])
    let decider = try #require(explanation.decider)
    #expect(explanation.findings[decider].figures.rule == .positionLimit)
    #expect(explanation.findings[decider].capRoom == 3)
    // What would come of it otherwise is there all the same.
    #expect(explanation.route?.children.map(\.lots) == [4])
    #expect(
      fixture.step(.newOrder(order)).reports.first?.refusal == explanation.findings[decider].figures
    )
  }

  @Test func anUnknownAccountAndTermsThatMakeNoSenseAreExplainedToo() {
    let fixture = EngineFixture.trading()
    var order = fixture.newOrder(
      World.anna, World.rb2701, .buy, .open, 1, at: World.yuan(3_500))
    order.account = OperationAccountID(99)
    #expect(fixture.explain(order).verdict == .refused(Refusal(.badCommand)))
    order.account = World.anna
    order.instrument = .none
    order.lots = .min
    let explanation = fixture.explain(order)
    #expect(explanation.route == nil)
    #expect(explanation.findings.first { !$0.passes }?.figures.rule == .unknownInstrument)
    let unjudged = explanation.findings.filter { $0.standing == .lacksFigures }
    #expect(unjudged.map(\.figures.rule).contains(.marginLimit))
  }

  @Test func theSameOrderAgainIsAnsweredAgainAndAnotherOneIsNot() {
    let fixture = EngineFixture.trading()
    var order = fixture.newOrder(
      World.anna, World.rb2701, .buy, .open, 1, at: World.yuan(3_500))
    let id = fixture.step(.newOrder(order)).reports[0].order
    #expect(fixture.explain(order).verdict == .answeredAgain(id))
    // A rule that would refuse it now has no say.
    fixture.step(.setAccount(SetAccount(account: World.anna, setting: .positionCap, value: 0)))
    let again = fixture.explain(order)
    #expect(again.verdict == .answeredAgain(id) && again.decider == nil)
    order.lots = 2
    let other = fixture.explain(order)
    #expect(other.decider == 0 && other.findings[0].figures.rule == .duplicateOrder)
  }

  /// A rule that is unset is off, a jump that came before or not. It once overflowed.
  @Test func aClockRuleThatIsUnsetBarsNothing() {
    let fixture = EngineFixture.trading()
    let order = fixture.newOrder(
      World.anna, World.rb2701, .buy, .open, 1, at: World.yuan(3_500))
    fixture.step(.clockJumped(ClockJumped(nanoseconds: 5_000_000_000)))
    #expect(fixture.explain(order).verdict.refusedBy == .clockUnconfirmed)
    for value in [Int64.max, .min] {
      fixture.step(.setPlatform(SetPlatform(setting: .clockForwardSeconds, value: value)))
      let verdict = fixture.explain(order).verdict
      #expect(verdict.refusedBy == (value == .min ? nil : .clockUnconfirmed))
    }
    #expect(fixture.step(.newOrder(order)).reports[0].execType == .new)
  }
}

extension Explanation.Verdict {
  fileprivate var refusedBy: RuleID? {
    if case .refused(let refusal) = self { return refusal.rule }
    return nil
  }
}
