import Domain
import Storage

// Windows before closes: what is set for operation accounts, and the lists by which a holder's
// commodities and positions are found.
extension Ledger {
  /// Most positions of an account that its overnight line looks at; with more it refuses opening
  /// and reduces nothing.
  public static let windowPositionsMaximum = 256

  public func window(_ account: OperationAccountID) -> UnsafePointer<WindowRecord> {
    UnsafePointer(windowRecords.at(account.raw))
  }

  // MARK: Settings

  public mutating func setOvernight(
    _ account: OperationAccountID, _ measure: OvernightMeasure, limit: Int64, basis: LineBasis,
    excess: OvernightExcess
  ) {
    change(account) { record in
      record.pointee.measure = measure
      record.pointee.limit = max(limit, 0)
      record.pointee.basis = basis
      record.pointee.excess = excess
      // What another line had done says nothing of this one.
      record.pointee.overnightAnswered = Timestamp(nanoseconds: 0)
      record.pointee.told = 0
    }
  }

  public mutating func setSessionFlat(
    _ account: OperationAccountID, _ close: SessionClose, _ action: SessionFlatAction,
    everything: Bool
  ) {
    change(account) { record in
      record.pointee.flat[close.index] = action
      let bit = WindowRecord.bit(close)
      if everything {
        record.pointee.flatEverything |= bit
      } else {
        record.pointee.flatEverything &= ~bit
      }
      record.pointee.flatAnswered = Timestamp(nanoseconds: 0)
    }
  }

  /// Puts a commodity into the list of a close, or takes it out; false when there is no room.
  public mutating func setSessionFlat(
    _ account: OperationAccountID, _ close: SessionClose, _ commodity: CommodityID, isIn: Bool
  ) -> Bool {
    let bit = WindowRecord.bit(close)
    guard
      changeFigures(
        holder(of: account), commodity,
        { figures in
          if isIn {
            figures.pointee.flatCloses |= bit
          } else {
            figures.pointee.flatCloses &= ~bit
          }
        })
    else { return false }
    change(account) { $0.pointee.flatAnswered = Timestamp(nanoseconds: 0) }
    return true
  }

  public mutating func setCountsNight(_ account: OperationAccountID, _ counts: Bool) {
    change(account) { $0.pointee.countsNightClose = counts }
  }

  private mutating func change(
    _ account: OperationAccountID, _ change: (UnsafeMutablePointer<WindowRecord>) -> Void
  ) {
    let record = windowRecords.at(account.raw)
    change(record)
    let lines = lineRecords.at(account.raw)
    var has = record.pointee.isOvernightSet
    for place in 0..<3 where record.pointee.flat[place] != .unknown { has = true }
    if has != lines.pointee.hasWindows { windowAccounts += has ? 1 : -1 }
    lines.pointee.hasWindows = has
  }

  // MARK: What has come of them

  /// Before which close the account's liquidation runs.
  public mutating func setWindowClose(_ account: OperationAccountID, _ close: SessionClose) {
    windowRecords.at(account.raw).pointee.close = close
  }

  /// Sessions that end by then have had their liquidation.
  public mutating func answerWindow(
    _ account: OperationAccountID, _ rule: RuleID, _ end: Timestamp
  ) {
    let record = windowRecords.at(account.raw)
    if rule == .sessionFlat {
      record.pointee.flatAnswered = end
    } else {
      record.pointee.overnightAnswered = end
    }
  }

  /// Notes that the account is told of; false when it was already.
  public mutating func tellWindow(
    _ account: OperationAccountID, _ close: SessionClose
  ) -> Bool {
    let record = windowRecords.at(account.raw)
    let bit = WindowRecord.bit(close)
    guard record.pointee.told & bit == 0 else { return false }
    record.pointee.told |= bit
    return true
  }

  func rollWindows(slot: Int) {
    windowRecords.at(slot).pointee.told = 0
  }

  /// Whether session-flat of an account means a commodity before a close.
  public func isFlat(
    _ account: OperationAccountID, _ close: SessionClose, _ commodity: CommodityID
  ) -> Bool {
    let record = window(account)
    let bit = WindowRecord.bit(close)
    guard record.pointee.action(close) != .unknown else { return false }
    if record.pointee.flatEverything & bit != 0 { return true }
    let number = figuresNumber(holder(of: account), commodity)
    return number != 0 && figures(number).pointee.flatCloses & bit != 0
  }

  // MARK: Lists

  /// Puts a position into the list of its figures.
  mutating func link(_ number: UInt32) {
    let record = mutablePosition(number)
    let figures = mutableFigures(record.pointee.figures)
    record.pointee.isLinked = true
    record.pointee.previousOfCommodity = 0
    record.pointee.nextOfCommodity = figures.pointee.firstPosition
    if figures.pointee.firstPosition != 0 {
      mutablePosition(figures.pointee.firstPosition).pointee.previousOfCommodity = number
    }
    figures.pointee.firstPosition = number
  }

  /// With the day switch: what nothing is held in is in the list again with the next order.
  func unlinkIfEmpty(_ number: UInt32) {
    let record = mutablePosition(number)
    guard record.pointee.isLinked, record.pointee.long.held == 0, record.pointee.short.held == 0,
      record.pointee.long.workingOrders == 0, record.pointee.short.workingOrders == 0
    else { return }
    let (next, previous) = (record.pointee.nextOfCommodity, record.pointee.previousOfCommodity)
    if previous != 0 {
      mutablePosition(previous).pointee.nextOfCommodity = next
    } else {
      mutableFigures(record.pointee.figures).pointee.firstPosition = next
    }
    if next != 0 { mutablePosition(next).pointee.previousOfCommodity = previous }
    record.pointee.isLinked = false
    record.pointee.nextOfCommodity = 0
    record.pointee.previousOfCommodity = 0
  }

  /// Their order is the order in which a reduction closes them.
  func hashPositions(
    of figures: UnsafeMutablePointer<CommodityFigures>, into hasher: inout StateHasher
  ) {
    var number = figures.pointee.firstPosition
    while number != 0 {
      hasher.combine(UInt64(number))
      number = position(number).pointee.nextOfCommodity
    }
    hasher.combine(UInt64(figures.pointee.nextOfHolder))
  }
}
