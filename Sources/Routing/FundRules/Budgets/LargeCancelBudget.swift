import Domain
import Ledger
import RiskRules

/// Fewer cancels of many lots than the exchange lets pass (大额撤单); what is many stands in the
/// limits.
///
/// Opening children only. Source: market-access controls, rules of the exchanges (rules.md 8).
/// `FIX: OrdRejReason(103) = 0`.
enum LargeCancelBudget {
  @inline(__always) static func limit(
    _ room: inout FundRoom, _ fund: FundAccountID, _ used: BudgetUse,
    _ limits: UnsafePointer<ResolvedBudgets>
  ) {
    BudgetLine.limit(
      &room, fund, .largeCancelBudget, count(used), limits.pointee.largeCancels)
  }

  static func finding(
    _ fund: FundAccountID, _ used: BudgetUse, _ limits: UnsafePointer<ResolvedBudgets>
  ) -> Finding {
    BudgetLine.finding(.largeCancelBudget, fund, count(used), limits.pointee.largeCancels)
  }

  @inline(__always) private static func count(_ used: BudgetUse) -> Int64 {
    Int64(used.record?.pointee.largeCancels ?? 0)
  }
}
