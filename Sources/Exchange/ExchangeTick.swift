import Domain

/// One side of the top of an exchange's book.
public struct BookLevel: Equatable, Hashable, Sendable, BitwiseCopyable {
  /// `.none` when nobody stands on this side.
  public var price: Price
  public var lots: Lots

  @inlinable public init(price: Price, lots: Lots) {
    self.price = price
    self.lots = lots
  }

  @inlinable public static var none: BookLevel { BookLevel(price: .none, lots: 0) }
  @inlinable public var isNone: Bool { price.isNone }
}

/// The market of one instrument at one moment, as an exchange sends it about twice a second.
///
/// What the exchange did not send is `.none`. `CTP: CThostFtdcDepthMarketDataField`.
public struct ExchangeTick: Equatable, Hashable, Sendable, BitwiseCopyable {
  public var instrument: InstrumentCode
  /// `.unknown` when the recording does not say.
  public var exchange: Exchange
  /// The day the tick belongs to; a calendar date, because recordings may be older than what
  /// `TradingDay` counts from.
  public var tradingDate: CalendarDate
  /// When it happened, by the exchange's clock.
  public var time: Timestamp

  public var last: Price
  public var bid: BookLevel
  public var ask: BookLevel
  /// Lots traded so far today.
  public var volume: Int64
  /// Value traded so far today, in 1e-4 yuan.
  public var turnover: Money
  /// Lots open at this moment.
  public var openInterest: Int64

  public var open: Price
  public var high: Price
  public var low: Price
  public var close: Price
  public var settlement: Price
  public var limitUp: Price
  public var limitDown: Price
  public var priorSettlement: Price
  public var priorClose: Price
  public var priorOpenInterest: Int64

  public init(
    instrument: InstrumentCode, exchange: Exchange, tradingDate: CalendarDate, time: Timestamp
  ) {
    self.instrument = instrument
    self.exchange = exchange
    self.tradingDate = tradingDate
    self.time = time
    last = .none
    bid = .none
    ask = .none
    volume = 0
    turnover = .none
    openInterest = 0
    open = .none
    high = .none
    low = .none
    close = .none
    settlement = .none
    limitUp = .none
    limitDown = .none
    priorSettlement = .none
    priorClose = .none
    priorOpenInterest = 0
  }

  /// Whether it says anything about a price: a last price or one side of the book.
  @inlinable public var hasPrice: Bool { !last.isNone || !bid.isNone || !ask.isNone }
}
