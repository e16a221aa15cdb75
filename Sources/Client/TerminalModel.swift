import Domain
import Wire

/// What a terminal knows: built from what the gateway told, in the order it was told.
public struct TerminalModel: Sendable {
  /// Every order of the account that was heard of, in the order of first hearing.
  public private(set) var orders: [ClientOrder] = []
  /// Positions that were pushed, in the order of first hearing.
  public private(set) var positions: [OrderEntry.PositionUpdate] = []
  /// The account's money as pushed last.
  public private(set) var account: OrderEntry.AccountUpdate?
  /// The newest tick of each subscribed instrument, in the order of first hearing.
  public private(set) var ticks: [OrderEntry.Tick] = []
  /// Instruments that were asked for, in the order they came.
  public private(set) var instruments: [OrderEntry.InstrumentDefinition] = []
  /// Orders without any answer.
  public private(set) var unansweredCount = 0

  private var placesByID: [ClOrdID: Int] = [:]
  private var placesByOrderID: [UInt64: Int] = [:]
  private var tickPlaces: [InstrumentKey: Int] = [:]
  private var positionPlaces: [PositionKey: Int] = [:]
  private var instrumentPlaces: [InstrumentKey: Int] = [:]

  private struct InstrumentKey: Hashable {
    var code: InstrumentCode
    var exchange: Exchange
  }

  private struct PositionKey: Hashable {
    var instrument: InstrumentKey
    var side: PositionSide
    var hedge: HedgeFlag
  }

  public init() {}

  public func order(_ id: ClOrdID) -> ClientOrder? { placesByID[id].map { orders[$0] } }
  public func order(_ id: OrderID) -> ClientOrder? { placesByOrderID[id.raw].map { orders[$0] } }

  /// Its place in `orders`, from 1; 0 for an order that was never heard of.
  public func number(of id: ClOrdID) -> Int { placesByID[id].map { $0 + 1 } ?? 0 }

  /// The newest tick of a code; without an exchange, of the first instrument with that code.
  public func tick(_ code: InstrumentCode, _ exchange: Exchange = .unknown) -> OrderEntry.Tick? {
    if exchange != .unknown {
      return tickPlaces[InstrumentKey(code: code, exchange: exchange)].map { ticks[$0] }
    }
    return ticks.first { $0.instrument == code }
  }

  // MARK: What this terminal did

  mutating func sent(_ request: OrderEntry.NewOrder) {
    guard placesByID[request.clOrdID] == nil else { return }
    placesByID[request.clOrdID] = orders.count
    orders.append(ClientOrder(request))
    unansweredCount += 1
  }

  mutating func sent(cancel requestID: ClOrdID, of order: ClOrdID) {
    guard let place = placesByID[order] else { return }
    orders[place].pendingCancel = requestID
  }

  // MARK: What the gateway told

  mutating func apply(_ report: OrderEntry.ExecutionReport) {
    guard !report.clOrdID.isEmpty else { return }
    if report.saysNothingOfOrder {
      if let place = placesByID[report.clOrdID] { orders[place].apply(report) }
      return
    }
    guard let place = placesByID[report.clOrdID] else {
      let place = orders.count
      placesByID[report.clOrdID] = place
      orders.append(ClientOrder(report))
      apply(report, at: place)
      return
    }
    // An id that was used before: the second order is refused, the first is as it was.
    if report.execType == .rejected, orders[place].isAnswered,
      report.orderID != orders[place].orderID
    {
      return
    }
    if !orders[place].isAnswered { unansweredCount -= 1 }
    apply(report, at: place)
  }

  private mutating func apply(_ report: OrderEntry.ExecutionReport, at place: Int) {
    orders[place].apply(report)
    if !report.orderID.isNone { placesByOrderID[report.orderID.raw] = place }
  }

  /// A message of this terminal cannot be served: an order with this id has had its answer.
  mutating func apply(_ reject: OrderEntry.BusinessReject) {
    guard reject.refTemplateID == OrderEntry.NewOrder.templateID,
      let place = placesByID[reject.refRequestID], !orders[place].isAnswered
    else { return }
    unansweredCount -= 1
    orders[place].state = .rejected
    orders[place].refusal = reject.refusal
    orders[place].leavesLots = 0
  }

  mutating func apply(_ tick: OrderEntry.Tick) {
    let key = InstrumentKey(code: tick.instrument, exchange: tick.exchange)
    if let place = tickPlaces[key] {
      ticks[place] = tick
    } else {
      tickPlaces[key] = ticks.count
      ticks.append(tick)
    }
  }

  mutating func apply(_ update: OrderEntry.AccountUpdate) { account = update }

  mutating func apply(_ update: OrderEntry.PositionUpdate) {
    let key = PositionKey(
      instrument: InstrumentKey(code: update.instrument, exchange: update.exchange),
      side: update.side, hedge: update.hedge)
    if let place = positionPlaces[key] {
      positions[place] = update
    } else {
      positionPlaces[key] = positions.count
      positions.append(update)
    }
  }

  mutating func apply(_ definition: OrderEntry.InstrumentDefinition) {
    let key = InstrumentKey(code: definition.instrument, exchange: definition.exchange)
    if let place = instrumentPlaces[key] {
      instruments[place] = definition
    } else {
      instrumentPlaces[key] = instruments.count
      instruments.append(definition)
    }
  }
}
