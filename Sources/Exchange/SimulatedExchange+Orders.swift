import Domain

/// What the counter does with a message, besides the reports it makes.
public enum OrderAnswer: Equatable, Sendable {
  /// Processed; the account's reports say the rest.
  case reported
  /// Dropped without a word: it came over a link that a newer login replaced.
  case fenced
  /// The counter has an order of this id: this is how it stands, nothing was placed.
  case alreadyKnown(OrderStatus)
  /// The fault plan holds it back until `nextDeadline`.
  case heldBack
  /// The fault plan cuts the link, before or after the order was processed.
  case linkCut
}

extension SimulatedExchange {
  /// A child order comes in over the link of `epoch`.
  public mutating func insert(
    _ request: OrderRequest, account: FundAccountID, epoch: UInt64, now: Timestamp
  ) -> OrderAnswer {
    guard accounts[account.index].epoch == epoch else { return .fenced }
    if let known = knownStatus(of: request.child, account: account) { return .alreadyKnown(known) }
    let decision = faults.decide(account)
    if decision.dropsBefore { return .linkCut }
    if decision.lateNanoseconds > 0 {
      holdBack(
        LateOrder(
          due: now.adding(nanoseconds: decision.lateNanoseconds), account: account, epoch: epoch,
          request: request, decision: decision))
      return decision.dropsAfter ? .linkCut : .heldBack
    }
    process(request, account, decision, now)
    return decision.dropsAfter ? .linkCut : .reported
  }

  /// An order that reaches the counter by another way than the account's link: its reports carry
  /// no child id, as those of an order typed at the broker's own terminal.
  public mutating func insertForeign(
    _ request: OrderRequest, account: FundAccountID, now: Timestamp
  ) {
    var foreign = request
    foreign.child = .none
    process(foreign, account, FaultPlan.Decision(), now)
  }

  /// A cancel comes in over the link of `epoch`.
  public mutating func cancel(
    _ child: OrderID, account: FundAccountID, epoch: UInt64, now: Timestamp
  ) -> OrderAnswer {
    guard accounts[account.index].epoch == epoch else { return .fenced }
    var refusal: CounterError?
    let place = accounts[account.index].orders[child.raw]
    if !accounts[account.index].countMessage(at: now) {
      refusal = .messageQuota
    } else if let place {
      refusal = orders[place].state.isFinal ? .orderDone : nil
    } else {
      refusal = .orderNotFound
    }
    if let refusal {
      let status = place.map { orders[$0].status }
      report(
        .cancelRejected(refusal), account: account, child: child,
        exchangeOrder: status?.exchangeOrder ?? 0, filled: status?.filledLots ?? 0,
        leaves: status?.leavesLots ?? 0, now: now)
    } else if let place {
      takeOffBook(place)
      if orders[place].request.timeInForce == .day { declare(place) }
      end(place, now)
    }
    return .reported
  }

  /// Processes held-back orders that are due by now.
  public mutating func advance(to now: Timestamp) {
    while let late = lateOrders.first, late.due <= now {
      lateOrders.removeFirst()
      guard accounts[late.account.index].epoch == late.epoch,
        knownStatus(of: late.request.child, account: late.account) == nil
      else { continue }
      process(late.request, late.account, late.decision, late.due)
    }
  }

  private mutating func holdBack(_ late: LateOrder) {
    let place = lateOrders.firstIndex { late.due < $0.due } ?? lateOrders.count
    lateOrders.insert(late, at: place)
  }

  // MARK: Taking an order

