// Forced liquidation (强平): who asks for it, how far it goes, where it stands (rules.md 0, 4;
// desk.md).

/// Who has an account liquidated. The raw value is the strength: a stronger owner takes over from
/// a weaker one, and what works already with it.
public enum LiquidationOwner: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  /// A line of the account.
  case account = 1
  /// A scheme of its product.
  case product = 2
  /// A risk controller or an operator.
  case controller = 3
}

/// Where the liquidation of an account stands.
public enum LiquidationPhase: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// There is none.
  case unknown = 0
  /// Working orders are cancelled, and their ends awaited.
  case cancelling = 1
  case closing = 2
  /// It is over, but for forced orders that still work: their cancels are on the way.
  case stopping = 3
  case ended = 4
}

/// Why a liquidation ended.
public enum LiquidationEnd: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// It has not.
  case unknown = 0
  /// Nothing is left that the market could take.
  case done = 1
  /// A controller stopped it.
  case stopped = 2
  /// The line is not reached any more.
  case backToLine = 3
  /// An owner that is at least as strong goes on with it.
  case takenOver = 4
}

/// How far a liquidation goes.
public enum LiquidationExtent: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  case all = 1
  /// Until the line is not reached any more: in rounds of a tenth of what is left.
  case toLine = 2
  /// Until what stays over the night is within its line: in rounds of that part of each position
  /// by which the line is exceeded (AMS manual note 16).
  case proportional = 30
}

/// What forced orders are priced at.
public enum LiquidationPrice: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  /// The best bid for a sale, the best ask for a purchase; the limit price where there is none.
  case counterpartyBest = 1
  /// Limit-down for a sale, limit-up for a purchase.
  case limit = 2
  /// The last price, so many ticks toward the counterparty.
  case last = 3
}

/// Which positions of an account a liquidation is about.
public struct LiquidationScope: Equatable, Sendable, BitwiseCopyable {
  /// `.none` = every instrument.
  public var instrument: InstrumentID
  /// `.unknown` = both sides.
  public var side: PositionSide
  /// `.unknown` = under every hedge flag.
  public var hedge: HedgeFlag

  @inlinable public init(
    instrument: InstrumentID = .none, side: PositionSide = .unknown, hedge: HedgeFlag = .unknown
  ) {
    self.instrument = instrument
    self.side = side
    self.hedge = hedge
  }

  @inlinable public var isWhole: Bool { self == LiquidationScope() }

  @inlinable public func contains(
    _ instrument: InstrumentID, _ side: PositionSide, _ hedge: HedgeFlag
  ) -> Bool {
    (self.instrument.isNone || self.instrument == instrument)
      && (self.side == .unknown || self.side == side)
      && (self.hedge == .unknown || self.hedge == hedge)
  }

  /// Whether all of another scope lies in this one.
  @inlinable public func covers(_ other: LiquidationScope) -> Bool {
    contains(other.instrument, other.side, other.hedge)
  }
}

extension ClOrdID {
  /// The id of a forced order: `#L`, its liquidation's number, `-`, its sequence of the day.
  public init(forcedBy number: UInt64, sequence: UInt64) {
    self.init()
    bytes[0] = UInt8(ascii: "#")
    bytes[1] = UInt8(ascii: "L")
    var place = write(number, at: 2)
    bytes[place] = UInt8(ascii: "-")
    place = write(sequence, at: place + 1)
  }

  /// Whether it is the id of a forced order; a client's own id begins with no '#'.
  @inlinable public var isForced: Bool {
    bytes[0] == UInt8(ascii: "#") && bytes[1] == UInt8(ascii: "L")
  }

  /// Writes a number in digits, at most eight of them; returns where it ends.
  private mutating func write(_ number: UInt64, at start: Int) -> Int {
    var rest = number % 100_000_000
    var digits = 1
    var bound: UInt64 = 10
    while digits < 8, rest >= bound {
      digits += 1
      bound *= 10
    }
    for place in stride(from: start + digits - 1, through: start, by: -1) {
      bytes[place] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
    return start + digits
  }
}
