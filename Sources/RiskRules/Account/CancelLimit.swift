import Domain
import Ledger
import MarketData

/// Confirmed cancels of the account in the instrument today are fewer than the most it may have.
///
/// Opening, and closing if the account is set so; the rest of FAK and FOK orders and the system's
/// own cancels were not counted. Working orders may always be cancelled. Source: AMS manual 4.1.
/// `FIX: OrdRejReason(103) = 3`.
enum CancelLimit {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    let most = context.account.pointee.cancelLimit
    guard most != .min else { return .off(.cancelLimit, .unset) }
    guard context.instrument != nil else { return .off(.cancelLimit, .lacksFigures) }
    guard
      context.isOpening || context.isClosing && context.account.pointee.cancelLimitClosingToo
    else { return .off(.cancelLimit, .otherKind) }
    let cancels = Int64(context.firstPosition?.pointee.cancels ?? 0)
    return .condition(
      .cancelLimit, cancels < most, observed: cancels, limit: most, unit: .count,
      scope: .instrument, scopeID: context.order.pointee.instrument.raw)
  }
}
