import Domain
import Session
import Wire

/// A terminal without I/O: one account's connection to the gateway, its orders and what it knows.
///
/// Its owner opens connections when told to, hands over bytes that came (`received`), sends what
/// is pending (`sendPending`) after each call, and calls `timeReached` at `deadline`. Time is a
/// monotonic clock's nanoseconds.
public struct TerminalClient: Sendable {
  public let logon: TerminalLogon
  public private(set) var link: TerminalLinkState
  public private(set) var model = TerminalModel()
  private let password: FixedText<128>
  private var ids: ClOrdIDSource
  private var output = PendingOutput()
  /// Of the newest request for instruments or rows.
  public private(set) var lastRequestNumber: UInt32 = 0
  /// Number of the newest notice that came, or is known to be none of the account's; 0 = none did.
  public private(set) var newestNotice: UInt64 = 0

  /// - Parameters:
  ///   - ids: a source that no earlier run of this day had.
  ///   - lastReportSequence: the newest report that is known from an earlier run; 0 = none.
  ///   - seed: for the pauses between tries.
  public init(
    _ logon: TerminalLogon, password: FixedText<128>, ids: ClOrdIDSource,
    lastReportSequence: UInt64 = 0, lastTradingDay: TradingDay = .none, seed: UInt64,
    at now: Int64
  ) {
    self.logon = logon
    self.password = password
    self.ids = ids
    link = TerminalLinkState(
      logon, lastReportSequence: lastReportSequence, lastTradingDay: lastTradingDay, seed: seed,
      at: now)
  }

  public var isLoggedOn: Bool { link.isLoggedOn }

  // MARK: The connection

  /// When `timeReached` is to be called; early calls do nothing. At the start that is at once.
  public var deadline: Int64 { link.deadline }

  public mutating func timeReached(_ now: Int64) -> ClientAction {
    switch output.write(&link, { $0.timeReached(now, into: &$1) }) {
    case .nothing: .nothing
    case .connect: .connect
    case .ended(let end): .close(end)
    case .cut: .cut
    }
  }

  /// The connection stands: the logon is pending.
  public mutating func connected(at now: Int64) {
    output.clear()
    output.write(&link) { [password] link, outgoing in
      link.connected(password: password, at: now, into: &outgoing)
    }
  }

  /// Takes in what came and tells it event by event, when the model knows it. Gives back how many
  /// bytes are done with: the rest, part of a message, is to come again with more behind it.
  ///
  /// After `.ended`, send what is pending and close.
  public mutating func received(
    _ bytes: UnsafeRawBufferPointer, at now: Int64, _ tell: (ClientEvent) -> Void
  ) -> Int {
    var incoming = IncomingBytes(bytes)
    while true {
      let event = output.write(&link) { $0.next(in: &incoming, at: now, into: &$1) }
      switch event {
      case .nothing, .waitForRoom: return incoming.consumed
      case .loggedOn(let accepted): tell(.loggedOn(accepted.value))
      case .resumed(let last, let first):
        tell(.resumed(lastReportSequence: last, firstAvailable: first))
      case .report(let view):
        let report = view.value
        model.apply(report)
        tell(.report(report))
      case .businessReject(let view):
        let reject = view.value
        model.apply(reject)
        tell(.businessReject(reject))
      case .massCancelReport(let view): tell(.massCancelReport(view.value))
      case .tick(let view):
        let tick = view.value
        model.apply(tick)
        tell(.tick(tick))
      case .accountUpdate(let view):
        let update = view.value
        model.apply(update)
        tell(.account(update))
      case .positionUpdate(let view):
        let update = view.value
        model.apply(update)
        tell(.position(update))
      case .instrumentDefinition(let view):
        let definition = view.value
        model.apply(definition)
        tell(.instrument(definition))
      case .instrumentsEnd(let view): tell(.instrumentsEnd(view.value))
      case .orderRow(let view): tell(.orderRow(view.value))
      case .tradeRow(let view): tell(.tradeRow(view.value))
      case .limitRow(let view): tell(.limitRow(view.value))
      case .queryEnd(let view): tell(.queryEnd(view.value))
      case .findingRow(let view): tell(.findingRow(view.value))
      case .routeRow(let view): tell(.routeRow(view.value))
      case .roomRow(let view): tell(.roomRow(view.value))
      case .explainEnd(let view): tell(.explainEnd(view.value))
      case .notice(let view):
        newestNotice = max(newestNotice, view.number)
        tell(.notice(view.value))
      case .noticesComplete(let view):
        newestNotice = max(newestNotice, view.lastNumber)
        tell(.noticesComplete(view.value))
      case .noticesTruncated(let view): tell(.noticesTruncated(view.value))
      case .ended(let end): tell(.ended(end))
      }
    }
  }

