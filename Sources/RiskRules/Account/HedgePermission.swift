import Domain
import Ledger
import MarketData

/// Orders with the hedge flag (套保) need the account's permission.
///
/// Opening only. Source: AMS manual 4.1.
enum HedgePermission {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard context.isOpening, context.order.pointee.hedge == .hedge else {
      return .off(.hedgePermission, .otherKind)
    }
    let permitted = context.account.pointee.hedgePermission
    return .condition(
      .hedgePermission, permitted, observed: permitted ? 1 : 0, limit: 1,
      scope: .operationAccount, scopeID: context.order.pointee.account.raw)
  }
}
