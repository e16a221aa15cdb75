// What a counter told us over a fund account's link. Each report carries the counter's own sequence
// number; the engine applies each once, in order, however often the link brings it.

import Domain

/// A fund account's link logged in. The counter promises that nothing sent under an older epoch is
/// still being processed (design.md, "Counter links have an epoch").
public struct CounterLinkUp: Equatable, Sendable, BitwiseCopyable {
  public var fundAccount: FundAccountID
  public var epoch: UInt64
  /// The newest report the counter has for this account.
  public var lastCounterSequence: UInt64

  @inlinable public init(
    fundAccount: FundAccountID, epoch: UInt64, lastCounterSequence: UInt64
  ) {
    self.fundAccount = fundAccount
    self.epoch = epoch
    self.lastCounterSequence = lastCounterSequence
  }
}

/// The missed reports and the fate of every doubtful child have been brought.
public struct CounterResynced: Equatable, Sendable, BitwiseCopyable {
  public var fundAccount: FundAccountID
  public var epoch: UInt64

  @inlinable public init(
    fundAccount: FundAccountID, epoch: UInt64
  ) {
    self.fundAccount = fundAccount
    self.epoch = epoch
  }
}

/// The link is gone. Its working children are unknown until it is back.
public struct CounterLinkDown: Equatable, Sendable, BitwiseCopyable {
  public var fundAccount: FundAccountID

  @inlinable public init(
    fundAccount: FundAccountID
  ) {
    self.fundAccount = fundAccount
  }
}

/// What a counter says of a child order.
public enum ChildReportKind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  case accepted = 1
  case rejected = 2
  /// Cancelled, or its remainder expired at the counter (FAK, FOK, day end).
  case cancelled = 3
  case cancelRejected = 4
  /// Asked for by our id after a new epoch, and the counter does not have it.
  case neverArrived = 5
}

/// A change of a child order's state.
/// `CTP: OnRtnOrder, OnErrRtnOrderInsert`, `FIX: ExecutionReport(8)`.
public struct ChildReport: Equatable, Sendable, BitwiseCopyable {
  public var fundAccount: FundAccountID
  /// 0 for an answer outside the sequence (`neverArrived`).
  public var counterSequence: UInt64
  public var child: OrderID
  public var kind: ChildReportKind
  /// Filled so far, as the counter counts.
  public var cumulativeLots: Lots
  /// The counter's own error number; 0 = none.
  public var rejectCode: Int32
  public var venueOrderID: VenueID

  @inlinable public init(
    fundAccount: FundAccountID, counterSequence: UInt64, child: OrderID, kind: ChildReportKind,
    cumulativeLots: Lots, rejectCode: Int32, venueOrderID: VenueID
  ) {
    self.fundAccount = fundAccount
    self.counterSequence = counterSequence
    self.child = child
    self.kind = kind
    self.cumulativeLots = cumulativeLots
    self.rejectCode = rejectCode
    self.venueOrderID = venueOrderID
  }
}

/// A fill. `CTP: OnRtnTrade`.
public struct CounterTrade: Equatable, Sendable, BitwiseCopyable {
  public var fundAccount: FundAccountID
  public var counterSequence: UInt64
  /// `.none` for a trade that we did not send (routing.md).
  public var child: OrderID
  public var instrument: InstrumentID
  public var side: Side
  public var offset: Offset
  public var hedge: HedgeFlag
  public var price: Price
  public var lots: Lots
  /// The counter's own time of the trade.
  public var tradeTime: Timestamp
  public var tradeID: VenueID
  public var venueOrderID: VenueID

  @inlinable public init(
    fundAccount: FundAccountID, counterSequence: UInt64, child: OrderID,
    instrument: InstrumentID, side: Side, offset: Offset, hedge: HedgeFlag, price: Price,
    lots: Lots, tradeTime: Timestamp, tradeID: VenueID, venueOrderID: VenueID
  ) {
    self.fundAccount = fundAccount
    self.counterSequence = counterSequence
    self.child = child
    self.instrument = instrument
    self.side = side
    self.offset = offset
    self.hedge = hedge
    self.price = price
    self.lots = lots
    self.tradeTime = tradeTime
    self.tradeID = tradeID
    self.venueOrderID = venueOrderID
  }
}

/// What the counter says the fund account owns. `CTP: OnRspQryTradingAccount`.
public struct CounterFunds: Equatable, Sendable, BitwiseCopyable {
  public var fundAccount: FundAccountID
  public var equity: Money
  public var available: Money
  public var margin: Money
  /// Cash in less cash out of the engine's trading day; `.none` = the counter told none of it.
  public var netCash: Money

  @inlinable public init(
    fundAccount: FundAccountID, equity: Money, available: Money, margin: Money,
    netCash: Money = .none
  ) {
    self.netCash = netCash
    self.fundAccount = fundAccount
    self.equity = equity
    self.available = available
    self.margin = margin
  }
}
