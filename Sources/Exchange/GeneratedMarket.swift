import Domain

/// Generators of many instruments on one clock: each gives a tick every half second of market
/// time, spread evenly so that they don't come all at once.
public struct GeneratedMarket: Equatable, Sendable {
  public static let tickNanoseconds: Int64 = 500_000_000

  private var generators: [TickGenerator]
  private let start: Timestamp
  private let speed: Int64
  private let day: CalendarDate
  /// What the exchange's clock shows at the start; nil = the real time.
  private let opening: Timestamp?
  /// Ticks of its life; `.max` = it goes on for ever.
  private let total: Int64
  /// Ticks given so far; the next one is due `taken` slots after the start.
  private var taken: Int64 = 0

  /// - Parameters:
  ///   - start: when the first tick is due, and its time.
  ///   - speed: market seconds a second, from 1.
  ///   - opening: what the exchange's clock shows at the start, so that ticks carry market time;
  ///     nil = they carry the time they are due.
  ///   - seconds: of market time until it is over, up to 1 000 000; nil = never.
  public init(
    _ instruments: [ExchangeInstrument], seed: UInt64, day: TradingDay, start: Timestamp,
    speed: Int64 = 1, opening: Timestamp? = nil, seconds: Int64? = nil
  ) {
    precondition(speed > 0, "a market moves forward")
    precondition((0...1_000_000).contains(seconds ?? 0), "a market lives for days at most")
    total =
      seconds.map {
        $0 * Timestamp.nanosecondsPerSecond / GeneratedMarket.tickNanoseconds
          * Int64(instruments.count)
      } ?? .max
    generators = instruments.map { TickGenerator($0, seed: seed) }
    self.start = start
    self.opening = opening
    self.speed = speed
    self.day = day.date
  }

  /// Every tick was taken.
  public var isFinished: Bool { generators.isEmpty || taken >= total }

  /// `.never` when there are no instruments, or no more ticks.
  public var nextDue: Timestamp {
    guard !isFinished else { return .never }
    return start.adding(nanoseconds: marketNanoseconds / speed)
  }

  private var marketNanoseconds: Int64 {
    let count = Int64(generators.count)
    let round = taken / count
    let slot = taken % count
    return round * GeneratedMarket.tickNanoseconds
      + slot * GeneratedMarket.tickNanoseconds / count
  }

  /// The next tick, if it is due by now.
  public mutating func take(now: Timestamp) -> ExchangeTick? {
    let due = nextDue
    guard due <= now else { return nil }
    let index = Int(taken % Int64(generators.count))
    let time = opening.map { $0.adding(nanoseconds: marketNanoseconds) } ?? due
    taken += 1
    return generators[index].next(at: time, tradingDate: day)
  }
}
