import Domain
import Ledger
import MarketData
import Messages
import Routing

// Cancels are never blocked by a rule (rules.md 0).
extension Engine {
  mutating func cancelOrder(_ cancel: CancelOrder, _ effects: inout EffectBuffer) {
    guard ledger.exists(cancel.account) else {
      effects.append(.commandRefused(CommandRefused(refusal: Refusal(.badCommand))))
      return
    }
    let number =
      cancel.target.isNone
      ? ledger.order(cancel.account, cancel.targetClOrdID, seed: seed)
      : ledger.orderNumber(cancel.target, day: market.tradingDay, shard: shard)
    // Another account's order is as unknown as one that never was.
    guard number != 0, ledger.order(number).pointee.account == cancel.account else {
      rejectCancel(cancel, nil, Refusal(.unknownOrder, scope: .order), &effects)
      return
    }
    let order = ledger.order(number)
    guard !order.pointee.state.isFinal else {
      rejectCancel(
        cancel, number,
        Refusal(
          .orderDone, observed: Int64(order.pointee.state.rawValue), unit: .code, scope: .order),
        &effects)
      return
    }
    // What is forced is not the terminal's to take back; a controller stops the liquidation.
    let phase = ledger.liquidationPhase(cancel.account)
    guard !order.pointee.clOrdID.isForced || phase == .unknown else {
      rejectCancel(
        cancel, number,
        Refusal(
          .liquidating, observed: Int64(phase.rawValue), unit: .code, scope: .operationAccount,
          scopeID: cancel.account.raw), &effects)
      return
    }
    _ = requestCancel(number, by: cancel.requestID, &effects)
  }

  private mutating func rejectCancel(
    _ cancel: CancelOrder, _ number: UInt32?, _ refusal: Refusal,
    _ effects: inout EffectBuffer
  ) {
    var report: ExecutionReport
    if let number {
      report = reportOf(number, .cancelRejected)
    } else {
      report = ExecutionReport(
        account: cancel.account, reportSequence: 0, session: cancel.session,
        order: cancel.target, clOrdID: cancel.targetClOrdID, requestID: cancel.requestID,
        execType: .cancelRejected, state: .unknown, instrument: .none, side: .unknown,
        offset: .unknown, hedge: .unknown, type: .unknown, timeInForce: .unknown, price: .none,
        lots: 0, lastPrice: .none, lastLots: 0, cumulativeLots: 0, leavesLots: 0,
        unknownLots: 0, fee: .none, tradeID: VenueID(), time: now,
        tradingDay: market.tradingDay, refusal: refusal)
    }
    report.session = cancel.session
    report.requestID = cancel.requestID
    report.refusal = refusal
    effects.append(.report(report))
  }

  /// Asks every counter that has a part of the order to cancel it. A part whose link is down is
  /// asked when the link is back and the part still works. Returns how many parts were looked at.
  ///
  /// - Parameter liquidation: the number of the one that asks; 0 when none does.
  mutating func requestCancel(
    _ number: UInt32, by requestID: ClOrdID, liquidation: UInt64 = 0,
    _ effects: inout EffectBuffer
  ) -> Int {
    let order = ledger.order(number)
    ledger.setCancelRequested(order: number)
    if order.pointee.state == .inReview {
      endLots(
        of: number, order.pointee.leaves, .none, &effects, reportAs: .cancelled, by: requestID)
      return 1
    }
    // What has not left for its counter never does.
    if order.pointee.firstChild != 0 { _ = withdraw(from: number, by: requestID, &effects) }
    var parts = 0
    var childNumber = order.pointee.firstChild
    while childNumber != 0 {
      let child = ledger.child(childNumber)
      parts += 1
      if !child.pointee.state.isFinal {
        let isNew = !child.pointee.cancelRequested
        // What a terminal has asked for stays its own.
        if isNew || liquidation == 0 {
          ledger.setCancelRequested(
            child: childNumber, by: requestID, liquidation: liquidation)
        }
        // One that waits comes earlier when a liquidation asks for it too.
        if isNew || child.pointee.waitsAs != .unknown {
          sendCancel(childNumber, isForced: liquidation != 0, &effects)
        }
      }
      childNumber = child.pointee.nextSibling
    }
    return parts
  }

