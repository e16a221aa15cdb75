import Domain
import Ledger
import MarketData

/// Most lots and most margin one order of an account may have in a commodity.
///
/// Lots for every order, margin (1e-4 yuan) for opening ones (decisions 16). Source: AMS manual
/// 4.6. `FIX: OrdRejReason(103) = 3`.
enum OrderSize {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard let figures = context.figures else { return .off(.orderSize, .unset) }
    let commodity = figures.pointee.commodity.raw
    var finding = Finding.off(.orderSize, .unset)
    if figures.pointee.orderLots != .min {
      finding = .cap(
        .orderSize, observed: 0, asked: Int64(context.order.pointee.lots),
        limit: figures.pointee.orderLots, unit: .lots, scope: .commodity, scopeID: commodity)
      if !finding.passes { return finding }
    }
    guard figures.pointee.orderMargin != .min else { return finding }
    guard context.isOpening, context.holdFault == .none else {
      return finding.isActive
        ? finding : .off(.orderSize, context.isOpening ? .lacksFigures : .otherKind)
    }
    let margin = Finding.cap(
      .orderSize, observed: 0, asked: context.hold.margin.units,
      limit: figures.pointee.orderMargin, unit: .money, scope: .commodity, scopeID: commodity)
    return !margin.passes || !finding.isActive ? margin : finding
  }
}
