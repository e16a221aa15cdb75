import Domain
import Testing
import Wire

@testable import Gateway

protocol OrderQuestion: WireMessage {
  var after: UInt64 { get set }
  var maximumRows: UInt32 { get }
}

extension OrderEntry.TryOrder: OrderQuestion {}
extension OrderEntry.WhyOrder: OrderQuestion {}
extension OrderEntry.RoomRequest: OrderQuestion {}

/// Questions about orders, and what comes of them.
extension FollowedDesk {
  /// A page with everything that came, which is nothing but it.
  struct Explained {
    var order: OrderEntry.OrderRow?
    var findings: [OrderEntry.FindingRow] = []
    var routes: [OrderEntry.RouteRow] = []
    var rooms: [OrderEntry.RoomRow] = []
    var end = OrderEntry.ExplainEnd()

    var then: [OrderEntry.RouteRow] { routes.filter { $0.part == .then } }
    var now: [OrderEntry.RouteRow] { routes.filter { $0.part == .now } }
    var decider: OrderEntry.FindingRow? { findings.first { $0.flags.contains(.decides) } }
    var rule: RuleID { RuleID(rawValue: end.refusal.rule) ?? .none }
    var binding: RuleID { RuleID(rawValue: end.binding.rule) ?? .none }
    /// All of the order would be taken and find a place.
    var passesWhole: Bool { end.verdict == .taken && end.placedLots == end.lots }

    var count: Int { (order == nil ? 0 : 1) + findings.count + routes.count + rooms.count }

    mutating func add(_ received: Received) {
      switch received {
      case .order(let row): order = row
      case .finding(let row): findings.append(row)
      case .route(let row): routes.append(row)
      case .room(let row): rooms.append(row)
      case .explainEnd(let end): self.end = end
      default: Issue.record("\(received) came in an answer")
      }
    }
  }

  /// The question what would become of an order.
  static func trial(
    _ order: OrderEntry.NewOrder, lots: Lots? = nil, after: UInt64 = 0, rows: UInt32 = 0,
    named: Bool = false
  ) -> OrderEntry.TryOrder {
    OrderEntry.TryOrder(
      requestNumber: 1, account: order.account, after: after, maximumRows: rows,
      clOrdID: named ? order.clOrdID : ClOrdID(), instrument: order.instrument,
      exchange: order.exchange, side: order.side, offset: order.offset, hedge: order.hedge,
      type: order.type, timeInForce: order.timeInForce, price: order.price,
      lots: lots ?? order.lots, minimumLots: order.minimumLots)
  }

  static func why(
    _ id: String, _ account: String = "alice", after: UInt64 = 0, rows: UInt32 = 0
  ) -> OrderEntry.WhyOrder {
    OrderEntry.WhyOrder(
      requestNumber: 1, account: Name(account)!, after: after, maximumRows: rows,
      targetClOrdID: ClOrdID(id)!)
  }

  static func room(
    _ instrument: String = "rb2701", after: UInt64 = 0, rows: UInt32 = 0
  ) -> OrderEntry.RoomRequest {
    OrderEntry.RoomRequest(
      requestNumber: 1, account: Name("alice")!, after: after, maximumRows: rows,
      instrument: InstrumentCode(instrument)!)
  }

  /// All pages of an answer; one page of a question that says how many rows it wants.
  mutating func explain(_ message: some OrderQuestion, from id: TerminalID) -> Explained {
    var message = message
    var answer = Explained()
    _ = desk.received(id)
    repeat {
      message.after = max(message.after, answer.end.after)
      desk.send(message, from: id)
      serve()
      for received in desk.received(id) { answer.add(received) }
    } while answer.end.result == .more && message.maximumRows == 0
    return answer
  }

  /// An order, its first report, and its children accepted and filled as far as is said.
  mutating func decided(
    _ order: OrderEntry.NewOrder, filled lots: Lots, from id: TerminalID
  ) throws -> OrderEntry.ExecutionReport {
    _ = desk.received(id)
    let links = [LinkID(index: 0), LinkID(index: 1)]
    let before = links.map { desk.orders(at: $0).count }
    desk.send(order, from: id)
    desk.settle()
    let report = try #require(desk.reports(id).first { $0.clOrdID == order.clOrdID })
    for (link, count) in zip(links, before) {
      for child in desk.orders(at: link)[count...] {
        desk.send(desk.counters[link]!.accepted(child.childOrderID), from: link)
        if lots > 0 {
          desk.send(desk.counters[link]!.filled(child, lots: min(lots, child.lots)), from: link)
        }
      }
    }
    settle()
    _ = desk.received(id)
    return report
  }
}