  /// Sends the cancel of a child when its link can carry it; it waits for its turn where there is a
  /// quota.
  private mutating func sendCancel(
    _ childNumber: UInt32, isForced: Bool = false, _ effects: inout EffectBuffer
  ) {
    let child = ledger.child(childNumber)
    let fund = ledger.fundAccount(child.pointee.fundAccount)
    guard fund.pointee.isReady else { return }
    if fund.pointee.messageQuota != 0 || child.pointee.waitsAs != .unknown || history.isFollowed {
      guard cancelHasTurn(childNumber, isForced: isForced) else { return }
      ledger.countMessage(child.pointee.fundAccount, at: now)
    }
    sendCancelNow(childNumber, &effects)
  }

  mutating func sendCancelNow(_ childNumber: UInt32, _ effects: inout EffectBuffer) {
    let child = ledger.child(childNumber)
    ledger.setCancelSent(child: childNumber)
    effects.append(
      .sendCancel(
        SendCancel(
          fundAccount: child.pointee.fundAccount, child: child.pointee.id,
          instrument: child.pointee.instrument)))
    countForExchange(child.pointee.fundAccount, child.pointee.instrument, &effects)
  }

  /// Sends the cancel of a child that was asked for while nobody knew its fate, once over a link:
  /// between the resync and its slice a cancel may have been asked for and sent.
  mutating func sendWaitingCancel(_ childNumber: UInt32, _ effects: inout EffectBuffer) {
    let child = ledger.child(childNumber)
    guard child.pointee.cancelRequested, !child.pointee.state.isFinal,
      !ledger.isCancelSent(child: childNumber)
    else { return }
    sendCancel(childNumber, &effects)
  }

  /// An order whose cancels were all refused by its counters is an order like any other again.
  mutating func clearCancelIfNoneIsAsked(_ number: UInt32) {
    var childNumber = ledger.order(number).pointee.firstChild
    while childNumber != 0 {
      let child = ledger.child(childNumber)
      if child.pointee.cancelRequested, !child.pointee.state.isFinal { return }
      childNumber = child.pointee.nextSibling
    }
    ledger.clearCancelRequested(order: number)
  }

  mutating func massCancel(_ cancel: MassCancel, _ effects: inout EffectBuffer) {
    guard ledger.exists(cancel.account) else {
      effects.append(.commandRefused(CommandRefused(refusal: Refusal(.badCommand))))
      return
    }
    guard work.count < WorkQueue.massCancelMaximum else {
      let one = CancelOrder(
        session: cancel.session, account: cancel.account, requestID: cancel.requestID,
        target: .none, targetClOrdID: ClOrdID())
      rejectCancel(
        one, nil,
        Refusal(
          .capacity, observed: Int64(work.count), limit: Int64(WorkQueue.massCancelMaximum),
          asked: 1, unit: .count, scope: .platform), &effects)
      return
    }
    start(
      WorkItem(
        kind: .massCancel, side: cancel.side, subject: cancel.account.raw,
        instrument: cancel.instrument, cursor: 0, bound: UInt32(ledger.orderCount),
        holders: Ledger.HolderCursor(chunk: 0, offset: 0), requestID: cancel.requestID,
        session: cancel.session), &effects)
  }

  mutating func massCancelSlice(
    _ item: UnsafeMutablePointer<WorkItem>, _ units: inout Int, _ effects: inout EffectBuffer
  ) -> Bool {
    guard cancelSlice(item, &units, &effects) else { return false }
    effects.append(
      .massCancelDone(
        MassCancelDone(
          session: item.pointee.session, account: OperationAccountID(item.pointee.subject),
          requestID: item.pointee.requestID, orders: item.pointee.asked)))
    return true
  }

