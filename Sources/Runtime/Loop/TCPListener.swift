import CSluice
import CUV
import Glibc

/// A place for a listener. It never moves.
///
/// Peers are accepted here and not by libuv: what libuv 1.44 does when the system has no descriptor
/// for one more ends only when there is one.
struct ListenerSlot: BitwiseCopyable {
  /// Peers that are taken in at a time: others are served in between.
  static let peersMaximum = 64
  /// The pause after the system could not accept, most often for want of descriptors. Peers wait at
  /// the door meanwhile.
  static let restMilliseconds: UInt64 = 100

  let core: CorePointer
  let tag: UInt64
  let descriptor: Int32
  let poll: UnsafeMutablePointer<uv_poll_t>
  let rest: UnsafeMutablePointer<uv_timer_t>
  var isOpen = true
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
    let descriptor = try openListener(address, backlog: core.pointee.limits.backlog)
    let listener = core.pointee.listeners + index
    listener.initialize(
      to: ListenerSlot(
        core: core, tag: tag, descriptor: descriptor, poll: core.pointee.listenerPolls + index,
        rest: core.pointee.listenerRests + index))
    let status = uv_poll_init(core.pointee.uv, listener.pointee.poll, descriptor)
    guard status == 0 else {
      Glibc.close(descriptor)
      throw .failed(errno: -status)
    }
    uv_timer_init(core.pointee.uv, listener.pointee.rest)
    listener.pointee.poll.pointee.data = UnsafeMutableRawPointer(listener)
    listener.pointee.rest.pointee.data = UnsafeMutableRawPointer(listener)
    core.pointee.listenerCount += 1
    core.pointee.identities.append(tls)
    core.pointee.openTheDoor(listener)
    return ListenerID(index: index)
  }

  /// Accepts nobody any more; connections that came by it stay.
  public mutating func stopListening(_ listener: ListenerID) {
    let listener = core.pointee.listeners + listener.index
    if !listener.pointee.isOpen { return }
    listener.pointee.isOpen = false
    uv_close(listener.pointee.poll.cast(to: uv_handle_t.self), nil)
    uv_close(listener.pointee.rest.cast(to: uv_handle_t.self), nil)
    Glibc.close(listener.pointee.descriptor)
  }

  /// Where it listens; `.none` when it stopped.
  public func address(of listener: ListenerID) -> SocketAddress {
    let listener = core.pointee.listeners + listener.index
    guard listener.pointee.isOpen else { return .none }
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let status = withUnsafeMutablePointer(to: &storage) {
      getsockname(listener.pointee.descriptor, $0.cast(to: sockaddr.self), &length)
    }
    return status == 0 ? SocketAddress(storage) ?? .none : .none
  }
}

/// A socket that listens; it does not block.
private func openListener(
  _ address: SocketAddress, backlog: Int32
) throws(ListenError) -> Int32 {
  var storage = address.system
  let family = Int32(storage.ss_family)
  let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
  let descriptor = socket(family, kind, 0)
  guard descriptor >= 0 else { throw ListenError(errno: errno) }
  var on: Int32 = 1
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
  let length =
    family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
  let bound = withUnsafeMutablePointer(to: &storage) {
    bind(descriptor, $0.cast(to: sockaddr.self), socklen_t(length))
  }
  guard bound == 0, Glibc.listen(descriptor, backlog) == 0 else {
    let error = ListenError(errno: errno)
    Glibc.close(descriptor)
    throw error
  }
  return descriptor
}

extension ListenError {
  fileprivate init(errno: Int32) {
    self =
      switch errno {
      case EADDRINUSE: .addressInUse
      case EADDRNOTAVAIL: .addressNotAvailable
      case EACCES, EPERM: .notPermitted
      default: .failed(errno: errno)
      }
  }
}

extension LoopCore {
  func openTheDoor(_ listener: UnsafeMutablePointer<ListenerSlot>) {
    if listener.pointee.isOpen {
      uv_poll_start(listener.pointee.poll, Int32(UV_READABLE.rawValue), peersHaveCome)
    }
  }

  /// Takes in those who stand at the door. Who is left makes it be called again.
  mutating func acceptPeers(_ listener: UnsafeMutablePointer<ListenerSlot>) {
    for _ in 0..<ListenerSlot.peersMaximum {
      var storage = sockaddr_storage()
      var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
      let descriptor = withUnsafeMutablePointer(to: &storage) {
        sluice_accept(listener.pointee.descriptor, $0, &length)
      }
      switch -descriptor {
      case ...0: break
      case EAGAIN: return
      // This one is gone already, or the network's own trouble: accept(2) says to go on.
      case EINTR, ECONNABORTED, EPROTO, ENETDOWN, ENETUNREACH, EHOSTDOWN, EHOSTUNREACH, ENONET,
        ENOPROTOOPT, EOPNOTSUPP:
        continue
      default:
        counts.acceptFailures += 1
        uv_poll_stop(listener.pointee.poll)
        uv_timer_start(
          listener.pointee.rest, listenerHasRested, ListenerSlot.restMilliseconds, 0)
        return
      }
      accepted(descriptor, SocketAddress(storage) ?? .none, listener)
    }
  }

  private mutating func accepted(
    _ descriptor: Int32, _ peer: SocketAddress, _ listener: UnsafeMutablePointer<ListenerSlot>
  ) {
    guard let index = freeSlots.pop() else {
      Glibc.close(descriptor)
      counts.refused += 1
      turnedAway.append((peer, listener.pointee.tag))
      return
    }
    let slot = slots + Int(index)
    slot.pointee.tag = listener.pointee.tag
    slot.pointee.peer = peer
    uv_tcp_init(uv, slot.pointee.tcp)
    slot.pointee.tcp.pointee.data = UnsafeMutableRawPointer(slot)
    let status = uv_tcp_open(slot.pointee.tcp, descriptor)
    if status != 0 { Glibc.close(descriptor) }
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
}

private func peersHaveCome(
  _ poll: UnsafeMutablePointer<uv_poll_t>?, _ status: Int32, _ events: Int32
) {
  let listener = poll!.pointee.data.assumingMemoryBound(to: ListenerSlot.self)
  listener.pointee.core.pointee.acceptPeers(listener)
}

private func listenerHasRested(_ timer: UnsafeMutablePointer<uv_timer_t>?) {
  let listener = timer!.pointee.data.assumingMemoryBound(to: ListenerSlot.self)
  listener.pointee.core.pointee.openTheDoor(listener)
}
