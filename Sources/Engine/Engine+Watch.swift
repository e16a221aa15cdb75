import Domain
import Ledger
import Messages
import RiskRules

// Accounts' lines without an order: looked at after every price, fill and movement of cash. What a
// level does is done in the same step; a notice is given when it is reached and when it no longer
// is, and none in between.
extension Engine {
  /// Looks at an account's lines, unless nothing can have changed.
  ///
  /// - Returns: how many notices that made.
  @discardableResult @inline(__always)
  mutating func watch(_ holder: HolderID, _ effects: inout EffectBuffer) -> Int {
    if ledger.holder(holder).pointee.isQuiet { return 0 }
    guard let account = ledger.operationAccount(holder) else { return 0 }
    return look(at: account, &effects)
  }

  @inline(never)
  private mutating func look(
    at account: OperationAccountID, _ effects: inout EffectBuffer
  ) -> Int {
    // Before the first day nobody trades; between two days figures are half of either.
    guard isReady else { return 0 }
    ledger.raiseHighEquity(account)
    let holder = ledger.holder(ledger.holder(of: account))
    let lines = ledger.lines(account)
    let figures = LineFigures(watching: holder, lines)
    var reached = LineWatch.reached(figures, lines, ledger.platformLines)
    var latched = lines.pointee.latched
    for level in [LineLevel.warn, .liquidate] where reached.contains(.dailyLoss, level) {
      latched.set(.dailyLoss, level, true)
    }
    reached.bits |= latched.bits
    let before = lines.pointee.reached
    if reached != before || latched != lines.pointee.latched {
      ledger.setReached(account, reached, latched: latched)
    }
    ledger.setQuiet(account, LineWatch.quiet(holder, lines, ledger.platformLines))
    var count = 0
    if reached != before {
      count = tell(account, figures, from: before, to: reached, &effects)
    }
    return count + liquidateWhereReached(account, reached, &effects)
  }

  /// Line by line, warn before liquidate.
  private mutating func tell(
    _ account: OperationAccountID, _ figures: LineFigures, from before: LineMask,
    to reached: LineMask, _ effects: inout EffectBuffer
  ) -> Int {
    var count = 0
    let lines = ledger.lines(account)
    for line in AccountLine.allCases {
      for level in [LineLevel.warn, .liquidate] {
        let isReached = reached.contains(line, level)
        guard isReached != before.contains(line, level) else { continue }
        let threshold = LineCheck.threshold(line, level, lines, ledger.platformLines)
        notice(
          isReached ? .lineReached : .lineReleased, &effects, rule: line.rule,
          scope: .operationAccount, scopeID: account.raw,
          observed: LineCheck.observed(line, figures, lines, ledger.platformLines),
          limit: LineCheck.limit(line, threshold, ledger.platformLines),
          unit: LineCheck.unit(line, ledger.platformLines), level: level,
          action: ledger.platformLines.action(line, level))
        count += 1
      }
    }
    return count
  }

  /// Looks at account after account: a day has begun, or what holds for all lines has changed.
  mutating func watchSlice(
    _ item: UnsafeMutablePointer<WorkItem>, _ units: inout Int, _ effects: inout EffectBuffer
  ) -> Bool {
    while item.pointee.subject < UInt32(ledger.accountCount) {
      guard units > 0, effects.hasRoom(for: 32) else { return false }
      let account = OperationAccountID(item.pointee.subject)
      units -= 1 + look(at: account, &effects)
      item.pointee.subject += 1
    }
    return true
  }

  mutating func watchEveryone() {
    work.push(
      WorkItem(
        kind: .watch, side: .unknown, subject: 0, instrument: .none, cursor: 0, bound: .max,
        holders: Ledger.HolderCursor(chunk: 0, offset: 0)))
  }
}
