import Domain
import Ledger

/// A child of an opening order leaves at once, within the messages a second that the fund account's
/// counter takes; a part of them may be kept for what is no opening.
///
/// Orders and cancels count. What closes waits for its turn instead, and a liquidation goes first
/// (rules.md 8). While anything waits nothing is opened. `CTP: error 116`.
enum FundMessageQuota {
  /// - Parameter ahead: children of the same order that the account gets before this one.
  @inline(__always) static func limit(
    _ room: inout FundRoom, _ candidate: UnsafeMutablePointer<Candidate>, _ request: RouteRequest,
    ahead: Int, _ ledger: borrowing Ledger
  ) {
    let fund = candidate.pointee.fund
    guard fund.pointee.messageQuota != 0, request.order.pointee.offset == .open else { return }
    let kept = Int(fund.pointee.messageReserve)
    guard !ledger.hasMessageRoom(fund, for: ahead + 1 + kept, at: request.now) else { return }
    room.limit(
      to: 0,
      candidate.pointee.fundAccount.refusal(
        .fundMessageQuota,
        ledger.messagesOfLastSecond(fund, at: request.now)
          + Int64(fund.pointee.waitingMessages) + Int64(ahead),
        ledger.openingQuota(fund), asked: 1, .count))
  }
}
