import Domain
import Ledger
import MarketData
import Messages
import Routing
import Storage

// What counters say of children. Each report is applied once, in the counter's own order; what
// can't be true by our books is kept and flagged, never a crash.
extension Engine {
  /// Whether a report is the next of its link: false for one applied before, or one that comes
  /// after a gap, which the link must ask for again.
  private mutating func isNext(
    _ id: FundAccountID, _ counterSequence: UInt64, _ effects: inout EffectBuffer
  ) -> Bool {
    let last = ledger.fundAccount(id).pointee.lastCounterSequence
    #if MUTATION_FILL_TWICE
      if counterSequence == last { return true }
    #endif
    if counterSequence <= last { return false }
    guard counterSequence == last + 1 else {
      notice(
        .counterSequenceGap, &effects, scope: .fundAccount, scopeID: id.raw,
        observed: Int64(clamping: counterSequence), limit: Int64(clamping: last + 1))
      return false
    }
    ledger.changeFundAccount(id) { $0.pointee.lastCounterSequence = counterSequence }
    return true
  }

  mutating func childReport(_ report: ChildReport, _ effects: inout EffectBuffer) {
    guard let number = workingChild(report, &effects) else { return }
    switch report.kind {
    case .accepted: childAccepted(number, report, &effects)
    case .rejected: childRejected(number, report, &effects)
    case .cancelled: childCancelled(number, report, &effects)
    case .cancelRejected: childCancelRejected(number, report, &effects)
    case .neverArrived: childNeverArrived(number, &effects)
    case .unknown: break
    }
  }

  /// The child that a report is about; nil when the report changes nothing: it was applied before,
  /// names nobody, or comes after the child's end.
  mutating func workingChild(
    _ report: ChildReport, _ effects: inout EffectBuffer
  ) -> UInt32? {
    guard ledger.exists(report.fundAccount) else { return nil }
    if report.counterSequence != 0 {
      guard isNext(report.fundAccount, report.counterSequence, &effects) else { return nil }
    } else if report.kind != .neverArrived {
      return nil
    }
    let number = ledger.childNumber(report.child, day: market.tradingDay, shard: shard)
    // One that waits for its turn is as unknown there as one that never was.
    guard number != 0, ledger.child(number).pointee.fundAccount == report.fundAccount,
      ledger.child(number).pointee.state != .waiting
    else {
      notice(
        .unknownChild, &effects, scope: .fundAccount, scopeID: report.fundAccount.raw,
        order: report.child, observed: Int64(report.kind.rawValue))
      return nil
    }
    let child = ledger.child(number)
    if child.pointee.state.isFinal {
      // A cancel that crossed a fill is answered by the fill; anything else is worth a word.
      if report.kind == .accepted || report.kind == .rejected {
        notice(
          .reportAfterEnd, &effects, scope: .fundAccount, scopeID: report.fundAccount.raw,
          order: report.child, observed: Int64(report.kind.rawValue))
      }
      return nil
    }
    return number
  }

  private mutating func childAccepted(
    _ number: UInt32, _ report: ChildReport, _ effects: inout EffectBuffer
  ) {
    let parent = ledger.child(number).pointee.parent
    let wasDoubtful = ledger.child(number).pointee.isDoubtful
    ledger.setDoubtful(child: number, false)
    ledger.setWorking(child: number, venueOrderID: report.venueOrderID)
    if wasDoubtful { sendWaitingCancel(number, &effects) }
    let isFirst = !ledger.order(parent).pointee.isConfirmed
    acknowledge(child: number)
    if isFirst {
      acknowledge(order: parent)
      foldState(of: parent, .workingConfirmed, &effects)
    } else if wasDoubtful {
      send(.resolved, of: parent, &effects)
    }
  }

