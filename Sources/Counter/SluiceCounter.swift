import Domain
import Messages
import Wire

/// The adapter of our own counter protocol.
public enum SluiceCounter {
  // MARK: To the counter

  public static func insertOrder(
    _ order: SendOrder, code: InstrumentCode, exchange: Exchange
  ) -> CounterProtocol.InsertOrder {
    CounterProtocol.InsertOrder(
      childOrderID: order.child, instrument: code, exchange: exchange, side: order.side,
      offset: order.offset, hedge: order.hedge, type: order.type,
      timeInForce: order.timeInForce, price: order.price, lots: order.lots,
      minimumLots: order.minimumLots)
  }

  public static func cancelOrder(
    _ cancel: SendCancel, code: InstrumentCode, exchange: Exchange
  ) -> CounterProtocol.CancelOrder {
    CounterProtocol.CancelOrder(
      childOrderID: cancel.child, instrument: code, exchange: exchange)
  }

  // MARK: From the counter

  /// A state of a child. A code nobody knows keeps its place in the sequence and changes nothing.
  public static func childReport(
    _ report: CounterProtocol.OrderReportDecoder, from fundAccount: FundAccountID
  ) -> ChildReport {
    ChildReport(
      fundAccount: fundAccount, counterSequence: report.counterSequence,
      child: report.childOrderID, kind: kind(of: report.state),
      cumulativeLots: max(report.cumulativeLots, 0), rejectCode: report.rejectCode,
      venueOrderID: legible(report.venueOrderID))
  }

  public static func childReport(
    _ rejection: CounterProtocol.CancelRejectedDecoder, from fundAccount: FundAccountID
  ) -> ChildReport {
    ChildReport(
      fundAccount: fundAccount, counterSequence: rejection.counterSequence,
      child: rejection.childOrderID, kind: .cancelRejected, cumulativeLots: 0,
      rejectCode: rejection.rejectCode, venueOrderID: VenueID())
  }

  /// The counter was asked for a child's fate and does not have it. Whatever else happened to a
  /// child is reported in sequence.
  public static func neverArrived(
    _ child: OrderID, from fundAccount: FundAccountID
  ) -> ChildReport {
    ChildReport(
      fundAccount: fundAccount, counterSequence: 0, child: child, kind: .neverArrived,
      cumulativeLots: 0, rejectCode: 0, venueOrderID: VenueID())
  }

  /// - Parameter instrument: what the report's code means here; `.none` when it means nothing.
  public static func counterTrade(
    _ trade: CounterProtocol.TradeReportDecoder, from fundAccount: FundAccountID,
    instrument: InstrumentID
  ) -> CounterTrade {
    CounterTrade(
      fundAccount: fundAccount, counterSequence: trade.counterSequence,
      child: trade.childOrderID, instrument: instrument, side: trade.side,
      offset: trade.offset, hedge: trade.hedge, price: trade.price, lots: trade.lots,
      tradeTime: trade.time, tradeID: legible(trade.tradeID),
      venueOrderID: legible(trade.venueOrderID))
  }

  /// - Parameter day: cash of another trading day is not told.
  public static func counterFunds(
    _ funds: CounterProtocol.FundsReportDecoder, from fundAccount: FundAccountID,
    on day: TradingDay
  ) -> CounterFunds {
    let most = Ranges.cashMaximum
    let isTold =
      funds.tradingDay == day && !day.isNone && (0...most).contains(funds.deposits.units)
      && (0...most).contains(funds.withdrawals.units)
    return CounterFunds(
      fundAccount: fundAccount, equity: funds.equity, available: funds.available,
      margin: funds.margin, netCash: isTold ? funds.deposits - funds.withdrawals : .none)
  }

  public static func tick(
    _ tick: CounterProtocol.TickDecoder, instrument: InstrumentID
  ) -> Tick {
    Tick(
      instrument: instrument, last: tick.last, bid: tick.bid, bidLots: max(tick.bidLots, 0),
      ask: tick.ask, askLots: max(tick.askLots, 0), upperLimit: tick.upperLimit,
      lowerLimit: tick.lowerLimit, preSettlement: tick.preSettlement,
      volume: max(tick.volume, 0), openInterest: max(tick.openInterest, 0),
      exchangeTime: tick.time)
  }

  /// What an instrument is doing; nil for a code nobody knows. `.unknown` = closed.
  public static func phase(_ phase: CounterProtocol.InstrumentPhase) -> TradingPhase? {
    switch phase {
    case .auction: .auction
    case .continuous: .continuous
    case .closed: .unknown
    case .unknown: nil
    }
  }

  private static func kind(of state: CounterProtocol.ChildState) -> ChildReportKind {
    switch state {
    case .accepted, .partlyFilled: .accepted
    case .rejected: .rejected
    case .cancelled: .cancelled
    case .neverArrived: .neverArrived
    // A fill is told by its trade.
    case .filled, .unknown: .unknown
    }
  }

  /// An id that can be kept, sent on and logged; empty when it can't.
  private static func legible(_ id: VenueID) -> VenueID { id.isCode ? id : VenueID() }
}
