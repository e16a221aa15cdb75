import Domain
import Storage

// The liquidations of operation accounts: one an account at a time. The engine drives them.
extension Ledger {
  public func liquidation(_ account: OperationAccountID) -> UnsafePointer<LiquidationRecord> {
    UnsafePointer(liquidations.at(account.raw))
  }

  /// Where an account's liquidation stands; `.unknown` = it has none.
  @inline(__always)
  public func liquidationPhase(_ account: OperationAccountID) -> LiquidationPhase {
    lineRecords.at(account.raw).pointee.liquidation
  }

  public mutating func setLiquidationPhase(
    _ account: OperationAccountID, _ phase: LiquidationPhase
  ) {
    lineRecords.at(account.raw).pointee.liquidation = phase
  }

  /// Counts a new liquidation and gives the account's record its number.
  public mutating func numberLiquidation(_ account: OperationAccountID) {
    liquidationCount += 1
    liquidations.at(account.raw).pointee.number = liquidationCount
  }

  public mutating func changeLiquidation(
    _ account: OperationAccountID, _ change: (UnsafeMutablePointer<LiquidationRecord>) -> Void
  ) {
    change(liquidations.at(account.raw))
  }

  // MARK: When to look

  /// The account whose liquidation is to be looked at first, and when; nil when none is.
  public var firstLiquidationLook: Timestamp? {
    liquidationLooks.firstTime.map { Timestamp(nanoseconds: $0) }
  }

  public mutating func lookAtLiquidation(_ account: OperationAccountID, at time: Timestamp) {
    liquidationLooks.set(account.raw, at: time.nanoseconds)
  }

  /// The same, unless it is looked at before already.
  public mutating func lookAtLiquidation(_ account: OperationAccountID, notAfter time: Timestamp) {
    if let known = liquidationLooks.time(of: account.raw), known <= time.nanoseconds { return }
    liquidationLooks.set(account.raw, at: time.nanoseconds)
  }

  public mutating func forgetLiquidationLook(_ account: OperationAccountID) {
    liquidationLooks.remove(account.raw)
  }

  /// An account whose look is due by now, the one that waits longest first; nil when there is none.
  public mutating func takeLiquidationLook(dueBy now: Timestamp) -> OperationAccountID? {
    guard let first = liquidationLooks.firstTime, first <= now.nanoseconds else { return nil }
    let account = OperationAccountID(liquidationLooks.firstNumber)
    liquidationLooks.remove(account.raw)
    return account
  }

  func hashLiquidations(into hasher: inout StateHasher) {
    hasher.combine(liquidations, count: accountCount)
    hasher.combine(liquidationCount)
    for number in 0..<UInt32(accountCount) {
      hasher.combine(liquidationLooks.time(of: number) ?? .max)
    }
  }
}