  /// A slice of the cancels of an account's working orders, which stand in the order of their
  /// numbers. The cursor is the next order to look at; when that one ended meanwhile the walk
  /// starts over, past those that were looked at already.
  ///
  /// - Parameter id: the account; nil = the task's subject.
  mutating func cancelSlice(
    of id: OperationAccountID? = nil, _ item: UnsafeMutablePointer<WorkItem>,
    _ units: inout Int, _ effects: inout EffectBuffer
  ) -> Bool {
    let account = ledger.account(id ?? OperationAccountID(item.pointee.subject))
    // A kill switch reaches every working order, a terminal not those of a liquidation.
    let isLiquidating =
      id == nil
      && ledger.liquidationPhase(OperationAccountID(item.pointee.subject)) != .unknown
    var number = item.pointee.cursor
    if number == 0 || ledger.order(number).pointee.heldLots == 0 {
      number = account.pointee.firstWorking
    }
    while number != 0 {
      guard units > 0, effects.hasRoom(for: 512) else {
        item.pointee.cursor = number
        return false
      }
      units -= 1
      let order = ledger.order(number)
      let next = order.pointee.workingNext
      // Asked already or not: a cancel that its counter refused is asked for anew.
      if number > item.pointee.reached, number <= item.pointee.bound,
        item.pointee.instrument.isNone || order.pointee.instrument == item.pointee.instrument,
        item.pointee.side == .unknown || order.pointee.side == item.pointee.side,
        !item.pointee.isOpeningOnly || order.pointee.offset == .open,
        !isLiquidating || !order.pointee.clOrdID.isForced
      {
        item.pointee.asked += 1
        units -= requestCancel(number, by: item.pointee.requestID, &effects)
      }
      item.pointee.reached = max(item.pointee.reached, number)
      number = next
    }
    return true
  }

  /// Ends lots of a parent that no counter has, and tells its state.
  mutating func endLots(
    of number: UInt32, _ lots: Lots, _ refusal: Refusal, _ effects: inout EffectBuffer,
    reportAs execType: ExecType?, by requestID: ClOrdID = ClOrdID()
  ) {
    let instrument = market.instrument(ledger.order(number).pointee.instrument)
    ledger.end(order: number, instrument, lots: lots, refusal: refusal)
    foldState(of: number, execType, &effects, by: requestID)
  }

  /// Takes a parent's state anew from its lots. One that ends so counts toward cancel-limit when
  /// its terminal asked for the cancel of a part and the counter confirmed it; remainders of FAK
  /// and FOK, and what a liquidation cancels, don't count.
  mutating func setFoldedState(of number: UInt32) {
    let order = ledger.order(number)
    let wasFinal = order.pointee.state.isFinal
    ledger.setState(order: number, ParentFold.state(order))
    guard !wasFinal, order.pointee.state == .cancelled, order.pointee.timeInForce == .day,
      hasConfirmedCancel(number)
    else { return }
    ledger.countCancel(order.pointee.account, order.pointee.instrument)
  }

  private func hasConfirmedCancel(_ number: UInt32) -> Bool {
    var childNumber = ledger.order(number).pointee.firstChild
    while childNumber != 0 {
      let child = ledger.child(childNumber)
      if child.pointee.state == .cancelled, child.pointee.cancelRequested,
        child.pointee.cancelledBy == 0
      {
        return true
      }
      childNumber = child.pointee.nextSibling
    }
    return false
  }

  /// Takes a parent's state anew from its lots and reports it: as `execType`, or, for nil, as
  /// what the state says; with the request that ended a part of it, if one did.
  mutating func foldState(
    of number: UInt32, _ execType: ExecType?, _ effects: inout EffectBuffer,
    by requestID: ClOrdID = ClOrdID()
  ) {
    let order = ledger.order(number)
    if order.pointee.state == .inReview, order.pointee.leaves <= 0 {
      ledger.setState(order: number, .cancelled)
    } else {
      setFoldedState(of: number)
    }
    let state = ledger.order(number).pointee.state
    var report = reportOf(
      number, execType ?? (state == .rejected ? .rejected : .cancelled))
    report.requestID = requestID
    send(report, &effects)
  }
}
