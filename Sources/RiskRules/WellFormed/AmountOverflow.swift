import Domain
import Ledger
import MarketData

/// Everything the order is worth stays within the ranges that `Ranges` proves.
///
/// Price * multiplier of a limit order, opening and closing, as structure. Opening only: the hold
/// and the account's margin with it (1e-4 yuan), and no opening at all once one of the account's
/// figures has passed its range. A closing order is never refused for the latter two. Source:
/// Domain/Ranges. `FIX: OrdRejReason(103) = 99`.
enum AmountOverflow {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard let instrument = context.instrument else {
      return .off(.amountOverflow, .lacksFigures)
    }
    let order = context.order
    if order.pointee.type != .market, !order.pointee.price.isNone,
      !Ranges.allows(price: order.pointee.price, multiplier: instrument.pointee.multiplier)
    {
      return .condition(
        .amountOverflow, false, observed: order.pointee.price.units, limit: Ranges.priceMaximum,
        unit: .price, scope: .instrument, scopeID: order.pointee.instrument.raw)
    }
    let isBarred = context.holder.pointee.barredByOverflow != 0
    if context.holdFault == .overflow || context.isOpening && isBarred {
      return .condition(
        .amountOverflow, false, observed: isBarred ? 1 : 0,
        scope: isBarred ? .operationAccount : .order,
        scopeID: isBarred ? order.pointee.account.raw : .max)
    }
    guard context.isOpening else { return .off(.amountOverflow, .otherKind) }
    return .cap(
      .amountOverflow, observed: context.holder.pointee.totalMargin.units,
      asked: context.hold.margin.units, limit: Ranges.marginMaximum, unit: .money,
      scope: .operationAccount, scopeID: order.pointee.account.raw)
  }
}