  /// The connection is gone, or never came to stand; nil when its end was told before.
  public mutating func disconnected(at now: Int64) -> TerminalLinkEnd? {
    output.clear()
    return link.disconnected(at: now)
  }

  /// Leaves for good. Nil when there is no connection to close.
  public mutating func leave(at now: Int64) -> TerminalLinkEnd? {
    output.write(&link) { $0.stop(at: now, into: &$1) }
  }

  public var hasPendingOutput: Bool { !output.isEmpty }

  /// Offers what is pending; `body` says how many bytes of it were sent.
  public mutating func sendPending(_ body: (UnsafeRawBufferPointer) -> Int) { output.send(body) }

  // MARK: Orders

  /// Sends an order under a new id.
  public mutating func place(
    _ ticket: OrderTicket, at now: Int64, sendingTime: Timestamp = .none
  ) -> ClientSend {
    guard isLoggedOn else { return .notLoggedOn }
    let id = ids.next()
    let order = ticket.message(id, account: logon.account, sendingTime: sendingTime)
    return place(order, at: now)
  }

  /// Sends an order whose id the caller has made. An id that was sent before is sent again: the
  /// gateway answers it without placing it twice.
  public mutating func place(_ order: OrderEntry.NewOrder, at now: Int64) -> ClientSend {
    let result = send(order, order.clOrdID, at: now)
    if result.isSent { model.sent(order) }
    return result
  }

  /// Sends again every order that has had no answer, after a connection broke; how many. Each has
  /// its first id, so that none is placed twice.
  public mutating func resendUnanswered(at now: Int64) -> Int {
    guard model.unansweredCount > 0 else { return 0 }
    var count = 0
    for order in model.orders where !order.isAnswered {
      guard let request = order.request, send(request, request.clOrdID, at: now).isSent else {
        continue
      }
      count += 1
    }
    return count
  }

  /// Asks to cancel what is left of an order. The id is the request's own.
  public mutating func cancel(_ order: ClOrdID, at now: Int64) -> ClientSend {
    let id = ids.next()
    let result = send(
      OrderEntry.CancelOrder(requestID: id, account: logon.account, targetClOrdID: order), id,
      at: now)
    if result.isSent { model.sent(cancel: id, of: order) }
    return result
  }

  /// The same, by the gateway's id.
  public mutating func cancel(_ order: OrderID, at now: Int64) -> ClientSend {
    let id = ids.next()
    let result = send(
      OrderEntry.CancelOrder(requestID: id, account: logon.account, targetOrderID: order), id,
      at: now)
    if result.isSent, let known = model.order(order) {
      model.sent(cancel: id, of: known.clOrdID)
    }
    return result
  }

  /// Asks to cancel every working order that matches.
  public mutating func cancelAll(
    instrument: InstrumentCode = InstrumentCode(), exchange: Exchange = .unknown,
    side: Side = .unknown, at now: Int64
  ) -> ClientSend {
    let id = ids.next()
    return send(
      OrderEntry.MassCancel(
        requestID: id, account: logon.account, instrument: instrument, exchange: exchange,
        side: side), id, at: now)
  }

  // MARK: Prices and instruments

  /// Asks for ticks of at most 120 instruments; to be repeated after each logon.
  public mutating func subscribe(
    _ instruments: [OrderEntry.SubscribeTicks.InstrumentsEntry], at now: Int64
  ) -> ClientSend {
    send(OrderEntry.SubscribeTicks(instruments: instruments), at: now)
  }

  /// Ends subscriptions; all of them when none is named.
  public mutating func unsubscribe(
    _ instruments: [OrderEntry.UnsubscribeTicks.InstrumentsEntry] = [], at now: Int64
  ) -> ClientSend {
    send(OrderEntry.UnsubscribeTicks(instruments: instruments), at: now)
  }

  /// Asks for a page of instruments behind the given one.
  public mutating func askInstruments(
    exchange: Exchange = .unknown, commodity: CommodityCode = CommodityCode(),
    afterExchange: Exchange = .unknown, afterInstrument: InstrumentCode = InstrumentCode(),
    maximumCount: UInt32 = 500, at now: Int64
  ) -> ClientSend {
    lastRequestNumber &+= 1
    return send(
      OrderEntry.InstrumentsRequest(
        requestNumber: lastRequestNumber, exchange: exchange, commodity: commodity,
        afterExchange: afterExchange, afterInstrument: afterInstrument,
        maximumCount: maximumCount), at: now)
  }

