import CSluice
import CUV

/// Sockets, timers and wake-ups of one thread, over libuv.
///
/// Set it up, then `run` it with a `LoopDriver`; everything it does for the driver is in the
/// methods of this type. It belongs to the thread that runs it: only a `LoopWaker` may be used
/// from others. Nothing is allocated per message.
public struct EventLoop: ~Copyable {
  let core: CorePointer
  private let wakerTarget: LoopWaker.Target

  /// Fails only when the system has no more file descriptors or memory for it.
  public init(_ limits: LoopLimits) throws(LoopError) {
    limits.check()
    sluice_ignore_sigpipe()
    // Each connection is an open file; what the system says no to shows when accepting.
    _ = sluice_raise_open_files()
    core = .allocate(capacity: 1)
    core.initialize(to: LoopCore(limits: limits, memory: LoopMemory(limits)))
    wakerTarget = LoopWaker.Target(core.pointee.async)
    let status = core.pointee.start(at: core)
    guard status == 0 else {
      wakerTarget.detach()
      core.deinitialize(count: 1)
      core.deallocate()
      throw .failed(errno: -status)
    }
    core.pointee.now = sluice_monotonic_nanoseconds()
  }

  /// Closes everything at once, without a word to the driver or the peers.
  deinit {
    wakerTarget.detach()
    uv_walk(core.pointee.uv, closeHandle, nil)
    while uv_loop_close(core.pointee.uv) == UV_EBUSY.rawValue {
      uv_run(core.pointee.uv, UV_RUN_ONCE)
    }
    core.deinitialize(count: 1)
    core.deallocate()
  }

  // MARK: Running

  /// Runs turn after turn until `stop`. What was sent in the last turn is handed to the system;
  /// connections stay, and the loop can be run again.
  @inlinable public mutating func run<Driver: LoopDriver & ~Copyable>(_ driver: inout Driver) {
    while !isStopping { turn(&driver) }
    hasStopped()
  }

  /// One turn; sleeps until there is something to do unless `waits` is false.
  @inlinable public mutating func turn<Driver: LoopDriver & ~Copyable>(
    _ driver: inout Driver, waits: Bool = true
  ) {
    poll(waits: waits)
    while let event = nextEvent() {
      switch event {
      case .opened(let connection): driver.connectionOpened(connection, &self)
      case .received(let connection, let bytes):
        consumed(driver.bytesReceived(connection, bytes, &self), of: connection)
      case .inputEnded(let connection): driver.inputEnded(connection, &self)
      case .drained(let connection): driver.outputDrained(connection, &self)
      case .closed(let connection, let tag, let reason):
        driver.connectionClosed(connection, tag: tag, reason, &self)
      case .refused(let peer, let tag): driver.connectionRefused(peer, tag: tag, &self)
      case .timer(let timer): driver.timerFired(timer, &self)
      case .woken: driver.woken(&self)
      case .signal(let signal): driver.signalReceived(signal, &self)
      }
    }
    driver.beforeSleep(&self)
    flush()
    driver.turnEnded(&self)
  }

  /// Lets `run` end after this turn.
  public mutating func stop() { core.pointee.isStopping = true }

  public var isStopping: Bool { core.pointee.isStopping }

  /// There is more to do at once: the next turn does not sleep.
  public mutating func hurry() { core.pointee.isInHurry = true }

  @usableFromInline mutating func hasStopped() { core.pointee.isStopping = false }

  /// Reads whatever is ready, into the buffers of its connections.
  @usableFromInline mutating func poll(waits: Bool) {
    let mayWait =
      waits && !core.pointee.limits.isSpinning && !core.pointee.isInHurry
      && core.pointee.ready.count == 0 && core.pointee.dirty.count == 0
      && core.pointee.shaking.count == 0
    core.pointee.isInHurry = false
    core.pointee.goOnShakingHands()
    uv_run(core.pointee.uv, mayWait ? UV_RUN_ONCE : UV_RUN_NOWAIT)
    core.pointee.now = sluice_monotonic_nanoseconds()
    core.pointee.counts.turns += 1
    core.pointee.readyThisTurn = core.pointee.ready.count
  }

  @usableFromInline mutating func nextEvent() -> LoopEvent? { core.pointee.nextEvent() }

  @usableFromInline mutating func consumed(_ count: Int, of connection: ConnectionID) {
    core.pointee.consumed(count, of: connection)
  }

  @usableFromInline mutating func flush() { core.pointee.flush() }

  // MARK: Time and facts

  /// CLOCK_MONOTONIC in nanoseconds, read once when this turn woke up.
  public var now: Int64 { core.pointee.now }
  public var limits: LoopLimits { core.pointee.limits }
  public var counts: LoopCounts { core.pointee.counts }
  /// Connections in any state between asked for or accepted and told closed.
  public var connectionCount: Int { core.pointee.openCount }

  public func makeWaker() -> LoopWaker { LoopWaker(target: wakerTarget) }
}

/// Why a loop can't be had.
public enum LoopError: Error, Equatable, Sendable {
  case failed(errno: Int32)
}

/// Something for the driver.
@usableFromInline enum LoopEvent {
  case opened(ConnectionID)
  case received(ConnectionID, UnsafeRawBufferPointer)
  case inputEnded(ConnectionID)
  case drained(ConnectionID)
  case closed(ConnectionID, tag: UInt64, CloseReason)
  case refused(SocketAddress, tag: UInt64)
  case timer(Int)
  case woken
  case signal(Int32)
}

private func closeHandle(
  _ handle: UnsafeMutablePointer<uv_handle_t>?, _ argument: UnsafeMutableRawPointer?
) {
  if uv_is_closing(handle) == 0 { uv_close(handle, nil) }
}
