import Domain
import Ledger

/// No bar of fund-order-rate stands against the child.
///
/// Opening, closing or both, as the account says. The ledger counts children as they are sent; the
/// Nth within T passes and sets the bar until it is released or the next trading day
/// (decisions 15). Of several children of one order (net mode, locks) those that come behind the
/// Nth are barred like any other. Forced orders are exempt (rules.md 0). Source: AMS manual 2.2.
/// `CTP: error 116`.
enum FundOrderRate {
  /// - Parameter ahead: children of the same order that the account gets before this one.
  @inline(__always) static func limit(
    _ room: inout FundRoom, _ candidate: UnsafeMutablePointer<Candidate>, _ offset: OffsetBar,
    _ request: RouteRequest, ahead: Int, _ ledger: borrowing Ledger
  ) {
    guard !request.isForced else { return }
    let fund = candidate.pointee.fund
    guard fund.pointee.orderRateCount != 0 || !fund.pointee.orderRateBarred.isEmpty else { return }
    guard ledger.barOfOrderRate(fund, ahead: ahead, at: request.now).contains(offset) else {
      return
    }
    room.limit(
      to: 0,
      candidate.pointee.fundAccount.refusal(
        .fundOrderRate, Int64(fund.pointee.rateWindow.count), Int64(fund.pointee.orderRateCount),
        asked: 1, .count))
  }
}
