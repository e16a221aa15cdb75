import Domain

/// An account as the counter is told of it: who, and what it owns at the day's start.
public struct CounterAccountTerms: Equatable, Sendable {
  /// Lots held since before today.
  public struct Holding: Equatable, Sendable {
    public var instrument: InstrumentID
    public var side: PositionSide
    public var hedge: HedgeFlag
    public var lots: Lots
    public var openPrice: Price
    /// What profit counts from; `.none` = the instrument's prior settlement.
    public var markPrice: Price

    public init(
      instrument: InstrumentID, side: PositionSide, hedge: HedgeFlag = .speculation, lots: Lots,
      openPrice: Price, markPrice: Price = .none
    ) {
      self.instrument = instrument
      self.side = side
      self.hedge = hedge
      self.lots = lots
      self.openPrice = openPrice
      self.markPrice = markPrice
    }
  }

  public var name: Name
  /// By exchange; accounts with the same one there are one legal owner. Empty = nobody else's.
  public var tradingCodes: [Name]
  public var openingEquity: Money
  public var holdings: [Holding]
  /// Where the account's rates are not the instrument's.
  public var rates: [InstrumentID: RateSet]
  /// Orders and cancels a second; 0 = any number.
  public var messagesPerSecond: UInt32

  public init(
    name: Name, tradingCodes: [Name] = [], openingEquity: Money, holdings: [Holding] = [],
    rates: [InstrumentID: RateSet] = [:], messagesPerSecond: UInt32 = 0
  ) {
    precondition(
      openingEquity.units.magnitude <= Ranges.cashMaximum.magnitude, "equity is in range")
    self.name = name
    self.tradingCodes = (0..<Exchange.count).map {
      $0 < tradingCodes.count ? tradingCodes[$0] : Name()
    }
    self.rates = rates
    self.openingEquity = openingEquity
    self.holdings = holdings
    self.messagesPerSecond = messagesPerSecond
  }
}

/// What an account owns now. `CTP: CThostFtdcTradingAccountField`.
public struct AccountFunds: Equatable, Hashable, Sendable, BitwiseCopyable {
  /// Closing equity of the last settlement.
  public var openingEquity: Money
  public var deposits: Money
  public var withdrawals: Money
  public var closeProfit: Money
  public var positionProfit: Money
  public var fees: Money
  /// Of positions.
  public var margin: Money
  /// Margin, premium and fees held for working opening orders.
  public var frozen: Money
  /// Of options today, received less paid. `CTP: CashIn`.
  public var premium: Money

  public var balance: Money {
    openingEquity + deposits - withdrawals + closeProfit + premium - fees
  }
  public var equity: Money { balance + positionProfit }
  public var available: Money { equity - margin - frozen }
}

/// One position of an account. `CTP: CThostFtdcInvestorPositionField`.
public struct PositionStatus: Equatable, Hashable, Sendable, BitwiseCopyable {
  public var instrument: InstrumentID
  public var side: PositionSide
  public var hedge: HedgeFlag
  public var todayLots: Lots
  public var yesterdayLots: Lots
  public var frozenLots: Lots
  /// Sum of open price * lots * multiplier.
  public var openCost: Money
  /// The same, earlier days' lots at the prior settlement.
  public var positionCost: Money
  public var margin: Money
  public var positionProfit: Money
}

/// An account's state at the counter.
struct CounterAccount: Equatable, Sendable {
  let name: Name
  /// By exchange; where the terms leave it empty, the account's name.
  let tradingCodes: [Name]
  let rates: [InstrumentID: RateSet]
  let messagesPerSecond: UInt32
  /// Names the newest login; a message of an older one is dropped.
  var epoch: UInt64

  var openingEquity: Money
  var deposits = Money.zero
  var withdrawals = Money.zero
  var closeProfit = Money.zero
  var fees = Money.zero
  /// Of options, received less paid.
  var premium = Money.zero
  /// Sum over the positions.
  var margin = Money.zero
  var frozen = Money.zero
  /// Lots held at the day's start, opened today and working to open (`Ranges.holderLotsMaximum`).
  var dayLots: Int64 = 0

  /// In the order in which they were first opened.
  var positions: [CounterPosition] = []
  private var positionPlaces: [UInt64: Int] = [:]
  /// Places in the exchange's list of orders, by child id.
  var orders: [UInt64: Int] = [:]
  /// The day's orders that came over the link, in the order they came.
  var orderSequence: [Int] = []

  /// Today's reports and those of the day before; the first one's sequence is `firstSequence`.
  private(set) var reports: [StoredReport] = []
  private(set) var firstSequence: UInt64 = 1
  /// Where today's reports begin.
  private var dayStart = 0
  private var quotaSecond: Int64 = .min
  private var quotaUsed: UInt32 = 0

  init(_ terms: CounterAccountTerms, epoch: UInt64) {
    name = terms.name
    tradingCodes = terms.tradingCodes.map { $0.isEmpty ? terms.name : $0 }
    rates = terms.rates
    messagesPerSecond = terms.messagesPerSecond
    openingEquity = terms.openingEquity
    self.epoch = epoch
  }

  // MARK: Positions

  /// The place of a position in `positions`; nil when the account never had it.
  func position(_ instrument: InstrumentID, _ side: PositionSide, _ hedge: HedgeFlag) -> Int? {
    positionPlaces[CounterAccount.key(instrument, side, hedge)]
  }

  mutating func makePosition(
    _ instrument: InstrumentID, _ side: PositionSide, _ hedge: HedgeFlag
  ) -> Int {
    if let place = position(instrument, side, hedge) { return place }
    positions.append(CounterPosition(instrument: instrument, side: side, hedge: hedge))
    positionPlaces[CounterAccount.key(instrument, side, hedge)] = positions.count - 1
    return positions.count - 1
  }

  private static func key(
    _ instrument: InstrumentID, _ side: PositionSide, _ hedge: HedgeFlag
  ) -> UInt64 {
    UInt64(instrument.raw) << 16 | UInt64(side.rawValue) << 8 | UInt64(hedge.rawValue)
  }

  // MARK: Reports

  var lastSequence: UInt64 { firstSequence + UInt64(reports.count) - 1 }

  /// Nil when the account has no such report, or not any more.
  func stored(_ sequence: UInt64) -> StoredReport? {
    guard sequence >= firstSequence, sequence <= lastSequence else { return nil }
    return reports[Int(sequence - firstSequence)]
  }

  mutating func append(_ report: CounterReport, deliverAt: Timestamp, copies: UInt8) {
    precondition(report.sequence == lastSequence + 1, "reports are numbered without gaps")
    reports.append(
      StoredReport(
        report: report, deliverAt: max(deliverAt, reports.last?.deliverAt ?? deliverAt),
        copies: copies))
  }

  /// Forgets what is older than the day that ends now.
  mutating func startDay() {
    reports.removeFirst(dayStart)
    firstSequence += UInt64(dayStart)
    dayStart = reports.count
    orders.removeAll(keepingCapacity: true)
    orderSequence.removeAll(keepingCapacity: true)
  }

  // MARK: Message quota

  /// Counts a message; false when this second's quota is used up.
  mutating func countMessage(at now: Timestamp) -> Bool {
    guard messagesPerSecond > 0 else { return true }
    let second = now.nanoseconds.flooredQuotient(Timestamp.nanosecondsPerSecond)
    if second != quotaSecond {
      quotaSecond = second
      quotaUsed = 0
    }
    guard quotaUsed < messagesPerSecond else { return false }
    quotaUsed += 1
    return true
  }
}