  // MARK: What the account has

  /// What a query asks for beside its kind.
  public struct QueryFilter: Equatable, Sendable {
    /// What codes begin with; empty = all.
    public var instrument = InstrumentCode()
    public var exchange = Exchange.unknown
    /// Orders: those that can still fill.
    public var isWorkingOnly = false
    /// 0 = as many as a page holds.
    public var maximumRows: UInt32 = 0

    public init() {}
  }

  /// Asks for a page of rows behind a cursor, as of the newest report that is known here or later.
  public mutating func query(
    _ kind: OrderEntry.QueryKind, _ filter: QueryFilter = QueryFilter(), after: UInt64 = 0,
    at now: Int64
  ) -> ClientSend {
    lastRequestNumber &+= 1
    return send(
      OrderEntry.Query(
        requestNumber: lastRequestNumber, account: logon.account, kind: kind,
        flags: filter.isWorkingOnly ? .workingOnly : [], notBefore: link.lastReportSequence,
        after: after, maximumRows: filter.maximumRows, instrument: filter.instrument,
        exchange: filter.exchange), at: now)
  }

  // MARK: Why, and what if

  /// Asks what would become of an order that is not sent: a page behind a row, as of the newest
  /// report that is known here or later.
  public mutating func tryOrder(
    _ ticket: OrderTicket, after: UInt64 = 0, at now: Int64
  ) -> ClientSend {
    lastRequestNumber &+= 1
    return send(
      OrderEntry.TryOrder(
        requestNumber: lastRequestNumber, account: logon.account,
        notBefore: link.lastReportSequence, after: after, instrument: ticket.instrument,
        exchange: ticket.exchange, side: ticket.side, offset: ticket.offset, hedge: ticket.hedge,
        type: ticket.price.isNone ? .market : .limit, timeInForce: ticket.timeInForce,
        price: ticket.price, lots: ticket.lots, minimumLots: ticket.minimumLots), at: now)
  }

  /// Asks why an order of today ended as it did. An id of the gateway's goes first.
  public mutating func why(
    _ order: OrderID, _ clOrdID: ClOrdID, after: UInt64 = 0, at now: Int64
  ) -> ClientSend {
    lastRequestNumber &+= 1
    return send(
      OrderEntry.WhyOrder(
        requestNumber: lastRequestNumber, account: logon.account,
        notBefore: link.lastReportSequence, after: after, targetOrderID: order,
        targetClOrdID: clOrdID), at: now)
  }

  /// Asks how many lots of an instrument could be ordered.
  ///
  /// - Parameter price: none = the last one.
  public mutating func room(
    _ instrument: InstrumentCode, _ exchange: Exchange, hedge: HedgeFlag = .speculation,
    price: Price = .none, after: UInt64 = 0, at now: Int64
  ) -> ClientSend {
    lastRequestNumber &+= 1
    return send(
      OrderEntry.RoomRequest(
        requestNumber: lastRequestNumber, account: logon.account,
        notBefore: link.lastReportSequence, after: after, instrument: instrument,
        exchange: exchange, hedge: hedge, price: price), at: now)
  }

  /// Asks to be sent the account's money and positions, now and when they have changed; to be
  /// repeated after each logon. No kind ends it.
  public mutating func subscribeAccount(
    _ kinds: OrderEntry.BookKinds, intervalMilliseconds: UInt32 = 0, at now: Int64
  ) -> ClientSend {
    lastRequestNumber &+= 1
    return send(
      OrderEntry.SubscribeAccount(
        requestNumber: lastRequestNumber, account: logon.account, kinds: kinds,
        intervalMilliseconds: intervalMilliseconds), at: now)
  }

  /// Asks for notices that concern the account, behind one that was seen, and for those to come;
  /// to be repeated after each logon.
  ///
  /// - Parameter number: 0 = all that are kept, `.max` = none but those to come.
  public mutating func subscribeNotices(after number: UInt64, at now: Int64) -> ClientSend {
    lastRequestNumber &+= 1
    return send(
      OrderEntry.SubscribeNotices(
        requestNumber: lastRequestNumber, account: logon.account, after: number), at: now)
  }

  private mutating func send(
    _ message: some WireMessage, _ id: ClOrdID = ClOrdID(), at now: Int64
  ) -> ClientSend {
    ClientSend(output.write(&link) { $0.send(message, at: now, into: &$1) }, id)
  }
}
