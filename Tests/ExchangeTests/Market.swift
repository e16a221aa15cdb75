import Domain

@testable import Exchange

/// A small exchange for tests: what it lists, who trades, and short words for what they do.
struct Market {
  static let rb = InstrumentID(0)  // SHFE
  static let ma = InstrumentID(1)  // CZCE
  static let `if` = InstrumentID(2)  // CFFEX
  static let sc = InstrumentID(3)  // INE
  static let alice = FundAccountID(0)
  static let bob = FundAccountID(1)
  /// The same legal owner as alice.
  static let twin = FundAccountID(2)
  /// Has 1 000 yuan and may send three messages a second.
  static let poor = FundAccountID(3)

  static let day = TradingDay(yyyymmdd: 20_261_123)!
  static let open = Timestamp(date: day.date, secondOfDay: 9 * 3600)

  var exchange: SimulatedExchange
  var now = Market.open
  private var sequence: UInt64 = 0

  init(
    faults: FaultPlan = FaultPlan(), settings: SimulatedExchange.Settings = .init(),
    holdings: [CounterAccountTerms.Holding] = []
  ) {
    exchange = SimulatedExchange(
      day: Market.day, instruments: Market.instruments,
      accounts: [
        CounterAccountTerms(
          name: Name("alice")!, tradingCodes: [Name("one")!],
          openingEquity: Money(yuan: 2_000_000), holdings: holdings),
        CounterAccountTerms(name: Name("bob")!, openingEquity: Money(yuan: 1_000_000)),
        CounterAccountTerms(
          name: Name("twin")!, tradingCodes: [Name("one")!],
          openingEquity: Money(yuan: 1_000_000)),
        CounterAccountTerms(
          name: Name("poor")!, openingEquity: Money(yuan: 1_000), messagesPerSecond: 3),
      ],
      settings: settings, faults: faults)
    for account in [Market.alice, Market.bob, Market.twin, Market.poor] {
      _ = exchange.login(account)
    }
  }

  /// Margin 10 % long, 12 % short; fee 1e-4 of the value to open, 2.004 yuan a lot to
  /// close, 5.003 today's.
  static let rates = RateSet(
    marginLong: TwoPartRate(byValue: Rate(units: 10_000_000)),
    marginShort: TwoPartRate(byValue: Rate(units: 12_000_000)),
    feeOpen: TwoPartRate(byValue: Rate(units: 10_000)),
    feeClose: TwoPartRate(byLot: Money(units: 20_040)),
    feeCloseToday: TwoPartRate(byLot: Money(units: 50_030)))

  static func instrument(_ code: String, _ exchange: Exchange) -> ExchangeInstrument {
    ExchangeInstrument(
      code: InstrumentCode(code)!, exchange: exchange, multiplier: 10, tick: 10_000,
      limitLots: 2...500, marketLots: 2...100, rates: rates,
      priorSettlement: Price(units: 35_000_000), limitUp: Price(units: 37_000_000),
      limitDown: Price(units: 33_000_000))
  }

  static let instruments = [
    instrument("rb2705", .shfe), instrument("MA705", .czce), instrument("IF2701", .cffex),
    instrument("sc2705", .ine),
  ]

  static func yuan(_ price: Int64) -> Price { Price(units: price * 10_000) }

  func child(_ sequence: UInt64) -> OrderID {
    OrderID(day: Market.day, shard: 0, sequence: sequence)
  }

  /// The id of the newest order sent.
  var lastChild: OrderID { child(sequence) }

  mutating func nextChild() -> OrderID {
    sequence += 1
    return lastChild
  }

  /// Buys or sells to open, in rb unless told otherwise; the reports it caused for the account.
  @discardableResult
  mutating func send(
    _ account: FundAccountID, _ side: Side, _ lots: Lots, _ price: Int64?,
    _ offset: Offset = .open, in instrument: InstrumentID = Market.rb,
    _ time: TimeInForce = .day, minimum: Lots = 0
  ) -> [CounterReport] {
    let request = OrderRequest(
      child: nextChild(), instrument: instrument, side: side, offset: offset,
      type: price == nil ? .market : .limit, timeInForce: time,
      price: price.map { Market.yuan($0) } ?? .none, lots: lots, minimumLots: minimum)
    let before = exchange.lastSequence(of: account)
    _ = exchange.insert(
      request, account: account, epoch: exchange.epoch(of: account), now: now)
    return reports(account, after: before)
  }

  @discardableResult
  mutating func cancel(_ account: FundAccountID, _ child: OrderID) -> [CounterReport] {
    let before = exchange.lastSequence(of: account)
    _ = exchange.cancel(child, account: account, epoch: exchange.epoch(of: account), now: now)
    return reports(account, after: before)
  }

  func reports(_ account: FundAccountID, after sequence: UInt64 = 0) -> [CounterReport] {
    guard exchange.lastSequence(of: account) > sequence else { return [] }
    return (sequence + 1...exchange.lastSequence(of: account)).compactMap {
      exchange.report($0, of: account)?.report
    }
  }

  /// The rest of the market stands at these prices; nil = nobody on that side.
  mutating func tick(
    bid: (Int64, Lots)?, ask: (Int64, Lots)?, last: Int64? = nil,
    in instrument: InstrumentID = Market.rb
  ) {
    let listing = Market.instruments[instrument.index]
    var tick = ExchangeTick(
      instrument: listing.code, exchange: listing.exchange, tradingDate: Market.day.date,
      time: now)
    tick.bid = bid.map { BookLevel(price: Market.yuan($0.0), lots: $0.1) } ?? .none
    tick.ask = ask.map { BookLevel(price: Market.yuan($0.0), lots: $0.1) } ?? .none
    tick.last = last.map { Market.yuan($0) } ?? .none
    exchange.receive(tick, for: instrument, now: now)
  }
}

extension [CounterReport] {
  /// A line of words, such as `accepted trade 3@3500 cancelled`.
  var words: String {
    map { report in
      switch report.body {
      case .accepted: "accepted"
      case .rejected(let error): "rejected(\(error))"
      case .cancelled: "cancelled"
      case .cancelRejected(let error): "cancel-rejected(\(error))"
      case .trade(let trade): "\(trade.lots)@\(trade.price.units / 10_000)"
      }
    }.joined(separator: " ")
  }
}
