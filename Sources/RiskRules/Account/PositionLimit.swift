import Domain
import Ledger
import MarketData

/// Lots held plus lots in working opening orders, this order included: the account's total and
/// every matching entry by commodity or instrument and hedge flag; all of them bind. Arbitrage
/// counts under "any" (decisions 16).
///
/// Opening orders only. Source: AMS manual 4.1, 4.3. `CTP: error 106`.
enum PositionLimit {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard context.isOpening else { return .off(.positionLimit) }
    let asked = Int64(context.order.pointee.lots)
    var finding = Finding.off(.positionLimit)
    if context.account.pointee.positionCap != .min {
      finding = .cap(
        .positionLimit,
        observed: Int64(context.holder.pointee.heldLots)
          + Int64(context.holder.pointee.workingOpenLots),
        asked: asked, limit: context.account.pointee.positionCap, unit: .lots,
        scope: .operationAccount, scopeID: context.order.pointee.account.raw)
    }
    guard let figures = context.figures, let instrument = context.instrument else {
      return finding
    }
    let commodity = instrument.pointee.commodity
    if figures.pointee.lotsCap != .min {
      finding = finding.tighter(
        .cap(
          .positionLimit, observed: figures.pointee.totalLots, asked: asked,
          limit: figures.pointee.lotsCap, unit: .lots, scope: .commodity, scopeID: commodity.raw))
    }
    var rowNumber = figures.pointee.firstRow
    while rowNumber != 0 {
      let row = ledger.limitRow(rowNumber)
      rowNumber = row.pointee.next
      guard row.pointee.kind == .position, row.pointee.lots != .min,
        row.pointee.concerns(context.order.pointee.instrument, context.order.pointee.hedge)
      else { continue }
      let isWhole = row.pointee.instrument.isNone
      let observed =
        !isWhole
        ? ledger.lots(ofHead: context.firstPosition, hedge: row.pointee.hedge)
        : row.pointee.hedge == .unknown
          ? figures.pointee.totalLots : figures.pointee[row.pointee.hedge].lots
      finding = finding.tighter(
        .cap(
          .positionLimit, observed: observed, asked: asked, limit: row.pointee.lots, unit: .lots,
          scope: isWhole ? .commodity : .instrument,
          scopeID: isWhole ? commodity.raw : context.order.pointee.instrument.raw))
    }
    return finding
  }
}
