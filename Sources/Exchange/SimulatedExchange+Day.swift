import Domain

/// What an instrument begins a day with.
public struct DayTerms: Equatable, Sendable {
  /// Of the day that ends; `.none` = the price positions are marked at.
  public var settlement: Price
  public var limitUp: Price
  public var limitDown: Price

  public init(settlement: Price = .none, limitUp: Price = .none, limitDown: Price = .none) {
    self.settlement = settlement
    self.limitUp = limitUp
    self.limitDown = limitDown
  }
}

extension SimulatedExchange {
  /// Terms for the next day when nobody knows better: settlement at the mark, limit prices as far
  /// from it as today's are from the prior settlement.
  public var termsAfterToday: [DayTerms] {
    instruments.indices.map { index in
      let settlement = mark(InstrumentID(UInt32(index)))
      func moved(_ limit: Price) -> Price {
        guard !limit.isNone else { return .none }
        return Price(
          units: settlement.units + limit.units - instruments[index].priorSettlement.units)
      }
      return DayTerms(
        settlement: settlement, limitUp: moved(instruments[index].limitUp),
        limitDown: moved(instruments[index].limitDown))
    }
  }

  /// Ends the day and begins the next: working orders expire, profit is settled in cash, today's
  /// lots become yesterday's, the new day's limits hold.
  ///
  /// - Parameter terms: a row per instrument, in their order.
  public mutating func switchDay(to day: TradingDay, terms: [DayTerms], now: Timestamp) {
    precondition(terms.count == instruments.count, "a day begins with terms for each instrument")
    precondition(tradingDay < day, "days go forward")
    lateOrders.removeAll()
    for place in orders.indices where !orders[place].state.isFinal { end(place, now) }
    for index in instruments.indices {
      let instrument = InstrumentID(UInt32(index))
      let settlement = terms[index].settlement
      books[index].last = settlement.isNone ? mark(instrument) : settlement
    }
    // Before the accounts: margin of options is taken at the new prior settlements.
    for index in instruments.indices { instruments[index].priorSettlement = books[index].last }
    for index in accounts.indices { settle(index) }
    for index in instruments.indices {
      instruments[index].limitUp = terms[index].limitUp
      instruments[index].limitDown = terms[index].limitDown
      let (lots, basis) = (books[index].marketLots, books[index].marketBasis)
      books[index] = InstrumentBook()
      books[index].marketLots = lots
      books[index].marketBasis = basis
    }
    orders.removeAll(keepingCapacity: true)
    tradingDay = day
  }

  private mutating func settle(_ account: Int) {
    accounts[account].openingEquity = funds(of: FundAccountID(UInt32(account))).equity
    accounts[account].deposits = .zero
    accounts[account].withdrawals = .zero
    accounts[account].closeProfit = .zero
    accounts[account].fees = .zero
    accounts[account].premium = .zero
    accounts[account].dayLots = 0
    for place in accounts[account].positions.indices {
      let instrument = accounts[account].positions[place].instrument
      accounts[account].positions[place].settle(at: books[instrument.index].last)
      setMargin(account, place)
      accounts[account].dayLots += Int64(accounts[account].positions[place].lots)
    }
    accounts[account].startDay()
  }

  /// Cash in (positive) or out. False, and nothing changed, when more would leave than is
  /// available or the amount is out of range.
  public mutating func moveCash(_ amount: Money, account: FundAccountID) -> Bool {
    let total =
      accounts[account.index].openingEquity + accounts[account.index].deposits
      + accounts[account.index].withdrawals
    guard amount.units.magnitude <= Ranges.cashMaximum.magnitude,
      (total.units + Int64(amount.units.magnitude)).magnitude <= Ranges.cashMaximum.magnitude
    else { return false }
    if amount.units >= 0 {
      accounts[account.index].deposits += amount
    } else {
      guard funds(of: account).available + amount >= .zero else { return false }
      accounts[account.index].withdrawals -= amount
    }
    return true
  }
}
