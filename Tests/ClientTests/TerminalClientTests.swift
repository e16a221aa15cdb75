import Client
import Domain
import Session
import Testing
import Wire

@Suite struct TerminalClientTests {
  @Test func anOrderIsSentAndFollowedToItsEnd() throws {
    let gateway = MemoryGateway()
    var client = loggedOnClient(gateway)
    let sent = client.place(ticket, at: 0)
    guard case .sent(let id) = sent else {
      Issue.record("sent, not \(sent)")
      return
    }
    #expect(client.model.unansweredCount == 1)
    gateway.take(from: &client)
    let order = try #require(gateway.orders.first)
    #expect(order.clOrdID == id)
    #expect(order.type == .limit && order.lots == 3 && order.exchange == .unknown)

    gateway.report(.new, .accepted, of: order)
    gateway.report(.trade, .partlyFilled, of: order, filled: 1, last: 1, at: Price(units: 100))
    gateway.report(.trade, .filled, of: order, filled: 3, last: 2, at: Price(units: 103))
    let events = gateway.give(to: &client)
    #expect(events.count == 3)
    let known = try #require(client.model.order(id))
    #expect(known.state == .filled && known.cumulativeLots == 3 && known.leavesLots == 0)
    #expect(known.averagePrice == Price(units: 102))
    #expect(known.orderID == OrderID(raw: 1))
    #expect(client.model.order(OrderID(raw: 1))?.clOrdID == id)
    #expect(client.model.unansweredCount == 0)
  }

  @Test func aMarketOrderHasNoPrice() {
    let gateway = MemoryGateway()
    var client = loggedOnClient(gateway)
    let market = OrderTicket(
      .sell, .closeToday, InstrumentCode("rb2610")!, lots: 2, timeInForce: .immediateOrCancel)
    #expect(isSent(client.place(market, at: 0)))
    gateway.take(from: &client)
    #expect(gateway.orders.first?.type == .market)
    #expect(gateway.orders.first?.price == Price.none)
  }

  @Test func aCancelIsPendingUntilItIsRefusedOrTheOrderEnds() throws {
    let gateway = MemoryGateway()
    var client = loggedOnClient(gateway)
    guard case .sent(let id) = client.place(ticket, at: 0) else { return }
    gateway.take(from: &client)
    let order = try #require(gateway.orders.first)
    gateway.report(.new, .accepted, of: order)
    _ = gateway.give(to: &client)

    #expect(isSent(client.cancel(id, at: 0)))
    gateway.take(from: &client)
    let first = try #require(gateway.cancels.first)
    #expect(first.targetClOrdID == id)
    #expect(client.model.order(id)?.pendingCancel == first.requestID)
    gateway.report(
      .cancelRejected, .working, of: order, requestID: first.requestID)
    _ = gateway.give(to: &client)
    #expect(client.model.order(id)?.pendingCancel.isEmpty == true)
    #expect(client.model.order(id)?.isWorking == true)

    #expect(isSent(client.cancel(OrderID(raw: 1), at: 0)))
    gateway.take(from: &client)
    #expect(gateway.cancels.last?.targetOrderID == OrderID(raw: 1))
    #expect(client.model.order(id)?.pendingCancel.isEmpty == false)
    gateway.report(.cancelled, .cancelled, of: order)
    _ = gateway.give(to: &client)
    #expect(client.model.order(id)?.pendingCancel.isEmpty == true)
  }

  @Test func theCancelOfAnOrderThatNobodyKnowsMakesNone() throws {
    let gateway = MemoryGateway()
    var client = loggedOnClient(gateway)
    let id = try #require(ClOrdID("nobodys"))
    #expect(isSent(client.cancel(id, at: 0)))
    gateway.take(from: &client)
    let request = try #require(gateway.cancels.first?.requestID)
    gateway.say(
      OrderEntry.ExecutionReport(
        clOrdID: id, requestID: request, execType: .cancelRejected,
        refusal: OrderEntry.RefusalFigures(rule: RuleID.unknownOrder.rawValue)))
    let events = gateway.give(to: &client)
    #expect(events.count == 1)
    #expect(client.model.orders.isEmpty && client.model.number(of: id) == 0)
  }

