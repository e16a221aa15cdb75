import Domain
import Wire

/// The terminal's end of a connection to the gateway, for one operation account.
///
/// It logs on with the last report it has seen, hands on each report once and in order, and tries
/// again after a pause when the connection ends, with the day token instead of the password when
/// it has one. It does not send an order twice: what was not answered is its owner's business
/// (an order is known by its ClOrdID).
///
///     resting ─▶ connecting ─▶ logging on ─ LogonAccepted ─▶ resuming ─▶ logged on
///        ▲                                                                   │
///        └──────────────── ending ◀─── lost, silent, refused, Logout ────────┘
///
/// The owner calls `next` until there is nothing more, and `timeReached` at `deadline`; at the
/// start that is at once. Whoever ends it, `disconnected` is the last call of each connection.
public struct TerminalLinkState: Sendable, BitwiseCopyable {
  enum State: Equatable, Sendable, BitwiseCopyable {
    /// Down; the next try is due then.
    case resting(until: Int64)
    case connecting(until: Int64)
    case loggingOn(until: Int64)
    /// Logged on; missed reports are still coming.
    case resuming
    case loggedOn
    /// The last words are written.
    case ending(until: Int64)
    /// It does not try again.
    case stopped
  }

  var state: State
  let logon: TerminalLogon
  var liveness: Liveness
  private var backOff: BackOff
  private var isStopping = false
  /// The gateway said when another try makes sense.
  private var retryNotBefore: Int64 = 0
  private var usedToken = false
  /// Of the last session; a later one has a larger one. 0 = it was never logged on.
  private var sessionEpoch: UInt64 = 0
  var dayToken: FixedText<64> = FixedText()

  /// The account's newest report that was handed on.
  public internal(set) var lastReportSequence: UInt64
  /// Its trading day.
  public internal(set) var lastTradingDay: TradingDay

  /// Room that `next` wants before it looks at a message.
  public static let answerRoom = 512

  /// - Parameters:
  ///   - lastReportSequence: the newest report the terminal has; 0 = none.
  ///   - lastTradingDay: its trading day.
  ///   - seed: for the pauses between tries; another one for each link.
  public init(
    _ logon: TerminalLogon, lastReportSequence: UInt64 = 0, lastTradingDay: TradingDay = .none,
    seed: UInt64, at now: Int64
  ) {
    self.logon = logon
    self.lastReportSequence = lastReportSequence
    self.lastTradingDay = lastTradingDay
    liveness = Liveness(intervalSeconds: logon.heartbeatIntervalSeconds, at: now)
    backOff = BackOff(seed: seed, longest: SessionTiming.terminalRetrySecondsMaximum)
    state = .resting(until: now)
  }

  public var isLoggedOn: Bool {
    switch state {
    case .resuming, .loggedOn: true
    case .resting, .connecting, .loggingOn, .ending, .stopped: false
    }
  }

  /// Whether it is down for good.
  public var isStopped: Bool { state == .stopped }

  // MARK: The connection

  /// The connection that was asked for stands: the Logon is written. The password is given each
  /// time, so that it need not be kept here.
  public mutating func connected(
    password: FixedText<128>, at now: Int64, into outgoing: inout OutgoingBytes
  ) {
    guard case .connecting = state else { return }
    state = .loggingOn(
      until: now + SessionTiming.verdictSeconds * SessionTiming.nanosecondsPerSecond)
    liveness = Liveness(intervalSeconds: logon.heartbeatIntervalSeconds, at: now)
    usedToken = !dayToken.isEmpty
    let fits = outgoing.append(
      OrderEntry.Logon(
        account: logon.account, macAddress: logon.macAddress, terminalName: logon.terminalName,
        terminalVersion: logon.terminalVersion, schemaVersion: OrderEntry.version,
        heartbeatIntervalSeconds: logon.heartbeatIntervalSeconds,
        lastTradingDay: lastTradingDay, lastReportSequence: lastReportSequence,
        password: usedToken ? FixedText() : password, dayToken: dayToken))
    precondition(fits, "a new connection has room for the logon")
  }

  /// The connection is gone, or never came to stand; nil when its end was told before.
  public mutating func disconnected(at now: Int64) -> TerminalLinkEnd? {
    switch state {
    case .resting, .stopped: return nil
    case .ending:
      rest(at: now)
      return nil
    case .connecting, .loggingOn, .resuming, .loggedOn:
      let end = ended(state.isConnecting ? .connectFailed : .connectionLost)
      rest(at: now)
      return end
    }
  }

  /// The terminal wants to leave, for good: it says goodbye if there is somebody to say it to.
  public mutating func stop(
    at now: Int64, into outgoing: inout OutgoingBytes
  ) -> TerminalLinkEnd? {
    isStopping = true
    switch state {
    case .resting:
      state = .stopped
      return nil
    case .stopped, .ending: return nil
    case .connecting, .loggingOn, .resuming, .loggedOn:
      return finish(.requested, at: now, into: &outgoing)
    }
  }

  private mutating func rest(at now: Int64) {
    if !logon.reconnects { isStopping = true }
    state =
      isStopping ? .stopped : .resting(until: max(now + backOff.next(), retryNotBefore))
    retryNotBefore = 0
  }

  private func ended(
    _ cause: TerminalLinkEnd.Cause, _ reason: OrderEntry.LogoutReason = .unknown,
    rule: RuleID = .none
  ) -> TerminalLinkEnd {
    TerminalLinkEnd(
      cause: cause, reason: reason, rule: rule, wasLoggedOn: isLoggedOn,
      isFinal: isStopping || !logon.reconnects)
  }

