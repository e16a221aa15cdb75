import Domain
import Session
import Wire

/// What happened at a terminal. The model has taken it in before it is told.
public enum ClientEvent: Equatable, Sendable {
  case loggedOn(OrderEntry.LogonAccepted)
  /// Missed reports have come; those before `firstAvailable` are lost, 0 = none are.
  case resumed(lastReportSequence: UInt64, firstAvailable: UInt64)
  case report(OrderEntry.ExecutionReport)
  case businessReject(OrderEntry.BusinessReject)
  case massCancelReport(OrderEntry.MassCancelReport)
  case tick(OrderEntry.Tick)
  case account(OrderEntry.AccountUpdate)
  case position(OrderEntry.PositionUpdate)
  case instrument(OrderEntry.InstrumentDefinition)
  case instrumentsEnd(OrderEntry.InstrumentsEnd)
  /// Rows that a query asked for; positions, money and instruments come as the events above.
  case orderRow(OrderEntry.OrderRow)
  case tradeRow(OrderEntry.TradeRow)
  case limitRow(OrderEntry.LimitRow)
  case queryEnd(OrderEntry.QueryEnd)
  /// What was asked of an order by `tryOrder`, `why` and `room`.
  case findingRow(OrderEntry.FindingRow)
  case routeRow(OrderEntry.RouteRow)
  case roomRow(OrderEntry.RoomRow)
  case explainEnd(OrderEntry.ExplainEnd)
  /// What concerns the account, after `subscribeNotices`.
  case notice(OrderEntry.Notice)
  case noticesComplete(OrderEntry.NoticesComplete)
  case noticesTruncated(OrderEntry.NoticesTruncated)
  /// The connection ends; it is tried again unless the end is final.
  case ended(TerminalLinkEnd)
}

/// What the owner of a terminal has to do.
public enum ClientAction: Equatable, Sendable {
  /// Nothing but to send what is pending.
  case nothing
  /// Open a connection to the gateway; `connected` or `disconnected` follows.
  case connect
  /// Send what is pending, then close; `disconnected` follows.
  case close(TerminalLinkEnd)
  /// Cut the connection at once; `disconnected` follows.
  case cut
}

/// What became of something that was to be sent.
public enum ClientSend: Equatable, Sendable {
  /// It is pending, under this id (empty where a message has none).
  case sent(ClOrdID)
  case notLoggedOn
  /// Too much is pending: the gateway does not read as fast.
  case noRoom

  init(_ result: TerminalSend, _ id: ClOrdID = ClOrdID()) {
    switch result {
    case .written: self = .sent(id)
    case .notLoggedOn: self = .notLoggedOn
    case .noRoom: self = .noRoom
    }
  }

  public var isSent: Bool {
    switch self {
    case .sent: true
    case .notLoggedOn, .noRoom: false
    }
  }
}