  private mutating func childCancelled(
    _ number: UInt32, _ report: ChildReport, _ effects: inout EffectBuffer
  ) {
    let child = ledger.child(number)
    let parent = child.pointee.parent
    let instrument = market.instrument(child.pointee.instrument)
    let requestID = child.pointee.cancelRequestID
    // The counter may count fills whose trades are still to come: those lots stay held.
    let coming = max(report.cumulativeLots - child.pointee.filled, 0)
    let released = ledger.finish(
      child: number, instrument, as: .cancelled, stillComing: min(coming, child.pointee.leaves))
    if child.pointee.timeInForce == .day {
      ledger.countCancel(child.pointee.fundAccount, child.pointee.instrument)
    }
    acknowledge(child: number)
    acknowledge(order: parent)
    acknowledgeCancel(child: number, lots: released)
    countBudget(cancelled: number, lots: released, &effects)
    let wasAsked = child.pointee.cancelRequested
    ledger.end(order: parent, instrument, lots: released, refusal: .none)
    foldState(of: parent, .cancelled, &effects, by: requestID)
    liquidationMoved(byEndOf: parent, isExpected: wasAsked, &effects)
  }

  private mutating func childCancelRejected(
    _ number: UInt32, _ report: ChildReport, _ effects: inout EffectBuffer
  ) {
    let requestID = ledger.child(number).pointee.cancelRequestID
    ledger.clearCancelRequested(child: number)
    clearCancelIfNoneIsAsked(ledger.child(number).pointee.parent)
    let parent = ledger.child(number).pointee.parent
    var answer = reportOf(parent, .cancelRejected)
    answer.requestID = requestID
    answer.refusal = Refusal(
      .counterRefused, observed: Int64(report.rejectCode), unit: .code, scope: .fundAccount,
      scopeID: report.fundAccount.raw)
    send(answer, &effects)
  }

  /// A later epoch showed that the counter never had it. It is not sent again: its lots end.
  private mutating func childNeverArrived(_ number: UInt32, _ effects: inout EffectBuffer) {
    let child = ledger.child(number)
    guard child.pointee.isDoubtful, child.pointee.state == .sent else { return }
    let parent = child.pointee.parent
    let instrument = market.instrument(child.pointee.instrument)
    let fundAccount = child.pointee.fundAccount
    let released = ledger.finish(child: number, instrument, as: .neverArrived)
    endLots(
      of: parent, released,
      Refusal(
        .fundLinkDown, asked: Int64(released), unit: .lots, scope: .fundAccount,
        scopeID: fundAccount.raw), &effects, reportAs: nil)
    liquidationMoved(byEndOf: parent, isExpected: true, &effects)
  }

  // MARK: Trades

  mutating func counterTrade(_ trade: CounterTrade, _ effects: inout EffectBuffer) {
    guard ledger.exists(trade.fundAccount),
      isNext(trade.fundAccount, trade.counterSequence, &effects)
    else { return }
    guard trade.lots > 0, trade.lots <= Ranges.orderLotsMaximum, market.exists(trade.instrument),
      Ranges.allows(
        price: trade.price, multiplier: market.instrument(trade.instrument).pointee.multiplier)
    else {
      notice(
        .instrumentRejected, &effects, scope: .fundAccount, scopeID: trade.fundAccount.raw,
        order: trade.child, observed: trade.price.units, limit: Int64(trade.lots))
      return
    }
    let number = ledger.childNumber(trade.child, day: market.tradingDay, shard: shard)
    guard number != 0, ledger.child(number).pointee.fundAccount == trade.fundAccount,
      ledger.child(number).pointee.instrument == trade.instrument,
      ledger.child(number).pointee.state != .waiting
    else {
      externalTrade(trade, &effects)
      return
    }
    childFilled(number, trade, &effects)
  }

  /// How a fill of a child is shared out.
  private struct Shares {
    /// Of the parent, in the child's hold.
    var held: Lots
    /// Of the parent too: they had ended with the child, and nobody else has them by now.
    var late: Lots
    /// The fund account's alone: a counter that fills more has traded for nobody we know.
    var excess: Lots
    /// Beyond what the fund account can ever hold: not booked.
    var dropped: Lots

    var own: Lots { held + late }
  }

  private func shares(of lots: Lots, _ number: UInt32) -> Shares {
    let child = ledger.child(number)
    let order = ledger.order(child.pointee.parent)
    let held = min(lots, child.pointee.heldLots)
    var late = min(min(lots, child.pointee.leaves) - held, order.pointee.ended)
    var excess = lots - held - late
    var dropped: Lots = 0
    if child.pointee.offset == .open {
      let room = ledger.rangeRoom(ledger.holder(of: child.pointee.fundAccount))
      dropped = max(late + excess - room, 0)
      excess -= min(dropped, excess)
      late = min(late, room)
    }
    if order.pointee.offset == .open {
      let room = ledger.rangeRoom(ledger.holder(of: order.pointee.account))
      excess += max(late - room, 0)
      late = min(late, room)
    }
    return Shares(held: held, late: late, excess: excess, dropped: dropped)
  }

