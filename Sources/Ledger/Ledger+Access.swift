import Domain
import Storage

// Who may log in from where, and what logging in leaves behind (rules.md 1).
extension Ledger {
  /// Adds a row to an account's IP list. False when the table is full or the range is upside down.
  public mutating func allowAddress(
    _ account: OperationAccountID, from: (high: UInt64, low: UInt64),
    to: (high: UInt64, low: UInt64)
  ) -> Bool {
    allowAddress(&accounts.at(account.raw).pointee.logon.firstAddress, from: from, to: to)
  }

  /// Adds a row to an account's MAC list; false when the table is full.
  public mutating func allowMAC(_ account: OperationAccountID, _ mac: UInt64) -> Bool {
    allowMAC(&accounts.at(account.raw).pointee.logon.firstMAC, mac)
  }

  mutating func allowAddress(
    _ first: inout UInt32, from: (high: UInt64, low: UInt64), to: (high: UInt64, low: UInt64)
  ) -> Bool {
    guard from.high < to.high || from.high == to.high && from.low <= to.low,
      let number = accessRows.take()
    else { return false }
    let row = accessRows.at(number)
    row.pointee.fromHigh = from.high
    row.pointee.fromLow = from.low
    row.pointee.toHigh = to.high
    row.pointee.toLow = to.low
    row.pointee.next = first
    first = number
    return true
  }

  mutating func allowMAC(_ first: inout UInt32, _ mac: UInt64) -> Bool {
    guard let number = accessRows.take() else { return false }
    let row = accessRows.at(number)
    row.pointee.fromHigh = 0
    row.pointee.fromLow = mac
    row.pointee.toHigh = 0
    row.pointee.toLow = 0
    row.pointee.next = first
    first = number
    return true
  }

  /// Empties one of an account's lists: from anywhere again.
  public mutating func clearAddresses(_ account: OperationAccountID) {
    putRows(&accounts.at(account.raw).pointee.logon.firstAddress)
  }

  public mutating func clearMACs(_ account: OperationAccountID) {
    putRows(&accounts.at(account.raw).pointee.logon.firstMAC)
  }

  /// The same of a controller's.
  public mutating func clearAddresses(_ controller: ControllerID) {
    putRows(&controllers.records.at(controller.raw).pointee.logon.firstAddress)
  }

  public mutating func clearMACs(_ controller: ControllerID) {
    putRows(&controllers.records.at(controller.raw).pointee.logon.firstMAC)
  }

  private mutating func putRows(_ first: inout UInt32) {
    while first != 0 {
      let number = first
      first = accessRows.at(number).pointee.next
      accessRows.put(number)
    }
  }

  /// Counts a failed logon. True when it locks the account: the Nth failure within the window.
  public mutating func countLoginFailure(
    _ account: OperationAccountID, at time: Timestamp, failures: Int64, windowSeconds: Int64,
    lockSeconds: Int64
  ) -> Bool {
    accounts.at(account.raw).pointee.logon.countFailure(
      at: time, failures: failures, windowSeconds: windowSeconds, lockSeconds: lockSeconds)
  }

  public mutating func sessionOpened(_ account: OperationAccountID) {
    accounts.at(account.raw).pointee.logon.sessionOpened()
  }

  public mutating func sessionClosed(_ account: OperationAccountID) {
    accounts.at(account.raw).pointee.logon.sessionClosed()
  }
}
