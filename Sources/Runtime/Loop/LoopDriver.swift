/// Whoever lives on an `EventLoop`: it is told what happened and answers through the loop.
///
/// A turn of the loop: everything that is ready is read; each event is handed over, one
/// connection at a time; `beforeSleep`; then each connection that was sent something gets it in
/// one write; `turnEnded`. What the driver asks of the loop never calls back into the driver at
/// once: what follows from it comes as a later event. All calls come on the loop's thread.
public protocol LoopDriver: ~Copyable {
  /// A peer came in by a listener, or a connection that was asked for stands.
  /// `loop.tag(of:)` tells which, `loop.peer(of:)` who.
  mutating func connectionOpened(_ connection: ConnectionID, _ loop: inout EventLoop)

  /// Bytes are there: all that were not consumed before, and at least one more. Gives back how
  /// many bytes, from the first on, are done with; the rest, part of a message, comes again with
  /// what follows it. The bytes are good until this returns.
  ///
  /// Nothing consumed of `LoopLimits.inputMaximumBytes` ends the connection: `.inputOverflow`.
  mutating func bytesReceived(
    _ connection: ConnectionID, _ bytes: UnsafeRawBufferPointer, _ loop: inout EventLoop
  ) -> Int

  /// The peer will send no more; it can still be sent to. Unless it is said otherwise, what it is
  /// owed is sent and the connection closed.
  mutating func inputEnded(_ connection: ConnectionID, _ loop: inout EventLoop)

  /// A connection whose output was full has half of it free again.
  mutating func outputDrained(_ connection: ConnectionID, _ loop: inout EventLoop)

  /// A connection is no more, whoever ended it. Comes once for each that was opened, and for each
  /// that was asked for and did not come to stand; the id is not used again.
  mutating func connectionClosed(
    _ connection: ConnectionID, tag: UInt64, _ reason: CloseReason, _ loop: inout EventLoop)

  /// A peer came and was closed at once, because the loop had no room for it.
  mutating func connectionRefused(
    _ peer: SocketAddress, tag: UInt64, _ loop: inout EventLoop)

  mutating func timerFired(_ timer: Int, _ loop: inout EventLoop)

  /// A `LoopWaker` was used, once or many times, since this was last called.
  mutating func woken(_ loop: inout EventLoop)

  /// SIGTERM and the like, as asked for by `EventLoop.watch(signal:)`.
  mutating func signalReceived(_ signal: Int32, _ loop: inout EventLoop)

  /// Everything of this turn was handed over; what is sent now still leaves in the same write.
  mutating func beforeSleep(_ loop: inout EventLoop)

  /// What this turn sent was handed to the system.
  mutating func turnEnded(_ loop: inout EventLoop)
}

extension LoopDriver where Self: ~Copyable {
  public mutating func inputEnded(_ connection: ConnectionID, _ loop: inout EventLoop) {
    loop.close(connection, .peerClosed)
  }
  public mutating func outputDrained(_ connection: ConnectionID, _ loop: inout EventLoop) {}
  public mutating func connectionRefused(
    _ peer: SocketAddress, tag: UInt64, _ loop: inout EventLoop
  ) {}
  public mutating func timerFired(_ timer: Int, _ loop: inout EventLoop) {}
  public mutating func woken(_ loop: inout EventLoop) {}
  public mutating func signalReceived(_ signal: Int32, _ loop: inout EventLoop) {
    loop.stop()
  }
  public mutating func beforeSleep(_ loop: inout EventLoop) {}
  public mutating func turnEnded(_ loop: inout EventLoop) {}
}

/// A connection of a loop. Its index is below `LoopLimits.connections` and is used again; the
/// generation tells one use from the next, so an old id is nobody's.
public struct ConnectionID: Equatable, Hashable, Sendable, BitwiseCopyable {
  public let index: UInt32
  public let generation: UInt32

  @inlinable init(index: UInt32, generation: UInt32) {
    self.index = index
    self.generation = generation
  }
}

/// Why a connection ended.
public enum CloseReason: Equatable, Sendable, BitwiseCopyable {
  /// The peer had nothing more to say.
  case peerClosed
  /// The peer went away without a word. POSIX: `ECONNRESET`, `EPIPE`.
  case peerReset
  /// Nobody listens there. POSIX: `ECONNREFUSED`.
  case connectRefused
  case connectTimedOut
  /// POSIX: `EHOSTUNREACH`, `ENETUNREACH`, `EADDRNOTAVAIL`.
  case unreachable
  /// The driver cut a peer that did not read.
  case slowReader
  /// A message longer than the input can become.
  case inputOverflow
  /// Its TLS came to nothing, or broke.
  case tls(TLSFault)
  /// The driver's own reason, in its own code.
  case owner(UInt32)
  /// Anything else that the system said.
  case failed(errno: Int32)
}

/// What sending came to.
public enum SendResult: Equatable, Sendable {
  /// It leaves at the end of the turn.
  case queued
  /// Too much waits already; nothing was taken. `outputDrained` follows when there is room.
  case full
  /// There is no such connection, or it is closing.
  case gone
}

/// Why a port can't be listened on.
public enum ListenError: Error, Equatable, Sendable {
  /// POSIX: `EADDRINUSE`.
  case addressInUse
  /// Not an address of this machine. POSIX: `EADDRNOTAVAIL`.
  case addressNotAvailable
  /// POSIX: `EACCES`, for ports below 1024 most often.
  case notPermitted
  /// `LoopLimits.listeners` were made.
  case tooManyListeners
  case failed(errno: Int32)
}

/// A listener of a loop.
public struct ListenerID: Equatable, Hashable, Sendable, BitwiseCopyable {
  let index: Int
}
