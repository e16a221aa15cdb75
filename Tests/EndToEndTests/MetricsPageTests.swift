import Domain
import Metrics
import Testing

@testable import Runtime

/// The page of metrics, over HTTP.
@Suite(.timeLimit(.minutes(10))) struct MetricsPageTests {
  /// What a server answers to some bytes, to the end of the connection.
  static func ask(_ pieces: [String], at address: SocketAddress) throws -> String {
    let socket = try PatientSocket(to: address)
    for piece in pieces { try socket.send(Array(piece.utf8)) }
    var answer: [UInt8] = []
    let deadline = Deadline()
    while socket.end == nil { answer += try socket.read(by: deadline, "an answer over HTTP") }
    return String(decoding: answer, as: UTF8.self)
  }

  @Test func whatAGatewayCountsIsOnThePage() throws {
    let house = try House()
    let server = try MetricsServer(house.metrics, at: .loopback(port: 0))
    let alice = try house.terminal("alice")
    try alice.place("a-1")
    try alice.place("a-2", lots: 51)
    try alice.report(.workingConfirmed, of: "a-1")
    try alice.report(.rejected, of: "a-2")
    let awaited = [
      "sluice_orders_total 2\n", "sluice_orders_accepted_total 1\n",
      "sluice_orders_refused_total 1\n", "sluice_children_total 1\n",
      "sluice_logons_total{result=\"accepted\"} 1\n", "sluice_sessions 1\n",
      "sluice_links 3\n", "sluice_links_ready 3\n", "sluice_journal_available 1\n",
      "# TYPE sluice_order_turn_seconds summary\n",
    ]
    let page = try MetricsPage.wait(server, for: "\(awaited)") { page in
      awaited.allSatisfy { page.text.contains($0) }
    }.text
    #expect(page.hasPrefix("HTTP/1.0 200 OK\r\n"))
    let parts = page.split(separator: "\r\n\r\n", maxSplits: 1)
    try #require(parts.count == 2)
    #expect(parts[0].contains("Content-Length: \(parts[1].utf8.count)\r\n"))
    try #require(alice.logout == nil)
  }

  @Test func whatIsNoRequestForItGetsNoPage() throws {
    let metrics = MetricsTable()
    _ = metrics.gauge("some_gauge", "Some help")
    let server = try MetricsServer(metrics, at: .loopback(port: 0))
    #expect(
      try Self.ask(["GET /met", "rics HTTP/1.0\n", "\n"], at: server.address)
        .contains("some_gauge 0"))
    for request in ["GET / HTTP/1.0", "POST /metrics HTTP/1.0", "GET /metrics", "", "\u{0}"] {
      let answer = try Self.ask([request + "\r\n\r\n"], at: server.address)
      #expect(answer.hasPrefix("HTTP/1.0 404 Not Found\r\n"), "\(request): \(answer)")
    }
    // A request without an end is cut when it is longer than any can be.
    let socket = try PatientSocket(to: server.address)
    try socket.send([UInt8](repeating: UInt8(ascii: "x"), count: 8 * 1024))
    #expect(try socket.read(by: Deadline(), "the end of a connection") == [])
    #expect(try MetricsPage(at: server.address).text.contains("some_gauge 0"))
  }

  @Test func anAddressThatIsTakenIsSaid() throws {
    let server = try MetricsServer(MetricsTable(), at: .loopback(port: 0))
    let address = server.address
    #expect(throws: MetricsStartError.listen(.addressInUse)) {
      _ = try MetricsServer(MetricsTable(), at: address)
    }
    #expect(try MetricsPage(at: address).text.hasPrefix("HTTP/1.0 200"))
  }
}
