import Domain
import Testing

@Suite struct TradingCalendarTests {
  /// National Day 2026 (Thursday 1 to Wednesday 7 October), New Year 2027, and an invented
  /// stretch of suspended nights.
  let calendar = TradingCalendar(
    firstDate: Self.date(20_260_901), lastDate: Self.date(20_270_115),
    holidays: [
      20_261_001, 20_261_002, 20_261_003, 20_261_005, 20_261_006, 20_261_007, 20_270_101,
    ].map(Self.date),
    suspendedNights: [Self.date(20_261_207)...Self.date(20_261_209)])

  static func date(_ yyyymmdd: UInt32) -> CalendarDate { CalendarDate(yyyymmdd: yyyymmdd)! }
  static func day(_ yyyymmdd: UInt32) -> TradingDay { TradingDay(yyyymmdd: yyyymmdd)! }

  @Test(arguments: [
    (UInt32(20_260_930), true), (20_261_001, false), (20_261_003, false), (20_261_007, false),
    (20_261_008, true), (20_261_010, false), (20_261_121, false), (20_261_123, true),
    (20_260_831, nil), (20_270_116, nil),
  ])
  func weekendsAndHolidaysDoNotTradeAndOutsideIsUnknown(_ yyyymmdd: UInt32, _ expected: Bool?) {
    #expect(calendar.isTradingDay(Self.date(yyyymmdd)) == expected)
  }

  @Test(arguments: [
    // Tuesday after Monday; Monday after Friday; the first day after a holiday has no night.
    (UInt32(20_261_124), UInt32?(20_261_123)), (20_261_123, 20_261_120), (20_261_008, nil),
    (20_261_009, 20_261_008), (20_261_001, nil), (20_270_104, nil),
    // Suspended nights, ends included; the first day of the calendar.
    (20_261_207, nil), (20_261_209, nil), (20_261_210, 20_261_209), (20_260_901, nil),
  ])
  func aNightBeginsOnTheDateOfTheTradingDayBeforeUnlessAHolidayLiesBetween(
    _ yyyymmdd: UInt32, _ expected: UInt32?
  ) {
    #expect(calendar.nightDate(before: Self.day(yyyymmdd))?.yyyymmdd == expected)
  }

  @Test func neighboursSkipHolidaysAndEndWithTheCalendar() {
    #expect(calendar.tradingDay(after: Self.date(20_260_930)) == Self.day(20_261_008))
    #expect(calendar.tradingDay(before: Self.date(20_261_008)) == Self.day(20_260_930))
    #expect(calendar.tradingDay(onOrAfter: Self.date(20_261_003)) == Self.day(20_261_008))
    #expect(calendar.tradingDay(onOrAfter: Self.date(20_261_008)) == Self.day(20_261_008))
    #expect(calendar.tradingDay(after: Self.date(20_270_115)) == nil)
    #expect(calendar.tradingDay(before: Self.date(20_260_901)) == nil)
  }

  @Test(arguments: [
    // Monday morning, its close, one second before and at the switch.
    (UInt32(20_261_123), 9 * 3600, UInt32?(20_261_123)), (20_261_123, 61_199, 20_261_123),
    (20_261_123, 61_200, 20_261_124), (20_261_123, 75_600, 20_261_124),
    // Friday night, past midnight, belongs to Monday.
    (20_261_120, 75_600, 20_261_123), (20_261_120, 95_400, 20_261_123),
    // The evening before the holiday and the holiday itself belong to the day after it.
    (20_260_930, 75_600, 20_261_008), (20_261_005, 36_000, 20_261_008),
    (20_270_115, 61_200, nil),
  ])
  func aMomentBelongsToItsDateUntilTheSwitchAndThenToTheNextTradingDay(
    _ yyyymmdd: UInt32, _ second: Int, _ expected: UInt32?
  ) {
    let time = Timestamp(date: Self.date(yyyymmdd), secondOfDay: Int64(second))
    #expect(calendar.tradingDay(at: time)?.yyyymmdd == expected)
  }

  @Test func aNightIntervalRunsPastMidnightFromTheEveningBefore() {
    let night = TradingInterval(
      date: .night, phase: .continuous, startSecond: 75_600, endSecond: 95_400)
    let moments = calendar.moments(of: night, on: Self.day(20_261_123))
    #expect(moments?.lowerBound == Timestamp(date: Self.date(20_261_120), secondOfDay: 75_600))
    #expect(moments?.upperBound == Timestamp(date: Self.date(20_261_121), secondOfDay: 9_000))
    #expect(calendar.moments(of: night, on: Self.day(20_261_008)) == nil)
    let morning = TradingInterval(
      date: .day, phase: .continuous, startSecond: 32_400, endSecond: 36_900)
    let opening = calendar.moments(of: morning, on: Self.day(20_261_008))?.lowerBound
    #expect(opening == Timestamp(date: Self.date(20_261_008), secondOfDay: 32_400))
  }

  @Test func walkingForwardAndBackMeetsTheSameDays() {
    var forward: [UInt32] = []
    var date = calendar.firstDate.adding(days: -1)
    while let next = calendar.tradingDay(after: date) {
      forward.append(next.yyyymmdd)
      date = next.date
    }
    var backward: [UInt32] = []
    date = calendar.lastDate
    while let previous = calendar.tradingDay(before: date) {
      backward.append(previous.yyyymmdd)
      date = previous.date
    }
    #expect(forward.dropLast() == backward.reversed()[...])
    #expect(forward.count == 93)
  }
}
