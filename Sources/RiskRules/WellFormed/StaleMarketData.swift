import Domain
import Ledger
import MarketData

/// The instrument's last price is at most T seconds old.
///
/// Opening only; off unless set. No price at all is older than any T. Observed and limit in
/// milliseconds; observed is the greatest number when there was no tick. Source: rules.md 2.
/// `FIX: OrdRejReason(103) = 99`.
enum StaleMarketData {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    let seconds = context.account.pointee.staleSeconds
    guard context.isOpening, seconds != .min else {
      return .off(.staleMarketData, context.isOpening ? .unset : .otherKind)
    }
    guard let instrument = context.instrument else {
      return .off(.staleMarketData, .lacksFigures)
    }
    let time = instrument.pointee.lastTickTime
    let age = time.isNone ? Int64.max : context.now.nanoseconds - time.nanoseconds
    let (limit, overflow) = seconds.multipliedReportingOverflow(
      by: Timestamp.nanosecondsPerSecond)
    return Finding(
      passes: !time.isNone && (overflow ? seconds > 0 : age <= limit),
      figures: Refusal(
        .staleMarketData, observed: time.isNone ? .max : age / 1_000_000,
        limit: overflow ? .max : limit / 1_000_000, asked: 0, unit: .milliseconds,
        scope: .instrument, scopeID: context.order.pointee.instrument.raw))
  }
}