  private mutating func process(
    _ request: OrderRequest, _ account: FundAccountID, _ decision: FaultPlan.Decision,
    _ now: Timestamp
  ) {
    let refusal = decision.refuses ? .refusedByPlan : check(request, account, now)
    var order = ExchangeOrder(
      request: request, account: account, number: 0,
      state: refusal.map { .rejected($0) } ?? .working, decision: decision)
    if refusal == nil {
      order.number = nextExchangeOrder
      nextExchangeOrder += 1
      if request.offset.isClosing { order.reach = reach(of: request) }
    }
    let place = orders.count
    orders.append(order)
    if !request.child.isNone {
      accounts[account.index].orders[request.child.raw] = place
      accounts[account.index].orderSequence.append(place)
    }
    guard refusal == nil else {
      report(.rejected(refusal ?? .badField), place, now)
      return
    }
    hold(place)
    if !decision.tradesFirst { report(.accepted, place, now) }
    if books[request.instrument.index].phase == .continuous { match(place, now) }
    if decision.tradesFirst, orders[place].filledLots == 0 { report(.accepted, place, now) }
    rest(place, now)
    if decision.unknownOrder { reportUnknownOrder(like: place, now) }
  }

  /// Why the order is not taken; nil when it is. The first reason counts.
  private mutating func check(
    _ request: OrderRequest, _ account: FundAccountID, _ now: Timestamp
  ) -> CounterError? {
    guard accounts[account.index].countMessage(at: now) else { return .messageQuota }
    guard request.side != .unknown, request.offset != .unknown, request.hedge != .unknown,
      request.type != .unknown, request.timeInForce != .unknown
    else { return .badField }
    guard !request.instrument.isNone else { return .unknownInstrument }
    guard
      request.minimumLots == 0
        || (request.timeInForce == .immediateOrCancel && request.minimumLots > 0
          && request.minimumLots <= request.lots)
    else { return .badField }
    if let refusal = checkTerms(request) { return refusal }
    return request.offset.isClosing
      ? checkPosition(request, account) : checkFunds(request, account)
  }

  /// Lots, price and hours against the instrument's.
  private func checkTerms(_ request: OrderRequest) -> CounterError? {
    let instrument = instruments[request.instrument.index]
    let phase = books[request.instrument.index].phase
    switch request.type {
    case .market:
      guard let lots = instrument.marketLots else { return .marketOrderNotTaken }
      guard lots.contains(request.lots) else { return .badLots }
      guard phase == .continuous else { return .notTrading }
      guard !instrument.limitUp.isNone, !instrument.limitDown.isNone else { return .noLimitPrice }
    case .limit:
      guard instrument.limitLots.contains(request.lots) else { return .badLots }
      guard Ranges.allows(price: request.price, multiplier: instrument.multiplier) else {
        return .badField
      }
      guard request.price.units % instrument.tick == 0 else { return .offTickPrice }
      guard instrument.limitUp.isNone || request.price <= instrument.limitUp,
        instrument.limitDown.isNone || request.price >= instrument.limitDown
      else { return .outsideLimits }
      guard phase == .continuous || (phase == .auction && request.timeInForce == .day) else {
        return .notTrading
      }
    case .unknown: return .badField
    }
    return nil
  }

  private func checkPosition(_ request: OrderRequest, _ account: FundAccountID) -> CounterError? {
    let state = accounts[account.index]
    let side = PositionSide(side: request.side, offset: request.offset)
    let reach = reach(of: request)
    let available =
      state.position(request.instrument, side, request.hedge)
      .map { state.positions[$0].available(reach) } ?? 0
    guard request.lots > available else { return nil }
    switch reach {
    case .any: return .overClose
    case .today: return .overCloseToday
    case .yesterday: return .overCloseYesterday
    }
  }

  private func checkFunds(_ request: OrderRequest, _ account: FundAccountID) -> CounterError? {
    let used = accounts[account.index].dayLots + Int64(request.lots)
    guard used <= Int64(Ranges.holderLotsMaximum) else { return .positionLimit }
    let needed = openingHold(request, lots: request.lots, account: account)
    return funds(of: account).available < needed ? .insufficientFunds : nil
  }

  /// Which lots a closing order takes: SHFE and INE go by the offset, others take the oldest
  /// (decisions 3).
  private func reach(of request: OrderRequest) -> CounterPosition.Reach {
    guard instruments[request.instrument.index].exchange.separatesToday else { return .any }
    return request.offset == .closeToday ? .today : .yesterday
  }
}
