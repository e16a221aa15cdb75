import Domain
import Messages

extension Twin {
  // MARK: Links

  func linkUp(_ up: CounterLinkUp) {
    guard up.fundAccount.index < funds.count, up.epoch > funds[up.fundAccount.index].epoch else {
      return
    }
    funds[up.fundAccount.index].epoch = up.epoch
    funds[up.fundAccount.index].isLinked = true
    funds[up.fundAccount.index].isReady = false
    logsIn(up.fundAccount)
    doubt(up.fundAccount)
    // design.md, "Counter links have an epoch": then an end mark.
    dueFates += working(up.fundAccount).filter { children[$0]?.state == .sent }
    dueFates.append(.none)
  }

  func linkDown(_ down: CounterLinkDown) {
    guard down.fundAccount.index < funds.count, funds[down.fundAccount.index].isLinked else {
      return
    }
    funds[down.fundAccount.index].isLinked = false
    funds[down.fundAccount.index].isReady = false
    logsOut(down.fundAccount)
    doubt(down.fundAccount)
  }

  /// routing.md: a link's working orders are unknown until it is back.
  private func doubt(_ fund: FundAccountID) {
    for id in working(fund) where children[id]?.state != .waiting {
      children[id]?.isDoubtful = true
    }
  }

  /// A fund account's children that can still fill, in the order they were sent.
  private func working(_ fund: FundAccountID) -> [OrderID] {
    (childrenOf[fund] ?? []).filter { (children[$0]?.held ?? 0) > 0 }
  }

  /// A cancel from before may not have arrived, or waited for the link: it leaves again.
  private func sendWaitingCancel(_ id: OrderID) {
    guard let child = children[id], child.cancelRequested, !child.isFinal,
      funds[child.fund.index].isReady, child.cancelEpoch != funds[child.fund.index].epoch
    else { return }
    if isPaced(child.fund) { return waitsToCancel(id, isForced: false) }
    children[id]?.cancelEpoch = funds[child.fund.index].epoch
    dueCancels.append(id)
  }

  /// Fates are known now, but for children that no report has ever confirmed.
  func resynced(_ done: CounterResynced) {
    guard done.fundAccount.index < funds.count, funds[done.fundAccount.index].isLinked,
      funds[done.fundAccount.index].epoch == done.epoch
    else { return }
    funds[done.fundAccount.index].isReady = true
    for id in childrenOf[done.fundAccount] ?? [] where children[id]?.state != .sent {
      children[id]?.isDoubtful = false
    }
    for id in working(done.fundAccount) where children[id]?.isDoubtful == false {
      sendWaitingCancel(id)
    }
  }

  /// docs/ARCHITECTURE.md, decision 18: equity follows the counter.
  func counterFunds(_ funds: CounterFunds) {
    let holder = TwinHolder.fund(funds.fundAccount)
    guard cash[holder] != nil, funds.equity.units.magnitude <= Ranges.cashMaximum,
      funds.available.units.magnitude <= Ranges.cashMaximum
    else { return }
    if !funds.netCash.isNone, funds.netCash.units.magnitude <= Ranges.cashMaximum, comingDay == nil,
      !day.isNone
    {
      // Cash that nobody splits counts to the max allowed loss (rules.md 3a).
      let moved = cash[holder]!.told.map { funds.netCash.units - $0 } ?? 0
      cash[holder]?.netCash += moved
      cash[holder]?.netDepositsEver += moved
      cash[holder]?.allowedLossEver += moved
      cash[holder]?.told = funds.netCash.units
    }
    let difference = funds.equity.units - money(holder).equity
    if cash[holder]!.netDepositsEver == 0, cash[holder]!.openingEquity == 0 {
      cash[holder]?.netDepositsEver += difference
      cash[holder]?.allowedLossEver += difference
    }
    cash[holder]?.openingEquity += difference
    cash[holder]?.availableAdjustment = 0
    let more = funds.available.units - money(holder).available
    cash[holder]?.availableAdjustment = min(more, 0)
  }

  /// Each report of a counter counts once, in order.
  private func isNext(_ fund: FundAccountID, _ sequence: UInt64) -> Bool {
    guard fund.index < funds.count, sequence == funds[fund.index].counterSequence + 1 else {
      return false
    }
    funds[fund.index].counterSequence = sequence
    return true
  }

