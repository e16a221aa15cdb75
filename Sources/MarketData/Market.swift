import Domain
import Storage

/// The instruments, commodities and trading hours of a shard, with today's prices.
public struct Market: ~Copyable {
  private let pinned = Pinned()
  let instruments: Table<InstrumentRecord>
  let commodities: Table<CommodityRecord>
  let tradingHours: Table<TradingHoursRecord>
  /// By instrument, close together: what a look-up by commodity needs before the instrument's own
  /// record is in the cache.
  private let commodityOf: Table<UInt16>
  /// Open interest of all that is listed of a commodity.
  let interestOf: Table<Int64>
  public private(set) var instrumentCount = 0
  public private(set) var commodityCount = 0
  public private(set) var tradingHoursCount = 0
  public private(set) var tradingDay = TradingDay.none
  /// Months since year 0 of the trading day; 0 before the first day.
  public private(set) var currentMonthIndex: Int32 = 0
  private var nightDate: CalendarDate?

  /// - Parameters: most instruments, commodities and tables of trading hours.
  public init(instruments: Int, commodities: Int, tradingHours: Int) {
    self.instruments = Table(capacity: instruments)
    self.commodities = Table(capacity: commodities)
    self.tradingHours = Table(capacity: tradingHours)
    precondition(commodities <= 1 << 16, "commodity numbers have 16 bits here")
    commodityOf = Table(capacity: instruments)
    interestOf = Table(capacity: commodities)
  }

