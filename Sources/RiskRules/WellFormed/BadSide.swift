import Domain
import Ledger
import MarketData

/// The side is buy or sell.
///
/// Opening and closing. Source: rules.md 2. `FIX: OrdRejReason(103) = 11`.
enum BadSide {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    let side = context.order.pointee.side
    return .condition(.badSide, side != .unknown, observed: Int64(side.rawValue))
  }
}
