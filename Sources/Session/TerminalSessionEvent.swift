import Domain
import Wire

/// What a terminal's bytes came to. Views are good as long as the bytes they lie in.
public enum TerminalSessionEvent: BitwiseCopyable {
  /// No whole message is left: read more.
  case nothing
  /// The terminal is over its rate: don't read, and ask again at this moment.
  case pause(until: Int64)
  /// Too much of the terminal's waits for an answer: don't read, and ask again after `answered`.
  case waitForAnswers
  /// The logon waits for its verdict: don't read, and ask again after it was given.
  case waitForVerdict
  /// There is no room for an answer: send what was written, and ask again with an empty buffer.
  case waitForRoom
  /// Somebody wants to log on; `logonAccepted` or `logonRefused` is the answer. The bytes hold a
  /// password: wipe them.
  case logon(OrderEntry.LogonDecoder)
  case newOrder(OrderEntry.NewOrderDecoder)
  case cancelOrder(OrderEntry.CancelOrderDecoder)
  case massCancel(OrderEntry.MassCancelDecoder)
  case subscribeTicks(OrderEntry.SubscribeTicksDecoder)
  case unsubscribeTicks(OrderEntry.UnsubscribeTicksDecoder)
  case instrumentsRequest(OrderEntry.InstrumentsRequestDecoder)
  case query(OrderEntry.QueryDecoder)
  case subscribeAccount(OrderEntry.SubscribeAccountDecoder)
  case tryOrder(OrderEntry.TryOrderDecoder)
  case whyOrder(OrderEntry.WhyOrderDecoder)
  case roomRequest(OrderEntry.RoomRequestDecoder)
  case subscribeNotices(OrderEntry.SubscribeNoticesDecoder)
  /// A controller wants to log on; as `logon`.
  case deskLogon(DeskProtocol.LogonDecoder)
  case control(DeskProtocol.ControlDecoder)
  case deskSubscribeNotices(DeskProtocol.SubscribeNoticesDecoder)
  case standingRequest(DeskProtocol.StandingRequestDecoder)
  case subscribeLiquidations(DeskProtocol.SubscribeLiquidationsDecoder)
  case subscribeAccounts(DeskProtocol.SubscribeAccountsDecoder)
  case unsubscribeAccounts(DeskProtocol.UnsubscribeAccountsDecoder)
  /// It is over; the last words are written: send them, then close.
  case ended(TerminalSessionEnd)
}

/// Why a terminal's connection ends.
public struct TerminalSessionEnd: Equatable, Sendable, BitwiseCopyable {
  /// What the terminal is told.
  public var reason: OrderEntry.LogoutReason
  /// What was wrong with its bytes, if that was it.
  public var fault: WireError?
  /// The rule that refused a logon; none where there is none.
  public var rule: RuleID
  /// When another try makes sense; 0 = not said.
  public var retryAfterMilliseconds: UInt32

  public init(
    _ reason: OrderEntry.LogoutReason, fault: WireError? = nil, rule: RuleID = .none,
    retryAfterMilliseconds: UInt32 = 0
  ) {
    self.reason = reason
    self.fault = fault
    self.rule = rule
    self.retryAfterMilliseconds = retryAfterMilliseconds
  }

  /// Bytes that no message can be made of.
  init(_ fault: WireError) {
    let reason: OrderEntry.LogoutReason =
      switch fault {
      case .unknownSchema, .unknownTemplate: .unknownMessage
      case .unknownVersion: .versionUnsupported
      case .frameTooShort, .frameTooLong, .unknownEncoding, .unexpectedTemplate, .blockTooLong,
        .groupTruncated, .groupTooLarge, .groupEntryEmpty, .textTruncated, .textTooLong,
        .textMalformed, .unknownCode, .payloadMalformed, .noRoom, .tooManyEntries:
        .badFrame
      }
    self.init(reason, fault: fault)
  }

  var logout: OrderEntry.Logout {
    OrderEntry.Logout(
      reason: reason, rule: rule.rawValue, retryAfterMilliseconds: retryAfterMilliseconds,
      text: FixedText(cutting: fault?.description ?? reason.words))
  }
}

