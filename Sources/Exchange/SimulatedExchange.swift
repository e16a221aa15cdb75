import Domain

/// A broker's counter and the exchange behind it: accounts, working orders, matching by price and
/// time against each other and against the market that ticks show.
///
/// Pure and deterministic: the same calls with the same times give the same reports. What an
/// account is told is appended to its store of reports; whoever serves the account's link sends
/// them from there, live and again on request. Accounts and instruments are named by their place
/// in the lists given at the start (`FundAccountID`, `InstrumentID` of this counter).
public struct SimulatedExchange: Sendable {
  public struct Settings: Equatable, Sendable {
    /// No more lots trade with the rest of the market than a tick shows; else without bound.
    public var tickLotsBound: Bool
    /// A tick's limit prices become the day's.
    public var ticksSetLimits: Bool
    /// Epochs begin above it. Larger at each start of a counter that forgets.
    public var epochBase: UInt64

    public init(tickLotsBound: Bool = true, ticksSetLimits: Bool = true, epochBase: UInt64 = 0) {
      self.tickLotsBound = tickLotsBound
      self.ticksSetLimits = ticksSetLimits
      self.epochBase = epochBase
    }
  }

  /// An order that the fault plan holds back.
  struct LateOrder: Equatable {
    var due: Timestamp
    var account: FundAccountID
    var epoch: UInt64
    var request: OrderRequest
    var decision: FaultPlan.Decision
  }

  let settings: Settings
  public internal(set) var tradingDay: TradingDay
  public internal(set) var instruments: [ExchangeInstrument]
  private let instrumentPlaces: [InstrumentKey: InstrumentID]
  private let accountPlaces: [Name: FundAccountID]
  var books: [InstrumentBook]
  var accounts: [CounterAccount]
  /// The day's orders.
  var orders: [ExchangeOrder] = []
  /// By due time, then as they came.
  var lateOrders: [LateOrder] = []
  var nextExchangeOrder: UInt64 = 1
  var nextTrade: UInt64 = 1
  var nextForeignOrder: UInt64 = 1
  /// Accounts with reports since the last `takeTouched`, in that order.
  var touched: [FundAccountID] = []
  public var faults: FaultPlan

  public init(
    day: TradingDay, instruments: [ExchangeInstrument], accounts terms: [CounterAccountTerms],
    settings: Settings = Settings(), faults: FaultPlan = FaultPlan()
  ) {
    self.settings = settings
    self.faults = faults
    self.instruments = instruments
    tradingDay = day
    books = [InstrumentBook](repeating: InstrumentBook(), count: instruments.count)
    accounts = terms.map { CounterAccount($0, epoch: settings.epochBase) }
    instrumentPlaces = Dictionary(
      uniqueKeysWithValues: instruments.enumerated().map {
        (InstrumentKey(code: $1.code, exchange: $1.exchange), InstrumentID(UInt32($0)))
      })
    accountPlaces = Dictionary(
      uniqueKeysWithValues: terms.enumerated().map { ($1.name, FundAccountID(UInt32($0))) })
    for instrument in instruments {
      guard let option = instrument.option else { continue }
      precondition(
        option.underlying.index < instruments.count && option.option != .none
          && instruments[option.underlying.index].option == nil,
        "an option is on a future of the list")
    }
    for (place, account) in terms.enumerated() {
      for holding in account.holdings { carry(holding, account: place) }
    }
  }

  private struct InstrumentKey: Hashable {
    var code: InstrumentCode
    var exchange: Exchange
  }

  // MARK: Names

  /// Nil when no such instrument is listed.
  public func instrument(_ code: InstrumentCode, _ exchange: Exchange) -> InstrumentID? {
    instrumentPlaces[InstrumentKey(code: code, exchange: exchange)]
  }

  /// Nil when the counter has no such account.
  public func account(named name: Name) -> FundAccountID? { accountPlaces[name] }

  public var accountCount: Int { accounts.count }

  // MARK: Links

  /// A new link of the account: what older ones sent and was not processed yet never will be.
  public mutating func login(_ account: FundAccountID) -> UInt64 {
    accounts[account.index].epoch += 1
    return accounts[account.index].epoch
  }

