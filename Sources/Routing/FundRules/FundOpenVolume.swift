import Domain
import Ledger

/// Most lots a fund account opens in a trading day, those working to open included: of a commodity
/// or of an instrument.
///
/// Opening children only (decisions 27). Both sides and every hedge flag together; what was closed
/// again counts on. Source: AMS manual 8.5.
enum FundOpenVolume {
  @inline(__always) static func limit(
    _ room: inout FundRoom, _ row: UnsafePointer<LimitRow>,
    _ candidate: UnsafeMutablePointer<Candidate>, _ figures: UnsafePointer<CommodityFigures>,
    _ ledger: borrowing Ledger
  ) {
    guard row.pointee.lots != .min else { return }
    let opened =
      row.pointee.instrument.isNone
      ? ledger.openedLots(of: figures) : ledger.openedLots(ofHead: candidate.pointee.head)
    let wanted = Int64(room.lots)
    room.limit(
      to: row.pointee.lots - opened,
      candidate.pointee.fundAccount.refusal(
        .fundOpenVolume, opened, row.pointee.lots, asked: wanted, .lots))
  }
}
