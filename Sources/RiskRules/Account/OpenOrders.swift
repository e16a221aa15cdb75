import Domain
import Ledger
import MarketData

/// Working orders of the account, this one included.
///
/// Opening only, though closing orders count as well; off unless set. Source: rules.md 3.
/// `FIX: OrdRejReason(103) = 3`.
enum OpenOrders {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    let most = context.account.pointee.openOrders
    guard context.isOpening, most != .min else {
      return .off(.openOrders, context.isOpening ? .unset : .otherKind)
    }
    return .cap(
      .openOrders, observed: Int64(context.holder.pointee.workingOrders), asked: 1, limit: most,
      unit: .count, scope: .operationAccount, scopeID: context.order.pointee.account.raw)
  }
}
