import Domain
import Ledger
import MarketData

/// No risk controller has barred the account from opening.
///
/// Opening only. The notice that the figure leads to says who barred it and why. Source: desk.md,
/// "Bar or release opening for an account".
enum BarredByController {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard context.isOpening else { return .off(.barredByController, .otherKind) }
    guard ledger.controls.barCount != 0 else { return .off(.barredByController, .unset) }
    let account = context.order.pointee.account
    let isBarred = ledger.controls.isBarred(account)
    return .condition(
      .barredByController, !isBarred,
      observed: isBarred ? Int64(clamping: ledger.controls.bar(account).pointee.number) : 0,
      scope: .operationAccount, scopeID: account.raw)
  }
}
