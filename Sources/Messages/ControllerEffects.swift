import Domain

/// The engine's answer to a `ControllerLogon`.
public struct ControllerVerdict: Equatable, Sendable, BitwiseCopyable {
  public var session: SessionID
  public var controller: ControllerID
  /// None = accepted.
  public var refusal: Refusal
  public var tradingDay: TradingDay
  /// Of the newest notice.
  public var noticeNumber: UInt64

  @inlinable public init(
    session: SessionID, controller: ControllerID, refusal: Refusal, tradingDay: TradingDay,
    noticeNumber: UInt64
  ) {
    self.session = session
    self.controller = controller
    self.refusal = refusal
    self.tradingDay = tradingDay
    self.noticeNumber = noticeNumber
  }
}

/// What a controller did: who, what, to whom, why. Numbered with the notices.
public struct ControlTaken: Equatable, Sendable, BitwiseCopyable {
  public var kind: ControlKind
  public var controller: ControllerID
  public var scopeKind: ScopeKind
  public var scopeID: UInt32
  /// Of a cancel; else none.
  public var order: OrderID
  public var reason: ControlReason
  /// Counts all notices of the shard from 1; never reset.
  public var number: UInt64
  /// Of a liquidation that is about one; else none.
  public var instrument: InstrumentID

  @inlinable public init(
    kind: ControlKind, controller: ControllerID, scopeKind: ScopeKind, scopeID: UInt32,
    order: OrderID, reason: ControlReason, number: UInt64, instrument: InstrumentID = .none
  ) {
    self.kind = kind
    self.controller = controller
    self.scopeKind = scopeKind
    self.scopeID = scopeID
    self.order = order
    self.reason = reason
    self.number = number
    self.instrument = instrument
  }
}

/// The answer to a controller's request.
public struct ControlDone: Equatable, Sendable, BitwiseCopyable {
  public var kind: ControlKind
  public var controller: ControllerID
  public var session: SessionID
  public var requestID: UInt64
  /// None = done.
  public var refusal: Refusal

  @inlinable public init(
    kind: ControlKind, controller: ControllerID, session: SessionID, requestID: UInt64,
    refusal: Refusal
  ) {
    self.kind = kind
    self.controller = controller
    self.session = session
    self.requestID = requestID
    self.refusal = refusal
  }
}

/// Sessions of an account end: a controller says so.
public struct DropSessions: Equatable, Sendable, BitwiseCopyable {
  public var account: OperationAccountID
  /// None = all of the account's.
  public var session: SessionID

  @inlinable public init(account: OperationAccountID, session: SessionID) {
    self.account = account
    self.session = session
  }
}
