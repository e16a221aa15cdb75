import Domain
import Messages

// Who is there, and what goes when nobody is.
extension Twin {
  func sessionClosed(_ closed: SessionClosed) {
    guard closed.account.index < accounts.count else { return }
    let before = accounts[closed.account.index]
    accounts[closed.account.index].sessions = max(before.sessions - 1, 0)
    guard before.sessions == 1 || before.graceEnd != nil,
      setting(closed.account, .cancelOnDisconnect) ?? 0 > 0
    else { return }
    accounts[closed.account.index].graceEnd = now.adding(
      seconds: setting(closed.account, .disconnectGraceSeconds) ?? 0)
  }

  func verdictGiven(_ verdict: LogonVerdict) {
    guard verdict.refusal.isNone else { return }
    accounts[verdict.account.index].sessions += 1
    accounts[verdict.account.index].graceEnd = nil
  }

  /// The engine says that an account's orders go now.
  func disconnected(_ notice: Notice) {
    let account = OperationAccountID(notice.scopeID)
    let known = accounts[account.index]
    if known.sessions > 0 || known.graceEnd.map({ $0 > now }) ?? true {
      complain("orders of account \(account.raw) go and it is not time")
    }
    accounts[account.index].graceEnd = nil
    guard comingDay == nil else { return }
    for id in stayingOrders(of: account) { queueCancel(id) }
  }

  /// Once no work waits, nobody's time is over with orders that go with it.
  func checkDisconnected() {
    guard comingDay == nil else { return }
    for index in accounts.indices {
      guard let end = accounts[index].graceEnd, end <= now else { continue }
      accounts[index].graceEnd = nil
      let account = OperationAccountID(UInt32(index))
      let staying = stayingOrders(of: account).filter { orders[$0]?.cancelRequested == false }
      if !staying.isEmpty { complain("orders of account \(index) stay: \(staying)") }
    }
  }

  /// Working orders that go with the account's last session.
  private func stayingOrders(of account: OperationAccountID) -> [OrderID] {
    (ordersOf[account] ?? []).filter { id in
      guard let order = orders[id], order.leaves > 0, !isKept(order) else { return false }
      return setting(account, .cancelOnDisconnect) == 2 || order.terms.offset == .open
    }
  }
}