  /// The gateway forgets a day's orders with the day, and a cancel may come before the order that
  /// it means: what the terminal knows of the order, and that it still has to be sent, stays.
  @Test func theRefusedCancelOfAnOrderThatTheGatewayDoesNotKnowLeavesTheOrderAsItWas() throws {
    let gateway = MemoryGateway()
    var client = loggedOnClient(gateway)
    guard case .sent(let id) = client.place(ticket, at: 0) else { return }
    gateway.take(from: &client)
    let order = try #require(gateway.orders.first)
    #expect(isSent(client.cancel(id, at: 0)))
    gateway.take(from: &client)
    let cancel = try #require(gateway.cancels.first)
    func refuse() {
      gateway.say(
        OrderEntry.ExecutionReport(
          clOrdID: id, requestID: cancel.requestID, execType: .cancelRejected,
          refusal: OrderEntry.RefusalFigures(rule: RuleID.unknownOrder.rawValue)))
      _ = gateway.give(to: &client)
    }
    refuse()
    #expect(client.model.order(id)?.pendingCancel.isEmpty == true)
    #expect(client.model.unansweredCount == 1)
    #expect(client.resendUnanswered(at: 0) == 1)

    gateway.report(.trade, .partlyFilled, of: order, filled: 1, last: 1, at: Price(units: 100))
    _ = gateway.give(to: &client)
    refuse()
    let known = try #require(client.model.order(id))
    #expect(known.state == .partlyFilled && known.cumulativeLots == 1 && known.leavesLots == 2)
    #expect(known.orderID == OrderID(raw: 1))
    #expect(client.model.unansweredCount == 0)
  }

  @Test func aRefusalIsKeptWithItsFigures() throws {
    let gateway = MemoryGateway()
    var client = loggedOnClient(gateway)
    guard case .sent(let id) = client.place(ticket, at: 0) else { return }
    gateway.take(from: &client)
    let figures = OrderEntry.RefusalFigures(
      rule: RuleID.positionLimit.rawValue, unit: .lots, observed: 98, limit: 100, asked: 3)
    gateway.reportSequence += 1
    gateway.say(
      OrderEntry.ExecutionReport(
        reportSequence: gateway.reportSequence, clOrdID: id, execType: .rejected,
        state: .rejected, refusal: figures))
    _ = gateway.give(to: &client)
    let known = try #require(client.model.order(id))
    #expect(known.state == .rejected && known.refusal == figures)
    // The report of an order that was refused early names no instrument: what was sent stays.
    #expect(known.instrument == InstrumentCode("rb2610")!)
  }

  @Test func aRejectedMessageAnswersItsOrder() {
    let gateway = MemoryGateway()
    var client = loggedOnClient(gateway)
    guard case .sent(let id) = client.place(ticket, at: 0) else { return }
    gateway.take(from: &client)
    gateway.say(
      OrderEntry.BusinessReject(
        refTemplateID: OrderEntry.NewOrder.templateID, refRequestID: id,
        refusal: OrderEntry.RefusalFigures(rule: RuleID.shuttingDown.rawValue)))
    _ = gateway.give(to: &client)
    #expect(client.model.order(id)?.state == .rejected)
    #expect(client.model.unansweredCount == 0)
  }

  @Test func anIDUsedTwiceLeavesTheFirstOrderAsItWas() throws {
    let gateway = MemoryGateway()
    var client = loggedOnClient(gateway)
    guard case .sent(let id) = client.place(ticket, at: 0) else { return }
    gateway.take(from: &client)
    let order = try #require(gateway.orders.first)
    gateway.report(.new, .accepted, of: order)
    gateway.report(.rejected, .rejected, of: order, id: 0)
    _ = gateway.give(to: &client)
    #expect(client.model.order(id)?.state == .accepted)
  }

  @Test func afterALostConnectionUnansweredOrdersAreSentAgainUnderTheirIDs() throws {
    let gateway = MemoryGateway()
    var client = loggedOnClient(gateway)
    #expect(isSent(client.place(ticket, at: 0)))
    #expect(isSent(client.place(ticket, at: 0)))
    gateway.take(from: &client)
    let sent = gateway.orders
    gateway.report(.new, .accepted, of: sent[0])
    _ = gateway.give(to: &client)
    let end = client.disconnected(at: 0)
    #expect(end?.cause == .connectionLost && end?.isFinal == false)
    let refused = client.place(ticket, at: 0)
    #expect(refused == .notLoggedOn)

    gateway.startAgain()
    connect(&client, gateway)
    #expect(gateway.logons.last?.lastReportSequence == 1)
    let resent = client.resendUnanswered(at: 0)
    #expect(resent == 1)
    gateway.take(from: &client)
    #expect(gateway.orders.count == 3)
    #expect(gateway.orders.last == sent[1])
    #expect(client.model.orders.count == 2)
  }

  @Test func whatWasPendingForALostConnectionDoesNotReachTheNext() {
    let gateway = MemoryGateway()
    var client = loggedOnClient(gateway)
    #expect(isSent(client.place(ticket, at: 0)))
    #expect(client.hasPendingOutput)
    _ = client.disconnected(at: 0)
    #expect(!client.hasPendingOutput)
    gateway.startAgain()
    connect(&client, gateway)
    #expect(gateway.orders.isEmpty)
  }

