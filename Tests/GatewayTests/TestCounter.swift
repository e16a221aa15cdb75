import Domain
import Messages
import Wire

@testable import Gateway

/// A counter for one fund account that lets everybody in and keeps what it is sent; the test says
/// what it reports.
struct TestCounter {
  var epoch: UInt64 = 0
  var lastSequence: UInt64 = 0
  /// Nobody is there.
  var isDown = false
  private(set) var orders: [CounterProtocol.InsertOrder] = []
  private(set) var cancels: [CounterProtocol.CancelOrder] = []
  private(set) var fatesAsked: [OrderID] = []
  private(set) var subscriptions = 0
  private(set) var saidGoodbye = false
  /// Orders it denies having.
  var lost: Set<UInt64> = []

  mutating func connected() { epoch += 1 }

  /// Forgets what was sent, as if it had never come.
  mutating func loseOrders() {
    for order in orders { lost.insert(order.childOrderID.raw) }
    orders = []
  }

  mutating func nextSequence() -> UInt64 {
    lastSequence += 1
    return lastSequence
  }

  mutating func accepted(_ child: OrderID) -> CounterProtocol.OrderReport {
    CounterProtocol.OrderReport(
      counterSequence: nextSequence(), childOrderID: child, venueOrderID: VenueID("V1")!,
      state: .accepted, cumulativeLots: 0, leavesLots: 1, time: SmallHouse.start)
  }

  mutating func cancelled(_ child: OrderID) -> CounterProtocol.OrderReport {
    CounterProtocol.OrderReport(
      counterSequence: nextSequence(), childOrderID: child, venueOrderID: VenueID("V1")!,
      state: .cancelled, cumulativeLots: 0, leavesLots: 0, time: SmallHouse.start)
  }

  mutating func filled(
    _ order: CounterProtocol.InsertOrder, lots: Lots
  ) -> CounterProtocol.TradeReport {
    let sequence = nextSequence()
    return CounterProtocol.TradeReport(
      counterSequence: sequence, childOrderID: order.childOrderID,
      tradeID: VenueID("T\(sequence)")!, venueOrderID: VenueID("V1")!,
      instrument: order.instrument, exchange: order.exchange, side: order.side,
      offset: order.offset, hedge: order.hedge, price: order.price, lots: lots,
      time: SmallHouse.start)
  }

  /// What it says to some whole messages.
  mutating func answer(_ bytes: [UInt8]) -> [UInt8] {
    var answer: [UInt8] = []
    bytes.withUnsafeBytes { bytes in
      var rest = UnsafeRawBufferPointer(rebasing: bytes[...])
      while case .frame(let frame) = FrameScanner.scan(rest, limit: Framing.outboundMaximum) {
        if let message = try? CounterProtocol.Message(frame) { answer += self.answer(message) }
        rest = UnsafeRawBufferPointer(rebasing: rest[frame.length...])
      }
    }
    return answer
  }

  private mutating func answer(_ message: CounterProtocol.Message) -> [UInt8] {
    switch message {
    case .login:
      return GatewayDesk.bytes(
        CounterProtocol.LoginAccepted(
          epoch: epoch, tradingDay: SmallHouse.day, lastCounterSequence: lastSequence,
          serverTime: SmallHouse.start, heartbeatIntervalSeconds: 10, schemaVersion: 1))
    case .reportsRequest(let request):
      return GatewayDesk.bytes(
        CounterProtocol.ReportsEnd(
          requestNumber: request.requestNumber, lastSequence: lastSequence))
    case .ordersRequest(let request):
      var bytes: [UInt8] = []
      for index in 0..<request.orders.count {
        let child = request.orders[index].childOrderID
        fatesAsked.append(child)
        bytes += GatewayDesk.bytes(
          CounterProtocol.OrderStatus(
            requestNumber: request.requestNumber, childOrderID: child,
            state: lost.contains(child.raw) ? .neverArrived : .accepted, cumulativeLots: 0,
            leavesLots: 1))
      }
      return bytes
        + GatewayDesk.bytes(
          CounterProtocol.OrdersEnd(
            requestNumber: request.requestNumber, count: UInt32(request.orders.count)))
    case .fundsRequest(let request):
      return GatewayDesk.bytes(
        CounterProtocol.FundsReport(
          requestNumber: request.requestNumber, tradingDay: SmallHouse.day,
          equity: Money(yuan: 1_000_000), available: Money(yuan: 1_000_000), margin: .zero))
    case .insertOrder(let order):
      orders.append(order.value)
      return []
    case .cancelOrder(let cancel):
      cancels.append(cancel.value)
      return []
    case .subscribeTicks(let request):
      subscriptions += request.instruments.count
      return []
    case .logout:
      saidGoodbye = true
      return []
    default: return []
    }
  }
}
