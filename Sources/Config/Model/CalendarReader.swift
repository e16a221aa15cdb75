import Domain

/// A table of trading hours with its name.
public struct TradingHoursTable: Equatable, Sendable {
  public var name: String
  /// 1 to 8, in order.
  public var intervals: [TradingInterval]
}

/// Reads config/calendar.json5.
struct CalendarReader {
  static let file = "calendar.json5"
  static let tablesMaximum = 32

  let log: ReadingLog
  private(set) var hoursNames = NameTable("table of trading hours")

  init(log: ReadingLog) { self.log = log }

  /// Without a file: no hours, so that nothing resolves and nothing more is reported.
  mutating func markIncomplete() { hoursNames.isComplete = false }

  mutating func read(_ node: ConfigNode) -> (calendar: TradingCalendar, hours: [TradingHoursTable])
  {
    var reader = ObjectReader(node, file: CalendarReader.file, log: log)
    let daySwitch = reader.value("daySwitch", .timeOfDay, default: 61_200)
    let allowed: ClosedRange<Int32> = 54_900...75_000
    if !allowed.contains(daySwitch) {
      reader.report(
        .outOfRange, "daySwitch", "the day's close and the night's auction need '15:15' to '20:50'")
    }
    let years = reader.objects("years", most: 60) { readYear(&$0) }
    checkYears(years, reader)
    let suspended = reader.objects("suspendedNights", most: 60) { readRange(&$0) }
    let tables = reader.objects("tradingHours", most: CalendarReader.tablesMaximum) {
      readTable(&$0)
    }
    if tables.isEmpty { reader.report(.missingKey, "tradingHours", "no table of trading hours") }
    reader.finish()
    let first = DeliveryMonth(year: Int(years.first?.year ?? 2026), month: 1)
    let end = DeliveryMonth(
      year: Int(max(years.last?.year ?? 2026, years.first?.year ?? 2026)) + 1, month: 1)
    let calendar = TradingCalendar(
      firstDate: first.firstDate, lastDate: end.firstDate.adding(days: -1),
      holidays: years.flatMap(\.closed), suspendedNights: suspended,
      daySwitchSecond: Int64(allowed.contains(daySwitch) ? daySwitch : 61_200))
    return (calendar, tables)
  }

  private struct Year {
    var year: Int64
    var closed: [CalendarDate]
  }

  private func readYear(_ reader: inout ObjectReader) -> Year {
    let year = reader.required("year", ValueKind<Int64>.integer(2000...2061))
    let isProvisional = reader.value("provisional", .flag, default: false)
    if isProvisional {
      reader.report(
        .notice, "provisional",
        "the holidays of \(year) are provisional: correct them when they are announced")
    }
    let holidays = reader.objects("holidays", most: 30) { holiday in
      _ = holiday.required("name", .text(1...48))
      let range = readRange(&holiday)
      for (key, date) in [("from", range.lowerBound), ("to", range.upperBound)]
      where holiday.has("from") && holiday.has("to") && Int64(date.yyyymmdd / 10_000) != year {
        holiday.report(.inconsistent, key, "not a date of \(year)")
      }
      return range
    }
    var closed: [CalendarDate] = []
    for range in holidays {
      var date = range.lowerBound
      while date <= range.upperBound {
        closed.append(date)
        date = date.adding(days: 1)
      }
    }
    return Year(year: year, closed: closed)
  }

  /// `from` and `to`, ends included, at most half a year apart.
  private func readRange(_ reader: inout ObjectReader) -> ClosedRange<CalendarDate> {
    let from = reader.required("from", .date)
    let to = reader.required("to", .date)
    guard reader.has("from"), reader.has("to") else { return from...from }
    guard from <= to, to.dayNumber1970 - from.dayNumber1970 <= 183 else {
      reader.report(.inconsistent, "to", "before 'from', or more than 183 days after it")
      return from...from
    }
    return from...to
  }

  private func checkYears(_ years: [Year], _ reader: ObjectReader) {
    if years.isEmpty { reader.report(.missingKey, "years", "the calendar has no year") }
    for (earlier, later) in zip(years, years.dropFirst()) where later.year != earlier.year + 1 {
      reader.report(
        .inconsistent, "years",
        "\(later.year) follows \(earlier.year); years ascend without a gap")
    }
  }

  private mutating func readTable(_ reader: inout ObjectReader) -> TradingHoursTable {
    let name = reader.required("name", ValueKind<String>.name().positioned())
    hoursNames.define(name, log)
    let intervals = reader.objects("intervals", most: TradingInterval.countMaximum) {
      readInterval(&$0)
    }
    if intervals.isEmpty { reader.report(.missingKey, "intervals", "no interval") }
    for (earlier, later) in zip(intervals, intervals.dropFirst()) {
      let inOrder =
        earlier.date == later.date
        ? earlier.endSecond <= later.startSecond : earlier.date == .night
      if !inOrder {
        reader.report(
          .inconsistent, "intervals", "they overlap, or are not in order: night first, then day")
      }
    }
    return TradingHoursTable(name: name.value, intervals: intervals)
  }

  private func readInterval(_ reader: inout ObjectReader) -> TradingInterval {
    let date = reader.required(
      "date", ValueKind<SessionDate>.choice(["night": .night, "day": .day]))
    let phase = reader.value(
      "phase", ValueKind<TradingPhase>.choice(["continuous": .continuous, "auction": .auction]),
      default: .continuous)
    let start = reader.required("from", .timeOfDay)
    let end = reader.required("to", .timeOfDay)
    if reader.has("from"), reader.has("to"), start >= end {
      reader.report(.inconsistent, "to", "not after 'from'; past midnight hours count on: '26:30'")
    }
    return TradingInterval(date: date, phase: phase, startSecond: start, endSecond: end)
  }
}

extension ValueKind where Value == Int32 {
  static var timeOfDay: ValueKind {
    fromText(
      "'00:00'...'47:59:59', China time", placeholder: 0,
      show: { "'\(DateText.written(second: $0))'" }, parse: DateText.second)
  }
}
