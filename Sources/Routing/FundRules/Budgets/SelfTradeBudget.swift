import Domain
import Ledger
import RiskRules

/// Fewer trades of the group with itself today than the exchange lets pass (自成交).
///
/// Opening children only. Source: market-access controls, rules of the exchanges (rules.md 8).
/// `FIX: OrdRejReason(103) = 0`.
enum SelfTradeBudget {
  @inline(__always) static func limit(
    _ room: inout FundRoom, _ fund: FundAccountID, _ used: BudgetUse,
    _ limits: UnsafePointer<ResolvedBudgets>
  ) {
    BudgetLine.limit(
      &room, fund, .selfTradeBudget, count(used), limits.pointee.selfTrades)
  }

  static func finding(
    _ fund: FundAccountID, _ used: BudgetUse, _ limits: UnsafePointer<ResolvedBudgets>
  ) -> Finding {
    BudgetLine.finding(.selfTradeBudget, fund, count(used), limits.pointee.selfTrades)
  }

  @inline(__always) private static func count(_ used: BudgetUse) -> Int64 {
    Int64(used.record?.pointee.selfTrades ?? 0)
  }
}
