import Domain
import Ledger
import MarketData

/// The account's available money pays the order's margin and opening fee, and the premium of an
/// option that is bought.
///
/// Opening only, in 1e-4 yuan: available after the hold >= 0. Closing freezes a fee but is never
/// refused for it (decisions 4). The limit in the finding is what is available. Source: rules.md
/// 3. `FIX: OrdRejReason(103) = 3`; `CTP: error 31`.
enum FundsAvailable {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard context.isOpening, context.holdFault == .none else {
      return .off(.fundsAvailable, context.isOpening ? .lacksFigures : .otherKind)
    }
    return .cap(
      .fundsAvailable, observed: 0, asked: context.hold.cash.units,
      limit: context.holder.pointee.available.units, unit: .money, scope: .operationAccount,
      scopeID: context.order.pointee.account.raw)
  }
}
