import Domain
import Wire

// What a counter says, and the asking that follows from it.
extension CounterLinkState {
  /// The next thing in the counter's bytes, after `incoming.consumed` of them. Heartbeats,
  /// duplicates and answers that settle nothing are passed over.
  public mutating func next(
    in incoming: inout IncomingBytes, at now: Int64, into outgoing: inout OutgoingBytes
  ) -> CounterLinkEvent {
    while true {
      switch state {
      case .loggingIn, .catchingUp, .ready: break
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
      if outgoing.free < CounterLinkState.answerRoom { return .waitForRoom }
      incoming.take(frame)
      liveness.heard(at: now)
      let event = messageReceived(frame, at: now, into: &outgoing)
      if case .nothing = event { continue }
      return event
    }
  }

  private mutating func messageReceived(
    _ frame: Frame, at now: Int64, into outgoing: inout OutgoingBytes
  ) -> CounterLinkEvent {
    let message: CounterProtocol.Message
    do throws(WireError) {
      message = try CounterProtocol.Message(frame)
    } catch {
      switch error {
      // A newer counter may tell what this version does not know.
      case .unknownTemplate where isUp: return .nothing
      default: return .ended(finish(.badBytes(error), at: now, into: &outgoing))
      }
    }
    switch message {
    case .loginAccepted(let accepted):
      guard case .loggingIn = state else { break }
      return loginAccepted(accepted, at: now, into: &outgoing)
    case .loginRejected(let rejected):
      guard case .loggingIn = state else { break }
      return .ended(finish(.loginRefused, rejected.reason, at: now, into: &outgoing))
    case .logout(let logout):
      return .ended(finish(.counterEnded, logout.reason, at: now, into: &outgoing))
    case .heartbeat: return .nothing
    case .orderReport(let report) where isUp:
      return reportReceived(
        report.counterSequence, .orderReport(report), frame, at: now, into: &outgoing)
    case .tradeReport(let trade) where isUp:
      return reportReceived(
        trade.counterSequence, .trade(trade), frame, at: now, into: &outgoing)
    case .cancelRejected(let rejected) where isUp:
      return reportReceived(
        rejected.counterSequence, .cancelRejected(rejected), frame, at: now, into: &outgoing)
    case .reportsEnd(let end) where isUp:
      return reportsEnded(end, frame, at: now, into: &outgoing)
    case .orderStatus(let status) where isUp: return fateReceived(status, at: now)
    case .ordersEnd(let end) where isUp: return fatesEnded(end, at: now)
    case .fundsReport(let funds) where isUp: return .funds(funds)
    case .instrumentStatus(let status) where isUp: return .instrumentStatus(status)
    case .tick(let tick) where isUp: return .tick(tick)
    case .orderReport, .tradeReport, .cancelRejected, .reportsEnd, .orderStatus, .ordersEnd,
      .fundsReport, .instrumentStatus, .tick, .login, .insertOrder, .cancelOrder,
      .reportsRequest, .ordersRequest, .fundsRequest, .positionsRequest, .positionReport,
      .positionsEnd, .subscribeTicks, .unsubscribeTicks:
      break
    }
    return .ended(
      finish(.unexpectedMessage(template: frame.templateID), at: now, into: &outgoing))
  }

  private mutating func loginAccepted(
    _ accepted: CounterProtocol.LoginAcceptedDecoder, at now: Int64,
    into outgoing: inout OutgoingBytes
  ) -> CounterLinkEvent {
    let theirs = accepted.lastCounterSequence
    guard accepted.epoch > epoch else {
      return .ended(
        finish(
          .epochWentBack(ours: epoch, theirs: accepted.epoch), at: now, into: &outgoing))
    }
    // A counter that counts from the start again would have its reports taken for old ones.
    guard theirs >= lastSequence else {
      return .ended(
        finish(
          .sequenceWentBack(ours: lastSequence, theirs: theirs), at: now, into: &outgoing))
    }
    epoch = accepted.epoch
    let interval = SessionTiming.heartbeatSeconds(
      asked: accepted.heartbeatIntervalSeconds == 0
        ? login.heartbeatIntervalSeconds : accepted.heartbeatIntervalSeconds)
    liveness = Liveness(intervalSeconds: interval, at: now)
    state = .catchingUp
    resync.promisedSequence = theirs
    askReports(at: now, into: &outgoing)
    return .linkUp(
      epoch: epoch, lastCounterSequence: theirs, tradingDay: accepted.tradingDay)
  }

  /// Something was asked, or something came of what was asked.
  private mutating func progressMade(at now: Int64) {
    progressUntil =
      resync.isAsking || !resync.hasEveryFate
      ? now + SessionTiming.resyncSeconds * SessionTiming.nanosecondsPerSecond
      : SessionTiming.never
  }

  // MARK: Reports

  private mutating func askReports(at now: Int64, into outgoing: inout OutgoingBytes) {
    resync.reportsRequest = resync.newRequestNumber()
    #if MUTATION_FILL_TWICE
      let next = max(lastSequence, 1)
    #else
      let next = lastSequence + 1
    #endif
    let fits = outgoing.append(
      CounterProtocol.ReportsRequest(requestNumber: resync.reportsRequest, fromSequence: next))
    precondition(fits, "an answer has its room")
    liveness.sent(at: now)
    progressMade(at: now)
  }

  /// Hands on the next report of the sequence; drops one that came before; asks again at a gap.
  private mutating func reportReceived(
    _ sequence: UInt64, _ event: CounterLinkEvent, _ frame: Frame, at now: Int64,
    into outgoing: inout OutgoingBytes
  ) -> CounterLinkEvent {
    guard sequence > 0 else {
      return .ended(
        finish(.unexpectedMessage(template: frame.templateID), at: now, into: &outgoing))
    }
    #if MUTATION_FILL_TWICE
      if sequence == lastSequence, resync.reportsRequest != 0 { return event }
    #endif
    if sequence <= lastSequence { return .nothing }
    if sequence > lastSequence + 1 {
      // What was asked for brings the missing one, and this one again behind it.
      if resync.isRefetching { return .nothing }
      resync.isRefetching = true
      askReports(at: now, into: &outgoing)
      return .reportsMissed(expected: lastSequence + 1, found: sequence)
    }
    lastSequence = sequence
    if resync.reportsRequest != 0 { progressMade(at: now) }
    return event
  }

  private mutating func reportsEnded(
    _ end: CounterProtocol.ReportsEndDecoder, _ frame: Frame, at now: Int64,
    into outgoing: inout OutgoingBytes
  ) -> CounterLinkEvent {
    // The end of an asking that a gap has made worthless.
    guard end.requestNumber == resync.reportsRequest, resync.reportsRequest != 0 else {
      return .nothing
    }
    guard max(end.lastSequence, resync.promisedSequence) <= lastSequence else {
      // All was sent, it says, and it was not.
      return .ended(
        finish(.unexpectedMessage(template: frame.templateID), at: now, into: &outgoing))
    }
    resync.reportsRequest = 0
    resync.isRefetching = false
    progressMade(at: now)
    return resyncedIfDone(at: now)
  }

  // MARK: Fates

  /// Asks what became of a child; `.none` says that this was the last of them. Children are asked
  /// about many at a time. `waitForRoom`: the child was not taken; send what was written first.
  ///
  /// One that is named while the link is down is passed over: the engine names it again.
  public mutating func askFate(
    _ child: OrderID, at now: Int64, into outgoing: inout OutgoingBytes
  ) -> CounterLinkEvent {
    guard isUp else { return .nothing }
    if outgoing.free < CounterLinkState.answerRoom { return .waitForRoom }
    if child.isNone {
      resync.hasEveryFate = true
      if resync.fateCount > 0 { askFates(at: now, into: &outgoing) }
      progressMade(at: now)
      return resyncedIfDone(at: now)
    }
    resync.add(child)
    if resync.isFull { askFates(at: now, into: &outgoing) }
    return .nothing
  }

  private mutating func askFates(at now: Int64, into outgoing: inout OutgoingBytes) {
    let (number, children) = resync.takeFates()
    let fits = outgoing.append(
      CounterProtocol.OrdersRequest(
        requestNumber: number, orders: children.map { .init(childOrderID: $0) }))
    precondition(fits, "an answer has its room")
    liveness.sent(at: now)
    progressMade(at: now)
  }

  /// A child that the counter has needs no word here: its reports are in the sequence.
  private mutating func fateReceived(
    _ status: CounterProtocol.OrderStatusDecoder, at now: Int64
  ) -> CounterLinkEvent {
    guard resync.fateRequests > 0 else { return .nothing }
    progressMade(at: now)
    switch status.state {
    case .neverArrived: return .neverArrived(status.childOrderID)
    case .unknown, .accepted, .rejected, .cancelled, .partlyFilled, .filled: return .nothing
    }
  }

  private mutating func fatesEnded(
    _ end: CounterProtocol.OrdersEndDecoder, at now: Int64
  ) -> CounterLinkEvent {
    guard resync.fatesEnded(end.requestNumber) else { return .nothing }
    progressMade(at: now)
    return resyncedIfDone(at: now)
  }

  private mutating func resyncedIfDone(at now: Int64) -> CounterLinkEvent {
    guard case .catchingUp = state, resync.isDone else { return .nothing }
    becomeReady(at: now)
    return .resynced(epoch: epoch)
  }
}
