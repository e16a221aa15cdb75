import Domain
import Ledger
import MarketData

/// Fee and margin rates of the instrument are known for the account.
///
/// Opening only. Source: rules.md 0, "fail closed".
enum RatesMissing {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard context.isOpening, context.instrument != nil else {
      return .off(.ratesMissing, context.isOpening ? .lacksFigures : .otherKind)
    }
    return .condition(
      .ratesMissing, context.rates != nil, observed: context.rates != nil ? 1 : 0, limit: 1,
      scope: .instrument, scopeID: context.order.pointee.instrument.raw)
  }
}
