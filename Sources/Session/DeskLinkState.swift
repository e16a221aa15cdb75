import Domain
import Wire

/// The client's end of a controller's connection to the gateway: one connection, one logon.
///
///     connected ─ Logon ─▶ logging on ─ LogonAccepted ─▶ logged on ─┐
///                              └── Logout, silence, nonsense ───────┴▶ ended
///
/// The owner calls `next` until there is nothing more, and `timeReached` at `deadline`. It does not
/// connect again by itself: a person is at the desk.
public struct DeskLinkState: Sendable, BitwiseCopyable {
  private enum State: Equatable, Sendable, BitwiseCopyable {
    case connecting
    case loggingOn(until: Int64)
    case loggedOn
    case ended
  }

  private var state = State.connecting
  private var liveness: Liveness
  public let logon: DeskLogon

  /// Room that `next` wants before it looks at a message.
  public static let answerRoom = 512

  public init(_ logon: DeskLogon, at now: Int64) {
    self.logon = logon
    liveness = Liveness(intervalSeconds: logon.heartbeatIntervalSeconds, at: now)
  }

  public var isLoggedOn: Bool { state == .loggedOn }
  public var isEnded: Bool { state == .ended }

  /// The connection stands: the Logon is written.
  public mutating func connected(
    password: FixedText<128>, at now: Int64, into outgoing: inout OutgoingBytes
  ) {
    guard state == .connecting else { return }
    state = .loggingOn(
      until: now + SessionTiming.verdictSeconds * SessionTiming.nanosecondsPerSecond)
    liveness = Liveness(intervalSeconds: logon.heartbeatIntervalSeconds, at: now)
    let fits = outgoing.append(
      DeskProtocol.Logon(
        controller: logon.controller, macAddress: logon.macAddress,
        clientName: logon.clientName, clientVersion: logon.clientVersion,
        schemaVersion: DeskProtocol.version,
        heartbeatIntervalSeconds: logon.heartbeatIntervalSeconds, password: password))
    precondition(fits, "a new connection has room for the logon")
  }

  /// The connection is gone; nil when its end was told before.
  public mutating func disconnected() -> DeskLinkEnd? {
    guard state != .ended else { return nil }
    let end = DeskLinkEnd(.connectionLost, wasLoggedOn: isLoggedOn)
    state = .ended
    return end
  }

  /// The client wants to leave: it says goodbye.
  public mutating func stop(into outgoing: inout OutgoingBytes) -> DeskLinkEnd? {
    guard state != .ended else { return nil }
    return finish(.requested, .requested, into: &outgoing)
  }

  private mutating func finish(
    _ cause: DeskLinkEnd.Cause, _ word: DeskProtocol.LogoutReason,
    into outgoing: inout OutgoingBytes
  ) -> DeskLinkEnd {
    let end = DeskLinkEnd(cause, wasLoggedOn: isLoggedOn)
    if state != .connecting { _ = outgoing.append(DeskProtocol.Logout(reason: word)) }
    state = .ended
    return end
  }

  // MARK: What came

  /// The next thing in the gateway's bytes, after `incoming.consumed` of them.
  public mutating func next(
    in incoming: inout IncomingBytes, at now: Int64, into outgoing: inout OutgoingBytes
  ) -> DeskLinkEvent {
    while true {
      switch state {
      case .connecting, .ended:
        incoming.takeAll()
        return .nothing
      case .loggingOn, .loggedOn: break
      }
      if outgoing.free < DeskLinkState.answerRoom { return .nothing }
      switch incoming.scan(limit: Framing.outboundMaximum) {
      case .needMore: return .nothing
      case .failed: return .ended(finish(.badBytes, .badFrame, into: &outgoing))
      case .frame(let frame):
        incoming.take(frame)
        liveness.heard(at: now)
        let event = messageReceived(frame, at: now, into: &outgoing)
        if case .nothing = event { continue }
        return event
      }
    }
  }

  private mutating func messageReceived(
    _ frame: Frame, at now: Int64, into outgoing: inout OutgoingBytes
  ) -> DeskLinkEvent {
    let message: DeskProtocol.Message
    do throws(WireError) {
      message = try DeskProtocol.Message(frame)
    } catch {
      switch error {
      // A newer gateway's message is not for this client.
      case .unknownTemplate: return .nothing
      default: return .ended(finish(.badBytes, .badFrame, into: &outgoing))
      }
    }
    switch message {
    case .logout(let logout):
      let end = DeskLinkEnd(
        .gatewaySaid, reason: logout.reason, rule: RuleID(rawValue: logout.rule) ?? .none,
        wasLoggedOn: isLoggedOn)
      state = .ended
      return .ended(end)
    case .heartbeat: return .nothing
    case .logonAccepted(let accepted):
      guard !isLoggedOn else { break }
      state = .loggedOn
      liveness = Liveness(
        intervalSeconds: SessionTiming.heartbeatSeconds(asked: accepted.heartbeatIntervalSeconds),
        at: now)
      return .loggedOn(accepted)
    case .controlAnswer(let answer) where isLoggedOn: return .answer(answer)
    case .businessReject(let reject) where isLoggedOn: return .businessReject(reject)
    case .notice(let notice) where isLoggedOn: return .notice(notice)
    case .noticesComplete(let complete) where isLoggedOn: return .noticesComplete(complete)
    case .noticesTruncated(let truncated) where isLoggedOn: return .noticesTruncated(truncated)
    case .standingRow(let row) where isLoggedOn: return .standingRow(row)
    case .standingEnd(let end) where isLoggedOn: return .standingEnd(end)
    case .liquidationProgress(let progress) where isLoggedOn: return .liquidationProgress(progress)
    case .liquidationsComplete(let done) where isLoggedOn: return .liquidationsComplete(done)
    case .accountsBegin(let row) where isLoggedOn: return .accountsBegin(row)
    case .accountRow(let row) where isLoggedOn: return .accountRow(row)
    case .lineRow(let row) where isLoggedOn: return .lineRow(row)
    case .fundAccountRow(let row) where isLoggedOn: return .fundAccountRow(row)
    case .productRow(let row) where isLoggedOn: return .productRow(row)
    case .positionRow(let row) where isLoggedOn: return .positionRow(row)
    case .workingOrderRow(let row) where isLoggedOn: return .workingOrderRow(row)
    case .linkRow(let row) where isLoggedOn: return .linkRow(row)
    case .accountsComplete(let row) where isLoggedOn: return .accountsComplete(row)
    case .accountsEnd(let row) where isLoggedOn: return .accountsEnd(row)
    case .logon, .control, .subscribeNotices, .standingRequest, .subscribeLiquidations,
      .controlAnswer, .businessReject, .notice, .noticesComplete, .noticesTruncated, .standingRow,
      .standingEnd, .liquidationProgress, .liquidationsComplete, .subscribeAccounts,
      .unsubscribeAccounts, .accountsBegin, .accountRow, .lineRow, .fundAccountRow, .productRow,
      .positionRow, .workingOrderRow, .linkRow, .accountsComplete, .accountsEnd:
      break
    }
    return .ended(finish(.unexpectedMessage, .unexpectedMessage, into: &outgoing))
  }

