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
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    isExplaining: Bool = false
  ) -> Finding {
    guard context.isOpening else { return .off(.positionLimit, .otherKind) }
    #if MUTATION_CAP_OFF_BY_ONE
      let asked = Int64(context.order.pointee.lots) - 1
    #else
      let asked = Int64(context.order.pointee.lots)
    #endif
    var finding = Finding.off(.positionLimit, .unset)
    if context.account.pointee.positionCap != .min {
      #if MUTATION_WORKING_LEFT_OUT
        let lots = Int64(context.holder.pointee.heldLots)
      #else
        let lots =
          Int64(context.holder.pointee.heldLots) + Int64(context.holder.pointee.workingOpenLots)
      #endif
      finding = .cap(
        .positionLimit, observed: lots,
        asked: asked, limit: context.account.pointee.positionCap, unit: .lots,
        scope: .operationAccount, scopeID: context.order.pointee.account.raw)
      if !finding.passes { return finding }
    }
    guard let figures = context.figures else { return finding }
    if figures.pointee.lotsCap != .min {
      let commodity = Finding.cap(
        .positionLimit, observed: figures.pointee.totalLots, asked: asked,
        limit: figures.pointee.lotsCap, unit: .lots, scope: .commodity,
        scopeID: figures.pointee.commodity.raw)
      if !commodity.passes { return commodity }
      if isExplaining { finding = finding.tighter(commodity) }
    }
    var rowNumber = figures.pointee.firstRow
    while rowNumber != 0 {
      let row = ledger.limitRow(rowNumber)
      rowNumber = row.pointee.next
      guard row.pointee.kind == .position, row.pointee.lots != .min,
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
        .positionLimit, observed: ledger.lots(ofHead: context.firstPosition, hedge: hedge),
        asked: asked, limit: row.pointee.lots, unit: .lots, scope: .instrument,
        scopeID: context.order.pointee.instrument.raw)
    }
    return .cap(
      .positionLimit,
      observed: hedge == .unknown ? figures.pointee.totalLots : figures.pointee[hedge].lots,
      asked: asked, limit: row.pointee.lots, unit: .lots, scope: .commodity,
      scopeID: figures.pointee.commodity.raw)
  }
}
