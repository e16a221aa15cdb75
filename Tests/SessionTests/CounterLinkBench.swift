import Domain
import Session
import Wire

/// What a test sees of a link's events.
enum LinkSeen: Equatable {
  case waitForRoom
  case linkUp(epoch: UInt64, last: UInt64)
  case order(UInt64, CounterProtocol.ChildState)
  case trade(UInt64)
  case cancelRejected(UInt64)
  case neverArrived(UInt64)
  case resynced(UInt64)
  case missed(expected: UInt64, found: UInt64)
  case funds(Money)
  case status(CounterProtocol.InstrumentPhase)
  case tick(Price)
  case ended(CounterLinkEnd.Cause, wasUp: Bool)

  init?(_ event: CounterLinkEvent) {
    switch event {
    case .nothing: return nil
    case .waitForRoom: self = .waitForRoom
    case .linkUp(let epoch, let last, _): self = .linkUp(epoch: epoch, last: last)
    case .orderReport(let view): self = .order(view.counterSequence, view.state)
    case .trade(let view): self = .trade(view.counterSequence)
    case .cancelRejected(let view): self = .cancelRejected(view.counterSequence)
    case .neverArrived(let child): self = .neverArrived(child.raw)
    case .resynced(let epoch): self = .resynced(epoch)
    case .reportsMissed(let expected, let found): self = .missed(expected: expected, found: found)
    case .funds(let view): self = .funds(view.equity)
    case .instrumentStatus(let view): self = .status(view.phase)
    case .tick(let view): self = .tick(view.last)
    case .ended(let end): self = .ended(end.cause, wasUp: end.wasUp)
    }
  }
}

/// A link on a desk. Whatever it writes is collected in `sent`.
final class CounterLinkBench {
  var link: CounterLinkState
  var now: Int64 = 0
  var unread: [UInt8] = []
  var sent: [UInt8] = []
  var room = 16_384

  init(lastSequence: UInt64 = 0, epoch: UInt64 = 0, seed: UInt64 = 1) {
    link = CounterLinkState(
      CounterLogin(
        fundAccount: Name("F1")!, heartbeatIntervalSeconds: 10, fundsIntervalSeconds: 5),
      lastSequence: lastSequence, epoch: epoch, seed: seed, at: 0)
  }

  static let password = FixedText<128>("secret")!

  /// A bench whose connection stands, with the login taken out of `sent`.
  static func loggingIn(lastSequence: UInt64 = 0, epoch: UInt64 = 0) -> CounterLinkBench {
    let bench = CounterLinkBench(lastSequence: lastSequence, epoch: epoch)
    _ = bench.timeReaches(0)
    bench.connect()
    bench.sent = []
    return bench
  }

  /// A bench whose link is ready and has asked for nothing yet.
  static func ready(lastSequence: UInt64 = 0, epoch: UInt64 = 1) -> CounterLinkBench {
    let bench = loggingIn(lastSequence: lastSequence, epoch: epoch - 1)
    _ = bench.receive([accepted(epoch: epoch, last: lastSequence)])
    _ = bench.receive([reportsEnd(1, last: lastSequence)])
    _ = bench.askFate(0)
    bench.sent = []
    return bench
  }

  func connect() {
    write { $0.connected(password: Self.password, at: $1, into: &$2) }
  }

  func timeReaches(_ time: Int64) -> CounterLinkTimeout {
    now = time
    var result = CounterLinkTimeout.nothing
    write { link, now, outgoing in result = link.timeReached(now, into: &outgoing) }
    return result
  }

  func disconnected() -> LinkSeen? {
    link.disconnected(at: now).map { .ended($0.cause, wasUp: $0.wasUp) }
  }

  /// 0 ends the list.
  func askFate(_ child: UInt64) -> LinkSeen? {
    var result: LinkSeen?
    write { link, now, outgoing in
      result = LinkSeen(link.askFate(OrderID(raw: child), at: now, into: &outgoing))
    }
    return result
  }

  func receive(_ messages: [any WireMessage]) -> [LinkSeen] {
    receive(messages.flatMap { frameBytes($0) })
  }

  func receive(_ bytes: [UInt8]) -> [LinkSeen] {
    unread += bytes
    var seen: [LinkSeen] = []
    while let event = step() {
      seen.append(event)
      if event == .waitForRoom { break }
    }
    return seen
  }

  private func step() -> LinkSeen? {
    var seen: LinkSeen?
    var consumed = 0
    let bytes = unread
    bytes.withUnsafeBytes { bytes in
      var incoming = IncomingBytes(bytes)
      write { link, now, outgoing in
        seen = LinkSeen(link.next(in: &incoming, at: now, into: &outgoing))
      }
      consumed = incoming.consumed
    }
    unread.removeFirst(consumed)
    return seen
  }

  func write(_ body: (inout CounterLinkState, Int64, inout OutgoingBytes) -> Void) {
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

  // MARK: What a counter says

  static func accepted(epoch: UInt64, last: UInt64) -> CounterProtocol.LoginAccepted {
    CounterProtocol.LoginAccepted(
      epoch: epoch, lastCounterSequence: last, heartbeatIntervalSeconds: 10, schemaVersion: 1)
  }
  static func order(
    _ sequence: UInt64, _ state: CounterProtocol.ChildState = .accepted
  ) -> CounterProtocol.OrderReport {
    CounterProtocol.OrderReport(
      counterSequence: sequence, childOrderID: OrderID(raw: 100 + sequence), state: state)
  }
  static func trade(_ sequence: UInt64) -> CounterProtocol.TradeReport {
    CounterProtocol.TradeReport(counterSequence: sequence, lots: 1)
  }
  static func reportsEnd(_ request: UInt32, last: UInt64) -> CounterProtocol.ReportsEnd {
    CounterProtocol.ReportsEnd(requestNumber: request, lastSequence: last)
  }
  static func fate(
    _ child: UInt64, _ state: CounterProtocol.ChildState
  ) -> CounterProtocol.OrderStatus {
    CounterProtocol.OrderStatus(childOrderID: OrderID(raw: child), state: state)
  }
  static func ordersEnd(_ request: UInt32) -> CounterProtocol.OrdersEnd {
    CounterProtocol.OrdersEnd(requestNumber: request)
  }
}
