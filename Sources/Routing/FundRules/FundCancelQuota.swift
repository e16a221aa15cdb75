import Domain
import Ledger

/// Room for one cancel more of every order that works: cancels today + working orders + 1 <= the
/// cancel quota - its reserve, in an instrument of an exchange where there is one.
///
/// Opening children only (decisions 27). Source: AMS manual, note 13; examples 20.
enum FundCancelQuota {
  /// - Parameter ahead: children of the same order that the account gets before this one.
  @inline(__always) static func limit(
    _ room: inout FundRoom, _ candidate: UnsafeMutablePointer<Candidate>,
    _ quota: UnsafePointer<FundQuota>, _ activity: FundActivity, ahead: Int
  ) {
    guard quota.pointee.cancels != .min else { return }
    let used = activity.cancels + activity.workingOrders + Int64(ahead)
    let most = quota.pointee.cancels - quota.pointee.cancelReserve
    if used + 1 > most {
      room.limit(
        to: 0,
        candidate.pointee.fundAccount.refusal(.fundCancelQuota, used, most, asked: 1, .count))
    }
  }
}
