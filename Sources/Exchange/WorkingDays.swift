import Domain

/// Which dates the exchanges work on: weekdays that are not holidays.
public struct WorkingDays: Equatable, Sendable {
  /// Ascending, so that a look-up is a binary search.
  let holidays: [CalendarDate]

  /// Weekdays only, if no holidays are given.
  public init(holidays: [CalendarDate] = []) { self.holidays = holidays.sorted() }

  public func contains(_ date: CalendarDate) -> Bool {
    guard date.weekday <= 5 else { return false }
    var low = 0
    var high = holidays.count
    while low < high {
      let middle = (low + high) / 2
      if holidays[middle] < date { low = middle + 1 } else { high = middle }
    }
    return low == holidays.count || holidays[low] != date
  }

  /// The last working date before `date`: the evening that opens its trading day.
  public func before(_ date: CalendarDate) -> CalendarDate {
    var candidate = date.adding(days: -1)
    while !contains(candidate) { candidate = candidate.adding(days: -1) }
    return candidate
  }

  /// The first working date after `date`.
  public func after(_ date: CalendarDate) -> CalendarDate {
    var candidate = date.adding(days: 1)
    while !contains(candidate) { candidate = candidate.adding(days: 1) }
    return candidate
  }
}
