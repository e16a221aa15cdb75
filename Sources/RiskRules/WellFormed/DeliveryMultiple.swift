import Domain
import Ledger
import MarketData

/// In the delivery month the lots are a multiple of the commodity's.
///
/// Opening and closing, in lots; a multiple of 3 takes 3, 6, 9. Source: AMS manual 9.5.
/// `FIX: OrdRejReason(103) = 13`.
enum DeliveryMultiple {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard let instrument = context.instrument else {
      return .off(.deliveryMultiple, .lacksFigures)
    }
    guard instrument.pointee.deliveryMultiple > 1 else { return .off(.deliveryMultiple, .unset) }
    guard market.isInDeliveryMonth(instrument) else {
      return .off(.deliveryMultiple, .otherKind)
    }
    let multiple = instrument.pointee.deliveryMultiple
    let lots = context.order.pointee.lots
    return Finding(
      passes: lots % multiple == 0,
      figures: Refusal(
        .deliveryMultiple, observed: 0, limit: Int64(multiple), asked: Int64(lots), unit: .lots,
        scope: .commodity, scopeID: instrument.pointee.commodity.raw))
  }
}
