import Domain

/// A child order as it reaches the counter. What an enum does not know is `.unknown`, an
/// instrument that is not listed `.none`; the counter refuses both.
public struct OrderRequest: Equatable, Hashable, Sendable, BitwiseCopyable {
  public var child: OrderID
  public var instrument: InstrumentID
  public var side: Side
  public var offset: Offset
  public var hedge: HedgeFlag
  public var type: OrderType
  public var timeInForce: TimeInForce
  /// `.none` for a market order.
  public var price: Price
  public var lots: Lots
  /// For FAK: this many at once or none; 0 = any.
  public var minimumLots: Lots

  public init(
    child: OrderID, instrument: InstrumentID, side: Side, offset: Offset,
    hedge: HedgeFlag = .speculation, type: OrderType = .limit, timeInForce: TimeInForce = .day,
    price: Price, lots: Lots, minimumLots: Lots = 0
  ) {
    self.child = child
    self.instrument = instrument
    self.side = side
    self.offset = offset
    self.hedge = hedge
    self.type = type
    self.timeInForce = timeInForce
    self.price = price
    self.lots = lots
    self.minimumLots = minimumLots
  }
}

/// A fill, as one of its two sides sees it.
public struct Trade: Equatable, Hashable, Sendable, BitwiseCopyable {
  /// The exchange's number of the trade, the same for both sides.
  public var number: UInt64
  public var instrument: InstrumentID
  public var side: Side
  public var offset: Offset
  public var hedge: HedgeFlag
  public var price: Price
  public var lots: Lots
  /// Both sides have the same trading code.
  public var isSelfTrade: Bool
}

/// What the counter tells an account, in the order of the account's sequence.
public struct CounterReport: Equatable, Hashable, Sendable, BitwiseCopyable {
  public enum Body: Equatable, Hashable, Sendable, BitwiseCopyable {
    case accepted
    case rejected(CounterError)
    /// Cancelled, or the remainder expired (FAK, FOK, market, day end).
    case cancelled
    case cancelRejected(CounterError)
    case trade(Trade)
  }

  /// Per account, from 1, without gaps, never reset.
  public var sequence: UInt64
  public var time: Timestamp
  /// `.none` for an order that did not come over the account's link.
  public var child: OrderID
  /// The exchange's number of the order; 0 when it was not taken.
  public var exchangeOrder: UInt64
  /// Of the order, after this report.
  public var filledLots: Lots
  public var leavesLots: Lots
  public var body: Body
}

/// How an order stands; asked for by its child id.
public struct OrderStatus: Equatable, Hashable, Sendable, BitwiseCopyable {
  public enum State: Equatable, Hashable, Sendable, BitwiseCopyable {
    case working
    case partlyFilled
    case filled
    case cancelled
    case rejected(CounterError)
    /// The counter does not have it and, in this epoch, never will.
    case neverArrived

    @inlinable public var isFinal: Bool {
      switch self {
      case .working, .partlyFilled: false
      case .filled, .cancelled, .rejected, .neverArrived: true
      }
    }
  }

  public var child: OrderID
  public var exchangeOrder: UInt64
  public var state: State
  public var filledLots: Lots
  public var leavesLots: Lots
}

/// A report in an account's store, with what the fault plan wants of its delivery.
public struct StoredReport: Equatable, Hashable, Sendable, BitwiseCopyable {
  public var report: CounterReport
  /// Not to be sent before; never before that of the report in front of it.
  public var deliverAt: Timestamp
  /// How often it is sent; 1 unless the fault plan repeats it.
  public var copies: UInt8
}
