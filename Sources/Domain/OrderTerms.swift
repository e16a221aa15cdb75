// What an order says. Every enum keeps 0 for "unknown": bytes from outside that name no case
// become `.unknown` and are refused by a rule with a code, they never end a session.

/// `FIX: Side(54)`, `CTP: Direction`.
public enum Side: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  case buy = 1
  case sell = 2

  @inlinable public var opposite: Side {
    switch self {
    case .buy: .sell
    case .sell: .buy
    case .unknown: .unknown
    }
  }
}

/// Whether an order opens or closes a position. `FIX: PositionEffect(77)`,
/// `CTP: CombOffsetFlag`.
public enum Offset: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  case open = 1
  /// At SHFE and INE yesterday's lots only; elsewhere the oldest lots first (decisions 3).
  case close = 2
  case closeToday = 3
  case closeYesterday = 4

  @inlinable public var isClosing: Bool {
    switch self {
    case .close, .closeToday, .closeYesterday: true
    case .open, .unknown: false
    }
  }
}

/// Speculation, arbitrage or hedge (投机, 套利, 套保). `CTP: CombHedgeFlag`. They never mix.
public enum HedgeFlag: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  case speculation = 1
  case arbitrage = 2
  case hedge = 3

  public static let count = 3
  /// 0, 1, 2 for the three real flags.
  @inlinable public var index: Int { Int(rawValue) - 1 }
}

/// `FIX: OrdType(40)`, `CTP: OrderPriceType`.
public enum OrderType: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  case limit = 1
  case market = 2
}

/// `FIX: TimeInForce(59)`, `CTP: TimeCondition + VolumeCondition`.
public enum TimeInForce: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  case day = 1
  /// FAK: what can't fill at once (at least the minimum quantity, if one is given) is cancelled.
  /// `FIX: TimeInForce(59) = 3`.
  case immediateOrCancel = 2
  /// FOK: all of it at once or nothing. `FIX: TimeInForce(59) = 4`.
  case fillOrKill = 3
}

/// The side of a position. `CTP: PosiDirection`.
public enum PositionSide: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  case long = 1
  case short = 2

  /// The position side that an order of `side` and `offset` raises (open) or lowers (close).
  @inlinable public init(side: Side, offset: Offset) {
    switch side {
    case .buy: self = offset.isClosing ? .short : .long
    case .sell: self = offset.isClosing ? .long : .short
    case .unknown: self = .unknown
    }
  }

  @inlinable public var opposite: PositionSide {
    switch self {
    case .long: .short
    case .short: .long
    case .unknown: .unknown
    }
  }

  /// +1 for long, -1 for short: what one lot adds to long minus short.
  @inlinable public var sign: Int64 {
    switch self {
    case .long: 1
    case .short: -1
    case .unknown: 0
    }
  }
}

/// Where an order stands in its life (routing.md, "Life of an order").
///
/// A parent's state is the fold of its children's. `FIX: OrdStatus(39)`.
public enum OrderState: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  /// Waits for a reviewer; holds like a working order.
  case inReview = 1
  /// Checked and held; no child has been confirmed by a counter yet.
  case accepted = 2
  case working = 3
  case partlyFilled = 4
  case filled = 5
  case cancelled = 6
  case rejected = 7

  /// Nothing can change such an order any more, except a late fill from a counter.
  @inlinable public var isFinal: Bool {
    switch self {
    case .filled, .cancelled, .rejected: true
    case .unknown, .inReview, .accepted, .working, .partlyFilled: false
    }
  }
}

/// What happened to an order. `FIX: ExecType(150)`.
public enum ExecType: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  /// Accepted: held and placed (or in review).
  case new = 1
  case rejected = 2
  /// A fill; the state says partly or wholly.
  case trade = 3
  case cancelled = 4
  /// `FIX: OrderCancelReject(9)`.
  case cancelRejected = 5
  /// A link dropped: part of the order is unknown until the counter tells.
  case pendingUnknown = 6
  /// What was unknown is known again.
  case resolved = 7
  /// The stored answer to a repeated ClOrdID.
  case restated = 8
  /// The first child was confirmed by its counter.
  case workingConfirmed = 9
}

/// How a product places its orders over its fund accounts (routing.md).
public enum RoutingMode: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  case priority = 1
  case ratio = 2
  case netPosition = 3
}

/// The six futures exchanges of mainland China. `CTP: ExchangeID`, `FIX: SecurityExchange(207)`.
public enum Exchange: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  case shfe = 1
  case ine = 2
  case dce = 3
  case czce = 4
  case cffex = 5
  case gfex = 6

  public static let count = 6
  @inlinable public var index: Int { Int(rawValue) - 1 }

  /// SHFE and INE know today's lots from yesterday's when an order closes.
  @inlinable public var separatesToday: Bool { self == .shfe || self == .ine }
  /// How an order closes what was opened today.
  @inlinable public var closingToday: Offset { separatesToday ? .closeToday : .close }
  /// SHFE and INE take limit orders only.
  @inlinable public var takesMarketOrders: Bool { !separatesToday }

  /// The exchange's own spelling, as CTP writes it.
  public var code: String {
    switch self {
    case .unknown: "?"
    case .shfe: "SHFE"
    case .ine: "INE"
    case .dce: "DCE"
    case .czce: "CZCE"
    case .cffex: "CFFEX"
    case .gfex: "GFEX"
    }
  }

  public init?(code: some StringProtocol) {
    guard let found = Exchange.allCases.first(where: { $0 != .unknown && $0.code == code }) else {
      return nil
    }
    self = found
  }
}