  // MARK: Reports

  func childReport(_ report: ChildReport, _ effects: [Effect]) {
    let isAnswer = report.counterSequence == 0 && report.kind == .neverArrived
    guard isAnswer || isNext(report.fundAccount, report.counterSequence),
      let child = children[report.child], child.fund == report.fundAccount, !child.isFinal,
      child.state != .waiting, var order = orders[child.parent],
      // While a day is switched: it has expired by now.
      comingDay == nil || told[child.parent]?.state.isFinal != true
    else {
      if effects.contains(where: { if case .sendOrder = $0 { true } else { false } }) {
        complain("a report of nothing sent a child")
      }
      return
    }
    switch report.kind {
    case .accepted:
      children[child.id]?.state = .working
      children[child.id]?.isDoubtful = false
      if child.isDoubtful { sendWaitingCancel(child.id) }
      acknowledge(child.id)
      acknowledge(order)
      order.isConfirmed = true
    case .rejected:
      end(child.id, .rejected, stillComing: 0)
      let placed = place(effects, of: &order)
      if placed > 0 { checkRetry(order, effects) }
      order.ended += child.held - placed
      if placed < child.held { order.hasReason = true }
    case .cancelled:
      // docs/ARCHITECTURE.md, decision 14: fills the counter has counted and not told stay held.
      let coming = min(max(report.cumulativeLots - child.filled, 0), child.held)
      end(child.id, .cancelled, stillComing: coming)
      order.ended += child.held - coming
      acknowledge(child.id)
      acknowledge(order)
      acknowledgeCancel(child, &order, lots: child.held - coming)
      countBudget(cancelled: child, order.terms, lots: child.held - coming)
      order.isConfirmed = true
      if order.terms.timeInForce == .day { fundCancels.append((child.fund, child.instrument)) }
    case .cancelRejected:
      children[child.id]?.cancelRequested = false
      children[child.id]?.isCancelForced = false
      children[child.id]?.cancelEpoch = nil
      waitsNoMore(child.id)
      order.cancelRequested = order.children.contains { id in
        children[id].map { !$0.isFinal && $0.cancelRequested } ?? false
      }
    case .neverArrived:
      guard child.isDoubtful, child.state == .sent else { break }
      end(child.id, .neverArrived, stillComing: 0)
      order.ended += child.held
      order.hasReason = true
    case .unknown: break
    }
    store(order)
    countCancel(order.id)
  }

  func end(_ id: OrderID, _ state: TwinChild.State, stillComing: Lots) {
    children[id]?.state = state
    children[id]?.held = stillComing
    children[id]?.isDoubtful = false
    takeHold(child: id)
    if stillComing == 0 { waitsNoMore(id) }
  }

  /// decisions 28: the next try leaves out every account that refused.
  private func checkRetry(_ order: TwinOrder, _ effects: [Effect]) {
    let product = accounts[order.terms.account.index].product
    if productSettings[product.index][ProductSetting.retryRejectedChild.rawValue] != 1 {
      complain("a refused child was tried again")
    }
    if order.cancelRequested { complain("a child was tried again in spite of a cancel") }
    let refusing = order.children.compactMap { id in
      children[id]?.state == .rejected ? children[id]?.fund : nil
    }
    for case .sendOrder(let sent) in effects where refusing.contains(sent.fundAccount) {
      complain("a child was tried again where it was refused")
    }
  }

  // MARK: Trades

  func counterTrade(_ trade: CounterTrade, _ effects: [Effect]) {
    guard isNext(trade.fundAccount, trade.counterSequence), trade.lots > 0,
      trade.lots <= Ranges.orderLotsMaximum, trade.instrument.index < instruments.count,
      Ranges.allows(
        price: trade.price, multiplier: instruments[trade.instrument.index].multiplier)
    else { return }
    var trade = trade
    if let tampered = tamperNextFill, children[trade.child] != nil {
      trade.lots += tampered.lots
      trade.price.units += tampered.price
      tamperNextFill = nil
    }
    if let child = children[trade.child], child.fund == trade.fundAccount,
      child.instrument == trade.instrument, child.state != .waiting
    {
      fill(child, trade, effects)
    } else if trade.side != .unknown, trade.offset != .unknown, trade.hedge != .unknown {
      let booking = book(
        .fund(trade.fundAccount),
        TwinPlace(
          trade.instrument, PositionSide(side: trade.side, offset: trade.offset), trade.hedge),
        trade.offset, trade)
      countBudget(
        trade, side: trade.side, offset: trade.offset,
        at: takeBudgetPlace(trade.fundAccount, trade.instrument))
      let before = lastTradeNumber
      addUnmapped(
        trade.fundAccount, trade, side: trade.side, lots: booking?.taken ?? 0, isExternal: true)
      mapped(trade, isKept: lastTradeNumber != before, effects)
    }
  }

