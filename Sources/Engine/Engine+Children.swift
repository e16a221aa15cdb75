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
    guard ledger.exists(report.fundAccount) else { return }
    if report.counterSequence != 0 {
      guard isNext(report.fundAccount, report.counterSequence, &effects) else { return }
    } else if report.kind != .neverArrived {
      return
    }
    let number = ledger.childNumber(report.child, day: market.tradingDay, shard: shard)
    guard number != 0, ledger.child(number).pointee.fundAccount == report.fundAccount else {
      notice(
        .unknownChild, &effects, scope: .fundAccount, scopeID: report.fundAccount.raw,
        order: report.child, observed: Int64(report.kind.rawValue))
      return
    }
    let child = ledger.child(number)
    if child.pointee.state.isFinal {
      // A cancel that crossed a fill is answered by the fill; anything else is worth a word.
      if report.kind == .accepted || report.kind == .rejected {
        notice(
          .reportAfterEnd, &effects, scope: .fundAccount, scopeID: report.fundAccount.raw,
          order: report.child, observed: Int64(report.kind.rawValue))
      }
      return
    }
    switch report.kind {
    case .accepted: childAccepted(number, report, &effects)
    case .rejected: childRejected(number, report, &effects)
    case .cancelled: childCancelled(number, report, &effects)
    case .cancelRejected: childCancelRejected(number, report, &effects)
    case .neverArrived: childNeverArrived(number, &effects)
    case .unknown: break
    }
  }

  private mutating func childAccepted(
    _ number: UInt32, _ report: ChildReport, _ effects: inout EffectBuffer
  ) {
    ledger.setDoubtful(child: number, false)
    ledger.setWorking(child: number, venueOrderID: report.venueOrderID)
    let parent = ledger.child(number).pointee.parent
    guard !ledger.order(parent).pointee.isConfirmed else { return }
    ledger.setConfirmed(order: parent)
    foldState(of: parent, .workingConfirmed, &effects)
  }

  /// A counter refused a child: the next fund account is tried when the product says so, without
  /// those that refused; else that part ends (decisions 28).
  private mutating func childRejected(
    _ number: UInt32, _ report: ChildReport, _ effects: inout EffectBuffer
  ) {
    let child = ledger.child(number)
    let parent = child.pointee.parent
    let order = ledger.order(parent)
    let instrument = market.instrument(child.pointee.instrument)
    let lots = ledger.finish(child: number, instrument, as: .rejected)
    let refusal = Refusal(
      .counterRefused, observed: Int64(report.rejectCode), asked: Int64(lots), unit: .code,
      scope: .fundAccount, scopeID: report.fundAccount.raw)
    var left = lots
    if !order.pointee.product.isNone, !order.pointee.cancelRequested,
      ledger.product(order.pointee.product).pointee.retriesRejectedChild
    {
      left -= replan(parent, lots: lots, &effects)
    }
    guard left > 0 else { return }
    ledger.end(order: parent, instrument, lots: left, refusal: refusal)
    foldState(of: parent, nil, &effects)
  }

  /// Places lots that a counter refused at other fund accounts; returns how many.
  private mutating func replan(
    _ parent: UInt32, lots: Lots, _ effects: inout EffectBuffer
  ) -> Lots {
    let order = ledger.order(parent)
    let product = order.pointee.product
    var excluded: UInt32 = 0
    var childNumber = order.pointee.firstChild
    while childNumber != 0 {
      let child = ledger.child(childNumber)
      if child.pointee.state == .rejected {
        for index in 0..<Int(ledger.product(product).pointee.fundAccountCount)
        where ledger.product(product).pointee.fundAccounts[index] == child.pointee.fundAccount {
          excluded |= 1 << UInt32(index)
        }
      }
      childNumber = child.pointee.nextSibling
    }
    let terms = scratch.base
    terms.pointee.session = order.pointee.session
    terms.pointee.account = order.pointee.account
    terms.pointee.instrument = order.pointee.instrument
    terms.pointee.clOrdID = order.pointee.clOrdID
    terms.pointee.side = order.pointee.side
    terms.pointee.offset = order.pointee.offset
    terms.pointee.hedge = order.pointee.hedge
    terms.pointee.type = order.pointee.type
    terms.pointee.timeInForce = order.pointee.timeInForce
    terms.pointee.price = order.pointee.price
    terms.pointee.lots = lots
    terms.pointee.minimumLots = order.pointee.minimumLots
    Planner.plan(
      RouteRequest(
        order: UnsafePointer(terms), product: product, holdPrice: order.pointee.holdPrice,
        lots: lots, orderSequence: order.pointee.id.sequence, excluded: excluded),
      into: &plan, seed: seed, ledger, market)
    guard plan.childCount > 0,
      hasRoom(for: UnsafePointer(terms), children: plan.childCount)
    else { return 0 }
    let placed = plan.placed
    sendPlan(of: parent, &effects)
    return placed
  }

  private mutating func childCancelled(
    _ number: UInt32, _ report: ChildReport, _ effects: inout EffectBuffer
  ) {
    let child = ledger.child(number)
    let parent = child.pointee.parent
    let instrument = market.instrument(child.pointee.instrument)
    // The counter may count fills whose trades are still to come: those lots stay held.
    let coming = max(report.cumulativeLots - child.pointee.filled, 0)
    let released = ledger.finish(
      child: number, instrument, as: .cancelled, stillComing: min(coming, child.pointee.leaves))
    if !ledger.order(parent).pointee.isConfirmed { ledger.setConfirmed(order: parent) }
    ledger.end(order: parent, instrument, lots: released, refusal: .none)
    foldState(of: parent, .cancelled, &effects)
  }

  private mutating func childCancelRejected(
    _ number: UInt32, _ report: ChildReport, _ effects: inout EffectBuffer
  ) {
    ledger.clearCancelRequested(child: number)
    let parent = ledger.child(number).pointee.parent
    var answer = reportOf(parent, .cancelRejected)
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
      ledger.child(number).pointee.instrument == trade.instrument
    else {
      externalTrade(trade, &effects)
      return
    }
    childFilled(number, trade, &effects)
  }

  private mutating func childFilled(
    _ number: UInt32, _ trade: CounterTrade, _ effects: inout EffectBuffer
  ) {
    let child = ledger.child(number)
    let instrument = market.instrument(child.pointee.instrument)
    let day = market.tradingDay.yyyymmdd
    let parent = child.pointee.parent
    let wasFinal = child.pointee.state.isFinal && child.pointee.heldLots == 0
    // What belongs to the order; a counter that fills more has traded for nobody we know.
    let own = min(trade.lots, child.pointee.leaves)
    let excess = trade.lots - own
    if trade.venueOrderID.isEmpty == false {
      ledger.setWorking(child: number, venueOrderID: trade.venueOrderID)
    }
    let atFund = ledger.fill(
      child: number, instrument, price: trade.price, lots: trade.lots, day: day)
    if atFund.excess > 0 {
      notice(
        .overClose, &effects, scope: .fundAccount, scopeID: trade.fundAccount.raw,
        order: trade.child, observed: Int64(atFund.excess))
    }
    if excess > 0 {
      let product = ledger.fundAccount(trade.fundAccount).pointee.product
      ledger.addUnmapped(
        product, trade.instrument, side: child.pointee.side, price: trade.price, lots: excess)
      notice(
        .overFill, &effects, scope: .fundAccount, scopeID: trade.fundAccount.raw,
        order: trade.child, observed: Int64(excess), limit: Int64(child.pointee.lots))
    }
    guard own > 0 else { return }
    if wasFinal {
      notice(
        .reportAfterEnd, &effects, scope: .fundAccount, scopeID: trade.fundAccount.raw,
        order: trade.child, observed: Int64(own))
    }
    if !ledger.order(parent).pointee.isConfirmed { ledger.setConfirmed(order: parent) }
    let booking = ledger.fill(
      order: parent, instrument, price: trade.price, lots: own, day: day)
    if booking.excess > 0 {
      let order = ledger.order(parent)
      ledger.addUnmapped(
        order.pointee.product, trade.instrument, side: order.pointee.side, price: trade.price,
        lots: booking.excess)
      notice(
        .overClose, &effects, scope: .operationAccount, scopeID: order.pointee.account.raw,
        order: order.pointee.id, observed: Int64(booking.excess))
    }
    ledger.setState(order: parent, ParentFold.state(ledger.order(parent)))
    var report = reportOf(parent, .trade)
    report.lastPrice = trade.price
    report.lastLots = own
    report.fee = booking.fee
    report.tradeID = trade.tradeID
    send(report, &effects)
  }

  /// A trade that we did not send: the fund account has it, no operation account does, until a
  /// controller assigns it (routing.md).
  private mutating func externalTrade(
    _ trade: CounterTrade, _ effects: inout EffectBuffer
  ) {
    notice(
      .unmappedTrade, &effects, scope: .fundAccount, scopeID: trade.fundAccount.raw,
      order: trade.child, observed: Int64(trade.lots), limit: trade.price.units)
    guard trade.side != .unknown, trade.offset != .unknown, trade.hedge != .unknown else {
      return
    }
    let instrument = market.instrument(trade.instrument)
    let booking = ledger.bookExternal(
      trade.fundAccount, trade.instrument, instrument, side: trade.side, offset: trade.offset,
      hedge: trade.hedge, price: trade.price, lots: trade.lots,
      day: market.tradingDay.yyyymmdd)
    guard let booking, booking.excess == 0 else {
      notice(
        .overClose, &effects, scope: .fundAccount, scopeID: trade.fundAccount.raw,
        observed: Int64(booking?.excess ?? trade.lots))
      return
    }
  }
}
