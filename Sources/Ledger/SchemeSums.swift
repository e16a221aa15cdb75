import Domain

/// What a product has in an instrument, a commodity, an exchange or altogether, for clauses of
/// schemes (rules.md 5). Lots and values are its operation accounts' and those of unmapped trades,
/// margin and profit its fund accounts' (rules.md 3a). Kept, never summed.
public struct SchemeSums: Equatable, BitwiseCopyable {
  static let valuesOffset = 6 * MemoryLayout<Int64>.stride
  static let marginsOffset = valuesOffset + 6 * MemoryLayout<Int128>.stride

  /// Lots held.
  public var long: Int64
  public var short: Int64
  /// Lots in working opening orders.
  public var openLong: Int64
  public var openShort: Int64
  /// Lots that working closing orders would take off.
  public var closeLong: Int64
  public var closeShort: Int64
  /// The same in 1e-4 yuan at the mark: price * lots * multiplier.
  public var longValue: Int128
  public var shortValue: Int128
  public var openLongValue: Int128
  public var openShortValue: Int128
  public var closeLongValue: Int128
  public var closeShortValue: Int128
  /// Margin of held lots, of working opening orders, and the part of the held one that working
  /// closing orders would set free.
  public var longMargin: Int128
  public var shortMargin: Int128
  public var openLongMargin: Int128
  public var openShortMargin: Int128
  public var closeLongMargin: Int128
  public var closeShortMargin: Int128
  /// Value of today's fills, opening and closing, by the side of the position.
  public var longTraded: Int128
  public var shortTraded: Int128
  /// Position profit + close profit - fees - frozen fees of today.
  public var profit: Int128

  @inlinable public init() {
    long = 0
    short = 0
    openLong = 0
    openShort = 0
    closeLong = 0
    closeShort = 0
    longValue = 0
    shortValue = 0
    openLongValue = 0
    openShortValue = 0
    closeLongValue = 0
    closeShortValue = 0
    longMargin = 0
    shortMargin = 0
    openLongMargin = 0
    openShortMargin = 0
    closeLongMargin = 0
    closeShortMargin = 0
    longTraded = 0
    shortTraded = 0
    profit = 0
  }

  /// Adds what one has more than another. By address: three copies of the columns would cost more
  /// than the sums.
  @inline(__always) static func add(
    to sums: UnsafeMutablePointer<SchemeSums>, _ new: UnsafePointer<SchemeSums>,
    less old: UnsafePointer<SchemeSums>
  ) {
    sums.pointee.long += new.pointee.long - old.pointee.long
    sums.pointee.short += new.pointee.short - old.pointee.short
    sums.pointee.openLong += new.pointee.openLong - old.pointee.openLong
    sums.pointee.openShort += new.pointee.openShort - old.pointee.openShort
    sums.pointee.closeLong += new.pointee.closeLong - old.pointee.closeLong
    sums.pointee.closeShort += new.pointee.closeShort - old.pointee.closeShort
    sums.pointee.longValue += new.pointee.longValue - old.pointee.longValue
    sums.pointee.shortValue += new.pointee.shortValue - old.pointee.shortValue
    sums.pointee.openLongValue += new.pointee.openLongValue - old.pointee.openLongValue
    sums.pointee.openShortValue += new.pointee.openShortValue - old.pointee.openShortValue
    sums.pointee.closeLongValue += new.pointee.closeLongValue - old.pointee.closeLongValue
    sums.pointee.closeShortValue += new.pointee.closeShortValue - old.pointee.closeShortValue
    sums.pointee.longMargin += new.pointee.longMargin - old.pointee.longMargin
    sums.pointee.shortMargin += new.pointee.shortMargin - old.pointee.shortMargin
    sums.pointee.openLongMargin += new.pointee.openLongMargin - old.pointee.openLongMargin
    sums.pointee.openShortMargin += new.pointee.openShortMargin - old.pointee.openShortMargin
    sums.pointee.closeLongMargin += new.pointee.closeLongMargin - old.pointee.closeLongMargin
    sums.pointee.closeShortMargin += new.pointee.closeShortMargin - old.pointee.closeShortMargin
    sums.pointee.longTraded += new.pointee.longTraded - old.pointee.longTraded
    sums.pointee.shortTraded += new.pointee.shortTraded - old.pointee.shortTraded
    sums.pointee.profit += new.pointee.profit - old.pointee.profit
  }

  @inlinable public mutating func add(_ other: UnsafePointer<SchemeSums>) {
    long += other.pointee.long
    short += other.pointee.short
    openLong += other.pointee.openLong
    openShort += other.pointee.openShort
    closeLong += other.pointee.closeLong
    closeShort += other.pointee.closeShort
    longValue += other.pointee.longValue
    shortValue += other.pointee.shortValue
    openLongValue += other.pointee.openLongValue
    openShortValue += other.pointee.openShortValue
    closeLongValue += other.pointee.closeLongValue
    closeShortValue += other.pointee.closeShortValue
    longMargin += other.pointee.longMargin
    shortMargin += other.pointee.shortMargin
    openLongMargin += other.pointee.openLongMargin
    openShortMargin += other.pointee.openShortMargin
    closeLongMargin += other.pointee.closeLongMargin
    closeShortMargin += other.pointee.closeShortMargin
    longTraded += other.pointee.longTraded
    shortTraded += other.pointee.shortTraded
    profit += other.pointee.profit
  }

