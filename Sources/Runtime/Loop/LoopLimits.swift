/// What a loop may use. All of it is taken at the start; at a limit there is an answer, not more.
public struct LoopLimits: Equatable, Sendable {
  /// Connections open at the same time; one more is accepted and closed at once.
  public var connections: Int
  /// Listeners in the life of the loop.
  public var listeners = 4
  /// Timers, numbered from 0, at most 64.
  public var timers = 16
  /// Bytes of a connection's first input buffer.
  public var inputBytes = 8 * 1024
  /// Bytes of a grown input buffer: the longest message that can be received.
  public var inputMaximumBytes = 64 * 1024
  /// How many connections can have a grown input buffer at the same time.
  public var grownInputs = 64
  /// Bytes that may wait for one connection's peer; past it `send` answers `.full`.
  public var outputBytes = 64 * 1024
  /// Bytes kept aside for the last words of a connection whose output is full.
  public var farewellBytes = 1024
  /// How long a closing connection may take to hear the last words.
  public var lingerMilliseconds: UInt64 = 1000
  /// How long a TLS handshake may take.
  public var handshakeMilliseconds: UInt64 = 5000
  /// Steps of handshakes in a turn; the others wait, so that strangers hold up nobody's order for
  /// longer than these take: some 0.2 ms each, 1 ms with an RSA key.
  public var handshakeStepsPerTurn = 4
  /// Connections that wait for `accept`, in the system's own queue.
  public var backlog: Int32 = 1024
  /// Never sleeps: shortest latency, one processor burnt. For machines with processors to spare.
  public var isSpinning = false

  public init(connections: Int) { self.connections = connections }

  func check() {
    precondition(connections > 0 && connections < 1 << 24, "a loop has 1 to 2^24 connections")
    precondition((0...64).contains(timers), "a loop has at most 64 timers")
    precondition(inputBytes >= 64, "an input buffer takes a small message")
    precondition(inputMaximumBytes >= inputBytes, "a grown input buffer is the longer one")
    precondition(outputBytes >= 64 && farewellBytes >= 0, "an output buffer takes a message")
    precondition(handshakeStepsPerTurn > 0, "a handshake comes to its end")
    precondition(grownInputs >= 0 && listeners >= 0, "a limit is not negative")
  }
}

/// What a loop has done so far.
public struct LoopCounts: Equatable, Sendable {
  public var turns: Int64 = 0
  public var accepted: Int64 = 0
  /// Accepted and closed at once: the loop was full.
  public var refused: Int64 = 0
  /// The system could not accept, most often for want of file descriptors.
  public var acceptFailures: Int64 = 0
  public var connected: Int64 = 0
  public var closed: Int64 = 0
  public var reads: Int64 = 0
  public var bytesRead: Int64 = 0
  /// System calls that wrote; all bytes for a connection in a turn leave in one.
  public var writes: Int64 = 0
  public var bytesWritten: Int64 = 0
  /// Times that a peer did not take at once all there was for it.
  public var slowWrites: Int64 = 0
  /// TLS handshakes that came to their end.
  public var handshakes: Int64 = 0
  /// Connections that ended because of their TLS.
  public var tlsFailures: Int64 = 0

  public init() {}
}
