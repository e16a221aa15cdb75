import Domain

/// A made-up but plausible market of one instrument: a walk on the tick grid inside the limit
/// prices, pulled back toward the prior settlement. Same seed, same market.
public struct TickGenerator: Equatable, Sendable {
  private let instrument: ExchangeInstrument
  private var stream: SplitMix64
  /// The grid between the limit prices, counted in price steps.
  private let lowest: Int64
  private let highest: Int64
  private let centre: Int64
  /// The best bid's place on the grid; one below `lowest` when everybody sells.
  private var place: Int64
  private var tick: ExchangeTick

  /// - Parameter seed: mixed with the instrument's code, so that one seed serves a whole market.
  public init(_ instrument: ExchangeInstrument, seed: UInt64) {
    self.instrument = instrument
    var mixed = seed
    for index in 0..<instrument.code.count {
      mixed = (mixed ^ UInt64(instrument.code.bytes[index])) &* 0x0000_0100_0000_01B3
    }
    stream = SplitMix64(seed: mixed)
    let step = instrument.tick
    centre = instrument.priorSettlement.units.flooredQuotient(step)
    lowest =
      instrument.limitDown.isNone
      ? centre - TickGenerator.openBand : -(-instrument.limitDown.units).flooredQuotient(step)
    highest =
      instrument.limitUp.isNone
      ? centre + TickGenerator.openBand : instrument.limitUp.units.flooredQuotient(step)
    precondition(lowest < highest, "limit prices leave room for a market")
    place = min(max(centre, lowest), highest - 1)
    tick = ExchangeTick(
      instrument: instrument.code, exchange: instrument.exchange,
      tradingDate: CalendarDate(dayNumber1970: 0), time: .none)
    tick.priorSettlement = instrument.priorSettlement
    tick.priorClose = instrument.priorSettlement
    tick.limitUp = instrument.limitUp
    tick.limitDown = instrument.limitDown
    tick.openInterest = stream.within(20_000...200_000)
    tick.priorOpenInterest = tick.openInterest
    tick.turnover = .zero
  }

  /// How far an instrument without limit prices may wander, in price steps.
  private static let openBand: Int64 = 500

  /// The next tick; the caller says when, about twice a second.
  public mutating func next(at time: Timestamp, tradingDate: CalendarDate) -> ExchangeTick {
    if tradingDate != tick.tradingDate { startDay() }
    tick.time = time
    tick.tradingDate = tradingDate
    place = min(max(place + stride(), lowest - 1), highest)
    setBook()
    trade()
    return tick
  }

  private mutating func startDay() {
    if !tick.last.isNone { tick.priorClose = tick.last }
    tick.priorOpenInterest = tick.openInterest
    tick.volume = 0
    tick.turnover = .zero
    tick.open = .none
    tick.high = .none
    tick.low = .none
  }

  /// How far the market moves: mostly nowhere, rarely a jump, more often toward the centre the
  /// further away it is.
  private mutating func stride() -> Int64 {
    let roll = stream.below(1000)
    if roll < 550 { return 0 }
    let length = roll >= 995 ? stream.within(3...8) : roll >= 950 ? 2 : 1
    let distance = place - centre
    let band = max(1, (highest - lowest) / 2)
    // 50 % up in the centre, 25 % at the upper limit, 75 % at the lower one.
    let up = 500 - distance * 250 / band
    return stream.within(0...999) < up ? length : -length
  }

  private mutating func setBook() {
    let spread: Int64 = stream.below(10) == 0 && place >= lowest ? 2 : 1
    let bidLots = Lots(stream.within(1...200))
    let askLots = Lots(stream.within(1...200))
    tick.bid =
      place < lowest
      ? .none : BookLevel(price: Price(units: place * instrument.tick), lots: bidLots)
    tick.ask =
      place >= highest
      ? .none
      : BookLevel(
        price: Price(units: min(place + spread, highest) * instrument.tick), lots: askLots)
  }

  /// Trades at the bid or at the ask, or not at all.
  private mutating func trade() {
    let lots = stream.below(4) == 0 ? 0 : stream.within(1...80)
    let atBid = stream.below(2) == 0
    let price = tick.ask.isNone || (atBid && !tick.bid.isNone) ? tick.bid.price : tick.ask.price
    guard lots > 0 || tick.last.isNone else { return }
    tick.last = price
    tick.volume += lots
    tick.turnover.units += price.units * lots * instrument.multiplier
    tick.openInterest = max(0, tick.openInterest + stream.within(-lots...lots))
    if tick.open.isNone { tick.open = price }
    tick.high = tick.high.isNone ? price : max(tick.high, price)
    tick.low = tick.low.isNone ? price : min(tick.low, price)
  }
}
