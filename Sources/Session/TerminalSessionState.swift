import Domain
import Wire

/// The gateway's end of a terminal's or a controller's connection: logon, heartbeats, rate, the
/// messages that come.
///
/// The owner calls `next` until it says that there is nothing more, then sends what was written.
/// Whatever else it sends to the terminal it tells by `wordSent`. It decides about the logon, and
/// says `answered` when a terminal's order or cancel has had its outcome.
///
///     connected ─ Logon ─▶ waiting for the verdict ─ accepted ─▶ logged on ─┐
///         └───────────────────────────┴── refused, nonsense, ───────────────┴▶ ended
///                                          silence, Logout
public struct TerminalSessionState: Sendable, BitwiseCopyable {
  private enum State: Sendable, BitwiseCopyable {
    case connected(until: Int64)
    case awaitingVerdict(until: Int64)
    case loggedOn
    case ended(until: Int64)
  }

  private var state: State
  private var liveness: Liveness
  private var pacer: MessagePacer
  public let terms: TerminalSessionTerms
  public let door: SessionDoor
  /// Orders and cancels that wait for their outcome.
  public private(set) var inFlight: UInt32 = 0
  /// Newest version of the schema that the terminal knows: it is sent no newer message.
  public private(set) var schemaVersion: UInt16 = 0

  /// Room that `next` wants before it looks at a message: the longest answer of its own.
  public static let answerRoom = 512

  public init(
    _ terms: TerminalSessionTerms, door: SessionDoor = .terminals, at now: Int64
  ) {
    self.terms = terms
    self.door = door
    state = .connected(
      until: now + terms.logonSeconds * SessionTiming.nanosecondsPerSecond)
    liveness = Liveness(intervalSeconds: SessionTiming.heartbeatSecondsDefault, at: now)
    pacer = MessagePacer(messagesPerSecond: terms.messagesPerSecond, at: now)
  }

  public var isLoggedOn: Bool {
    switch state {
    case .loggedOn: true
    case .connected, .awaitingVerdict, .ended: false
    }
  }

  public var isEnded: Bool {
    switch state {
    case .ended: true
    case .connected, .awaitingVerdict, .loggedOn: false
    }
  }

  public var heartbeatIntervalSeconds: UInt16 { liveness.intervalSeconds }

  // MARK: What the terminal sent

  /// The next thing in the terminal's bytes, after `incoming.consumed` of them. Heartbeats and
  /// messages that are refused here are passed over.
  public mutating func next(
    in incoming: inout IncomingBytes, at now: Int64, into outgoing: inout OutgoingBytes
  ) -> TerminalSessionEvent {
    switch state {
    case .connected: return nextBeforeLogon(in: &incoming, at: now, into: &outgoing)
    case .awaitingVerdict: return .waitForVerdict
    case .loggedOn: return nextMessage(in: &incoming, at: now, into: &outgoing)
    case .ended:
      incoming.takeAll()
      return .nothing
    }
  }

  private mutating func nextBeforeLogon(
    in incoming: inout IncomingBytes, at now: Int64, into outgoing: inout OutgoingBytes
  ) -> TerminalSessionEvent {
    let frame: Frame
    switch incoming.scan(limit: Framing.inboundMaximum) {
    case .needMore: return .nothing
    case .failed(let fault): return end(TerminalSessionEnd(fault), at: now, into: &outgoing)
    case .frame(let whole): frame = whole
    }
    incoming.take(frame)
    if door == .desk { return deskBeforeLogon(frame, at: now, into: &outgoing) }
    do throws(WireError) {
      switch try OrderEntry.Message(frame) {
      case .logon(let logon): return logonReceived(logon, at: now, into: &outgoing)
      case .logout: return end(TerminalSessionEnd(.requested), at: now, into: &outgoing)
      case .heartbeat, .newOrder, .cancelOrder, .massCancel, .subscribeTicks, .unsubscribeTicks,
        .instrumentsRequest, .query, .subscribeAccount, .tryOrder, .whyOrder, .roomRequest,
        .subscribeNotices, .notice, .noticesComplete, .noticesTruncated, .logonAccepted,
        .resumeComplete, .resumeTruncated, .executionReport, .businessReject,
        .massCancelReport, .tick,
        .accountUpdate, .positionUpdate, .instrumentDefinition, .instrumentsEnd, .queryEnd,
        .orderRow, .tradeRow, .limitRow, .findingRow, .routeRow, .roomRow, .explainEnd:
        return end(TerminalSessionEnd(.notLoggedOn), at: now, into: &outgoing)
      }
    } catch {
      return end(TerminalSessionEnd(error), at: now, into: &outgoing)
    }
  }

  private mutating func logonReceived(
    _ logon: OrderEntry.LogonDecoder, at now: Int64, into outgoing: inout OutgoingBytes
  ) -> TerminalSessionEvent {
    // What is not text is never compared, kept or logged.
    guard logon.account.isCode, logon.terminalName.isPlainText, logon.terminalVersion.isCode else {
      return end(TerminalSessionEnd(.textMalformed), at: now, into: &outgoing)
    }
    guard logon.schemaVersion > 0 else {
      return end(TerminalSessionEnd(.unknownVersion(0)), at: now, into: &outgoing)
    }
    awaitVerdict(
      schemaVersion: logon.schemaVersion, heartbeatSeconds: logon.heartbeatIntervalSeconds,
      at: now)
    return .logon(logon)
  }

