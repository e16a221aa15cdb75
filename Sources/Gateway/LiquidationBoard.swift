import Domain
import Messages
import Storage

/// Where the liquidation of each account stands, in the order in which they moved: whoever follows
/// them is sent what moved since, and of one that moved again meanwhile the newest alone.
struct LiquidationBoard: ~Copyable {
  struct Row: BitwiseCopyable {
    var progress: LiquidationProgress
    var time: Timestamp
    /// Counts what moved; 0 = the account has had none in this run.
    var version: UInt64
    /// The account that moved next, and the one before, as id + 1; 0 = none.
    var next: UInt32
    var previous: UInt32
  }

  private let rows: Table<Row>
  private var last: UInt32 = 0
  /// Of the row that moved last.
  private(set) var newest: UInt64 = 0

  init(accounts: Int) { rows = Table(capacity: accounts) }

  mutating func update(_ progress: LiquidationProgress, at time: Timestamp) {
    let number = progress.account.raw + 1
    let row = rows.at(progress.account.raw)
    newest += 1
    let isKnown = row.pointee.version != 0
    row.pointee.progress = progress
    row.pointee.time = time
    row.pointee.version = newest
    guard number != last else { return }
    if isKnown {
      if row.pointee.previous != 0 {
        rows.at(row.pointee.previous - 1).pointee.next = row.pointee.next
      }
      rows.at(row.pointee.next - 1).pointee.previous = row.pointee.previous
    }
    if last != 0 { rows.at(last - 1).pointee.next = number }
    row.pointee.previous = last
    row.pointee.next = 0
    last = number
  }

  /// The first that moved behind a version; nil when none did. As many steps as moved since.
  func first(after version: UInt64) -> UnsafePointer<Row>? {
    var found: UnsafePointer<Row>?
    var number = last
    while number != 0 {
      let row = rows.at(number - 1)
      guard row.pointee.version > version else { break }
      found = UnsafePointer(row)
      number = row.pointee.previous
    }
    return found
  }

  /// The one that moved next; nil behind the last.
  func next(after row: UnsafePointer<Row>) -> UnsafePointer<Row>? {
    row.pointee.next == 0 ? nil : UnsafePointer(rows.at(row.pointee.next - 1))
  }
}
