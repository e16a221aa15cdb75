import Domain
import Ledger
import MarketData

/// Most lots and most margin one order of an account may have in a commodity: the account's own
/// limits there, else those of its template.
///
/// Lots for every order, margin (1e-4 yuan) for opening ones (decisions 16). Source: AMS manual
/// 4.6. `FIX: OrdRejReason(103) = 3`.
enum OrderSize {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    if let figures = context.figures,
      figures.pointee.orderLots != .min || figures.pointee.orderMargin != .min
    {
      return evaluate(
        context,
        OrderSizeLimit(lots: figures.pointee.orderLots, margin: figures.pointee.orderMargin),
        figures.pointee.commodity)
    }
    let template = context.account.pointee.sizeTemplate
    guard template != 0, let instrument = context.instrument else {
      return .off(.orderSize, .unset)
    }
    let commodity = instrument.pointee.commodity
    return evaluate(context, ledger.templates.size(template, commodity), commodity)
  }

  @inline(__always) private static func evaluate(
    _ context: OrderContext, _ limit: OrderSizeLimit, _ commodity: CommodityID
  ) -> Finding {
    var finding = Finding.off(.orderSize, .unset)
    if limit.lots != .min {
      finding = .cap(
        .orderSize, observed: 0, asked: Int64(context.order.pointee.lots), limit: limit.lots,
        unit: .lots, scope: .commodity, scopeID: commodity.raw)
      if !finding.passes { return finding }
    }
    guard limit.margin != .min else { return finding }
    guard context.isOpening, context.holdFault == .none else {
      return finding.isActive
        ? finding : .off(.orderSize, context.isOpening ? .lacksFigures : .otherKind)
    }
    let margin = Finding.cap(
      .orderSize, observed: 0, asked: context.hold.margin.units, limit: limit.margin,
      unit: .money, scope: .commodity, scopeID: commodity.raw)
    return !margin.passes || !finding.isActive ? margin : finding
  }
}