  private mutating func childFilled(
    _ number: UInt32, _ trade: CounterTrade, _ effects: inout EffectBuffer
  ) {
    let child = ledger.child(number)
    let instrument = market.instrument(child.pointee.instrument)
    let day = market.tradingDay.yyyymmdd
    let parent = child.pointee.parent
    let shares = shares(of: trade.lots, number)
    let booked = shares.own + shares.excess
    if shares.dropped > 0 { dropBeyondRange(trade, shares.dropped, &effects) }
    guard booked > 0 else { return }
    let wasDoubtful = child.pointee.isDoubtful
    ledger.setWorking(child: number, venueOrderID: trade.venueOrderID)
    acknowledge(child: number)
    let atFund = ledger.fill(
      child: number, instrument, price: trade.price, lots: booked, day: day)
    countBudget(filled: number, trade, &effects)
    if wasDoubtful { sendWaitingCancel(number, &effects) }
    if atFund.excess > 0 {
      notice(
        .overClose, &effects, scope: .fundAccount, scopeID: trade.fundAccount.raw,
        order: trade.child, observed: Int64(atFund.excess))
    }
    if shares.excess > 0 {
      notice(
        .overFill, &effects, scope: .fundAccount, scopeID: trade.fundAccount.raw,
        order: trade.child, observed: Int64(shares.excess), limit: Int64(child.pointee.lots))
    }
    if shares.late > 0 {
      notice(
        .reportAfterEnd, &effects, scope: .fundAccount, scopeID: trade.fundAccount.raw,
        order: trade.child, observed: Int64(shares.late))
    }
    var atAccount: Lots = 0
    if shares.own > 0 {
      atAccount = orderFilled(parent, trade, shares.own, late: shares.late, &effects)
    }
    // What the fund account has and the operation account has not. While a day is switched its
    // order can be forgotten already: the side is the child's.
    ledger.addUnmapped(
      ledger.fundAccount(trade.fundAccount).pointee.product, trade.instrument,
      side: child.pointee.side, price: trade.price, lots: booked - atFund.excess - atAccount)
  }

  /// Books a parent's part of a fill and reports it; returns the lots its account took.
  private mutating func orderFilled(
    _ parent: UInt32, _ trade: CounterTrade, _ lots: Lots, late: Lots,
    _ effects: inout EffectBuffer
  ) -> Lots {
    let order = ledger.order(parent)
    acknowledge(order: parent)
    let booking = ledger.fill(
      order: parent, market.instrument(order.pointee.instrument), price: trade.price, lots: lots,
      late: late, day: market.tradingDay.yyyymmdd)
    if booking.excess > 0 {
      notice(
        .overClose, &effects, scope: .operationAccount, scopeID: order.pointee.account.raw,
        order: order.pointee.id, observed: Int64(booking.excess))
    }
    setFoldedState(of: parent)
    var report = reportOf(parent, .trade)
    report.lastPrice = trade.price
    report.lastLots = lots
    report.fee = booking.fee
    report.tradeID = trade.tradeID
    send(report, &effects)
    watch(ledger.holder(of: order.pointee.account), &effects)
    lookAtSchemes(
      ledger.holder(of: order.pointee.account), order.pointee.instrument, &effects)
    liquidationMoved(byEndOf: parent, isExpected: true, &effects)
    return lots - booking.excess
  }

  /// Lots that no proof of ranges covers are not booked; the fund account opens nothing more until
  /// an operator has looked.
  mutating func dropBeyondRange(
    _ trade: CounterTrade, _ lots: Lots, _ effects: inout EffectBuffer
  ) {
    ledger.barByOverflow(ledger.holder(of: trade.fundAccount))
    notice(
      .holderOverflow, &effects, rule: .capacity, scope: .fundAccount,
      scopeID: trade.fundAccount.raw, order: trade.child, observed: Int64(lots),
      limit: Int64(Ranges.holderLotsMaximum))
  }
}
