import Domain
import Gateway
import Glibc
import Testing
import Wire

@testable import Runtime

/// A counter that a test plays for one fund account, message by message, on a port of its own.
final class ScriptedCounter {
  let address: SocketAddress
  private let listener: Int32
  private var socket: PatientSocket?
  private var unread: [UInt8] = []
  private var epoch: UInt64 = 0
  private var lastSequence: UInt64 = 0
  /// Children that came, over all connections.
  private(set) var orders: [CounterProtocol.InsertOrder] = []
  /// Children it denies having when it is asked.
  var denied: Set<UInt64> = []
  /// What the gateway said when it left.
  private(set) var goodbye: CounterProtocol.LinkEndReason?

  /// - Parameter isThere: false = its port is taken and nobody listens.
  init(isThere: Bool = true) throws {
    listener = Glibc.socket(
      AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var system = SocketAddress.loopback(port: 0).system
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = listener
    let status = withUnsafeMutablePointer(to: &system) { system in
      let plain = UnsafeMutableRawPointer(system).assumingMemoryBound(to: sockaddr.self)
      return bind(descriptor, plain, length) + (isThere ? listen(descriptor, 4) : 0)
        + getsockname(descriptor, plain, &length)
    }
    guard status == 0, let address = SocketAddress(system) else {
      throw SystemRefused(call: "listen")
    }
    self.address = address
  }

  deinit { Glibc.close(listener) }

  // MARK: Connections

  /// The next connection of the gateway, with its login.
  @discardableResult
  func accept() throws -> CounterProtocol.Login {
    try Deadline().wait(toRead: listener, "a connection to the counter")
    let descriptor = Glibc.accept(listener, nil, nil)
    guard descriptor >= 0 else { throw SystemRefused(call: "accept") }
    socket = PatientSocket(descriptor: descriptor)
    unread = []
    goodbye = nil
    guard case .login(let login) = try next() else { throw Overdue(what: "a login") }
    return login
  }

  /// Lets it in and brings it up to date, as far as it asks before it is ready.
  func letIn(_ accept: CounterProtocol.LoginAccepted? = nil, fates: Bool = false) throws {
    try self.accept()
    epoch += 1
    try send(
      accept
        ?? CounterProtocol.LoginAccepted(
          epoch: epoch, tradingDay: House.day, lastCounterSequence: lastSequence,
          serverTime: StartedGateway.clock().real, heartbeatIntervalSeconds: 0, schemaVersion: 1))
    try answerReports()
    if fates { try answerFates() }
  }

  /// Answers the asking for missed reports: there are none.
  func answerReports() throws {
    while true {
      if case .reports(let number) = try next() {
        return try send(
          CounterProtocol.ReportsEnd(requestNumber: number, lastSequence: lastSequence))
      }
    }
  }

  private func answerFates() throws {
    while true {
      guard case .fates(let number, let children) = try next() else { continue }
      for child in children {
        try send(
          CounterProtocol.OrderStatus(
            requestNumber: number, childOrderID: child,
            state: denied.contains(child.raw) ? .neverArrived : .accepted, cumulativeLots: 0,
            leavesLots: 1))
      }
      return try send(
        CounterProtocol.OrdersEnd(requestNumber: number, count: UInt32(children.count)))
    }
  }

  func close() { socket?.close() }

  /// Reads until the gateway has closed the connection, and closes it too.
  func waitForEnd() throws {
    while try next() != nil {}
    close()
  }

  // MARK: Messages

  func send(_ message: some WireMessage) throws { try send(ScriptedTerminal.bytes(message)) }
  func send(_ bytes: [UInt8]) throws { try socket?.send(bytes) }

  /// The next child order.
  func nextOrder() throws -> CounterProtocol.InsertOrder {
    while true {
      guard let message = try next() else { throw Overdue(what: "a child before the end") }
      if case .order(let order) = message { return order }
    }
  }

  /// Reads until the gateway asks for a cancel.
  func awaitCancel() throws {
    while let message = try next() {
      if case .cancel = message { return }
    }
    throw Overdue(what: "a cancel before the end")
  }

  /// The next report of an order: it is taken.
  func accepted(_ order: CounterProtocol.InsertOrder) -> CounterProtocol.OrderReport {
    lastSequence += 1
    return CounterProtocol.OrderReport(
      counterSequence: lastSequence, childOrderID: order.childOrderID,
      venueOrderID: VenueID("V1")!, state: .accepted, cumulativeLots: 0, leavesLots: order.lots,
      time: StartedGateway.clock().real)
  }

  /// Opens the instrument, as the counter that brings prices has to.
  func openMarket(_ instrument: InstrumentCode) throws {
    try send(
      CounterProtocol.InstrumentStatus(
        exchange: .shfe, instrument: instrument, phase: .continuous))
  }

  /// Children that have come so far, without waiting for more.
  func ordersSoFar() throws -> [CounterProtocol.InsertOrder] {
    while let socket, socket.end == nil, !(socket.isQuiet && unread.isEmpty) { _ = try next() }
    return orders
  }

  private enum Word {
    case login(CounterProtocol.Login)
    case reports(UInt32)
    case fates(UInt32, [OrderID])
    case order(CounterProtocol.InsertOrder)
    case cancel
    case other
  }

  /// The next message; nil at the end of the connection.
  private func next() throws -> Word? {
    let deadline = Deadline()
    guard let socket else { return nil }
    while true {
      let found: (word: Word, length: Int)? = try unread.withUnsafeBytes { bytes in
        guard case .frame(let frame) = FrameScanner.scan(bytes, limit: Framing.outboundMaximum)
        else { return nil }
        return (word(try CounterProtocol.Message(frame)), frame.length)
      }
      if let found {
        unread.removeFirst(found.length)
        return found.word
      }
      let bytes = try socket.read(by: deadline, "a message of the gateway to its counter")
      if bytes.isEmpty { return nil }
      unread += bytes
    }
  }

  private func word(_ message: CounterProtocol.Message) -> Word {
    switch message {
    case .login(let login): return .login(login.value)
    case .reportsRequest(let request): return .reports(request.requestNumber)
    case .ordersRequest(let request):
      let children = (0..<request.orders.count).map { request.orders[$0].childOrderID }
      return .fates(request.requestNumber, children)
    case .insertOrder(let order):
      orders.append(order.value)
      return .order(order.value)
    case .cancelOrder: return .cancel
    case .logout(let logout):
      goodbye = logout.reason
      return .other
    default: return .other
    }
  }
}
