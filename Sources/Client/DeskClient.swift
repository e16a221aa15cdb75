import Domain
import Session
import Wire

/// What happened at the desk.
public enum DeskEvent: Equatable, Sendable {
  case loggedOn(DeskProtocol.LogonAccepted)
  case answer(DeskProtocol.ControlAnswer)
  case businessReject(DeskProtocol.BusinessReject)
  case notice(DeskProtocol.Notice)
  case noticesComplete(DeskProtocol.NoticesComplete)
  case noticesTruncated(DeskProtocol.NoticesTruncated)
  case standingRow(DeskProtocol.StandingRow)
  case standingEnd(DeskProtocol.StandingEnd)
  case liquidation(DeskProtocol.LiquidationProgress)
  case liquidationsComplete(DeskProtocol.LiquidationsComplete)
  case accounts(AccountsEvent)
  case ended(DeskLinkEnd)
}

/// What comes for a subscription to accounts.
public enum AccountsEvent: Equatable, Sendable {
  case begin(DeskProtocol.AccountsBegin)
  case account(DeskProtocol.AccountRow)
  case line(DeskProtocol.LineRow)
  case fundAccount(DeskProtocol.FundAccountRow)
  case product(DeskProtocol.ProductRow)
  case position(DeskProtocol.PositionRow)
  case order(DeskProtocol.WorkingOrderRow)
  case link(DeskProtocol.LinkRow)
  case complete(DeskProtocol.AccountsComplete)
  case end(DeskProtocol.AccountsEnd)

  /// Of the subscription.
  public var requestID: UInt64 {
    switch self {
    case .begin(let row): row.requestID
    case .account(let row): row.requestID
    case .line(let row): row.requestID
    case .fundAccount(let row): row.requestID
    case .product(let row): row.requestID
    case .position(let row): row.requestID
    case .order(let row): row.requestID
    case .link(let row): row.requestID
    case .complete(let row): row.requestID
    case .end(let row): row.requestID
    }
  }
}

/// A risk controller's client without I/O: requests go out, answers and notices come in.
///
/// Its owner connects, hands over bytes that came (`received`), sends what is pending
/// (`sendPending`) after each call, and calls `timeReached` at `deadline`.
public struct DeskClient: Sendable {
  public private(set) var link: DeskLinkState
  private let password: FixedText<128>
  private var output = PendingOutput()
  /// Of the newest request.
  public private(set) var lastRequestID: UInt64 = 0

  public init(_ logon: DeskLogon, password: FixedText<128>, at now: Int64) {
    link = DeskLinkState(logon, at: now)
    self.password = password
  }

  public var isLoggedOn: Bool { link.isLoggedOn }
  public var deadline: Int64 { link.deadline }

  /// The connection stands: the logon is pending.
  public mutating func connected(at now: Int64) {
    output.write(&link) { [password] link, outgoing in
      link.connected(password: password, at: now, into: &outgoing)
    }
  }

  /// Takes in what came and tells it event by event; how many bytes are done with.
  public mutating func received(
    _ bytes: UnsafeRawBufferPointer, at now: Int64, _ tell: (DeskEvent) -> Void
  ) -> Int {
    var incoming = IncomingBytes(bytes)
    while true {
      switch output.write(&link, { $0.next(in: &incoming, at: now, into: &$1) }) {
      case .nothing: return incoming.consumed
      case .loggedOn(let view): tell(.loggedOn(view.value))
      case .answer(let view): tell(.answer(view.value))
      case .businessReject(let view): tell(.businessReject(view.value))
      case .notice(let view): tell(.notice(view.value))
      case .noticesComplete(let view): tell(.noticesComplete(view.value))
      case .noticesTruncated(let view): tell(.noticesTruncated(view.value))
      case .standingRow(let view): tell(.standingRow(view.value))
      case .standingEnd(let view): tell(.standingEnd(view.value))
      case .liquidationProgress(let view): tell(.liquidation(view.value))
      case .liquidationsComplete(let view): tell(.liquidationsComplete(view.value))
      case .accountsBegin(let view): tell(.accounts(.begin(view.value)))
      case .accountRow(let view): tell(.accounts(.account(view.value)))
      case .lineRow(let view): tell(.accounts(.line(view.value)))
      case .fundAccountRow(let view): tell(.accounts(.fundAccount(view.value)))
      case .productRow(let view): tell(.accounts(.product(view.value)))
      case .positionRow(let view): tell(.accounts(.position(view.value)))
      case .workingOrderRow(let view): tell(.accounts(.order(view.value)))
      case .linkRow(let view): tell(.accounts(.link(view.value)))
      case .accountsComplete(let view): tell(.accounts(.complete(view.value)))
      case .accountsEnd(let view): tell(.accounts(.end(view.value)))
      case .ended(let end): tell(.ended(end))
      }
    }
  }

