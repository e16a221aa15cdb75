import Domain
import Ledger
import MarketData

/// What an opening order holds can be computed: there is a price to hold at.
///
/// Opening only; a market order holds at limit-up (decisions 2), which must be known. Source:
/// rules.md 0, "fail closed".
enum MarketDataMissing {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard context.isOpening, context.instrument != nil else {
      return .off(.marketDataMissing, context.isOpening ? .lacksFigures : .otherKind)
    }
    return .condition(
      .marketDataMissing, context.holdFault != .priceMissing, observed: context.holdPrice.units,
      unit: .price, scope: .instrument, scopeID: context.order.pointee.instrument.raw)
  }
}
