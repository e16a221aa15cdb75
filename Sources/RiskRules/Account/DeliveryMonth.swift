import Domain
import Ledger
import MarketData

/// The product does not bar opening in instruments whose delivery month is now.
///
/// Opening only; chosen by exchange, commodity or instrument. In net mode the account's opening is
/// refused all the same; only the counter side may still open. Source: AMS manual 9.4.
enum DeliveryMonth {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard context.isOpening, context.product != nil, let instrument = context.instrument else {
      return .off(.deliveryMonth, context.isOpening ? .lacksFigures : .otherKind)
    }
    guard market.isInDeliveryMonth(instrument) else { return .off(.deliveryMonth, .otherKind) }
    let barred = ledger.isDeliveryBarred(
      context.account.pointee.product, exchange: instrument.pointee.exchange,
      commodity: instrument.pointee.commodity, instrument: context.order.pointee.instrument)
    return .condition(
      .deliveryMonth, !barred, observed: barred ? 1 : 0, limit: 0, scope: .instrument,
      scopeID: context.order.pointee.instrument.raw)
  }
}
