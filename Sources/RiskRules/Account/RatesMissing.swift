import Domain
import Ledger
import MarketData

/// Fee and margin rates of the instrument are known for the account. The margin of a short option
/// takes its underlying's rates and the prior settlements of both.
///
/// Opening only. Source: rules.md 0, "fail closed".
enum RatesMissing {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard context.isOpening, context.instrument != nil else {
      return .off(.ratesMissing, context.isOpening ? .lacksFigures : .otherKind)
    }
    let isKnown = context.rates != nil && context.holdFault != .ratesMissing
    return .condition(
      .ratesMissing, isKnown, observed: isKnown ? 1 : 0, limit: 1,
      scope: .instrument, scopeID: context.order.pointee.instrument.raw)
  }
}
