import Domain
import Wire

// The counter's values as messages of the counter protocol, and back.

extension OrderRequest {
  /// An instrument that is not listed becomes `.none`, and is refused by the counter.
  init(_ message: CounterProtocol.InsertOrderDecoder, instrument: InstrumentID?) {
    self.init(
      child: message.childOrderID, instrument: instrument ?? .none, side: message.side,
      offset: message.offset, hedge: message.hedge, type: message.type,
      timeInForce: message.timeInForce, price: message.price, lots: message.lots,
      minimumLots: message.minimumLots)
  }
}

extension CounterProtocol.OrderReport {
  /// Nil for a trade and a refused cancel, which have messages of their own.
  init?(_ report: CounterReport, isReplayed: Bool) {
    let state: CounterProtocol.ChildState
    var error: CounterError?
    switch report.body {
    case .accepted: state = .accepted
    case .rejected(let reason):
      state = .rejected
      error = reason
    case .cancelled: state = .cancelled
    case .cancelRejected, .trade: return nil
    }
    self.init(
      counterSequence: report.sequence, childOrderID: report.child,
      venueOrderID: VenueID(number: report.exchangeOrder), state: state,
      flags: isReplayed ? .replayed : [], cumulativeLots: report.filledLots,
      leavesLots: report.leavesLots, rejectCode: error?.rawValue ?? 0, time: report.time,
      text: error.map { FixedText($0.text) } ?? FixedText())
  }
}

extension CounterProtocol.TradeReport {
  init(
    _ report: CounterReport, _ trade: Trade, _ instrument: ExchangeInstrument, isReplayed: Bool
  ) {
    self.init(
      counterSequence: report.sequence, childOrderID: report.child,
      tradeID: VenueID(number: trade.number), venueOrderID: VenueID(number: report.exchangeOrder),
      instrument: instrument.code, exchange: instrument.exchange, side: trade.side,
      offset: trade.offset, hedge: trade.hedge, flags: isReplayed ? .replayed : [],
      price: trade.price, lots: trade.lots, time: report.time)
  }
}

extension CounterProtocol.CancelRejected {
  init(_ report: CounterReport, _ error: CounterError, isReplayed: Bool) {
    self.init(
      counterSequence: report.sequence, childOrderID: report.child, rejectCode: error.rawValue,
      flags: isReplayed ? .replayed : [], time: report.time, text: FixedText(error.text))
  }
}

extension CounterProtocol.OrderStatus {
  init(_ status: OrderStatus, request: UInt32) {
    let state: CounterProtocol.ChildState
    var error: CounterError?
    switch status.state {
    case .working: state = .accepted
    case .partlyFilled: state = .partlyFilled
    case .filled: state = .filled
    case .cancelled: state = .cancelled
    case .rejected(let reason):
      state = .rejected
      error = reason
    case .neverArrived: state = .neverArrived
    }
    self.init(
      requestNumber: request, childOrderID: status.child,
      venueOrderID: VenueID(number: status.exchangeOrder), state: state,
      cumulativeLots: status.filledLots, leavesLots: status.leavesLots,
      rejectCode: error?.rawValue ?? 0)
  }
}

extension CounterProtocol.FundsReport {
  init(_ funds: AccountFunds, day: TradingDay, request: UInt32) {
    self.init(
      requestNumber: request, tradingDay: day, equity: funds.equity, available: funds.available,
      margin: funds.margin, frozen: funds.frozen, balance: funds.balance,
      openingEquity: funds.openingEquity, closeProfit: funds.closeProfit,
      positionProfit: funds.positionProfit, fees: funds.fees, deposits: funds.deposits,
      withdrawals: funds.withdrawals)
  }
}

extension CounterProtocol.PositionReport {
  init(_ position: PositionStatus, _ instrument: ExchangeInstrument, request: UInt32) {
    self.init(
      requestNumber: request, instrument: instrument.code, exchange: instrument.exchange,
      side: position.side, hedge: position.hedge, todayLots: position.todayLots,
      yesterdayLots: position.yesterdayLots, frozenLots: position.frozenLots,
      openCost: position.openCost, positionCost: position.positionCost, margin: position.margin,
      positionProfit: position.positionProfit)
  }
}

extension CounterProtocol.Tick {
  /// A recorded tick of any day is told as one of the counter's own.
  init(_ tick: ExchangeTick, _ instrument: ExchangeInstrument, day: TradingDay) {
    self.init(
      instrument: instrument.code, exchange: instrument.exchange, tradingDay: day,
      time: tick.time, last: tick.last, bid: tick.bid.price, bidLots: tick.bid.lots,
      ask: tick.ask.price, askLots: tick.ask.lots, upperLimit: instrument.limitUp,
      lowerLimit: instrument.limitDown, preSettlement: instrument.priorSettlement,
      volume: tick.volume, openInterest: tick.openInterest)
  }
}

extension CounterProtocol.InstrumentStatus {
  init(
    _ phase: TradingPhase, _ instrument: ExchangeInstrument, day: TradingDay, now: Timestamp
  ) {
    let code: CounterProtocol.InstrumentPhase
    switch phase {
    case .auction: code = .auction
    case .continuous: code = .continuous
    case .unknown: code = .closed
    }
    self.init(
      exchange: instrument.exchange, instrument: instrument.code, phase: code, tradingDay: day,
      time: now)
  }
}

extension VenueID {
  /// A number in decimal digits; empty for 0.
  init(number: UInt64) {
    self.init()
    var digits = 0
    var rest = number
    while rest > 0 {
      digits += 1
      rest /= 10
    }
    rest = number
    while rest > 0 {
      digits -= 1
      bytes[digits] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
  }
}

extension FixedText {
  init(_ text: StaticString) {
    precondition(text.utf8CodeUnitCount <= capacity, "the counter's own words fit their field")
    self.init()
    for index in 0..<text.utf8CodeUnitCount { bytes[index] = text.utf8Start[index] }
  }
}
