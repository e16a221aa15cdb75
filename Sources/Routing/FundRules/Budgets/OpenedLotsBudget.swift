import Domain
import Ledger
import RiskRules

/// Lots that the group opens in a day, of the instrument and of its commodity, working ones and the
/// child's included, are at most what the exchange allows (日内开仓量).
///
/// Opening children only. Source: market-access controls, rules of the exchanges (rules.md 8).
/// `FIX: OrdRejReason(103) = 3`.
enum OpenedLotsBudget {
  @inline(__always) static func limit(
    _ room: inout FundRoom, _ fund: FundAccountID, _ used: BudgetUse,
    _ limits: UnsafePointer<ResolvedBudgets>
  ) {
    let wanted = Int64(room.lots)
    if limits.pointee.opened != .max {
      let own = ofInstrument(used)
      room.limit(
        to: limits.pointee.opened - own,
        fund.refusal(.openedLotsBudget, own, limits.pointee.opened, asked: wanted, .lots))
    }
    if limits.pointee.openedOfCommodity != .max {
      let common = used.ofCommodity
      room.limit(
        to: limits.pointee.openedOfCommodity - common,
        fund.refusal(
          .openedLotsBudget, common, limits.pointee.openedOfCommodity, asked: wanted, .lots))
    }
  }

  /// Lots that may still be opened, and the limit that leaves no more; `Int64.max` = any.
  static func left(
    _ used: BudgetUse, _ limits: UnsafePointer<ResolvedBudgets>
  ) -> (lots: Int64, limit: Int64) {
    let own = limits.pointee.opened
    let common = limits.pointee.openedOfCommodity
    let ofOwn = own == .max ? Int64.max : own - ofInstrument(used)
    let ofCommon = common == .max ? Int64.max : common - used.ofCommodity
    return ofOwn <= ofCommon ? (ofOwn, own) : (ofCommon, common)
  }

  /// Of the two the one with less left after the order.
  static func finding(
    _ fund: FundAccountID, _ used: BudgetUse, _ limits: UnsafePointer<ResolvedBudgets>,
    asked: Int64
  ) -> Finding {
    let findings = [
      (ofInstrument(used), limits.pointee.opened),
      (used.ofCommodity, limits.pointee.openedOfCommodity),
    ].filter { $0.1 != .max }.map {
      Finding.cap(
        .openedLotsBudget, observed: $0.0, asked: asked, limit: $0.1, unit: .lots,
        scope: .fundAccount, scopeID: fund.raw)
    }
    return findings.min { $0.leftAfter < $1.leftAfter } ?? .off(.openedLotsBudget, .unset)
  }

  @inline(__always) private static func ofInstrument(_ used: BudgetUse) -> Int64 {
    (used.record?.pointee.opened ?? 0) + (used.record?.pointee.working ?? 0)
  }
}
