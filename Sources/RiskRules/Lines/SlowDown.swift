import Domain
import Ledger
import MarketData

/// An account that a line has slowed down waits so long between its opening orders.
///
/// Opening only, in milliseconds since the last opening order was accepted. A line slows down while
/// it is reached, as last watched. Source: market-access controls.
enum SlowDown {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard context.isOpening else { return .off(.slowDown, .otherKind) }
    let lines = ledger.lines(context.order.pointee.account)
    let slowing = lines.pointee.reached.bits & ledger.platformLines.slowing.bits
    guard slowing != 0 else { return .off(.slowDown, .unset) }
    let delay = ledger.platformLines.slowDownMilliseconds
    let last = lines.pointee.lastOpening
    let waited =
      last == .none ? delay : (context.now.nanoseconds - last.nanoseconds) / 1_000_000
    return .condition(
      .slowDown, waited >= delay, observed: waited, limit: delay, unit: .milliseconds,
      scope: .operationAccount, scopeID: context.order.pointee.account.raw)
  }
}
