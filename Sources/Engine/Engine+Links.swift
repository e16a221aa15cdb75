import Domain
import Ledger
import MarketData
import Messages

// A counter link's life: down makes its working children doubtful; up asks for what was missed;
// resynced makes every fate known again.
extension Engine {
  mutating func linkUp(_ up: CounterLinkUp, _ effects: inout EffectBuffer) {
    guard ledger.exists(up.fundAccount) else { return }
    let fund = ledger.fundAccount(up.fundAccount)
    // An older epoch's promise is worth nothing.
    guard up.epoch > fund.pointee.epoch else { return }
    if up.lastCounterSequence < fund.pointee.lastCounterSequence {
      notice(
        .counterSequenceGap, &effects, scope: .fundAccount, scopeID: up.fundAccount.raw,
        observed: Int64(clamping: up.lastCounterSequence),
        limit: Int64(clamping: fund.pointee.lastCounterSequence))
    }
    ledger.changeFundAccount(up.fundAccount) { record in
      record.pointee.epoch = up.epoch
      record.pointee.isLinked = true
      record.pointee.isReady = false
    }
    ledger.scheduleMessages(up.fundAccount)
    notice(
      .linkUp, &effects, scope: .fundAccount, scopeID: up.fundAccount.raw,
      observed: Int64(clamping: up.epoch))
    readRates(up.fundAccount, &effects)
    queueLinkWork(.linkDown, up.fundAccount, &effects)
    queueLinkWork(.askFates, up.fundAccount, &effects)
  }

  mutating func linkDown(_ down: CounterLinkDown, _ effects: inout EffectBuffer) {
    guard ledger.exists(down.fundAccount) else { return }
    guard ledger.fundAccount(down.fundAccount).pointee.isLinked else { return }
    ledger.changeFundAccount(down.fundAccount) { record in
      record.pointee.isLinked = false
      record.pointee.isReady = false
    }
    ledger.scheduleMessages(down.fundAccount)
    ledger.loggedOut(down.fundAccount, day: market.tradingDay)
    notice(.linkDown, &effects, scope: .fundAccount, scopeID: down.fundAccount.raw)
    queueLinkWork(.linkDown, down.fundAccount, &effects)
  }

  mutating func resynced(_ done: CounterResynced, _ effects: inout EffectBuffer) {
    guard ledger.exists(done.fundAccount) else { return }
    let fund = ledger.fundAccount(done.fundAccount)
    guard fund.pointee.isLinked, fund.pointee.epoch == done.epoch else { return }
    ledger.changeFundAccount(done.fundAccount) { $0.pointee.isReady = true }
    ledger.scheduleMessages(done.fundAccount)
    notice(.resynced, &effects, scope: .fundAccount, scopeID: done.fundAccount.raw)
    queueLinkWork(.resynced, done.fundAccount, &effects)
    // What has waited for the link leaves now, not with the next command.
    queueMessages()
  }

  mutating func counterFunds(_ funds: CounterFunds, _ effects: inout EffectBuffer) {
    // What was not told is out of range too.
    guard ledger.exists(funds.fundAccount), isCash(funds.equity), isCash(funds.available) else {
      return
    }
    let before = ledger.holder(ledger.holder(of: funds.fundAccount)).pointee.equity
    // Between two days nobody can tell whose cash it is.
    let isTold = isReady && isCash(funds.netCash)
    let difference = ledger.setCounterFunds(
      funds.fundAccount, equity: funds.equity, available: funds.available,
      netCash: isTold ? funds.netCash : .none)
    disturb(ledger.holder(of: funds.fundAccount))
    if difference.units != 0 {
      notice(
        .fundsDiffer, &effects, scope: .fundAccount, scopeID: funds.fundAccount.raw,
        observed: funds.equity.units, limit: before.units)
    }
    // Cash that went in with equity as it was leaves the prior day's with less.
    if difference.units != 0 {
      accrueFees(ledger.fundAccount(funds.fundAccount).pointee.product, &effects)
    }
  }

  private mutating func queueLinkWork(
    _ kind: WorkItem.Kind, _ id: FundAccountID, _ effects: inout EffectBuffer
  ) {
    start(
      WorkItem(
        kind: kind, side: .unknown, subject: id.raw, instrument: .none, cursor: 0,
        bound: UInt32(ledger.childCount), holders: Ledger.HolderCursor(chunk: 0, offset: 0)),
      &effects)
  }

  /// The child to go on with; children that ended meanwhile have left the list.
  private func resume(_ item: UnsafeMutablePointer<WorkItem>) -> UInt32 {
    let cursor = item.pointee.cursor
    if cursor != 0, ledger.child(cursor).pointee.heldLots > 0 { return cursor }
    return ledger.fundAccount(FundAccountID(item.pointee.subject)).pointee.firstWorking
  }

  mutating func linkDownSlice(
    _ item: UnsafeMutablePointer<WorkItem>, _ units: inout Int,
    _ effects: inout EffectBuffer
  ) -> Bool {
    var number = resume(item)
    while number != 0 {
      guard units > 0 else {
        item.pointee.cursor = number
        return false
      }
      units -= 1
      let child = ledger.child(number)
      // What waits for its turn has not left, so nobody has to wonder.
      if number <= item.pointee.bound, !child.pointee.isDoubtful,
        child.pointee.state != .waiting
      {
        #if MUTATION_UNKNOWN_REJECTED
          let next = child.pointee.fundNext
          let lots = ledger.finish(
            child: number, market.instrument(child.pointee.instrument), as: .rejected)
          endLots(of: child.pointee.parent, lots, .none, &effects, reportAs: nil)
          number = next
          continue
        #else
          ledger.setDoubtful(child: number, true)
          send(.pendingUnknown, of: child.pointee.parent, &effects)
        #endif
      }
      number = child.pointee.fundNext
    }
    return true
  }

  mutating func askFatesSlice(
    _ item: UnsafeMutablePointer<WorkItem>, _ units: inout Int,
    _ effects: inout EffectBuffer
  ) -> Bool {
    let id = FundAccountID(item.pointee.subject)
    var number = resume(item)
    while number != 0 {
      guard units > 0 else {
        item.pointee.cursor = number
        return false
      }
      units -= 1
      let child = ledger.child(number)
      if number <= item.pointee.bound, child.pointee.isDoubtful, child.pointee.state == .sent {
        effects.append(.askFate(AskFate(fundAccount: id, child: child.pointee.id)))
      }
      number = child.pointee.fundNext
    }
    effects.append(.askFate(AskFate(fundAccount: id, child: .none)))
    return true
  }

  mutating func resyncedSlice(
    _ item: UnsafeMutablePointer<WorkItem>, _ units: inout Int,
    _ effects: inout EffectBuffer
  ) -> Bool {
    let fund = ledger.fundAccount(FundAccountID(item.pointee.subject))
    guard fund.pointee.isReady else { return true }
    var number = resume(item)
    while number != 0 {
      guard units > 0 else {
        item.pointee.cursor = number
        return false
      }
      units -= 1
      let child = ledger.child(number)
      let next = child.pointee.fundNext
      // A child in state `.sent` that nobody has confirmed stays unknown.
      if number <= item.pointee.bound, child.pointee.isDoubtful, child.pointee.state != .sent {
        ledger.setDoubtful(child: number, false)
        send(.resolved, of: child.pointee.parent, &effects)
      }
      // A cancel from before may not have arrived, or waited for the link.
      if !child.pointee.isDoubtful { sendWaitingCancel(number, &effects) }
      number = next
    }
    return true
  }
}
