import Domain
import Storage

/// A clause of a scheme. Thresholds: lots, 1e-4 yuan or 1e-8 of a basis; unset = `Int64.min`.
public struct ClauseRecord: BitwiseCopyable {
  public var levelOne: Int64
  public var levelTwo: Int64
  /// Dense id of the scope's object, or an exchange's code.
  public var scopeID: UInt32
  /// The next clause of the scheme with the same scope, 1-based; 0 = none.
  public var next: UInt32
  /// `.unknown` = there is no clause by this number.
  public var kind: ClauseKind
  public var scopeKind: ClauseScopeKind
  public var direction: ClauseDirection
  public var basis: ClauseBasis
  var padding: UInt32

  @inlinable public func level(_ level: LineLevel) -> Int64 {
    level == .liquidate ? levelTwo : levelOne
  }
}

/// A scheme that is bound to a subject.
public struct BindingRecord: BitwiseCopyable {
  /// 1e-8 yuan a share, [from, to); `Int64.min` = no such bound.
  public var from: Int64
  public var to: Int64
  /// ... and since when it does, or does no longer.
  public var since: Timestamp
  /// 1-based; 0 = nothing is bound.
  public var scheme: UInt32
  public var basis: BandBasis
  /// Whether it held when the subject was last looked at, ...
  public var wasInForce: Bool
  public var period: SchemePeriod
  var padding: UInt8

  @inlinable public var isUsed: Bool { scheme != 0 }
  /// Bound whatever the net value is.
  @inlinable public var isUnconditional: Bool { from == .min && to == .min }
}

/// Trading days that are holidays for schemes, yyyymmdd, both ends in; 0 = none.
public struct SchemeHoliday: BitwiseCopyable {
  public var from: UInt32
  public var to: UInt32
}

/// Where a subject stands by one clause of one binding, as last watched.
public struct ClauseState: BitwiseCopyable {
  /// Of a SINGLE clause: the instrument that is over.
  public var instrument: InstrumentID
  /// Among those whose second level is passed: the next and the one before, 1-based; 0 = none.
  public var next: UInt32
  public var previous: UInt32
  /// Bit 0 = level one, bit 1 = level two.
  public var reached: UInt8
  var padding0: UInt8
  var padding1: UInt16

  @inlinable public static func bit(_ level: LineLevel) -> UInt8 { level == .liquidate ? 2 : 1 }
}

/// What a subject has in an instrument.
public struct SchemeInstrument: BitwiseCopyable {
  public var sums: SchemeSums
  /// Position profit of its fund accounts, or its own, and close profit less fees of today.
  public var positionProfit: Int128
  public var dayResult: Int128
  /// Signed lots of trades that no operation account has.
  public var unmapped: Int64
  /// Value of a lot at the mark, 1e-4 yuan; 0 without a price.
  public var lotValue: Int64
  /// The price that was taken at.
  public var price: Price
  public var subject: SchemeSubject
  public var instrument: InstrumentID
  public var commodity: CommodityID
  // An order reads what stands above.
  static let linesOfOrder = 6
  /// The next instrument of the subject and the commodity, 1-based.
  public var next: UInt32
  public var exchange: Exchange
  var padding0: UInt8
  var padding1: UInt16
  var padding2: UInt32
  // Records begin with a line: seven each.
  var padding3: InlineArray<10, UInt64>
}

/// What a subject has in a commodity.
public struct SchemeCommodity: BitwiseCopyable {
  public var sums: SchemeSums
  /// Its instruments (`SchemeInstrument`), 1-based; 0 = nothing yet.
  public var firstInstrument: UInt32
  /// The subject's next commodity, its dense id + 1.
  public var next: UInt32
  public var exchange: Exchange
  var padding0: UInt8
  var padding1: UInt16
  var padding2: UInt32
  // Five lines each.
  var padding3: InlineArray<2, UInt64>
}

/// What a subject has at an exchange, or altogether.
public struct SchemeGroup: BitwiseCopyable {
  public var sums: SchemeSums
  /// Sums over commodities of the absolute exposure: of what is held, and at worst.
  public var absoluteValue: Int128
  public var worstValue: Int128
  public var absoluteMargin: Int128
  public var worstMargin: Int128
  var padding: InlineArray<4, UInt64>
}

