import Domain
import Ledger

/// Traded lots + working lots + the child's <= the volume quota - its reserve, in an instrument of
/// an exchange where there is one.
///
/// Opening children only (decisions 27); opened and closed lots count, over-closed ones too.
/// Source: AMS manual, note 13; examples 20.
enum FundVolumeQuota {
  /// - Parameter ahead: lots of the same order that the account gets before this child.
  @inline(__always) static func limit(
    _ room: inout FundRoom, _ candidate: UnsafeMutablePointer<Candidate>,
    _ quota: UnsafePointer<FundQuota>, _ activity: FundActivity, ahead: Lots
  ) {
    guard quota.pointee.lots != .min else { return }
    let used = activity.tradedLots + activity.workingLots + Int64(ahead)
    let most = quota.pointee.lots - quota.pointee.lotsReserve
    let wanted = Int64(room.lots)
    room.limit(
      to: most - used,
      candidate.pointee.fundAccount.refusal(.fundVolumeQuota, used, most, asked: wanted, .lots))
  }
}
