import Domain

/// An instrument as the exchange lists it, with the day's terms.
public struct ExchangeInstrument: Equatable, Sendable {
  public var code: InstrumentCode
  public var exchange: Exchange
  public var commodity: CommodityCode
  /// Units of the underlying in a lot.
  public var multiplier: Int64
  /// Smallest price step, in 1e-4 yuan.
  public var tick: Int64
  public var limitLots: ClosedRange<Lots>
  /// Nil when market orders are not taken; at SHFE and INE they never are.
  public var marketLots: ClosedRange<Lots>?
  /// The counter's rates, the same for all its accounts.
  public var rates: RateSet
  /// What the exchange takes for each order and each cancel (申报费).
  public var declarationFee: Money
  public var priorSettlement: Price
  /// `.none` = no limit on that side today.
  public var limitUp: Price
  public var limitDown: Price
  /// Nil for a future.
  public var option: Option?

  /// What makes an instrument an option.
  public struct Option: Equatable, Sendable {
    public var option: OptionClass
    public var strike: Price
    /// A future of the same list.
    public var underlying: InstrumentID

    public init(_ option: OptionClass, strike: Price, underlying: InstrumentID) {
      self.option = option
      self.strike = strike
      self.underlying = underlying
    }
  }

  public init(
    code: InstrumentCode, exchange: Exchange, commodity: CommodityCode = CommodityCode(),
    multiplier: Int64, tick: Int64, limitLots: ClosedRange<Lots>,
    marketLots: ClosedRange<Lots>? = nil, rates: RateSet = RateSet(), priorSettlement: Price,
    limitUp: Price = .none, limitDown: Price = .none, declarationFee: Money = .zero,
    option: Option? = nil
  ) {
    precondition((1...Ranges.multiplierMaximum).contains(multiplier), "a multiplier is in range")
    precondition(tick > 0 && tick <= Ranges.priceMaximum, "a price step is positive")
    precondition(
      limitLots.lowerBound > 0 && limitLots.upperBound <= Ranges.orderLotsMaximum,
      "an order has at least a lot and at most what Ranges allows")
    precondition(
      marketLots.map { $0.lowerBound > 0 && $0.upperBound <= Ranges.orderLotsMaximum } ?? true,
      "a market order has at least a lot and at most what Ranges allows")
    precondition(!priorSettlement.isNone, "an instrument was settled before, or has a list price")
    self.code = code
    self.exchange = exchange
    self.commodity = commodity
    self.multiplier = multiplier
    self.tick = tick
    self.limitLots = limitLots
    self.marketLots = exchange.takesMarketOrders ? marketLots : nil
    self.rates = rates
    self.declarationFee = declarationFee
    self.priorSettlement = priorSettlement
    self.limitUp = limitUp
    self.limitDown = limitDown
    self.option = option
  }

  /// Sets limit prices this many 1e-4 parts away from the prior settlement, on the tick grid:
  /// 500 is 5 %.
  public mutating func setLimits(bandInTenThousandths band: Int64) {
    let distance = (priorSettlement.units.magnitude.multipliedFullWidth(by: UInt64(band)))
    let units = Int64(UInt64(10_000).dividingFullWidth(distance).quotient)
    limitUp = Price(units: (priorSettlement.units + units).flooredQuotient(tick) * tick)
    limitDown = Price(units: -(units - priorSettlement.units).flooredQuotient(tick) * tick)
  }
}
