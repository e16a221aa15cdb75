import Domain
import Wire

/// What the gateway's bytes came to, at a terminal. Views are good as long as the bytes they lie
/// in.
public enum TerminalLinkEvent: BitwiseCopyable {
  /// No whole message is left: read more.
  case nothing
  /// There is no room for an answer: send what was written, and ask again with an empty buffer.
  case waitForRoom
  /// The logon was accepted. Missed reports follow, then `resumed`.
  case loggedOn(OrderEntry.LogonAcceptedDecoder)
  /// What is new comes from here on. Reports before `firstAvailable` are lost to this terminal;
  /// 0 when none are.
  case resumed(lastReportSequence: UInt64, firstAvailable: UInt64)
  /// A report of the account's sequence, each once and in order, or one outside the sequence.
  case report(OrderEntry.ExecutionReportDecoder)
  case businessReject(OrderEntry.BusinessRejectDecoder)
  case massCancelReport(OrderEntry.MassCancelReportDecoder)
  case tick(OrderEntry.TickDecoder)
  case accountUpdate(OrderEntry.AccountUpdateDecoder)
  case positionUpdate(OrderEntry.PositionUpdateDecoder)
  case instrumentDefinition(OrderEntry.InstrumentDefinitionDecoder)
  case instrumentsEnd(OrderEntry.InstrumentsEndDecoder)
  case orderRow(OrderEntry.OrderRowDecoder)
  case tradeRow(OrderEntry.TradeRowDecoder)
  case limitRow(OrderEntry.LimitRowDecoder)
  case queryEnd(OrderEntry.QueryEndDecoder)
  case findingRow(OrderEntry.FindingRowDecoder)
  case routeRow(OrderEntry.RouteRowDecoder)
  case roomRow(OrderEntry.RoomRowDecoder)
  case explainEnd(OrderEntry.ExplainEndDecoder)
  case notice(OrderEntry.NoticeDecoder)
  case noticesComplete(OrderEntry.NoticesCompleteDecoder)
  case noticesTruncated(OrderEntry.NoticesTruncatedDecoder)
  /// It is over; the last words are written: send them, then close.
  case ended(TerminalLinkEnd)
}

/// Why a terminal's connection ends.
public struct TerminalLinkEnd: Equatable, Sendable, BitwiseCopyable {
  public enum Cause: Equatable, Sendable, BitwiseCopyable {
    /// Nobody was there, or not in time.
    case connectFailed
    /// The connection broke, or the gateway closed it without a word.
    case connectionLost
    /// The gateway said so: `reason` tells why.
    case gatewayEnded
    /// The gateway did not answer the logon.
    case noAnswer
    /// Nothing was heard for two and a half heartbeat intervals.
    case silence
    /// Bytes that no message can be made of.
    case badBytes(WireError)
    /// A message that has no place here.
    case unexpectedMessage(template: UInt16)
    /// A report is missing before this one: the next logon asks for it.
    case reportsMissed(expected: UInt64, found: UInt64)
    /// The gateway does not know of reports that it sent, or of this terminal's last session: it
    /// has lost what it told. Somebody has to look.
    case reportsForgotten(newest: UInt64, seen: UInt64)
    /// The terminal itself wanted it.
    case requested
  }

  public var cause: Cause
  /// What the gateway gave as the reason, if it gave one.
  public var reason: OrderEntry.LogoutReason
  /// The rule that refused the logon.
  public var rule: RuleID
  /// The terminal was logged on before.
  public var wasLoggedOn: Bool
  /// The link does not try again: another try would have the same end.
  public var isFinal: Bool

  public init(
    cause: Cause, reason: OrderEntry.LogoutReason, rule: RuleID, wasLoggedOn: Bool, isFinal: Bool
  ) {
    self.cause = cause
    self.reason = reason
    self.rule = rule
    self.wasLoggedOn = wasLoggedOn
    self.isFinal = isFinal
  }

  /// What the gateway is told; nil where there is nobody to tell, or no need.
  var lastWord: OrderEntry.LogoutReason? {
    switch cause {
    case .connectFailed, .connectionLost, .gatewayEnded: nil
    case .noAnswer, .silence: .heartbeatTimeout
    case .badBytes(let error): TerminalSessionEnd(error).reason
    case .unexpectedMessage: .unexpectedMessage
    case .reportsMissed, .reportsForgotten, .requested: .requested
    }
  }
}

/// What the owner of a terminal link has to do because time passed.
public enum TerminalLinkTimeout: Equatable, Sendable {
  /// Nothing, or something was written: send it.
  case nothing
  /// Open a connection to the gateway; `connected` or `disconnected` follows.
  case connect
  /// As `TerminalLinkEvent.ended`.
  case ended(TerminalLinkEnd)
  /// The last words were not read in time: cut the connection; `disconnected` follows.
  case cut
}

/// What became of a message that a terminal wants sent.
public enum TerminalSend: Equatable, Sendable {
  case written
  /// Nothing was written: the terminal is not logged on.
  case notLoggedOn
  /// Nothing was written: the gateway does not read as fast.
  case noRoom
}

/// Who logs on, and how.
public struct TerminalLogon: Equatable, Sendable, BitwiseCopyable {
  public var account: Name
  public var macAddress: MACAddress
  public var terminalName: FixedText<32>
  public var terminalVersion: FixedText<16>
  /// 1 to 60.
  public var heartbeatIntervalSeconds: UInt16
  /// Whether a connection that ended is tried again.
  public var reconnects: Bool

  public init(
    account: Name, macAddress: MACAddress = .none, terminalName: FixedText<32> = FixedText(),
    terminalVersion: FixedText<16> = FixedText(),
    heartbeatIntervalSeconds: UInt16 = SessionTiming.heartbeatSecondsDefault,
    reconnects: Bool = true
  ) {
    precondition(
      SessionTiming.heartbeatSecondsRange.contains(heartbeatIntervalSeconds),
      "a heartbeat interval is 1 to 60 seconds")
    self.account = account
    self.macAddress = macAddress
    self.terminalName = terminalName
    self.terminalVersion = terminalVersion
    self.heartbeatIntervalSeconds = heartbeatIntervalSeconds
    self.reconnects = reconnects
  }
}
