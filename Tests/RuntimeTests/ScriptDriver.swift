import CUV
import Dispatch
import Glibc
import Testing

@testable import Runtime

/// A driver that does what a test says, and remembers what it was told.
struct ScriptDriver: LoopDriver {
  let script: Script

  mutating func connectionOpened(_ connection: ConnectionID, _ loop: inout EventLoop) {
    script.opened.append(connection)
    script.onOpened(connection, &loop)
  }
  mutating func bytesReceived(
    _ connection: ConnectionID, _ bytes: UnsafeRawBufferPointer, _ loop: inout EventLoop
  ) -> Int {
    script.onBytes(connection, bytes, &loop)
  }
  mutating func inputEnded(_ connection: ConnectionID, _ loop: inout EventLoop) {
    script.onInputEnded(connection, &loop)
  }
  mutating func outputDrained(_ connection: ConnectionID, _ loop: inout EventLoop) {
    script.onDrained(connection, &loop)
  }
  mutating func connectionClosed(
    _ connection: ConnectionID, tag: UInt64, _ reason: CloseReason, _ loop: inout EventLoop
  ) {
    script.closed.append(.init(connection: connection, tag: tag, reason: reason))
    script.onClosed(connection, reason, &loop)
  }
  mutating func connectionRefused(
    _ peer: SocketAddress, tag: UInt64, _ loop: inout EventLoop
  ) {
    script.refused.append(peer)
  }
  mutating func timerFired(_ timer: Int, _ loop: inout EventLoop) {
    if timer == Script.guardTimer {
      Issue.record("the loop waits for something that does not come")
      loop.stop()
    } else {
      script.onTimer(timer, &loop)
    }
  }
  mutating func woken(_ loop: inout EventLoop) { script.onWoken(&loop) }
  mutating func signalReceived(_ signal: Int32, _ loop: inout EventLoop) {
    script.signals.append(signal)
    loop.stop()
  }
  mutating func beforeSleep(_ loop: inout EventLoop) {
    script.onSleep(&loop)
    if script.isDone() { loop.stop() }
  }
}

/// What a test wants to happen on a loop. Server and clients live on the same one: connections
/// that a listener brought have the tag `Script.server`.
final class Script {
  static let server: UInt64 = 1
  static let guardTimer = 15

  struct Closed: Equatable {
    var connection: ConnectionID
    var tag: UInt64
    var reason: CloseReason
  }

  var opened: [ConnectionID] = []
  var closed: [Closed] = []
  var refused: [SocketAddress] = []
  var signals: [Int32] = []

  var onOpened: (ConnectionID, inout EventLoop) -> Void = { _, _ in }
  var onBytes: (ConnectionID, UnsafeRawBufferPointer, inout EventLoop) -> Int = { _, bytes, _ in
    bytes.count
  }
  var onInputEnded: (ConnectionID, inout EventLoop) -> Void = { $1.close($0, .peerClosed) }
  var onDrained: (ConnectionID, inout EventLoop) -> Void = { _, _ in }
  var onClosed: (ConnectionID, CloseReason, inout EventLoop) -> Void = { _, _, _ in }
  var onTimer: (Int, inout EventLoop) -> Void = { _, _ in }
  var onWoken: (inout EventLoop) -> Void = { _ in }
  var onSleep: (inout EventLoop) -> Void = { _ in }
  var isDone: () -> Bool = { false }

  /// Runs until `isDone`, or until half a minute shows that it never will be.
  func run(_ loop: inout EventLoop) {
    loop.startTimer(Script.guardTimer, afterNanoseconds: 30_000_000_000)
    var driver = ScriptDriver(script: self)
    loop.run(&driver)
    loop.stopTimer(Script.guardTimer)
  }

  func reason(ofTag tag: UInt64) -> CloseReason? { closed.first { $0.tag == tag }?.reason }
}

extension EventLoop {
  mutating func send(_ connection: ConnectionID, _ bytes: [UInt8]) -> SendResult {
    bytes.withUnsafeBytes { send(connection, $0) }
  }

  mutating func close(_ connection: ConnectionID, _ reason: CloseReason, saying text: String) {
    var text = text
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 1)
    defer { bytes.deallocate() }
    let count = text.withUTF8 { utf8 in
      bytes.copyMemory(from: UnsafeRawBufferPointer(utf8))
      return utf8.count
    }
    close(connection, reason, lastWords: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
  }

  /// A listener on a free port whose connections are tagged `Script.server`.
  mutating func listenAnywhere() throws -> SocketAddress {
    let listener = try listen(on: .loopback(port: 0), tag: Script.server)
    return address(of: listener)
  }

  mutating func connect(to address: SocketAddress, tag: UInt64 = 0) -> ConnectionID? {
    connect(to: address, tag: tag, timeoutMilliseconds: 20_000)
  }

  mutating func connected(to address: SocketAddress, tag: UInt64 = 0) throws -> ConnectionID {
    let connection = connect(to: address, tag: tag)
    return try #require(connection)
  }
}

/// A plain blocking socket, for peers that behave as a loop never would.
final class RawSocket {
  let descriptor: Int32

  init(connectedTo address: SocketAddress) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var system = address.system
    let status = withUnsafePointer(to: &system) {
      Glibc.connect(
        descriptor, UnsafeRawPointer($0).assumingMemoryBound(to: sockaddr.self),
        socklen_t(MemoryLayout<sockaddr_in>.size))
    }
    try #require(status == 0)
  }

  /// Listens, and never accepts.
  init(listeningWithBacklog backlog: Int32) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var system = SocketAddress.loopback(port: 0).system
    let status = withUnsafePointer(to: &system) {
      bind(
        descriptor, UnsafeRawPointer($0).assumingMemoryBound(to: sockaddr.self),
        socklen_t(MemoryLayout<sockaddr_in>.size))
    }
    try #require(status == 0)
    try #require(Glibc.listen(descriptor, backlog) == 0)
  }

  deinit { close(descriptor) }

  var address: SocketAddress {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    _ = withUnsafeMutablePointer(to: &storage) {
      getsockname(descriptor, $0.cast(to: sockaddr.self), &length)
    }
    return SocketAddress(storage) ?? .none
  }

  func send(_ bytes: [UInt8]) {
    #expect(Glibc.send(descriptor, bytes, bytes.count, 0) == bytes.count)
  }

  func endOutput() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// The next close is a reset.
  func willReset() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }

  /// Ends both ways at once, now.
  func reset() {
    var nowhere = sockaddr()
    nowhere.sa_family = sa_family_t(AF_UNSPEC)
    _ = Glibc.connect(descriptor, &nowhere, socklen_t(MemoryLayout<sockaddr>.size))
  }

  /// Everything up to the end, or nil when the peer reset.
  func receiveAll() -> [UInt8]? {
    var all: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &part, part.count, 0)
      if count < 0 { return nil }
      if count == 0 { return all }
      all += part[..<count]
    }
  }
}

/// Reads a socket to its end on a thread of its own.
final class LaterReceived: @unchecked Sendable {
  private let done = DispatchSemaphore(value: 0)
  private var bytes: [UInt8]?

  init(_ socket: RawSocket) {
    let socket = UncheckedBox(socket)
    DispatchQueue.global().async {
      self.bytes = socket.value.receiveAll()
      self.done.signal()
    }
  }

  func wait() -> [UInt8]? {
    done.wait()
    return bytes
  }
}

private struct UncheckedBox<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}
