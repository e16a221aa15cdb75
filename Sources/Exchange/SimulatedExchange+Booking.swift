import Domain

/// Holds, fills, fees and reports: the only writers of an account's money and lots.
extension SimulatedExchange {
  // MARK: Holds

  /// Margin and fee of an opening order, at its price; of a market order at limit-up
  /// (decisions 2). An option that is bought takes its premium instead of margin.
  func openingHold(_ request: OrderRequest, lots: Lots, account: FundAccountID) -> Money {
    let instrument = instruments[request.instrument.index]
    let rates = rates(request.instrument, account.index)
    let price = request.type == .limit ? request.price : instrument.limitUp
    let side = PositionSide(side: request.side, offset: .open)
    let basis = price.units * Int64(lots)
    guard
      let margin = rates.margin(
        side, basis: basis, multiplier: instrument.multiplier, lots: Int64(lots)),
      let fee = rates.fee(
        rates.feeOpen, basis: basis, multiplier: instrument.multiplier,
        lots: Int64(lots))
    else { preconditionFailure("an order in range has a margin and a fee in range") }
    guard instrument.option != nil, request.side == .buy else { return margin + fee }
    return Money(units: abs(basis * instrument.multiplier)) + fee
  }

  /// The account's own rates of an instrument, else the instrument's. An option has fees of its own
  /// and its underlying's margin.
  func rates(_ instrument: InstrumentID, _ account: Int) -> RateSet {
    let listed = instruments[instrument.index]
    let own = accounts[account].rates[instrument] ?? listed.rates
    guard let option = listed.option else { return own }
    let future = instruments[option.underlying.index]
    let margin = OptionMargin(
      option: option.option, strike: option.strike, multiplier: listed.multiplier,
      premium: listed.priorSettlement, underlying: future.priorSettlement)
    let rate = accounts[account].rates[option.underlying] ?? future.rates
    return own.ofOption(shortLot: margin.perLot(rate.marginShort))
  }

  /// The premium of a fill of an option: cash of the account.
  private mutating func pay(_ request: OrderRequest, _ price: Price, _ lots: Lots, _ account: Int) {
    let instrument = instruments[request.instrument.index]
    guard instrument.option != nil else { return }
    let amount = Money(units: price.units * Int64(lots) * instrument.multiplier)
    accounts[account].premium += request.side == .sell ? amount : -amount
  }

  /// An accepted order holds money to open or lots to close.
  mutating func hold(_ place: Int) {
    let order = orders[place]
    let account = order.account.index
    declare(place)
    if let reach = order.reach {
      let side = PositionSide(side: order.request.side, offset: order.request.offset)
      let position = accounts[account].makePosition(
        order.request.instrument, side, order.request.hedge)
      accounts[account].positions[position].freeze(order.request.lots, reach)
    } else {
      accounts[account].dayLots += Int64(order.request.lots)
      setHold(place, openingHold(order.request, lots: order.request.lots, account: order.account))
    }
  }

  /// The exchange's fee for an order or its cancel.
  mutating func declare(_ place: Int) {
    let order = orders[place]
    accounts[order.account.index].fees +=
      instruments[order.request.instrument.index].declarationFee
  }

  private mutating func setHold(_ place: Int, _ amount: Money) {
    accounts[orders[place].account.index].frozen += amount - orders[place].hold
    orders[place].hold = amount
  }

  /// What is left of an order is given up: its hold is released, its account told.
  mutating func end(_ place: Int, _ now: Timestamp) {
    let order = orders[place]
    let account = order.account.index
    if let reach = order.reach {
      let side = PositionSide(side: order.request.side, offset: order.request.offset)
      let position = accounts[account].makePosition(
        order.request.instrument, side, order.request.hedge)
      accounts[account].positions[position].release(order.leavesLots, reach)
    } else {
      accounts[account].dayLots -= Int64(order.leavesLots)
      setHold(place, .zero)
    }
    orders[place].state = .cancelled
    report(.cancelled, place, now)
  }

  /// Freezes lots for a fill beyond a closing order's own; how many there were.
  mutating func refreeze(_ place: Int, atMost lots: Lots) -> Lots {
    let request = orders[place].request
    let account = orders[place].account.index
    let side = PositionSide(side: request.side, offset: request.offset)
    guard let reach = orders[place].reach,
      let position = accounts[account].position(request.instrument, side, request.hedge)
    else { return 0 }
    let found = min(lots, accounts[account].positions[position].available(reach))
    accounts[account].positions[position].freeze(found, reach)
    return found
  }

  // MARK: Fills