  public mutating func timeReached(_ now: Int64) -> DeskLinkEnd? {
    output.write(&link) { $0.timeReached(now, into: &$1) }
  }

  public mutating func stop() -> DeskLinkEnd? { output.write(&link) { $0.stop(into: &$1) } }
  public mutating func disconnected() -> DeskLinkEnd? { link.disconnected() }
  public mutating func sendPending(_ body: (UnsafeRawBufferPointer) -> Int) { output.send(body) }

  // MARK: Requests

  /// Asks for an action; its request's id. Nil when it can't be sent now.
  public mutating func control(
    _ control: DeskProtocol.Control, at now: Int64
  ) -> UInt64? {
    var control = control
    control.requestID = lastRequestID + 1
    return send(control, at: now)
  }

  /// Asks for notices behind one that was seen; 0 = for all that are kept.
  public mutating func subscribeNotices(after number: UInt64, at now: Int64) -> UInt64? {
    send(DeskProtocol.SubscribeNotices(requestID: lastRequestID + 1, after: number), at: now)
  }

  /// Asks for the bars and kill switches that are in place.
  public mutating func standing(at now: Int64) -> UInt64? {
    send(DeskProtocol.StandingRequest(requestID: lastRequestID + 1), at: now)
  }

  /// Asks where liquidations stand, and to be told as they go on.
  public mutating func subscribeLiquidations(at now: Int64) -> UInt64? {
    send(DeskProtocol.SubscribeLiquidations(requestID: lastRequestID + 1), at: now)
  }

  /// Asks for a picture of accounts, and for what changes in it; its request's id is the
  /// subscription's.
  ///
  /// - Parameters:
  ///   - name: of the one that is wanted, with what belongs to it; nil = everything that is his.
  ///   - milliseconds: least time between two pictures of a row; 0 = the gateway's.
  public mutating func subscribeAccounts(
    _ kinds: DeskProtocol.RowKinds, of name: (kind: ScopeKind, name: Name)? = nil,
    everyMilliseconds milliseconds: UInt32 = 0, at now: Int64
  ) -> UInt64? {
    send(
      DeskProtocol.SubscribeAccounts(
        requestID: lastRequestID + 1, kinds: kinds, scopeKind: name?.kind ?? .none,
        name: name?.name ?? Name(), intervalMilliseconds: milliseconds),
      at: now)
  }

  /// Ends a subscription to accounts, or all of them: `AccountsEnd` answers.
  public mutating func unsubscribeAccounts(_ requestID: UInt64, at now: Int64) -> Bool {
    send(DeskProtocol.UnsubscribeAccounts(requestID: requestID), at: now) != nil
  }

  private mutating func send(_ message: some WireMessage, at now: Int64) -> UInt64? {
    guard isLoggedOn else { return nil }
    let isSent = output.write(&link) { link, outgoing in
      guard outgoing.append(message) else { return false }
      link.wordSent(at: now)
      return true
    }
    guard isSent else { return nil }
    lastRequestID += 1
    return lastRequestID
  }
}
