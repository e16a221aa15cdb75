import Domain

/// A snapshot of an instrument's market. Fields the sender lacks are none or 0.
/// `CTP: OnRtnDepthMarketData`.
public struct Tick: Equatable, Sendable, BitwiseCopyable {
  public var instrument: InstrumentID
  public var last: Price
  public var bid: Price
  public var bidLots: Lots
  public var ask: Price
  public var askLots: Lots
  /// Limit-up of the day; none leaves what is known.
  public var upperLimit: Price
  public var lowerLimit: Price
  public var preSettlement: Price
  /// Lots traded today.
  public var volume: Int64
  public var openInterest: Int64
  public var exchangeTime: Timestamp

  @inlinable public init(
    instrument: InstrumentID, last: Price, bid: Price, bidLots: Lots, ask: Price, askLots: Lots,
    upperLimit: Price, lowerLimit: Price, preSettlement: Price, volume: Int64,
    openInterest: Int64, exchangeTime: Timestamp
  ) {
    self.instrument = instrument
    self.last = last
    self.bid = bid
    self.bidLots = bidLots
    self.ask = ask
    self.askLots = askLots
    self.upperLimit = upperLimit
    self.lowerLimit = lowerLimit
    self.preSettlement = preSettlement
    self.volume = volume
    self.openInterest = openInterest
    self.exchangeTime = exchangeTime
  }
}

/// The prices a trading day starts from, where no tick has brought them.
public struct DayReference: Equatable, Sendable, BitwiseCopyable {
  public var instrument: InstrumentID
  public var preSettlement: Price
  public var preClose: Price
  public var upperLimit: Price
  public var lowerLimit: Price
  public var openInterest: Int64

  @inlinable public init(
    instrument: InstrumentID, preSettlement: Price, preClose: Price, upperLimit: Price,
    lowerLimit: Price, openInterest: Int64
  ) {
    self.instrument = instrument
    self.preSettlement = preSettlement
    self.preClose = preClose
    self.upperLimit = upperLimit
    self.lowerLimit = lowerLimit
    self.openInterest = openInterest
  }
}

/// An instrument's settlement price, sent before `DaySwitch`.
public struct SettlementPrice: Equatable, Sendable, BitwiseCopyable {
  public var instrument: InstrumentID
  public var price: Price

  @inlinable public init(
    instrument: InstrumentID, price: Price
  ) {
    self.instrument = instrument
    self.price = price
  }
}

/// What the exchange says an instrument is doing. `.unknown` = closed. It is preferred to the
/// calendar.
/// `CTP: OnRtnInstrumentStatus`.
public struct InstrumentStatus: Equatable, Sendable, BitwiseCopyable {
  public var instrument: InstrumentID
  public var phase: TradingPhase

  @inlinable public init(
    instrument: InstrumentID, phase: TradingPhase
  ) {
    self.instrument = instrument
    self.phase = phase
  }
}

/// Ends the current trading day and begins the next; the first one begins the first day.
public struct DaySwitch: Equatable, Sendable, BitwiseCopyable {
  public var tradingDay: TradingDay
  /// Date of the evening session that opens the day, yyyymmdd; 0 = no night session.
  public var nightDate: UInt32

  @inlinable public init(
    tradingDay: TradingDay, nightDate: UInt32
  ) {
    self.tradingDay = tradingDay
    self.nightDate = nightDate
  }
}

/// The real-time clock jumped against the monotonic one; the sequencer holds time and reports it.
/// Forward beyond `clockForwardSeconds` bars opening until `confirmClock`.
public struct ClockJumped: Equatable, Sendable, BitwiseCopyable {
  /// Forward positive, back negative.
  public var nanoseconds: Int64

  @inlinable public init(
    nanoseconds: Int64
  ) {
    self.nanoseconds = nanoseconds
  }
}
