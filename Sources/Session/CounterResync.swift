import Domain

/// What a link has asked its counter and still has to hear.
struct CounterResync: Sendable, BitwiseCopyable {
  /// Most children of one OrdersRequest. `SBE: groupSizeEncoding numInGroup`.
  static let fatesMaximum = 120

  private var lastRequestNumber: UInt32 = 0
  /// The newest report that the counter said it has, when it let us in.
  var promisedSequence: UInt64 = 0
  /// The ReportsRequest whose end has not come; 0 = none.
  var reportsRequest: UInt32 = 0
  /// A gap was seen; what follows it is dropped until the missing report has come.
  var isRefetching = false
  /// Children to be asked about together.
  private var fates: InlineArray<120, UInt64> = InlineArray(repeating: 0)
  private(set) var fateCount = 0
  /// The engine has named every child whose fate it wants.
  var hasEveryFate = false
  /// OrdersRequests whose end has not come; they are answered in their order.
  private(set) var fateRequests = 0
  /// No smaller number can be that of the next end.
  private var nextFateRequest: UInt32 = 0

  /// A new connection: nothing is asked yet. Request numbers go on, so that an old answer is
  /// nobody's.
  mutating func begin() {
    let number = lastRequestNumber
    self = CounterResync()
    lastRequestNumber = number
  }

  mutating func newRequestNumber() -> UInt32 {
    lastRequestNumber += 1
    return lastRequestNumber
  }

  var isFull: Bool { fateCount == CounterResync.fatesMaximum }

  mutating func add(_ child: OrderID) {
    precondition(!isFull, "a full list is asked about first")
    fates[fateCount] = child.raw
    fateCount += 1
  }

  /// The children to ask about now, with the request's number; the list is empty afterwards.
  mutating func takeFates() -> (requestNumber: UInt32, children: [OrderID]) {
    let number = newRequestNumber()
    if fateRequests == 0 { nextFateRequest = number }
    fateRequests += 1
    defer { fateCount = 0 }
    return (number, (0..<fateCount).map { OrderID(raw: fates[$0]) })
  }

  /// The end of an OrdersRequest came; false when none was awaited.
  mutating func fatesEnded(_ requestNumber: UInt32) -> Bool {
    guard fateRequests > 0, requestNumber >= nextFateRequest,
      requestNumber <= lastRequestNumber
    else { return false }
    nextFateRequest = requestNumber + 1
    fateRequests -= 1
    return true
  }

  /// Whether an answer is awaited.
  var isAsking: Bool { reportsRequest != 0 || fateRequests > 0 }

  var isDone: Bool {
    reportsRequest == 0 && !isRefetching && hasEveryFate && fateCount == 0 && fateRequests == 0
  }
}
