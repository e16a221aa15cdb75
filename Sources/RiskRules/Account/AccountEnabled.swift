import Domain
import Ledger
import MarketData

/// The account is enabled.
///
/// Opening only: a disabled account may close what it has (decisions 12). Source: AMS manual 4.1.
/// `CTP: error 29`.
enum AccountEnabled {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard context.isOpening else { return .off(.accountEnabled, .otherKind) }
    let enabled = context.account.pointee.enabled
    return .condition(
      .accountEnabled, enabled, observed: enabled ? 1 : 0, limit: 1, scope: .operationAccount,
      scopeID: context.order.pointee.account.raw)
  }
}
