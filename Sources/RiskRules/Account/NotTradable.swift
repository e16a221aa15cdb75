import Domain
import Ledger
import MarketData

/// The account's list of commodities and instruments lets it open here: the list bars what is on
/// it, or only what is on it may be opened.
///
/// Opening only. An instrument is on the list by itself or by its commodity. An empty list bars
/// nothing, and as "only these" everything. Source: AMS manual 6.3, note 10.
enum NotTradable {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard context.isOpening, let instrument = context.instrument else {
      return .off(.notTradable, context.isOpening ? .lacksFigures : .otherKind)
    }
    let onlyListed = context.account.pointee.tradableOnlyListed
    guard onlyListed || context.account.pointee.hasTradableRows else {
      return .off(.notTradable, .unset)
    }
    var byCommodity = false
    var byInstrument = false
    if let figures = context.figures {
      byCommodity = figures.pointee.isListed
      byInstrument = listsInstrument(figures, context.order.pointee.instrument, ledger)
    }
    let isListed = byCommodity || byInstrument
    return .condition(
      .notTradable, isListed == onlyListed, observed: isListed ? 1 : 0,
      limit: onlyListed ? 1 : 0, scope: byCommodity ? .commodity : .instrument,
      scopeID: byCommodity
        ? instrument.pointee.commodity.raw : context.order.pointee.instrument.raw)
  }

  @inline(__always) private static func listsInstrument(
    _ figures: UnsafePointer<CommodityFigures>, _ instrument: InstrumentID,
    _ ledger: borrowing Ledger
  ) -> Bool {
    var rowNumber = figures.pointee.firstRow
    while rowNumber != 0 {
      let row = ledger.limitRow(rowNumber)
      if row.pointee.kind == .tradable, row.pointee.instrument == instrument {
        return row.pointee.lots == 1
      }
      rowNumber = row.pointee.next
    }
    return false
  }
}
