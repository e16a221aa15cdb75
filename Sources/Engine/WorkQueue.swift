import Domain
import Ledger
import Messages
import Storage

/// A task that may need more than one step.
struct WorkItem: BitwiseCopyable {
  enum Kind: UInt8, BitwiseCopyable {
    /// Cancels an account's working orders.
    case massCancel
    /// Makes a fund account's working children doubtful.
    case linkDown
    /// Asks for the fate of a fund account's unconfirmed children.
    case askFates
    /// Clears what is still doubtful after a resync and sends the cancels that waited.
    case resynced
    /// Ends the day's working orders of an account.
    case expireOrders
    /// Takes margins anew after a change of rates.
    case remargin
    /// Cancels orders of accounts whose grace time without a session is over, one by one.
    case disconnected
    /// Looks at the lines of every account.
    case watch
    /// Counts what a product has, for its first scheme.
    case countScheme
    /// Looks at the clauses that are bound to a product.
    case watchSchemes
    /// Cancels the working orders of a kill switch's scope; `holders.chunk` is the account, or the
    /// fund account, to go on with.
    case kill
    /// Begins the liquidations of a kill switch's scope; `holders.chunk` is the account to go on
    /// with.
    case flatten
    /// Looks at the liquidations that are due.
    case liquidate
    /// Begins or stops the liquidations of a product's accounts.
    case sweepLiquidations
    /// Looks at the windows before closes, account after account.
    case windows
    /// Takes everybody's margins anew: accounts have other rates.
    case remarginAll
    /// Sends messages that waited for their turn.
    case sendMessages
    /// Begins the liquidations of a product's accounts, by the rule whose code is the bound.
    case liquidateProduct
    /// A new day: fees of products accrue, product after product.
    case accrueFees
    /// Tells where groups stand by budgets whose limits are others, or whose day has ended;
    /// `reached` is the fund account to go on with.
    case tellBudgets
  }

  var kind: Kind
  /// Of massCancel.
  var side: Side
  /// An account, a fund account, an instrument or the place of a kill switch.
  var subject: UInt32
  /// Of massCancel: only this instrument; `.none` = all.
  var instrument: InstrumentID
  /// Where to go on: an order or child number; 0 = from the start.
  var cursor: UInt32
  /// Orders above this number came later and are not meant.
  var bound: UInt32
  var holders: Ledger.HolderCursor
  /// Of massCancel, and the terminal that asked for it.
  var requestID = ClOrdID()
  var session = SessionID.none
  /// Of massCancel, disconnected and kill: the highest number that was looked at, and how many
  /// orders were asked for.
  var reached: UInt32 = 0
  var asked: UInt32 = 0
  /// Of disconnected: closing orders are left.
  var isOpeningOnly = false
}

/// Tasks in the order they came; fixed room.
struct WorkQueue: ~Copyable {
  private let pinned = Pinned()
  let items: Table<WorkItem>
  private var head = 0
  private(set) var count = 0
  /// How many looks at a subject's clauses are in the queue, by subject: no part of the state,
  /// counted again from it. Every order makes its subjects' clauses be looked at a moment later, so
  /// none of them searches the queue.
  private let looks: Table<UInt8>

  init(capacity: Int, subjects: Int) {
    items = Table(capacity: capacity)
    looks = Table(capacity: subjects)
  }

