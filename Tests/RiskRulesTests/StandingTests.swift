import Domain
import Ledger
import RiskRules
import Testing

/// Why a rule has nothing to say of an order.
@Suite struct StandingTests {
  private func standing(_ rule: RuleID, _ findings: [Finding]) -> Finding.Standing? {
    findings.first { $0.figures.rule == rule }?.standing
  }

  /// A rule that stops opening alone is not asked of a closing order, whatever is set.
  @Test func openingRulesAreNotAskedOfAClosingOrder() {
    let desk = Desk()
    desk.give(.long, 1, desk.rb)
    let findings = desk.findings(desk.order(.sell, .close, lots: 1))
    let opening = RuleTable.entryOrder.filter { RuleTable.row($0)?.reach == .opening }
    #expect(opening.count > 10)
    for rule in opening {
      let standing = standing(rule, findings)
      #expect(standing == .otherKind || standing == .unset, "\(rule): \(standing as Any)")
    }
    for rule in [RuleID.openPermission, .positionLimit, .marginLimit, .fundsAvailable, .capacity] {
      #expect(standing(rule, findings) == .otherKind, "\(rule)")
    }
    #expect(standing(.positionAvailable, findings) == .asked)
  }

  @Test func whatIsNotConfiguredIsUnset() {
    let desk = Desk()
    desk.change {
      $0.pointee.positionCap = .min
      $0.pointee.marginCap = .min
    }
    let findings = desk.findings(desk.order())
    for rule in [
      RuleID.positionLimit, .marginLimit, .openOrders, .tradedValue, .fatFinger, .orderSize,
      .cancelLimit, .orderRate, .duplicateOrder, .staleMarketData, .limitBand,
    ] {
      #expect(standing(rule, findings) == .unset, "\(rule)")
      #expect(findings.first { $0.figures.rule == rule }?.capRoom == nil)
    }
    #expect(standing(.positionAvailable, findings) == .otherKind)
  }

  /// Without an instrument there is nothing to judge by; the rule that asks for it refuses.
  @Test func whatLacksItsFiguresIsNotJudged() {
    let desk = Desk()
    var terms = desk.order()
    terms.instrument = .none
    let findings = desk.findings(terms)
    #expect(findings.first { !$0.passes }?.figures.rule == .unknownInstrument)
    for rule in [
      RuleID.badQuantity, .badPriceTick, .amountOverflow, .tradingSession, .priceLimits,
      .marketDataMissing, .ratesMissing, .marginLimit, .fundsAvailable,
    ] {
      #expect(standing(rule, findings) == .lacksFigures, "\(rule)")
    }
  }

  @Test func onlyCapsHaveRoom() throws {
    let desk = Desk()
    let findings = desk.findings(desk.order(lots: 2))
    let limit = try #require(findings.first { $0.figures.rule == .positionLimit })
    #expect(limit.capRoom == limit.figures.limit)
    for rule in [RuleID.badQuantity, .priceLimits, .badSide, .notBound, .tradingSession] {
      #expect(findings.first { $0.figures.rule == rule }?.capRoom == nil, "\(rule)")
    }
  }
}
