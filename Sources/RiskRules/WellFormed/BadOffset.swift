import Domain
import Ledger
import MarketData

/// The offset is open, close, close-today or close-yesterday.
///
/// Every exchange takes all four: those that keep no days apart close the oldest lots first
/// (decisions 3). Source: rules.md 2. `FIX: OrdRejReason(103) = 11`.
enum BadOffset {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    let offset = context.order.pointee.offset
    return .condition(.badOffset, offset != .unknown, observed: Int64(offset.rawValue))
  }
}
