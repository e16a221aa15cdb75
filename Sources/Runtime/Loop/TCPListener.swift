import CUV

/// A place for a listener. It never moves.
struct ListenerSlot: BitwiseCopyable {
  let core: CorePointer
  let tag: UInt64
  let tcp: UnsafeMutablePointer<uv_tcp_t>
  var isOpen = true
  /// A peer stands at the door and there is no slot, not even to refuse it.
  var hasWaiting = false

  var stream: UnsafeMutablePointer<uv_stream_t> { tcp.cast(to: uv_stream_t.self) }
}

extension EventLoop {
  /// Accepts peers at an address; `tag` comes back with each of them. Port 0 is a free one:
  /// `address(of:)` tells which.
  ///
  /// - Parameter tls: what peers are shown, the newest at each handshake; nil = plain TCP.
  public mutating func listen(
    on address: SocketAddress, tag: UInt64 = 0, tls: TLSIdentity? = nil
  ) throws(ListenError) -> ListenerID {
    let index = core.pointee.listenerCount
    guard index < core.pointee.limits.listeners else { throw .tooManyListeners }
    let listener = core.pointee.listeners + index
    listener.initialize(
      to: ListenerSlot(core: core, tag: tag, tcp: core.pointee.listenerHandles + index))
    try check(uv_tcp_init(core.pointee.uv, listener.pointee.tcp))
    core.pointee.listenerCount += 1
    core.pointee.identities.append(tls)
    listener.pointee.tcp.pointee.data = UnsafeMutableRawPointer(listener)
    do throws(ListenError) {
      var system = address.system
      try withUnsafePointer(to: &system) { (system) throws(ListenError) in
        let plain = UnsafeRawPointer(system).assumingMemoryBound(to: sockaddr.self)
        try check(uv_tcp_bind(listener.pointee.tcp, plain, 0))
      }
      try check(uv_listen(listener.pointee.stream, core.pointee.limits.backlog, peerHasCome))
    } catch {
      stopListening(ListenerID(index: index))
      throw error
    }
    return ListenerID(index: index)
  }

  /// Accepts nobody any more; connections that came by it stay.
  public mutating func stopListening(_ listener: ListenerID) {
    let listener = core.pointee.listeners + listener.index
    if !listener.pointee.isOpen { return }
    listener.pointee.isOpen = false
    uv_close(listener.pointee.tcp.cast(to: uv_handle_t.self), nil)
  }

  /// Where it listens; `.none` when it stopped.
  public func address(of listener: ListenerID) -> SocketAddress {
    let listener = core.pointee.listeners + listener.index
    var storage = sockaddr_storage()
    var length = Int32(MemoryLayout<sockaddr_storage>.size)
    guard listener.pointee.isOpen else { return .none }
    let status = withUnsafeMutablePointer(to: &storage) {
      uv_tcp_getsockname(listener.pointee.tcp, $0.cast(to: sockaddr.self), &length)
    }
    return status == 0 ? SocketAddress(storage) ?? .none : .none
  }

  private func check(_ status: Int32) throws(ListenError) {
    switch status {
    case 0: break
    case UV_EADDRINUSE.rawValue: throw .addressInUse
    case UV_EADDRNOTAVAIL.rawValue: throw .addressNotAvailable
    case UV_EACCES.rawValue, UV_EPERM.rawValue: throw .notPermitted
    default: throw .failed(errno: -status)
    }
  }
}

extension LoopCore {
  mutating func accept(_ listener: UnsafeMutablePointer<ListenerSlot>) {
    let isRefused = freeSlots.count == 0
    guard let index = isRefused ? freeRefusals.pop() : freeSlots.pop() else {
      listener.pointee.hasWaiting = true
      return
    }
    let slot = slots + Int(index)
    slot.pointee.tag = listener.pointee.tag
    uv_tcp_init(uv, slot.pointee.tcp)
    slot.pointee.tcp.pointee.data = UnsafeMutableRawPointer(slot)
    let status = uv_accept(listener.pointee.stream, slot.pointee.stream)
    if status == 0 { slot.pointee.peer = peerAddress(of: slot) }
    if isRefused {
      slot.pointee.state = .refusing
      counts.refused += 1
      uv_close(slot.pointee.tcp.cast(to: uv_handle_t.self), slotWasClosed)
      return
    }
    openCount += 1
    let isReady = identities[listener - listeners].map { secure(slot, as: $0) } ?? true
    if status == 0, isReady {
      counts.accepted += 1
      opened(slot)
    } else {
      counts.acceptFailures += 1
      slot.pointee.reason = isReady ? CloseReason(status: status) : .tls(TLSFault(.failed))
      closeHandle(of: slot, resetting: false)
    }
  }

  /// Takes in those who waited at the door for a slot.
  mutating func acceptWaiting() {
    for index in 0..<listenerCount {
      let listener = listeners + index
      if listener.pointee.hasWaiting, listener.pointee.isOpen {
        listener.pointee.hasWaiting = false
        accept(listener)
      }
    }
  }

  /// A connection stands.
  mutating func opened(_ slot: SlotPointer) {
    slot.pointee.state = .open
    uv_tcp_nodelay(slot.pointee.tcp, 1)
    // The first message need not wait for the system to find pages.
    slot.pointee.input.base.storeBytes(of: 0, as: UInt8.self)
    slot.pointee.filling.base.storeBytes(of: 0, as: UInt8.self)
    setPending(.opened, of: slot)
    if slot.pointee.tls != nil { beginHandshake(slot) }
    startReading(slot)
  }

  func peerAddress(of slot: SlotPointer) -> SocketAddress {
    var storage = sockaddr_storage()
    var length = Int32(MemoryLayout<sockaddr_storage>.size)
    let status = withUnsafeMutablePointer(to: &storage) {
      uv_tcp_getpeername(slot.pointee.tcp, $0.cast(to: sockaddr.self), &length)
    }
    return status == 0 ? SocketAddress(storage) ?? .none : .none
  }
}

private func peerHasCome(_ server: UnsafeMutablePointer<uv_stream_t>?, _ status: Int32) {
  let listener = server!.pointee.data.assumingMemoryBound(to: ListenerSlot.self)
  if status == 0 {
    listener.pointee.core.pointee.accept(listener)
  } else {
    listener.pointee.core.pointee.counts.acceptFailures += 1
  }
}
