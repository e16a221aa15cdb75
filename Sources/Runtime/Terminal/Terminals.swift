import Client
import Session

/// The terminals of a `TerminalDriver`, by number from 0, and their connections.
public struct Terminals: ~Copyable {
  /// To be used in place; their number never changes.
  public var clients: [TerminalClient]
  /// Where each of them connects to.
  let addresses: [SocketAddress]
  private var connections: [ConnectionID?]
  /// Ends that are known while their connection still closes.
  private var ends: [TerminalLinkEnd?]

  init(_ clients: [TerminalClient], _ addresses: [SocketAddress]) {
    precondition(clients.count == addresses.count, "each terminal has an address")
    self.clients = clients
    self.addresses = addresses
    connections = Array(repeating: nil, count: clients.count)
    ends = Array(repeating: nil, count: clients.count)
  }

  public var count: Int { clients.count }

  /// Terminals that are logged on.
  public var loggedOnCount: Int { clients.reduce(0) { $0 + ($1.isLoggedOn ? 1 : 0) } }

  /// Lets a terminal leave for good; `ended` follows if it has a connection.
  public mutating func leave(_ terminal: Int, _ loop: inout EventLoop) {
    if let end = clients[terminal].leave(at: loop.now) { close(terminal, end, &loop) }
  }

  /// Breaks a terminal's connection, as a network does: without a word. It comes back if its logon
  /// says so.
  public func cut(_ terminal: Int, _ loop: inout EventLoop) {
    guard let connection = connections[terminal] else { return }
    loop.abort(connection, .owner(CloseReason.terminalCut))
  }

  // MARK: For the driver

  func isCurrent(_ connection: ConnectionID, of terminal: Int) -> Bool {
    connections[terminal] == connection
  }

  /// Does what a terminal wants. False when the loop has no room for its connection.
  mutating func act(_ action: ClientAction, _ terminal: Int, _ loop: inout EventLoop) -> Bool {
    switch action {
    case .nothing: break
    case .connect:
      connections[terminal] = loop.connect(
        to: addresses[terminal], tag: UInt64(terminal),
        timeoutMilliseconds: UInt64(SessionTiming.connectSeconds) * 1000)
      return connections[terminal] != nil
    case .close(let end): close(terminal, end, &loop)
    case .cut: cut(terminal, &loop)
    }
    return true
  }

  mutating func close(_ terminal: Int, _ end: TerminalLinkEnd, _ loop: inout EventLoop) {
    ends[terminal] = end
    send(terminal, &loop)
    if let connection = connections[terminal] {
      loop.close(connection, .owner(CloseReason.terminalEnded))
    }
  }

  /// Sends as much of what is pending as the connection takes now.
  mutating func send(_ terminal: Int, _ loop: inout EventLoop) {
    guard clients[terminal].hasPendingOutput, let connection = connections[terminal] else {
      return
    }
    clients[terminal].sendPending { bytes in
      let room = loop.limits.outputBytes - loop.backlog(of: connection)
      // Without room this asks to be told when there is some.
      let count = min(bytes.count, max(room, 1))
      let part = UnsafeRawBufferPointer(rebasing: bytes[..<count])
      return loop.send(connection, part) == .queued ? count : 0
    }
  }

  /// The connection is no more: why.
  mutating func closed(_ terminal: Int, at now: Int64) -> TerminalLinkEnd? {
    connections[terminal] = nil
    defer { ends[terminal] = nil }
    return clients[terminal].disconnected(at: now) ?? ends[terminal]
  }

  /// The soonest deadline of all.
  var deadline: Int64 {
    var soonest = SessionTiming.never
    for terminal in clients.indices { soonest = min(soonest, clients[terminal].deadline) }
    return soonest
  }
}

extension CloseReason {
  /// Own codes: the terminal's session ended; its last words were not read in time.
  static let terminalEnded: UInt32 = 1
  static let terminalCut: UInt32 = 2
}
