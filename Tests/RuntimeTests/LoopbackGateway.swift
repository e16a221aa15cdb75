import CUV
import Dispatch
import Domain
import Glibc
import Session
import Synchronization
import Testing
import Wire

@testable import Runtime

/// A gateway's end on a port, on a thread of its own: it answers orders by what they say.
///
/// Accounts: the password is "secret"; "mute" gets no answer to its logon. Orders: "mute1" is not
/// answered, "drop1" ends the connection, "biz1" is refused by a BusinessReject, more than 100 lots
/// break a position limit; FAK and FOK fill at once, others work until they are cancelled.
struct LoopbackGateway: ~Copyable {
  let address: SocketAddress
  private let waker: LoopWaker
  private let thread: WorkerThread

  init() throws {
    let begun = DispatchSemaphore(value: 0)
    let box = Box()
    let thread = WorkerThread(name: "gateway") {
      guard var loop = try? EventLoop(LoopLimits(connections: 16)),
        let listener = try? loop.listen(on: .loopback(port: 0))
      else {
        begun.signal()
        return
      }
      let started = (loop.address(of: listener), loop.makeWaker())
      box.start.withLock { $0 = started }
      begun.signal()
      var driver = GatewayEnd()
      loop.run(&driver)
    }
    guard let thread else { throw LoopError.failed(errno: 11) }
    begun.wait()
    guard let started = box.start.withLock({ $0 }) else { throw LoopError.failed(errno: 24) }
    address = started.0
    waker = started.1
    self.thread = thread
  }

  deinit { waker.wake() }

  private final class Box: Sendable {
    let start = Mutex<(SocketAddress, LoopWaker)?>(nil)
  }
}

/// A port that is taken, so that no other test gets it, and at which nobody listens.
struct NobodysPort: ~Copyable {
  private let descriptor: Int32
  let address: SocketAddress

  init() throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.descriptor = descriptor
    var system = SocketAddress.loopback(port: 0).system
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &system) { system in
      let plain = UnsafeMutableRawPointer(system).assumingMemoryBound(to: sockaddr.self)
      return bind(descriptor, plain, length) + getsockname(descriptor, plain, &length)
    }
    address = SocketAddress(system) ?? .none
    try #require(status == 0)
  }

  deinit { close(descriptor) }
}

private struct GatewayEnd: LoopDriver {
  struct Order {
    var order: OrderEntry.NewOrder
    var id: OrderID
    var isDone = false
  }

  var sessions: [ConnectionID: TerminalSessionState] = [:]
  var accounts: [ConnectionID: Name] = [:]
  var orders: [ClOrdID: Order] = [:]
  var reportSequences: [Name: UInt64] = [:]
  var lastOrder: UInt64 = 0
  var lastEpoch: UInt64 = 0
  var outgoing: [UInt8] = []

  mutating func woken(_ loop: inout EventLoop) { loop.stop() }

  mutating func connectionOpened(_ connection: ConnectionID, _ loop: inout EventLoop) {
    sessions[connection] = TerminalSessionState(TerminalSessionTerms(), at: loop.now)
  }

  mutating func connectionClosed(
    _ connection: ConnectionID, tag: UInt64, _ reason: CloseReason, _ loop: inout EventLoop
  ) {
    sessions[connection] = nil
  }

