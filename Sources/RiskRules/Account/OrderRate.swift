import Domain
import Ledger
import MarketData

/// No bar of order-rate stands against the order's offset.
///
/// Opening, closing or both, as the account's bar says. The ledger counts accepted orders; the Nth
/// within T passes and sets the bar until it is released or the next trading day (decisions 15).
/// Source: AMS manual 2.2. `CTP: error 116`.
enum OrderRate {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    let barred = context.account.pointee.orderRateBarred
    guard context.account.pointee.orderRateCount != .min || !barred.isEmpty else {
      return .off(.orderRate, .unset)
    }
    let isBarred =
      context.isOpening && barred.contains(.opening)
      || context.isClosing && barred.contains(.closing)
    return .condition(
      .orderRate, !isBarred, observed: Int64(context.account.pointee.rateWindow.count),
      limit: context.account.pointee.orderRateCount, unit: .count, scope: .operationAccount,
      scopeID: context.order.pointee.account.raw)
  }
}
