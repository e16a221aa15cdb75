import Domain
import Storage

extension Market {
  /// Whether it is night for the products: in some night session, or before the trading day's own
  /// date.
  public func isNight(at time: Timestamp) -> Bool {
    let now = time.nanoseconds
    for id in 0..<tradingHoursCount {
      let hours = tradingHours.at(id)
      for index in 0..<hours.pointee.count
      where hours.pointee.intervals[index].date == .night && now >= hours.pointee.starts[index]
        && now < hours.pointee.ends[index]
      {
        return true
      }
    }
    guard !tradingDay.isNone else { return false }
    return time < Timestamp(date: tradingDay.date, secondOfDay: 0)
  }
}
