import Domain
import Storage

// Accounts whose last session is gone, and when what they ordered is cancelled: a binary heap by
// that moment, then by account. Each account's record knows its place in it.
extension Ledger {
  /// Begins an account's grace time, or begins it anew.
  public mutating func beginGrace(_ account: OperationAccountID, until end: Timestamp) {
    let record = accounts.at(account.raw)
    endGrace(account)
    record.pointee.graceEnd = end
    graces.at(graceCount).pointee = account.raw
    graceCount += 1
    record.pointee.gracePlace = UInt32(graceCount)
    riseGrace(at: graceCount - 1)
  }

  /// Somebody is there again, or nothing would be cancelled: the time no longer runs.
  public mutating func endGrace(_ account: OperationAccountID) {
    let record = accounts.at(account.raw)
    guard record.pointee.gracePlace != 0 else { return }
    let place = Int(record.pointee.gracePlace) - 1
    record.pointee.gracePlace = 0
    graceCount -= 1
    guard place != graceCount else { return }
    putGrace(graces.at(graceCount).pointee, at: place)
    riseGrace(at: place)
    sinkGrace(at: place)
  }

  /// When the first of the running grace times is over; nil when none runs.
  public var firstGraceEnd: Timestamp? {
    graceCount == 0 ? nil : accounts.at(graces.at(0).pointee).pointee.graceEnd
  }

  /// An account whose grace time is over by now, the one that waited longest first; it no longer
  /// runs. Nil when there is none.
  public mutating func takeGrace(endedBy now: Timestamp) -> OperationAccountID? {
    guard let end = firstGraceEnd, end <= now else { return nil }
    let account = OperationAccountID(graces.at(0).pointee)
    endGrace(account)
    return account
  }

  // MARK: The heap

  private func isBefore(_ left: UInt32, _ right: UInt32) -> Bool {
    let (leftEnd, rightEnd) = (
      accounts.at(left).pointee.graceEnd, accounts.at(right).pointee.graceEnd
    )
    return leftEnd != rightEnd ? leftEnd < rightEnd : left < right
  }

  private func putGrace(_ account: UInt32, at place: Int) {
    graces.at(place).pointee = account
    accounts.at(account).pointee.gracePlace = UInt32(place + 1)
  }

  private func riseGrace(at start: Int) {
    let account = graces.at(start).pointee
    var place = start
    while place > 0 {
      let parent = graces.at((place - 1) / 2).pointee
      guard isBefore(account, parent) else { break }
      putGrace(parent, at: place)
      place = (place - 1) / 2
    }
    putGrace(account, at: place)
  }

  private func sinkGrace(at start: Int) {
    let account = graces.at(start).pointee
    var place = start
    while 2 * place + 1 < graceCount {
      var child = 2 * place + 1
      if child + 1 < graceCount,
        isBefore(graces.at(child + 1).pointee, graces.at(child).pointee)
      {
        child += 1
      }
      guard isBefore(graces.at(child).pointee, account) else { break }
      putGrace(graces.at(child).pointee, at: place)
      place = child
    }
    putGrace(account, at: place)
  }
}
