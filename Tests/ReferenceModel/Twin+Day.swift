import Domain
import Messages

extension Twin {
  private func fits(_ price: Price, _ instrument: InstrumentID) -> Bool {
    price.isNone
      || Ranges.allows(price: price, multiplier: instruments[instrument.index].multiplier)
  }

  /// docs/ARCHITECTURE.md, decision 20: what a tick does not carry stays as it was, and a prior
  /// settlement is taken only where none is known. A price out of range changes nothing.
  func tick(_ tick: Tick) {
    guard tick.instrument.index < instruments.count,
      [tick.last, tick.bid, tick.ask, tick.upperLimit, tick.lowerLimit, tick.preSettlement]
        .allSatisfy({ fits($0, tick.instrument) })
    else { return }
    var instrument = instruments[tick.instrument.index]
    if !tick.last.isNone { instrument.last = tick.last }
    instrument.bid = tick.bid
    instrument.ask = tick.ask
    if !tick.upperLimit.isNone { instrument.upperLimit = tick.upperLimit }
    if !tick.lowerLimit.isNone { instrument.lowerLimit = tick.lowerLimit }
    if instrument.preSettlement.isNone { instrument.preSettlement = tick.preSettlement }
    if tick.openInterest > 0 { instrument.openInterest = tick.openInterest }
    instruments[tick.instrument.index] = instrument
  }

  func dayReference(_ reference: DayReference, _ effects: [Effect]) {
    guard !effects.isRefused else { return }
    instruments[reference.instrument.index].openInterest = reference.openInterest
    if !reference.preSettlement.isNone {
      instruments[reference.instrument.index].preSettlement = reference.preSettlement
    }
    if !reference.upperLimit.isNone {
      instruments[reference.instrument.index].upperLimit = reference.upperLimit
    }
    if !reference.lowerLimit.isNone {
      instruments[reference.instrument.index].lowerLimit = reference.lowerLimit
    }
  }

  func settlementPrice(_ settlement: SettlementPrice, _ effects: [Effect]) {
    guard !effects.isRefused else { return }
    instruments[settlement.instrument.index].settlement = settlement.price
  }

  func daySwitch(_ next: DaySwitch, _ effects: [Effect]) {
    guard !effects.isRefused else { return }
    comingDay = next
    guard !day.isNone else { return }
    budgets.isAllLookedAt = true
    modeOfNewDay()
  }

  /// design.md, "Day switch": orders expire, positions are marked at settlement, equity at
  /// settlement becomes opening equity, today's lots yesterday's, tallies start again.
  func dayStarted() {
    guard let next = comingDay else { return complain("a day started that nobody asked for") }
    comingDay = nil
    // A new day has its products' clauses looked at anew: the moment begins with it.
    for account in liquidations.running.keys { liquidations.running[account]?.idleSince = nil }
    if !day.isNone { endDay() }
    day = next.tradingDay
    nightDate = next.nightDate
  }

  private func endDay() {
    forgetOrders()
    let settlements = instruments.map { $0.settlement.isNone ? $0.mark : $0.settlement }
    for index in instruments.indices {
      instruments[index].last = settlements[index]
    }
    rollSchemes()
    for holder in cash.keys {
      let closingEquity = money(holder).equity
      cash[holder]?.openingEquity = closingEquity
      cash[holder]?.netCash = 0
      if cash[holder]?.told != nil { cash[holder]?.told = 0 }
    }
    record(.settled(settlements))
    declarations = []
    checkBudgetsReleased()
    budgets.forget()
    for index in instruments.indices {
      instruments[index].preSettlement = settlements[index]
      instruments[index].last = .none
      instruments[index].upperLimit = .none
      instruments[index].hasStatus = false
      instruments[index].lowerLimit = .none
      instruments[index].bid = .none
      instruments[index].ask = .none
      instruments[index].settlement = .none
      instruments[index].openInterest = 0
    }
    for index in unmapped.indices {
      unmapped[index].cost = settlements[unmapped[index].instrument.index]
      unmapped[index].isToday = false
    }
  }

  private func forgetOrders() {
    sentChildren = []
    for fund in links.keys { links[fund]?.waiting = [] }
    orders = [:]
    children = [:]
    ordersOf = [:]
    childrenOf = [:]
    byClOrdID = [:]
    sequenceOfChildren = []
    cancels = []
    uncertainCancels = []
    acceptedAt = [:]
    rateBars = [:]
    sentAt = [:]
    fundBars = [:]
    fundCancels = []
    carriedProfit = [:]
    carriedPremium = [:]
  }
}
