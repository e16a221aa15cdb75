import Domain
import Ledger
import MarketData

/// The instrument is one that this gateway has listed.
///
/// Opening and closing. Source: rules.md 2. `FIX: OrdRejReason(103) = 1`; `CTP: error 16`.
enum UnknownInstrument {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    .condition(
      .unknownInstrument, context.instrument != nil, scope: .instrument,
      scopeID: context.order.pointee.instrument.raw)
  }
}
