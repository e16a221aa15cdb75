import Domain
import Ledger
import MarketData

/// Account and product are allowed to open.
///
/// Opening only. Source: AMS manual 4.1. `CTP: error 29`.
enum OpenPermission {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard context.isOpening else { return .off(.openPermission, .otherKind) }
    if let product = context.product, context.account.pointee.openPermission,
      !product.pointee.openPermission
    {
      return .condition(
        .openPermission, false, observed: 0, limit: 1, scope: .product,
        scopeID: context.account.pointee.product.raw)
    }
    let permitted = context.account.pointee.openPermission
    return .condition(
      .openPermission, permitted, observed: permitted ? 1 : 0, limit: 1, scope: .operationAccount,
      scopeID: context.order.pointee.account.raw)
  }
}