  mutating func finish(
    _ cause: TerminalLinkEnd.Cause, at now: Int64, into outgoing: inout OutgoingBytes
  ) -> TerminalLinkEnd {
    if !logon.reconnects { isStopping = true }
    let end = ended(cause)
    if let word = end.lastWord, !state.isConnecting {
      _ = outgoing.append(OrderEntry.Logout(reason: word))
    }
    linger(at: now)
    return end
  }

  private mutating func linger(at now: Int64) {
    state = .ending(
      until: now + SessionTiming.lingerSeconds * SessionTiming.nanosecondsPerSecond)
  }

  /// The gateway said goodbye, or refused the logon.
  mutating func logoutReceived(
    _ logout: OrderEntry.LogoutDecoder, at now: Int64
  ) -> TerminalLinkEnd {
    let retryAfter = Int64(logout.retryAfterMilliseconds) * 1_000_000
    if retryAfter > 0 { retryNotBefore = now + retryAfter }
    switch logout.reason {
    case .refused where usedToken && state.isLoggingOn:
      // The token may be of another day, address or run: the password is still to be tried, and
      // soon, for the gateway is there.
      if logout.rule != RuleID.oneSession.rawValue {
        dayToken = FixedText()
        backOff.reset()
      }
    case .refused
    where state.isLoggingOn && sessionEpoch > 0 && logout.rule == RuleID.oneSession.rawValue:
      // The gateway has not noticed yet that the last connection broke.
      break
    case .refused, .replaced, .dropped, .versionUnsupported: isStopping = true
    case .unknown, .requested, .busy, .notLoggedOn, .logonTimeout, .heartbeatTimeout, .badFrame,
      .unknownMessage, .slowReader, .shuttingDown, .unavailable, .unexpectedMessage:
      break
    }
    if !logon.reconnects { isStopping = true }
    let end = ended(
      .gatewayEnded, logout.reason, rule: RuleID(rawValue: logout.rule) ?? .none)
    linger(at: now)
    return end
  }

  /// A logon was good: the next pause is a short one. A gateway that has lost what it told before
  /// is not gone on with: its new reports would count as old ones, and be dropped.
  mutating func logonAccepted(
    _ accepted: OrderEntry.LogonAcceptedDecoder, at now: Int64, into outgoing: inout OutgoingBytes
  ) -> TerminalLinkEvent {
    let next = accepted.nextReportSequence
    guard next > lastReportSequence, accepted.sessionEpoch > sessionEpoch else {
      isStopping = true
      return .ended(
        finish(
          .reportsForgotten(newest: next == 0 ? 0 : next - 1, seen: lastReportSequence), at: now,
          into: &outgoing))
    }
    sessionEpoch = accepted.sessionEpoch
    state = .resuming
    backOff.reset()
    let asked = accepted.heartbeatIntervalSeconds
    liveness = Liveness(
      intervalSeconds: SessionTiming.heartbeatSeconds(
        asked: asked == 0 ? logon.heartbeatIntervalSeconds : asked), at: now)
    dayToken = accepted.value.dayToken
    return .loggedOn(accepted)
  }

  // MARK: Time

  /// When `timeReached` is to be called; early calls do nothing.
  public var deadline: Int64 {
    switch state {
    case .resting(let until), .connecting(let until), .ending(let until): until
    case .loggingOn(let until): until
    case .resuming, .loggedOn: liveness.deadline
    case .stopped: SessionTiming.never
    }
  }

  public mutating func timeReached(
    _ now: Int64, into outgoing: inout OutgoingBytes
  ) -> TerminalLinkTimeout {
    switch state {
    case .resting(let until):
      guard now >= until else { return .nothing }
      state = .connecting(
        until: now + SessionTiming.connectSeconds * SessionTiming.nanosecondsPerSecond)
      return .connect
    case .connecting(let until):
      guard now >= until else { return .nothing }
      return .ended(finish(.connectFailed, at: now, into: &outgoing))
    case .loggingOn(let until):
      guard now >= until else { return .nothing }
      return .ended(finish(.noAnswer, at: now, into: &outgoing))
    case .resuming, .loggedOn:
      if liveness.isSilent(at: now) {
        return .ended(finish(.silence, at: now, into: &outgoing))
      }
      if liveness.owesWord(at: now) {
        _ = outgoing.append(OrderEntry.Heartbeat())
        liveness.sent(at: now)
      }
      return .nothing
    case .ending(let until): return now >= until ? .cut : .nothing
    case .stopped: return .nothing
    }
  }

  // MARK: What the terminal sends

  /// Writes an order, a cancel or a request.
  public mutating func send(
    _ message: some WireMessage, at now: Int64, into outgoing: inout OutgoingBytes
  ) -> TerminalSend {
    guard isLoggedOn else { return .notLoggedOn }
    guard outgoing.append(message) else { return .noRoom }
    liveness.sent(at: now)
    return .written
  }
}

extension TerminalLinkState.State {
  var isConnecting: Bool {
    switch self {
    case .connecting: true
    case .resting, .loggingOn, .resuming, .loggedOn, .ending, .stopped: false
    }
  }

  var isLoggingOn: Bool {
    switch self {
    case .loggingOn: true
    case .resting, .connecting, .resuming, .loggedOn, .ending, .stopped: false
    }
  }
}
