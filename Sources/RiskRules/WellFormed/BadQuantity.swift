import Domain
import Ledger
import MarketData

/// The lots lie within the exchange's bounds for such an order, and a minimum quantity makes
/// sense.
///
/// Opening and closing, in lots: minimum...maximum of limit or of market orders, ends included. A
/// minimum quantity is only for immediate-or-cancel, from 1 to the order's lots. The limit in the
/// finding is the bound that is broken. Source: rules.md 2. `FIX: OrdRejReason(103) = 13`.
enum BadQuantity {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard let instrument = context.instrument else { return .off(.badQuantity, .lacksFigures) }
    let order = context.order
    let isMarket = order.pointee.type == .market
    let least =
      isMarket ? instrument.pointee.minimumMarketLots : instrument.pointee.minimumLimitLots
    let most =
      isMarket ? instrument.pointee.maximumMarketLots : instrument.pointee.maximumLimitLots
    let lots = order.pointee.lots
    let minimum = order.pointee.minimumLots
    let minimumFits =
      minimum == 0
      || order.pointee.timeInForce == .immediateOrCancel && minimum > 0 && minimum <= lots
    let lotsFit = lots >= least && lots <= most
    let limit = lots < least ? least : lotsFit && !minimumFits ? lots : most
    return Finding(
      passes: lotsFit && minimumFits,
      figures: Refusal(
        .badQuantity, observed: 0, limit: Int64(limit),
        asked: Int64(lotsFit && !minimumFits ? minimum : lots), unit: .lots, scope: .instrument,
        scopeID: order.pointee.instrument.raw))
  }
}
