// Definitions: what exists. The engine gives each object the next dense id, in command order, and
// answers with `Effect.defined`. Settings come after, in SettingCommands.swift.

import Domain

/// The first command of every journal.
public struct EngineSettings: Equatable, Sendable, BitwiseCopyable {
  /// 0...63; part of every id.
  public var shard: UInt8
  /// Draws of ties and hashes of client ids come from it (decisions 30). Chosen at genesis.
  public var seed: UInt64

  @inlinable public init(
    shard: UInt8, seed: UInt64
  ) {
    self.shard = shard
    self.seed = seed
  }
}

/// A table of trading hours that commodities refer to.
public struct DefineTradingHours: Sendable, BitwiseCopyable {
  public var name: Name
  /// How many of `intervals` are used, 1...8.
  public var count: UInt8
  public var intervals: InlineArray<8, TradingInterval>

  @inlinable public init(
    name: Name, count: UInt8, intervals: InlineArray<8, TradingInterval>
  ) {
    self.name = name
    self.count = count
    self.intervals = intervals
  }
}

extension DefineTradingHours: Equatable {
  public static func == (left: Self, right: Self) -> Bool {
    guard left.name == right.name, left.count == right.count else { return false }
    for index in 0..<8 where left.intervals[index] != right.intervals[index] { return false }
    return true
  }
}

/// A commodity (品种) of an exchange.
public struct DefineCommodity: Equatable, Sendable, BitwiseCopyable {
  public var code: CommodityCode
  public var exchange: Exchange
  public var hours: TradingHoursID
  /// In the delivery month an order is a multiple of this; 1 = any (AMS manual 9.5).
  public var deliveryMultiple: Lots

  @inlinable public init(
    code: CommodityCode, exchange: Exchange, hours: TradingHoursID, deliveryMultiple: Lots
  ) {
    self.code = code
    self.exchange = exchange
    self.hours = hours
    self.deliveryMultiple = deliveryMultiple
  }
}

/// An instrument, keyed by exchange, code and listing (delivery year and month).
public struct DefineInstrument: Equatable, Sendable, BitwiseCopyable {
  public var code: InstrumentCode
  public var commodity: CommodityID
  public var deliveryYear: UInt16
  public var deliveryMonth: UInt8
  public var lastTradingDay: TradingDay
  /// Units of the underlying in a lot.
  public var multiplier: Int32
  /// Smallest price step.
  public var tick: Price
  public var minimumLimitLots: Lots
  public var maximumLimitLots: Lots
  public var minimumMarketLots: Lots
  /// 0 = the exchange takes no market orders.
  public var maximumMarketLots: Lots
  /// `.none` of a future, whose strike and underlying are `.none` too.
  public var option: OptionClass
  public var strike: Price
  /// A future that was defined before.
  public var underlying: InstrumentID

  @inlinable public init(
    code: InstrumentCode, commodity: CommodityID, deliveryYear: UInt16, deliveryMonth: UInt8,
    lastTradingDay: TradingDay, multiplier: Int32, tick: Price, minimumLimitLots: Lots,
    maximumLimitLots: Lots, minimumMarketLots: Lots, maximumMarketLots: Lots,
    option: OptionClass = .none, strike: Price = .none, underlying: InstrumentID = .none
  ) {
    self.code = code
    self.commodity = commodity
    self.deliveryYear = deliveryYear
    self.deliveryMonth = deliveryMonth
    self.lastTradingDay = lastTradingDay
    self.multiplier = multiplier
    self.tick = tick
    self.minimumLimitLots = minimumLimitLots
    self.maximumLimitLots = maximumLimitLots
    self.minimumMarketLots = minimumMarketLots
    self.maximumMarketLots = maximumMarketLots
    self.option = option
    self.strike = strike
    self.underlying = underlying
  }
}

/// A broker's counter (柜台).
public struct DefineCounter: Equatable, Sendable, BitwiseCopyable {
  public var name: Name

  @inlinable public init(
    name: Name
  ) {
    self.name = name
  }
}

/// A product (产品): a group of fund accounts.
public struct DefineProduct: Equatable, Sendable, BitwiseCopyable {
  public var name: Name
  public var mode: RoutingMode

  @inlinable public init(
    name: Name, mode: RoutingMode
  ) {
    self.name = name
    self.mode = mode
  }
}

/// A fund account (资金账户) at a counter.
public struct DefineFundAccount: Equatable, Sendable, BitwiseCopyable {
  public var name: Name
  /// `.none` = outside every product: never routed to.
  public var product: ProductID
  public var counter: CounterID

  @inlinable public init(
    name: Name, product: ProductID, counter: CounterID
  ) {
    self.name = name
    self.product = product
    self.counter = counter
  }
}

/// An operation account (操作账户).
public struct DefineOperationAccount: Equatable, Sendable, BitwiseCopyable {
  public var name: Name
  /// `.none` = bound to nothing: can place no order.
  public var product: ProductID

  @inlinable public init(
    name: Name, product: ProductID
  ) {
    self.name = name
    self.product = product
  }
}