  mutating func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(items)
    try archive.pass(count: &head, atMost: items.capacity - 1)
    try archive.pass(count: &count, atMost: items.capacity)
    for subject in 0..<looks.capacity { looks.at(subject).pointee = 0 }
    for index in 0..<count { note(item(index).pointee, 1) }
  }

  private func note(_ item: WorkItem, _ more: Int) {
    guard item.kind == .watchSchemes, Int(item.subject) < looks.capacity else { return }
    let looks = looks.at(item.subject)
    looks.pointee = UInt8(truncatingIfNeeded: Int(looks.pointee) + more)
  }

  /// Most tasks that may wait before another mass cancel is refused.
  static let massCancelMaximum = 256

  var isEmpty: Bool { count == 0 }

  /// Adds a task. Of the same kind and subject one may be in progress and one wait: a third says
  /// nothing that the second will not do, once it means the newest numbers too. Mass cancels are
  /// bounded by their own maximum.
  mutating func push(_ item: WorkItem) {
    if item.kind != .massCancel, widens(item) { return }
    precondition(count < items.capacity, "the queue has room for every subject it serves")
    items.at((head + count) % items.capacity).pointee = item
    count += 1
    note(item, 1)
  }

  private func widens(_ item: WorkItem) -> Bool {
    if item.kind == .watchSchemes {
      let isFirst =
        count > 0 && first.pointee.kind == .watchSchemes && first.pointee.subject == item.subject
      return looks.at(item.subject).pointee > (isFirst ? 1 : 0)
    }
    var index = 1
    while index < count {
      let other = items.at((head + index) % items.capacity)
      if other.pointee.kind == item.kind, other.pointee.subject == item.subject {
        other.pointee.bound = max(other.pointee.bound, item.bound)
        return true
      }
      index += 1
    }
    return false
  }

  /// Whether a task of the kind and subject is in progress or waits.
  func holds(_ kind: WorkItem.Kind, _ subject: UInt32) -> Bool {
    for index in 0..<count {
      let item = item(index)
      if item.pointee.kind == kind, item.pointee.subject == subject { return true }
    }
    return false
  }

  /// The place in the queue of an account's mass cancel; nil when there is none.
  func massCancel(_ account: OperationAccountID, _ requestID: ClOrdID) -> Int? {
    for index in 0..<count {
      let item = item(index)
      if item.pointee.kind == .massCancel, item.pointee.subject == account.raw,
        item.pointee.requestID == requestID
      {
        return index
      }
    }
    return nil
  }

  /// The place in the queue of the first task of a kind; nil when there is none.
  func index(of kind: WorkItem.Kind) -> Int? {
    (0..<count).first { item($0).pointee.kind == kind }
  }

  /// Takes a task out before its turn; those behind it move up.
  mutating func remove(at index: Int) {
    note(item(index).pointee, -1)
    for place in index..<count - 1 { item(place).pointee = item(place + 1).pointee }
    count -= 1
  }

  var first: UnsafeMutablePointer<WorkItem> { items.at(head) }
  /// The task at `index` of the queue, oldest first.
  func item(_ index: Int) -> UnsafeMutablePointer<WorkItem> {
    items.at((head + index) % items.capacity)
  }

  mutating func pop() {
    precondition(count > 0, "a finished task was in the queue")
    note(first.pointee, -1)
    head = (head + 1) % items.capacity
    count -= 1
  }
}

/// Instruments whose holders are not all marked at the newest price. Ticks of a queued instrument
/// are conflated: its walk starts over once when it is done, so the last price is never lost.
struct MarkQueue: ~Copyable {
  struct State: BitwiseCopyable {
    var cursor: Ledger.HolderCursor
    var isQueued: Bool
    var isStale: Bool
  }

  private let pinned = Pinned()
  let queue: Table<InstrumentID>
  let states: Table<State>
  private var head = 0
  private(set) var count = 0

  init(instruments: Int) {
    queue = Table(capacity: max(instruments, 1))
    states = Table(capacity: max(instruments, 1))
  }

  mutating func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(queue)
    try archive.pass(states)
    try archive.pass(count: &head, atMost: queue.capacity - 1)
    try archive.pass(count: &count, atMost: queue.capacity)
  }

  var isEmpty: Bool { count == 0 }

  mutating func push(_ instrument: InstrumentID, from cursor: Ledger.HolderCursor) {
    let state = states.at(instrument.raw)
    guard !state.pointee.isQueued else {
      state.pointee.isStale = true
      return
    }
    state.pointee.isQueued = true
    state.pointee.isStale = false
    state.pointee.cursor = cursor
    queue.at((head + count) % queue.capacity).pointee = instrument
    count += 1
  }

  /// The instrument at `index` of the queue, oldest first.
  func instrument(_ index: Int) -> InstrumentID {
    queue.at((head + index) % queue.capacity).pointee
  }

  var cursor: Ledger.HolderCursor {
    get { states.at(instrument(0).raw).pointee.cursor }
    set { states.at(instrument(0).raw).pointee.cursor = newValue }
  }

  /// The first instrument's walk reached its end: starts over when a tick came meanwhile.
  mutating func finishFirst(start: Ledger.HolderCursor) {
    let instrument = instrument(0)
    let state = states.at(instrument.raw)
    head = (head + 1) % queue.capacity
    count -= 1
    state.pointee.isQueued = false
    if state.pointee.isStale { push(instrument, from: start) }
  }
}
