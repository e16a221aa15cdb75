import Domain
import Ledger
import MarketData

/// A limit order's price is a multiple of the instrument's tick; a market order states none.
///
/// Opening and closing, in price units (1e-4); negative prices and zero are legal multiples. The
/// limit in the finding is the tick. Source: rules.md 2. `FIX: OrdRejReason(103) = 99`.
enum BadPriceTick {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard let instrument = context.instrument else { return .off(.badPriceTick, .lacksFigures) }
    let price = context.order.pointee.price
    let passes =
      context.order.pointee.type == .market
      ? price.isNone : !price.isNone && isMultiple(price.units, of: instrument.pointee.tick)
    return .condition(
      .badPriceTick, passes, observed: price.units, limit: instrument.pointee.tick, unit: .price,
      scope: .instrument, scopeID: context.order.pointee.instrument.raw)
  }

  /// Truncation keeps the sign, so what is left over is 0 for negative multiples too. Nearly every
  /// price fits 32 bits, where a division costs a third.
  @inline(__always) static func isMultiple(_ price: Int64, of tick: Int64) -> Bool {
    guard tick > 0 else { return false }
    let magnitude = price.magnitude
    if (magnitude | UInt64(tick)) >> 32 == 0 {
      return UInt32(truncatingIfNeeded: magnitude) % UInt32(truncatingIfNeeded: tick) == 0
    }
    return magnitude % UInt64(tick) == 0
  }
}