  mutating func awaitVerdict(
    schemaVersion: UInt16, heartbeatSeconds: UInt16, at now: Int64
  ) {
    self.schemaVersion = schemaVersion
    liveness = Liveness(
      intervalSeconds: terms.heartbeatSeconds(asked: heartbeatSeconds), at: now)
    state = .awaitingVerdict(
      until: now + SessionTiming.verdictSeconds * SessionTiming.nanosecondsPerSecond)
  }

  private mutating func nextMessage(
    in incoming: inout IncomingBytes, at now: Int64, into outgoing: inout OutgoingBytes
  ) -> TerminalSessionEvent {
    while true {
      let frame: Frame
      switch incoming.scan(limit: Framing.inboundMaximum) {
      case .needMore: return .nothing
      case .failed(let fault): return end(TerminalSessionEnd(fault), at: now, into: &outgoing)
      case .frame(let whole): frame = whole
      }
      // A terminal whose messages wait here is not a silent one.
      liveness.heard(at: now)
      if pacer.nextPass > now { return .pause(until: pacer.nextPass) }
      if terms.maxInFlight > 0, inFlight >= terms.maxInFlight { return .waitForAnswers }
      if outgoing.free < TerminalSessionState.answerRoom { return .waitForRoom }
      incoming.take(frame)
      pacer.take(at: now)
      let event =
        door == .desk
        ? deskMessageReceived(frame, at: now, into: &outgoing)
        : messageReceived(frame, at: now, into: &outgoing)
      if case .nothing = event { continue }
      return event
    }
  }

  private mutating func messageReceived(
    _ frame: Frame, at now: Int64, into outgoing: inout OutgoingBytes
  ) -> TerminalSessionEvent {
    let message: OrderEntry.Message
    do throws(WireError) {
      message = try OrderEntry.Message(frame)
    } catch {
      switch error {
      case .unknownTemplate:
        return reject(frame, ClOrdID(), error.description, at: now, into: &outgoing)
      default: return end(TerminalSessionEnd(error), at: now, into: &outgoing)
      }
    }
    switch message {
    case .newOrder(let order):
      guard order.clOrdID.isPlainCode else {
        return rejectID(frame, at: now, into: &outgoing)
      }
      inFlight += 1
      return .newOrder(order)
    case .cancelOrder(let cancel):
      guard cancel.requestID.isPlainCode, cancel.targetClOrdID.isPlainCodeOrEmpty else {
        return rejectID(frame, at: now, into: &outgoing)
      }
      inFlight += 1
      return .cancelOrder(cancel)
    case .massCancel(let cancel):
      guard cancel.requestID.isPlainCode else {
        return rejectID(frame, at: now, into: &outgoing)
      }
      inFlight += 1
      return .massCancel(cancel)
    case .subscribeTicks(let request): return .subscribeTicks(request)
    case .unsubscribeTicks(let request): return .unsubscribeTicks(request)
    case .instrumentsRequest(let request): return .instrumentsRequest(request)
    case .query(let query): return .query(query)
    case .subscribeAccount(let request): return .subscribeAccount(request)
    case .tryOrder(let request):
      guard request.clOrdID.isPlainCodeOrEmpty else {
        return rejectID(frame, at: now, into: &outgoing)
      }
      return .tryOrder(request)
    case .whyOrder(let request):
      guard request.targetClOrdID.isPlainCodeOrEmpty else {
        return rejectID(frame, at: now, into: &outgoing)
      }
      return .whyOrder(request)
    case .roomRequest(let request): return .roomRequest(request)
    case .subscribeNotices(let request): return .subscribeNotices(request)
    case .heartbeat: return .nothing
    case .logout: return end(TerminalSessionEnd(.requested), at: now, into: &outgoing)
    case .logon, .logonAccepted, .resumeComplete, .resumeTruncated, .executionReport,
      .businessReject, .massCancelReport, .tick, .accountUpdate, .positionUpdate,
      .instrumentDefinition, .instrumentsEnd, .queryEnd, .orderRow, .tradeRow, .limitRow,
      .findingRow, .routeRow, .roomRow, .explainEnd, .notice, .noticesComplete, .noticesTruncated:
      return end(TerminalSessionEnd(.unexpectedMessage), at: now, into: &outgoing)
    }
  }

  // MARK: What the owner decided

  /// The logon is accepted. The owner then sends what the terminal missed and ResumeComplete.
  public mutating func logonAccepted(
    _ accepted: LogonAcceptance, at now: Int64, into outgoing: inout OutgoingBytes
  ) {
    guard beginSession(at: now) else { return }
    let fits = outgoing.append(
      OrderEntry.LogonAccepted(
        sessionEpoch: accepted.sessionEpoch, serverTime: accepted.serverTime,
        tradingDay: accepted.tradingDay, heartbeatIntervalSeconds: liveness.intervalSeconds,
        schemaVersion: OrderEntry.version, maxInFlight: terms.maxInFlight,
        messagesPerSecond: terms.messagesPerSecond,
        nextReportSequence: accepted.nextReportSequence, dayToken: accepted.dayToken))
    precondition(fits, "a session that sent nothing yet has room for LogonAccepted")
  }

