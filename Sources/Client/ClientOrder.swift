import Domain
import Wire

/// An order as its terminal knows it.
public struct ClientOrder: Equatable, Sendable {
  public let clOrdID: ClOrdID
  /// The gateway's id; `.none` before the first report, and for an order that was refused early.
  public internal(set) var orderID: OrderID = .none
  public internal(set) var instrument: InstrumentCode
  public internal(set) var exchange: Exchange
  public internal(set) var side: Side
  public internal(set) var offset: Offset
  public internal(set) var price: Price
  public internal(set) var lots: Lots
  /// `.unknown` until the gateway has answered.
  public internal(set) var state: OrderState = .unknown
  public internal(set) var cumulativeLots: Lots = 0
  public internal(set) var leavesLots: Lots
  /// Of the leaves: at counters whose link is down.
  public internal(set) var unknownLots: Lots = 0
  /// Sum of price x lots over the fills that were heard of, in price units.
  public internal(set) var filledValue: Int64 = 0
  /// Lots of those fills.
  public internal(set) var heardLots: Lots = 0
  /// Why it was refused.
  public internal(set) var refusal = OrderEntry.RefusalFigures()
  /// The cancel that was sent last and has no answer; empty when there is none.
  public internal(set) var pendingCancel = ClOrdID()
  /// What this terminal sent; nil for an order of another terminal or an earlier run.
  public internal(set) var request: OrderEntry.NewOrder?

  /// Whether the gateway has said anything about it.
  public var isAnswered: Bool { state != .unknown }
  /// Whether anything of it may still happen.
  public var isWorking: Bool { isAnswered && !state.isFinal }

  /// Mean price of the fills that were heard of, rounded down to 0.0001; `.none` without one.
  public var averagePrice: Price {
    guard heardLots > 0 else { return .none }
    return Price(units: filledValue.flooredQuotient(Int64(heardLots)))
  }

  init(_ request: OrderEntry.NewOrder) {
    clOrdID = request.clOrdID
    instrument = request.instrument
    exchange = request.exchange
    side = request.side
    offset = request.offset
    price = request.price
    lots = request.lots
    leavesLots = request.lots
    self.request = request
  }

  init(_ report: OrderEntry.ExecutionReport) {
    clOrdID = report.clOrdID
    instrument = report.instrument
    exchange = report.exchange
    side = report.side
    offset = report.offset
    price = report.price
    lots = report.lots
    leavesLots = report.leavesLots
  }

  /// What the gateway says of it.
  mutating func apply(_ report: OrderEntry.ExecutionReport) {
    if report.saysNothingOfOrder {
      if report.requestID == pendingCancel { pendingCancel = ClOrdID() }
      return
    }
    orderID = report.orderID
    if !report.instrument.isEmpty { instrument = report.instrument }
    if report.exchange != .unknown { exchange = report.exchange }
    state = report.state
    cumulativeLots = report.cumulativeLots
    leavesLots = report.leavesLots
    unknownLots = report.unknownLots
    switch report.execType {
    case .rejected: refusal = report.refusal
    case .trade:
      let (value, overflows) = report.lastPrice.units.multipliedReportingOverflow(
        by: Int64(report.lastLots))
      let (sum, sumOverflows) = filledValue.addingReportingOverflow(value)
      if !overflows, !sumOverflows, report.lastLots > 0 {
        filledValue = sum
        heardLots = heardLots.addingReportingOverflow(report.lastLots).partialValue
      }
    case .cancelRejected:
      if report.requestID == pendingCancel { pendingCancel = ClOrdID() }
    case .unknown, .new, .cancelled, .pendingUnknown, .resolved, .restated, .workingConfirmed:
      break
    }
    if state.isFinal { pendingCancel = ClOrdID() }
  }
}

extension OrderEntry.ExecutionReport {
  /// The answer to a cancel of an order that the gateway does not know, or not any more.
  var saysNothingOfOrder: Bool { execType == .cancelRejected && state == .unknown }
}
