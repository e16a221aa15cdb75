import Client
import Session

/// Runs terminals on a loop: connections, bytes and times for `TerminalClient`s, what they tell
/// for a handler.
///
///     var loop = try EventLoop(LoopLimits(connections: clients.count))
///     var driver = TerminalDriver(clients, to: address, handler, &loop)
///     loop.run(&driver)
///
/// Whether a connection that ended is tried again is each client's own setting
/// (`TerminalLogon.reconnects`). The driver's is the whole loop; timer 0 is its own.
public struct TerminalDriver<Handler: TerminalHandler & ~Copyable>: ~Copyable, LoopDriver {
  public var handler: Handler
  public var terminals: Terminals
  /// Events of one read, on their way to the handler; its memory is used again.
  private var events: [ClientEvent] = []
  private var armedFor = SessionTiming.never

  private static var timer: Int { 0 }

  /// Asks for a connection of each terminal at once. The loop has a place for each.
  public init(
    _ clients: [TerminalClient], to address: SocketAddress, tls: TLSClient? = nil,
    _ handler: consuming Handler, _ loop: inout EventLoop
  ) {
    self.init(
      clients, to: Array(repeating: address, count: clients.count), tls: tls, handler, &loop)
  }

  /// The same with an address for each of them.
  public init(
    _ clients: [TerminalClient], to addresses: [SocketAddress], tls: TLSClient? = nil,
    _ handler: consuming Handler, _ loop: inout EventLoop
  ) {
    terminals = Terminals(clients, addresses, tls)
    self.handler = handler
    events.reserveCapacity(64)
    // The first turn does the rest: it comes without waiting for anybody.
    loop.startTimer(Self.timer, afterNanoseconds: 0)
    armedFor = loop.now
  }

  // MARK: Connections

  public mutating func connectionOpened(_ connection: ConnectionID, _ loop: inout EventLoop) {
    let terminal = Int(loop.tag(of: connection))
    terminals.clients[terminal].connected(at: loop.now)
  }

  public mutating func bytesReceived(
    _ connection: ConnectionID, _ bytes: UnsafeRawBufferPointer, _ loop: inout EventLoop
  ) -> Int {
    let terminal = Int(loop.tag(of: connection))
    // Out of `self` while the client tells, so that the handler may use the client afterwards.
    var told: [ClientEvent] = []
    swap(&told, &events)
    let consumed = terminals.clients[terminal].received(bytes, at: loop.now) { told.append($0) }
    for index in told.indices {
      if case .ended(let end) = told[index] {
        terminals.close(terminal, end, &loop)
      } else {
        handler.happened(told[index], at: terminal, &terminals, &loop)
      }
    }
    told.removeAll(keepingCapacity: true)
    swap(&told, &events)
    return consumed
  }

  public mutating func connectionClosed(
    _ connection: ConnectionID, tag: UInt64, _ reason: CloseReason, _ loop: inout EventLoop
  ) {
    let terminal = Int(tag)
    guard terminals.isCurrent(connection, of: terminal) else { return }
    if let end = terminals.closed(terminal, at: loop.now) {
      handler.ended(end, reason, at: terminal, &terminals, &loop)
    }
  }

  // MARK: Time

  public mutating func timerFired(_ timer: Int, _ loop: inout EventLoop) {
    guard timer == Self.timer else { return handler.timerFired(timer, &terminals, &loop) }
    armedFor = SessionTiming.never
    for terminal in terminals.clients.indices
    where terminals.clients[terminal].deadline <= loop.now {
      let action = terminals.clients[terminal].timeReached(loop.now)
      guard !terminals.act(action, terminal, &loop) else { continue }
      if let end = terminals.closed(terminal, at: loop.now) {
        handler.ended(end, .noPlace, at: terminal, &terminals, &loop)
      }
    }
  }

  public mutating func woken(_ loop: inout EventLoop) { handler.woken(&terminals, &loop) }

  public mutating func signalReceived(_ signal: Int32, _ loop: inout EventLoop) {
    handler.signalReceived(signal, &terminals, &loop)
  }

  public mutating func beforeSleep(_ loop: inout EventLoop) {
    handler.turnEnded(&terminals, &loop)
    for terminal in terminals.clients.indices { terminals.send(terminal, &loop) }
    // A timer that fires too early does nothing, so it is only moved forward.
    let deadline = terminals.deadline
    guard deadline < armedFor else { return }
    armedFor = deadline
    loop.startTimer(Self.timer, afterNanoseconds: deadline - loop.now)
  }
}

extension CloseReason {
  /// The loop had no room for one more connection. POSIX: `ENFILE`.
  static var noPlace: CloseReason { .failed(errno: 23) }
}
