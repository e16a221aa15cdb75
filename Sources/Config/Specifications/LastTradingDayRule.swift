import Domain

/// How an exchange finds an instrument's last trading day (最后交易日).
public struct LastTradingDayRule: Equatable, Sendable {
  public enum Count: Equatable, Sendable {
    /// That day of the month, or the next trading day (SHFE: the 15th).
    case dayOfMonth(Int)
    /// The n-th trading day of the month; negative counts from its end (DCE: the 10th).
    case tradingDay(Int)
    /// The n-th such weekday, or the next trading day (CFFEX: the third Friday); -1: the last such
    /// weekday that trades (INE: the last Monday). 1 = Monday ... 7 = Sunday.
    case weekday(Int, number: Int)
  }

  public var count: Count
  /// It lies so many months before the delivery month (crude oil: 1).
  public var monthsBefore: Int

  public init(_ count: Count, monthsBefore: Int = 0) {
    self.count = count
    self.monthsBefore = monthsBefore
  }

  /// The last trading day of a delivery month. Beyond the calendar only weekends are known to be
  /// closed: such a day is provisional, like the exchange's own.
  public func date(of month: DeliveryMonth, in calendar: TradingCalendar) -> CalendarDate {
    let counted = month.adding(months: -monthsBefore)
    let first = counted.firstDate
    let last = counted.adding(months: 1).firstDate.adding(days: -1)
    switch count {
    case .dayOfMonth(let day):
      return LastTradingDayRule.tradingDate(from: first.adding(days: Int32(day - 1)), in: calendar)
    case .tradingDay(let number) where number > 0:
      var date = LastTradingDayRule.tradingDate(from: first, in: calendar)
      for _ in 1..<number {
        date = LastTradingDayRule.tradingDate(from: date.adding(days: 1), in: calendar)
      }
      return date
    case .tradingDay(let number):
      var date = LastTradingDayRule.tradingDate(from: last, step: -1, in: calendar)
      for _ in 1..<(-number) {
        date = LastTradingDayRule.tradingDate(from: date.adding(days: -1), step: -1, in: calendar)
      }
      return date
    case .weekday(let weekday, let number) where number > 0:
      let offset = (weekday - first.weekday + 7) % 7 + (number - 1) * 7
      return LastTradingDayRule.tradingDate(from: first.adding(days: Int32(offset)), in: calendar)
    case .weekday(let weekday, _):
      var date = last.adding(days: -Int32((last.weekday - weekday + 7) % 7))
      while !LastTradingDayRule.trades(date, in: calendar), date > first {
        date = date.adding(days: -7)
      }
      return date
    }
  }

  private static func trades(_ date: CalendarDate, in calendar: TradingCalendar) -> Bool {
    calendar.isTradingDay(date) ?? (date.weekday <= 5)
  }

  private static func tradingDate(
    from start: CalendarDate, step: Int32 = 1, in calendar: TradingCalendar
  ) -> CalendarDate {
    var date = start
    while !trades(date, in: calendar) { date = date.adding(days: step) }
    return date
  }
}
