import Domain

/// So many lines a second for what strangers can cause at will.
struct LogBudget {
  static let linesPerSecond = 10

  private var second = Int64.min
  private var lines = 0
  private var leftOut: Int64 = 0

  /// Nil when it is used up; else how many were left out before.
  mutating func take(at time: Timestamp) -> Int64? {
    let now = time.nanoseconds / Timestamp.nanosecondsPerSecond
    if now != second {
      second = now
      lines = 0
    }
    guard lines < LogBudget.linesPerSecond else {
      leftOut += 1
      return nil
    }
    lines += 1
    defer { leftOut = 0 }
    return leftOut
  }
}
