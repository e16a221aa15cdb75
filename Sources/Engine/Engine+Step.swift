import Domain
import Ledger
import MarketData
import Messages

extension Engine {
  /// Applies one command and appends what is to be done about it. The buffer comes empty.
  ///
  /// Commands are numbered from 1 without gaps and their times never go back: the sequencer's
  /// promise, and a fault of the journal when broken.
  public mutating func step(_ stamped: Stamped, into effects: inout EffectBuffer) {
    precondition(stamped.sequence == sequence + 1, "commands come in order, without gaps")
    precondition(stamped.time >= now, "a command's time is not before the last one's")
    effects.removeAll()
    sequence = stamped.sequence
    now = stamped.time
    #if MUTATION_TIMER_LATE
      apply(stamped.command, &effects)
      fireTimers(&effects)
    #else
      fireTimers(&effects)
      apply(stamped.command, &effects)
    #endif
    queueTouched()
  }

  private mutating func apply(_ command: Command, _ effects: inout EffectBuffer) {
    switch command {
    case .newOrder(let order): newOrder(order, &effects)
    case .cancelOrder(let cancel): cancelOrder(cancel, &effects)
    case .massCancel(let cancel): massCancel(cancel, &effects)
    case .logon(let logon): self.logon(logon, &effects)
    case .sessionClosed(let closed): sessionClosed(closed, &effects)

    case .childReport(let report): childReport(report, &effects)
    case .counterTrade(let trade): counterTrade(trade, &effects)
    case .counterLinkUp(let up): linkUp(up, &effects)
    case .counterResynced(let done): resynced(done, &effects)
    case .counterLinkDown(let down): linkDown(down, &effects)
    case .counterFunds(let funds): counterFunds(funds, &effects)

    case .tick(let tick): self.tick(tick, &effects)
    case .instrumentStatus(let status):
      if market.exists(status.instrument) { market.setStatus(status.instrument, status.phase) }
    case .dayReference(let reference): dayReference(reference, &effects)
    case .settlementPrice(let settlement): settlementPrice(settlement, &effects)

    case .timeReached: break
    case .continueWork: continueWork(&effects)
    case .daySwitch(let day): daySwitch(day, &effects)
    case .clockJumped(let jump): clockJumped(jump, &effects)
    case .confirmClock: clockJump = 0

    default: configure(command, &effects)
    }
  }

  /// Does up to one step's units of the work that waits: marks first, for decisions read them.
  mutating func continueWork(_ effects: inout EffectBuffer) {
    var units = Engine.unitsPerStep
    drainMarks(&units, &effects)
    while units > 0, !work.isEmpty, effects.hasRoom(for: 512) {
      if advance(work.first, &units, &effects) { work.pop() }
    }
    if units > 0, work.isEmpty { advanceDay(&units, &effects) }
  }

  /// Does as much of a task as the units allow; true when it is done.
  mutating func advance(
    _ item: UnsafeMutablePointer<WorkItem>, _ units: inout Int, _ effects: inout EffectBuffer
  ) -> Bool {
    switch item.pointee.kind {
    case .massCancel: return massCancelSlice(item, &units, &effects)
    case .linkDown: return linkDownSlice(item, &units, &effects)
    case .askFates: return askFatesSlice(item, &units, &effects)
    case .resynced: return resyncedSlice(item, &units, &effects)
    case .expireOrders: return expireSlice(item, &units, &effects)
    case .remargin: return remarginSlice(item, &units, &effects)
    case .disconnected: return disconnectedSlice(item, &units, &effects)
    case .watch: return watchSlice(item, &units, &effects)
    case .countScheme: return countSchemeSlice(item, &units)
    case .watchSchemes: return watchSchemesSlice(item, &units, &effects)
    case .kill: return killSlice(item, &units, &effects)
    case .flatten: return flattenSlice(item, &units, &effects)
    case .liquidate: return liquidateSlice(&units, &effects)
    case .sweepLiquidations: return sweepSlice(&units, &effects)
    case .windows: return windowsSlice(item, &units, &effects)
    case .remarginAll: return remarginAllSlice(item, &units, &effects)
    case .liquidateProduct: return liquidateProductSlice(item, &units, &effects)
    case .sendMessages: return sendMessagesSlice(&units, &effects)
    case .accrueFees: return accrueFeesSlice(item, &units, &effects)
    case .tellBudgets: return tellBudgetsSlice(item, &units, &effects)
    }
  }