  public func epoch(of account: FundAccountID) -> UInt64 { accounts[account.index].epoch }

  // MARK: Reports

  public func lastSequence(of account: FundAccountID) -> UInt64 {
    accounts[account.index].lastSequence
  }

  /// The oldest report still there: those of today and of the day before are.
  public func firstSequence(of account: FundAccountID) -> UInt64 {
    accounts[account.index].firstSequence
  }

  /// Nil when the account has no such report, or not any more.
  public func report(_ sequence: UInt64, of account: FundAccountID) -> StoredReport? {
    accounts[account.index].stored(sequence)
  }

  /// Which accounts got reports since the last call, each once, in the order they got them.
  public mutating func takeTouched() -> [FundAccountID] {
    defer { touched.removeAll(keepingCapacity: true) }
    return touched
  }

  // MARK: Queries

  /// What became of a child order. One that the counter does not have now, it will never have:
  /// if the fault plan still holds it back, it is thrown away.
  public mutating func status(of child: OrderID, account: FundAccountID) -> OrderStatus {
    if let known = knownStatus(of: child, account: account) { return known }
    lateOrders.removeAll { $0.account == account && $0.request.child == child }
    return OrderStatus(
      child: child, exchangeOrder: 0, state: .neverArrived, filledLots: 0, leavesLots: 0)
  }

  /// The day's orders that came over the account's link, in the order they came.
  public func statuses(account: FundAccountID) -> [OrderStatus] {
    accounts[account.index].orderSequence.map { orders[$0].status }
  }

  func knownStatus(of child: OrderID, account: FundAccountID) -> OrderStatus? {
    accounts[account.index].orders[child.raw].map { orders[$0].status }
  }

  public func funds(of account: FundAccountID) -> AccountFunds {
    let state = accounts[account.index]
    return AccountFunds(
      openingEquity: state.openingEquity, deposits: state.deposits,
      withdrawals: state.withdrawals, closeProfit: state.closeProfit,
      positionProfit: positionProfit(of: account), fees: state.fees, margin: state.margin,
      frozen: state.frozen, premium: state.premium)
  }

  /// Positions with lots, in the order in which they were first opened.
  public func positions(of account: FundAccountID) -> [PositionStatus] {
    accounts[account.index].positions.filter { $0.lots > 0 }.map { position in
      let multiplier = instruments[position.instrument.index].multiplier
      let profit = profitBasis(position)
      return PositionStatus(
        instrument: position.instrument, side: position.side, hedge: position.hedge,
        todayLots: position.todayLots, yesterdayLots: position.yesterdayLots,
        frozenLots: position.frozenLots,
        openCost: Money(units: position.openBasis * multiplier),
        positionCost: Money(units: position.markBasis * multiplier), margin: position.margin,
        positionProfit: Money(units: profit * multiplier))
    }
  }

  func positionProfit(of account: FundAccountID) -> Money {
    var profit = Money.zero
    for position in accounts[account.index].positions where position.lots > 0 {
      let multiplier = instruments[position.instrument.index].multiplier
      profit.units += profitBasis(position) * multiplier
    }
    return profit
  }

  /// Before the multiplier; an option's lots were paid for and have none.
  private func profitBasis(_ position: CounterPosition) -> Int64 {
    instruments[position.instrument.index].option == nil
      ? position.profitBasis(at: mark(position.instrument)) : 0
  }

  /// The price positions are marked at: the last one, else the prior settlement.
  public func mark(_ instrument: InstrumentID) -> Price {
    let last = books[instrument.index].last
    return last.isNone ? instruments[instrument.index].priorSettlement : last
  }

  /// The newest tick of an instrument; nil before the first.
  public func lastTick(_ instrument: InstrumentID) -> ExchangeTick? {
    books[instrument.index].tick
  }

  public func phase(of instrument: InstrumentID) -> TradingPhase { books[instrument.index].phase }

  /// When held-back orders must be looked at (`advance`); nil when there are none.
  public var nextDeadline: Timestamp? { lateOrders.first?.due }
}
