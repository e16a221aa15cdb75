import Domain
import Session
import Wire

/// What a test sees of a session's events: values, because the bytes are gone by then.
enum Seen: Equatable {
  case pause(until: Int64)
  case waitForAnswers
  case waitForVerdict
  case waitForRoom
  case logon(OrderEntry.Logon)
  case newOrder(OrderEntry.NewOrder)
  case cancelOrder(OrderEntry.CancelOrder)
  case massCancel(OrderEntry.MassCancel)
  case subscribeTicks(OrderEntry.SubscribeTicks)
  case unsubscribeTicks(OrderEntry.UnsubscribeTicks)
  case instrumentsRequest(OrderEntry.InstrumentsRequest)
  case query(OrderEntry.Query)
  case subscribeAccount(OrderEntry.SubscribeAccount)
  case tryOrder(OrderEntry.TryOrder)
  case whyOrder(OrderEntry.WhyOrder)
  case roomRequest(OrderEntry.RoomRequest)
  case deskLogon(DeskProtocol.Logon)
  case control(DeskProtocol.Control)
  case subscribeNotices(OrderEntry.SubscribeNotices)
  case deskSubscribeNotices(DeskProtocol.SubscribeNotices)
  case standingRequest(DeskProtocol.StandingRequest)
  case subscribeLiquidations(DeskProtocol.SubscribeLiquidations)
  case subscribeAccounts(DeskProtocol.SubscribeAccounts)
  case unsubscribeAccounts(DeskProtocol.UnsubscribeAccounts)
  case ended(TerminalSessionEnd)

  /// Nothing is nil.
  init?(_ event: TerminalSessionEvent) {
    switch event {
    case .nothing: return nil
    case .pause(let until): self = .pause(until: until)
    case .waitForAnswers: self = .waitForAnswers
    case .waitForVerdict: self = .waitForVerdict
    case .waitForRoom: self = .waitForRoom
    case .logon(let view): self = .logon(view.value)
    case .newOrder(let view): self = .newOrder(view.value)
    case .cancelOrder(let view): self = .cancelOrder(view.value)
    case .massCancel(let view): self = .massCancel(view.value)
    case .subscribeTicks(let view): self = .subscribeTicks(view.value)
    case .unsubscribeTicks(let view): self = .unsubscribeTicks(view.value)
    case .instrumentsRequest(let view): self = .instrumentsRequest(view.value)
    case .query(let view): self = .query(view.value)
    case .subscribeAccount(let view): self = .subscribeAccount(view.value)
    case .tryOrder(let view): self = .tryOrder(view.value)
    case .whyOrder(let view): self = .whyOrder(view.value)
    case .roomRequest(let view): self = .roomRequest(view.value)
    case .deskLogon(let view): self = .deskLogon(view.value)
    case .control(let view): self = .control(view.value)
    case .subscribeNotices(let view): self = .subscribeNotices(view.value)
    case .deskSubscribeNotices(let view): self = .deskSubscribeNotices(view.value)
    case .standingRequest(let view): self = .standingRequest(view.value)
    case .subscribeLiquidations(let view): self = .subscribeLiquidations(view.value)
    case .subscribeAccounts(let view): self = .subscribeAccounts(view.value)
    case .unsubscribeAccounts(let view): self = .unsubscribeAccounts(view.value)
    case .ended(let end): self = .ended(end)
    }
  }

  /// The owner reads no further before it has done something.
  var isWait: Bool {
    switch self {
    case .pause, .waitForAnswers, .waitForVerdict, .waitForRoom: true
    case .logon, .newOrder, .cancelOrder, .massCancel, .subscribeTicks, .unsubscribeTicks,
      .instrumentsRequest, .query, .subscribeAccount, .tryOrder, .whyOrder, .roomRequest,
      .deskLogon, .control, .subscribeNotices, .deskSubscribeNotices, .standingRequest,
      .subscribeLiquidations, .subscribeAccounts, .unsubscribeAccounts, .ended:
      false
    }
  }
}

/// A session on a desk: bytes in, what it made of them out, and a clock to turn by hand.
final class TerminalSessionBench {
  var session: TerminalSessionState
  var now: Int64 = 0
  /// Accepts each logon at once.
  var acceptsLogons = true
  /// Answers each order and cancel at once.
  var answersAtOnce = true
  var unread: [UInt8] = []
  var sent: [UInt8] = []
  var room = 16_384

  init(_ terms: TerminalSessionTerms = TerminalSessionTerms()) {
    session = TerminalSessionState(terms, at: 0)
  }

  static let acceptance = LogonAcceptance(
    sessionEpoch: 7, serverTime: Timestamp(nanoseconds: 1), tradingDay: .none,
    nextReportSequence: 42)

  /// A bench whose terminal is logged on, with nothing sent that a test would look at.
  static func loggedOn(
    _ terms: TerminalSessionTerms = TerminalSessionTerms(), heartbeatSeconds: UInt16 = 30
  ) -> TerminalSessionBench {
    let bench = TerminalSessionBench(terms)
    _ = bench.receive(
      frameBytes(Samples.logon(heartbeatIntervalSeconds: heartbeatSeconds)))
    bench.sent = []
    return bench
  }

  func receive(_ bytes: [UInt8]) -> [Seen] {
    unread += bytes
    return read()
  }

  /// Reads on in what was left.
  func read() -> [Seen] {
    var seen: [Seen] = []
    while let event = step() {
      seen.append(event)
      if event.isWait { break }
      switch event {
      case .logon:
        if acceptsLogons {
          write { $0.logonAccepted(Self.acceptance, at: $1, into: &$2) }
        }
      case .newOrder, .cancelOrder, .massCancel:
        if answersAtOnce { session.answered() }
      default: break
      }
    }
    return seen
  }

  private func step() -> Seen? {
    var seen: Seen?
    var consumed = 0
    let bytes = unread
    bytes.withUnsafeBytes { bytes in
      var incoming = IncomingBytes(bytes)
      write { session, now, outgoing in
        seen = Seen(session.next(in: &incoming, at: now, into: &outgoing))
      }
      consumed = incoming.consumed
    }
    unread.removeFirst(consumed)
    return seen
  }

  func write(
    _ body: (inout TerminalSessionState, Int64, inout OutgoingBytes) -> Void
  ) {
    var buffer = [UInt8](repeating: 0, count: room)
    buffer.withUnsafeMutableBytes { buffer in
      var outgoing = OutgoingBytes(buffer)
      body(&session, now, &outgoing)
      sent += Array(outgoing.written)
    }
  }

  func timeReaches(_ time: Int64) -> TerminalSessionTimeout {
    now = time
    var result = TerminalSessionTimeout.nothing
    write { session, now, outgoing in result = session.timeReached(now, into: &outgoing) }
    return result
  }

  func end(_ reason: OrderEntry.LogoutReason) -> Bool {
    var result = false
    write { session, now, outgoing in
      result = session.end(because: TerminalSessionEnd(reason), at: now, into: &outgoing)
    }
    return result
  }

  func takeSent() -> [UInt8] {
    defer { sent = [] }
    return sent
  }
}
