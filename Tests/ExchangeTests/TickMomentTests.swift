import Domain
import Testing

@testable import Exchange

/// A row's four time columns and what they mean.
struct MomentRow: Sendable {
  var exchange: Exchange
  var tradingDay: UInt32?
  var actionDay: UInt32?
  var clock: (hour: Int64, minute: Int64)
  /// Expected.
  var tradingDate: UInt32
  var date: UInt32
}

@Suite struct TickMomentTests {
  // 2026-11-20 is a Friday; 23 is Monday.
  @Test(arguments: [
    MomentRow(  // an ordinary day
      exchange: .shfe, tradingDay: 20_261_120, actionDay: 20_261_120, clock: (9, 30),
      tradingDate: 20_261_120, date: 20_261_120),
    MomentRow(  // SHFE says the night as it is
      exchange: .shfe, tradingDay: 20_261_123, actionDay: 20_261_120, clock: (21, 0),
      tradingDate: 20_261_123, date: 20_261_120),
    MomentRow(  // past midnight on Saturday
      exchange: .shfe, tradingDay: 20_261_123, actionDay: 20_261_121, clock: (1, 15),
      tradingDate: 20_261_123, date: 20_261_121),
    MomentRow(  // DCE puts the trading day into both
      exchange: .dce, tradingDay: 20_261_123, actionDay: 20_261_123, clock: (21, 0),
      tradingDate: 20_261_123, date: 20_261_120),
    MomentRow(
      exchange: .dce, tradingDay: 20_261_123, actionDay: 20_261_123, clock: (0, 30),
      tradingDate: 20_261_123, date: 20_261_121),
    MomentRow(  // in mid-week the night past midnight is on the trading day itself
      exchange: .dce, tradingDay: 20_261_119, actionDay: 20_261_119, clock: (0, 30),
      tradingDate: 20_261_119, date: 20_261_119),
    MomentRow(  // CZCE puts the evening into both
      exchange: .czce, tradingDay: 20_261_120, actionDay: 20_261_120, clock: (21, 0),
      tradingDate: 20_261_123, date: 20_261_120),
    MomentRow(  // only one of the columns is there
      exchange: .shfe, tradingDay: 20_261_123, actionDay: nil, clock: (21, 0),
      tradingDate: 20_261_123, date: 20_261_120),
    MomentRow(
      exchange: .shfe, tradingDay: nil, actionDay: 20_261_120, clock: (21, 0),
      tradingDate: 20_261_123, date: 20_261_120),
    MomentRow(
      exchange: .shfe, tradingDay: nil, actionDay: 20_261_121, clock: (1, 0),
      tradingDate: 20_261_123, date: 20_261_121),
    MomentRow(
      exchange: .cffex, tradingDay: nil, actionDay: 20_261_120, clock: (14, 0),
      tradingDate: 20_261_120, date: 20_261_120),
  ])
  func nightsFindTheirDates(_ row: MomentRow) throws {
    let moment = TickMoment(
      tradingDay: row.tradingDay.flatMap { CalendarDate(yyyymmdd: $0) },
      actionDay: row.actionDay.flatMap { CalendarDate(yyyymmdd: $0) },
      millisecondOfDay: (row.clock.hour * 60 + row.clock.minute) * 60_000, exchange: row.exchange)
    let resolved = try #require(moment.resolved(WorkingDays()))
    #expect(resolved.tradingDate.yyyymmdd == row.tradingDate)
    #expect(resolved.time.chinaDate.yyyymmdd == row.date)
    #expect(resolved.time.chinaSecondOfDay == (row.clock.hour * 60 + row.clock.minute) * 60)
  }

  @Test func aHolidayMovesTheEveningBefore() throws {
    let holiday = try #require(CalendarDate(yyyymmdd: 20_261_120))
    let days = WorkingDays(holidays: [holiday])
    let monday = try #require(CalendarDate(yyyymmdd: 20_261_123))
    #expect(days.before(monday).yyyymmdd == 20_261_119)
    #expect(days.after(holiday.adding(days: -1)) == monday)
    let moment = TickMoment(
      tradingDay: monday, actionDay: monday, millisecondOfDay: 21 * 3_600_000, exchange: .dce)
    #expect(moment.resolved(days)?.time.chinaDate.yyyymmdd == 20_261_119)
  }

  @Test func noDayNoMoment() {
    let moment = TickMoment(
      tradingDay: nil, actionDay: nil, millisecondOfDay: 0, exchange: .dce)
    #expect(moment.resolved(WorkingDays()) == nil)
  }

  @Test func aMovedNightStaysOnAnEvening() throws {
    var tick = ExchangeTick(
      instrument: InstrumentCode("ru1901")!, exchange: .shfe,
      tradingDate: try #require(CalendarDate(yyyymmdd: 20_181_010)),
      time: Timestamp(
        date: try #require(CalendarDate(yyyymmdd: 20_181_009)), secondOfDay: 22 * 3600))
    tick.time.nanoseconds += 500_000_000
    let monday = try #require(CalendarDate(yyyymmdd: 20_261_123))
    let moved = tick.moved(to: monday, WorkingDays())
    #expect(moved.tradingDate == monday)
    #expect(moved.time.chinaDate.yyyymmdd == 20_261_120)
    #expect(moved.time.nanoseconds % 1_000_000_000 == 500_000_000)
  }
}
