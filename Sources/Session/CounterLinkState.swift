import Domain
import Wire

/// The gateway's end of a counter's connection for one fund account.
///
/// After a login it brings the gateway up to date: it asks for every report since the last one it
/// has, asks what became of the children it is given (`askFate`), and then says `resynced`. Reports
/// are handed on in the counter's sequence, each once: a duplicate is dropped, a gap is asked for
/// again. A connection that ends is tried again after a pause.
///
///     resting ─▶ connecting ─▶ logging in ─ LoginAccepted ─▶ catching up ─▶ ready
///        ▲                                                                   │
///        └───────────────── ending ◀─── lost, silent, refused, nonsense ─────┘
///
/// The owner calls `next` until there is nothing more, and `timeReached` at `deadline`; at the
/// start that is at once. Whoever ends it, `disconnected` is the last call of each connection.
public struct CounterLinkState: Sendable, BitwiseCopyable {
  enum State: Equatable, Sendable, BitwiseCopyable {
    /// Down; the next try is due then.
    case resting(until: Int64)
    case connecting(until: Int64)
    case loggingIn(until: Int64)
    /// Logged in; reports or fates are still to come.
    case catchingUp
    case ready
    /// The last words are written.
    case ending(until: Int64)
    /// Out of service.
    case stopped
  }

  var state: State
  let login: CounterLogin
  var liveness: Liveness
  private var backOff: BackOff

  /// The newest epoch that a counter named.
  public internal(set) var epoch: UInt64
  /// The newest report that was handed on.
  public internal(set) var lastSequence: UInt64
  var resync = CounterResync()
  var nextFundsAt = SessionTiming.never
  /// Something of what was asked for has to have come by then.
  var progressUntil = SessionTiming.never
  private var isStopping = false

  /// Room that `next` wants before it looks at a message, and `askFate` before it takes a child.
  public static let answerRoom = CounterProtocol.OrdersRequest.maximumFrameLength

  /// - Parameters:
  ///   - login: who we are.
  ///   - lastSequence: of the newest report that the engine has applied; 0 = none.
  ///   - epoch: the newest one that the engine has seen; 0 = none.
  ///   - seed: for the pauses between tries; another one for each link.
  public init(
    _ login: CounterLogin, lastSequence: UInt64, epoch: UInt64, seed: UInt64, at now: Int64
  ) {
    self.login = login
    self.lastSequence = lastSequence
    self.epoch = epoch
    liveness = Liveness(intervalSeconds: login.heartbeatIntervalSeconds, at: now)
    backOff = BackOff(
      seed: seed, shortest: login.reconnectSecondsMinimum, longest: login.reconnectSecondsMaximum)
    state = .resting(until: now)
  }

  /// Whether the counter has let us in and the connection stands.
  public var isUp: Bool {
    switch state {
    case .catchingUp, .ready: true
    case .resting, .connecting, .loggingIn, .ending, .stopped: false
    }
  }

  /// Whether orders and cancels are taken.
  public var isReady: Bool { state == .ready }

  // MARK: The connection

  /// The connection that was asked for stands: the login is written. The password is given each
  /// time, so that it need not be kept here.
  public mutating func connected(
    password: FixedText<128>, at now: Int64, into outgoing: inout OutgoingBytes
  ) {
    guard case .connecting = state else { return }
    state = .loggingIn(
      until: now + SessionTiming.logonSeconds * SessionTiming.nanosecondsPerSecond)
    liveness = Liveness(intervalSeconds: login.heartbeatIntervalSeconds, at: now)
    resync.begin()
    nextFundsAt = SessionTiming.never
    progressUntil = SessionTiming.never
    let fits = outgoing.append(
      CounterProtocol.Login(
        fundAccount: login.fundAccount, schemaVersion: CounterProtocol.version,
        heartbeatIntervalSeconds: login.heartbeatIntervalSeconds,
        lastCounterSequence: lastSequence, password: password))
    precondition(fits, "a new connection has room for the login")
  }

  /// The connection is gone, or never came to stand; nil when its end was told before.
  public mutating func disconnected(at now: Int64) -> CounterLinkEnd? {
    switch state {
    case .resting, .stopped: return nil
    case .ending:
      rest(at: now)
      return nil
    case .connecting:
      rest(at: now)
      return CounterLinkEnd(.connectFailed, .unknown, wasUp: false)
    case .loggingIn, .catchingUp, .ready:
      let end = CounterLinkEnd(.connectionLost, .unknown, wasUp: isUp)
      rest(at: now)
      return end
    }
  }

  /// The owner ends the connection; it is tried again unless the link was stopped. Nil when there
  /// is none, or it is ending.
  public mutating func end(
    because cause: CounterLinkEnd.Cause, at now: Int64, into outgoing: inout OutgoingBytes
  ) -> CounterLinkEnd? {
    switch state {
    case .resting, .stopped, .ending: return nil
    case .connecting, .loggingIn, .catchingUp, .ready:
      return finish(cause, at: now, into: &outgoing)
    }
  }

  /// Takes the link out of service: says goodbye if there is somebody to say it to.
  public mutating func stop(
    at now: Int64, into outgoing: inout OutgoingBytes
  ) -> CounterLinkEnd? {
    isStopping = true
    if case .resting = state { state = .stopped }
    return end(because: .requested, at: now, into: &outgoing)
  }

  private mutating func rest(at now: Int64) {
    state = isStopping ? .stopped : .resting(until: now + backOff.next())
  }

