import Domain
import Ledger
import MarketData

/// The account may open in the commodity so shortly before this close of its session.
///
/// Opening only. Observed and limit are milliseconds before the close. Each close has its own list
/// of commodities. Source: AMS manual 4.1 (午盘前, 收盘前, 夜盘前清仓配置).
enum SessionFlat {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard context.isOpening, let instrument = context.instrument else {
      return .off(.sessionFlat, .otherKind)
    }
    let account = context.order.pointee.account
    let window = ledger.window(account)
    guard
      window.pointee.flat[0] != .unknown || window.pointee.flat[1] != .unknown
        || window.pointee.flat[2] != .unknown
    else { return .off(.sessionFlat, .unset) }
    let seconds = ledger.platformLines.barSeconds
    let (close, end) = market.closeAhead(instrument, within: seconds, now: context.now)
    guard close != .unknown else { return .off(.sessionFlat, .otherKind) }
    return .condition(
      .sessionFlat, !ledger.isFlat(account, close, instrument.pointee.commodity),
      observed: (end.nanoseconds - context.now.nanoseconds) / 1_000_000,
      limit: seconds * 1_000, unit: .milliseconds, scope: .commodity,
      scopeID: instrument.pointee.commodity.raw)
  }
}
