import Domain

/// One side of a position: lots and margin, all that an order reads.
public struct PositionSideRecord: BitwiseCopyable {
  public var today: Lots
  public var yesterday: Lots
  /// Lots that working closing orders will take: of all, and of those the part that must be
  /// today's (exchanges that separate today's alone).
  public var frozen: Lots
  public var frozenToday: Lots
  /// Lots in working opening orders.
  public var workingOpen: Lots
  public var openedToday: Lots
  public var closedToday: Lots
  /// Orders of a holder that can still open or close on this side.
  public var workingOrders: Int32
  /// Margin of the held lots.
  public var margin: Money
  /// Margin of the working opening orders.
  public var frozenMargin: Money

  @inlinable public var held: Lots { today + yesterday }

  /// Lots an order with this offset can still close (decisions 3).
  @inlinable public func closable(_ offset: Offset, separatesToday: Bool) -> Lots {
    guard separatesToday else { return held - frozen }
    switch offset {
    case .closeToday: return today - frozenToday
    case .close, .closeYesterday: return yesterday - (frozen - frozenToday)
    case .open, .unknown: return 0
    }
  }
}

/// What one side's lots cost: fills and marks read it, orders don't. Lots are kept as lists of
/// (open price, lots), oldest first: yesterday's and today's apart (`LotList`).
public struct PositionCostRecord: BitwiseCopyable {
  public var firstYesterday: UInt32
  public var lastYesterday: UInt32
  public var firstToday: UInt32
  public var lastToday: UInt32
  /// What yesterday's lots are marked from: the prior settlement.
  public var yesterdayMark: Price
  /// Sum of mark cost * lots: the fill price for today's lots, the prior settlement for
  /// yesterday's (rules.md 3a). In price units; times the multiplier it is money.
  public var markBasis: Int64
  /// Sum of open price * lots.
  public var openBasis: Int64
}

/// The position of a holder in an instrument under one hedge flag, both sides.
public struct PositionRecord: BitwiseCopyable {
  // An order reads and writes the first two lines.
  static let linesOfOrder = 2
  /// Where the costs begin, in bytes: behind these lines. A test holds the layout to it.
  static let costOffset = 128
  public var long: PositionSideRecord
  public var short: PositionSideRecord
  public var holder: HolderID
  public var instrument: InstrumentID
  /// Another hedge flag's record of the same holder and instrument, 1-based; 0 = none.
  public var sibling: UInt32
  /// The holder's figures of the commodity, 1-based.
  public var figures: UInt32
  public var hedge: HedgeFlag
  /// It is in the list of its figures (`nextOfCommodity`).
  public internal(set) var isLinked: Bool
  /// Of an option: it has a value and no profit, and its premium is cash.
  public internal(set) var isOption: Bool
  var padding1: UInt8
  /// Confirmed cancels of the holder in the instrument today (kept on the record of the first
  /// hedge flag; FAK and FOK remainders and the system's own are not counted).
  public var cancels: Int32
  /// Lots a counter closed beyond what was held (`overClose`).
  public var overClosed: Int64

  public var longCost: PositionCostRecord
  public var shortCost: PositionCostRecord
  /// The price at which `profit` was taken.
  public var markedAt: Price
  /// This record's part of the holder's position profit; of an option, of its `optionValue`.
  public var profit: Money
  /// The holder's positions in the commodity: the next and the one before, 1-based; 0 = none.
  public internal(set) var nextOfCommodity: UInt32
  var previousOfCommodity: UInt32
  // Records begin with a line: four each.
  var padding2: InlineArray<3, UInt64>

  @inlinable public func side(_ side: PositionSide) -> PositionSideRecord {
    side == .short ? short : long
  }

  /// This record's part of the holder's position profit: an option has none (decision 151).
  @inlinable public var positionProfit: Money { isOption ? .zero : profit }

  @inlinable public func cost(_ side: PositionSide) -> PositionCostRecord {
    side == .short ? shortCost : longCost
  }

  // Three columns of long minus short (design.md): as it is, and what working orders add at most
  // in either direction.
  @inlinable public var net: Int64 { Int64(long.held) - Int64(short.held) }
  @inlinable public var up: Int64 { Int64(long.workingOpen) + Int64(short.frozen) }
  @inlinable public var down: Int64 { Int64(short.workingOpen) + Int64(long.frozen) }
}