  mutating func finish(
    _ cause: CounterLinkEnd.Cause, _ reason: CounterProtocol.LinkEndReason = .unknown,
    at now: Int64, into outgoing: inout OutgoingBytes
  ) -> CounterLinkEnd {
    let end = CounterLinkEnd(cause, reason, wasUp: isUp)
    switch cause {
    case .loginRefused, .sequenceWentBack, .epochWentBack: backOff.lengthen()
    case .connectFailed, .connectionLost, .counterEnded, .noAnswer, .silence, .badBytes,
      .unexpectedMessage, .slowReader, .requested:
      break
    }
    switch state {
    case .loggingIn, .catchingUp, .ready:
      if let word = end.lastWord {
        _ = outgoing.append(CounterProtocol.Logout(reason: word))
      }
    case .resting, .connecting, .ending, .stopped: break
    }
    state = .ending(
      until: now + SessionTiming.lingerSeconds * SessionTiming.nanosecondsPerSecond)
    return end
  }

  /// Nothing is missing any more.
  mutating func becomeReady(at now: Int64) {
    state = .ready
    backOff.reset()
    nextFundsAt = now
  }

  // MARK: Time

  /// When `timeReached` is to be called; early calls do nothing.
  public var deadline: Int64 {
    switch state {
    case .resting(let until), .connecting(let until), .ending(let until): until
    case .loggingIn(let until): min(until, liveness.deadline)
    case .catchingUp: min(progressUntil, liveness.deadline)
    case .ready: min(nextFundsAt, progressUntil, liveness.deadline)
    case .stopped: SessionTiming.never
    }
  }

  public mutating func timeReached(
    _ now: Int64, into outgoing: inout OutgoingBytes
  ) -> CounterLinkTimeout {
    switch state {
    case .resting(let until):
      guard now >= until else { return .nothing }
      state = .connecting(
        until: now + SessionTiming.connectSeconds * SessionTiming.nanosecondsPerSecond)
      return .connect
    case .connecting(let until):
      guard now >= until else { return .nothing }
      return .ended(finish(.connectFailed, at: now, into: &outgoing))
    case .loggingIn(let until):
      if now >= until { return .ended(finish(.noAnswer, at: now, into: &outgoing)) }
      return keepAlive(at: now, into: &outgoing)
    case .catchingUp, .ready:
      if now >= progressUntil { return .ended(finish(.noAnswer, at: now, into: &outgoing)) }
      if now >= nextFundsAt { askFunds(at: now, into: &outgoing) }
      return keepAlive(at: now, into: &outgoing)
    case .ending(let until): return now >= until ? .cut : .nothing
    case .stopped: return .nothing
    }
  }

  private mutating func keepAlive(
    at now: Int64, into outgoing: inout OutgoingBytes
  ) -> CounterLinkTimeout {
    if liveness.isSilent(at: now) {
      return .ended(finish(.silence, at: now, into: &outgoing))
    }
    if liveness.owesWord(at: now) {
      // Without room, the counter has enough to read as it is.
      _ = outgoing.append(CounterProtocol.Heartbeat())
      liveness.sent(at: now)
    }
    return .nothing
  }

  private mutating func askFunds(at now: Int64, into outgoing: inout OutgoingBytes) {
    nextFundsAt = now + Int64(login.fundsIntervalSeconds) * SessionTiming.nanosecondsPerSecond
    let request = CounterProtocol.FundsRequest(requestNumber: resync.newRequestNumber())
    if outgoing.append(request) { liveness.sent(at: now) }
  }

  // MARK: What the gateway sends

  /// Writes a child order or a cancel. `noRoom` means that the link has to be ended.
  public mutating func send(
    order: CounterProtocol.InsertOrder, at now: Int64, into outgoing: inout OutgoingBytes
  ) -> CounterSend {
    guard state == .ready else { return .notReady }
    guard outgoing.append(order) else { return .noRoom }
    liveness.sent(at: now)
    return .written
  }

  public mutating func send(
    cancel: CounterProtocol.CancelOrder, at now: Int64, into outgoing: inout OutgoingBytes
  ) -> CounterSend {
    guard state == .ready else { return .notReady }
    guard outgoing.append(cancel) else { return .noRoom }
    liveness.sent(at: now)
    return .written
  }

  /// Asks for ticks of instruments; to be repeated after each `linkUp`.
  public mutating func subscribe(
    _ request: CounterProtocol.SubscribeTicks, at now: Int64, into outgoing: inout OutgoingBytes
  ) -> CounterSend {
    guard isUp else { return .notReady }
    guard outgoing.append(request) else { return .noRoom }
    liveness.sent(at: now)
    return .written
  }
}

/// How a link logs in.
public struct CounterLogin: Equatable, Sendable, BitwiseCopyable {
  public var fundAccount: Name
  /// 1 to 60.
  public var heartbeatIntervalSeconds: UInt16
  /// The fund account's money is asked for this often, at least 1.
  public var fundsIntervalSeconds: UInt16
  /// The first pause before another try, at least 1, and the longest.
  public var reconnectSecondsMinimum = BackOff.shortestSeconds
  public var reconnectSecondsMaximum = BackOff.longestSeconds

  public init(
    fundAccount: Name, heartbeatIntervalSeconds: UInt16 = 10, fundsIntervalSeconds: UInt16 = 5
  ) {
    precondition(
      SessionTiming.heartbeatSecondsRange.contains(heartbeatIntervalSeconds),
      "a heartbeat interval is 1 to 60 seconds")
    precondition(fundsIntervalSeconds > 0, "funds are not asked for without a pause")
    self.fundAccount = fundAccount
    self.heartbeatIntervalSeconds = heartbeatIntervalSeconds
    self.fundsIntervalSeconds = fundsIntervalSeconds
  }
}
