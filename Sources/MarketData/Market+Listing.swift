import Domain
import Storage

extension Market {
  /// The terms of a listing.
  public struct Listing {
    public var commodity: CommodityID
    public var deliveryYear: UInt16
    public var deliveryMonth: UInt8
    public var lastTradingDay: TradingDay
    public var multiplier: Int32
    public var tick: Price
    public var limitLots: ClosedRange<Lots>
    /// Nil when the exchange takes no market orders.
    public var marketLots: ClosedRange<Lots>?
    /// Of an option; both prices and the underlying are `.none` of a future.
    public var option: OptionClass
    public var strike: Price
    public var underlying: InstrumentID

    public init(
      commodity: CommodityID, deliveryYear: UInt16, deliveryMonth: UInt8,
      lastTradingDay: TradingDay, multiplier: Int32, tick: Price, limitLots: ClosedRange<Lots>,
      marketLots: ClosedRange<Lots>?, option: OptionClass = .none, strike: Price = .none,
      underlying: InstrumentID = .none
    ) {
      self.commodity = commodity
      self.deliveryYear = deliveryYear
      self.deliveryMonth = deliveryMonth
      self.lastTradingDay = lastTradingDay
      self.multiplier = multiplier
      self.tick = tick
      self.limitLots = limitLots
      self.marketLots = marketLots
      self.option = option
      self.strike = strike
      self.underlying = underlying
    }
  }

  /// An option is on a listed future of its own exchange and multiplier, at a strike that the
  /// underlying could be traded at; a future has no terms of one.
  func isOnListed(_ listing: Listing) -> Bool {
    guard listing.option != .none else {
      return listing.strike.isNone && listing.underlying.isNone
    }
    guard listing.underlying.index < instrumentCount, listing.strike.units >= 1 else {
      return false
    }
    let future = instruments.at(listing.underlying.raw)
    return !future.pointee.isOption
      && future.pointee.exchange == commodities.at(listing.commodity.raw).pointee.exchange
      && future.pointee.multiplier == Int64(listing.multiplier)
      && Ranges.allows(price: listing.strike, multiplier: Int64(listing.multiplier))
  }
}
