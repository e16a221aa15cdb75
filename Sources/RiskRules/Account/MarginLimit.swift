import Domain
import Ledger
import MarketData

/// Margin held plus margin of working opening orders, this order included: the account's total
/// and every matching entry by commodity or instrument and hedge flag; all of them bind.
///
/// Opening only, in 1e-4 yuan; the account's default is 100 000 000 yuan. Source: AMS manual 4.1,
/// 4.3.
enum MarginLimit {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard context.isOpening, context.holdFault == .none else { return .off(.marginLimit) }
    let asked = context.hold.margin.units
    var finding = Finding.off(.marginLimit)
    if context.account.pointee.marginCap != .min {
      finding = .cap(
        .marginLimit, observed: context.holder.pointee.totalMargin.units, asked: asked,
        limit: context.account.pointee.marginCap, unit: .money, scope: .operationAccount,
        scopeID: context.order.pointee.account.raw)
    }
    guard let figures = context.figures else { return finding }
    if figures.pointee.marginCap != .min {
      finding = finding.tighter(
        .cap(
          .marginLimit, observed: figures.pointee.totalMargin.units, asked: asked,
          limit: figures.pointee.marginCap, unit: .money, scope: .commodity,
          scopeID: figures.pointee.commodity.raw))
    }
    guard figures.pointee.firstRow != 0 else { return finding }
    return rows(context, ledger, figures, asked: asked, finding)
  }

  private static func rows(
    _ context: OrderContext, _ ledger: borrowing Ledger,
    _ figures: UnsafePointer<CommodityFigures>, asked: Int64, _ start: Finding
  ) -> Finding {
    var finding = start
    var rowNumber = figures.pointee.firstRow
    while rowNumber != 0 {
      let row = ledger.limitRow(rowNumber)
      rowNumber = row.pointee.next
      guard row.pointee.kind == .position, row.pointee.margin != .min,
        row.pointee.concerns(context.order.pointee.instrument, context.order.pointee.hedge)
      else { continue }
      let isWhole = row.pointee.instrument.isNone
      let observed =
        !isWhole
        ? ledger.margin(ofHead: context.firstPosition, hedge: row.pointee.hedge)
        : row.pointee.hedge == .unknown
          ? figures.pointee.totalMargin.units : figures.pointee[row.pointee.hedge].margin.units
      finding = finding.tighter(
        .cap(
          .marginLimit, observed: observed, asked: asked, limit: row.pointee.margin, unit: .money,
          scope: isWhole ? .commodity : .instrument,
          scopeID: isWhole
            ? figures.pointee.commodity.raw : context.order.pointee.instrument.raw))
    }
    return finding
  }
}
