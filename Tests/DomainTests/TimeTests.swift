import Testing

@testable import Domain

@Suite struct TimeTests {
  @Test func everyDateOfACenturyRoundTrips() {
    var previous: UInt32 = 0
    for day in Int32(0)..<36_525 {
      let date = CalendarDate(dayNumber1970: day)
      let text = date.yyyymmdd
      #expect(text > previous)
      #expect(CalendarDate(yyyymmdd: text) == date)
      previous = text
    }
  }

  @Test(arguments: [
    (UInt32(20_260_229), false), (20_240_229, true), (20_260_431, false), (20_261_301, false),
    (0, false), (19_691_231, false),
  ])
  func onlyRealDatesAreTaken(_ yyyymmdd: UInt32, _ exists: Bool) {
    #expect((CalendarDate(yyyymmdd: yyyymmdd) != nil) == exists)
  }

  @Test func knownDatesHaveTheirWeekday() {
    #expect(CalendarDate(yyyymmdd: 20_261_121)!.weekday == 6)
    #expect(CalendarDate(yyyymmdd: 19_700_101)!.weekday == 4)
  }

  @Test func aNightPastMidnightIsOnTheNextDate() {
    let evening = CalendarDate(yyyymmdd: 20_261_120)!
    let time = Timestamp(date: evening, secondOfDay: 95_400)
    #expect(time.chinaDate.yyyymmdd == 20_261_121)
    #expect(time.chinaSecondOfDay == 9_000)
  }

  @Test func tradingDayNumbersCountFrom2018() {
    #expect(TradingDay(yyyymmdd: 20_180_101)?.number == 0)
    #expect(TradingDay(yyyymmdd: 20_171_231) == nil)
    let day = TradingDay(yyyymmdd: 20_261_121)!
    #expect(day.date.yyyymmdd == 20_261_121)
  }
}
