import Metrics

/// Metrics over HTTP/1.0 for Prometheus: `GET /metrics`, an answer, and the connection is closed.
/// It has a loop and a thread of its own, so that nobody's order waits for its text.
public struct MetricsServer: ~Copyable {
  public let address: SocketAddress
  private let waker: LoopWaker
  private let thread: WorkerThread

  /// - Parameter tls: what readers are shown; nil = plain TCP.
  public init(
    _ metrics: MetricsTable, at address: SocketAddress, tls: TLSIdentity? = nil
  ) throws(MetricsStartError) {
    let start = ThreadStart<BegunMetrics, MetricsStartError>()
    let body: @Sendable () -> Void = {
      do throws(MetricsStartError) {
        try MetricsServer.run(metrics, address, tls) { start.tell(.success($0)) }
      } catch {
        start.tell(.failure(error))
      }
    }
    guard let thread = WorkerThread(name: "metrics", body) else { throw .noThread }
    let begun = try start.wait().get()
    self.address = begun.address
    waker = begun.waker
    self.thread = thread
  }

  deinit { waker.wake() }

  private static func run(
    _ metrics: MetricsTable, _ address: SocketAddress, _ tls: TLSIdentity?,
    ready: (BegunMetrics) -> Void
  ) throws(MetricsStartError) {
    var limits = LoopLimits(connections: 16)
    limits.inputMaximumBytes = 8 * 1024
    limits.outputBytes = 1 << 18
    var loop: EventLoop
    do throws(LoopError) { loop = try EventLoop(limits) } catch { throw .loop(error) }
    var driver = MetricsDriver(metrics: metrics)
    let listener: ListenerID
    do throws(ListenError) {
      listener = try loop.listen(on: address, tls: tls)
    } catch {
      throw .listen(error)
    }
    ready(BegunMetrics(address: loop.address(of: listener), waker: loop.makeWaker()))
    loop.run(&driver)
  }
}

/// Why metrics can't be served.
public enum MetricsStartError: Error, Equatable, Sendable {
  case loop(LoopError)
  case listen(ListenError)
  case noThread
}

private struct BegunMetrics: Sendable {
  var address: SocketAddress
  var waker: LoopWaker
}

private struct MetricsDriver: LoopDriver {
  let metrics: MetricsTable
  private static let timer = 0
  /// Whoever has not asked by then is cut.
  private static let patienceNanoseconds: Int64 = 5_000_000_000
  private var waiting: [(connection: ConnectionID, since: Int64)] = []

  init(metrics: MetricsTable) { self.metrics = metrics }

  mutating func connectionOpened(_ connection: ConnectionID, _ loop: inout EventLoop) {
    waiting.append((connection, loop.now))
    if waiting.count == 1 {
      loop.startTimer(
        MetricsDriver.timer, afterNanoseconds: MetricsDriver.patienceNanoseconds)
    }
  }

  mutating func bytesReceived(
    _ connection: ConnectionID, _ bytes: UnsafeRawBufferPointer, _ loop: inout EventLoop
  ) -> Int {
    guard MetricsDriver.isWhole(bytes) else { return 0 }
    let line = bytes.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
    let words = line.split(separator: UInt8(ascii: " "))
    let asks = { (place: Int, word: StaticString) in
      words[place].elementsEqual(
        UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }
    let isRight = words.count == 3 && asks(0, "GET") && asks(1, "/metrics")
    let answer =
      isRight
      ? MetricsDriver.answer("200 OK", metrics.prometheusText())
      : MetricsDriver.answer("404 Not Found", "ask for GET /metrics\n")
    _ = Array(answer.utf8).withUnsafeBytes { loop.send(connection, $0) }
    loop.close(connection, .owner(0))
    return bytes.count
  }

  /// Whether a request has reached its empty line.
  private static func isWhole(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var ends = 0
    for byte in bytes {
      if byte == UInt8(ascii: "\n") { ends += 1 } else if byte != UInt8(ascii: "\r") { ends = 0 }
      if ends == 2 { return true }
    }
    return false
  }

  mutating func connectionClosed(
    _ connection: ConnectionID, tag: UInt64, _ reason: CloseReason, _ loop: inout EventLoop
  ) {
    waiting.removeAll { $0.connection == connection }
  }

  mutating func timerFired(_ timer: Int, _ loop: inout EventLoop) {
    for entry in waiting where loop.now - entry.since >= MetricsDriver.patienceNanoseconds {
      loop.abort(entry.connection, .owner(0))
    }
    if let first = waiting.first(where: {
      loop.now - $0.since < MetricsDriver.patienceNanoseconds
    }) {
      loop.startTimer(
        MetricsDriver.timer,
        afterNanoseconds: first.since + MetricsDriver.patienceNanoseconds - loop.now)
    }
  }

  mutating func woken(_ loop: inout EventLoop) { loop.stop() }

  private static func answer(_ status: String, _ body: String) -> String {
    """
    HTTP/1.0 \(status)\r
    Content-Type: text/plain; version=0.0.4; charset=utf-8\r
    Content-Length: \(body.utf8.count)\r
    Connection: close\r
    \r
    \(body)
    """
  }
}
