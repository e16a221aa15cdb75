import Domain
import Exchange
import Messages
import TickRecordings

/// Whether the market locks at a limit price in the middle of the day.
enum DayLock: Sendable, CaseIterable {
  case none, up, down
}

/// A trading day as it comes: what it begins with, its ticks in the order of time, and where each
/// instrument settled.
struct DayPlan: Sendable {
  var day: TradingDay
  /// Of its night, yyyymmdd.
  var nightDate: UInt32
  var opening: Timestamp
  /// A row an instrument.
  var references: [DayReference]
  var ticks: [(instrument: InstrumentID, tick: ExchangeTick)]
  var settlements: [Price]
}

/// Two days of a market: a day, and the night of the one that follows.
enum DayFeed {
  private static let days = DayWorld.days
  /// From then on a locked market has no other price.
  private static let locking = Timestamp(date: days[0].date, secondOfDay: 10 * 3600 + 2_700)

  /// What was recorded; with a lock, all later prices are at the limit.
  static func recorded(_ lock: DayLock) throws -> [DayPlan] {
    var ticks: [[ExchangeTick]] = []
    for listing in DayWorld.listings {
      var moving = RecordedDays(first: days[0].date)
      ticks.append(
        try TickRecordings.read(listing.file, of: listing.exchange).ticks
          .map { moving.moved($0) })
    }
    func of(_ day: Int) -> [[ExchangeTick]] {
      ticks.map { $0.filter { $0.tradingDate == days[day].date } }
    }
    let (today, next) = (of(0), of(1))
    var first = plan(0, today.enumerated().map { reference($0, of: $1[0]) }, today, lock)
    if lock == .none {
      for (index, ticks) in next.enumerated() {
        if let tick = ticks.first { first.settlements[index] = tick.priorSettlement }
      }
    }
    let references = next.enumerated().map { index, ticks in
      if lock == .none, let tick = ticks.first { return reference(index, of: tick) }
      return reference(index, settledAt: first.settlements[index])
    }
    return [first, plan(1, references, next, lock)]
  }

  /// The same of a market that a seed draws: a tick an instrument every three seconds.
  static func drawn(seed: UInt64, _ lock: DayLock) -> [DayPlan] {
    var market = DrawnMarket(seed: seed)
    let references = DayWorld.listings.enumerated().map {
      reference($0, settledAt: Price(units: $1.price))
    }
    let first = plan(0, references, market.ticks(0, references), lock)
    let next = first.settlements.enumerated().map { reference($0, settledAt: $1) }
    return [first, plan(1, next, market.ticks(1, next), lock)]
  }

  // MARK: Days

  private static func plan(
    _ index: Int, _ references: [DayReference], _ ticks: [[ExchangeTick]], _ lock: DayLock
  ) -> DayPlan {
    let before = index == 0 ? CalendarDate(yyyymmdd: 20_261_123)! : days[0].date
    var plan = DayPlan(
      day: days[index], nightDate: before.yyyymmdd,
      opening: Timestamp(date: before, secondOfDay: 17 * 3600), references: references, ticks: [],
      settlements: references.map(\.preSettlement))
    for (index, ticks) in ticks.enumerated() {
      let id = InstrumentID(UInt32(index))
      plan.ticks += ticks.map { (id, locked($0, references[index], lock)) }
    }
    plan.ticks.sort { ($0.tick.time, $0.instrument.raw) < ($1.tick.time, $1.instrument.raw) }
    for (instrument, tick) in plan.ticks where !tick.last.isNone {
      plan.settlements[instrument.index] = tick.last
    }
    return plan
  }

  private static func reference(_ index: Int, of tick: ExchangeTick) -> DayReference {
    DayReference(
      instrument: InstrumentID(UInt32(index)), preSettlement: tick.priorSettlement,
      preClose: tick.priorClose, upperLimit: tick.limitUp, lowerLimit: tick.limitDown,
      openInterest: tick.priorOpenInterest)
  }

  /// Of a day that nobody recorded.
  private static func reference(_ index: Int, settledAt price: Price) -> DayReference {
    let listing = DayWorld.listings[index]
    var reference = DayReference(
      instrument: InstrumentID(UInt32(index)), preSettlement: price, preClose: price,
      upperLimit: .none, lowerLimit: .none, openInterest: 80_000)
    var instrument = DayWorld.instrument(listing, reference)
    instrument.setLimits(bandInTenThousandths: listing.band)
    reference.upperLimit = instrument.limitUp
    reference.lowerLimit = instrument.limitDown
    return reference
  }

  /// At a limit everybody stands on one side, and nobody on the other.
  private static func locked(
    _ tick: ExchangeTick, _ reference: DayReference, _ lock: DayLock
  ) -> ExchangeTick {
    guard lock != .none else { return tick }
    var locked = tick
    locked.limitUp = reference.upperLimit
    locked.limitDown = reference.lowerLimit
    guard tick.time >= locking else { return locked }
    let limit = lock == .up ? reference.upperLimit : reference.lowerLimit
    locked.last = limit
    locked.bid = lock == .up ? BookLevel(price: limit, lots: 400) : .none
    locked.ask = lock == .down ? BookLevel(price: limit, lots: 400) : .none
    return locked
  }
}

/// Random walks, an instrument each.
private struct DrawnMarket {
  let seed: UInt64

  mutating func ticks(_ day: Int, _ references: [DayReference]) -> [[ExchangeTick]] {
    zip(DayWorld.listings, references).map { listing, reference in
      var generator = TickGenerator(
        DayWorld.instrument(listing, reference), seed: seed &+ UInt64(day))
      let hours: [(from: Int64, to: Int64)] =
        day == 0
        ? [(32_400, 36_900), (37_800, 41_400), (46_800, 54_000)]
        : listing.exchange == .shfe ? [(75_600, 82_800)] : []
      return hours.flatMap { hour in
        stride(from: hour.from, to: hour.to, by: 3).map { second in
          generator.next(
            at: Timestamp(date: DayWorld.days[0].date, secondOfDay: second),
            tradingDate: DayWorld.days[day].date)
        }
      }
    }
  }
}
