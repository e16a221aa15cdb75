import Client
import Domain
import Session
import Testing
import Wire

/// A gateway's end in memory: it accepts the logon and keeps what it is sent; the test answers.
final class MemoryGateway {
  var session = TerminalSessionState(TerminalSessionTerms(), at: 0)
  var orders: [OrderEntry.NewOrder] = []
  var cancels: [OrderEntry.CancelOrder] = []
  var massCancels: [OrderEntry.MassCancel] = []
  var subscriptions: [OrderEntry.SubscribeTicks] = []
  var instrumentsRequests: [OrderEntry.InstrumentsRequest] = []
  var queries: [OrderEntry.Query] = []
  var tries: [OrderEntry.TryOrder] = []
  var whys: [OrderEntry.WhyOrder] = []
  var rooms: [OrderEntry.RoomRequest] = []
  var logons: [OrderEntry.Logon] = []
  /// What the newest report had.
  var reportSequence: UInt64 = 0
  private var unread: [UInt8] = []
  private var unsent: [UInt8] = []

  /// Everything the terminal has pending, taken in.
  func take(from client: inout TerminalClient) {
    client.sendPending { bytes in
      unread += Array(bytes)
      return bytes.count
    }
    let bytes = unread
    var consumed = 0
    bytes.withUnsafeBytes { bytes in
      var incoming = IncomingBytes(bytes)
      write { outgoing in
        while take(session.next(in: &incoming, at: 0, into: &outgoing), &outgoing) {}
      }
      consumed = incoming.consumed
    }
    unread.removeFirst(consumed)
  }

  private func take(
    _ event: TerminalSessionEvent, _ outgoing: inout OutgoingBytes
  ) -> Bool {
    switch event {
    case .logon(let logon):
      logons.append(logon.value)
      session.logonAccepted(
        LogonAcceptance(
          sessionEpoch: UInt64(logons.count), serverTime: .none, tradingDay: .none,
          nextReportSequence: reportSequence + 1), at: 0, into: &outgoing)
      _ = outgoing.append(OrderEntry.ResumeComplete(lastReportSequence: reportSequence))
    case .newOrder(let order): orders.append(order.value)
    case .cancelOrder(let cancel): cancels.append(cancel.value)
    case .massCancel(let cancel): massCancels.append(cancel.value)
    case .subscribeTicks(let request): subscriptions.append(request.value)
    case .unsubscribeTicks, .subscribeAccount: break
    case .query(let query): queries.append(query.value)
    case .tryOrder(let request): tries.append(request.value)
    case .whyOrder(let request): whys.append(request.value)
    case .roomRequest(let request): rooms.append(request.value)
    case .instrumentsRequest(let request): instrumentsRequests.append(request.value)
    case .nothing, .pause, .waitForAnswers, .waitForVerdict, .waitForRoom, .ended, .deskLogon,
      .control, .subscribeNotices, .deskSubscribeNotices, .standingRequest, .subscribeLiquidations,
      .subscribeAccounts, .unsubscribeAccounts:
      return false
    }
    return true
  }

  func say(_ message: some WireMessage) {
    write { outgoing in
      let fits = outgoing.append(message)
      #expect(fits)
    }
  }

  func report(
    _ execType: ExecType, _ state: OrderState, of order: OrderEntry.NewOrder,
    id: UInt64 = 1, filled: Lots = 0, last: Lots = 0, at price: Price = .none,
    requestID: ClOrdID = ClOrdID()
  ) {
    reportSequence += 1
    say(
      OrderEntry.ExecutionReport(
        reportSequence: reportSequence, account: order.account, orderID: OrderID(raw: id),
        clOrdID: order.clOrdID, requestID: requestID, execType: execType, state: state,
        exchange: .shfe, instrument: order.instrument, side: order.side, offset: order.offset,
        hedge: order.hedge, type: order.type, timeInForce: order.timeInForce,
        price: order.price, lots: order.lots, lastPrice: price, lastLots: last,
        cumulativeLots: filled, leavesLots: state.isFinal ? 0 : order.lots - filled,
        unknownLots: 0))
  }

  private func write(_ body: (inout OutgoingBytes) -> Void) {
    var buffer = [UInt8](repeating: 0, count: Framing.outboundMaximum)
    buffer.withUnsafeMutableBytes { buffer in
      var outgoing = OutgoingBytes(buffer)
      body(&outgoing)
      unsent += Array(outgoing.written)
    }
  }

  /// Gives the terminal what was said.
  func give(to client: inout TerminalClient) -> [ClientEvent] {
    defer { unsent = [] }
    var events: [ClientEvent] = []
    let consumed = unsent.withUnsafeBytes { bytes in
      client.received(bytes, at: 0) { events.append($0) }
    }
    #expect(consumed == unsent.count)
    return events
  }

  /// The same end for the terminal's next connection.
  func startAgain() {
    session = TerminalSessionState(TerminalSessionTerms(), at: 0)
    unread = []
    unsent = []
  }
}

func newClient() -> TerminalClient {
  guard let ids = ClOrdIDSource(prefix: "T", seed: 1) else {
    preconditionFailure("a prefix of one letter is taken")
  }
  return TerminalClient(
    TerminalLogon(account: Name("alice")!), password: FixedText("secret")!, ids: ids, seed: 1,
    at: 0)
}

/// A terminal that is logged on at this gateway.
func loggedOnClient(_ gateway: MemoryGateway) -> TerminalClient {
  var client = newClient()
  connect(&client, gateway)
  return client
}

func connect(_ client: inout TerminalClient, _ gateway: MemoryGateway) {
  let action = client.timeReached(client.deadline)
  #expect(action == .connect)
  client.connected(at: 0)
  gateway.take(from: &client)
  let events = gateway.give(to: &client)
  #expect(events.count == 2)
  #expect(client.isLoggedOn)
}

let ticket = OrderTicket(
  .buy, .open, InstrumentCode("rb2610")!, lots: 3, price: Price(units: 31_200_000))
