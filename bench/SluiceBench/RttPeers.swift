import Domain
import Wire

/// Somebody who takes an order and sends back what the counter made of it.
protocol RttPeer {
  /// Sends the next order and waits for the report of its fill.
  mutating func roundTrip()
}

/// The order that is sent again and again: a lot bought, a lot sold.
struct RttOrder {
  let instrument: InstrumentCode
  let price: Price
  private var count = UInt64(0)

  init(instrument: InstrumentCode, price: Price) {
    self.instrument = instrument
    self.price = price
  }

  /// Its number, and whether it opens.
  mutating func next() -> (number: UInt64, opens: Bool) {
    count += 1
    return (count, count % 2 == 1)
  }
}

/// The counter protocol, to the counter itself or through a proxy that only forwards bytes.
struct CounterPeer: RttPeer {
  private let connection: BlockingConnection
  private var order: RttOrder

  init?(port: UInt16, user: Name, _ order: RttOrder) {
    guard let connection = BlockingConnection(port: port) else { return nil }
    self.connection = connection
    self.order = order
    connection.send(
      CounterProtocol.Login(
        fundAccount: user, schemaVersion: CounterProtocol.version, heartbeatIntervalSeconds: 60,
        password: FixedText("bench") ?? FixedText()))
    while true {
      guard let message = try? CounterProtocol.Message(connection.next()) else { return nil }
      if case .loginAccepted = message { return }
      if case .loginRejected = message { return nil }
    }
  }

  mutating func roundTrip() {
    let (number, opens) = order.next()
    let child = OrderID(raw: number)
    connection.send(
      CounterProtocol.InsertOrder(
        childOrderID: child, instrument: order.instrument, exchange: .shfe,
        side: opens ? .buy : .sell, offset: opens ? .open : .closeToday, hedge: .speculation,
        type: .limit, timeInForce: .day, price: order.price, lots: 1))
    while true {
      guard let message = try? CounterProtocol.Message(connection.next()) else {
        BenchFailure.stop("a message of the counter is none")
      }
      if case .tradeReport(let trade) = message, trade.childOrderID == child { return }
    }
  }
}

/// The order-entry protocol, to the gateway.
struct GatewayPeer: RttPeer {
  private let connection: BlockingConnection
  private let account: Name
  private var order: RttOrder

  init?(port: UInt16, account: Name, password: FixedText<128>, _ order: RttOrder) {
    guard let connection = BlockingConnection(port: port) else { return nil }
    self.connection = connection
    self.account = account
    self.order = order
    connection.send(
      OrderEntry.Logon(
        account: account, terminalName: FixedText("bench") ?? FixedText(),
        schemaVersion: OrderEntry.version, heartbeatIntervalSeconds: 60, password: password))
    while true {
      guard let message = try? OrderEntry.Message(connection.next()) else { return nil }
      if case .resumeComplete = message { return }
      if case .logout(let logout) = message {
        BenchFailure.stop("the gateway refused the logon: \(logout.reason)")
      }
    }
  }

  /// A refusal stops the bench: nothing would be measured.
  mutating func roundTrip() {
    let (number, opens) = order.next()
    let id = ClOrdID("r\(number)") ?? ClOrdID()
    connection.send(
      OrderEntry.NewOrder(
        clOrdID: id, account: account, instrument: order.instrument, exchange: .shfe,
        side: opens ? .buy : .sell, offset: opens ? .open : .closeToday, hedge: .speculation,
        type: .limit, timeInForce: .day, price: order.price, lots: 1))
    while true {
      guard let message = try? OrderEntry.Message(connection.next()) else {
        BenchFailure.stop("a message of the gateway is none")
      }
      switch message {
      case .executionReport(let report) where report.clOrdID == id:
        if report.execType == .trade { return }
        if report.execType == .rejected {
          BenchFailure.stop("order \(number) was refused: rule \(report.value.refusal.rule)")
        }
      case .businessReject: BenchFailure.stop("order \(number) was refused at the edge")
      case .logout: BenchFailure.stop("the gateway said goodbye")
      default: break
      }
    }
  }
}
