import Domain
import Ledger
import RiskRules

/// Fewer cancels of orders at a limit price than the exchange lets pass (涨跌停价撤单).
///
/// Opening children only. Source: market-access controls, rules of the exchanges (rules.md 8).
/// `FIX: OrdRejReason(103) = 0`.
enum LimitPriceCancelBudget {
  @inline(__always) static func limit(
    _ room: inout FundRoom, _ fund: FundAccountID, _ used: BudgetUse,
    _ limits: UnsafePointer<ResolvedBudgets>
  ) {
    BudgetLine.limit(
      &room, fund, .limitPriceCancelBudget, count(used), limits.pointee.limitPriceCancels)
  }

  static func finding(
    _ fund: FundAccountID, _ used: BudgetUse, _ limits: UnsafePointer<ResolvedBudgets>
  ) -> Finding {
    BudgetLine.finding(.limitPriceCancelBudget, fund, count(used), limits.pointee.limitPriceCancels)
  }

  @inline(__always) private static func count(_ used: BudgetUse) -> Int64 {
    Int64(used.record?.pointee.limitPriceCancels ?? 0)
  }
}
