import Domain
import Session
import Wire

extension CounterService {
  /// A message of an account that is logged in.
  mutating func serve<Output: CounterOutput & ~Copyable>(
    _ message: CounterProtocol.Message, _ place: Int, _ now: Timestamp,
    _ output: inout Output
  ) {
    let account = links[place].account
    switch message {
    case .insertOrder(let order): insert(order, account, place, now, &output)
    case .cancelOrder(let order): cancel(order, account, place, now, &output)
    case .reportsRequest(let request):
      answer(
        .reports(next: max(1, request.fromSequence), request: request.requestNumber), place, now,
        &output)
    case .ordersRequest(let request):
      let statuses: [OrderStatus]
      if request.orders.count == 0 {
        statuses = exchange.statuses(account: account)
      } else {
        statuses = (0..<request.orders.count).map {
          exchange.status(of: request.orders[$0].childOrderID, account: account)
        }
      }
      answer(
        .orders(statuses, next: 0, request: request.requestNumber), place, now, &output)
    case .fundsRequest(let request):
      answer(.funds(request: request.requestNumber), place, now, &output)
    case .positionsRequest(let request):
      answer(
        .positions(
          exchange.positions(of: account), next: 0, request: request.requestNumber), place, now,
        &output)
    case .subscribeTicks(let request): subscribe(request, place, now, &output)
    case .unsubscribeTicks(let request): unsubscribe(request, place)
    case .login, .loginAccepted, .loginRejected, .logout, .heartbeat, .orderReport, .tradeReport,
      .cancelRejected, .reportsEnd, .orderStatus, .ordersEnd, .fundsReport, .positionReport,
      .positionsEnd, .instrumentStatus, .tick:
      preconditionFailure("a session serves what a gateway may ask")
    }
  }

  // MARK: Orders

  private mutating func insert<Output: CounterOutput & ~Copyable>(
    _ order: CounterProtocol.InsertOrderDecoder, _ account: FundAccountID, _ place: Int,
    _ now: Timestamp, _ output: inout Output
  ) {
    guard !order.childOrderID.isNone else {
      end(place, .unexpectedMessage, &output)
      return
    }
    if case .instant(let fills) = mode {
      instant.insert(order, account, fills: fills, now, links[place].name, &output)
      links[place].session.sent(now: now)
      return
    }
    let request = OrderRequest(
      order, instrument: exchange.instrument(order.instrument, order.exchange))
    let epoch = links[place].session.epoch
    switch exchange.insert(request, account: account, epoch: epoch, now: now) {
    case .reported, .fenced, .heldBack: break
    case .alreadyKnown(let status):
      answer(.orders([status], next: 0, request: 0), place, now, &output)
    case .linkCut: cut(place, &output)
    }
  }

  private mutating func cancel<Output: CounterOutput & ~Copyable>(
    _ order: CounterProtocol.CancelOrderDecoder, _ account: FundAccountID, _ place: Int,
    _ now: Timestamp, _ output: inout Output
  ) {
    if case .instant = mode {
      instant.cancel(order, account, now, links[place].name, &output)
      links[place].session.sent(now: now)
      return
    }
    let epoch = links[place].session.epoch
    _ = exchange.cancel(order.childOrderID, account: account, epoch: epoch, now: now)
  }

  // MARK: Ticks

  private mutating func subscribe<Output: CounterOutput & ~Copyable>(
    _ request: CounterProtocol.SubscribeTicksDecoder, _ place: Int, _ now: Timestamp,
    _ output: inout Output
  ) {
    for index in 0..<request.instruments.count {
      let wanted = request.instruments[index]
      guard let instrument = exchange.instrument(wanted.instrument, wanted.exchange) else {
        continue
      }
      links[place].wantsTicks[instrument.index] = true
      if exchange.lastTick(instrument) != nil {
        links[place].tickChanged(instrument)
      }
      if phaseIsKnown[instrument.index] { answer(.phase(instrument), place, now, &output) }
    }
    pump(place, now, &output)
  }

  private mutating func unsubscribe(
    _ request: CounterProtocol.UnsubscribeTicksDecoder, _ place: Int
  ) {
    if request.instruments.count == 0 {
      for index in exchange.instruments.indices {
        links[place].wantsTicks[index] = false
      }
    }
    for index in 0..<request.instruments.count {
      let unwanted = request.instruments[index]
      if let instrument = exchange.instrument(unwanted.instrument, unwanted.exchange) {
        links[place].wantsTicks[instrument.index] = false
      }
    }
  }

  /// The market of an instrument moved: its orders are filled and its subscribers told. Ticks of
  /// instruments that are not listed here are passed over.
  public mutating func tick<Output: CounterOutput & ~Copyable>(
    _ tick: ExchangeTick, now: Timestamp, _ output: inout Output
  ) {
    guard let instrument = exchange.instrument(tick.instrument, tick.exchange) else { return }
    exchange.receive(tick, for: instrument, now: now)
    for place in links.indices {
      links[place].tickChanged(instrument)
      pump(place, now, &output)
    }
    deliver(now: now, &output)
  }

  /// Opens, closes or auctions an instrument (`.unknown` = closed), and tells every link.
  public mutating func setPhase<Output: CounterOutput & ~Copyable>(
    _ phase: TradingPhase, of instrument: InstrumentID, now: Timestamp, _ output: inout Output
  ) {
    exchange.setPhase(phase, of: instrument, now: now)
    phaseIsKnown[instrument.index] = true
    for place in links.indices { answer(.phase(instrument), place, now, &output) }
    deliver(now: now, &output)
  }

  /// Ends the exchange's day; links stay, hear of their expired orders, and are told again which
  /// phase each instrument is in.
  public mutating func switchDay<Output: CounterOutput & ~Copyable>(
    to day: TradingDay, terms: [DayTerms], now: Timestamp, _ output: inout Output
  ) {
    exchange.switchDay(to: day, terms: terms, now: now)
    for place in links.indices where !links[place].isGone {
      for index in exchange.instruments.indices
      where phaseIsKnown[index] && links[place].wantsTicks[index] {
        answer(.phase(InstrumentID(UInt32(index))), place, now, &output)
      }
    }
    deliver(now: now, &output)
  }
}
