import Domain
import Storage

/// The times of the last counted orders of an account or a fund account: a ring of its own in
/// `Ledger.rateWindow` (order-rate, fund-order-rate).
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
  mutating func setWindow(_ window: UnsafeMutablePointer<RateWindow>, _ most: Int64) -> Bool {
    guard most >= 1, most <= Self.orderRateMaximum else { return false }
    if most > Int64(window.pointee.capacity) {
      guard rateWindowUsed + Int(most) <= rateWindow.capacity else { return false }
      window.pointee.start = UInt32(rateWindowUsed)
      rateWindowUsed += Int(most)
    }
    window.pointee.capacity = UInt32(most)
    window.pointee.restart()
    return true
  }

  /// Counts one more; true when it is the Nth within [t - T, t] (decisions 15).
  func count(
    _ window: UnsafeMutablePointer<RateWindow>, most: Int64, milliseconds: Int64,
    at time: Timestamp
  ) -> Bool {
    let capacity = window.pointee.capacity
    guard capacity > 0, most > 0, milliseconds != .min else { return false }
    rateWindow.at(Int(window.pointee.start + window.pointee.head)).pointee = time.nanoseconds
    window.pointee.head = (window.pointee.head + 1) % capacity
    if window.pointee.count < capacity { window.pointee.count += 1 }
    guard Int64(window.pointee.count) >= most else { return false }
    // The ring holds exactly the last N: the oldest is the next to be written.
    let oldest = rateWindow.at(Int(window.pointee.start + window.pointee.head)).pointee
    return time.nanoseconds - oldest <= milliseconds * 1_000_000
  }

  /// Whether the next but `ahead` is the Nth within T, were it and those before it counted now.
  func isLast(
    _ window: borrowing RateWindow, ahead: Int, milliseconds: Int64, at time: Timestamp
  ) -> Bool {
    let needed = Int(window.capacity) - 1 - ahead
    guard needed > 0 else { return true }
    guard Int(window.count) >= needed else { return false }
    let place = (Int(window.head) + Int(window.capacity) - needed) % Int(window.capacity)
    let oldest = rateWindow.at(Int(window.start) + place).pointee
    return time.nanoseconds - oldest <= milliseconds * 1_000_000
  }

  // MARK: Operation accounts

  /// Sets order-rate's count: the window's ring is given out anew, and counting starts again.
  public mutating func setOrderRateCount(_ id: OperationAccountID, _ count: Int64) -> Bool {
    let record = accounts.at(id.raw)
    guard count == .min || setWindow(window(record), count) else { return false }
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
        window(record), most: record.pointee.orderRateCount,
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

  private func window(_ record: UnsafeMutablePointer<AccountRecord>)
    -> UnsafeMutablePointer<RateWindow>
  {
    let place = MemoryLayout<AccountRecord>.offset(of: \.rateWindow)!
    return (UnsafeMutableRawPointer(record) + place).assumingMemoryBound(to: RateWindow.self)
  }

  // MARK: Fund accounts

  /// Sets fund-order-rate's count, as `setOrderRateCount`.
  public mutating func setOrderRateCount(_ id: FundAccountID, _ count: Int64) -> Bool {
    let record = fundAccounts.at(id.raw)
    guard count == .min || setWindow(window(record), count) else { return false }
    record.pointee.orderRateCount = count == .min ? 0 : UInt32(count)
    return true
  }

  /// Counts a child that was sent. True when it sets the bar.
  public mutating func countForOrderRate(_ fundAccount: FundAccountID, at time: Timestamp) -> Bool {
    let record = fundAccounts.at(fundAccount.raw)
    guard record.pointee.orderRateCount != 0,
      count(
        window(record), most: Int64(record.pointee.orderRateCount),
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

  private func window(_ record: UnsafeMutablePointer<FundAccountRecord>)
    -> UnsafeMutablePointer<RateWindow>
  {
    let place = MemoryLayout<FundAccountRecord>.offset(of: \.rateWindow)!
    return (UnsafeMutableRawPointer(record) + place).assumingMemoryBound(to: RateWindow.self)
  }
}