  mutating func bytesReceived(
    _ connection: ConnectionID, _ bytes: UnsafeRawBufferPointer, _ loop: inout EventLoop
  ) -> Int {
    guard var session = sessions[connection] else { return bytes.count }
    var incoming = IncomingBytes(bytes)
    var isOver = false
    var drops = false
    var goesOn = true
    while goesOn {
      var room = [UInt8](repeating: 0, count: Framing.outboundMaximum)
      let event = room.withUnsafeMutableBytes { room in
        var out = OutgoingBytes(room)
        let event = session.next(in: &incoming, at: loop.now, into: &out)
        if case .logon(let logon) = event { answer(logon, connection, &session, loop.now, &out) }
        outgoing += out.written
        return event
      }
      switch event {
      case .logon: goesOn = !session.isEnded
      case .ended: (isOver, goesOn) = (true, false)
      case .newOrder(let order):
        session.answered()
        drops = take(order.value)
        goesOn = !drops
      case .cancelOrder(let cancel):
        session.answered()
        take(cancel.value)
      case .massCancel(let cancel):
        session.answered()
        for (id, order) in orders
        where order.order.account == cancel.account && !order.isDone { end(id) }
      case .subscribeTicks(let request): take(request.value)
      case .instrumentsRequest(let request): take(request.value)
      case .subscribeAccount(let request): take(request.value)
      case .unsubscribeTicks, .query, .tryOrder, .whyOrder, .roomRequest, .deskLogon, .control,
        .subscribeNotices, .deskSubscribeNotices, .standingRequest, .subscribeLiquidations,
        .subscribeAccounts, .unsubscribeAccounts:
        break
      case .nothing, .pause, .waitForAnswers, .waitForVerdict, .waitForRoom: goesOn = false
      }
    }
    sessions[connection] = session
    outgoing.withUnsafeBytes { _ = loop.send(connection, $0) }
    outgoing.removeAll(keepingCapacity: true)
    if isOver || session.isEnded { loop.close(connection, .owner(0)) }
    if drops { loop.abort(connection, .owner(1)) }
    return incoming.consumed
  }

  private mutating func answer(
    _ logon: OrderEntry.LogonDecoder, _ connection: ConnectionID,
    _ session: inout TerminalSessionState, _ now: Int64, _ out: inout OutgoingBytes
  ) {
    let value = logon.value
    if value.account == Name("mute") { return }
    guard value.password == FixedText("secret") else {
      session.logonRefused(
        TerminalSessionEnd(.refused, rule: .loginCredentials), at: now, into: &out)
      return
    }
    accounts[connection] = value.account
    let last = reportSequences[value.account] ?? 0
    lastEpoch += 1
    session.logonAccepted(
      LogonAcceptance(
        sessionEpoch: lastEpoch, serverTime: .none, tradingDay: .none,
        nextReportSequence: last + 1),
      at: now, into: &out)
    _ = out.append(OrderEntry.ResumeComplete(lastReportSequence: last))
  }

  private mutating func say(_ message: some WireMessage) {
    var room = [UInt8](repeating: 0, count: Framing.outboundMaximum)
    room.withUnsafeMutableBytes { room in
      var out = OutgoingBytes(room)
      _ = out.append(message)
      outgoing += out.written
    }
  }

  /// Whether the connection is to be cut.
  private mutating func take(_ order: OrderEntry.NewOrder) -> Bool {
    if order.instrument == InstrumentCode("mute1") { return false }
    if order.instrument == InstrumentCode("drop1") { return true }
    if order.instrument == InstrumentCode("biz1") {
      say(
        OrderEntry.BusinessReject(
          refTemplateID: OrderEntry.NewOrder.templateID, refRequestID: order.clOrdID,
          refusal: OrderEntry.RefusalFigures(rule: RuleID.shuttingDown.rawValue)))
      return false
    }
    lastOrder += 1
    orders[order.clOrdID] = Order(order: order, id: OrderID(raw: lastOrder))
    guard order.lots <= 100 else {
      report(.rejected, .rejected, order.clOrdID, refusal: limit(order))
      return false
    }
    report(.new, .accepted, order.clOrdID)
    if order.timeInForce != .day {
      orders[order.clOrdID]?.isDone = true
      report(.trade, .filled, order.clOrdID, filled: order.lots)
    }
    return false
  }

  private func limit(_ order: OrderEntry.NewOrder) -> OrderEntry.RefusalFigures {
    OrderEntry.RefusalFigures(
      rule: RuleID.positionLimit.rawValue, unit: .lots, scopeKind: .commodity, observed: 98,
      limit: 100, asked: Int64(order.lots), scopeName: Name("rb")!)
  }

