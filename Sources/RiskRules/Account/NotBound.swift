import Domain
import Ledger
import MarketData

/// The account is bound to a product that has a fund account.
///
/// Opening and closing: without one there is nowhere to send an order (decisions 12). Source: AMS
/// manual note 3. `FIX: OrdRejReason(103) = 15`.
enum NotBound {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard let product = context.product else {
      return .condition(
        .notBound, false, scope: .operationAccount, scopeID: context.order.pointee.account.raw)
    }
    return .condition(
      .notBound, product.pointee.fundAccountCount > 0,
      observed: Int64(product.pointee.fundAccountCount), limit: 1, unit: .count, scope: .product,
      scopeID: context.account.pointee.product.raw)
  }
}
