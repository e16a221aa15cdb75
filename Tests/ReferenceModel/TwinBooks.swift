import Domain
import Messages

/// Whoever holds positions.
public enum TwinHolder: Hashable, Sendable {
  case account(OperationAccountID)
  case fund(FundAccountID)
}

/// One side of a position under a hedge flag.
public struct TwinPlace: Hashable, Sendable {
  public var instrument: InstrumentID
  public var side: PositionSide
  public var hedge: HedgeFlag

  public init(_ instrument: InstrumentID, _ side: PositionSide, _ hedge: HedgeFlag) {
    self.instrument = instrument
    self.side = side
    self.hedge = hedge
  }
}

/// Lots opened at one price on one day.
public struct TwinLot: Equatable, Sendable {
  public var price: Price
  public var lots: Lots
  /// The day it was opened, yyyymmdd.
  public var day: UInt32
  public var isToday: Bool
  /// What it is marked from: the fill price today, then each settlement.
  var cost: Price
}

/// A fill as one holder books it, and what it did to the holder's lots.
struct TwinBooking {
  var holder: TwinHolder
  var place: TwinPlace
  var offset: Offset
  var price: Price
  var lots: Lots
  var day: UInt32
  var fee: Int64 = 0
  var closeProfit: Int64 = 0
  /// Lots of a close that were not there.
  var excess: Lots = 0
  /// Opened on an earlier day: yesterday's lots, marked from this.
  var earlierMark: Price?

  var taken: Lots { lots - excess }
  /// Long lots are bought to open and sold to close.
  var isSold: Bool { (place.side == .long) == offset.isClosing }
}

/// What moves lots, in the order it happened: all a replay needs.
enum TwinFact {
  case opening(TwinHolder, TwinPlace, TwinLot)
  case booking(TwinBooking)
  /// The day ended with these prior settlements for the next one, by instrument.
  case settled([Price])
}

/// A trade of a fund account that no operation account has.
struct TwinUnmapped {
  var product: ProductID
  var instrument: InstrumentID
  var signedLots: Int64
  var price: Price
  /// What it is marked from.
  var cost: Price
  var isToday: Bool
  /// An external trade's: what a controller assigns it by, and what it was; 0 = no such trade.
  var number: UInt64 = 0
  var fund = FundAccountID.none
  var hedge = HedgeFlag.unknown
  var offset = Offset.unknown
  var day: UInt32 = 0

  var side: Side { signedLots < 0 ? .sell : .buy }
  var lots: Lots { Lots(abs(signedLots)) }
}

struct TwinInstrument {
  var commodity: CommodityID
  var exchange: Exchange
  var multiplier: Int64
  var deliveryMonth: Int
  var tick: Int64
  /// Fewest and most lots of a limit order.
  var limitLots: ClosedRange<Lots>
  /// Of an option on a future; nil of a future.
  var option: TwinOption?
  /// yyyymmdd; 0 = none is known.
  var lastTradingDay: UInt32 = 0
  /// The exchange has said today what it is doing.
  var hasStatus = false
  var last = Price.none
  var bid = Price.none
  var ask = Price.none
  var lowerLimit = Price.none
  var preSettlement = Price.none
  var upperLimit = Price.none
  var settlement = Price.none
  var openInterest: Int64 = 0

  /// decisions 6: without a last price positions are marked at the prior settlement.
  var mark: Price { last.isNone ? preSettlement : last }
  /// decisions 3.
  var separatesToday: Bool { exchange == .shfe || exchange == .ine }
}

struct TwinOption {
  var isCall: Bool
  var strike: Int64
  var underlying: InstrumentID
}

struct TwinFund {
  var product: ProductID
  var counter: CounterID
  var isLinked = false
  var isReady = false
  var epoch: UInt64 = 0
  var counterSequence: UInt64 = 0
  var minimumReserve: Int64 = 0
  var settings: [FundAccountSetting: Int64] = [:]
}

struct TwinAccount {
  var product: ProductID
  var settings: [UInt16: Int64] = [:]
  var reportSequence: UInt64 = 0
  var sessions = 0
  /// When its orders go, while nobody is there.
  var graceEnd: Timestamp?
}

