import Domain
import Ledger
import Messages

// A scheme's second level, or the liquidation line of the net value, has the accounts of its
// product, or the account that it is bound to, liquidated where that is said (rules.md 5): when it
// is reached, once until it is released.
extension Engine {
  /// Whether second levels of a subject liquidate.
  func liquidates(_ subject: SchemeSubject) -> Bool {
    switch ledger.schemes.subject(subject).pointee.liquidation {
    case .no: false
    case .yes: true
    case .followGlobal: platform.schemeLiquidation == 1
    }
  }

  /// Whether a second level of a subject's clauses is passed, or a liquidation line reached.
  func isLevelTwoReached(_ subject: SchemeSubject) -> Bool {
    let record = ledger.schemes.subject(subject)
    return record.pointee.firstBarring != 0
      || record.pointee.reachedLines & Self.liquidationLines != 0
  }

  private static var liquidationLines: UInt8 {
    1 << UInt8(SchemeSubjectRecord.place(.current, .liquidation))
      | 1 << UInt8(SchemeSubjectRecord.place(.priorDay, .liquidation))
  }

  /// A second level was reached: the product's accounts are gone through, or the account is begun
  /// with.
  mutating func liquidate(_ subject: SchemeSubject, by rule: RuleID) {
    guard liquidates(subject) else { return }
    work.push(
      WorkItem(
        kind: .liquidateProduct, side: .unknown, subject: subject.raw, instrument: .none,
        cursor: 0, bound: UInt32(rule.rawValue), holders: Ledger.HolderCursor(chunk: 0, offset: 0)))
  }

  /// The same for a level that is reached already, when a setting begins to say so.
  mutating func liquidateIfReached(_ subject: SchemeSubject) {
    let record = ledger.schemes.subject(subject)
    guard record.pointee.firstBarring != 0 else {
      if isLevelTwoReached(subject) { liquidate(subject, by: .netValueLiquidation) }
      return
    }
    let (number, clause) = Schemes.meaning(ofState: record.pointee.firstBarring)
    let binding = ledger.schemes.binding(subject, number)
    let place = Schemes.clauseNumber(binding.pointee.scheme, clause)
    liquidate(subject, by: ledger.schemes.clause(place).pointee.kind.rule)
  }

  mutating func setSchemeLiquidation(_ value: Int64) {
    let before = platform.schemeLiquidation
    platform.schemeLiquidation = value
    guard value == 1, before != 1 else { return }
    for place in 0..<ledger.subjectCount {
      let subject = ledger.subject(at: place)
      if ledger.schemes.subject(subject).pointee.liquidation == .followGlobal {
        liquidateIfReached(subject)
      }
    }
  }

  mutating func liquidateProductSlice(
    _ item: UnsafeMutablePointer<WorkItem>, _ units: inout Int, _ effects: inout EffectBuffer
  ) -> Bool {
    let subject = SchemeSubject(item.pointee.subject)
    let rule = RuleID(rawValue: UInt16(truncatingIfNeeded: item.pointee.bound)) ?? RuleID.none
    let extent = ledger.schemes.subject(subject).pointee.liquidationExtent
    if let account = ledger.schemes.account(subject) {
      guard effects.hasRoom(for: 32) else { return false }
      units -= 1
      beginByScheme(account, .account, extent, rule, &effects)
      return true
    }
    while item.pointee.cursor < UInt32(ledger.accountCount) {
      guard units > 0, effects.hasRoom(for: 32) else { return false }
      units -= 1
      let account = OperationAccountID(item.pointee.cursor)
      item.pointee.cursor += 1
      guard SchemeSubject(ledger.account(account).pointee.product) == subject else { continue }
      beginByScheme(account, .product, extent, rule, &effects)
    }
    return true
  }

  /// A controller's goes on as it is: it is the stronger one. So does one by a scheme of the same
  /// owner: another level adds nothing to it.
  private mutating func beginByScheme(
    _ account: OperationAccountID, _ owner: LiquidationOwner, _ extent: LiquidationExtent,
    _ rule: RuleID, _ effects: inout EffectBuffer
  ) {
    let phase = ledger.liquidationPhase(account)
    let runs = phase == .cancelling || phase == .closing
    let known = ledger.liquidation(account)
    guard hasSomething(account), !ledger.account(account).pointee.product.isNone,
      !runs || known.pointee.owner != owner || !isByScheme(known)
    else { return }
    _ = begin(
      LiquidationOrigin(
        owner: owner, who: Name(), extent: extent == .unknown ? .all : extent,
        scope: LiquidationScope(), rule: rule, level: .liquidate), account, &effects)
  }

  private func isByScheme(_ record: UnsafePointer<LiquidationRecord>) -> Bool {
    record.pointee.owner == .product
      || record.pointee.owner == .account && record.pointee.rule.isScheme
  }

  /// Whose scheme an account's liquidation was begun by; `.none` = by none.
  func schemeSubject(ofLiquidation account: OperationAccountID) -> SchemeSubject {
    let record = ledger.liquidation(account)
    guard isByScheme(record) else { return .none }
    return record.pointee.owner == .account
      ? ledger.ownSubject(account) : SchemeSubject(ledger.account(account).pointee.product)
  }

  private static let queuedLook = Timestamp(nanoseconds: 1)

  /// Whether the account's liquidation has to wait for the newest word of the clauses that began
  /// it: a round that is over is judged by what it brought. They are looked at within a moment, so
  /// that is how long it waits, however often their subject is disturbed meanwhile; then it is
  /// looked at anew.
  mutating func awaitsSchemes(_ account: OperationAccountID) -> Bool {
    let record = ledger.liquidation(account)
    let subject = schemeSubject(ofLiquidation: account)
    guard !subject.isNone, record.pointee.extent == .toLine else { return false }
    let isInProgress = work.holds(.watchSchemes, subject.raw)
    var until = record.pointee.awaits
    if until.nanoseconds == 0 {
      guard isInProgress || isLookPending(subject) else { return false }
      until = now.adding(nanoseconds: SchemeLimits.watchMilliseconds * 1_000_000)
      ledger.changeLiquidation(account) { $0.pointee.awaits = until }
    } else if until <= now {
      guard isInProgress, until != Self.queuedLook else {
        ledger.changeLiquidation(account) { $0.pointee.awaits = Timestamp(nanoseconds: 0) }
        return false
      }
      // The look that is in the queue by then is waited for, and none behind it.
      until = Self.queuedLook
      ledger.changeLiquidation(account) { $0.pointee.awaits = until }
    }
    // Never at once: what it waits for is behind it in the work queue.
    ledger.lookAtLiquidation(
      account, notAfter: max(until, now.adding(nanoseconds: 1_000_000)))
    return true
  }
}
