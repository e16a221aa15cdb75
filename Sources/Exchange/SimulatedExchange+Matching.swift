import Domain

extension SimulatedExchange {
  /// The market of an instrument changed: working orders that it reaches are filled, the oldest
  /// at the best price first, at the market's price.
  public mutating func receive(_ tick: ExchangeTick, for instrument: InstrumentID, now: Timestamp) {
    let listing = instruments[instrument.index]
    func usable(_ price: Price) -> Bool {
      !price.isNone && Ranges.allows(price: price, multiplier: listing.multiplier)
    }
    books[instrument.index].tick = tick
    books[instrument.index].marketBid = usable(tick.bid.price) ? tick.bid : .none
    books[instrument.index].marketAsk = usable(tick.ask.price) ? tick.ask : .none
    if usable(tick.last) { books[instrument.index].last = tick.last }
    if settings.ticksSetLimits {
      if usable(tick.limitUp) { instruments[instrument.index].limitUp = tick.limitUp }
      if usable(tick.limitDown) { instruments[instrument.index].limitDown = tick.limitDown }
    }
    guard books[instrument.index].phase == .continuous else { return }
    matchMarket(instrument, .buy, now)
    matchMarket(instrument, .sell, now)
  }

  /// Opens, closes or auctions an instrument; `.unknown` = closed. What came in an auction is
  /// matched in order of arrival when continuous trading begins.
  public mutating func setPhase(
    _ phase: TradingPhase, of instrument: InstrumentID, now: Timestamp
  ) {
    let wasContinuous = books[instrument.index].phase == .continuous
    books[instrument.index].phase = phase
    guard phase == .continuous, !wasContinuous else { return }
    let entries = books[instrument.index].bids.entries + books[instrument.index].offers.entries
    books[instrument.index].bids = BookSide(isBid: true)
    books[instrument.index].offers = BookSide(isBid: false)
    for entry in entries.sorted(by: { $0.arrival < $1.arrival }) {
      match(entry.order, now)
      rest(entry.order, now)
    }
  }

  /// Fills an order that is not in the book yet with what stands against it, best price first;
  /// at the same price our accounts' orders before the rest of the market.
  mutating func match(_ place: Int, _ now: Timestamp) {
    let request = orders[place].request
    let instrument = request.instrument.index
    guard canFillEnough(place) else { return }
    while orders[place].leavesLots > 0 {
      let other = books[instrument][request.side.opposite].best
      let market = usableMarket(against: request)
      let leaves = orders[place].leavesLots
      if let other, crosses(request, orders[other.order].request.price),
        market.isNone || !isBetter(market.price, orders[other.order].request.price, request.side)
      {
        let price = orders[other.order].request.price
        trade(place, other.order, price, min(leaves, orders[other.order].leavesLots), now)
        if orders[other.order].state.isFinal {
          books[instrument][request.side.opposite].removeBest()
        }
      } else if !market.isNone {
        tradeWithMarket(place, market, now)
      } else {
        return
      }
    }
  }

  /// Puts what is left of an order into the book, or ends it when it must not wait.
  mutating func rest(_ place: Int, _ now: Timestamp) {
    guard orders[place].leavesLots > 0 else { return }
    let request = orders[place].request
    guard request.timeInForce == .day, request.type == .limit else {
      end(place, now)
      return
    }
    books[request.instrument.index][request.side].insert(
      order: place, price: request.price, arrival: orders[place].number)
  }

  mutating func takeOffBook(_ place: Int) {
    let request = orders[place].request
    books[request.instrument.index][request.side].remove(
      order: place, price: request.price, arrival: orders[place].number)
  }

  private mutating func matchMarket(_ instrument: InstrumentID, _ side: Side, _ now: Timestamp) {
    while let best = books[instrument.index][side].best {
      let market = usableMarket(against: orders[best.order].request)
      guard !market.isNone else { return }
      tradeWithMarket(best.order, market, now)
      if orders[best.order].state.isFinal { books[instrument.index][side].removeBest() }
    }
  }

  // MARK: Prices

  /// A market order crosses every price within the day's limits.
  private func crosses(_ request: OrderRequest, _ price: Price) -> Bool {
    let listing = instruments[request.instrument.index]
    let bound =
      request.type == .limit
      ? request.price : request.side == .buy ? listing.limitUp : listing.limitDown
    return bound.isNone || (request.side == .buy ? price <= bound : price >= bound)
  }

  private func isBetter(_ price: Price, _ other: Price, _ side: Side) -> Bool {
    side == .buy ? price < other : price > other
  }

