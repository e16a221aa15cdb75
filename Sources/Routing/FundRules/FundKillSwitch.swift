import Domain
import Ledger

/// No kill switch is pressed for the fund account's counter.
///
/// Opening and closing children. Others of the product's fund accounts may take the order. Source:
/// desk.md, "Kill switch".
enum FundKillSwitch {
  @inline(__always) static func limit(
    _ room: inout FundRoom, _ candidate: UnsafeMutablePointer<Candidate>,
    _ ledger: borrowing Ledger
  ) {
    guard ledger.controls.switchCount != 0 else { return }
    let counter = candidate.pointee.fund.pointee.counter
    guard ledger.controls.isKilled(.counter(counter)) else { return }
    let mark = ledger.controls.killSwitch(ledger.controls.place(.counter(counter)))
    room.limit(
      to: 0,
      candidate.pointee.fundAccount.refusal(
        .fundKillSwitch, Int64(clamping: mark.pointee.number), 0, .code))
  }
}
