import Domain
import Wire

// What the gateway says to a terminal.
extension TerminalLinkState {
  /// The next thing in the gateway's bytes, after `incoming.consumed` of them. Heartbeats and
  /// reports that came before are passed over.
  public mutating func next(
    in incoming: inout IncomingBytes, at now: Int64, into outgoing: inout OutgoingBytes
  ) -> TerminalLinkEvent {
    while true {
      switch state {
      case .loggingOn, .resuming, .loggedOn: break
      case .resting, .connecting, .ending, .stopped:
        incoming.takeAll()
        return .nothing
      }
      let frame: Frame
      switch incoming.scan(limit: Framing.outboundMaximum) {
      case .needMore: return .nothing
      case .failed(let fault):
        return .ended(finish(.badBytes(fault), at: now, into: &outgoing))
      case .frame(let whole): frame = whole
      }
      if outgoing.free < TerminalLinkState.answerRoom { return .waitForRoom }
      incoming.take(frame)
      liveness.heard(at: now)
      let event = messageReceived(frame, at: now, into: &outgoing)
      if case .nothing = event { continue }
      return event
    }
  }

  private mutating func messageReceived(
    _ frame: Frame, at now: Int64, into outgoing: inout OutgoingBytes
  ) -> TerminalLinkEvent {
    let message: OrderEntry.Message
    do throws(WireError) {
      message = try OrderEntry.Message(frame)
    } catch {
      switch error {
      // A newer gateway may tell what this version does not know.
      case .unknownTemplate where isLoggedOn: return .nothing
      default: return .ended(finish(.badBytes(error), at: now, into: &outgoing))
      }
    }
    switch message {
    case .logonAccepted(let accepted) where state.isLoggingOn:
      return logonAccepted(accepted, at: now, into: &outgoing)
    case .logout(let logout): return .ended(logoutReceived(logout, at: now))
    case .heartbeat: return .nothing
    case .resumeComplete(let end) where state == .resuming:
      return resumed(end.lastReportSequence, firstAvailable: 0)
    case .resumeTruncated(let end) where state == .resuming:
      return resumed(end.lastReportSequence, firstAvailable: end.firstAvailableSequence)
    case .executionReport(let report) where isLoggedOn:
      return reportReceived(report, at: now, into: &outgoing)
    case .businessReject(let reject) where isLoggedOn: return .businessReject(reject)
    case .massCancelReport(let report) where isLoggedOn: return .massCancelReport(report)
    case .tick(let tick) where isLoggedOn: return .tick(tick)
    case .accountUpdate(let update) where isLoggedOn: return .accountUpdate(update)
    case .positionUpdate(let update) where isLoggedOn: return .positionUpdate(update)
    case .instrumentDefinition(let definition) where isLoggedOn:
      return .instrumentDefinition(definition)
    case .instrumentsEnd(let end) where isLoggedOn: return .instrumentsEnd(end)
    case .orderRow(let row) where isLoggedOn: return .orderRow(row)
    case .tradeRow(let row) where isLoggedOn: return .tradeRow(row)
    case .limitRow(let row) where isLoggedOn: return .limitRow(row)
    case .queryEnd(let end) where isLoggedOn: return .queryEnd(end)
    case .findingRow(let row) where isLoggedOn: return .findingRow(row)
    case .routeRow(let row) where isLoggedOn: return .routeRow(row)
    case .roomRow(let row) where isLoggedOn: return .roomRow(row)
    case .explainEnd(let end) where isLoggedOn: return .explainEnd(end)
    case .notice(let notice) where isLoggedOn: return .notice(notice)
    case .noticesComplete(let complete) where isLoggedOn: return .noticesComplete(complete)
    case .noticesTruncated(let truncated) where isLoggedOn: return .noticesTruncated(truncated)
    case .logonAccepted, .resumeComplete, .resumeTruncated, .executionReport, .businessReject,
      .massCancelReport, .tick, .accountUpdate, .positionUpdate, .instrumentDefinition,
      .instrumentsEnd, .orderRow, .tradeRow, .limitRow, .queryEnd, .findingRow, .routeRow,
      .roomRow, .explainEnd, .notice, .noticesComplete, .noticesTruncated, .subscribeNotices,
      .logon, .newOrder, .cancelOrder, .massCancel, .subscribeTicks,
      .unsubscribeTicks, .instrumentsRequest, .query, .subscribeAccount, .tryOrder, .whyOrder,
      .roomRequest:
      return .ended(
        finish(.unexpectedMessage(template: frame.templateID), at: now, into: &outgoing))
    }
  }

  private mutating func resumed(
    _ last: UInt64, firstAvailable: UInt64
  ) -> TerminalLinkEvent {
    state = .loggedOn
    lastReportSequence = max(lastReportSequence, last)
    return .resumed(lastReportSequence: lastReportSequence, firstAvailable: firstAvailable)
  }

  /// Hands on a report once. While resuming, what the gateway has not kept is left out; after
  /// that nothing may be.
  private mutating func reportReceived(
    _ report: OrderEntry.ExecutionReportDecoder, at now: Int64,
    into outgoing: inout OutgoingBytes
  ) -> TerminalLinkEvent {
    let sequence = report.reportSequence
    if sequence == 0 { return .report(report) }
    if sequence <= lastReportSequence { return .nothing }
    if state == .loggedOn, sequence > lastReportSequence + 1 {
      let expected = lastReportSequence + 1
      return .ended(
        finish(.reportsMissed(expected: expected, found: sequence), at: now, into: &outgoing))
    }
    lastReportSequence = sequence
    lastTradingDay = report.tradingDay
    return .report(report)
  }
}
