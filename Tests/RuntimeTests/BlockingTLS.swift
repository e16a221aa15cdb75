import COpenSSL
import Dispatch
import Glibc
import Testing

@testable import Runtime

/// The other end of a TLS connection, on a thread of its own and blocking: it does what a loop
/// never would.
final class BlockingTLS: @unchecked Sendable {
  let socket: RawSocket
  let ssl: OpaquePointer
  private let client: TLSClient
  private let input = BIO_new(BIO_s_mem())
  private let output = BIO_new(BIO_s_mem())
  /// So many bytes a segment.
  private let chunk: Int
  /// How it ended: OpenSSL's `SSL_ERROR_...` and the first error's words.
  private(set) var end: (error: Int32, words: String)?

  init(
    _ client: TLSClient, to address: SocketAddress, version: Int32 = TLS1_3_VERSION,
    chunk: Int = .max
  ) throws {
    self.client = client
    self.chunk = chunk
    socket = try RawSocket(connectedTo: address)
    var on: Int32 = 1
    setsockopt(
      socket.descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on,
      socklen_t(MemoryLayout<Int32>.size))
    // Nobody waits for ever for what does not come.
    var patience = timeval(tv_sec: 20, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(
        socket.descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
    }
    #expect(sluice_ssl_ctx_set_versions(client.context.pointer, version, version) == 1)
    ssl = try #require(SSL_new(client.context.pointer))
    BIO_ctrl(input, BIO_C_SET_BUF_MEM_EOF_RETURN, -1, nil)
    BIO_ctrl(output, BIO_C_SET_BUF_MEM_EOF_RETURN, -1, nil)
    SSL_set_bio(ssl, input, output)
    SSL_set_connect_state(ssl)
    #expect(client.prepare(ssl))
  }

  deinit { SSL_free(ssl) }

  /// OpenSSL: `SSL_OP_NO_RENEGOTIATION`.
  static let noRenegotiation: UInt64 = 1 << 30

  /// What the client would say first.
  func firstFlight() -> [UInt8] {
    SSL_do_handshake(ssl)
    return takeOutput()
  }

  func handshake() -> Bool { until { SSL_do_handshake(ssl) } > 0 }

  func write(_ bytes: [UInt8]) -> Bool {
    let isWritten = SSL_write(ssl, bytes, Int32(bytes.count)) == Int32(bytes.count)
    return isWritten && pumpOut()
  }

  /// Up to `count` bytes; fewer at the end.
  func read(_ count: Int) -> [UInt8] {
    var all: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 16_384)
    while all.count < count {
      let read = until { SSL_read(ssl, &part, Int32(min(part.count, count - all.count))) }
      guard read > 0 else { break }
      all += part[..<Int(read)]
    }
    return all
  }

  func pumpOut() -> Bool {
    let bytes = takeOutput()
    var done = 0
    while done < bytes.count {
      let part = min(chunk, bytes.count - done)
      let count = bytes.withUnsafeBytes {
        Glibc.send(socket.descriptor, $0.baseAddress! + done, part, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }

  private func takeOutput() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 1 << 17)
    let count = BIO_read(output, &bytes, Int32(bytes.count))
    return Array(bytes.prefix(max(0, Int(count))))
  }

  /// Does it again and again, with what comes from the peer in between.
  private func until(_ body: () -> Int32) -> Int32 {
    var part = [UInt8](repeating: 0, count: 16_384)
    while true {
      ERR_clear_error()
      let result = body()
      let error = SSL_get_error(ssl, result)
      let code = OpenSSLErrors.takeFirst()
      _ = pumpOut()
      if result > 0 { return result }
      guard error == SSL_ERROR_WANT_READ else {
        end = (error, OpenSSLErrors.words(code))
        return result
      }
      let count = recv(socket.descriptor, &part, min(part.count, chunk), 0)
      guard count > 0 else {
        end = (SSL_ERROR_SYSCALL, count == 0 ? "end" : "reset")
        return -1
      }
      BIO_write(input, part, Int32(count))
    }
  }

  /// Runs on a thread of its own; `wait` gives what came of it.
  final class Later<Result>: @unchecked Sendable {
    private let done = DispatchSemaphore(value: 0)
    private var result: Result?

    init(_ peer: BlockingTLS, _ waker: LoopWaker, _ body: @escaping (BlockingTLS) -> Result) {
      let body = Unchecked(body)
      DispatchQueue.global().async {
        self.result = body.value(peer)
        self.done.signal()
        waker.wake()
      }
    }

    func wait() -> Result {
      done.wait()
      return result!
    }
  }

  private struct Unchecked<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
  }
}

/// Rung by one thread, waited for by another.
final class DispatchBell: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  func ring() { semaphore.signal() }
  func wait() { semaphore.wait() }
}
