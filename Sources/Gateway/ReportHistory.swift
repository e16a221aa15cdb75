import Domain
import Messages
import Storage

/// The newest reports of all accounts, for terminals that missed some. Fixed room: the oldest
/// report of all gives way to a new one.
public struct ReportHistory: ~Copyable {
  struct Row: BitwiseCopyable {
    var report: ExecutionReport
    /// The account's next and previous report as row + 1; 0 = none.
    var next: UInt32
    var previous: UInt32
  }

  struct Account: BitwiseCopyable {
    var oldest: UInt32
    var newest: UInt32
    /// Sequence of the first report of `day`, and of the newest report ever.
    var firstOfDay: UInt64
    var last: UInt64
    var day: UInt32
  }

  private let rows: Table<Row>
  private let accounts: Table<Account>
  /// Rows ever written.
  private var written = 0

  public init(capacity: Int, accounts: Int) {
    precondition(capacity > 0, "a history has room for a report")
    rows = Table(capacity: capacity)
    self.accounts = Table(capacity: accounts)
  }

  /// Keeps the numbered reports among what a command of the journal caused.
  public mutating func stepped(_ effects: borrowing EffectBuffer) {
    for index in 0..<effects.count {
      if case .report(let report) = effects.pointer(at: index).pointee,
        report.reportSequence != 0
      {
        append(report)
      }
    }
  }

  /// All of it; of the same capacities alone.
  public mutating func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    var layout = LayoutArchive()
    try passTables(through: &layout)
    try archive.pass(layout: layout.value)
    try passTables(through: &archive)
  }

  private mutating func passTables<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(&written)
    try archive.pass(rows)
    try archive.pass(accounts)
  }

  /// Keeps a numbered report, the account's next.
  mutating func append(_ report: ExecutionReport) {
    let index = written % rows.capacity
    if written >= rows.capacity { dropOldest(index) }
    written += 1
    let number = UInt32(index + 1)
    let account = accounts.at(report.account.raw)
    rows.at(index).pointee = Row(report: report, next: 0, previous: account.pointee.newest)
    if account.pointee.newest == 0 {
      account.pointee.oldest = number
    } else {
      rows.at(account.pointee.newest - 1).pointee.next = number
    }
    account.pointee.newest = number
    account.pointee.last = report.reportSequence
    if account.pointee.day != report.tradingDay.yyyymmdd {
      account.pointee.day = report.tradingDay.yyyymmdd
      account.pointee.firstOfDay = report.reportSequence
    }
  }

  /// The oldest row of all is the oldest of its account too.
  private func dropOldest(_ index: Int) {
    let row = rows.at(index)
    let account = accounts.at(row.pointee.report.account.raw)
    account.pointee.oldest = row.pointee.next
    if row.pointee.next == 0 {
      account.pointee.newest = 0
    } else {
      rows.at(row.pointee.next - 1).pointee.previous = 0
    }
  }

  /// The sequence of the account's newest report; 0 = none.
  func last(_ account: OperationAccountID) -> UInt64 { accounts.at(account.raw).pointee.last }

  /// The sequence of the account's first report of a day; one past the last when it has none.
  func first(of day: TradingDay, _ account: OperationAccountID) -> UInt64 {
    let account = accounts.at(account.raw)
    return account.pointee.day == day.yyyymmdd
      ? account.pointee.firstOfDay : account.pointee.last + 1
  }

  /// The sequence of the oldest report that is kept; one past the last when there is none.
  func oldest(_ account: OperationAccountID) -> UInt64 {
    let account = accounts.at(account.raw)
    guard account.pointee.oldest != 0 else { return account.pointee.last + 1 }
    return rows.at(account.pointee.oldest - 1).pointee.report.reportSequence
  }

  /// A kept report, in place until the next `append`; nil when it is not kept (any more).
  ///
  /// - Parameter hint: where the search starts and what comes next is left for the next call;
  ///   0 = from either end.
  func report(
    _ account: OperationAccountID, _ sequence: UInt64, hint: inout UInt32
  ) -> UnsafePointer<ExecutionReport>? {
    let ends = accounts.at(account.raw)
    guard sequence >= oldest(account), sequence <= ends.pointee.last else { return nil }
    var number = hint
    if number == 0 || !isRow(number, of: account, sequence) {
      let fromOldest = sequence - oldest(account)
      let fromNewest = ends.pointee.last - sequence
      number = fromOldest < fromNewest ? ends.pointee.oldest : ends.pointee.newest
      while rows.at(number - 1).pointee.report.reportSequence < sequence {
        number = rows.at(number - 1).pointee.next
      }
      while rows.at(number - 1).pointee.report.reportSequence > sequence {
        number = rows.at(number - 1).pointee.previous
      }
    }
    let row = rows.at(number - 1)
    hint = row.pointee.next
    return UnsafeRawPointer(row).assumingMemoryBound(to: ExecutionReport.self)
  }

  private func isRow(
    _ number: UInt32, of account: OperationAccountID, _ sequence: UInt64
  ) -> Bool {
    let row = rows.at(number - 1)
    return row.pointee.report.account == account && row.pointee.report.reportSequence == sequence
  }
}
