import Domain
import Ledger
import Messages
import Settlement

// Tasks of an engine that follows history. Which slice did what is not told, and under other
// settings there are other tasks, so slices fall elsewhere: what history shows is carried out when
// it shows it, and what it does not show at the end of the gateway's turn.
extension Engine {
  /// Ends the turn before, in front of the first command of the next one.
  ///
  /// What history set going (cancels of a kill switch or a mass cancel, links that went or came)
  /// is over with the turn it was asked for in. History's queue was empty when a turn ended without
  /// `continueWork`, for every turn takes slices while there are any: then this engine's own looks
  /// are done too, which history may not have had, and no slice is left for.
  mutating func catchUp(before stamped: Stamped, _ effects: inout EffectBuffer) {
    guard hasWork, stamped.time > now, !Self.isSlice(stamped.command) else { return }
    history = .silent
    var index = 0
    while index < work.count {
      if work.item(index).pointee.kind.isAskedFor {
        finish(at: index, &effects)
      } else {
        index += 1
      }
    }
    if !hasFollowedSlice { workOff(&effects) }
    queueTouched()
  }

  /// A turn goes on; or its slices have begun.
  mutating func noteFollowed(_ command: Command) {
    hasFollowedSlice = Self.isSlice(command)
  }

  private static func isSlice(_ command: Command) -> Bool {
    if case .continueWork = command { true } else { false }
  }

  /// Does all of a task and takes it out of the queue. Nobody sends what is done here: the buffer
  /// is emptied for as long as it takes.
  mutating func finish(at index: Int, _ effects: inout EffectBuffer) {
    var units = Int.max
    while !advance(work.item(index), &units, &effects) { effects.removeAll() }
    effects.removeAll()
    work.remove(at: index)
  }

  /// Marks everybody and does every task but the day's expiry, which history shows.
  private mutating func workOff(_ effects: inout EffectBuffer) {
    while !marks.isEmpty || !work.isEmpty {
      effects.removeAll()
      var units = Engine.unitsPerStep
      drainMarks(&units, &effects)
      while units > 0, !work.isEmpty, effects.hasRoom(for: 512) {
        guard work.first.pointee.kind != .expireOrders else { return effects.removeAll() }
        if advance(work.first, &units, &effects) { work.pop() }
      }
    }
    effects.removeAll()
  }

  // MARK: The day

  /// Orders that expired in the recorded outcome expire, and the day that began there begins.
  mutating func followDay(_ effects: inout EffectBuffer) {
    guard nextDay != nil else { return }
    if let index = work.index(of: .expireOrders) {
      while let order = nextToExpire(work.item(index).pointee.subject),
        history.expires(ledger.order(order).pointee.id)
      {
        effects.removeAll()
        _ = expire(order, &effects)
      }
    }
    guard history.beginsDay else { return }
    if let index = work.index(of: .expireOrders) { finish(at: index, &effects) }
    workOff(&effects)
    while dayTurn != nil {
      effects.removeAll()
      var units = Engine.unitsPerStep
      advanceDay(&units, &effects)
    }
  }

  /// The first working order of the accounts from one on; nil when there is none.
  private func nextToExpire(_ first: UInt32) -> UInt32? {
    for account in first..<max(UInt32(ledger.accountCount), first) {
      let number = ledger.account(OperationAccountID(account)).pointee.firstWorking
      if number != 0 { return number }
    }
    return nil
  }
}

extension WorkItem.Kind {
  /// Whether a command of history asks for it, whatever the settings are; the others are looks,
  /// and what follows from them.
  fileprivate var isAskedFor: Bool {
    switch self {
    case .massCancel, .linkDown, .askFates, .resynced, .disconnected, .kill, .flatten,
      .sweepLiquidations:
      true
    case .expireOrders, .remargin, .watch, .countScheme, .watchSchemes, .liquidate, .windows,
      .remarginAll, .sendMessages, .liquidateProduct, .accrueFees, .tellBudgets:
      false
    }
  }
}
