/// Somebody the gateway talks to.
public enum Peer: Equatable, Hashable, Sendable, BitwiseCopyable {
  case terminal(TerminalID)
  case link(LinkID)
}

/// Something the driver is asked to do, in this order, once the turn's bytes have been handed on.
public enum GatewayRequest: Equatable, Sendable, BitwiseCopyable {
  /// Open a connection to a link's counter; `linkConnected` or `linkClosed` follows.
  case connect(LinkID)
  /// Leave what a peer sends in the system's buffers.
  case pauseReading(Peer)
  /// Go on reading; offer again what was not consumed.
  case resumeReading(Peer)
  /// Close a connection behind what waits for it; `terminalClosed` or `linkClosed` follows.
  case close(Peer)
  /// Cut it at once; the same follows.
  case cut(Peer)
}