/// Money that does not come from trading.
struct TwinCash {
  var openingEquity: Int64 = 0
  var netCash: Int64 = 0
  var netDepositsEver: Int64 = 0
  var allowedLossEver: Int64 = 0
  var availableAdjustment: Int64 = 0
  /// Of a fund account: its counter's cash of today as told last; nil before its first word ever.
  var told: Int64?
}

/// A child order at a counter.
public struct TwinChild: Sendable {
  public enum State: UInt8, Sendable {
    case sent = 1, working, filled, cancelled, rejected, neverArrived
    /// Its turn to leave has not come.
    case waiting
  }

  public var id: OrderID
  public var parent: OrderID
  public var fund: FundAccountID
  public var instrument: InstrumentID
  public var side: Side
  public var offset: Offset
  public var hedge: HedgeFlag
  var isDeclared = false
  /// Where it counts toward exchanges' budgets.
  var budget: TwinBudgets.Place?
  public var lots: Lots
  public var holdPrice: Price
  public var price: Price
  public var sentAt: Timestamp
  public var state = State.sent
  /// As its counter says, also beyond what was ordered.
  public var filled: Lots = 0
  /// Can still fill: what its hold is for.
  public var held: Lots {
    didSet { if held != oldValue { holdRates = nil } }
  }
  /// The rates its hold is taken at: those in force when its lots last changed.
  var holdRates: RateSet?
  public var isDoubtful = false
  public var cancelRequested = false
  /// A liquidation asked for its cancel, and no terminal did.
  var isCancelForced = false
  /// The link's epoch under which its cancel was sent.
  var cancelEpoch: UInt64?
  var isReported = false
  /// The order has waited for its turn to leave.
  var hasWaited = false

  public var isFinal: Bool {
    switch state {
    case .sent, .working, .waiting: false
    case .filled, .cancelled, .rejected, .neverArrived: true
    }
  }
}

/// A parent order.
public struct TwinOrder: Sendable {
  public var id: OrderID
  public var terms: TwinTerms
  public var holdPrice: Price
  public var receivedAt: Timestamp
  public var isRefused = false
  public var filled: Lots = 0 { didSet { holdRates = nil } }
  public var ended: Lots = 0 { didSet { if ended != oldValue { holdRates = nil } } }
  /// The rates its hold is taken at: those in force when its leaves last changed.
  var holdRates: RateSet?
  /// Sum of price * lots of its fills.
  public var basis: Int64 = 0
  public var children: [OrderID] = []
  public var cancelRequested = false
  /// A counter has said something good of a part of it.
  public var isConfirmed = false
  /// A part ended for a reason: refused by its counter, never arrived, no place for it.
  public var hasReason = false
  var isCancelDeclared = false
  var isCancelCounted = false
  /// It ended before anything showed whether a task had asked for its cancel.
  var isCancelUncertain = false

  public var leaves: Lots { isRefused ? 0 : terms.lots - filled - ended }

  /// routing.md, "Life of an order"; docs/ARCHITECTURE.md, decision 9.
  public var state: OrderState {
    if isRefused { return .rejected }
    if leaves > 0 { return filled > 0 ? .partlyFilled : isConfirmed ? .working : .accepted }
    if filled == terms.lots { return .filled }
    let isRejected = filled == 0 && !isConfirmed && hasReason && !cancelRequested
    return isRejected ? .rejected : .cancelled
  }
}

/// What a report says of how an order stands.
struct TwinTold: Equatable {
  var state: OrderState
  var filled: Lots
  var leaves: Lots
  var unknown: Lots
}

/// What an order says.
public struct TwinTerms: Equatable, Sendable {
  public var account: OperationAccountID
  public var instrument: InstrumentID
  public var clOrdID: ClOrdID
  public var side: Side
  public var offset: Offset
  public var hedge: HedgeFlag
  public var type: OrderType
  public var timeInForce: TimeInForce
  public var price: Price
  public var lots: Lots
  public var minimumLots: Lots

  public var place: TwinPlace {
    TwinPlace(instrument, PositionSide(side: side, offset: offset), hedge)
  }
}
