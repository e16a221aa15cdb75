import Testing

@testable import Runtime

/// What a gateway tells of itself, over HTTP.
struct MetricsPage {
  let text: String

  init(at address: SocketAddress) throws {
    text = try MetricsPageTests.ask(["GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"], at: address)
  }

  /// A metric's value, its labels part of the name; nil when it is not told.
  func value(_ name: String) -> Int64? {
    text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
      .flatMap { Int64($0.dropFirst(name.count + 1)) }
  }

  /// The first page that tells what is awaited: a gateway writes its own fifty times a second, and
  /// at the end of the turn in which something happened at the soonest.
  static func wait(
    _ server: borrowing MetricsServer, for what: String, _ isSo: (MetricsPage) -> Bool
  ) throws -> MetricsPage {
    let deadline = Deadline()
    var page = try MetricsPage(at: server.address)
    while !isSo(page) {
      guard deadline.millisecondsLeft > 0 else {
        throw Overdue(what: "\(what) on the page:\n\(page.text)")
      }
      page = try MetricsPage(at: server.address)
    }
    return page
  }
}
