import Domain
import Storage

// When sessions end, by the trading hours of today. What an exchange says of an instrument is what
// it does now, never when it will close: windows before a close go by the calendar.
extension Market {
  /// 12:00: the morning session is what ends by then and is followed by another.
  private static let noonSecond: Int32 = 43_200

  /// When a session of a table of trading hours ends today; `.none` when there is no such session.
  public func end(of close: SessionClose, _ hours: TradingHoursID) -> Timestamp {
    let record = tradingHours.at(hours.raw)
    var end: Int64 = 0
    var hasAfternoon = false
    for index in 0..<record.pointee.count
    where record.pointee.starts[index] < record.pointee.ends[index] {
      let interval = record.pointee.intervals[index]
      let isMeant: Bool
      switch close {
      case .night: isMeant = interval.date == .night
      case .day: isMeant = interval.date == .day
      case .midday:
        isMeant = interval.date == .day && interval.endSecond <= Self.noonSecond
        if interval.date == .day, interval.startSecond >= Self.noonSecond { hasAfternoon = true }
      case .unknown: isMeant = false
      }
      if isMeant { end = max(end, record.pointee.ends[index]) }
    }
    if end == 0 || close == .midday && !hasAfternoon { return .none }
    return Timestamp(nanoseconds: end)
  }

  /// Whether a session of such hours ends within so long, or has ended: from that moment on,
  /// itself in, until the trading day is over; at midday and at night until the next session.
  public func isClosing(
    _ hours: TradingHoursID, at close: SessionClose, within seconds: Int64, now: Timestamp
  ) -> Bool {
    let end = end(of: close, hours)
    guard !end.isNone, now >= end.adding(seconds: -seconds) else { return false }
    return close == .day || now < end || now < start(after: end, hours)
  }

  /// Whether a session of such hours ends within so long and has not ended: its positions can
  /// still be closed before that.
  public func isAboutToClose(
    _ hours: TradingHoursID, at close: SessionClose, within seconds: Int64, now: Timestamp
  ) -> Bool {
    let end = end(of: close, hours)
    return !end.isNone && now < end && now >= end.adding(seconds: -seconds)
  }

  /// The close of an instrument that lies within so long ahead, both ends in; `.unknown` = none.
  public func closeAhead(
    _ instrument: UnsafePointer<InstrumentRecord>, within seconds: Int64, now: Timestamp
  ) -> (close: SessionClose, end: Timestamp) {
    var code: UInt8 = 1
    while let close = SessionClose(rawValue: code) {
      let end = end(of: close, instrument.pointee.hours)
      if !end.isNone, now <= end, now >= end.adding(seconds: -seconds) { return (close, end) }
      code += 1
    }
    return (.unknown, .none)
  }

  /// The last of the sessions that end within so long and have not ended, of all trading hours;
  /// `.none` = there is none.
  public func lastEnd(of close: SessionClose, within seconds: Int64, now: Timestamp) -> Timestamp {
    var last = Timestamp.none
    for id in 0..<tradingHoursCount {
      let hours = TradingHoursID(UInt32(id))
      guard isAboutToClose(hours, at: close, within: seconds, now: now) else { continue }
      last = max(last, end(of: close, hours))
    }
    return last
  }

  /// The next moment after `now` at which a window of some trading hours begins or is looked at
  /// again: `bar` and `reduce` seconds before each close, then each `again` seconds, and the close.
  /// `.never` = none today.
  public func nextWindowMoment(
    after now: Timestamp, bar: Int64, reduce: Int64, again: Int64
  ) -> Timestamp {
    var next = Timestamp.never
    for id in 0..<tradingHoursCount {
      for close in [SessionClose.midday, .day, .night] {
        let end = end(of: close, TradingHoursID(UInt32(id)))
        guard !end.isNone, end > now else { continue }
        next = min(next, end)
        let barred = end.adding(seconds: -bar)
        let reduced = end.adding(seconds: -reduce)
        if barred > now { next = min(next, barred) }
        if reduced > now {
          next = min(next, reduced)
        } else {
          let step = again * Timestamp.nanosecondsPerSecond
          let passed = (now.nanoseconds - reduced.nanoseconds) / step + 1
          let look = reduced.adding(nanoseconds: passed * step)
          if look < end { next = min(next, look) }
        }
      }
    }
    return next
  }

  /// When a table of trading hours goes on after a moment; `.none` when it does not today.
  private func start(after moment: Timestamp, _ hours: TradingHoursID) -> Timestamp {
    let record = tradingHours.at(hours.raw)
    var first = Int64.max
    for index in 0..<record.pointee.count
    where record.pointee.starts[index] < record.pointee.ends[index]
      && record.pointee.starts[index] >= moment.nanoseconds
    {
      first = min(first, record.pointee.starts[index])
    }
    return first == .max ? .none : Timestamp(nanoseconds: first)
  }
}