// Sums stand first in each of them, and are read and changed in place: a copy is a dozen times what
// an order needs of them.
extension UnsafePointer<SchemeInstrument> {
  @inlinable @inline(__always) public var sums: UnsafePointer<SchemeSums> {
    UnsafeRawPointer(self).assumingMemoryBound(to: SchemeSums.self)
  }
}
extension UnsafePointer<SchemeCommodity> {
  @inlinable @inline(__always) public var sums: UnsafePointer<SchemeSums> {
    UnsafeRawPointer(self).assumingMemoryBound(to: SchemeSums.self)
  }
}
extension UnsafePointer<SchemeGroup> {
  @inlinable @inline(__always) public var sums: UnsafePointer<SchemeSums> {
    UnsafeRawPointer(self).assumingMemoryBound(to: SchemeSums.self)
  }
}
extension UnsafeMutablePointer<SchemeInstrument> {
  @inline(__always) var sums: UnsafeMutablePointer<SchemeSums> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: SchemeSums.self)
  }
}
extension UnsafeMutablePointer<SchemeCommodity> {
  @inline(__always) var sums: UnsafeMutablePointer<SchemeSums> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: SchemeSums.self)
  }
}
extension UnsafeMutablePointer<SchemeGroup> {
  @inline(__always) var sums: UnsafeMutablePointer<SchemeSums> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: SchemeSums.self)
  }
}

/// A product, or an operation account with shares of its own, as schemes see it.
public struct SchemeSubjectRecord: BitwiseCopyable {
  /// The highest net value, for drawdown; 0 = not looked at yet.
  public var highNetValue: Int128
  /// 1e-4 shares.
  public var shares: Int64
  /// Stated total of the prior day, or what lies elsewhere; what is subtracted.
  public var total: Money
  public var liabilities: Money
  public var accruedFees: Money
  /// Positions up to this number, today's children (of an account: orders), and rows of unmapped
  /// trades, are in the figures; all = `.max`.
  public var counted: UInt32
  public var countedChildren: UInt32
  public var countedRows: UInt32
  /// Its first commodity, dense id + 1; 0 = none.
  public var firstCommodity: UInt32
  /// The newest state whose second level is passed, 1-based; 0 = none.
  public var firstBarring: UInt32
  /// Schemes are, or were, bound: figures are kept.
  public var isOn: Bool
  /// An instrument found no room in the figures: opening is barred.
  public var hasLostFigures: Bool
  public var mode: NetValueMode
  public var barsFromLevelTwo: Bool
  public var ignoresExposureOnClose: Bool
  public var bindingCount: UInt8
  /// Lines of the unit net value that are reached, as last watched: a bit each.
  public var reachedLines: UInt8
  /// Whether any line is set.
  public var hasLines: Bool
  public var nightRule: PeriodRule
  public var holidayRule: PeriodRule
  /// Second levels and the liquidation lines have its accounts, or itself, liquidated, ...
  public var liquidation: SchemeLiquidation
  /// ... so far; `.unknown` = all of it.
  public var liquidationExtent: LiquidationExtent
  /// Of the thresholds of clauses, in 1e-8 of one, where a rule follows another.
  public var nightShare: Int64
  public var holidayShare: Int64
  /// Lines of now, then of the prior day: top-up, warn, liquidation; in 1e-8 yuan a share, unset =
  /// `Int64.min`. Zero bytes are lines at 0: read them where `hasLines` says that there are any.
  public internal(set) var lines: InlineArray<6, Int64>
  /// When it is looked at because a binding need not hold any longer; 0 = nothing is waited for.
  public internal(set) var bandDue: Timestamp
  var padding: UInt64

  /// The place of a line among the six.
  @inlinable public static func place(_ basis: BandBasis, _ line: NetValueLine) -> Int {
    (basis == .priorDay ? 3 : 0) + Int(line.rawValue) - 1
  }
  @inlinable public func line(_ basis: BandBasis, _ line: NetValueLine) -> Int64 {
    hasLines ? lines[Self.place(basis, line)] : .min
  }

  /// Whether every lot is in the figures.
  @inlinable public var isCounted: Bool { countedRows == .max }
}
