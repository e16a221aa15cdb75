import Domain
import Ledger
import MarketData
import Messages
import RiskRules
import Routing
import Storage

// Forced orders: closing orders of the account, made here. Structure and over-close bind them, and
// nothing else (rules.md 0); they are sliced to the size limits and the delivery multiple.
extension Engine {
  /// What a forced order would be priced at now: on the tick, within the day's limits; none when
  /// nothing is known to price it by.
  func forcedPrice(_ instrument: UnsafePointer<InstrumentRecord>, _ side: Side) -> Price {
    let isSale = side == .sell
    let limit = isSale ? instrument.pointee.lowerLimit : instrument.pointee.upperLimit
    let tick = instrument.pointee.tick
    var price: Price
    switch platform.liquidationPrice {
    case .counterpartyBest, .unknown:
      price = isSale ? instrument.pointee.bid : instrument.pointee.ask
      if price.isNone { price = limit }
    case .limit: price = limit
    case .last:
      price = instrument.pointee.last
      guard !price.isNone else { return .none }
      price.units += (isSale ? -1 : 1) * platform.liquidationTicks * tick
    }
    guard !price.isNone else { return .none }
    func down(_ price: Price) -> Int64 { price.units.flooredQuotient(tick) * tick }
    func up(_ price: Price) -> Int64 { -(-price.units).flooredQuotient(tick) * tick }
    var units = isSale ? down(price) : up(price)
    if !instrument.pointee.lowerLimit.isNone, units < instrument.pointee.lowerLimit.units {
      units = up(instrument.pointee.lowerLimit)
    }
    if !instrument.pointee.upperLimit.isNone, units > instrument.pointee.upperLimit.units {
      units = down(instrument.pointee.upperLimit)
    }
    return Price(units: units)
  }

  /// Closes a side of a position as far as no order closes it yet: today's lots and yesterday's by
  /// their own offsets where the exchange keeps them apart. False when it has to go on in another
  /// step.
  mutating func close(
    _ position: UInt32, _ side: PositionSide, _ units: inout Int, _ effects: inout EffectBuffer
  ) -> Bool {
    let account = liquidationLook.account
    guard ledger.liquidationPhase(account) == .closing else { return true }
    // A round is over before the next one begins.
    let isRound = ledger.liquidation(account).pointee.extent == .toLine
    if isRound, liquidationLook.forced > 0 { return true }
    let instrument = market.instrument(ledger.position(position).pointee.instrument)
    // What will not trade again is left: to wait for it would be to wait for ever.
    if market.hasExpired(instrument) { return true }
    guard instrument.pointee.separatesToday else {
      return close(position, side, .close, isRound: isRound, &units, &effects)
    }
    return close(position, side, .closeYesterday, isRound: isRound, &units, &effects)
      && close(position, side, .closeToday, isRound: isRound, &units, &effects)
  }

  private mutating func close(
    _ position: UInt32, _ side: PositionSide, _ offset: Offset, isRound: Bool,
    _ units: inout Int, _ effects: inout EffectBuffer
  ) -> Bool {
    let instrument = market.instrument(ledger.position(position).pointee.instrument)
    let (unit, least, most) = slices(of: instrument)
    while true {
      let closable = ledger.position(position).pointee.side(side).closable(
        offset, separatesToday: instrument.pointee.separatesToday)
      var wanted = min(closable, most)
      if isRound { wanted = min(wanted, max(closable / 10, least)) }
      wanted = wanted / unit * unit
      guard wanted >= least else { return true }
      guard isRound || units > 0 && effects.hasRoom(for: 512) else { return false }
      guard sendForced(position, side, offset, wanted, &effects) else { return true }
      units -= 1 + plan.childCount
      if isRound { return true }
    }
  }

  /// What forced orders come in: multiples of `unit`, from `least` to `most` lots.
  func slices(
    of instrument: UnsafePointer<InstrumentRecord>
  ) -> (unit: Lots, least: Lots, most: Lots) {
    let unit =
      market.isInDeliveryMonth(instrument) ? max(instrument.pointee.deliveryMultiple, 1) : 1
    let units = (max(instrument.pointee.minimumLimitLots, 1) + unit - 1) / unit
    return (unit, units * unit, sliceMaximum(instrument, unit, least: units * unit))
  }

