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

  /// The first moment behind this one at which `isNight` may answer otherwise though nothing has
  /// come; `.never` = there is none this trading day.
  public func nightChange(after time: Timestamp) -> Timestamp {
    var change = Timestamp.never
    func consider(_ moment: Timestamp) { if moment > time, moment < change { change = moment } }
    if !tradingDay.isNone { consider(Timestamp(date: tradingDay.date, secondOfDay: 0)) }
    for id in 0..<tradingHoursCount {
      let hours = tradingHours.at(id)
      for index in 0..<hours.pointee.count
      where hours.pointee.intervals[index].date == .night {
        consider(Timestamp(nanoseconds: hours.pointee.starts[index]))
        consider(Timestamp(nanoseconds: hours.pointee.ends[index]))
      }
    }
    return change
  }
}
