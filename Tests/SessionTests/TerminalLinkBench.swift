import Domain
import Session
import Wire

/// What a test sees of a terminal link's events.
enum TerminalSeen: Equatable {
  case waitForRoom
  case loggedOn(OrderEntry.LogonAccepted)
  case resumed(last: UInt64, firstAvailable: UInt64)
  case report(UInt64, ClOrdID)
  case reject(UInt16)
  case massCancel(UInt32)
  case tick(Price)
  case account
  case position
  case instrument
  case instrumentsEnd
  case row(UInt32)
  case queryEnd(OrderEntry.QueryResult)
  case notice(UInt64)
  case ended(TerminalLinkEnd.Cause, OrderEntry.LogoutReason, isFinal: Bool)

  init?(_ event: TerminalLinkEvent) {
    switch event {
    case .nothing: return nil
    case .waitForRoom: self = .waitForRoom
    case .loggedOn(let view): self = .loggedOn(view.value)
    case .resumed(let last, let first): self = .resumed(last: last, firstAvailable: first)
    case .report(let view): self = .report(view.reportSequence, view.clOrdID)
    case .businessReject(let view): self = .reject(view.refTemplateID)
    case .massCancelReport(let view): self = .massCancel(view.orders)
    case .tick(let view): self = .tick(view.last)
    case .accountUpdate: self = .account
    case .positionUpdate: self = .position
    case .instrumentDefinition: self = .instrument
    case .instrumentsEnd: self = .instrumentsEnd
    case .orderRow(let view): self = .row(view.requestNumber)
    case .tradeRow(let view): self = .row(view.requestNumber)
    case .limitRow(let view): self = .row(view.requestNumber)
    case .queryEnd(let view): self = .queryEnd(view.result)
    case .findingRow(let view): self = .row(view.requestNumber)
    case .routeRow(let view): self = .row(view.requestNumber)
    case .roomRow(let view): self = .row(view.requestNumber)
    case .explainEnd(let view): self = .queryEnd(view.result)
    case .notice(let view): self = .notice(view.number)
    case .noticesComplete(let view): self = .notice(view.lastNumber)
    case .noticesTruncated(let view): self = .notice(view.firstAvailable)
    case .ended(let end): self = TerminalSeen(end)
    }
  }

  init(_ end: TerminalLinkEnd) {
    self = .ended(end.cause, end.reason, isFinal: end.isFinal)
  }
}

/// A terminal's link on a desk.
final class TerminalLinkBench {
  var link: TerminalLinkState
  var now: Int64 = 0
  var unread: [UInt8] = []
  var sent: [UInt8] = []
  var room = 16_384

  init(
    lastReportSequence: UInt64 = 0, reconnects: Bool = true, heartbeatSeconds: UInt16 = 10,
    seed: UInt64 = 1
  ) {
    link = TerminalLinkState(
      TerminalLogon(
        account: Name("alice")!, terminalName: FixedText("test")!,
        heartbeatIntervalSeconds: heartbeatSeconds, reconnects: reconnects),
      lastReportSequence: lastReportSequence, seed: seed, at: 0)
  }

  /// A bench whose connection stands, with the logon taken out of `sent`.
  static func loggingOn(
    lastReportSequence: UInt64 = 0, reconnects: Bool = true
  ) -> TerminalLinkBench {
    let bench = TerminalLinkBench(
      lastReportSequence: lastReportSequence, reconnects: reconnects)
    _ = bench.timeReaches(0)
    bench.connect()
    bench.sent = []
    return bench
  }

  static func loggedOn(lastReportSequence: UInt64 = 0) -> TerminalLinkBench {
    let bench = loggingOn(lastReportSequence: lastReportSequence)
    _ = bench.receive([accepted(), resumeComplete(lastReportSequence)])
    return bench
  }

  func connect() {
    write { $0.connected(password: FixedText("secret")!, at: $1, into: &$2) }
  }

  func timeReaches(_ time: Int64) -> TerminalLinkTimeout {
    now = time
    var result = TerminalLinkTimeout.nothing
    write { link, now, outgoing in result = link.timeReached(now, into: &outgoing) }
    return result
  }

  func disconnected() -> TerminalSeen? { link.disconnected(at: now).map { TerminalSeen($0) } }

  func send(_ message: some WireMessage) -> TerminalSend {
    var result = TerminalSend.noRoom
    write { link, now, outgoing in result = link.send(message, at: now, into: &outgoing) }
    return result
  }

  func receive(_ messages: [any WireMessage]) -> [TerminalSeen] {
    receive(messages.flatMap { frameBytes($0) })
  }

  func receive(_ bytes: [UInt8]) -> [TerminalSeen] {
    unread += bytes
    var seen: [TerminalSeen] = []
    while let event = step() {
      seen.append(event)
      if event == .waitForRoom { break }
    }
    return seen
  }

  private func step() -> TerminalSeen? {
    var seen: TerminalSeen?
    var consumed = 0
    let bytes = unread
    bytes.withUnsafeBytes { bytes in
      var incoming = IncomingBytes(bytes)
      write { link, now, outgoing in
        seen = TerminalSeen(link.next(in: &incoming, at: now, into: &outgoing))
      }
      consumed = incoming.consumed
    }
    unread.removeFirst(consumed)
    return seen
  }

  func write(_ body: (inout TerminalLinkState, Int64, inout OutgoingBytes) -> Void) {
    var buffer = [UInt8](repeating: 0, count: room)
    buffer.withUnsafeMutableBytes { buffer in
      var outgoing = OutgoingBytes(buffer)
      body(&link, now, &outgoing)
      sent += Array(outgoing.written)
    }
  }

  func takeSent() -> [UInt8] {
    defer { sent = [] }
    return sent
  }

  // MARK: What a gateway says

  static func accepted(
    token: String = "", epoch: UInt64 = 1, next: UInt64 = 1_000
  ) -> OrderEntry.LogonAccepted {
    OrderEntry.LogonAccepted(
      sessionEpoch: epoch, heartbeatIntervalSeconds: 10, schemaVersion: 1,
      nextReportSequence: next, dayToken: FixedText(token)!)
  }
  static func resumeComplete(_ last: UInt64) -> OrderEntry.ResumeComplete {
    OrderEntry.ResumeComplete(lastReportSequence: last)
  }
  static func report(_ sequence: UInt64, _ id: String = "a") -> OrderEntry.ExecutionReport {
    OrderEntry.ExecutionReport(
      reportSequence: sequence, clOrdID: ClOrdID(id)!, tradingDay: day)
  }
  static let day = TradingDay(yyyymmdd: 20_261_123)!
}
