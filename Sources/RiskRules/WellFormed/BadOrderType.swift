import Domain
import Ledger
import MarketData

/// The order type and the time in force are known, and a market order goes only where the
/// exchange takes one.
///
/// Opening and closing; an instrument without lot bounds for market orders takes none. Observed
/// is the code that is wrong. Source: rules.md 2. `FIX: OrdRejReason(103) = 11`.
enum BadOrderType {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    let type = context.order.pointee.type
    let timeInForce = context.order.pointee.timeInForce
    if type != .unknown, timeInForce == .unknown {
      return .condition(.badOrderType, false, observed: Int64(timeInForce.rawValue))
    }
    var passes = type != .unknown
    if type == .market, let instrument = context.instrument {
      passes = instrument.pointee.maximumMarketLots > 0
    }
    return .condition(.badOrderType, passes, observed: Int64(type.rawValue))
  }
}
