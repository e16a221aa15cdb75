import Domain
import Wire

// The same machine at the controllers' door: its first words, its messages and its answers are
// those of schema/desk.xml; logon, rate, heartbeats and silence are the terminals'.
extension TerminalSessionState {
  mutating func deskBeforeLogon(
    _ frame: Frame, at now: Int64, into outgoing: inout OutgoingBytes
  ) -> TerminalSessionEvent {
    do throws(WireError) {
      switch try DeskProtocol.Message(frame) {
      case .logon(let logon): return deskLogonReceived(logon, at: now, into: &outgoing)
      case .logout: return end(TerminalSessionEnd(.requested), at: now, into: &outgoing)
      case .heartbeat, .control, .subscribeNotices, .standingRequest, .subscribeLiquidations,
        .subscribeAccounts, .unsubscribeAccounts,
        .logonAccepted, .controlAnswer, .businessReject, .notice, .noticesComplete,
        .noticesTruncated, .standingRow, .standingEnd, .liquidationProgress,
        .liquidationsComplete, .accountsBegin, .accountRow, .lineRow, .fundAccountRow,
        .productRow, .positionRow, .workingOrderRow, .linkRow, .accountsComplete, .accountsEnd:
        return end(TerminalSessionEnd(.notLoggedOn), at: now, into: &outgoing)
      }
    } catch {
      return end(TerminalSessionEnd(error), at: now, into: &outgoing)
    }
  }

  private mutating func deskLogonReceived(
    _ logon: DeskProtocol.LogonDecoder, at now: Int64, into outgoing: inout OutgoingBytes
  ) -> TerminalSessionEvent {
    // What is not text is never compared, kept or logged.
    guard logon.controller.isCode, logon.clientName.isPlainText, logon.clientVersion.isCode
    else {
      return end(TerminalSessionEnd(.textMalformed), at: now, into: &outgoing)
    }
    guard logon.schemaVersion > 0 else {
      return end(TerminalSessionEnd(.unknownVersion(0)), at: now, into: &outgoing)
    }
    awaitVerdict(
      schemaVersion: logon.schemaVersion, heartbeatSeconds: logon.heartbeatIntervalSeconds,
      at: now)
    return .deskLogon(logon)
  }

  mutating func deskMessageReceived(
    _ frame: Frame, at now: Int64, into outgoing: inout OutgoingBytes
  ) -> TerminalSessionEvent {
    let message: DeskProtocol.Message
    do throws(WireError) {
      message = try DeskProtocol.Message(frame)
    } catch {
      switch error {
      case .unknownTemplate:
        return deskReject(frame, 0, error.description, at: now, into: &outgoing)
      default: return end(TerminalSessionEnd(error), at: now, into: &outgoing)
      }
    }
    switch message {
    case .control(let control):
      guard control.reason.isPlainText, control.name.isPlainText, control.instrument.isCode
      else {
        return deskReject(
          frame, control.requestID, "a name or a reason is UTF-8 without control characters",
          at: now, into: &outgoing)
      }
      return .control(control)
    case .subscribeNotices(let request): return .deskSubscribeNotices(request)
    case .standingRequest(let request): return .standingRequest(request)
    case .subscribeLiquidations(let request): return .subscribeLiquidations(request)
    case .subscribeAccounts(let request):
      guard request.name.isPlainText else {
        return deskReject(
          frame, request.requestID, "a name is UTF-8 without control characters", at: now,
          into: &outgoing)
      }
      return .subscribeAccounts(request)
    case .unsubscribeAccounts(let request): return .unsubscribeAccounts(request)
    case .heartbeat: return .nothing
    case .logout: return end(TerminalSessionEnd(.requested), at: now, into: &outgoing)
    case .logon, .logonAccepted, .controlAnswer, .businessReject, .notice, .noticesComplete,
      .noticesTruncated, .standingRow, .standingEnd, .liquidationProgress, .liquidationsComplete,
      .accountsBegin, .accountRow, .lineRow, .fundAccountRow, .productRow, .positionRow,
      .workingOrderRow, .linkRow, .accountsComplete, .accountsEnd:
      return end(TerminalSessionEnd(.unexpectedMessage), at: now, into: &outgoing)
    }
  }

  /// The controller's logon is accepted.
  public mutating func deskLogonAccepted(
    _ accepted: DeskAcceptance, at now: Int64, into outgoing: inout OutgoingBytes
  ) {
    guard beginSession(at: now) else { return }
    let fits = outgoing.append(
      DeskProtocol.LogonAccepted(
        sessionEpoch: accepted.sessionEpoch, serverTime: accepted.serverTime,
        tradingDay: accepted.tradingDay, heartbeatIntervalSeconds: heartbeatIntervalSeconds,
        schemaVersion: DeskProtocol.version, messagesPerSecond: terms.messagesPerSecond,
        rights: accepted.rights.rawValue, isBoundToAll: accepted.isBoundToAll ? 1 : 0,
        newestNotice: accepted.newestNotice))
    precondition(fits, "a session that sent nothing yet has room for LogonAccepted")
  }

  private mutating func deskReject(
    _ frame: Frame, _ requestID: UInt64, _ words: String, at now: Int64,
    into outgoing: inout OutgoingBytes
  ) -> TerminalSessionEvent {
    let fits = outgoing.append(
      DeskProtocol.BusinessReject(
        refTemplateID: frame.templateID, requestID: requestID,
        refusal: DeskProtocol.RefusalFigures(rule: RuleID.badCommand.rawValue),
        text: FixedText(cutting: words)))
    precondition(fits, "an answer has its room")
    wordSent(at: now)
    return .nothing
  }
}

/// Whom a connection is for.
public enum SessionDoor: UInt8, Sendable, BitwiseCopyable {
  /// Terminals of operation accounts: order entry.
  case terminals = 0
  /// Clients of risk controllers: the desk.
  case desk = 1
}

/// What the owner knows of a controller's logon that it accepts.
public struct DeskAcceptance: Equatable, Sendable, BitwiseCopyable {
  /// Larger than that of any earlier session.
  public var sessionEpoch: UInt64
  /// The gateway's clock.
  public var serverTime: Timestamp
  public var tradingDay: TradingDay
  public var rights: ControllerRights
  public var isBoundToAll: Bool
  public var newestNotice: UInt64

  public init(
    sessionEpoch: UInt64, serverTime: Timestamp, tradingDay: TradingDay,
    rights: ControllerRights, isBoundToAll: Bool, newestNotice: UInt64
  ) {
    self.sessionEpoch = sessionEpoch
    self.serverTime = serverTime
    self.tradingDay = tradingDay
    self.rights = rights
    self.isBoundToAll = isBoundToAll
    self.newestNotice = newestNotice
  }
}
