import Domain
import Messages
import Storage

/// What risk controllers are told: a notice of the engine's, or what a controller did.
struct NoticeRecord: BitwiseCopyable {
  var number: UInt64
  var time: Timestamp
  var day: TradingDay
  /// `.unknown` of what a controller did.
  var kind: NoticeKind
  var control: ControlKind
  var rule: RuleID
  var scopeKind: ScopeKind
  var scopeID: UInt32
  var order: OrderID
  var observed: Int64
  var limit: Int64
  var unit: Unit
  var level: LineLevel
  var action: LineAction
  var controller: ControllerID
  var reason: ControlReason
  /// Of a liquidation that is about one, of a clause that looks at each by itself.
  var instrument: InstrumentID
  /// Of a clause: its scheme, 1-based, and its number there.
  var scheme: UInt16 = 0
  var clause: UInt16 = 0

  init(_ notice: Notice, at time: Timestamp, on day: TradingDay) {
    self.init(
      number: notice.number, time: time, day: day, kind: notice.kind, control: .unknown,
      rule: notice.rule, scopeKind: notice.scopeKind, scopeID: notice.scopeID,
      order: notice.order, observed: notice.observed, limit: notice.limit, unit: notice.unit,
      level: notice.level, action: notice.action, controller: .none, reason: ControlReason(),
      instrument: notice.instrument)
    scheme = notice.scheme
    clause = notice.clause
  }

  init(_ taken: ControlTaken, at time: Timestamp, on day: TradingDay) {
    self.init(
      number: taken.number, time: time, day: day, kind: .unknown, control: taken.kind,
      rule: .none, scopeKind: taken.scopeKind, scopeID: taken.scopeID, order: taken.order,
      observed: .min, limit: .min, unit: .none, level: .unknown, action: .unknown,
      controller: taken.controller, reason: taken.reason, instrument: taken.instrument)
  }

  private init(
    number: UInt64, time: Timestamp, day: TradingDay, kind: NoticeKind, control: ControlKind,
    rule: RuleID, scopeKind: ScopeKind, scopeID: UInt32, order: OrderID, observed: Int64,
    limit: Int64, unit: Unit, level: LineLevel, action: LineAction, controller: ControllerID,
    reason: ControlReason, instrument: InstrumentID
  ) {
    self.number = number
    self.time = time
    self.day = day
    self.kind = kind
    self.control = control
    self.rule = rule
    self.scopeKind = scopeKind
    self.scopeID = scopeID
    self.order = order
    self.observed = observed
    self.limit = limit
    self.unit = unit
    self.level = level
    self.action = action
    self.controller = controller
    self.reason = reason
    self.instrument = instrument
  }
}

/// The newest notices of this run, for controllers that missed some. Fixed room: the oldest gives
/// way. They are numbered without gaps.
struct NoticeHistory: ~Copyable {
  private let rows: Table<NoticeRecord>
  /// Number of the oldest that is kept, and of the newest; of none that one behind the other.
  private(set) var first: UInt64
  private(set) var newest: UInt64

  /// - Parameter newest: the number of the last notice before this run.
  init(capacity: Int, newest: UInt64) {
    precondition(capacity > 0, "a history has room for a notice")
    rows = Table(capacity: capacity)
    self.newest = newest
    first = newest + 1
  }

  mutating func append(_ record: NoticeRecord) {
    // What was told before this run heard of it is not kept.
    if record.number != newest + 1 { first = record.number }
    newest = record.number
    rows.at(place(newest)).pointee = record
    let room = UInt64(rows.capacity)
    if newest >= room { first = max(first, newest - room + 1) }
  }

  /// Kept: from `first` to `newest`.
  func record(_ number: UInt64) -> UnsafePointer<NoticeRecord> {
    precondition(number >= first && number <= newest, "a notice that is kept is asked for")
    return UnsafePointer(rows.at(place(number)))
  }

  private func place(_ number: UInt64) -> Int { Int(number % UInt64(rows.capacity)) }
}
