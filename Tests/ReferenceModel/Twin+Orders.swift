import Domain
import Messages

extension Twin {
  func newOrder(_ order: NewOrder, _ effects: [Effect]) {
    guard order.account.index < accounts.count else { return }
    let terms = TwinTerms(
      account: order.account, instrument: order.instrument, clOrdID: order.clOrdID,
      side: order.side, offset: order.offset, hedge: order.hedge, type: order.type,
      timeInForce: order.timeInForce, price: order.price, lots: order.lots,
      minimumLots: order.minimumLots)
    // While a day is switched nothing is taken, and what is known goes bit by bit.
    guard comingDay == nil else {
      if effects.firstReport?.order.isNone == false, effects.firstReport?.execType == .new {
        complain("an order between two days")
      }
      return
    }
    guard let report = effects.firstReport else { return complain("an order without an answer") }
    if let known = byClOrdID[order.account]?[order.clOrdID] {
      let isSame = orders[known]?.terms == terms
      let restated = report.execType == .restated && report.order == known
      let refused = report.refusal.rule == .duplicateOrder && report.order.isNone
      if isSame ? !restated : !refused { complain("a ClOrdID used again is answered \(report)") }
      return
    }
    if report.order.isNone {
      if report.execType != .rejected { complain("\(report.execType) of no order") }
      return
    }
    judge(terms, report)
    var taken = TwinOrder(
      id: report.order, terms: terms, holdPrice: .none, receivedAt: now)
    taken.isRefused = report.execType == .rejected
    if taken.isRefused { taken.ended = terms.lots } else { accept(&taken, effects) }
    byClOrdID[order.account, default: [:]][order.clOrdID] = taken.id
    ordersOf[order.account, default: []].append(taken.id)
    store(taken)
  }

  private func accept(_ order: inout TwinOrder, _ effects: [Effect]) {
    if !order.isRefused { countForRate(order.terms.account, effects) }
    if order.terms.offset == .open { lines.lastOpening[order.terms.account] = now }
    order.holdPrice =
      order.terms.type == .market
      ? instruments[order.terms.instrument.index].upperLimit : order.terms.price
    let placed = place(effects, of: &order)
    // docs/ARCHITECTURE.md, decision 3: two counter orders can't promise each other anything.
    let mustBeWhole = order.terms.timeInForce == .fillOrKill || order.terms.minimumLots > 0
    if mustBeWhole, order.children.count != 1 || placed != order.terms.lots {
      complain("\(placed) of \(order.terms.lots) lots in \(order.children.count) children")
    }
    order.ended = order.terms.lots - placed
    if order.ended < 0 { complain("children of \(placed) lots for \(order.terms.lots)") }
    if order.ended > 0 { order.hasReason = true }
  }

  /// Takes in the children that a step sent for an order, or has wait; returns their lots.
  func place(_ effects: [Effect], of order: inout TwinOrder) -> Lots {
    var placed: Lots = 0
    for effect in effects {
      var isWaiting = false
      let sent: SendOrder
      switch effect {
      case .sendOrder(let child): sent = child
      case .childWaits(let waits):
        isWaiting = true
        let terms = order.terms
        sent = SendOrder(
          fundAccount: waits.fundAccount, child: waits.child, instrument: waits.instrument,
          side: terms.side, offset: waits.offset, hedge: terms.hedge, type: terms.type,
          timeInForce: terms.timeInForce, price: terms.price, lots: waits.lots,
          minimumLots: terms.minimumLots)
      default: continue
      }
      // What was known before has waited, and leaves.
      guard children[sent.child] == nil else { continue }
      placed += sent.lots
      checkSent(sent, order)
      order.children.append(sent.child)
      childrenOf[sent.fundAccount, default: []].append(sent.child)
      sequenceOfChildren.append(sent.child)
      checkMeans(sent, order)
      children[sent.child] = TwinChild(
        id: sent.child, parent: order.id, fund: sent.fundAccount, instrument: sent.instrument,
        side: sent.side, offset: sent.offset, hedge: sent.hedge, lots: sent.lots,
        holdPrice: order.holdPrice, price: sent.price, sentAt: now, held: sent.lots)
      checkBudgets(sent, order.terms)
      children[sent.child]?.budget = takeBudgetPlace(sent.fundAccount, sent.instrument)
      takeHold(child: sent.child)
      guard isWaiting else {
        countForRate(sent.fundAccount)
        continue
      }
      children[sent.child]?.state = .waiting
      children[sent.child]?.hasWaited = true
      if order.terms.offset == .open { complain("an opening order waits for its turn") }
      waits(sent.child, sent.fundAccount, isForced: order.terms.clOrdID.isForced)
    }
    return placed
  }

