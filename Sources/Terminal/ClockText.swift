import Domain

extension Timestamp {
  /// `09:30:00.123` in China; blanks for a time that is not known.
  var clockText: String {
    guard !isNone else { return String(repeating: " ", count: 12) }
    let second = chinaSecondOfDay
    let nanoseconds =
      self.nanoseconds
      - self.nanoseconds.flooredQuotient(Timestamp.nanosecondsPerSecond)
      * Timestamp.nanosecondsPerSecond
    return [second / 3600, second / 60 % 60, second % 60]
      .map { padded($0, 2) }.joined(separator: ":") + "." + padded(nanoseconds / 1_000_000, 3)
  }

  /// `2026-11-21T09:30:00.123456789+08:00`: nanoseconds exactly, the clock of the exchanges.
  var isoText: String {
    let date = Int64(chinaDate.yyyymmdd)
    let second = chinaSecondOfDay
    let nanoseconds =
      self.nanoseconds
      - self.nanoseconds.flooredQuotient(Timestamp.nanosecondsPerSecond)
      * Timestamp.nanosecondsPerSecond
    let day = [(date / 10_000, 4), (date / 100 % 100, 2), (date % 100, 2)]
      .map { padded($0.0, $0.1) }.joined(separator: "-")
    let time = [second / 3600, second / 60 % 60, second % 60]
      .map { padded($0, 2) }.joined(separator: ":")
    return "\(day)T\(time).\(padded(nanoseconds, 9))+08:00"
  }
}

private func padded(_ number: Int64, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
