import Domain
import Storage

/// What a holder has in a commodity under one hedge flag.
public struct HedgeFigures: BitwiseCopyable {
  public var heldLong: Lots
  public var heldShort: Lots
  public var workingOpenLong: Lots
  public var workingOpenShort: Lots
  /// Lots that working closing orders would take off the long and the short side.
  public var closingLong: Lots
  public var closingShort: Lots
  /// Margin, held and frozen.
  public var margin: Money

  /// Lots held, both sides.
  @inlinable public var heldLots: Int64 { Int64(heldLong) + Int64(heldShort) }
  @inlinable public var lots: Int64 {
    Int64(heldLong) + Int64(heldShort) + Int64(workingOpenLong) + Int64(workingOpenShort)
  }
  @inlinable public var net: Int64 { Int64(heldLong) - Int64(heldShort) }
  @inlinable public var up: Int64 { Int64(workingOpenLong) + Int64(closingShort) }
  @inlinable public var down: Int64 { Int64(workingOpenShort) + Int64(closingLong) }
}

/// A holder's figures and settings of one commodity, in one place so that an order reads a few
/// adjacent lines. Unset limits are `Int64.min`.
public struct CommodityFigures: BitwiseCopyable {
  public var speculation: HedgeFigures
  public var arbitrage: HedgeFigures
  public var hedge: HedgeFigures
  public var holder: HolderID
  public var commodity: CommodityID
  /// Rows for hedge flags and single instruments (`LimitRow`), 1-based; 0 = none.
  public var firstRow: UInt32

  // Settings of the commodity as a whole, any hedge flag.
  /// limit-band: a `LimitBandMeasure` and a `LimitBandBar` by their raw values.
  public var bandMeasure: UInt8
  public var bandBar: UInt8
  /// not-tradable lists the commodity; of a fund account the list of its day session.
  public var isListed: Bool
  /// A fund account's list of its night session has the commodity.
  public var isListedAtNight: Bool
  public var lotsCap: Int64
  public var marginCap: Int64
  public var orderLots: Int64
  public var orderMargin: Int64
  /// limit-band: ticks, or 1e-4 of one percent.
  public var bandValue: Int64
  /// Lots opened today, long and short together under every hedge flag.
  public var openedToday: Lots
  /// The holder's margin here is the larger side's alone (大单边).
  public internal(set) var isOneSided: Bool
  /// session-flat lists the commodity for these closes, a bit each.
  public internal(set) var flatCloses: UInt8
  var padding16: UInt16
  /// Margin of held lots under every hedge flag, by side.
  public internal(set) var heldMarginLong: Money
  public internal(set) var heldMarginShort: Money
  /// The holder's next figures, 1-based; 0 = none.
  public internal(set) var nextOfHolder: UInt32
  /// The first of its positions that are not empty since a day switch, 1-based; 0 = none.
  public internal(set) var firstPosition: UInt32
  // Records begin with a line: three each.
  var padding1: UInt64

  @inlinable public subscript(flag: HedgeFlag) -> HedgeFigures {
    switch flag {
    case .arbitrage: arbitrage
    case .hedge: hedge
    case .speculation, .unknown: speculation
    }
  }

  /// What held lots take of the holder's money.
  @inlinable public var heldMargin: Money {
    isOneSided ? max(heldMarginLong, heldMarginShort) : heldMarginLong + heldMarginShort
  }
  /// Lots held under every flag.
  @inlinable public var heldLots: Int64 {
    speculation.heldLots + arbitrage.heldLots + hedge.heldLots
  }
  /// Lots held and working to open under every flag.
  @inlinable public var totalLots: Int64 { speculation.lots + arbitrage.lots + hedge.lots }
  @inlinable public var totalMargin: Money {
    speculation.margin + arbitrage.margin + hedge.margin
  }
}

/// What a `LimitRow` limits.
public enum LimitRowKind: UInt8, BitwiseCopyable, Sendable {
  case unknown = 0
  /// Lots and margin of an operation account.
  case position = 1
  /// not-tradable lists one instrument.
  case tradable = 2
  /// Lots and margin of one order or child.
  case orderSize = 3
  /// Long, short and total lots of a fund account.
  case fundPosition = 4
  /// Lots that a fund account may open a day.
  case fundOpenVolume = 5
  /// A fund account's list of its night session has one instrument.
  case tradableAtNight = 6
  /// Priorities of a fund account: of opening, closing and closing today's lots.
  case fundPriority = 7
}

/// A limit that is narrower than a commodity, or of a fund account.
public struct LimitRow: LinkedNode {
  public var next: UInt32
  /// `.none` = the whole commodity.
  public var instrument: InstrumentID
  public var kind: LimitRowKind
  /// `.unknown` = any.
  public var hedge: HedgeFlag
  var padding0: UInt16
  var padding1: UInt32
  /// Lots of a position, an order or a day's openings, or the total of a fund account's;
  /// unset = `Int64.min`. Of priorities: of closing today's lots.
  public var lots: Int64
  public var margin: Int64
  /// Of priorities: of opening and of closing.
  public var long: Int64
  public var short: Int64

  @inlinable public func concerns(_ instrument: InstrumentID, _ hedge: HedgeFlag) -> Bool {
    (self.instrument.isNone || self.instrument == instrument)
      && (self.hedge == .unknown || self.hedge == hedge)
  }
}
