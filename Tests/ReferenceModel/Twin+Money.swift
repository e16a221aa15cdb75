import Domain
import Messages

/// What an order or a child still holds.
struct TwinHold: Equatable {
  var margin: Int64 = 0
  var fee: Int64 = 0
  var value: Int64 = 0
  /// Of an option that is bought: what it would pay.
  var premium: Int64 = 0
}

/// Lots that can still fill: a parent's at its account, a child's at its fund account.
struct TwinWork {
  var place: TwinPlace
  var offset: Offset
  var lots: Lots
  var hold: TwinHold
}

extension Twin {
  /// decisions 2 and 4: at the limit price (a market order's limit-up); a close freezes the dearer
  /// fee where both kinds of lots can be reached, and no margin.
  func hold(
    _ rates: RateSet?, _ place: TwinPlace, _ offset: Offset, price: Price, lots: Lots
  ) -> TwinHold {
    guard lots > 0, !price.isNone, let rates else { return TwinHold() }
    let instrument = instruments[place.instrument.index]
    let basis = price.units * Int64(lots)
    func fee(_ rate: TwoPartRate) -> Int64 {
      roundedUp(
        amount(rate, basis: basis, instrument.multiplier, lots: Int64(lots)),
        to: Money.unitsPerFen)
    }
    switch offset {
    case .open:
      let value = Int64(basis.magnitude) * instrument.multiplier
      let isPaid = instrument.option != nil && place.side == .long
      return TwinHold(
        margin: margin(rates, place, basis: basis, lots: Int64(lots)), fee: fee(rates.feeOpen),
        value: value, premium: isPaid ? value : 0)
    case .closeToday where instrument.separatesToday:
      return TwinHold(fee: fee(rates.feeCloseToday))
    case .close where instrument.separatesToday, .closeYesterday where instrument.separatesToday:
      return TwinHold(fee: fee(rates.feeClose))
    case .close, .closeToday, .closeYesterday, .unknown:
      return TwinHold(fee: max(fee(rates.feeClose), fee(rates.feeCloseToday)))
    }
  }

  func hold(_ order: TwinOrder) -> TwinHold {
    hold(
      order.holdRates, order.terms.place, order.terms.offset,
      price: order.holdPrice, lots: order.leaves)
  }

  func hold(_ child: TwinChild) -> TwinHold {
    hold(child.holdRates, place(child), child.offset, price: child.holdPrice, lots: child.held)
  }

  func place(_ child: TwinChild) -> TwinPlace {
    TwinPlace(
      child.instrument, PositionSide(side: child.side, offset: child.offset), child.hedge)
  }

  /// Everything of a holder that can still fill.
  func working(_ holder: TwinHolder) -> [TwinWork] {
    switch holder {
    case .account(let id):
      return (ordersOf[id] ?? []).compactMap { number in
        guard let order = orders[number], order.leaves > 0 else { return nil }
        return TwinWork(
          place: order.terms.place, offset: order.terms.offset, lots: order.leaves,
          hold: hold(order))
      }
    case .fund(let id):
      return (childrenOf[id] ?? []).compactMap { number in
        guard let child = children[number], child.held > 0 else { return nil }
        return TwinWork(
          place: place(child), offset: child.offset, lots: child.held, hold: hold(child))
      }
    }
  }

  /// rules.md 3a, all of it anew.
  public func money(_ holder: TwinHolder) -> TwinMoney {
    var money = TwinMoney()
    let cash = cash[holder] ?? TwinCash()
    money.openingEquity = cash.openingEquity
    money.netDepositsEver = cash.netDepositsEver
    money.allowedLossEver = cash.allowedLossEver
    money.rangeLots = positions.heldAtStart[holder] ?? 0
    for booking in positions.today[holder] ?? [] {
      let value =
        Int64(booking.price.units.magnitude) * Int64(booking.taken)
        * instruments[booking.place.instrument.index].multiplier
      money.closeProfit += booking.closeProfit
      money.fees += booking.fee
      if booking.offset.isClosing {
        money.closedValue += value
      } else {
        if booking.earlierMark == nil { money.openedValue += value }
        money.rangeLots += Int64(booking.lots)
      }
    }
    for declaration in declarations where declaration.holder == holder {
      money.fees += declaration.fee
    }
    var margins: [CommodityID: (long: Int64, short: Int64)] = [:]
    for (place, lots) in positions.lots[holder] ?? [:] {
      let instrument = instruments[place.instrument.index]
      var basis: Int64 = 0
      var held: Int64 = 0
      for lot in lots {
        held += Int64(lot.lots)
        basis += lot.cost.units * Int64(lot.lots)
        if !instrument.mark.isNone, instrument.option == nil {
          money.positionProfit +=
            (instrument.mark.units - lot.cost.units) * Int64(lot.lots) * instrument.multiplier
            * place.side.sign
        }
      }
      money.heldLots += held
      let margin = margin(holder, place, basis: basis, lots: held)
      var sides = margins[instrument.commodity] ?? (0, 0)
      if place.side == .long { sides.long += margin } else { sides.short += margin }
      margins[instrument.commodity] = sides
    }
    for (commodity, sides) in margins {
      money.margin +=
        isOneSided(holder, exchanges[commodity.index])
        ? max(sides.long, sides.short) : sides.long + sides.short
    }
    for work in working(holder) {
      money.workingOrders += 1
      money.frozenFees += work.hold.fee
      guard work.offset == .open else { continue }
      money.frozenMargin += work.hold.margin
      money.frozenPremium += work.hold.premium
      money.workingOpenValue += work.hold.value
      money.workingOpenLots += Int64(work.lots)
      money.rangeLots += Int64(work.lots)
    }
    (money.premium, money.optionValue) = options(holder)
    money.netCash = cash.netCash + money.premium
    money.equity =
      money.openingEquity + money.netCash + money.positionProfit + money.closeProfit - money.fees
    money.available =
      money.equity - money.margin - money.frozenMargin - money.frozenFees
      - money.frozenPremium + cash.availableAdjustment
    return money
  }

