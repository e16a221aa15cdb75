import Domain
import Ledger
import MarketData

/// The instrument is in a trading session now: a day, night or auction session.
///
/// Opening and closing; sessions are [start, end) (decisions 19), and what the exchange says of
/// the instrument goes before the calendar. After its last trading day an instrument has no more
/// sessions in the calendar. In an auction nothing matches yet, so that market orders and those
/// that must fill at once are refused. Observed is the phase, 0 = closed. Source: rules.md 2.
/// `FIX: OrdRejReason(103) = 2`.
enum TradingSession {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard let instrument = context.instrument else { return .off(.tradingSession, .lacksFigures) }
    let order = context.order
    var passes = context.phase == .continuous
    if context.phase == .auction {
      passes = order.pointee.type == .limit && order.pointee.timeInForce == .day
    }
    if market.hasExpired(instrument) { passes = false }
    return .condition(
      .tradingSession, passes, observed: Int64(context.phase.rawValue), scope: .instrument,
      scopeID: order.pointee.instrument.raw)
  }
}
