import Domain
import Ledger

/// The fund account's own list of the session, of the day or of the night, lets it open here.
///
/// Opening children only. The list bars what is on it, or only what is on it may be opened. Source:
/// AMS manual 8.4, decisions 18.
enum FundNotTradable {
  @inline(__always) static func limit(
    _ room: inout FundRoom, _ candidate: UnsafeMutablePointer<Candidate>,
    _ request: RouteRequest, _ ledger: borrowing Ledger
  ) {
    let fund = candidate.pointee.fund
    guard !fund.pointee.lists.isEmpty else { return }
    let allows = ledger.allows(
      fund, candidate.pointee.figures, request.order.pointee.instrument, isNight: request.isNight)
    if allows == false {
      room.limit(to: 0, candidate.pointee.fundAccount.refusal(.fundNotTradable, 0, 0, .code))
    }
  }
}
