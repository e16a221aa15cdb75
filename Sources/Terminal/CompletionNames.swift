import Client
import Domain
import Wire

/// The names that a line can be completed with, as they are known at the moment.
struct CompletionNames {
  struct Instrument {
    var exchange: Exchange
    var code: String
    var commodity: String
  }

  struct Order {
    /// As in the list of orders, from 1.
    var number: Int
    /// The gateway's id, and the client's.
    var ids: [String]
    var summary: String
    /// It can't be cancelled any more.
    var isFinal = false
  }

  var instruments: [Instrument] = []
  var orders: [Order] = []
  /// Instruments whose prices come.
  var watched: [String] = []

  /// Codes that begin so, sorted; in whatever case, where none does. With an exchange where one was
  /// written.
  func instruments(like part: String, except taken: [String]) -> [String] {
    var head = ""
    var begin = part[...]
    var candidates = instruments
    if let dot = part.firstIndex(of: ".") {
      guard let exchange = Exchange(code: part[..<dot].uppercased()) else { return [] }
      head = exchange.code + "."
      begin = part[part.index(after: dot)...]
      candidates.removeAll { $0.exchange != exchange }
    }
    var codes = candidates.map(\.code).filter { $0.hasPrefix(begin) }
    if codes.isEmpty {
      let lowered = begin.lowercased()
      codes = candidates.map(\.code).filter { $0.lowercased().hasPrefix(lowered) }
    }
    return Set(codes.map { head + $0 }).subtracting(taken).sorted()
  }

  func commodities(like part: String) -> [String] {
    Set(instruments.map(\.commodity)).filter { $0.hasPrefix(part) && !$0.isEmpty }.sorted()
  }

  /// By `#3` where nothing or a number is written, else by the id that begins so.
  func orders(like part: String, withFinal: Bool) -> [(name: String, summary: String)] {
    let orders = orders.filter { withFinal || !$0.isFinal }
    let byNumber = orders.filter { "#\($0.number)".hasPrefix(part) }
    if !byNumber.isEmpty { return byNumber.map { ("#\($0.number)", $0.summary) } }
    return orders.flatMap { order in
      (["\(order.number)"] + order.ids).filter { $0.hasPrefix(part) }.map { ($0, order.summary) }
    }
  }
}

// What is known at a terminal.
extension Shell {
  /// What Tab does to a line.
  ///
  /// - Parameters:
  ///   - line: what stands before the cursor.
  ///   - columns: of the screen.
  public mutating func completion(
    of line: String, columns: Int, _ client: TerminalClient
  ) -> Completion {
    listing.wanted()
    var names = CompletionNames()
    names.instruments = client.model.instruments.map {
      CompletionNames.Instrument(
        exchange: $0.exchange, code: $0.instrument.string, commodity: $0.commodity.string)
    }
    names.watched = Set(client.model.ticks.map { $0.instrument.string }).sorted()
    for (index, order) in client.model.orders.enumerated() {
      let id = order.orderID.isNone ? [] : [order.orderID.description]
      names.orders.append(
        CompletionNames.Order(
          number: index + 1, ids: id + [order.clOrdID.string],
          summary: OrderText.summary(order, settings.language),
          isFinal: order.state.isFinal))
    }
    return Completion(of: line, names, columns: columns, settings.language)
  }
}
