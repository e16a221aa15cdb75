import Domain
import Ledger
import MarketData

/// The account is not being liquidated.
///
/// Opening only, while a liquidation of the account runs, whatever its scope. Observed is the code
/// of its phase. Source: rules.md 4, desk.md.
enum Liquidating {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard context.isOpening else { return .off(.liquidating, .otherKind) }
    let phase = ledger.liquidationPhase(context.order.pointee.account)
    return .condition(
      .liquidating, phase == .unknown, observed: Int64(phase.rawValue), scope: .operationAccount,
      scopeID: context.order.pointee.account.raw)
  }
}