  private func book(
    _ holder: TwinHolder, _ place: TwinPlace, _ offset: Offset, _ trade: CounterTrade
  ) -> TwinBooking? {
    record(
      .booking(
        TwinBooking(
          holder: holder, place: place, offset: offset, price: trade.price, lots: trade.lots,
          day: day.yyyymmdd)))
  }

  /// A child's fill is the fund account's whole, and the parent's as far as the parent has lots
  /// for it: lots held for it, and lots that had ended and nobody else has (docs/ARCHITECTURE.md,
  /// decisions 12 and 13).
  private func fill(_ child: TwinChild, _ trade: CounterTrade, _ effects: [Effect]) {
    guard var order = orders[child.parent] else { return }
    let held = min(trade.lots, child.held)
    let ofChild = min(trade.lots, max(child.lots - child.filled, 0))
    let late = min(ofChild - held, order.ended)
    let own = held + late
    acknowledge(child.id)
    countBudget(trade, side: child.side, offset: child.offset, at: child.budget)
    let atFund = book(.fund(child.fund), place(child), child.offset, trade)
    children[child.id]?.filled += trade.lots
    children[child.id]?.held -= held
    takeHold(child: child.id)
    children[child.id]?.isDoubtful = false
    if children[child.id]?.held == 0 { waitsNoMore(child.id) }
    if child.filled + trade.lots >= child.lots {
      children[child.id]?.state = .filled
    } else if !child.isFinal {
      children[child.id]?.state = .working
    }
    if child.isDoubtful { sendWaitingCancel(child.id) }
    var taken: Lots = 0
    if own > 0 {
      var part = trade
      part.lots = own
      let rates = order.holdRates
      order.filled += own
      order.ended -= late
      if held == 0 { order.holdRates = rates }
      order.basis += trade.price.units * Int64(own)
      acknowledge(order)
      order.isConfirmed = true
      let booking = book(
        .account(order.terms.account), order.terms.place, order.terms.offset, part)
      taken = booking?.taken ?? 0
      checkTrade(effects, order, part, fee: booking?.fee ?? 0)
    } else if effects.contains(where: { $0.isTrade }) {
      complain("a fill of nobody's lots was reported")
    }
    store(order)
    countCancel(order.id)
    addUnmapped(child.fund, trade, side: child.side, lots: (atFund?.taken ?? 0) - taken)
  }

  private func checkTrade(
    _ effects: [Effect], _ order: TwinOrder, _ trade: CounterTrade, fee: Int64
  ) {
    let told: [ExecutionReport] = effects.compactMap {
      if case .report(let report) = $0, report.execType == .trade { report } else { nil }
    }
    let isTold =
      told.count == 1 && told[0].order == order.id && told[0].lastLots == trade.lots
      && told[0].lastPrice == trade.price && told[0].fee.units == fee
    if !isTold { complain("a fill of \(trade.lots) with fee \(fee) is reported as \(told)") }
  }

  private func addUnmapped(
    _ fund: FundAccountID, _ trade: CounterTrade, side: Side, lots: Lots, isExternal: Bool = false
  ) {
    guard lots != 0 else { return }
    var added = TwinUnmapped(
      product: funds[fund.index].product, instrument: trade.instrument,
      signedLots: side == .sell ? -Int64(lots) : Int64(lots), price: trade.price,
      cost: trade.price, isToday: true)
    if isExternal, !added.product.isNone {
      lastTradeNumber += 1
      added.number = lastTradeNumber
      added.fund = fund
      added.hedge = trade.hedge
      added.offset = trade.offset
      added.day = day.yyyymmdd
    }
    unmapped.append(added)
  }
}

extension Effect {
  fileprivate var isTrade: Bool {
    if case .report(let report) = self { report.execType == .trade } else { false }
  }
}
