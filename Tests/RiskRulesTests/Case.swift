import Domain
import Ledger
import RiskRules
import Testing

/// One row of a rule's table: how the desk is arranged, the order, and what the rule says of it.
struct Case: Sendable, CustomTestStringConvertible {
  enum Outcome: Sendable { case passes, fails, off }

  let name: String
  let outcome: Outcome
  let observed: Int64?
  let limit: Int64?
  let asked: Int64?
  let arrange: @Sendable (Desk) -> OrderTerms

  init(
    _ name: String, _ outcome: Outcome, observed: Int64? = nil, limit: Int64? = nil,
    asked: Int64? = nil, _ arrange: @escaping @Sendable (Desk) -> OrderTerms
  ) {
    self.name = name
    self.outcome = outcome
    self.observed = observed
    self.limit = limit
    self.asked = asked
    self.arrange = arrange
  }

  var testDescription: String { name }

  func check(_ rule: RuleID) {
    let desk = Desk()
    let terms = arrange(desk)
    let finding = desk.finding(rule, terms)
    #expect(finding.passes == (outcome != .fails), "\(finding)")
    #expect(finding.isActive == (outcome != .off), "\(finding)")
    #expect(finding.figures.rule == rule)
    if let observed { #expect(finding.figures.observed == observed) }
    if let limit { #expect(finding.figures.limit == limit) }
    if let asked { #expect(finding.figures.asked == asked) }
    // The hot way refuses too, by this rule or by one before it.
    if outcome == .fails { #expect(desk.failure(terms) != nil) }
  }
}

extension Int64 {
  /// Whole yuan in units of 1e-4: of a price or of money.
  static func yuan(_ yuan: Int64) -> Int64 { yuan * Money.unitsPerYuan }
}
