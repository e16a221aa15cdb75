import Domain
import Ledger
import MarketData
import Messages
import RiskRules
import Routing
import Storage

// The way of an order: known already? -> up to date -> check -> plan -> check -> commit. Until
// commit nothing is written, so a refusal leaves the books as they were.
extension Engine {
  mutating func newOrder(_ order: NewOrder, _ effects: inout EffectBuffer) {
    guard ledger.exists(order.account) else {
      effects.append(.commandRefused(CommandRefused(refusal: Refusal(.badCommand))))
      return
    }
    let isListed = market.exists(order.instrument)
    let commodity = isListed ? market.commodity(of: order.instrument) : .none
    let key = ClOrdKey(order.account, order.clOrdID, seed: seed)
    if isListed {
      market.prefetchInstrument(order.instrument)
      ledger.prefetchOrder(order.account, order.instrument, commodity, key)
    }
    let terms = terms(of: order)
    if isListed {
      ledger.prefetchHoldings(order.account, order.instrument, commodity)
    }
    let known = ledger.order(order.account, order.clOrdID, key)
    if known != 0 {
      answerAgain(order, known, &effects)
      return
    }
    if let refusal = unrecordable(order) {
      answer(order, .rejected, refusal, &effects)
      return
    }
    if isListed {
      ledger.prefetchBooks(
        order.account, order.instrument, commodity,
        market.instrument(order.instrument).pointee.exchange)
    }
    bringUpToDate(ledger.holder(of: order.account))
    var refusal = Refusal.none
    guard passes(UnsafePointer(terms), &refusal, &effects) else {
      refuse(terms, refusal, &effects)
      return
    }
    commit(terms, &effects)
  }

  /// The order under decision, where the rules find it.
  @inline(__always)
  func terms(of order: NewOrder) -> UnsafeMutablePointer<OrderTerms> {
    let terms = scratch.base
    terms.pointee.session = order.session
    terms.pointee.account = order.account
    terms.pointee.instrument = order.instrument
    terms.pointee.clOrdID = order.clOrdID
    terms.pointee.side = order.side
    terms.pointee.offset = order.offset
    terms.pointee.hedge = order.hedge
    terms.pointee.type = order.type
    terms.pointee.timeInForce = order.timeInForce
    terms.pointee.price = order.price
    terms.pointee.lots = order.lots
    terms.pointee.minimumLots = order.minimumLots
    return terms
  }

  /// Whether an id is an order's of the account and the current day.
  public func knows(_ account: OperationAccountID, _ clOrdID: ClOrdID) -> Bool {
    orderNumber(account, clOrdID) != 0
  }

  /// The number of an account's order of the current day by its client's id; 0 = there is none.
  public func orderNumber(_ account: OperationAccountID, _ clOrdID: ClOrdID) -> UInt32 {
    ledger.exists(account) ? ledger.order(account, clOrdID, seed: seed) : 0
  }

  /// The same id again: the same body gets the stored answer, another body is refused
  /// (design.md, "ClOrdID").
  func answerAgain(
    _ order: NewOrder, _ known: UInt32, _ effects: inout EffectBuffer
  ) {
    let finding = sameOrder(order, known)
    if finding.passes {
      var report = reportOf(known, .restated)
      report.session = order.session
      effects.append(.report(report))
    } else {
      answer(order, .rejected, finding.figures, &effects)
    }
  }

  /// Why an order can't even be recorded; nil when it can.
  func unrecordable(_ order: NewOrder) -> Refusal? {
    let ready = readyFinding()
    if !ready.passes { return ready.figures }
    let named = namedFinding(order)
    if !named.passes { return named.figures }
    let room = roomFinding()
    if !room.passes { return room.figures }
    let today = ordersTodayFinding(order)
    return today.passes ? nil : today.figures
  }

  /// Checks the order, plans it and checks the plan. Writes nothing but the plan's scratch.
  mutating func passes(
    _ terms: UnsafePointer<OrderTerms>, _ refusal: inout Refusal, _ effects: inout EffectBuffer
  ) -> Bool {
    let context = OrderContext(terms, ledger, market, now: now)
    scratchHold = context.hold
    let product = context.account.pointee.product
    if clockJump != 0 {
      let clock = clockFinding(terms)
      if !clock.passes {
        refusal = clock.figures
        return false
      }
    }
    if RuleTable.firstFailure(context, ledger, market, &refusal) { return false }
    let instrument = market.instrument(terms.pointee.instrument)
    ledger.prefetchRoots(
      product, terms.pointee.instrument, instrument.pointee.commodity,
      instrument.pointee.exchange, terms.pointee.side)
    for index in 0..<Int(ledger.product(product).pointee.fundAccountCount) {
      bringUpToDate(
        ledger.holder(of: ledger.product(product).pointee.fundAccounts[index]))
    }
    forgetIgnored()
    if context.holder.pointee.isInSchemes, breaksScheme(context, &refusal) {
      return false
    }
    Planner.plan(
      routeRequest(context, product), into: &plan, seed: seed, ledger, market)
    guard plan.childCount > 0 else {
      refusal = plan.refusal
      reportDeclines(order: .none, &effects)
      return false
    }
    let room = childrenFinding(terms)
    if !room.passes {
      refusal = room.figures
      return false
    }
    return true
  }

  /// All of a new order, to be placed at the fund accounts of a product.
  @inline(__always)
  func routeRequest(_ context: OrderContext, _ product: ProductID) -> RouteRequest {
    RouteRequest(
      order: context.order, product: product, holdPrice: context.holdPrice, hold: context.hold,
      rates: context.rates, lots: context.order.pointee.lots,
      orderSequence: UInt64(ledger.orderCount + 1), excluded: 0, now: context.now)
  }

