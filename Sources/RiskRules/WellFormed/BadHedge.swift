import Domain
import Ledger
import MarketData

/// The hedge flag is speculation, arbitrage or hedge.
///
/// Opening and closing. Source: rules.md 2. `FIX: OrdRejReason(103) = 11`.
enum BadHedge {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    let hedge = context.order.pointee.hedge
    return .condition(.badHedge, hedge != .unknown, observed: Int64(hedge.rawValue))
  }
}
