import Domain
import MarketData
import Testing

/// What an instrument is doing at a moment: the exchange's word, else the calendar's.
@Suite struct PhaseTests {
  private static let monday = MarketDesk.monday.date
  private static let friday = MarketDesk.friday
  private static let saturday = MarketDesk.friday.adding(days: 1)

  struct Row: Sendable {
    var date: CalendarDate
    var second: Int64
    var phase: TradingPhase
  }

  /// decisions 19: [start, end). The night ends at 1:00 of Saturday.
  @Test(arguments: [
    Row(date: friday, second: 75_599, phase: .unknown),
    Row(date: friday, second: 75_600, phase: .continuous),
    Row(date: saturday, second: 3_599, phase: .continuous),
    Row(date: saturday, second: 3_600, phase: .unknown),
    Row(date: monday, second: 32_099, phase: .unknown),
    Row(date: monday, second: 32_100, phase: .auction),
    Row(date: monday, second: 32_399, phase: .auction),
    Row(date: monday, second: 32_400, phase: .continuous),
    Row(date: monday, second: 53_999, phase: .continuous),
    Row(date: monday, second: 54_000, phase: .unknown),
    // Monday's own evening is Tuesday's.
    Row(date: monday, second: 75_600, phase: .unknown),
  ])
  func decisions19HoursAreHalfOpen(_ row: Row) {
    #expect(MarketDesk().phase(row.date, row.second) == row.phase)
  }

  @Test func withoutANightSessionTheEveningIsClosed() {
    let desk = MarketDesk()
    desk.market.startDay(MarketDesk.monday, nightDate: nil)
    #expect(desk.phase(Self.friday, 80_000) == .unknown)
    #expect(desk.phase(Self.monday, 36_000) == .continuous)
    // 1970 is no open day either.
    #expect(desk.phase(CalendarDate(dayNumber1970: 0), 28_800) == .unknown)
  }

  @Test func aNewDayHasItsOwnHours() {
    let desk = MarketDesk()
    desk.market.startDay(TradingDay(yyyymmdd: 20_260_106)!, nightDate: Self.monday)
    #expect(desk.phase(Self.monday, 36_000) == .unknown)
    #expect(desk.phase(Self.monday, 75_600) == .continuous)
    #expect(desk.phase(Self.monday.adding(days: 1), 36_000) == .continuous)
  }

  /// Hours that come during the day are this day's at once.
  @Test func hoursDefinedLaterAreTodays() {
    let desk = MarketDesk()
    var intervals = MarketDesk.intervals
    intervals[0] = TradingInterval(
      date: .day, phase: .auction, startSecond: 36_000, endSecond: 36_001)
    let hours = desk.market.defineTradingHours(count: 1, intervals: intervals)!
    let commodity = desk.market.defineCommodity(
      exchange: .dce, hours: hours, deliveryMultiple: 1)!
    let instrument = desk.market.defineInstrument(MarketDesk.listing(commodity))!
    let phase = desk.market.phase(of: desk.market.instrument(instrument), at: desk.now)
    #expect(phase == .auction)
  }

  @Test(arguments: [TradingPhase.auction, .continuous, .unknown])
  func theExchangesWordGoesFirst(_ phase: TradingPhase) {
    let desk = MarketDesk()
    desk.market.setStatus(desk.rb, phase)
    for second in [Int64(30_000), 32_200, 36_000] {
      #expect(desk.phase(Self.monday, second) == phase)
    }
    desk.market.settle(desk.rb)
    #expect(desk.phase(Self.monday, 36_000) == .continuous)
  }

  @Test(arguments: [
    (UInt32(20_260_430), false), (20_260_506, true), (20_260_529, true), (20_260_601, false),
    (20_270_506, false),
  ])
  func theDeliveryMonthIsThatOfTheTradingDay(_ day: UInt32, _ isNow: Bool) {
    let desk = MarketDesk()
    desk.market.startDay(TradingDay(yyyymmdd: day)!, nightDate: nil)
    #expect(desk.isInDeliveryMonth == isNow)
  }
}
