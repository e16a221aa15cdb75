import Domain
import Ledger
import MarketData
import Messages

// What becomes of an account's orders when nobody is there any more. The time that a terminal has
// to come back is the engine's: `nextDeadline` names its end, and a replay ends it where the run
// did.
extension Engine {
  /// A session is over. When it was the account's last one its grace time begins; of an account
  /// that has none, it begins anew.
  mutating func sessionClosed(_ closed: SessionClosed, _ effects: inout EffectBuffer) {
    guard ledger.exists(closed.account) else { return }
    let account = ledger.account(closed.account)
    let isLast = account.pointee.logon.sessionsOpen == 1 || account.pointee.gracePlace != 0
    ledger.sessionClosed(closed.account)
    guard isLast, account.pointee.disconnectCancel != .off else { return }
    let seconds = account.pointee.disconnectGraceSeconds
    ledger.beginGrace(closed.account, until: now.adding(seconds: seconds))
    guard seconds == 0, !isDisconnectQueued else { return }
    isDisconnectQueued = true
    start(Self.disconnectedItem, &effects)
  }

  /// Of the grace times that run; `.never` while one that is over waits for its turn.
  var nextGraceEnd: Timestamp {
    isDisconnectQueued ? .never : ledger.firstGraceEnd ?? .never
  }

  /// Puts what is due into the work queue; the slices that follow do it.
  mutating func queueDisconnected() {
    guard !isDisconnectQueued, let end = ledger.firstGraceEnd, end <= now else { return }
    isDisconnectQueued = true
    work.push(Self.disconnectedItem)
  }

  private static var disconnectedItem: WorkItem {
    WorkItem(
      kind: .disconnected, side: .unknown, subject: OperationAccountID.none.raw,
      instrument: .none, cursor: 0, bound: 0,
      holders: Ledger.HolderCursor(chunk: 0, offset: 0))
  }

  /// Cancels for account after account. Who comes back before its turn keeps its orders; whose
  /// turn has come does not, however many slices it takes.
  mutating func disconnectedSlice(
    _ item: UnsafeMutablePointer<WorkItem>, _ units: inout Int, _ effects: inout EffectBuffer
  ) -> Bool {
    while units > 0, effects.hasRoom(for: 512) {
      if item.pointee.subject == OperationAccountID.none.raw {
        guard let account = ledger.takeGrace(endedBy: now) else {
          isDisconnectQueued = false
          return true
        }
        units -= 1
        beginDisconnectCancel(account, item, &effects)
      }
      guard cancelSlice(item, &units, &effects) else { return false }
      item.pointee.subject = OperationAccountID.none.raw
    }
    return false
  }

  private mutating func beginDisconnectCancel(
    _ account: OperationAccountID, _ item: UnsafeMutablePointer<WorkItem>,
    _ effects: inout EffectBuffer
  ) {
    let record = ledger.account(account)
    item.pointee.subject = account.raw
    item.pointee.cursor = 0
    item.pointee.reached = 0
    item.pointee.asked = 0
    item.pointee.bound = UInt32(ledger.orderCount)
    item.pointee.isOpeningOnly = record.pointee.disconnectCancel == .opening
    guard record.pointee.firstWorking != 0 else { return }
    notice(
      .disconnectCancel, &effects, scope: .operationAccount, scopeID: account.raw,
      observed: Int64(record.pointee.disconnectCancel.rawValue),
      limit: record.pointee.disconnectGraceSeconds)
  }
}
