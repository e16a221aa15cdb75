/// Which dates are trading days, and on which evening each trading day begins.
///
/// Saturdays and Sundays never trade, make-up working weekends included; the holidays of the
/// list don't either. Nothing is known outside `firstDate...lastDate`: a question about it is
/// answered nil, so that the caller refuses instead of guessing. Source: the exchanges' yearly
/// closing notices.
public struct TradingCalendar: Equatable, Sendable {
  /// The first and last date the list of holidays speaks of.
  public let firstDate: CalendarDate
  public let lastDate: CalendarDate
  /// Ascending, without repetition, weekdays only.
  private let holidays: [CalendarDate]
  /// Trading days from ... to, ends included, that had no night session though no holiday lay
  /// before them (the epidemic of 2020).
  private let suspendedNights: [ClosedRange<CalendarDate>]
  /// From this second of a trading day's date on (China time) the next trading day is meant.
  public let daySwitchSecond: Int64

  /// 17:00: the day's clearing is over, no night session has begun.
  public static let daySwitchSecondDefault: Int64 = 61_200

  /// - Parameters:
  ///   - holidays: dates without trading; weekends may be listed and change nothing.
  ///   - daySwitchSecond: 54 900 (15:15) to 75 000 (20:50).
  public init(
    firstDate: CalendarDate, lastDate: CalendarDate, holidays: some Sequence<CalendarDate>,
    suspendedNights: [ClosedRange<CalendarDate>] = [],
    daySwitchSecond: Int64 = daySwitchSecondDefault
  ) {
    precondition(firstDate <= lastDate, "a calendar's first date is not after its last")
    self.firstDate = firstDate
    self.lastDate = lastDate
    self.holidays = Set(holidays.lazy.filter { $0.weekday <= 5 }).sorted()
    self.suspendedNights = suspendedNights
    self.daySwitchSecond = daySwitchSecond
  }

  public func covers(_ date: CalendarDate) -> Bool { firstDate <= date && date <= lastDate }

  /// Nil outside the calendar.
  public func isTradingDay(_ date: CalendarDate) -> Bool? {
    guard covers(date) else { return nil }
    return date.weekday <= 5 && !isHoliday(date)
  }

  /// The first trading day after a date; nil when the calendar ends before one.
  public func tradingDay(after date: CalendarDate) -> TradingDay? {
    nearestTradingDay(from: date.adding(days: 1), step: 1)
  }

  /// The date itself when it is a trading day, else the next one.
  public func tradingDay(onOrAfter date: CalendarDate) -> TradingDay? {
    nearestTradingDay(from: date, step: 1)
  }

  /// The last trading day before a date; nil when the calendar begins after it.
  public func tradingDay(before date: CalendarDate) -> TradingDay? {
    nearestTradingDay(from: date.adding(days: -1), step: -1)
  }

  /// The date whose evening opens a trading day: that of the trading day before it, when nothing
  /// but a weekend lies between. Nil on the evening before a holiday, when nights were
  /// suspended, and when the date is no trading day or its predecessor is not known.
  public func nightDate(before day: TradingDay) -> CalendarDate? {
    guard isTradingDay(day.date) == true, let previous = tradingDay(before: day.date),
      !suspendedNights.contains(where: { $0.contains(day.date) })
    else { return nil }
    var between = previous.date.adding(days: 1)
    while between < day.date {
      if between.weekday <= 5 { return nil }
      between = between.adding(days: 1)
    }
    return previous.date
  }

  /// The trading day that a moment belongs to: that of its date until `daySwitchSecond`, from
  /// then on, and on dates without trading, the next one. Nil outside the calendar.
  public func tradingDay(at time: Timestamp) -> TradingDay? {
    let date = time.chinaDate
    return time.chinaSecondOfDay < daySwitchSecond
      ? tradingDay(onOrAfter: date) : tradingDay(after: date)
  }

  /// An interval of trading hours on a real trading day: [start, end). Nil for a night interval
  /// of a day without a night session.
  public func moments(of interval: TradingInterval, on day: TradingDay) -> Range<Timestamp>? {
    let date: CalendarDate
    switch interval.date {
    case .day: date = day.date
    case .night:
      guard let night = nightDate(before: day) else { return nil }
      date = night
    case .unknown: return nil
    }
    return Timestamp(
      date: date, secondOfDay: Int64(interval.startSecond))..<Timestamp(
        date: date, secondOfDay: Int64(interval.endSecond))
  }

  private func nearestTradingDay(from start: CalendarDate, step: Int32) -> TradingDay? {
    var date = start
    while let trades = isTradingDay(date) {
      if trades { return TradingDay(yyyymmdd: date.yyyymmdd) }
      date = date.adding(days: step)
    }
    return nil
  }

  /// Binary search.
  private func isHoliday(_ date: CalendarDate) -> Bool {
    var low = 0
    var high = holidays.count
    while low < high {
      let middle = (low + high) / 2
      if holidays[middle] < date { low = middle + 1 } else { high = middle }
    }
    return low < holidays.count && holidays[low] == date
  }
}
