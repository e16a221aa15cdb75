import Domain

/// A child order for a counter. `CTP: ReqOrderInsert`.
public struct SendOrder: Equatable, Sendable, BitwiseCopyable {
  public var fundAccount: FundAccountID
  public var child: OrderID
  public var instrument: InstrumentID
  public var side: Side
  public var offset: Offset
  public var hedge: HedgeFlag
  public var type: OrderType
  public var timeInForce: TimeInForce
  public var price: Price
  public var lots: Lots
  public var minimumLots: Lots

  @inlinable public init(
    fundAccount: FundAccountID, child: OrderID, instrument: InstrumentID, side: Side,
    offset: Offset, hedge: HedgeFlag, type: OrderType, timeInForce: TimeInForce, price: Price,
    lots: Lots, minimumLots: Lots
  ) {
    self.fundAccount = fundAccount
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

/// A child order whose turn to leave for its counter has not come; it does as `SendOrder`, or it is
/// taken back before.
public struct ChildWaits: Equatable, Sendable, BitwiseCopyable {
  public var fundAccount: FundAccountID
  public var child: OrderID
  public var instrument: InstrumentID
  public var offset: Offset
  public var lots: Lots
  /// Messages of the fund account that waited before.
  public var waiting: UInt32

  @inlinable public init(
    fundAccount: FundAccountID, child: OrderID, instrument: InstrumentID, offset: Offset,
    lots: Lots, waiting: UInt32
  ) {
    self.fundAccount = fundAccount
    self.child = child
    self.instrument = instrument
    self.offset = offset
    self.lots = lots
    self.waiting = waiting
  }
}

/// A cancel of a child order. `CTP: ReqOrderAction`.
public struct SendCancel: Equatable, Sendable, BitwiseCopyable {
  public var fundAccount: FundAccountID
  public var child: OrderID
  public var instrument: InstrumentID

  @inlinable public init(
    fundAccount: FundAccountID, child: OrderID, instrument: InstrumentID
  ) {
    self.fundAccount = fundAccount
    self.child = child
    self.instrument = instrument
  }
}

/// Asks a counter, in a new epoch, what became of a child that no report has confirmed.
public struct AskFate: Equatable, Sendable, BitwiseCopyable {
  public var fundAccount: FundAccountID
  /// `.none` ends the list of a resync.
  public var child: OrderID

  @inlinable public init(
    fundAccount: FundAccountID, child: OrderID
  ) {
    self.fundAccount = fundAccount
    self.child = child
  }
}
