import Domain

/// An instrument as the hot path reads it: prices in the first line, terms in the next.
public struct InstrumentRecord: BitwiseCopyable {
  // Prices, changed by ticks.
  /// `.none` until the first tick of the day.
  public var last: Price
  public var upperLimit: Price
  public var lowerLimit: Price
  public var preSettlement: Price
  /// Where positions are marked: last, else prior settlement (decisions 6), else none.
  public var mark: Price
  /// When the last tick came, by the engine's clock; `.none` before the first.
  public var lastTickTime: Timestamp
  public var bid: Price
  public var ask: Price

  // Terms, fixed by the listing.
  public var multiplier: Int64
  public var tick: Int64
  public var commodity: CommodityID
  public var hours: TradingHoursID
  public var minimumLimitLots: Lots
  public var maximumLimitLots: Lots
  public var minimumMarketLots: Lots
  public var maximumMarketLots: Lots
  /// Months since year 0 of the delivery month.
  public var deliveryMonthIndex: Int32
  public var lastTradingDay: UInt32
  public var deliveryMultiple: Lots
  public var exchange: Exchange
  /// SHFE and INE keep today's and yesterday's lots apart when closing.
  public var separatesToday: Bool
  /// What the exchange said; `.unknown` with `hasStatus` = closed.
  public var status: TradingPhase
  public var hasStatus: Bool
  // An order reads what stands above: the first two lines.
  static let linesOfOrder = 2
  /// Whether it is an option.
  public var option: OptionClass
  /// It is the underlying of one.
  public var hasOptions: Bool
  var padding0: UInt16
  /// Of an option: the future that it is on; `.none` of a future.
  public var underlying: InstrumentID

  // The day's figures.
  public var volume: Int64
  public var openInterest: Int64
  /// Set by `SettlementPrice` for the coming day switch.
  public var settlement: Price
  public var preClose: Price
  /// Of an option; `.none` of a future.
  public var strike: Price
  // Records begin with a line: three each.
  var padding1: InlineArray<3, UInt64>

  @inlinable public var isOption: Bool { option != .none }
}

/// A commodity as the engine reads it.
public struct CommodityRecord: BitwiseCopyable {
  public var exchange: Exchange
  /// What is listed of it: futures, or options on them; never both.
  public var lists: Listed
  public var hours: TradingHoursID
  public var deliveryMultiple: Lots

  public enum Listed: UInt8, BitwiseCopyable, Sendable {
    case nothing = 0
    case futures = 1
    case options = 2
  }
}

/// A table of trading hours: relative as defined, absolute for the current trading day.
public struct TradingHoursRecord: BitwiseCopyable {
  public var count: Int
  public var intervals: InlineArray<8, TradingInterval>
  /// Nanoseconds since 1970; an interval that the day does not have is empty (start = end).
  public var starts: InlineArray<8, Int64>
  public var ends: InlineArray<8, Int64>
}
