import Domain
import Storage

/// The times of the last counted orders of an account or a fund account, or of messages over its
/// link: a ring of its own in `Ledger.rateWindow` (order-rate, fund-order-rate, messages).
public struct RateWindow: BitwiseCopyable {
  public var start: UInt32
  /// Times it keeps: the rule's N.
  public var capacity: UInt32
  /// Where the next one goes.
  public var head: UInt32
  /// Times in it.
  public var count: UInt32

  /// The count starts again.
  mutating func restart() {
    head = 0
    count = 0
  }
}

extension Ledger {
  /// Most orders an order-rate window can count.
  public static let orderRateMaximum: Int64 = 4_096

  /// Gives a window room for `most` times and starts its count again. False, and nothing changed,
  /// when that is out of range or there is no room.
  mutating func setWindow(_ window: inout RateWindow, _ most: Int64) -> Bool {
    guard most >= 1, most <= Self.orderRateMaximum else { return false }
    if most > Int64(window.capacity) {
      guard rateWindowUsed + Int(most) <= rateWindow.capacity else { return false }
      window.start = UInt32(rateWindowUsed)
      rateWindowUsed += Int(most)
    }
    window.capacity = UInt32(most)
    window.restart()
    return true
  }

  /// Writes one more time into a window's ring, over its oldest where that is full.
  @inline(__always)
  func put(_ time: Int64, into window: inout RateWindow) {
    rateWindow.at(Int(window.start + window.head)).pointee = time
    window.head = window.head + 1 == window.capacity ? 0 : window.head + 1
    if window.count < window.capacity { window.count += 1 }
  }

  /// The time of the last one, of the one before (`back` 1), and so on, below `count`.
  @inline(__always)
  func time(_ window: borrowing RateWindow, back: Int) -> Int64 {
    let place = Int(window.head) - 1 - back
    return rateWindow.at(Int(window.start) + (place < 0 ? place + Int(window.capacity) : place))
      .pointee
  }

  /// Counts one more; true when it is the Nth within [t - T, t] (decisions 15).
  func count(
    _ window: inout RateWindow, most: Int64, milliseconds: Int64, at time: Timestamp
  ) -> Bool {
    guard window.capacity > 0, most > 0, milliseconds != .min else { return false }
    put(time.nanoseconds, into: &window)
    guard Int64(window.count) >= most else { return false }
    // The ring holds exactly the last N.
    let oldest = self.time(window, back: Int(window.capacity) - 1)
    return time.nanoseconds - oldest <= milliseconds * 1_000_000
  }

  /// Whether the next but `ahead` is the Nth within T, were it and those before it counted now.
  func isLast(
    _ window: borrowing RateWindow, ahead: Int, milliseconds: Int64, at time: Timestamp
  ) -> Bool {
    let needed = Int(window.capacity) - 1 - ahead
    guard needed > 0 else { return true }
    guard Int(window.count) >= needed else { return false }
    return time.nanoseconds - self.time(window, back: needed - 1) <= milliseconds * 1_000_000
  }

  // MARK: Operation accounts

  /// Sets order-rate's count: the window's ring is given out anew, and counting starts again.
  public mutating func setOrderRateCount(_ id: OperationAccountID, _ count: Int64) -> Bool {
    let record = accounts.at(id.raw)
    guard count == .min || setWindow(&record.pointee.rateWindow, count) else { return false }
    record.pointee.orderRateCount = count
    return true
  }

  /// Counts an accepted order in the account's order-rate window. True when it sets the bar: it is
  /// the Nth within [t - T, t] (rules.md 3, decisions 15).
  public mutating func countForOrderRate(_ account: OperationAccountID, at time: Timestamp) -> Bool
  {
    let record = accounts.at(account.raw)
    guard
      count(
        &record.pointee.rateWindow, most: record.pointee.orderRateCount,
        milliseconds: record.pointee.orderRateWindowMilliseconds, at: time)
    else { return false }
    let before = record.pointee.orderRateBarred
    record.pointee.orderRateBarred.formUnion(record.pointee.orderRateBar)
    return record.pointee.orderRateBarred != before
  }

  /// Takes a bar away, and the count starts again (decisions 15). False when there is none.
  public mutating func releaseOrderRate(_ account: OperationAccountID) -> Bool {
    let record = accounts.at(account.raw)
    guard !record.pointee.orderRateBarred.isEmpty else { return false }
    record.pointee.orderRateBarred = []
    record.pointee.rateWindow.restart()
    return true
  }

  // MARK: Fund accounts

  /// Sets fund-order-rate's count, as `setOrderRateCount`.
  public mutating func setOrderRateCount(_ id: FundAccountID, _ count: Int64) -> Bool {
    let record = fundAccounts.at(id.raw)
    guard count == .min || setWindow(&record.pointee.rateWindow, count) else { return false }
    record.pointee.orderRateCount = count == .min ? 0 : UInt32(count)
    return true
  }

  /// Counts a child that was sent. True when it sets the bar.
  public mutating func countForOrderRate(_ fundAccount: FundAccountID, at time: Timestamp) -> Bool {
    let record = fundAccounts.at(fundAccount.raw)
    guard record.pointee.orderRateCount != 0,
      count(
        &record.pointee.rateWindow, most: Int64(record.pointee.orderRateCount),
        milliseconds: record.pointee.rateMilliseconds, at: time)
    else { return false }
    let before = record.pointee.orderRateBarred
    record.pointee.orderRateBarred.formUnion(record.pointee.orderRateBar)
    return record.pointee.orderRateBarred != before
  }

  /// What bars a fund account's next child but `ahead`: what stands, and what those before it set.
  public func barOfOrderRate(
    _ fund: UnsafePointer<FundAccountRecord>, ahead: Int, at time: Timestamp
  ) -> OffsetBar {
    var bar = fund.pointee.orderRateBarred
    let milliseconds = fund.pointee.rateMilliseconds
    guard fund.pointee.orderRateCount != 0, milliseconds != .min, ahead > 0 else { return bar }
    for before in 0..<ahead
    where isLast(fund.pointee.rateWindow, ahead: before, milliseconds: milliseconds, at: time) {
      bar.formUnion(fund.pointee.orderRateBar)
    }
    return bar
  }

  /// Takes a bar away, and the count starts again. False when there is none.
  public mutating func releaseOrderRate(_ fundAccount: FundAccountID) -> Bool {
    let record = fundAccounts.at(fundAccount.raw)
    guard !record.pointee.orderRateBarred.isEmpty else { return false }
    record.pointee.orderRateBarred = []
    record.pointee.rateWindow.restart()
    return true
  }
}
