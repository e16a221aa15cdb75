import Domain
import Ledger
import RiskRules
import Testing

@Suite struct FirstFailureTests {
  @Test func aGoodOrderMeetsNoRule() {
    let desk = Desk()
    #expect(desk.failure(desk.order()) == nil)
    #expect(desk.failure(desk.marketOrder()) == nil)
    desk.give(.long, 1, desk.rb)
    #expect(desk.failure(desk.order(.sell, .close)) == nil)
  }

  @Test func twoFaultsAreDecidedByTheRuleBooksOrder() {
    let desk = Desk()
    desk.change {
      $0.pointee.enabled = false
      $0.pointee.positionCap = 0
    }
    #expect(desk.failure(desk.order(price: .yuan(5_001)))?.rule == .priceLimits)
    #expect(desk.failure(desk.order(lots: 0, price: .yuan(5_001)))?.rule == .badQuantity)
    #expect(desk.failure(desk.order())?.rule == .accountEnabled)
    desk.change { $0.pointee.enabled = true }
    #expect(desk.failure(desk.order())?.rule == .positionLimit)
  }

  /// The hot way and explain are one: over random shops and orders, hostile ones among them, the
  /// first failure is the first finding that fails. Every rule is reached as a first failure.
  @Test func theHotWayStopsAtTheFirstFindingThatFails() {
    var reached: Set<RuleID> = []
    var passed = 0
    for seed in UInt64(0)..<2_600 {
      var draws = SplitMix64(seed: seed)
      let desk = Desk()
      desk.arrange(&draws)
      for _ in 0..<40 {
        let terms = desk.anyOrder(&draws)
        let findings = desk.findings(terms)
        let expected = findings.first { !$0.passes }?.figures
        let failure = desk.failure(terms)
        #expect(failure == expected, "seed \(seed)")
        if let failure { reached.insert(failure.rule) } else { passed += 1 }
        expectExitsFirst(terms, findings, seed)
      }
    }
    #expect(passed > 2_500)
    for rule in RuleTable.entryOrder {
      #expect(reached.contains(rule), "\(rule) was never the first failure")
    }
  }

  /// A closing order is refused only by the rules whose row says so, and so is an opening one.
  private func expectExitsFirst(_ terms: OrderTerms, _ findings: [Finding], _ seed: UInt64) {
    for finding in findings where !finding.passes {
      let reach = RuleTable.row(finding.figures.rule)?.reach
      if terms.offset.isClosing {
        #expect(reach == .closing || reach == .openingAndClosing, "seed \(seed): \(finding)")
      } else if terms.offset == .open {
        #expect(reach == .opening || reach == .openingAndClosing, "seed \(seed): \(finding)")
      }
    }
  }

  @Test func explainNamesEveryRuleInOrder() {
    let desk = Desk()
    #expect(desk.findings(desk.order()).map(\.figures.rule) == RuleTable.entryOrder)
  }

  @Test func rulesThatAreNotAskedOfAnOrderAreOff() {
    let desk = Desk()
    for rule in RuleID.allCases where !RuleTable.entryOrder.contains(rule) {
      #expect(!desk.finding(rule, desk.order()).isActive)
    }
  }

  @Test func headRoomIsWhatAnOrderCouldStillAsk() {
    let desk = Desk()
    desk.change { $0.pointee.positionCap = 10 }
    desk.give(.long, 4, desk.rb)
    let finding = desk.finding(.positionLimit, desk.order(lots: 2))
    #expect(finding.headRoom == 6)
    #expect(finding.leftAfter == 4)
    #expect(desk.failure(desk.order(lots: 6)) == nil)
    #expect(desk.failure(desk.order(lots: 7))?.rule == .positionLimit)
  }
}