  /// Values at a price of one lot, and margin that closing would set free, from the columns that
  /// are counted.
  mutating func derive(lotValue: Int64) {
    longValue = Int128(long) * Int128(lotValue)
    shortValue = Int128(short) * Int128(lotValue)
    openLongValue = Int128(openLong) * Int128(lotValue)
    openShortValue = Int128(openShort) * Int128(lotValue)
    closeLongValue = Int128(closeLong) * Int128(lotValue)
    closeShortValue = Int128(closeShort) * Int128(lotValue)
    closeLongMargin = Self.share(longMargin, closeLong, of: long)
    closeShortMargin = Self.share(shortMargin, closeShort, of: short)
  }

  /// The part of a margin that so many of the held lots have, rounded up to 0.0001 yuan.
  @inlinable public static func share(_ margin: Int128, _ lots: Int64, of held: Int64) -> Int128 {
    guard held > 0, lots > 0, margin != 0 else { return 0 }
    guard lots < held else { return margin }
    return (margin * Int128(lots) + Int128(held) - 1) / Int128(held)
  }

  /// Columns of lots, of value and of margin.
  @inlinable public var lots: SchemeColumns {
    SchemeColumns(
      long: Int128(long), short: Int128(short), openLong: Int128(openLong),
      openShort: Int128(openShort), closeLong: Int128(closeLong), closeShort: Int128(closeShort))
  }
  @inlinable public var values: SchemeColumns {
    SchemeColumns(
      long: longValue, short: shortValue, openLong: openLongValue, openShort: openShortValue,
      closeLong: closeLongValue, closeShort: closeShortValue)
  }
  @inlinable public var margins: SchemeColumns {
    SchemeColumns(
      long: longMargin, short: shortMargin, openLong: openLongMargin,
      openShort: openShortMargin, closeLong: closeLongMargin, closeShort: closeShortMargin)
  }
}

/// Where working orders of a side stand in the six columns of lots, of values and of margins.
struct SchemeColumn: BitwiseCopyable {
  let place: Int

  @inline(__always) init(_ side: PositionSide, isOpening: Bool) {
    place = (isOpening ? 2 : 4) + (side == .long ? 0 : 1)
  }

  /// Of what closes: the column of what it would close.
  @inline(__always) var held: Int? { place >= 4 ? place - 4 : nil }
}

/// The three times six columns, in place: they follow each other in one order.
extension UnsafeMutablePointer<SchemeSums> {
  @inline(__always) var lots: UnsafeMutablePointer<Int64> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: Int64.self)
  }
  @inline(__always) var values: UnsafeMutablePointer<Int128> {
    (UnsafeMutableRawPointer(self) + SchemeSums.valuesOffset).assumingMemoryBound(to: Int128.self)
  }
  @inline(__always) var margins: UnsafeMutablePointer<Int128> {
    (UnsafeMutableRawPointer(self) + SchemeSums.marginsOffset).assumingMemoryBound(to: Int128.self)
  }
}

/// One measure in three columns: what is held, and what working orders add at most in either
/// direction (design.md). Reductions count only when they have filled.
public struct SchemeColumns: Equatable, BitwiseCopyable {
  public var long: Int128
  public var short: Int128
  public var openLong: Int128
  public var openShort: Int128
  public var closeLong: Int128
  public var closeShort: Int128

  @inlinable public init(
    long: Int128 = 0, short: Int128 = 0, openLong: Int128 = 0, openShort: Int128 = 0,
    closeLong: Int128 = 0, closeShort: Int128 = 0
  ) {
    self.long = long
    self.short = short
    self.openLong = openLong
    self.openShort = openShort
    self.closeLong = closeLong
    self.closeShort = closeShort
  }

  /// Six that stand one after the other.
  @inlinable @inline(__always) public init(at columns: UnsafePointer<Int128>) {
    self.init(
      long: columns[0], short: columns[1], openLong: columns[2], openShort: columns[3],
      closeLong: columns[4], closeShort: columns[5])
  }

  /// The absolute exposure of what is held, and at worst.
  @inline(__always) var absolute: (held: Int128, worst: Int128) {
    (exposure(.both, isWorst: false), exposure(.both, isWorst: true))
  }

  /// Adds an order as one that works.
  @inlinable @inline(__always) public mutating func add(
    _ amount: Int128, side: PositionSide, isOpening: Bool
  ) {
    switch (side, isOpening) {
    case (.long, true): openLong += amount
    case (.long, false): closeLong += amount
    case (_, true): openShort += amount
    case (_, false): closeShort += amount
    }
  }

  /// What is held, with working openings when `isWorst`.
  @inlinable @inline(__always) public func gross(_ direction: ClauseDirection, isWorst: Bool)
    -> Int128
  {
    let long = isWorst ? self.long + openLong : self.long
    let short = isWorst ? self.short + openShort : self.short
    switch direction {
    case .long: return long
    case .short: return short
    case .both, .unknown: return long + short
    }
  }

  /// Long minus short, the most it can be over any order of fills when `isWorst`.
  @inlinable @inline(__always) public func exposure(_ direction: ClauseDirection, isWorst: Bool)
    -> Int128
  {
    let net = long - short
    let highest = isWorst ? net + openLong + closeShort : net
    let lowest = isWorst ? net - openShort - closeLong : net
    switch direction {
    case .long: return max(highest, 0)
    case .short: return max(-lowest, 0)
    case .both, .unknown:
      return max(highest < 0 ? -highest : highest, lowest < 0 ? -lowest : lowest)
    }
  }
}
