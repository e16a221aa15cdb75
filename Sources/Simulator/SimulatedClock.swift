import Domain
import Gateway

/// The time of the world, and what the gateway's machine shows of it.
struct SimulatedClock {
  /// Nanoseconds since the world began.
  var now: Int64 = 1_000_000_000
  /// By how much somebody set the machine's real-time clock wrong.
  var offset: Int64 = 0
  /// When the machine was started: its monotonic clock counts from there.
  var bootedAt: Int64 = 0

  /// A Monday morning; every instrument trades day and night.
  static let start = Timestamp(
    date: SimulatedHouse.days[0].date, secondOfDay: 10 * 3600)

  /// What a clock that nobody sets shows: the counters' and the exchange's.
  var real: Timestamp { SimulatedClock.start.adding(nanoseconds: now) }

  var reading: ClockReading {
    ClockReading(real: real.adding(nanoseconds: offset), monotonic: now - bootedAt)
  }
}