  /// False when no logon waits for its verdict.
  mutating func beginSession(at now: Int64) -> Bool {
    guard case .awaitingVerdict = state else { return false }
    state = .loggedOn
    liveness = Liveness(intervalSeconds: liveness.intervalSeconds, at: now)
    pacer = MessagePacer(messagesPerSecond: terms.messagesPerSecond, at: now)
    return true
  }

  /// The logon is refused; the connection is to be closed behind the last words.
  public mutating func logonRefused(
    _ reason: TerminalSessionEnd, at now: Int64, into outgoing: inout OutgoingBytes
  ) {
    guard case .awaitingVerdict = state else { return }
    _ = end(reason, at: now, into: &outgoing)
  }

  /// An order or cancel has had its outcome.
  @inline(__always) public mutating func answered() {
    precondition(inFlight > 0, "only what was asked is answered")
    inFlight -= 1
  }

  /// Something was sent to the terminal other than by this machine.
  @inline(__always) public mutating func wordSent(at now: Int64) { liveness.sent(at: now) }

  /// The owner ends the session: it stops, the reader is too slow, a newer session took over.
  /// False when it was over already. Last words that find no room are left out.
  public mutating func end(
    because end: TerminalSessionEnd, at now: Int64, into outgoing: inout OutgoingBytes
  ) -> Bool {
    guard !isEnded else { return false }
    _ = self.end(end, at: now, into: &outgoing)
    return true
  }

  // MARK: Time

  /// When `timeReached` is to be called; it only moves later by what comes and goes meanwhile, so
  /// a timer may be left to run and asked again.
  public var deadline: Int64 {
    switch state {
    case .connected(let until), .awaitingVerdict(let until), .ended(let until): until
    case .loggedOn: liveness.deadline
    }
  }

  /// Whether nothing was heard from a terminal that is logged on for so long that `timeReached`
  /// ends its session.
  public func isSilent(at now: Int64) -> Bool {
    guard case .loggedOn = state else { return false }
    return liveness.isSilent(at: now)
  }

  public mutating func timeReached(
    _ now: Int64, into outgoing: inout OutgoingBytes
  ) -> TerminalSessionTimeout {
    switch state {
    case .connected(let until):
      guard now >= until else { return .nothing }
      return timedOut(.logonTimeout, at: now, into: &outgoing)
    case .awaitingVerdict(let until):
      guard now >= until else { return .nothing }
      return timedOut(.unavailable, at: now, into: &outgoing)
    case .loggedOn:
      if isSilent(at: now) { return timedOut(.heartbeatTimeout, at: now, into: &outgoing) }
      if liveness.owesWord(at: now) {
        // Without room, the terminal has enough to read as it is.
        switch door {
        case .terminals: _ = outgoing.append(OrderEntry.Heartbeat())
        case .desk: _ = outgoing.append(DeskProtocol.Heartbeat())
        }
        liveness.sent(at: now)
      }
      return .nothing
    case .ended(let until): return now >= until ? .cut : .nothing
    }
  }

  private mutating func timedOut(
    _ reason: OrderEntry.LogoutReason, at now: Int64, into outgoing: inout OutgoingBytes
  ) -> TerminalSessionTimeout {
    let end = TerminalSessionEnd(reason)
    _ = self.end(end, at: now, into: &outgoing)
    return .ended(end)
  }

  // MARK: Answers of its own

  mutating func end(
    _ end: TerminalSessionEnd, at now: Int64, into outgoing: inout OutgoingBytes
  ) -> TerminalSessionEvent {
    state = .ended(until: now + SessionTiming.lingerSeconds * SessionTiming.nanosecondsPerSecond)
    switch door {
    case .terminals: _ = outgoing.append(end.logout)
    case .desk: _ = outgoing.append(end.deskLogout)
    }
    return .ended(end)
  }

  /// Refuses a message that no order can be made of, and goes on.
  private mutating func reject(
    _ frame: Frame, _ requestID: ClOrdID, _ words: String, at now: Int64,
    into outgoing: inout OutgoingBytes
  ) -> TerminalSessionEvent {
    let fits = outgoing.append(
      OrderEntry.BusinessReject(
        refTemplateID: frame.templateID, refRequestID: requestID,
        refusal: OrderEntry.RefusalFigures(rule: RuleID.badCommand.rawValue),
        text: FixedText(cutting: words)))
    precondition(fits, "an answer has its room")
    liveness.sent(at: now)
    return .nothing
  }

  private mutating func rejectID(
    _ frame: Frame, at now: Int64, into outgoing: inout OutgoingBytes
  ) -> TerminalSessionEvent {
    reject(
      frame, ClOrdID(), "an id is 1 to 20 printable ASCII bytes, then zeros", at: now,
      into: &outgoing)
  }
}
