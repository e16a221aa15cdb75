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
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    isExplaining: Bool = false
  ) -> Finding {
    guard context.isOpening, context.holdFault == .none else {
      return .off(.marginLimit, context.isOpening ? .lacksFigures : .otherKind)
    }
    let asked = context.hold.margin.units
    var finding = Finding.off(.marginLimit, .unset)
    if context.account.pointee.marginCap != .min {
      finding = .cap(
        .marginLimit, observed: context.holder.pointee.totalMargin.units, asked: asked,
        limit: context.account.pointee.marginCap, unit: .money, scope: .operationAccount,
        scopeID: context.order.pointee.account.raw)
      if !finding.passes { return finding }
    }
    guard let figures = context.figures else { return finding }
    if figures.pointee.marginCap != .min {
      let commodity = Finding.cap(
        .marginLimit, observed: figures.pointee.totalMargin.units, asked: asked,
        limit: figures.pointee.marginCap, unit: .money, scope: .commodity,
        scopeID: figures.pointee.commodity.raw)
      if !commodity.passes { return commodity }
      if isExplaining { finding = finding.tighter(commodity) }
    }
    var rowNumber = figures.pointee.firstRow
    while rowNumber != 0 {
      let row = ledger.limitRow(rowNumber)
      rowNumber = row.pointee.next
      guard row.pointee.kind == .position, row.pointee.margin != .min,
        row.pointee.concerns(context.order.pointee.instrument, context.order.pointee.hedge)
      else { continue }
      let entry = entry(row, figures, context, ledger, asked: asked)
      if !entry.passes { return entry }
      if isExplaining { finding = finding.tighter(entry) }
    }
    return finding
  }

  @inline(__always) private static func entry(
    _ row: UnsafePointer<LimitRow>, _ figures: UnsafePointer<CommodityFigures>,
    _ context: OrderContext, _ ledger: borrowing Ledger, asked: Int64
  ) -> Finding {
    let hedge = row.pointee.hedge
    guard row.pointee.instrument.isNone else {
      return .cap(
        .marginLimit, observed: ledger.margin(ofHead: context.firstPosition, hedge: hedge),
        asked: asked, limit: row.pointee.margin, unit: .money, scope: .instrument,
        scopeID: context.order.pointee.instrument.raw)
    }
    return .cap(
      .marginLimit,
      observed: (hedge == .unknown
        ? figures.pointee.totalMargin : figures.pointee[hedge].margin).units, asked: asked,
      limit: row.pointee.margin, unit: .money, scope: .commodity,
      scopeID: figures.pointee.commodity.raw)
  }
}
