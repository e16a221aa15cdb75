import Domain
import Ledger
import MarketData

/// All that an account holds and works to open today stays within the range that `Ranges` proves.
///
/// Opening only, in lots: held at the day's start, opened today and working to open, this order
/// included, at most `Ranges.holderLotsMaximum`. Source: Domain/Ranges.
enum Capacity {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard context.isOpening else { return .off(.capacity, .otherKind) }
    return .cap(
      .capacity, observed: Int64(context.holder.pointee.rangeLots),
      asked: Int64(context.order.pointee.lots), limit: Int64(Ranges.holderLotsMaximum),
      unit: .lots, scope: .operationAccount, scopeID: context.order.pointee.account.raw)
  }
}