  /// All of it.
  public mutating func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(instruments)
    try archive.pass(commodities)
    try archive.pass(tradingHours)
    try archive.pass(commodityOf)
    try archive.pass(interestOf)
    try archive.pass(count: &instrumentCount, atMost: instruments.capacity)
    try archive.pass(count: &commodityCount, atMost: commodities.capacity)
    try archive.pass(count: &tradingHoursCount, atMost: tradingHours.capacity)
    try archive.pass(&tradingDay)
    try archive.pass(&currentMonthIndex)
    try archive.pass(&nightDate)
  }

  // MARK: Definitions

  /// Adds a table of trading hours; nil when the table is full or an interval is wrong.
  public mutating func defineTradingHours(
    count: Int, intervals: InlineArray<8, TradingInterval>
  ) -> TradingHoursID? {
    guard tradingHoursCount < tradingHours.capacity,
      count >= 1, count <= TradingInterval.countMaximum
    else { return nil }
    for index in 0..<count {
      let interval = intervals[index]
      guard interval.date != .unknown, interval.phase != .unknown, interval.startSecond >= 0,
        interval.startSecond < interval.endSecond,
        interval.endSecond <= TradingInterval.endSecondMaximum
      else { return nil }
    }
    let id = tradingHoursCount
    tradingHoursCount += 1
    let record = tradingHours.at(id)
    record.pointee.count = count
    record.pointee.intervals = intervals
    resolve(id)
    return TradingHoursID(UInt32(id))
  }

  /// Adds a commodity; nil when the table is full or its hours don't exist.
  public mutating func defineCommodity(
    exchange: Exchange, hours: TradingHoursID, deliveryMultiple: Lots
  ) -> CommodityID? {
    guard commodityCount < commodities.capacity, hours.index < tradingHoursCount,
      exchange != .unknown, deliveryMultiple >= 1
    else { return nil }
    let id = commodityCount
    commodityCount += 1
    let record = commodities.at(id)
    record.pointee.exchange = exchange
    record.pointee.hours = hours
    record.pointee.deliveryMultiple = deliveryMultiple
    return CommodityID(UInt32(id))
  }

  /// Adds an instrument; nil when the table is full or a term is out of its range.
  public mutating func defineInstrument(_ listing: Listing) -> InstrumentID? {
    guard instrumentCount < instruments.capacity, listing.commodity.index < commodityCount,
      listing.multiplier >= 1, Int64(listing.multiplier) <= Ranges.multiplierMaximum,
      listing.tick.units >= 1, listing.tick.units <= Ranges.priceMaximum,
      (1...12).contains(listing.deliveryMonth), listing.limitLots.lowerBound >= 1,
      listing.limitLots.upperBound <= Ranges.orderLotsMaximum
    else { return nil }
    if let market = listing.marketLots {
      guard market.lowerBound >= 1, market.upperBound <= Ranges.orderLotsMaximum else {
        return nil
      }
    }
    let commodity = commodities.at(listing.commodity.raw)
    let listed: CommodityRecord.Listed = listing.option == .none ? .futures : .options
    guard isOnListed(listing),
      commodity.pointee.lists == .nothing || commodity.pointee.lists == listed
    else { return nil }
    commodity.pointee.lists = listed
    let id = instrumentCount
    instrumentCount += 1
    let record = instruments.at(id)
    record.pointee.option = listing.option
    record.pointee.strike = listing.strike
    record.pointee.underlying = listing.underlying
    if listing.option != .none {
      instruments.at(listing.underlying.raw).pointee.hasOptions = true
    }
    record.pointee.commodity = listing.commodity
    commodityOf.at(id).pointee = UInt16(listing.commodity.raw)
    record.pointee.exchange = commodity.pointee.exchange
    record.pointee.hours = commodity.pointee.hours
    record.pointee.deliveryMultiple = commodity.pointee.deliveryMultiple
    record.pointee.separatesToday = commodity.pointee.exchange.separatesToday
    record.pointee.multiplier = Int64(listing.multiplier)
    record.pointee.tick = listing.tick.units
    record.pointee.minimumLimitLots = listing.limitLots.lowerBound
    record.pointee.maximumLimitLots = listing.limitLots.upperBound
    record.pointee.minimumMarketLots = listing.marketLots?.lowerBound ?? 0
    record.pointee.maximumMarketLots = listing.marketLots?.upperBound ?? 0
    record.pointee.deliveryMonthIndex =
      Int32(listing.deliveryYear) * 12 + Int32(listing.deliveryMonth) - 1
    record.pointee.lastTradingDay = listing.lastTradingDay.yyyymmdd
    record.pointee.settlement = .none
    record.pointee.preSettlement = .none
    record.pointee.preClose = .none
    clearPrices(id)
    return InstrumentID(UInt32(id))
  }

  // MARK: The trading day

  /// Begins a trading day: hours become absolute and yesterday's prices are forgotten. Settlement
  /// prices become prior settlements one instrument at a time (`settle`), by the day switch.
  public mutating func startDay(_ day: TradingDay, nightDate: CalendarDate?) {
    tradingDay = day
    self.nightDate = nightDate
    currentMonthIndex = Int32(day.yyyymmdd / 10_000) * 12 + Int32(day.yyyymmdd / 100 % 100) - 1
    for id in 0..<tradingHoursCount { resolve(id) }
  }

  /// One instrument's part of the day switch: its settlement price, else its last mark, becomes
  /// the prior settlement; today's prices are unknown until ticks bring them.
  public mutating func settle(_ instrument: InstrumentID) {
    let record = instruments.at(instrument.raw)
    let settlement =
      record.pointee.settlement.isNone ? record.pointee.mark : record.pointee.settlement
    record.pointee.preSettlement = settlement
    record.pointee.settlement = .none
    record.pointee.preClose = record.pointee.last
    clearPrices(instrument.index)
  }

  private func clearPrices(_ id: Int) {
    let record = instruments.at(id)
    record.pointee.last = .none
    record.pointee.bid = .none
    record.pointee.ask = .none
    record.pointee.upperLimit = .none
    record.pointee.lowerLimit = .none
    record.pointee.mark = record.pointee.preSettlement
    record.pointee.lastTickTime = .none
    record.pointee.status = .unknown
    record.pointee.hasStatus = false
    record.pointee.volume = 0
    setInterest(record, 0)
  }

  private func resolve(_ id: Int) {
    let record = tradingHours.at(id)
    for index in 0..<record.pointee.count {
      let interval = record.pointee.intervals[index]
      var date: CalendarDate?
      switch interval.date {
      case .night: date = nightDate
      case .day: date = tradingDay.isNone ? nil : tradingDay.date
      case .unknown: date = nil
      }
      guard let date else {
        record.pointee.starts[index] = 0
        record.pointee.ends[index] = 0
        continue
      }
      record.pointee.starts[index] =
        Timestamp(date: date, secondOfDay: Int64(interval.startSecond)).nanoseconds
      record.pointee.ends[index] =
        Timestamp(date: date, secondOfDay: Int64(interval.endSecond)).nanoseconds
    }
  }

  // MARK: Prices

  /// The prices of one tick; none and 0 leave what is known.
  public struct Quote {
    public var last: Price
    public var bid: Price
    public var ask: Price
    public var upperLimit: Price
    public var lowerLimit: Price
    public var preSettlement: Price
    public var volume: Int64
    public var openInterest: Int64

    public init(
      last: Price, bid: Price = .none, ask: Price = .none, upperLimit: Price = .none,
      lowerLimit: Price = .none, preSettlement: Price = .none, volume: Int64 = 0,
      openInterest: Int64 = 0
    ) {
      self.last = last
      self.bid = bid
      self.ask = ask
      self.upperLimit = upperLimit
      self.lowerLimit = lowerLimit
      self.preSettlement = preSettlement
      self.volume = volume
      self.openInterest = openInterest
    }
  }

  /// Takes a tick. False, and nothing changed, when a price is outside the instrument's range.
  public mutating func apply(_ quote: Quote, to instrument: InstrumentID, at time: Timestamp)
    -> Bool
  {
    let record = instruments.at(instrument.raw)
    let multiplier = record.pointee.multiplier
    guard Self.fits(quote.last, multiplier), Self.fits(quote.bid, multiplier),
      Self.fits(quote.ask, multiplier), Self.fits(quote.upperLimit, multiplier),
      Self.fits(quote.lowerLimit, multiplier), Self.fits(quote.preSettlement, multiplier)
    else { return false }
    if !quote.upperLimit.isNone { record.pointee.upperLimit = quote.upperLimit }
    if !quote.lowerLimit.isNone { record.pointee.lowerLimit = quote.lowerLimit }
    if record.pointee.preSettlement.isNone, !quote.preSettlement.isNone {
      record.pointee.preSettlement = quote.preSettlement
    }
    record.pointee.bid = quote.bid
    record.pointee.ask = quote.ask
    if quote.volume > 0 { record.pointee.volume = quote.volume }
    if quote.openInterest > 0 { setInterest(record, quote.openInterest) }
    if !quote.last.isNone {
      record.pointee.last = quote.last
      record.pointee.lastTickTime = time
    }
    record.pointee.mark = record.pointee.last.isNone ? record.pointee.preSettlement : quote.last
    if quote.last.isNone, !record.pointee.last.isNone { record.pointee.mark = record.pointee.last }
    return true
  }

  /// Takes the prices a day starts from. False when one is outside the instrument's range.
  public mutating func setReference(
    _ instrument: InstrumentID, preSettlement: Price, preClose: Price, upperLimit: Price,
    lowerLimit: Price, openInterest: Int64
  ) -> Bool {
    let record = instruments.at(instrument.raw)
    let multiplier = record.pointee.multiplier
    guard Self.fits(preSettlement, multiplier), Self.fits(preClose, multiplier),
      Self.fits(upperLimit, multiplier), Self.fits(lowerLimit, multiplier), openInterest >= 0
    else { return false }
    if !preSettlement.isNone { record.pointee.preSettlement = preSettlement }
    if !preClose.isNone { record.pointee.preClose = preClose }
    if !upperLimit.isNone { record.pointee.upperLimit = upperLimit }
    if !lowerLimit.isNone { record.pointee.lowerLimit = lowerLimit }
    setInterest(record, openInterest)
    if record.pointee.last.isNone { record.pointee.mark = record.pointee.preSettlement }
    return true
  }

  /// Keeps the settlement price for the coming day switch. False when out of range.
  public mutating func setSettlement(_ instrument: InstrumentID, _ price: Price) -> Bool {
    let record = instruments.at(instrument.raw)
    guard !price.isNone, Self.fits(price, record.pointee.multiplier) else { return false }
    record.pointee.settlement = price
    return true
  }

  public mutating func setStatus(_ instrument: InstrumentID, _ phase: TradingPhase) {
    let record = instruments.at(instrument.raw)
    record.pointee.status = phase
    record.pointee.hasStatus = true
  }

  private static func fits(_ price: Price, _ multiplier: Int64) -> Bool {
    price.isNone || Ranges.allows(price: price, multiplier: multiplier)
  }

  // MARK: Questions

  public func exists(_ instrument: InstrumentID) -> Bool { instrument.index < instrumentCount }
  public func exists(_ commodity: CommodityID) -> Bool { commodity.index < commodityCount }
  public func instrument(_ id: InstrumentID) -> UnsafePointer<InstrumentRecord> {
    UnsafePointer(instruments.at(id.raw))
  }
  /// The commodity of an instrument, without a look at its record.
  public func commodity(of instrument: InstrumentID) -> CommodityID {
    CommodityID(UInt32(commodityOf.at(instrument.raw).pointee))
  }
  /// Asks the cache for an instrument's record.
  public func prefetchInstrument(_ id: InstrumentID) {
    instruments.prefetch(id.index, lines: InstrumentRecord.linesOfOrder)
  }
  /// Whether what is listed of a commodity are options.
  public func listsOptions(_ id: CommodityID) -> Bool {
    commodities.at(id.raw).pointee.lists == .options
  }
  public func commodity(_ id: CommodityID) -> UnsafePointer<CommodityRecord> {
    UnsafePointer(commodities.at(id.raw))
  }

  /// Everything decisions read here, for the state hash.
  public func hash(into hasher: inout StateHasher) {
    hasher.combine(instruments, count: instrumentCount)
    for index in 0..<commodityCount {
      let record = commodities.at(index)
      hasher.combine(
        UInt64(record.pointee.exchange.rawValue) << 32 | UInt64(record.pointee.hours.raw))
      hasher.combine(Int64(record.pointee.deliveryMultiple))
    }
    for index in 0..<tradingHoursCount { hashHours(tradingHours.at(index), into: &hasher) }
    hasher.combine(UInt64(tradingDay.yyyymmdd))
    hasher.combine(UInt64(nightDate?.yyyymmdd ?? 0))
  }

  /// Field by field: an interval has bytes between its fields that mean nothing.
  private func hashHours(
    _ record: UnsafeMutablePointer<TradingHoursRecord>, into hasher: inout StateHasher
  ) {
    hasher.combine(UInt64(record.pointee.count))
    for index in 0..<record.pointee.count {
      let interval = record.pointee.intervals[index]
      hasher.combine(
        UInt64(interval.date.rawValue) << 8 | UInt64(interval.phase.rawValue))
      hasher.combine(Int64(interval.startSecond) << 32 | Int64(interval.endSecond))
    }
  }

  /// What the instrument is doing at a moment: the exchange's word, else the calendar's.
  /// `.unknown` = closed.
  public func phase(of instrument: UnsafePointer<InstrumentRecord>, at time: Timestamp)
    -> TradingPhase
  {
    if instrument.pointee.hasStatus { return instrument.pointee.status }
    let hours = tradingHours.at(instrument.pointee.hours.raw)
    let now = time.nanoseconds
    for index in 0..<hours.pointee.count
    where now >= hours.pointee.starts[index] && now < hours.pointee.ends[index] {
      return hours.pointee.intervals[index].phase
    }
    return .unknown
  }

  /// Whether a moment belongs to the instrument's night session: by its trading hours; outside of
  /// them the night is what lies before the trading day's own date.
  public func isNight(of instrument: UnsafePointer<InstrumentRecord>, at time: Timestamp) -> Bool {
    let hours = tradingHours.at(instrument.pointee.hours.raw)
    let now = time.nanoseconds
    for index in 0..<hours.pointee.count
    where now >= hours.pointee.starts[index] && now < hours.pointee.ends[index] {
      return hours.pointee.intervals[index].date == .night
    }
    guard !tradingDay.isNone else { return false }
    return time < Timestamp(date: tradingDay.date, secondOfDay: 0)
  }

  /// Whether the instrument's last trading day is over, and the exchange says nothing else: it
  /// will not trade again.
  @inline(__always)
  public func hasExpired(_ instrument: UnsafePointer<InstrumentRecord>) -> Bool {
    !instrument.pointee.hasStatus && instrument.pointee.lastTradingDay != 0
      && instrument.pointee.lastTradingDay < tradingDay.yyyymmdd
  }

  /// Whether the delivery month of the instrument is now.
  public func isInDeliveryMonth(_ instrument: UnsafePointer<InstrumentRecord>) -> Bool {
    instrument.pointee.deliveryMonthIndex == currentMonthIndex
  }
}
