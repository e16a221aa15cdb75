import Domain
import Messages
import Storage

/// Failed logons of names that no account has, so that such a name is locked as an account's would
/// be and can't be told from one. By the name alone, as an account is locked from wherever the
/// failures came: who asks from two addresses hears the same of both kinds.
///
/// When all rows are taken, the one that says least gives way: one that is over, else the oldest
/// one that is not locked, else the lock that ends first.
struct UnknownNames: ~Copyable {
  struct Row: BitwiseCopyable {
    var name: Name
    /// 0 = the row is free.
    var failures: UInt32
    var windowStart: Timestamp
    var lockedUntil: Timestamp
  }

  private let rows: Table<Row>

  init(capacity: Int) { rows = Table(capacity: capacity) }

  /// A logon under a name has failed: true when the name is locked, by failures before this one.
  mutating func fail(
    _ name: Name, at time: Timestamp, failures: Int64, windowSeconds: Int64, lockSeconds: Int64
  ) -> Bool {
    let row = row(of: name, at: time, windowSeconds: windowSeconds)
    if row.pointee.failures > 0 {
      if !row.pointee.lockedUntil.isNone {
        if time < row.pointee.lockedUntil { return true }
        row.pointee.failures = 0
      } else if time >= row.pointee.windowStart.adding(seconds: windowSeconds) {
        row.pointee.failures = 0
      }
    }
    if row.pointee.failures == 0 {
      row.pointee = Row(name: name, failures: 0, windowStart: time, lockedUntil: .none)
    }
    row.pointee.failures += 1
    if Int64(row.pointee.failures) >= failures {
      row.pointee.lockedUntil = time.adding(seconds: lockSeconds)
    }
    return false
  }

  /// The name's row, or the one that it takes.
  private func row(
    of name: Name, at time: Timestamp, windowSeconds: Int64
  ) -> UnsafeMutablePointer<Row> {
    var best = rows.at(0)
    var bestWorth = Int64.max
    for index in 0..<rows.capacity {
      let row = rows.at(index)
      if row.pointee.failures > 0, row.pointee.name == name { return row }
      let worth = UnknownNames.worth(row, time, windowSeconds)
      if worth < bestWorth { (best, bestWorth) = (row, worth) }
    }
    best.pointee.failures = 0
    return best
  }

  /// Smaller gives way first: over, then open windows by age, then locks by their end.
  private static func worth(
    _ row: UnsafeMutablePointer<Row>, _ time: Timestamp, _ windowSeconds: Int64
  ) -> Int64 {
    guard row.pointee.failures > 0 else { return .min }
    let isLocked = !row.pointee.lockedUntil.isNone
    let end =
      isLocked
      ? row.pointee.lockedUntil : row.pointee.windowStart.adding(seconds: windowSeconds)
    if end <= time { return .min }
    // Times to come are below 2^62 for more than a hundred years.
    return isLocked ? end.nanoseconds : end.nanoseconds - Int64.max
  }
}
