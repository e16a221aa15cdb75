import Domain

/// The engine's answer to a `Logon`.
public struct LogonVerdict: Equatable, Sendable, BitwiseCopyable {
  public var session: SessionID
  public var account: OperationAccountID
  /// None = accepted.
  public var refusal: Refusal
  public var lastReportSequence: UInt64
  public var tradingDay: TradingDay

  @inlinable public init(
    session: SessionID, account: OperationAccountID, refusal: Refusal,
    lastReportSequence: UInt64, tradingDay: TradingDay
  ) {
    self.session = session
    self.account = account
    self.refusal = refusal
    self.lastReportSequence = lastReportSequence
    self.tradingDay = tradingDay
  }
}

/// What a definition made.
public enum ObjectKind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  case tradingHours = 1
  case commodity = 2
  case instrument = 3
  case counter = 4
  case product = 5
  case fundAccount = 6
  case operationAccount = 7
  case controller = 8
  case sector = 30
  case superSector = 31
  case scheme = 32
  case template = 40
}

/// A definition was taken: the dense id its object has.
public struct Defined: Equatable, Sendable, BitwiseCopyable {
  public var kind: ObjectKind
  public var id: UInt32

  @inlinable public init(
    kind: ObjectKind, id: UInt32
  ) {
    self.kind = kind
    self.id = id
  }
}

/// A definition, setting or movement that was not taken; nothing changed.
public struct CommandRefused: Equatable, Sendable, BitwiseCopyable {
  public var refusal: Refusal

  @inlinable public init(
    refusal: Refusal
  ) {
    self.refusal = refusal
  }
}

/// What a notice is about.
public enum NoticeKind: UInt16, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  /// A counter filled more of a child than was working; booked and kept.
  case overFill = 1
  /// A report names a child this engine never sent.
  case unknownChild = 2
  /// A report for a child that was already done changed it.
  case reportAfterEnd = 3
  /// A trade at the counter that we did not send: held as unmapped.
  case unmappedTrade = 4
  /// The counter skipped sequence numbers.
  case counterSequenceGap = 5
  case linkUp = 6
  case linkDown = 7
  case resynced = 8
  /// order-rate set its bar.
  case orderRateBar = 9
  /// login-lockout.
  case accountLocked = 10
  /// The clock went back and was held.
  case clockBack = 11
  /// The clock jumped forward.
  case clockForward = 12
  case dayStarted = 13
  /// Lots that no fund account could take ended at once.
  case unsentLots = 14
  /// A net-mode closing opens at the counter in the delivery month: passed with this notice.
  case deliveryMonthNet = 15
  /// A closing child may cross its own legal owner's order: sent (decisions 27).
  case selfTradeClose = 16
  /// A counter closed more than the ledger holds.
  case overClose = 17
  /// The counter's funds differ from the ledger's.
  case fundsDiffer = 18
  /// A fund account could not take (all of) an order: the rule says why.
  case fundAccountDeclined = 20
  /// No word from the counter of a child for too long.
  case childUnanswered = 21
  /// A price outside the instrument's range was dropped.
  case instrumentRejected = 22
  /// An account's sessions are gone and its grace time is over: its orders are cancelled.
  case disconnectCancel = 23
  /// A figure passed its proven range; opening is barred for its holder.
  case holderOverflow = 19
  /// fund-order-rate set its bar.
  case fundOrderRateBar = 29
  /// A trade of nobody's waits for a controller: its number and its lots.
  case unmappedHeld = 30
  /// A trade of nobody's has become an order of an operation account: its number and its lots.
  case tradeMapped = 31
  /// A level of a line is reached: the rule, what was seen, the line, and what it does.
  case lineReached = 40
  /// It no longer is.
  case lineReleased = 41
  /// A level of a product's clause is passed: the clause's rule, what was seen, and the limit.
  case clauseReached = 72
  /// It no longer is.
  case clauseReleased = 73
  /// A closing order made an exposure larger than a clause allows, and passed: the product or the
  /// account ignores that.
  case exposureIgnored = 74
  /// A product's unit net value is at a line or below: the line's rule, the value, and the line.
  case netValueLineReached = 75
  /// It no longer is.
  case netValueLineReleased = 76
  /// Somebody changed what is configured: how many commands follow, and the revision they make.
  case configurationChanged = 45
  /// Fees of a product have accrued: what they come to, and what has been stated besides.
  case productFeesAccrued = 50
  /// The liquidation of an account began: its number and its owner's code.
  case liquidationStarted = 62
  /// It ended: its number and the code of its `LiquidationEnd`.
  case liquidationEnded = 63
  /// It ended and the market can't take what is left: the lots.
  case liquidationRest = 64
  /// A product reads its rates from another fund account from now on.
  case rateAccount = 82
  /// Before a close, an account's overnight line is exceeded: its rule, the ratio and the limit.
  case overnightExceeded = 113
  /// A liquidation before a close is over, and its account still over its line, or not flat.
  case windowRest = 114
  /// So much of an exchange's budget is used that it is told: the rule, what was used, the budget;
  /// of the fund account and the instrument whose order, cancel or trade it was.
  case budgetWarned = 123
  /// All of it: the group's fund accounts open nothing more there, or, of messages, have to report.
  case budgetReached = 124
  /// It no longer is, or much of it: the budget, or the share that is told, was changed, or the day
  /// has ended; of the fund account that its group began to use it with.
  case budgetReleased = 125
  /// There was no room to count in: opening is refused where it would have counted.
  case budgetUncounted = 126
}

/// Something a controller or an operator should know.
public struct Notice: Equatable, Sendable, BitwiseCopyable {
  public var kind: NoticeKind
  /// The rule behind it; none where there is none.
  public var rule: RuleID
  public var scopeKind: ScopeKind
  public var scopeID: UInt32
  public var order: OrderID
  public var observed: Int64
  public var limit: Int64
  /// What those are measured in; none where the kind says it.
  public var unit: Unit
  /// Of a line: which of its two, and what it does.
  public var level: LineLevel
  public var action: LineAction
  /// Counts all notices of the shard from 1; never reset.
  public var number: UInt64
  /// Of a clause: its scheme, 1-based, and its number there; 0 = of none.
  public var scheme: UInt16
  public var clause: UInt16
  /// Of a clause that looks at each instrument by itself, and of a budget: which one.
  public var instrument: InstrumentID

  @inlinable public init(
    kind: NoticeKind, rule: RuleID, scopeKind: ScopeKind, scopeID: UInt32, order: OrderID,
    observed: Int64, limit: Int64, unit: Unit, level: LineLevel, action: LineAction,
    number: UInt64, scheme: UInt16 = 0, clause: UInt16 = 0, instrument: InstrumentID = .none
  ) {
    self.scheme = scheme
    self.clause = clause
    self.instrument = instrument
    self.unit = unit
    self.level = level
    self.action = action
    self.number = number
    self.kind = kind
    self.rule = rule
    self.scopeKind = scopeKind
    self.scopeID = scopeID
    self.order = order
    self.observed = observed
    self.limit = limit
  }
}

/// A mass cancel has asked for every order that it means; its terminal is told.
public struct MassCancelDone: Equatable, Sendable, BitwiseCopyable {
  public var session: SessionID
  public var account: OperationAccountID
  public var requestID: ClOrdID
  /// Working orders that it asked to cancel.
  public var orders: UInt32

  @inlinable public init(
    session: SessionID, account: OperationAccountID, requestID: ClOrdID, orders: UInt32
  ) {
    self.session = session
    self.account = account
    self.requestID = requestID
    self.orders = orders
  }
}
