import Domain

/// A parent order: what a terminal sent and what became of it.
///
/// Numbers of orders are 1-based indices of `Ledger.orders`; 0 = none. An order's index of the day
/// is its id's sequence.
public struct OrderRecord: BitwiseCopyable {
  // The first line: what its account's other orders are found by and compared with.
  static let linesOfLinks = 1
  public var id: OrderID
  public var previousOfAccount: UInt32
  public var workingPrevious: UInt32
  public var workingNext: UInt32
  public var firstChild: UInt32
  public var session: SessionID
  public var price: Price
  /// What the hold was taken at: the limit, or limit-up for a market order.
  public var holdPrice: Price
  public var receivedAt: Timestamp
  /// Holds of the lots that can still fill.
  public var marginHold: Money
  public var feeHold: Money
  public var valueHold: Money
  /// Sum of price * lots of its fills.
  public var filledBasis: Int64
  public var account: OperationAccountID
  public var product: ProductID
  public var instrument: InstrumentID
  /// Its position record, 1-based; 0 for an order that was refused before it had one.
  public var position: UInt32
  public var lots: Lots
  public var minimumLots: Lots
  public var filled: Lots
  /// Lots that ended without a fill.
  public var ended: Lots
  /// Of the leaves: at counters whose link is down.
  public var unknownLots: Lots
  /// Lots that still hold (leaves the ledger has not released).
  public var heldLots: Lots
  public var lastChild: UInt32
  public var clOrdID: ClOrdID
  public var side: Side
  public var offset: Offset
  public var hedge: HedgeFlag
  public var type: OrderType
  public var timeInForce: TimeInForce
  public var state: OrderState
  public var cancelRequested: Bool
  public var isConfirmed: Bool
  /// Why it was rejected, or why its last part ended.
  public var refusal: Refusal

  /// Lots that can still fill.
  @inlinable public var leaves: Lots { lots - filled - ended }
}

/// What the gateway knows of a child at its counter.
public enum ChildState: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  /// Handed to the link; no word from the counter yet.
  case sent = 1
  case working = 2
  case filled = 3
  case cancelled = 4
  case rejected = 5
  /// A later epoch showed that the counter never had it.
  case neverArrived = 6

  @inlinable public var isFinal: Bool {
    switch self {
    case .filled, .cancelled, .rejected, .neverArrived: true
    case .unknown, .sent, .working: false
    }
  }
}

/// A child order at one fund account's counter.
public struct ChildRecord: BitwiseCopyable {
  // The first line: what a book's tree is walked and changed by.
  public var id: OrderID
  public var price: Price
  /// The legal owner's working orders in the instrument by price (`WorkingBook`).
  public var bookLeft: UInt32
  public var bookRight: UInt32
  public var bookParent: UInt32
  public var book: UInt32
  public var side: Side
  public var offset: Offset
  public var hedge: HedgeFlag
  public var type: OrderType
  public var timeInForce: TimeInForce
  public var state: ChildState
  /// The link is down, or its resync has not told this child's fate yet.
  public var isDoubtful: Bool
  public var cancelRequested: Bool
  /// The fund account's working children.
  public var fundPrevious: UInt32
  public var fundNext: UInt32
  public var nextSibling: UInt32
  public var parent: UInt32
  public var fundAccount: FundAccountID
  public var instrument: InstrumentID

  public var position: UInt32
  public var lots: Lots
  public var filled: Lots
  public var heldLots: Lots
  public var holdPrice: Price
  public var sentAt: Timestamp
  public var marginHold: Money
  public var feeHold: Money
  public var valueHold: Money
  public var venueOrderID: VenueID
  /// Of the request that its cancel was asked for by last; empty when none has one.
  public var cancelRequestID: ClOrdID
  /// The link's epoch under which its cancel was sent, its lower half; 0 = under none.
  public var cancelEpoch: UInt32
  /// The exchange has acknowledged it, and its fund account has paid for that.
  public internal(set) var isDeclared: Bool
  /// The same of its cancel.
  public internal(set) var isCancelDeclared: Bool
  var padding16: UInt16
  /// Its group's record of the instrument (`Budgets`); 0 = it does not count.
  public internal(set) var budget: UInt32
  /// Number of the liquidation that asked for its cancel last; 0 = a terminal did, or the end of
  /// its session, or nobody.
  public var cancelledBy: UInt64
  // Records begin with a line: three each.
  var padding: InlineArray<1, UInt64>

  @inlinable public var leaves: Lots { max(lots - filled, 0) }
}
