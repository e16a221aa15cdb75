import Domain
import Wire

/// One terminal of the load that asks for pages of what its account has, one after the other.
struct LoadAsker {
  private static let kinds: [OrderEntry.QueryKind] = [.orders, .trades, .positions, .funds]

  private let period: Int64
  private var nextDue: Int64
  private var place = 0
  private var cursor: UInt64 = 0
  /// When the page that is open was due; 0 = none is.
  private(set) var openSince: Int64 = 0

  init(period: Int64, firstDue: Int64) {
    self.period = period
    nextDue = firstDue
  }

  mutating func begin(at start: Int64) { nextDue += start }

  /// What is to be asked now; nil when it is not time, or the last page has not come.
  mutating func next(at now: Int64) -> (kind: OrderEntry.QueryKind, after: UInt64)? {
    guard openSince == 0, nextDue <= now else { return nil }
    openSince = nextDue
    nextDue += period
    // Who waited longer than a period does not ask more often afterwards.
    if nextDue <= now { nextDue = now + period }
    return (LoadAsker.kinds[place], cursor)
  }

  /// The page has come, or nothing could be asked.
  mutating func answered(_ end: OrderEntry.QueryEnd?) {
    openSince = 0
    guard let end, end.result != .busy else { return }
    cursor = end.result == .more ? end.after : 0
    if cursor == 0 { place = (place + 1) % LoadAsker.kinds.count }
  }
}
