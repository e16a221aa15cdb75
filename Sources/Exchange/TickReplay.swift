import Domain

/// When a recorded tick is due, at real or N-fold speed.
///
/// Pauses longer than the longest wanted one (lunch, the night, a weekend) count as that one; a
/// recording whose clock steps back goes on without waiting.
public struct ReplayClock: Equatable, Sendable {
  private let start: Timestamp
  private let speed: Int64
  private let pauseMaximum: Int64
  private var previous: Timestamp?
  /// Recorded nanoseconds that count, since the first tick.
  private var elapsed: Int64 = 0

  /// - Parameters:
  ///   - start: when the first tick is due.
  ///   - speed: recorded seconds a second, from 1; 0 = everything is due at once.
  ///   - pauseMaximumSeconds: in recorded time; nil = pauses last as long as they did.
  public init(start: Timestamp, speed: Int64, pauseMaximumSeconds: Int64? = nil) {
    precondition(speed >= 0, "a replay does not run backwards")
    self.start = start
    self.speed = speed
    pauseMaximum = (pauseMaximumSeconds ?? 0) * Timestamp.nanosecondsPerSecond
  }

  /// When the tick that follows the one asked about before is due.
  public mutating func due(recorded: Timestamp) -> Timestamp {
    if let previous {
      var pause = max(0, recorded.nanoseconds - previous.nanoseconds)
      if pauseMaximum > 0 { pause = min(pause, pauseMaximum) }
      elapsed += pause
    }
    previous = recorded
    return start.adding(nanoseconds: speed == 0 ? 0 : elapsed / speed)
  }
}

/// Several recordings played as one, by time and then by the order of the sources.
///
/// Offer the next tick of every source that `wants` one, then take ticks while they are due.
public struct TickReplay: Equatable, Sendable {
  private enum Source: Equatable, Sendable {
    case waiting
    case holds(ExchangeTick)
    case ended
  }

  private var sources: [Source]
  private var clock: ReplayClock
  /// The tick that goes next, and when; nil while a source has not said its next one.
  private var head: (source: Int, due: Timestamp)?

  public init(sources: Int, clock: ReplayClock) {
    self.sources = [Source](repeating: .waiting, count: sources)
    self.clock = clock
  }

  public static func == (left: TickReplay, right: TickReplay) -> Bool {
    left.sources == right.sources && left.clock == right.clock
      && left.head?.source == right.head?.source && left.head?.due == right.head?.due
  }

  /// The first source whose next tick is not known yet.
  public var wants: Int? { sources.firstIndex(of: .waiting) }

  /// Every source is at its end and every tick was taken.
  public var isFinished: Bool { sources.allSatisfy { $0 == .ended } }

  /// The next tick of a source; nil = it is at its end.
  public mutating func offer(_ tick: ExchangeTick?, from source: Int) {
    precondition(sources[source] == .waiting, "a source is asked before it offers")
    sources[source] = tick.map { .holds($0) } ?? .ended
    if wants == nil { chooseHead() }
  }

  /// When the next tick is due; nil at the end, or while a source has not said its next one.
  public var nextDue: Timestamp? { head?.due }

  /// The next tick, if it is due by now.
  public mutating func take(now: Timestamp) -> ExchangeTick? {
    guard let head, head.due <= now, case .holds(let tick) = sources[head.source] else {
      return nil
    }
    sources[head.source] = .waiting
    self.head = nil
    return tick
  }

  private mutating func chooseHead() {
    var chosen: (source: Int, tick: ExchangeTick)?
    for (index, source) in sources.enumerated() {
      guard case .holds(let tick) = source else { continue }
      if let best = chosen, best.tick.time <= tick.time { continue }
      chosen = (index, tick)
    }
    head = chosen.map { ($0.source, clock.due(recorded: $0.tick.time)) }
  }
}

/// Plays recordings of any year on the days of this exchange: the first day of a recording
/// becomes `day`, each later one the next working day, times of day stay.
public struct RecordedDays: Equatable, Sendable {
  private var day: CalendarDate
  private let days: WorkingDays
  private var recorded: CalendarDate?

  public init(first day: CalendarDate, _ days: WorkingDays = WorkingDays()) {
    self.day = day
    self.days = days
  }

  public mutating func moved(_ tick: ExchangeTick) -> ExchangeTick {
    if let recorded, recorded != tick.tradingDate { day = days.after(day) }
    recorded = tick.tradingDate
    return tick.moved(to: day, days)
  }
}