extension TerminalSessionEnd {
  /// The reasons have the same codes at both doors.
  var deskLogout: DeskProtocol.Logout {
    DeskProtocol.Logout(
      reason: DeskProtocol.LogoutReason(wireCode: reason.wireCode), rule: rule.rawValue,
      retryAfterMilliseconds: retryAfterMilliseconds,
      text: FixedText(cutting: fault?.description ?? reason.words))
  }
}

extension OrderEntry.LogoutReason {
  /// For a log; a terminal that talks to a person has its own words.
  public var words: String {
    switch self {
    case .unknown: "no reason that is known here"
    case .requested: "the other side asked for it"
    case .refused: "the logon was refused"
    case .busy: "too many logons at once"
    case .notLoggedOn: "the first message was not a Logon"
    case .logonTimeout: "no Logon came in time"
    case .heartbeatTimeout: "nothing was heard for too long"
    case .badFrame: "bytes that are no frame"
    case .unknownMessage: "a schema or template that is not known"
    case .versionUnsupported: "a schema version that is not served"
    case .slowReader: "what was sent was not read"
    case .replaced: "a newer session of the account took over"
    case .dropped: "an administrator ended the session"
    case .shuttingDown: "the gateway stops"
    case .unavailable: "the gateway cannot serve now"
    case .unexpectedMessage: "a message that has no place here"
    }
  }
}

/// What the passing of time came to.
public enum TerminalSessionTimeout: Equatable, Sendable {
  /// Nothing, or a heartbeat was written: send what was written.
  case nothing
  /// As `TerminalSessionEvent.ended`.
  case ended(TerminalSessionEnd)
  /// The last words were not read in time: cut the connection.
  case cut
}

/// What a terminal is allowed, as LogonAccepted tells it.
public struct TerminalSessionTerms: Equatable, Sendable, BitwiseCopyable {
  /// Above this rate reading pauses; 0 = no bound.
  public var messagesPerSecond: UInt32
  /// Most orders and cancels that may wait for an answer at once; 0 = no bound.
  public var maxInFlight: UInt32
  /// Heartbeat intervals that are agreed to, within `SessionTiming.heartbeatSecondsRange`.
  public var heartbeatSecondsMinimum = SessionTiming.heartbeatSecondsRange.lowerBound
  public var heartbeatSecondsMaximum = SessionTiming.heartbeatSecondsRange.upperBound
  /// The Logon has to be whole by then, at least 1.
  public var logonSeconds = SessionTiming.logonSeconds

  public init(messagesPerSecond: UInt32 = 0, maxInFlight: UInt32 = 0) {
    self.messagesPerSecond = messagesPerSecond
    self.maxInFlight = maxInFlight
  }

  /// The interval that holds when this one was asked for; 0 = none was.
  func heartbeatSeconds(asked: UInt16) -> UInt16 {
    min(
      max(SessionTiming.heartbeatSeconds(asked: asked), heartbeatSecondsMinimum),
      heartbeatSecondsMaximum)
  }
}

/// What the owner knows of a logon that it accepts.
public struct LogonAcceptance: Equatable, Sendable, BitwiseCopyable {
  /// Larger than that of any earlier session of the account.
  public var sessionEpoch: UInt64
  /// The gateway's clock.
  public var serverTime: Timestamp
  public var tradingDay: TradingDay
  /// Sequence that the account's next new report will have.
  public var nextReportSequence: UInt64
  /// Spares the password check of another logon today; empty = none.
  public var dayToken: FixedText<64>

  public init(
    sessionEpoch: UInt64, serverTime: Timestamp, tradingDay: TradingDay,
    nextReportSequence: UInt64, dayToken: FixedText<64> = FixedText()
  ) {
    self.sessionEpoch = sessionEpoch
    self.serverTime = serverTime
    self.tradingDay = tradingDay
    self.nextReportSequence = nextReportSequence
    self.dayToken = dayToken
  }
}