  /// Most lots of one forced order: the exchange's, and the account's own in the commodity. What
  /// would allow less than the least does not bind: an exit is never stuck.
  private func sliceMaximum(
    _ instrument: UnsafePointer<InstrumentRecord>, _ unit: Lots, least: Lots
  ) -> Lots {
    var most = Int64(instrument.pointee.maximumLimitLots)
    let own = ledger.orderSize(liquidationLook.account, instrument.pointee.commodity).lots
    if own != .min, own >= Int64(least) { most = min(most, own) }
    return Lots(most) / unit * unit
  }

  /// Sends a forced order and counts it in the look; false when it is kept back, and the look knows
  /// the first rule that did so. What history did not send is kept back by none.
  mutating func sendForced(
    _ position: UInt32, _ side: PositionSide, _ offset: Offset, _ lots: Lots,
    _ effects: inout EffectBuffer
  ) -> Bool {
    let terms = forcedTerms(position, side, offset, lots)
    let rule = judgeForced(terms)
    guard history.isFollowed ? planRecordedOrder(terms) : rule == .none else {
      if liquidationLook.waits == .none { liquidationLook.waits = rule }
      return false
    }
    commitForced(terms, &effects)
    liquidationLook.sent += 1
    liquidationLook.lotsWorking += terms.pointee.lots
    return true
  }

  private func forcedTerms(
    _ number: UInt32, _ side: PositionSide, _ offset: Offset, _ lots: Lots
  ) -> UnsafeMutablePointer<OrderTerms> {
    let position = ledger.position(number)
    let account = liquidationLook.account
    let terms = scratch.base
    terms.pointee.session = .none
    terms.pointee.account = account
    terms.pointee.instrument = position.pointee.instrument
    terms.pointee.clOrdID = ClOrdID(
      forcedBy: ledger.liquidation(account).pointee.number,
      sequence: UInt64(ledger.orderCount + 1))
    terms.pointee.side = side == .long ? .sell : .buy
    terms.pointee.offset = offset
    terms.pointee.hedge = position.pointee.hedge
    terms.pointee.type = .limit
    terms.pointee.timeInForce = .day
    terms.pointee.price = forcedPrice(
      market.instrument(position.pointee.instrument), terms.pointee.side)
    terms.pointee.lots = lots
    terms.pointee.minimumLots = 0
    return terms
  }

  /// Plans a forced order, for as many lots as find a place now; the rule that keeps all of it
  /// back, none when nothing does.
  private mutating func judgeForced(_ terms: UnsafeMutablePointer<OrderTerms>) -> RuleID {
    guard now >= ledger.liquidation(terms.pointee.account).pointee.notBefore else {
      return .counterRefused
    }
    guard !terms.pointee.price.isNone else { return .marketDataMissing }
    guard ledger.hasRoomForOrder else { return .capacity }
    let context = OrderContext(UnsafePointer(terms), ledger, market, now: now)
    for rule in RuleTable.forcedOrder
    where !RuleTable.evaluate(rule, context, ledger, market).passes {
      return rule
    }
    scratchHold = context.hold
    let product = context.account.pointee.product
    for index in 0..<Int(ledger.product(product).pointee.fundAccountCount) {
      bringUpToDate(ledger.holder(of: ledger.product(product).pointee.fundAccounts[index]))
    }
    var request = routeRequest(context, product)
    request.isForced = true
    Planner.plan(request, into: &plan, seed: seed, ledger, market)
    if plan.placed < terms.pointee.lots {
      // In net mode an exit may open at the counter, where more limits bind; they are for those who
      // want in.
      request.isExempt = true
      Planner.plan(request, into: &plan, seed: seed, ledger, market)
    }
    guard plan.childCount > 0 else { return plan.refusal.rule }
    guard hasRoom(for: UnsafePointer(terms), children: plan.childCount) else { return .capacity }
    if plan.placed < terms.pointee.lots {
      // The rest is another order's, when it finds a place.
      terms.pointee.lots = plan.placed
      scratchHold = OrderContext(UnsafePointer(terms), ledger, market, now: now).hold
    }
    return .none
  }

  /// Records a forced order, takes every hold and sends its children.
  mutating func commitForced(
    _ terms: UnsafeMutablePointer<OrderTerms>, _ effects: inout EffectBuffer
  ) {
    let instrument = market.instrument(terms.pointee.instrument)
    let number = ledger.addOrder(
      terms.pointee, state: .accepted, refusal: .none, at: now, day: market.tradingDay,
      shard: shard, seed: seed)
    ledger.takeHold(
      order: number, instrument, price: terms.pointee.price, hold: scratchHold)
    send(.new, of: number, &effects)
    sendPlan(of: number, &effects)
    ledger.changeLiquidation(terms.pointee.account) { $0.pointee.orders += 1 }
  }
}
