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
  case ended(DeskLinkEnd)
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
