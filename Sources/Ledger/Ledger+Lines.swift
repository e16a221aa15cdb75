import Domain
import Storage

// The lines of operation accounts: what they are set to, where accounts stand. RiskRules judges
// them, the engine watches.
extension Ledger {
  public func lines(_ account: OperationAccountID) -> UnsafePointer<LineRecord> {
    UnsafePointer(lineRecords.at(account.raw))
  }

  /// The lines of an account that was just defined.
  static func unset(_ record: UnsafeMutablePointer<LineRecord>) {
    for line in AccountLine.allCases { record.pointee[line] = LinePair() }
    record.pointee.dailyLossBasis = .openingEquity
    record.pointee.totalLossBasis = .allowedLoss
    record.pointee.positionMarginBasis = .equity
    record.pointee.riskMode = .equityOverMargin
    record.pointee.lastOpening = .none
  }

  /// Sets a line of an account. daily-loss is released when its line changes, and watched anew;
  /// drawdown begins at what the account is worth now; risk-degree waits for the mode of the next
  /// trading day when it is meant for it.
  public mutating func setLine(
    _ account: OperationAccountID, _ line: AccountLine, _ pair: LinePair, basis: LineBasis,
    mode: RiskDegreeMode
  ) {
    let record = lineRecords.at(account.raw)
    let old = record.pointee[line]
    if line != .riskDegree { record.pointee[line] = pair }
    switch line {
    case .riskDegree: setRiskDegree(account, pair, mode)
    case .dailyLoss:
      if old.warn != pair.warn { record.pointee.latched.set(line, .warn, false) }
      if old.liquidate != pair.liquidate { record.pointee.latched.set(line, .liquidate, false) }
    case .dailyLossRatio: record.pointee.dailyLossBasis = basis
    case .totalLossRatio: record.pointee.totalLossBasis = basis
    case .positionMarginRatio: record.pointee.positionMarginBasis = basis
    case .drawdown:
      if old.isUnset { record.pointee.highEquity = holders.at(account.raw).pointee.equity }
    }
    disturb(holder(of: account))
  }

  // MARK: Modes of risk-degree

  /// While another mode is to come, what is meant for it waits, and what is set for today stays;
  /// so does a line that is taken away, for whoever takes it away speaks of what is to come.
  private mutating func setRiskDegree(
    _ account: OperationAccountID, _ pair: LinePair, _ mode: RiskDegreeMode
  ) {
    // Between the slices of a day switch the account may not have been reached yet.
    beginRiskDegree(slot: account.index)
    let (now, next) = (platformLines.mode, platformLines.nextMode)
    let later = laterRiskDegree.at(account.raw)
    guard now == next || mode != next && !pair.isUnset else {
      later.pointee = LaterRiskDegree(pair, for: next, since: platformLines.dayTurns)
      return
    }
    later.pointee = LaterRiskDegree()
    let record = lineRecords.at(account.raw)
    record.pointee.riskDegree = pair
    record.pointee.riskMode = mode
  }

  /// A day switch was asked for: the mode that was to come holds. Lines that wait for it hold as
  /// their accounts' day is closed, before anybody looks at lines again.
  public mutating func beginRiskMode() {
    platformLines.mode = platformLines.nextMode
    platformLines.dayTurns &+= 1
  }

  /// What waits holds now, when its mode does; who was to have no lines any more has none from the
  /// next day on, whatever its mode is.
  func beginRiskDegree(slot: Int) {
    let later = laterRiskDegree.at(slot)
    let waiting = later.pointee
    guard waiting.mode != .unknown,
      waiting.mode == platformLines.mode
        || waiting.pair.isUnset && waiting.dayTurns != platformLines.dayTurns
    else { return }
    let record = lineRecords.at(slot)
    record.pointee.riskDegree = waiting.pair
    record.pointee.riskMode = waiting.mode
    later.pointee = LaterRiskDegree()
  }

  /// Sets what drawdown falls from by hand; false when the line is not set, or the account is worth
  /// more already.
  public mutating func setHighEquity(_ account: OperationAccountID, _ high: Money) -> Bool {
    let record = lineRecords.at(account.raw)
    guard !record.pointee.drawdown.isUnset, high >= holders.at(account.raw).pointee.equity else {
      return false
    }
    record.pointee.highEquity = high
    disturb(holder(of: account))
    return true
  }

  public mutating func changePlatformLines(_ change: (inout PlatformLines) -> Void) {
    change(&platformLines)
  }

  public mutating func setLineAction(
    _ line: AccountLine, _ level: LineLevel, _ action: LineAction
  ) {
    platformLines.set(line, level, action)
  }

  // MARK: Watching

  /// Something else than its position profit changed: the holder is no longer known to be quiet.
  @inline(__always) func disturb(_ holder: HolderID) {
    let record = holders.at(holder.raw)
    record.pointee.quietFrom = .max
    record.pointee.quietTo = .min
  }

  /// The account's lines are looked at again when they are watched next.
  public mutating func disturbLines(of account: OperationAccountID) {
    disturb(holder(of: account))
  }

  /// Between these position profits, both ends in, nothing is reached that is not, and nothing
  /// released, as long as nothing else changes.
  public mutating func setQuiet(_ account: OperationAccountID, _ profits: ClosedRange<Int64>) {
    let record = holders.at(account.raw)
    record.pointee.quietFrom = profits.lowerBound
    record.pointee.quietTo = profits.upperBound
  }

  /// Raises what drawdown falls from to what the account is worth now.
  public mutating func raiseHighEquity(_ account: OperationAccountID) {
    let record = lineRecords.at(account.raw)
    guard !record.pointee.drawdown.isUnset else { return }
    record.pointee.highEquity = max(
      record.pointee.highEquity, holders.at(account.raw).pointee.equity)
  }

  public mutating func setReached(
    _ account: OperationAccountID, _ reached: LineMask, latched: LineMask
  ) {
    let record = lineRecords.at(account.raw)
    record.pointee.reached = reached
    record.pointee.latched = latched
  }

  /// An opening order was accepted: slow-down counts from it.
  public mutating func countOpening(_ account: OperationAccountID, at time: Timestamp) {
    lineRecords.at(account.raw).pointee.lastOpening = time
  }
}