  @Test func ordersOfAnotherTerminalOfTheAccountAreKnownToo() {
    let gateway = MemoryGateway()
    var client = loggedOnClient(gateway)
    let foreign = OrderEntry.NewOrder(
      clOrdID: ClOrdID("X1")!, account: Name("alice")!, instrument: InstrumentCode("IF2610")!,
      side: .sell, offset: .close, lots: 5)
    gateway.report(.new, .accepted, of: foreign, id: 9)
    _ = gateway.give(to: &client)
    #expect(client.model.order(ClOrdID("X1")!)?.request == nil)
    #expect(client.model.order(OrderID(raw: 9))?.lots == 5)
    #expect(client.model.unansweredCount == 0)
  }

  @Test func ticksPositionsMoneyAndInstrumentsAreKeptNewest() {
    let gateway = MemoryGateway()
    var client = loggedOnClient(gateway)
    let rb = InstrumentCode("rb2610")!
    for price in [1, 2] as [Int64] {
      gateway.say(OrderEntry.Tick(instrument: rb, exchange: .shfe, last: Price(units: price)))
      gateway.say(
        OrderEntry.PositionUpdate(
          instrument: rb, exchange: .shfe, side: .long, hedge: .speculation,
          todayLots: Int32(price)))
      gateway.say(OrderEntry.AccountUpdate(equity: Money(units: price)))
      gateway.say(OrderEntry.InstrumentDefinition(exchange: .shfe, instrument: rb))
    }
    gateway.say(OrderEntry.PositionUpdate(instrument: rb, exchange: .shfe, side: .short))
    let events = gateway.give(to: &client)
    #expect(events.count == 9)
    #expect(client.model.ticks.count == 1)
    #expect(client.model.tick(rb)?.last == Price(units: 2))
    #expect(client.model.tick(rb, .shfe)?.last == Price(units: 2))
    #expect(client.model.tick(rb, .dce) == nil)
    #expect(client.model.positions.map(\.todayLots) == [2, .min])
    #expect(client.model.account?.equity == Money(units: 2))
    #expect(client.model.instruments.count == 1)
  }

  @Test func requestsSayWhatTheyWant() {
    let gateway = MemoryGateway()
    var client = loggedOnClient(gateway)
    let rb = InstrumentCode("rb2610")!
    #expect(isSent(client.subscribe([.init(instrument: rb, exchange: .shfe)], at: 0)))
    #expect(isSent(client.cancelAll(instrument: rb, side: .buy, at: 0)))
    #expect(isSent(client.askInstruments(exchange: .dce, at: 0)))
    #expect(isSent(client.askInstruments(at: 0)))
    gateway.take(from: &client)
    #expect(gateway.subscriptions.first?.instruments.map(\.instrument) == [rb])
    #expect(gateway.massCancels.first?.instrument == rb)
    #expect(gateway.massCancels.first?.side == .buy)
    #expect(gateway.instrumentsRequests.map(\.requestNumber) == [1, 2])
    var filter = TerminalClient.QueryFilter()
    filter.instrument = InstrumentCode("rb")!
    filter.isWorkingOnly = true
    #expect(isSent(client.query(.orders, filter, after: 7, at: 0)))
    gateway.take(from: &client)
    let query = gateway.queries.last
    #expect(query?.requestNumber == 3)
    #expect(query?.kind == .orders)
    #expect(query?.after == 7)
    #expect(query?.flags == .workingOnly)
    #expect(query?.notBefore == client.link.lastReportSequence)
  }

  @Test func whatWaitsIsBounded() {
    let gateway = MemoryGateway()
    var client = loggedOnClient(gateway)
    var count = 0
    while isSent(client.place(ticket, at: 0)) { count += 1 }
    let full = client.place(ticket, at: 0)
    #expect(full == .noRoom)
    #expect(count == (1 << 20) / OrderEntry.NewOrder.maximumFrameLength)
    #expect(client.model.orders.count == count)
    // Sent in pieces of any size, nothing is lost or doubled.
    var carried = 0
    while client.hasPendingOutput {
      client.sendPending { bytes in
        let part = min(bytes.count, 777)
        carried += part
        return part
      }
    }
    #expect(carried == count * OrderEntry.NewOrder.maximumFrameLength)
    #expect(isSent(client.place(ticket, at: 0)))
  }

  @Test func leavingSaysGoodbyeAndStaysAway() {
    let gateway = MemoryGateway()
    var client = loggedOnClient(gateway)
    let left = client.leave(at: 0)
    #expect(left?.isFinal == true)
    gateway.take(from: &client)
    #expect(gateway.session.isEnded)
    let told = client.disconnected(at: 0)
    #expect(told == nil)
    #expect(client.link.isStopped)
  }

  func isSent(_ result: ClientSend) -> Bool { result.isSent }
}