  /// decisions 7, rules.md 3a: premium of today, received less paid, and what options are worth
  /// at the mark.
  private func options(_ holder: TwinHolder) -> (premium: Int64, value: Int64) {
    var sum: (premium: Int64, value: Int64) = (0, 0)
    for booking in positions.today[holder] ?? [] {
      let instrument = instruments[booking.place.instrument.index]
      guard instrument.option != nil else { continue }
      let amount = booking.price.units * Int64(booking.taken) * instrument.multiplier
      sum.premium += booking.isSold ? amount : -amount
    }
    for (place, lots) in positions.lots[holder] ?? [:] {
      let instrument = instruments[place.instrument.index]
      guard instrument.option != nil, !instrument.mark.isNone else { continue }
      let held = lots.reduce(Int64(0)) { $0 + Int64($1.lots) }
      sum.value += instrument.mark.units * held * instrument.multiplier * place.side.sign
    }
    return sum
  }

  /// rules.md 6, decisions 9: counter, fund account and operation account all have it, and with an
  /// operation account every fund account of its product.
  private func isOneSided(_ holder: TwinHolder, _ exchange: Exchange) -> Bool {
    func has(_ value: Int64?) -> Bool { (value ?? 0) >> Int64(exchange.index) & 1 == 1 }
    func hasFund(_ fund: TwinFund) -> Bool {
      has(fund.settings[.oneSidedExchanges]) && has(fund.settings[.counterOneSidedExchanges])
    }
    switch holder {
    case .fund(let id): return hasFund(funds[id.index])
    case .account(let id):
      let product = accounts[id.index].product
      let bound = funds.filter { $0.product == product }
      return has(setting(id, .oneSidedExchanges)) && !product.isNone && !bound.isEmpty
        && bound.allSatisfy(hasFund)
    }
  }

  /// Value of a product's opening fills of today and its working openings.
  public func openedValue(_ product: ProductID) -> Int64 {
    accounts.indices.reduce(0) { sum, index in
      guard accounts[index].product == product else { return sum }
      let money = money(.account(OperationAccountID(UInt32(index))))
      return sum + money.openedValue + money.workingOpenValue
    }
  }

  public func order(_ id: OrderID) -> TwinOrderFigures? {
    guard let order = orders[id] else { return nil }
    let hold = hold(order)
    var figures = TwinOrderFigures()
    figures.state = order.state
    figures.filled = Int64(order.filled)
    figures.ended = Int64(order.ended)
    figures.leaves = Int64(order.leaves)
    figures.held = Int64(order.leaves)
    figures.unknownLots = Int64(unknownLots(order))
    figures.basis = order.basis
    figures.marginHold = hold.margin
    figures.feeHold = hold.fee
    figures.valueHold = hold.value
    figures.cancelRequested = order.cancelRequested
    figures.isConfirmed = order.isConfirmed
    return figures
  }

  public func child(_ id: OrderID) -> TwinChildFigures? {
    guard let child = children[id] else { return nil }
    let hold = hold(child)
    var figures = TwinChildFigures()
    figures.state = child.state.rawValue
    figures.filled = Int64(child.filled)
    figures.held = Int64(child.held)
    figures.marginHold = hold.margin
    figures.feeHold = hold.fee
    figures.valueHold = hold.value
    figures.isDoubtful = child.isDoubtful
    figures.cancelRequested = child.cancelRequested
    return figures
  }

  /// Of the leaves: at counters whose link is down, or has not told their fate.
  func unknownLots(_ order: TwinOrder) -> Lots {
    order.children.reduce(0) { sum, id in
      guard let child = children[id], child.isDoubtful else { return sum }
      return sum + child.held
    }
  }
}