  private mutating func take(_ cancel: OrderEntry.CancelOrder) {
    let order = orders[cancel.targetClOrdID]
    guard let order, !order.isDone else {
      let rule: RuleID = order == nil ? .unknownOrder : .orderDone
      say(
        OrderEntry.ExecutionReport(
          account: cancel.account, orderID: order?.id ?? .none, clOrdID: cancel.targetClOrdID,
          requestID: cancel.requestID, execType: .cancelRejected,
          state: order == nil ? .unknown : .filled,
          refusal: OrderEntry.RefusalFigures(rule: rule.rawValue, scopeKind: .order)))
      return
    }
    end(cancel.targetClOrdID)
  }

  private mutating func end(_ id: ClOrdID) {
    orders[id]?.isDone = true
    report(.cancelled, .cancelled, id)
  }

  private mutating func report(
    _ execType: ExecType, _ state: OrderState, _ id: ClOrdID, filled: Lots = 0,
    refusal: OrderEntry.RefusalFigures = OrderEntry.RefusalFigures()
  ) {
    guard let known = orders[id] else { return }
    let order = known.order
    let sequence = (reportSequences[order.account] ?? 0) + 1
    reportSequences[order.account] = sequence
    say(
      OrderEntry.ExecutionReport(
        reportSequence: sequence, account: order.account, orderID: known.id, clOrdID: id,
        execType: execType, state: state, exchange: .shfe, instrument: order.instrument,
        side: order.side, offset: order.offset, hedge: order.hedge, type: order.type,
        timeInForce: order.timeInForce, price: order.price, lots: order.lots,
        lastPrice: filled > 0 ? order.price : .none, lastLots: filled, cumulativeLots: filled,
        leavesLots: state.isFinal ? 0 : order.lots, refusal: refusal))
  }

  private mutating func take(_ request: OrderEntry.SubscribeTicks) {
    for entry in request.instruments {
      if entry.instrument == InstrumentCode("nope") {
        say(
          OrderEntry.BusinessReject(
            refTemplateID: OrderEntry.SubscribeTicks.templateID,
            refusal: OrderEntry.RefusalFigures(
              rule: RuleID.unknownInstrument.rawValue, scopeKind: .instrument)))
      } else {
        say(
          OrderEntry.Tick(
            instrument: entry.instrument, exchange: .shfe, last: Price(units: 31_205_000)))
      }
    }
  }

  /// What is asked for, once; more than a second apart is refused.
  private mutating func take(_ request: OrderEntry.SubscribeAccount) {
    guard request.intervalMilliseconds <= 1000 else {
      return say(
        OrderEntry.BusinessReject(
          refTemplateID: OrderEntry.SubscribeAccount.templateID,
          refusal: OrderEntry.RefusalFigures(rule: RuleID.capacity.rawValue)))
    }
    if request.kinds.contains(.funds) {
      say(OrderEntry.AccountUpdate(account: request.account, equity: Money(yuan: 77)))
    }
    if request.kinds.contains(.positions) {
      say(
        OrderEntry.PositionUpdate(
          account: request.account, instrument: InstrumentCode("rb2610")!, exchange: .shfe,
          side: .long, hedge: .speculation, todayLots: 4))
    }
  }

  /// Two of three instruments a page.
  private mutating func take(_ request: OrderEntry.InstrumentsRequest) {
    let all = ["rb2610", "rb2701", "rb2705"]
    let first = (all.firstIndex(of: request.afterInstrument.string) ?? -1) + 1
    let page = all[first...].prefix(2)
    for code in page {
      say(
        OrderEntry.InstrumentDefinition(
          requestNumber: request.requestNumber, exchange: .shfe, instrument: InstrumentCode(code)!,
          commodity: CommodityCode("rb")!, multiplier: 10, priceTick: Price(units: 10_000),
          minimumLimitLots: 1, maximumLimitLots: 500))
    }
    say(
      OrderEntry.InstrumentsEnd(
        requestNumber: request.requestNumber, count: UInt32(page.count),
        remaining: UInt32(all.count - first - page.count)))
  }
}
