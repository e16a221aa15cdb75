import CUV

extension EventLoop {
  /// Connects to a peer. `connectionOpened` follows, or `connectionClosed` with what was wrong;
  /// trying again, and after what pause, is the driver's business. Nil when the loop is full.
  ///
  /// - Parameter tls: what is asked of the peer; nil = plain TCP. Its handshake begins once the
  ///   connection stands, and what the driver sends meanwhile waits for it.
  public mutating func connect(
    to address: SocketAddress, tag: UInt64 = 0, timeoutMilliseconds: UInt64,
    tls: TLSClient? = nil
  ) -> ConnectionID? {
    core.pointee.connect(
      to: address, tag: tag, timeoutMilliseconds: timeoutMilliseconds, tls: tls)
  }
}

extension LoopCore {
  mutating func connect(
    to address: SocketAddress, tag: UInt64, timeoutMilliseconds: UInt64, tls: TLSClient?
  ) -> ConnectionID? {
    guard let index = freeSlots.pop() else { return nil }
    let slot = slots + Int(index)
    openCount += 1
    slot.pointee.state = .connecting
    slot.pointee.tag = tag
    slot.pointee.peer = address
    uv_tcp_init(uv, slot.pointee.tcp)
    slot.pointee.tcp.pointee.data = UnsafeMutableRawPointer(slot)
    slot.pointee.connect.pointee.data = UnsafeMutableRawPointer(slot)
    var system = address.system
    let status = withUnsafePointer(to: &system) {
      uv_tcp_connect(
        slot.pointee.connect, slot.pointee.tcp,
        UnsafeRawPointer($0).assumingMemoryBound(to: sockaddr.self), connectHasEnded)
    }
    let isReady = tls.map { secure(slot, as: $0) } ?? true
    if status == 0, isReady {
      uv_update_time(uv)
      uv_timer_start(slot.pointee.timer, slotTimeIsOver, timeoutMilliseconds, 0)
    } else {
      slot.pointee.reason = isReady ? CloseReason(status: status) : .tls(TLSFault(.failed))
      closeHandle(of: slot, resetting: false)
    }
    return slot.pointee.id
  }

  mutating func connected(_ status: Int32, _ slot: SlotPointer) {
    // Cancelled: it was cut, or took too long.
    guard slot.pointee.state == .connecting else { return }
    uv_timer_stop(slot.pointee.timer)
    if status == 0 {
      counts.connected += 1
      opened(slot)
    } else {
      slot.pointee.reason = CloseReason(status: status)
      closeHandle(of: slot, resetting: false)
    }
  }
}

private func connectHasEnded(_ request: UnsafeMutablePointer<uv_connect_t>?, _ status: Int32) {
  let slot = slot(of: request!.pointee.data)
  slot.pointee.core.pointee.connected(status, slot)
}