  mutating func fill(
    _ place: Int, _ number: UInt64, _ price: Price, _ lots: Lots, _ isSelfTrade: Bool,
    _ now: Timestamp
  ) {
    let request = orders[place].request
    if orders[place].reach == nil {
      open(place, price, lots)
    } else {
      close(place, price, lots)
    }
    orders[place].filledLots += lots
    let left = request.lots - orders[place].filledLots
    orders[place].state = left > 0 ? .partlyFilled : .filled
    if orders[place].reach == nil {
      setHold(
        place, left > 0 ? openingHold(request, lots: left, account: orders[place].account) : .zero)
    }
    let trade = Trade(
      number: number, instrument: request.instrument, side: request.side, offset: request.offset,
      hedge: request.hedge, price: price, lots: lots, isSelfTrade: isSelfTrade)
    report(.trade(trade), place, now)
  }

  private mutating func open(_ place: Int, _ price: Price, _ lots: Lots) {
    let request = orders[place].request
    let account = orders[place].account.index
    let side = PositionSide(side: request.side, offset: .open)
    let position = accounts[account].makePosition(request.instrument, side, request.hedge)
    accounts[account].positions[position].open(lots, at: price)
    setMargin(account, position)
    pay(request, price, lots, account)
    let rates = rates(request.instrument, account)
    book(rates.feeOpen, orders[place], price, lots)
  }

  private mutating func close(_ place: Int, _ price: Price, _ lots: Lots) {
    let request = orders[place].request
    let account = orders[place].account.index
    let side = PositionSide(side: request.side, offset: request.offset)
    let position = accounts[account].makePosition(request.instrument, side, request.hedge)
    let closed = accounts[account].positions[position].close(
      lots, orders[place].reach ?? .any)
    setMargin(account, position)
    let instrument = instruments[request.instrument.index]
    pay(request, price, lots, account)
    if instrument.option == nil {
      let profit = (price.units * Int64(lots) - closed.markBasis) * side.sign
      accounts[account].closeProfit.units += profit * instrument.multiplier
    }
    // One fill rounds once, whatever days its lots are of (decisions 5).
    guard
      let fee = rates(request.instrument, account).closingFee(
        price: price, multiplier: instrument.multiplier, today: closed.todayLots,
        yesterday: closed.yesterdayLots)
    else { preconditionFailure("a fill in range has a fee in range") }
    accounts[account].fees += fee
  }

  private mutating func book(
    _ rate: TwoPartRate, _ order: ExchangeOrder, _ price: Price, _ lots: Lots
  ) {
    guard lots > 0 else { return }
    let instrument = instruments[order.request.instrument.index]
    guard
      let fee = instrument.rates.fee(
        rate, basis: price.units * Int64(lots), multiplier: instrument.multiplier,
        lots: Int64(lots))
    else { preconditionFailure("a fill in range has a fee in range") }
    accounts[order.account.index].fees += fee
  }

  /// Margin of a position: today's lots at their open prices, others at the prior settlement; of
  /// options all at prior settlements.
  mutating func setMargin(_ account: Int, _ place: Int) {
    let position = accounts[account].positions[place]
    let instrument = instruments[position.instrument.index]
    guard
      let margin = rates(position.instrument, account).margin(
        position.side, basis: position.markBasis, multiplier: instrument.multiplier,
        lots: Int64(position.lots))
    else { preconditionFailure("a position in range has a margin in range") }
    accounts[account].margin += margin - position.margin
    accounts[account].positions[place].margin = margin
  }

  /// Lots that an account holds at the day's start.
  mutating func carry(_ holding: CounterAccountTerms.Holding, account: Int) {
    precondition(holding.instrument.index < instruments.count, "what is held is listed")
    precondition(
      holding.lots > 0 && holding.side != .unknown && holding.hedge != .unknown,
      "a holding has lots, a side and a hedge flag")
    accounts[account].dayLots += Int64(holding.lots)
    precondition(
      accounts[account].dayLots <= Int64(Ranges.holderLotsMaximum), "a holder's lots are in range")
    let place = accounts[account].makePosition(holding.instrument, holding.side, holding.hedge)
    accounts[account].positions[place].carry(
      holding.lots, openPrice: holding.openPrice,
      markPrice: holding.markPrice.isNone
        ? instruments[holding.instrument.index].priorSettlement : holding.markPrice)
    setMargin(account, place)
  }

  // MARK: Reports

  mutating func report(_ body: CounterReport.Body, _ place: Int, _ now: Timestamp) {
    let order = orders[place]
    report(
      body, account: order.account, child: order.request.child, exchangeOrder: order.number,
      filled: order.filledLots, leaves: order.leavesLots, now: now, decision: order.decision)
  }

  mutating func report(
    _ body: CounterReport.Body, account: FundAccountID, child: OrderID, exchangeOrder: UInt64,
    filled: Lots, leaves: Lots, now: Timestamp,
    decision: FaultPlan.Decision = FaultPlan.Decision()
  ) {
    let report = CounterReport(
      sequence: accounts[account.index].lastSequence + 1, time: now, child: child,
      exchangeOrder: exchangeOrder, filledLots: filled, leavesLots: leaves, body: body)
    accounts[account.index].append(
      report, deliverAt: now.adding(nanoseconds: decision.delayNanoseconds),
      copies: decision.copies)
    if !touched.contains(account) { touched.append(account) }
  }
}