  /// The rest of the market against an order, `.none` when they don't meet or nothing is left.
  private func usableMarket(against request: OrderRequest) -> BookLevel {
    let level = books[request.instrument.index].market(against: request.side)
    guard !level.isNone, level.lots > 0, crosses(request, level.price) else { return .none }
    return level
  }

  /// Whether FOK and a minimum quantity let the order trade at all.
  private func canFillEnough(_ place: Int) -> Bool {
    let order = orders[place]
    let needed: Int64
    switch order.request.timeInForce {
    case .fillOrKill: needed = Int64(order.leavesLots)
    case .immediateOrCancel: needed = Int64(order.request.minimumLots)
    case .day, .unknown: return true
    }
    let book = books[order.request.instrument.index]
    let market = usableMarket(against: order.request)
    var found: Int64 =
      market.isNone ? 0 : settings.tickLotsBound ? Int64(market.lots) : Int64.max / 2
    for entry in book[order.request.side.opposite].inPriority {
      guard found < needed, crosses(order.request, orders[entry.order].request.price) else { break }
      found += Int64(orders[entry.order].leavesLots)
    }
    return found >= needed
  }

  // MARK: Trades

  private mutating func tradeWithMarket(_ place: Int, _ market: BookLevel, _ now: Timestamp) {
    let request = orders[place].request
    let leaves = orders[place].leavesLots
    let lots = settings.tickLotsBound ? min(leaves, market.lots) : leaves
    if settings.tickLotsBound {
      books[request.instrument.index].takeMarket(against: request.side, lots)
    }
    trade(place, nil, market.price, lots, now)
  }

  /// Trades between an order and another one, or the rest of the market; in parts when the fault
  /// plan wants it.
  private mutating func trade(
    _ place: Int, _ other: Int?, _ price: Price, _ lots: Lots, _ now: Timestamp
  ) {
    let exchange = instruments[orders[place].request.instrument.index].exchange.index
    let isSelfTrade =
      other.map {
        accounts[orders[$0].account.index].tradingCodes[exchange]
          == accounts[orders[place].account.index].tradingCodes[exchange]
      } ?? false
    var part = lots
    for order in [place, other ?? place] where orders[order].decision.partLots > 0 {
      part = min(part, orders[order].decision.partLots)
    }
    var left = lots
    while left > 0 {
      let traded = min(part, left)
      left -= traded
      let number = nextTrade
      nextTrade += 1
      fill(place, number, price, traded, isSelfTrade, now)
      if let other {
        fill(other, number, price, traded, isSelfTrade, now)
      } else {
        countMarket(orders[place].request, price, traded)
      }
    }
    overFill(place, price, now)
    if let other { overFill(other, price, now) }
  }

  /// The rest of the market is an account too: what it bought, our accounts sold.
  private mutating func countMarket(_ request: OrderRequest, _ price: Price, _ lots: Lots) {
    let signed = request.side == .buy ? -Int64(lots) : Int64(lots)
    books[request.instrument.index].marketLots += signed
    books[request.instrument.index].marketBasis += signed * price.units
  }

  private mutating func overFill(_ place: Int, _ price: Price, _ now: Timestamp) {
    guard orders[place].state == .filled, orders[place].decision.overFillLots > 0 else { return }
    var lots = orders[place].decision.overFillLots
    orders[place].decision.overFillLots = 0
    if orders[place].reach != nil {
      lots = refreeze(place, atMost: lots)
    } else {
      accounts[orders[place].account.index].dayLots += Int64(lots)
    }
    guard lots > 0 else { return }
    let number = nextTrade
    nextTrade += 1
    fill(place, number, price, lots, false, now)
    countMarket(orders[place].request, price, lots)
  }

  /// A fill of one lot for a child id that the account never sent.
  mutating func reportUnknownOrder(like place: Int, _ now: Timestamp) {
    var request = orders[place].request
    request.child = OrderID(day: tradingDay, shard: 63, sequence: nextForeignOrder)
    nextForeignOrder += 1
    request.offset = .open
    request.lots = 1
    let price = request.type == .limit ? request.price : mark(request.instrument)
    let unknown = orders.count
    orders.append(
      ExchangeOrder(
        request: request, account: orders[place].account, number: nextExchangeOrder,
        state: .working, decision: FaultPlan.Decision()))
    nextExchangeOrder += 1
    accounts[orders[place].account.index].dayLots += 1
    let number = nextTrade
    nextTrade += 1
    fill(unknown, number, price, 1, false, now)
    countMarket(request, price, 1)
  }
}
