import Domain
import Storage

// The lists of what can still fill: an account's orders, a fund account's children. And the small
// facts about an order that change on its way.
extension Ledger {
  func linkWorking(order number: UInt32) {
    let record = mutableOrder(number)
    let account = accounts.at(record.pointee.account.raw)
    record.pointee.workingPrevious = account.pointee.lastWorking
    record.pointee.workingNext = 0
    if account.pointee.lastWorking == 0 {
      account.pointee.firstWorking = number
    } else {
      mutableOrder(account.pointee.lastWorking).pointee.workingNext = number
    }
    account.pointee.lastWorking = number
  }

  func unlinkWorking(order number: UInt32) {
    let record = mutableOrder(number)
    let account = accounts.at(record.pointee.account.raw)
    let previous = record.pointee.workingPrevious
    let next = record.pointee.workingNext
    if previous == 0 {
      account.pointee.firstWorking = next
    } else {
      mutableOrder(previous).pointee.workingNext = next
    }
    if next == 0 {
      account.pointee.lastWorking = previous
    } else {
      mutableOrder(next).pointee.workingPrevious = previous
    }
    record.pointee.workingPrevious = 0
    record.pointee.workingNext = 0
  }

  func linkWorking(child number: UInt32) {
    let record = mutableChild(number)
    let fund = fundAccounts.at(record.pointee.fundAccount.raw)
    record.pointee.fundPrevious = fund.pointee.lastWorking
    record.pointee.fundNext = 0
    if fund.pointee.lastWorking == 0 {
      fund.pointee.firstWorking = number
    } else {
      mutableChild(fund.pointee.lastWorking).pointee.fundNext = number
    }
    fund.pointee.lastWorking = number
  }

  func unlinkWorking(child number: UInt32) {
    let record = mutableChild(number)
    let fund = fundAccounts.at(record.pointee.fundAccount.raw)
    let previous = record.pointee.fundPrevious
    let next = record.pointee.fundNext
    if previous == 0 {
      fund.pointee.firstWorking = next
    } else {
      mutableChild(previous).pointee.fundNext = next
    }
    if next == 0 {
      fund.pointee.lastWorking = previous
    } else {
      mutableChild(next).pointee.fundPrevious = previous
    }
    record.pointee.fundPrevious = 0
    record.pointee.fundNext = 0
  }

  // MARK: Facts about an order

  public mutating func setState(order number: UInt32, _ state: OrderState) {
    mutableOrder(number).pointee.state = state
  }
  public mutating func setCancelRequested(order number: UInt32) {
    mutableOrder(number).pointee.cancelRequested = true
  }
  public mutating func setConfirmed(order number: UInt32) {
    mutableOrder(number).pointee.isConfirmed = true
  }
  public mutating func setRefusal(order number: UInt32, _ refusal: Refusal) {
    mutableOrder(number).pointee.refusal = refusal
  }
  public mutating func setCancelRequested(child number: UInt32, by requestID: ClOrdID) {
    let child = mutableChild(number)
    child.pointee.cancelRequested = true
    child.pointee.cancelRequestID = requestID
  }
  public mutating func clearCancelRequested(order number: UInt32) {
    mutableOrder(number).pointee.cancelRequested = false
  }
  /// The counter refused the cancel: the child works on.
  public mutating func clearCancelRequested(child number: UInt32) {
    let child = mutableChild(number)
    child.pointee.cancelRequested = false
    child.pointee.cancelRequestID = ClOrdID()
    child.pointee.cancelEpoch = 0
  }
  public mutating func setCancelSent(child number: UInt32) {
    let child = mutableChild(number)
    child.pointee.cancelEpoch = cancelEpoch(of: child.pointee.fundAccount)
  }
  /// Whether the child's cancel was sent over the link that its fund account has now.
  public func isCancelSent(child number: UInt32) -> Bool {
    let child = child(number)
    return child.pointee.cancelEpoch == cancelEpoch(of: child.pointee.fundAccount)
  }
  private func cancelEpoch(of fundAccount: FundAccountID) -> UInt32 {
    UInt32(truncatingIfNeeded: self.fundAccount(fundAccount).pointee.epoch)
  }
  public mutating func setWorking(child number: UInt32, venueOrderID: VenueID) {
    let child = mutableChild(number)
    if child.pointee.state == .sent { child.pointee.state = .working }
    if !venueOrderID.isEmpty { child.pointee.venueOrderID = venueOrderID }
  }
  /// The fate of a child becomes doubtful or clear again; its parent counts the lots.
  public mutating func setDoubtful(child number: UInt32, _ isDoubtful: Bool) {
    let child = mutableChild(number)
    guard child.pointee.isDoubtful != isDoubtful else { return }
    child.pointee.isDoubtful = isDoubtful
    mutableOrder(child.pointee.parent).pointee.unknownLots +=
      isDoubtful ? child.pointee.heldLots : -child.pointee.heldLots
  }

  // MARK: Tallies

  /// Numbers an account's next report.
  public mutating func nextReportSequence(_ account: OperationAccountID) -> UInt64 {
    let record = accounts.at(account.raw)
    record.pointee.reportSequence += 1
    return record.pointee.reportSequence
  }

  /// Counts a confirmed cancel of a terminal's (cancel-limit).
  public mutating func countCancel(_ account: OperationAccountID, _ instrument: InstrumentID) {
    let head = firstPosition(holder(of: account), instrument)
    guard head != 0 else { return }
    mutablePosition(head).pointee.cancels += 1
  }

  /// Counts an accepted order in the account's order-rate window. True when it sets the bar: it is
  /// the Nth within [t - T, t] (rules.md 3, decisions 15).
  public mutating func countForOrderRate(_ account: OperationAccountID, at time: Timestamp) -> Bool
  {
    let record = accounts.at(account.raw)
    let capacity = record.pointee.rateWindowCapacity
    guard capacity > 0, record.pointee.orderRateCount > 0,
      record.pointee.orderRateWindowMilliseconds != .min
    else { return false }
    let start = record.pointee.rateWindowStart
    rateWindow.at(Int(start + record.pointee.rateWindowHead)).pointee = time.nanoseconds
    record.pointee.rateWindowHead = (record.pointee.rateWindowHead + 1) % capacity
    if record.pointee.rateWindowCount < capacity { record.pointee.rateWindowCount += 1 }
    guard Int64(record.pointee.rateWindowCount) >= record.pointee.orderRateCount else {
      return false
    }
    // The ring holds exactly the last N accepted orders: the oldest is the next to be written.
    let oldest = rateWindow.at(Int(start + record.pointee.rateWindowHead)).pointee
    let windowNanoseconds = record.pointee.orderRateWindowMilliseconds * 1_000_000
    guard time.nanoseconds - oldest <= windowNanoseconds else { return false }
    let before = record.pointee.orderRateBarred
    record.pointee.orderRateBarred.formUnion(record.pointee.orderRateBar)
    return record.pointee.orderRateBarred != before
  }
}
