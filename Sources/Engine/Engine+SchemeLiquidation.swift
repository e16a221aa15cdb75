import Domain
import Ledger
import Messages

// A scheme's second level, or the liquidation line of the net value, has the accounts of its
// product liquidated where the product says so (rules.md 5): when it is reached, once until it is
// released.
extension Engine {
  /// Whether second levels of a product liquidate.
  func liquidates(_ product: ProductID) -> Bool {
    switch ledger.schemes.product(product).pointee.liquidation {
    case .no: false
    case .yes: true
    case .followGlobal: platform.schemeLiquidation == 1
    }
  }

  /// Whether a second level of a product's clauses is passed, or a liquidation line reached.
  func isLevelTwoReached(_ product: ProductID) -> Bool {
    let record = ledger.schemes.product(product)
    return record.pointee.firstBarring != 0
      || record.pointee.reachedLines & Self.liquidationLines != 0
  }

  private static var liquidationLines: UInt8 {
    1 << UInt8(SchemeProduct.place(.current, .liquidation))
      | 1 << UInt8(SchemeProduct.place(.priorDay, .liquidation))
  }

  /// A second level was reached: the product's accounts are gone through.
  mutating func liquidateProduct(_ product: ProductID, by rule: RuleID) {
    guard liquidates(product) else { return }
    work.push(
      WorkItem(
        kind: .liquidateProduct, side: .unknown, subject: product.raw, instrument: .none,
        cursor: 0, bound: UInt32(rule.rawValue), holders: Ledger.HolderCursor(chunk: 0, offset: 0)))
  }

  /// The same for a level that is reached already, when a setting begins to say so.
  mutating func liquidateIfReached(_ product: ProductID) {
    let record = ledger.schemes.product(product)
    guard record.pointee.firstBarring != 0 else {
      if isLevelTwoReached(product) { liquidateProduct(product, by: .netValueLiquidation) }
      return
    }
    let (number, clause) = Schemes.meaning(ofState: record.pointee.firstBarring)
    let binding = ledger.schemes.binding(product, number)
    let place = Schemes.clauseNumber(binding.pointee.scheme, clause)
    liquidateProduct(product, by: ledger.schemes.clause(place).pointee.kind.rule)
  }

  mutating func setSchemeLiquidation(_ value: Int64) {
    let before = platform.schemeLiquidation
    platform.schemeLiquidation = value
    guard value == 1, before != 1 else { return }
    for index in 0..<ledger.productCount {
      let product = ProductID(UInt32(index))
      if ledger.schemes.product(product).pointee.liquidation == .followGlobal {
        liquidateIfReached(product)
      }
    }
  }

  mutating func liquidateProductSlice(
    _ item: UnsafeMutablePointer<WorkItem>, _ units: inout Int, _ effects: inout EffectBuffer
  ) -> Bool {
    let product = ProductID(item.pointee.subject)
    let rule = RuleID(rawValue: UInt16(truncatingIfNeeded: item.pointee.bound)) ?? RuleID.none
    let extent = ledger.schemes.product(product).pointee.liquidationExtent
    while item.pointee.cursor < UInt32(ledger.accountCount) {
      guard units > 0, effects.hasRoom(for: 32) else { return false }
      units -= 1
      let account = OperationAccountID(item.pointee.cursor)
      item.pointee.cursor += 1
      guard ledger.account(account).pointee.product == product, hasSomething(account),
        !isLiquidatedByProduct(account)
      else { continue }
      // A controller's goes on as it is: it is the stronger one.
      _ = begin(
        LiquidationOrigin(
          owner: .product, who: Name(), extent: extent == .unknown ? .all : extent,
          scope: LiquidationScope(), rule: rule, level: .liquidate), account, &effects)
    }
    return true
  }

  /// Its product has the account closed already: another level of it adds nothing.
  private func isLiquidatedByProduct(_ account: OperationAccountID) -> Bool {
    let phase = ledger.liquidationPhase(account)
    return (phase == .cancelling || phase == .closing)
      && ledger.liquidation(account).pointee.owner == .product
  }

  /// Whether the account's liquidation has to wait for the newest word of its product's clauses: a
  /// round that is over is judged by what it brought. They are looked at within a moment, so that
  /// is how long it waits, however often the product is disturbed meanwhile; then it is looked at
  /// anew.
  mutating func awaitsSchemes(_ account: OperationAccountID) -> Bool {
    let record = ledger.liquidation(account)
    guard record.pointee.owner == .product, record.pointee.extent == .toLine else { return false }
    let product = ledger.account(account).pointee.product
    let isInProgress = work.holds(.watchSchemes, product.raw)
    var until = record.pointee.awaits
    if until.nanoseconds == 0 {
      guard isInProgress || isLookPending(product) else { return false }
      until = now.adding(nanoseconds: SchemeLimits.watchMilliseconds * 1_000_000)
      ledger.changeLiquidation(account) { $0.pointee.awaits = until }
    } else if until <= now, !isInProgress {
      ledger.changeLiquidation(account) { $0.pointee.awaits = Timestamp(nanoseconds: 0) }
      return false
    }
    // Never at once: what it waits for is behind it in the work queue.
    ledger.lookAtLiquidation(
      account, notAfter: max(until, now.adding(nanoseconds: 1_000_000)))
    return true
  }
}
