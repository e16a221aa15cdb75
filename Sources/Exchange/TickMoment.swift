import Domain

/// When a recorded tick happened, told from the four columns that CTP scatters it over.
///
/// Known traps, all handled by `resolved`:
/// - the night belongs to the next trading day, so `TradingDay` is not its date;
/// - DCE fills `ActionDay` of a night tick with the trading day;
/// - CZCE fills `TradingDay` of a night tick with the evening's date;
/// - past midnight a Friday's night is on Saturday, its trading day is Monday.
struct TickMoment: Equatable {
  /// Nil when the column is missing or empty.
  var tradingDay: CalendarDate?
  var actionDay: CalendarDate?
  /// Milliseconds since midnight, China time.
  var millisecondOfDay: Int64
  var exchange: Exchange

  static let morning: Int64 = 6 * 3_600_000
  static let evening: Int64 = 18 * 3_600_000

  /// Both dates put right; nil when neither column names a day.
  func resolved(_ days: WorkingDays) -> (tradingDate: CalendarDate, time: Timestamp)? {
    guard let named = tradingDay ?? actionDay else { return nil }
    guard isNight else { return (named, moment(on: named)) }
    let tradingDate = tradingDateOfNight(named, days)
    if let actionDay, actionDay < tradingDate { return (tradingDate, moment(on: actionDay)) }
    let eveningDate = days.before(tradingDate)
    let date = millisecondOfDay < TickMoment.morning ? eveningDate.adding(days: 1) : eveningDate
    return (tradingDate, moment(on: date))
  }

  /// Evening or past midnight: 18:00 to 06:00.
  var isNight: Bool {
    millisecondOfDay >= TickMoment.evening || millisecondOfDay < TickMoment.morning
  }

  private func tradingDateOfNight(_ named: CalendarDate, _ days: WorkingDays) -> CalendarDate {
    if tradingDay == nil || (exchange == .czce && tradingDay == actionDay) {
      // Only the night's own date is known. Past midnight it is the day after the evening.
      let onEvening = millisecondOfDay >= TickMoment.evening
      return days.after(onEvening ? named : named.adding(days: -1))
    }
    return named
  }

  private func moment(on date: CalendarDate) -> Timestamp {
    Timestamp(date: date, secondOfDay: 0)
      .adding(nanoseconds: millisecondOfDay * 1_000_000)
  }
}

extension ExchangeTick {
  /// The same tick on another trading day, at the same time of day: its night moves to the
  /// evening before that day.
  public func moved(to day: CalendarDate, _ days: WorkingDays) -> ExchangeTick {
    var moved = self
    let second = time.chinaSecondOfDay
    let wholeSeconds = time.nanoseconds.flooredQuotient(Timestamp.nanosecondsPerSecond)
    let moment = TickMoment(
      tradingDay: day, actionDay: nil,
      millisecondOfDay: second * 1000
        + (time.nanoseconds - wholeSeconds * Timestamp.nanosecondsPerSecond) / 1_000_000,
      exchange: .unknown)
    guard let resolved = moment.resolved(days) else { return self }
    moved.tradingDate = resolved.tradingDate
    moved.time = resolved.time
    return moved
  }
}
