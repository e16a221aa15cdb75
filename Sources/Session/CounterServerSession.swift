import Domain
import Wire

/// The counter's end of one link: who is logged in, what may be said when, heartbeats.
///
/// Frames and times go in, actions come out; whoever owns the link carries them out. A time is
/// any clock that never goes back, in nanoseconds.
public struct CounterServerSession: Equatable, Sendable {
  private enum State: Equatable {
    case waitingForLogin
    case verifying
    case open
    case ended
  }

  /// What a frame asks for.
  public enum Action: BitwiseCopyable {
    case nothing
    /// Verify, then call `loginAccepted` or `loginRefused`.
    case verify(CounterProtocol.LoginDecoder)
    /// An order, a cancel, a query or a subscription of the account that is logged in.
    case serve(CounterProtocol.Message)
    /// Say why in a Logout, then close.
    case end(CounterProtocol.LinkEndReason)
    /// The gateway said its last word: close.
    case close
  }

  /// What the time asks for.
  public enum TimeAction: Equatable, Sendable {
    case nothing
    case sendHeartbeat
    case end(CounterProtocol.LinkEndReason)
  }

  /// How long a link may stand without a login.
  public static let loginSeconds: Int64 = 10
  /// A link is dead when so many halves of a heartbeat interval brought nothing.
  public static let silentHalfIntervals: Int64 = 5
  /// For a gateway that states none.
  public static let heartbeatSecondsDefault: UInt16 = 30
  public static let heartbeatSecondsMaximum: UInt16 = 60

  private var state = State.waitingForLogin
  private var heardAt: Timestamp
  private var sentAt: Timestamp
  /// The interval that holds for this link.
  public private(set) var heartbeatIntervalSeconds = heartbeatSecondsDefault
  /// Names this link at the counter; 0 before the login.
  public private(set) var epoch: UInt64 = 0

  public init(openedAt now: Timestamp) {
    heardAt = now
    sentAt = now
  }

  public var isOpen: Bool { state == .open }
  public var isEnded: Bool { state == .ended }

  // MARK: What came

  public mutating func frameReceived(_ frame: Frame, now: Timestamp) -> Action {
    guard state != .ended else { return .nothing }
    heardAt = now
    let message: CounterProtocol.Message
    do throws(WireError) {
      message = try CounterProtocol.Message(frame)
    } catch {
      return end(CounterServerSession.reason(of: error))
    }
    switch state {
    case .waitingForLogin:
      guard case .login(let login) = message else { return end(.notLoggedIn) }
      state = .verifying
      return .verify(login)
    case .verifying: return end(.unexpectedMessage)
    case .open: return served(message)
    case .ended: return .nothing
    }
  }

  /// Bytes that are no frame.
  public mutating func framingFailed(_ error: WireError) -> Action {
    guard state != .ended else { return .nothing }
    return end(CounterServerSession.reason(of: error))
  }

  private mutating func served(_ message: CounterProtocol.Message) -> Action {
    switch message {
    case .heartbeat: return .nothing
    case .logout:
      state = .ended
      return .close
    case .insertOrder, .cancelOrder, .reportsRequest, .ordersRequest, .fundsRequest,
      .positionsRequest, .subscribeTicks, .unsubscribeTicks:
      return .serve(message)
    case .login, .loginAccepted, .loginRejected, .orderReport, .tradeReport, .cancelRejected,
      .reportsEnd, .orderStatus, .ordersEnd, .fundsReport, .positionReport, .positionsEnd,
      .instrumentStatus, .tick:
      return end(.unexpectedMessage)
    }
  }

  private mutating func end(_ reason: CounterProtocol.LinkEndReason) -> Action {
    state = .ended
    return .end(reason)
  }

  static func reason(of error: WireError) -> CounterProtocol.LinkEndReason {
    switch error {
    case .unknownSchema, .unknownTemplate: .unknownMessage
    case .unknownVersion: .versionUnsupported
    case .frameTooShort, .frameTooLong, .unknownEncoding, .unexpectedTemplate, .blockTooLong,
      .groupTruncated, .groupTooLarge, .groupEntryEmpty, .textTruncated, .textTooLong,
      .textMalformed, .unknownCode, .payloadMalformed, .noRoom, .tooManyEntries:
      .badFrame
    }
  }

  // MARK: What was decided

  /// The account and password are right.
  ///
  /// - Parameter requestedSeconds: the heartbeat interval the gateway asked for.
  public mutating func loginAccepted(epoch: UInt64, requestedSeconds: UInt16) {
    precondition(state == .verifying, "a login is accepted once, when it is asked for")
    state = .open
    self.epoch = epoch
    if requestedSeconds > 0 {
      heartbeatIntervalSeconds = min(
        requestedSeconds, CounterServerSession.heartbeatSecondsMaximum)
    }
  }

  public mutating func loginRefused() {
    precondition(state == .verifying, "a login is refused once, when it is asked for")
    state = .ended
  }

  /// The link ends for a reason of this side.
  public mutating func ended() { state = .ended }

  public mutating func sent(now: Timestamp) { sentAt = now }

  // MARK: Time

  public mutating func timePassed(now: Timestamp) -> TimeAction {
    switch state {
    case .ended: return .nothing
    case .waitingForLogin, .verifying:
      guard now >= silenceDeadline else { return .nothing }
      state = .ended
      return .end(.notLoggedIn)
    case .open:
      if now >= silenceDeadline {
        state = .ended
        return .end(.heartbeatTimeout)
      }
      return now >= heartbeatDeadline ? .sendHeartbeat : .nothing
    }
  }

  /// When `timePassed` has something to do; `.never` when the link is at its end.
  public var deadline: Timestamp {
    switch state {
    case .ended: .never
    case .waitingForLogin, .verifying: silenceDeadline
    case .open: min(silenceDeadline, heartbeatDeadline)
    }
  }

  private var silenceDeadline: Timestamp {
    state == .open
      ? heardAt.adding(
        nanoseconds: Int64(heartbeatIntervalSeconds) * CounterServerSession.silentHalfIntervals
          * Timestamp.nanosecondsPerSecond / 2)
      : heardAt.adding(seconds: CounterServerSession.loginSeconds)
  }

  private var heartbeatDeadline: Timestamp {
    sentAt.adding(seconds: Int64(heartbeatIntervalSeconds))
  }
}
