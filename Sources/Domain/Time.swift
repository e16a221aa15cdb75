/// A moment, in nanoseconds since 1970-01-01T00:00:00Z. `FIX: TransactTime(60)`.
public struct Timestamp: Equatable, Hashable, Comparable, Sendable, BitwiseCopyable {
  public var nanoseconds: Int64

  @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
  @inlinable public static var none: Timestamp { Timestamp(nanoseconds: .min) }
  @inlinable public static var never: Timestamp { Timestamp(nanoseconds: .max) }
  @inlinable public var isNone: Bool { nanoseconds == .min }

  public static let nanosecondsPerSecond: Int64 = 1_000_000_000
  /// China Standard Time is UTC+8 all year.
  public static let chinaOffsetSeconds: Int64 = 8 * 3600

  @inlinable public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  @inlinable public func adding(nanoseconds: Int64) -> Timestamp {
    Timestamp(nanoseconds: self.nanoseconds + nanoseconds)
  }
  @inlinable public func adding(seconds: Int64) -> Timestamp {
    adding(nanoseconds: seconds * Timestamp.nanosecondsPerSecond)
  }

  /// The moment `secondOfDay` seconds after midnight, China time, on a calendar date.
  /// `secondOfDay` may pass 86 400: 02:30 of the following night is 95 400.
  public init(date: CalendarDate, secondOfDay: Int64) {
    let seconds = Int64(date.dayNumber1970) * 86_400 + secondOfDay - Timestamp.chinaOffsetSeconds
    nanoseconds = seconds * Timestamp.nanosecondsPerSecond
  }

  /// The calendar date in China at this moment.
  public var chinaDate: CalendarDate {
    let seconds = nanoseconds.flooredQuotient(Timestamp.nanosecondsPerSecond)
    return CalendarDate(
      dayNumber1970: Int32((seconds + Timestamp.chinaOffsetSeconds).flooredQuotient(86_400)))
  }

  /// Seconds since midnight in China at this moment, 0 to 86 399.
  public var chinaSecondOfDay: Int64 {
    let seconds = nanoseconds.flooredQuotient(Timestamp.nanosecondsPerSecond)
    let local = seconds + Timestamp.chinaOffsetSeconds
    return local - local.flooredQuotient(86_400) * 86_400
  }
}

extension Int64 {
  /// The quotient rounded toward minus infinity.
  @inlinable public func flooredQuotient(_ divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return (self % divisor != 0 && (self < 0) != (divisor < 0)) ? quotient - 1 : quotient
  }
}

/// A day of the Gregorian calendar.
public struct CalendarDate: Equatable, Hashable, Comparable, Sendable, BitwiseCopyable {
  /// Days since 1970-01-01.
  public var dayNumber1970: Int32

  @inlinable public init(dayNumber1970: Int32) { self.dayNumber1970 = dayNumber1970 }

  /// From 20261121; nil when no such date exists between 1970 and 9999.
  public init?(yyyymmdd: UInt32) {
    let year = Int(yyyymmdd / 10_000)
    let month = Int(yyyymmdd / 100 % 100)
    let day = Int(yyyymmdd % 100)
    guard (1970...9999).contains(year), (1...12).contains(month), day >= 1 else { return nil }
    self.init(year: year, month: month, day: day)
    guard self.yyyymmdd == yyyymmdd else { return nil }
  }

  /// Days from civil, after Howard Hinnant's "chrono-compatible low-level date algorithms".
  init(year: Int, month: Int, day: Int) {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    dayNumber1970 = Int32(era * 146_097 + dayOfEra - 719_468)
  }

  public var yyyymmdd: UInt32 {
    let shifted = Int(dayNumber1970) + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
    let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return UInt32(year * 10_000 + month * 100 + day)
  }

  /// 1 = Monday ... 7 = Sunday.
  public var weekday: Int { Int((dayNumber1970 + 3) % 7) + 1 }

  @inlinable public func adding(days: Int32) -> CalendarDate {
    CalendarDate(dayNumber1970: dayNumber1970 + days)
  }
  @inlinable public static func < (left: CalendarDate, right: CalendarDate) -> Bool {
    left.dayNumber1970 < right.dayNumber1970
  }
}

/// A trading day, named by its calendar date; the night session before it belongs to it.
/// Wire: u32 as 20261121, 0 = none. `CTP: TradingDay`.
public struct TradingDay: Equatable, Hashable, Comparable, Sendable, BitwiseCopyable {
  public var yyyymmdd: UInt32
  /// Days since 2018-01-01, 14 bits: the day part of an `OrderID`, good until 2062.
  public var number: UInt16

  @inlinable public static var none: TradingDay { TradingDay(yyyymmdd: 0, number: 0) }
  @inlinable init(yyyymmdd: UInt32, number: UInt16) {
    self.yyyymmdd = yyyymmdd
    self.number = number
  }

  /// Nil when the date does not exist or does not fit 14 bits of days since 2018-01-01.
  public init?(yyyymmdd: UInt32) {
    guard let date = CalendarDate(yyyymmdd: yyyymmdd) else { return nil }
    let days = date.dayNumber1970 - TradingDay.epochDayNumber1970
    guard days >= 0, days < 1 << 14 else { return nil }
    self.init(yyyymmdd: yyyymmdd, number: UInt16(days))
  }

  static let epochDayNumber1970: Int32 = 17_532

  public var date: CalendarDate {
    CalendarDate(dayNumber1970: TradingDay.epochDayNumber1970 + Int32(number))
  }
  @inlinable public var isNone: Bool { yyyymmdd == 0 }
  @inlinable public static func < (left: TradingDay, right: TradingDay) -> Bool {
    left.yyyymmdd < right.yyyymmdd
  }
}
