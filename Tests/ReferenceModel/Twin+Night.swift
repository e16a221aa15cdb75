import Domain
import Messages

// rules.md 5: what holds by day, at night and on holidays.
extension Twin {
  /// It is night while any night session is, and before the trading day's own date.
  private var isNight: Bool {
    guard !day.isNone else { return false }
    if now < Timestamp(date: day.date, secondOfDay: 0) { return true }
    guard let date = CalendarDate(yyyymmdd: nightDate) else { return false }
    return windows.hours.contains { define in
      (0..<Int(define.count)).contains { index in
        let hours = define.intervals[index]
        return hours.date == .night
          && Timestamp(date: date, secondOfDay: Int64(hours.startSecond)) <= now
          && now < Timestamp(date: date, secondOfDay: Int64(hours.endSecond))
      }
    }
  }

  /// Which bindings hold now, and at which share of the thresholds of clauses, in 1e-8; nil =
  /// nothing does. Holiday over night over day.
  public func period(_ subject: TwinSubject) -> (period: SchemePeriod, share: Int64)? {
    let one: Int64 = 100_000_000
    let rules = schemes.periods[subject] ?? [:]
    func night() -> (period: SchemePeriod, share: Int64)? {
      switch rules[.night]?.rule ?? .unknown {
      case .unknown, .asNight: (.day, one)
      case .none: nil
      case .own: (.night, one)
      case .asDay: (.day, rules[.night]!.share)
      }
    }
    let isHoliday = schemes.holidays.values.contains { $0.from <= day && day <= $0.to }
    guard isHoliday, let holiday = rules[.holiday], holiday.rule != .unknown else {
      return isNight ? night() : (.day, one)
    }
    switch holiday.rule {
    case .unknown, .none: return nil
    case .own: return (.holiday, one)
    case .asDay: return (.day, holiday.share)
    case .asNight:
      guard let (period, share) = night() else { return nil }
      return (period, Int64(Int128(share) * Int128(holiday.share) / Int128(one)))
    }
  }
}
