import Domain
import Ledger

/// The number that priority goes by: of the instrument, else of the commodity, else the account's
/// own; of opening, closing and closing today's lots apart, by the offset of the order as it was
/// sent. Source: AMS manual 8.6.
enum FundPriority {
  static func number(
    _ fund: UnsafePointer<FundAccountRecord>, _ figures: UnsafePointer<CommodityFigures>?,
    _ order: UnsafePointer<OrderTerms>, _ ledger: borrowing Ledger
  ) -> Int32 {
    var ofCommodity: Int64 = .min
    var rowNumber = figures?.pointee.firstRow ?? 0
    while rowNumber != 0 {
      let row = ledger.limitRow(rowNumber)
      rowNumber = row.pointee.next
      guard row.pointee.kind == .fundPriority else { continue }
      let number = number(row, order.pointee.offset)
      guard number != .min else { continue }
      if row.pointee.instrument == order.pointee.instrument { return Int32(clamping: number) }
      if row.pointee.instrument.isNone { ofCommodity = number }
    }
    return ofCommodity == .min ? fund.pointee.priority : Int32(clamping: ofCommodity)
  }

  private static func number(_ row: UnsafePointer<LimitRow>, _ offset: Offset) -> Int64 {
    switch offset {
    case .closeToday: row.pointee.lots
    case .close, .closeYesterday: row.pointee.short
    case .open, .unknown: row.pointee.long
    }
  }
}