  /// Goes on with what a command has queued while nothing waited, as far as a step's units go.
  mutating func beginWork(_ effects: inout EffectBuffer) {
    var units = Engine.unitsPerStep
    while units > 0, !work.isEmpty, effects.hasRoom(for: 512) {
      if advance(work.first, &units, &effects) { work.pop() }
    }
  }

  /// Queues a task and does its first slice at once: decisions act at once, the rest follows.
  mutating func start(_ item: WorkItem, _ effects: inout EffectBuffer) {
    let isAlone = work.isEmpty
    work.push(item)
    guard isAlone else { return }
    var units = Engine.unitsPerStep
    if advance(work.first, &units, &effects) { work.pop() }
  }

  mutating func clockJumped(_ jump: ClockJumped, _ effects: inout EffectBuffer) {
    let isForward = jump.nanoseconds > 0
    notice(
      isForward ? .clockForward : .clockBack, &effects, scope: .platform,
      observed: jump.nanoseconds, limit: platform.clockForwardSeconds)
    guard isForward, platform.clockForwardSeconds != .min,
      jump.nanoseconds / Timestamp.nanosecondsPerSecond >= platform.clockForwardSeconds
    else { return }
    clockJump = jump.nanoseconds
  }

  // MARK: Timers

  /// The moment the engine wants a `timeReached`, if nothing else comes before; `.never` = none.
  public var nextDeadline: Timestamp {
    min(
      min(nextAnswerDeadline, nextGraceEnd), min(nextLiquidationLook, nextMessage), nightChange,
      isReady ? min(min(dirty.due, windowsDue), bandsDue) : .never)
  }

  private var nextAnswerDeadline: Timestamp {
    guard platform.childAnswerSeconds != .min else { return .never }
    var first = Timestamp.never
    if Int(answerCursor) <= ledger.childCount { first = answerDue(answerCursor) }
    if ledger.firstUnansweredLeft != 0 {
      first = min(first, answerDue(ledger.firstUnansweredLeft))
    }
    return first
  }

  private func answerDue(_ child: UInt32) -> Timestamp {
    ledger.child(child).pointee.sentAt.adding(seconds: platform.childAnswerSeconds)
  }

  mutating func fireTimers(_ effects: inout EffectBuffer) {
    reportUnanswered(&effects)
    queueDisconnected()
    followNight()
    followBands()
    queueDirty()
    queueLiquidations()
    queueMessages()
    queueWindows()
  }

  /// Children that left at once were sent in the order of their numbers, the others stand in the
  /// order they left; all have equally long to be answered, so the oldest of each is the next.
  private mutating func reportUnanswered(_ effects: inout EffectBuffer) {
    guard platform.childAnswerSeconds != .min else { return }
    var budget = Engine.unitsPerStep
    while budget > 0, Int(answerCursor) <= ledger.childCount {
      if !ledger.child(answerCursor).pointee.hasWaited {
        guard isLookedAfter(answerCursor, &effects) else { break }
      }
      answerCursor += 1
      budget -= 1
    }
    while budget > 0, ledger.firstUnansweredLeft != 0,
      isLookedAfter(ledger.firstUnansweredLeft, &effects)
    {
      ledger.passFirstLeft()
      budget -= 1
    }
  }

  /// Says so of a child that should have been answered by now; false while it still has time.
  private mutating func isLookedAfter(_ number: UInt32, _ effects: inout EffectBuffer) -> Bool {
    let child = ledger.child(number)
    guard child.pointee.state == .sent else { return true }
    guard answerDue(number) <= now else { return false }
    notice(
      .childUnanswered, &effects, scope: .fundAccount,
      scopeID: child.pointee.fundAccount.raw, order: child.pointee.id,
      observed: now.nanoseconds - child.pointee.sentAt.nanoseconds,
      limit: platform.childAnswerSeconds)
    return true
  }
}
