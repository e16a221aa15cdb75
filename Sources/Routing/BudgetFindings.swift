import Domain
import Ledger
import MarketData
import RiskRules

/// What is left of exchanges' budgets to an order, for explain and dry run: of each the group with
/// the least left among the product's fund accounts. Routing decides by account (`FundBudgets`).
public enum BudgetFindings {
  public static func of(
    _ order: UnsafePointer<OrderTerms>, _ product: ProductID, _ ledger: borrowing Ledger,
    _ market: borrowing Market
  ) -> [Finding] {
    let rules: [RuleID] = [
      .selfTradeBudget, .cancelBudget, .limitPriceCancelBudget, .largeCancelBudget,
      .openedLotsBudget,
    ]
    guard ledger.budgets.isOn, market.exists(order.pointee.instrument) else { return [] }
    guard order.pointee.offset == .open else { return rules.map { Finding.off($0, .otherKind) } }
    let instrument = market.instrument(order.pointee.instrument)
    let limits = ledger.budgetLimits(order.pointee.instrument, instrument)
    var tightest = rules.map { Finding.off($0, .unset) }
    let record = ledger.product(product)
    for index in 0..<Int(record.pointee.fundAccountCount) {
      let fund = record.pointee.fundAccounts[index]
      let used = BudgetUse(fund, order.pointee.instrument, limits, ledger, instrument)
      let found = [
        SelfTradeBudget.finding(fund, used, limits), CancelBudget.finding(fund, used, limits),
        LimitPriceCancelBudget.finding(fund, used, limits),
        LargeCancelBudget.finding(fund, used, limits),
        OpenedLotsBudget.finding(
          fund, used, limits, asked: Int64(order.pointee.lots)),
      ]
      for (place, finding) in found.enumerated() where finding.isActive {
        if !tightest[place].isActive || finding.leftAfter < tightest[place].leftAfter {
          tightest[place] = finding
        }
      }
    }
    return tightest
  }
}
