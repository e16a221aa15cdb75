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

  /// One more, or one fewer, that can still open or close on a side.
  func countWorking(_ position: UInt32, _ side: Side, _ offset: Offset, _ more: Int32) {
    let side = PositionSide(side: side, offset: offset)
    sidePointer(mutablePosition(position), side).pointee.workingOrders += more
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
  ///
  /// - Parameter liquidation: the number of the one that asks; 0 when none does.
  public mutating func setCancelRequested(
    child number: UInt32, by requestID: ClOrdID, liquidation: UInt64 = 0
  ) {
    let child = mutableChild(number)
    child.pointee.cancelRequested = true
    child.pointee.cancelRequestID = requestID
    child.pointee.cancelledBy = liquidation
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
    child.pointee.cancelledBy = 0
    if child.pointee.state != .waiting { stopWaiting(number) }
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
    countCancel(holder(of: account), instrument)
  }

  /// Counts a child's cancel that its counter confirmed (fund-cancel-quota).
  public mutating func countCancel(_ fundAccount: FundAccountID, _ instrument: InstrumentID) {
    countCancel(holder(of: fundAccount), instrument)
  }

  private func countCancel(_ holder: HolderID, _ instrument: InstrumentID) {
    let head = firstPosition(holder, instrument)
    guard head != 0 else { return }
    mutablePosition(head).pointee.cancels += 1
  }
}