  /// routing.md: a child says what its parent says, goes to a fund account of the product whose
  /// link is ready, and only in net mode with another offset.
  private func checkSent(_ sent: SendOrder, _ order: TwinOrder) {
    let terms = order.terms
    let fund = funds[sent.fundAccount.index]
    let instrument = instruments[terms.instrument.index]
    let isNet =
      mode(accounts[terms.account.index].product, instrument.commodity) == .netPosition
    let isFaithful =
      sent.instrument == terms.instrument && sent.side == terms.side && sent.hedge == terms.hedge
      && sent.type == terms.type && sent.timeInForce == terms.timeInForce
      && sent.price == terms.price && sent.lots > 0 && sent.minimumLots == terms.minimumLots
    if !isFaithful { complain("child \(sent.child) says something else than its parent") }
    if fund.product != accounts[terms.account.index].product { complain("a child elsewhere") }
    if !fund.isReady { complain("a child over a link that is not ready") }
    // rules.md 0: a liquidation is exempt.
    if !terms.clOrdID.isForced, isKilled(terms.account) || isKilled(sent.fundAccount) {
      complain("child \(sent.child) in spite of a kill switch")
    }
    if !isNet, sent.offset != terms.offset, !locks(sent, terms) {
      complain("another offset without net mode or a lock")
    }
    let multiple = deliveryMultiples[instrument.commodity.index]
    if instrument.deliveryMonth == deliveryMonthNow, sent.lots % multiple != 0 {
      complain("a child of \(sent.lots) in the delivery month")
    }
  }

  /// Its last trading day is over: it waits for nothing any more.
  func hasExpired(_ instrument: InstrumentID) -> Bool {
    let known = instruments[instrument.index]
    return !known.hasStatus && known.lastTradingDay != 0 && known.lastTradingDay < day.yyyymmdd
  }

  var deliveryMonthNow: Int {
    Int(day.yyyymmdd / 10_000) * 12 + Int(day.yyyymmdd / 100 % 100)
  }

  // MARK: Cancels

  func cancelOrder(_ cancel: CancelOrder, _ effects: [Effect]) {
    guard cancel.account.index < accounts.count else { return }
    let id =
      cancel.target.isNone
      ? byClOrdID[cancel.account]?[cancel.targetClOrdID] ?? .none : cancel.target
    let order = orders[id]
    let rule: RuleID? =
      order == nil || order?.terms.account != cancel.account
      ? .unknownOrder
      : order?.leaves == 0
        ? .orderDone : order.map { isKept($0) } == true ? .liquidating : nil
    // While a day is switched the day's orders are gone bit by bit.
    guard comingDay == nil else { return }
    if let rule {
      if effects.firstReport?.refusal.rule != rule { complain("no \(rule) for a cancel") }
      return
    }
    dueCancels += requestCancel(id)
  }

  /// docs/ARCHITECTURE.md, decision 45: a terminal takes no forced order back while the liquidation
  /// runs.
  func isKept(_ order: TwinOrder) -> Bool {
    order.terms.clOrdID.isForced && isLiquidating(order.terms.account)
  }
}

extension [Effect] {
  /// A definition, setting or movement that was not taken.
  var isRefused: Bool { contains { if case .commandRefused = $0 { true } else { false } } }
  var firstReport: ExecutionReport? {
    for case .report(let report) in self { return report }
    return nil
  }
}