  // MARK: Time

  /// Something was sent other than by this machine.
  public mutating func wordSent(at now: Int64) { liveness.sent(at: now) }

  public var deadline: Int64 {
    switch state {
    case .connecting, .ended: SessionTiming.never
    case .loggingOn(let until): until
    case .loggedOn: liveness.deadline
    }
  }

  /// What ended; nil while it goes on.
  public mutating func timeReached(
    _ now: Int64, into outgoing: inout OutgoingBytes
  ) -> DeskLinkEnd? {
    switch state {
    case .connecting, .ended: return nil
    case .loggingOn(let until):
      return now >= until ? finish(.noAnswer, .heartbeatTimeout, into: &outgoing) : nil
    case .loggedOn:
      if liveness.isSilent(at: now) { return finish(.silent, .heartbeatTimeout, into: &outgoing) }
      if liveness.owesWord(at: now) {
        _ = outgoing.append(DeskProtocol.Heartbeat())
        liveness.sent(at: now)
      }
      return nil
    }
  }
}

/// Who logs on at the desk.
public struct DeskLogon: Equatable, Sendable, BitwiseCopyable {
  public var controller: Name
  public var macAddress: MACAddress
  public var clientName: FixedText<32>
  public var clientVersion: FixedText<16>
  public var heartbeatIntervalSeconds: UInt16

  public init(
    controller: Name, macAddress: MACAddress = .none, clientName: FixedText<32>,
    clientVersion: FixedText<16>,
    heartbeatIntervalSeconds: UInt16 = 5
  ) {
    self.controller = controller
    self.macAddress = macAddress
    self.clientName = clientName
    self.clientVersion = clientVersion
    self.heartbeatIntervalSeconds = SessionTiming.heartbeatSeconds(asked: heartbeatIntervalSeconds)
  }
}

/// What the gateway's bytes came to. Views are good as long as the bytes they lie in.
public enum DeskLinkEvent: BitwiseCopyable {
  case nothing
  case loggedOn(DeskProtocol.LogonAcceptedDecoder)
  case answer(DeskProtocol.ControlAnswerDecoder)
  case businessReject(DeskProtocol.BusinessRejectDecoder)
  case notice(DeskProtocol.NoticeDecoder)
  case noticesComplete(DeskProtocol.NoticesCompleteDecoder)
  case noticesTruncated(DeskProtocol.NoticesTruncatedDecoder)
  case standingRow(DeskProtocol.StandingRowDecoder)
  case standingEnd(DeskProtocol.StandingEndDecoder)
  case liquidationProgress(DeskProtocol.LiquidationProgressDecoder)
  case liquidationsComplete(DeskProtocol.LiquidationsCompleteDecoder)
  case accountsBegin(DeskProtocol.AccountsBeginDecoder)
  case accountRow(DeskProtocol.AccountRowDecoder)
  case lineRow(DeskProtocol.LineRowDecoder)
  case fundAccountRow(DeskProtocol.FundAccountRowDecoder)
  case productRow(DeskProtocol.ProductRowDecoder)
  case positionRow(DeskProtocol.PositionRowDecoder)
  case workingOrderRow(DeskProtocol.WorkingOrderRowDecoder)
  case linkRow(DeskProtocol.LinkRowDecoder)
  case accountsComplete(DeskProtocol.AccountsCompleteDecoder)
  case accountsEnd(DeskProtocol.AccountsEndDecoder)
  /// It is over; send what was written, then close.
  case ended(DeskLinkEnd)
}

/// Why a controller's connection ended.
public struct DeskLinkEnd: Equatable, Sendable, BitwiseCopyable {
  public enum Cause: Equatable, Sendable, BitwiseCopyable {
    case requested
    /// The gateway said goodbye, or refused the logon: `reason` and `rule`.
    case gatewaySaid
    case connectionLost
    case badBytes
    case unexpectedMessage
    case noAnswer
    case silent
  }

  public var cause: Cause
  public var reason: DeskProtocol.LogoutReason
  public var rule: RuleID
  public var wasLoggedOn: Bool

  public init(
    _ cause: Cause, reason: DeskProtocol.LogoutReason = .unknown, rule: RuleID = .none,
    wasLoggedOn: Bool
  ) {
    self.cause = cause
    self.reason = reason
    self.rule = rule
    self.wasLoggedOn = wasLoggedOn
  }
}
