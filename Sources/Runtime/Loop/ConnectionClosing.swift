import CUV

extension EventLoop {
  /// Ends a connection: what waits for the peer and then `lastWords` are sent, nothing more is
  /// heard from it, and `connectionClosed` follows with this reason. A peer that takes longer
  /// than `LoopLimits.lingerMilliseconds` to read them is cut.
  ///
  /// `lastWords`, of at most `LoopLimits.farewellBytes`, have room even when the output is full.
  public mutating func close(
    _ connection: ConnectionID, _ reason: CloseReason,
    lastWords: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)
  ) {
    guard let slot = core.pointee.slot(of: connection) else { return }
    precondition(
      lastWords.count <= core.pointee.limits.farewellBytes, "last words fit their reserve")
    switch slot.pointee.state {
    case .open:
      if lastWords.count > 0 {
        let end = slot.pointee.filling.base + slot.pointee.filling.end
        end.copyMemory(from: lastWords.baseAddress!, byteCount: lastWords.count)
        slot.pointee.filling.end += lastWords.count
      }
      core.pointee.finish(slot, reason)
    case .connecting: core.pointee.abort(slot, reason)
    case .free, .finishing, .closing, .closed: break
    }
  }

  /// Cuts a connection: what waits for the peer is forgotten, and the peer sees a reset.
  /// `connectionClosed` follows with this reason.
  public mutating func abort(_ connection: ConnectionID, _ reason: CloseReason) {
    guard let slot = core.pointee.slot(of: connection) else { return }
    core.pointee.abort(slot, reason)
  }

  /// Whether it stands and is not closing.
  public func isOpen(_ connection: ConnectionID) -> Bool { core.pointee.open(connection) != nil }

  /// Who is at the other end; `.none` for a connection that is gone.
  public func peer(of connection: ConnectionID) -> SocketAddress {
    core.pointee.slot(of: connection)?.pointee.peer ?? .none
  }

  /// What its listener or its `connect` was given; 0 for a connection that is gone.
  public func tag(of connection: ConnectionID) -> UInt64 {
    core.pointee.slot(of: connection)?.pointee.tag ?? 0
  }
}

extension LoopCore {
  /// Sends what is left, then says that nothing more comes, then waits for the peer to agree.
  mutating func finish(_ slot: SlotPointer, _ reason: CloseReason) {
    slot.pointee.state = .finishing
    slot.pointee.reason = reason
    slot.pointee.isPaused = false
    uv_timer_start(slot.pointee.timer, slotTimeIsOver, limits.lingerMilliseconds, 0)
    startReading(slot)
    markDirty(slot)
  }

  mutating func abort(_ slot: SlotPointer, _ reason: CloseReason) {
    switch slot.pointee.state {
    case .open, .connecting: slot.pointee.reason = reason
    case .finishing: break
    case .free, .closing, .closed: return
    }
    closeHandle(of: slot, resetting: true)
  }

  /// The system said that the connection is broken; what was read before is still handed over.
  mutating func failed(_ slot: SlotPointer, _ reason: CloseReason) {
    switch slot.pointee.state {
    case .open:
      slot.pointee.reason = reason
      stopReading(slot)
      slot.pointee.hasInputEnded = true
      setPending(.failed, of: slot)
    case .finishing: closeHandle(of: slot, resetting: true)
    case .free, .connecting, .closing, .closed: break
    }
  }

  /// The last words are with the system.
  mutating func endOutput(of slot: SlotPointer) {
    if slot.pointee.hasInputEnded {
      closeHandle(of: slot, resetting: false)
      return
    }
    if slot.pointee.isShuttingDown || slot.pointee.hasOutputEnded { return }
    slot.pointee.shutdown.pointee.data = UnsafeMutableRawPointer(slot)
    let status = uv_shutdown(slot.pointee.shutdown, slot.pointee.stream, outputHasEnded)
    if status == 0 {
      slot.pointee.isShuttingDown = true
    } else {
      closeHandle(of: slot, resetting: true)
    }
  }

  mutating func closeHandle(of slot: SlotPointer, resetting: Bool) {
    slot.pointee.state = .closing
    slot.pointee.isReading = false
    uv_timer_stop(slot.pointee.timer)
    // The whole loop is being closed.
    if uv_is_closing(slot.pointee.tcp.cast(to: uv_handle_t.self)) != 0 { return }
    if resetting, uv_tcp_close_reset(slot.pointee.tcp, slotWasClosed) == 0 { return }
    uv_close(slot.pointee.tcp.cast(to: uv_handle_t.self), slotWasClosed)
  }
}

/// A connection that was to be made or to end, or a handshake, took too long.
func slotTimeIsOver(_ timer: UnsafeMutablePointer<uv_timer_t>?) {
  let slot = slot(of: timer!.pointee.data)
  if slot.pointee.state == .open {
    slot.pointee.core.pointee.counts.tlsFailures += 1
    slot.pointee.core.pointee.abort(slot, .tls(TLSFault(.handshakeTimedOut)))
  } else {
    slot.pointee.core.pointee.abort(slot, .connectTimedOut)
  }
}

private func outputHasEnded(_ request: UnsafeMutablePointer<uv_shutdown_t>?, _ status: Int32) {
  let slot = slot(of: request!.pointee.data)
  slot.pointee.isShuttingDown = false
  slot.pointee.hasOutputEnded = true
  guard slot.pointee.state == .finishing else { return }
  if status != 0 || slot.pointee.hasInputEnded {
    slot.pointee.core.pointee.closeHandle(of: slot, resetting: status != 0)
  }
}

func slotWasClosed(_ handle: UnsafeMutablePointer<uv_handle_t>?) {
  let slot = slot(of: handle!.pointee.data)
  slot.pointee.state = .closed
  slot.pointee.core.pointee.setPending(.closed, of: slot)
}

extension CloseReason {
  /// From a negative libuv status.
  init(status: Int32) {
    self =
      switch status {
      case UV_ECONNRESET.rawValue, UV_EPIPE.rawValue: .peerReset
      case UV_ECONNREFUSED.rawValue: .connectRefused
      case UV_ETIMEDOUT.rawValue: .connectTimedOut
      case UV_EHOSTUNREACH.rawValue, UV_ENETUNREACH.rawValue, UV_EADDRNOTAVAIL.rawValue:
        .unreachable
      default: .failed(errno: -status)
      }
  }
}
