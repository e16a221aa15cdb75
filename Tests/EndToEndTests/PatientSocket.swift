import Glibc

@testable import Runtime

/// A connection on which a test waits for bytes, with a deadline.
class PatientSocket {
  /// How a connection's reading ended.
  enum End: Equatable {
    case closed
    case reset
  }

  let descriptor: Int32
  var end: End?
  private var isOpen = true

  /// - Parameter isNarrow: small segments and a small window, so that little waits in the system
  ///   for a reader that does not read.
  init(to address: SocketAddress, isNarrow: Bool = false) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SystemRefused(call: "socket") }
    if isNarrow {
      set(SOL_SOCKET, SO_RCVBUF, 2_048)
      set(Int32(IPPROTO_TCP), TCP_MAXSEG, 536)
    }
    set(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    var system = address.system
    let status = withUnsafePointer(to: &system) {
      connect(
        descriptor, UnsafeRawPointer($0).assumingMemoryBound(to: sockaddr.self),
        socklen_t(MemoryLayout<sockaddr_in>.size))
    }
    guard status == 0 else { throw SystemRefused(call: "connect") }
  }

  /// A connection that was accepted.
  init(descriptor: Int32) {
    self.descriptor = descriptor
    set(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
  }

  deinit { close() }

  private func set(_ level: Int32, _ name: Int32, _ value: Int32) {
    var value = value
    setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
  }

  func close() {
    if isOpen { _ = Glibc.close(descriptor) }
    isOpen = false
  }

  /// Ends the connection without a goodbye.
  func cut() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    close()
  }

  func send(_ bytes: [UInt8]) throws {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(
          descriptor, $0.baseAddress! + done, $0.count - done, Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        done += count
      } else if errno != EINTR {
        throw SystemRefused(call: "send")
      }
    }
  }

  /// What has come, at least a byte; empty at the end, and `end` says which.
  func read(by deadline: Deadline, _ what: String) throws -> [UInt8] {
    if end != nil { return [] }
    try deadline.wait(toRead: descriptor, what)
    var room = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &room, room.count, 0)
    if count > 0 { return Array(room[..<count]) }
    guard count == 0 || errno == ECONNRESET else { throw SystemRefused(call: "recv") }
    end = count == 0 ? .closed : .reset
    return []
  }

  /// Whether nothing has come that was not read.
  var isQuiet: Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, 0) == 0
  }
}
