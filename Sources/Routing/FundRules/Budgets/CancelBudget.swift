import Domain
import Ledger
import RiskRules

/// Fewer cancels of the group in the instrument today than the exchange lets pass (频繁撤单).
///
/// Opening children only. Source: market-access controls, rules of the exchanges (rules.md 8).
/// `FIX: OrdRejReason(103) = 0`.
enum CancelBudget {
  @inline(__always) static func limit(
    _ room: inout FundRoom, _ fund: FundAccountID, _ used: BudgetUse,
    _ limits: UnsafePointer<ResolvedBudgets>
  ) {
    BudgetLine.limit(
      &room, fund, .cancelBudget, count(used), limits.pointee.cancels)
  }

  static func finding(
    _ fund: FundAccountID, _ used: BudgetUse, _ limits: UnsafePointer<ResolvedBudgets>
  ) -> Finding {
    BudgetLine.finding(.cancelBudget, fund, count(used), limits.pointee.cancels)
  }

  @inline(__always) private static func count(_ used: BudgetUse) -> Int64 {
    Int64(used.record?.pointee.cancels ?? 0)
  }
}