  /// Room for an order's records. Opening keeps lot nodes back, so that fills always find one.
  func hasRoom(for terms: UnsafePointer<OrderTerms>, children: Int) -> Bool {
    guard ledger.freeChildren >= children, hasRoomForPositions(terms, children: children) else {
      return false
    }
    return terms.pointee.offset != .open
      || ledger.freeLots > ledger.capacities.lots / 16
  }

  /// Whether the position records that the order and its planned children lack can be made. An
  /// exit lacks none where it closes: a full table does not hold it up.
  private func hasRoomForPositions(_ terms: UnsafePointer<OrderTerms>, children: Int) -> Bool {
    let instrument = terms.pointee.instrument
    // The usual case: room for all of them, whether they are there or not.
    if ledger.hasRoomForPositions(instrument, children + 1, figures: children + 1) { return true }
    let commodity = market.instrument(instrument).pointee.commodity
    var positions = 0
    var figures = 0
    for index in -1..<children {
      let holder =
        index < 0
        ? ledger.holder(of: terms.pointee.account)
        : ledger.holder(of: plan.child(index).pointee.fundAccount)
      if ledger.position(holder, instrument, terms.pointee.hedge) == 0 { positions += 1 }
      if ledger.figuresNumber(holder, commodity) == 0 { figures += 1 }
    }
    return ledger.hasRoomForPositions(instrument, positions, figures: figures)
  }

  mutating func refuse(
    _ terms: UnsafeMutablePointer<OrderTerms>, _ refusal: Refusal,
    _ effects: inout EffectBuffer
  ) {
    let number = ledger.addOrder(
      terms.pointee, state: .rejected, refusal: refusal, at: now, day: market.tradingDay,
      shard: shard, seed: seed)
    send(.rejected, of: number, &effects)
  }

  /// Records the order, takes every hold and sends the children: all that is written.
  mutating func commit(
    _ terms: UnsafeMutablePointer<OrderTerms>, _ effects: inout EffectBuffer
  ) {
    let instrument = market.instrument(terms.pointee.instrument)
    let price =
      terms.pointee.type == .market ? instrument.pointee.upperLimit : terms.pointee.price
    let number = ledger.addOrder(
      terms.pointee, state: .accepted, refusal: .none, at: now, day: market.tradingDay,
      shard: shard, seed: seed)
    prepareScheme(terms)
    ledger.takeHold(order: number, instrument, price: price, hold: scratchHold)
    let left = terms.pointee.lots - plan.placed
    if left > 0 { ledger.end(order: number, instrument, lots: left, refusal: plan.refusal) }
    send(.new, of: number, &effects)
    sendPlan(of: number, &effects)
    if terms.pointee.offset == .open { ledger.countOpening(terms.pointee.account, at: now) }
    ledger.prefetchRecords()
    tellIgnored(number, &effects)
    if left > 0 {
      notice(
        .unsentLots, &effects, rule: plan.refusal.rule, scope: .operationAccount,
        scopeID: terms.pointee.account.raw, order: ledger.order(number).pointee.id,
        observed: Int64(left), limit: Int64(terms.pointee.lots))
      reportDeclines(order: ledger.order(number).pointee.id, &effects)
    }
    if ledger.countForOrderRate(terms.pointee.account, at: now) {
      let account = ledger.account(terms.pointee.account)
      notice(
        .orderRateBar, &effects, rule: .orderRate, scope: .operationAccount,
        scopeID: terms.pointee.account.raw, observed: account.pointee.orderRateCount,
        limit: account.pointee.orderRateWindowMilliseconds)
    }
  }

  /// Adds the planned children of a parent and sends them.
  mutating func sendPlan(of number: UInt32, _ effects: inout EffectBuffer) {
    let order = ledger.order(number)
    let instrument = market.instrument(order.pointee.instrument)
    for index in 0..<plan.childCount {
      let planned = plan.child(index)
      let childNumber = ledger.addChild(
        of: number, at: planned.pointee.fundAccount, offset: planned.pointee.offset,
        lots: planned.pointee.lots, instrument, hold: planned.pointee.hold, time: now,
        day: market.tradingDay, shard: shard)
      let child = ledger.child(childNumber)
      if planned.pointee.crosses {
        notice(
          .selfTradeClose, &effects, rule: .selfTrade, scope: .fundAccount,
          scopeID: planned.pointee.fundAccount.raw, order: child.pointee.id)
      }
      if planned.pointee.offset == .open, order.pointee.offset.isClosing,
        market.isInDeliveryMonth(instrument)
      {
        notice(
          .deliveryMonthNet, &effects, rule: .deliveryMonth, scope: .fundAccount,
          scopeID: planned.pointee.fundAccount.raw, order: child.pointee.id)
      }
      sendOrWait(childNumber, &effects)
    }
  }

  /// Says of each fund account why it could not take (all of) what it was asked for.
  mutating func reportDeclines(order: OrderID, _ effects: inout EffectBuffer) {
    for index in 0..<plan.candidateCount {
      let candidate = plan.candidates.at(index)
      guard !candidate.pointee.refusal.isNone else { continue }
      notice(
        .fundAccountDeclined, &effects, rule: candidate.pointee.refusal.rule,
        scope: .fundAccount, scopeID: candidate.pointee.fundAccount.raw, order: order,
        observed: candidate.pointee.refusal.observed, limit: candidate.pointee.refusal.limit)
    }
  }
}
