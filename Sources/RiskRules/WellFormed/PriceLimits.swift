import Domain
import Ledger
import MarketData

/// A limit order's price lies within today's [limit-down, limit-up].
///
/// Opening and closing, in price units (1e-4). Without a known limit opening is refused and
/// closing passes (rules.md 0, "fail closed", "exits first"); market orders have no price test
/// (decisions 20). The limit in the finding is the bound that is broken, none when it is not
/// known. Source: rules.md 2. `FIX: OrdRejReason(103) = 3`.
enum PriceLimits {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard let instrument = context.instrument, context.order.pointee.type != .market else {
      return .off(.priceLimits, context.instrument == nil ? .lacksFigures : .otherKind)
    }
    let price = context.order.pointee.price
    let upper = instrument.pointee.upperLimit
    let lower = instrument.pointee.lowerLimit
    // `.none` is the lowest of all prices: an unknown limit-down lets every price pass.
    let isBelow = price < lower
    let isAbove = !upper.isNone && price > upper
    let isUnknown = context.isOpening && (upper.isNone || lower.isNone)
    return .condition(
      .priceLimits, !isBelow && !isAbove && !isUnknown, observed: price.units,
      limit: isBelow || lower.isNone && !isAbove ? lower.units : upper.units, unit: .price,
      scope: .instrument, scopeID: context.order.pointee.instrument.raw)
  }
}
