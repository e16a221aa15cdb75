import Domain

/// What is allowed in an exchange, a commodity or an instrument, by `BudgetKind`; unset = what the
/// wider one allows.
public struct BudgetLimits: BitwiseCopyable {
  // Turned, so that a record of zeros has nothing set.
  private var turned: InlineArray<8, Int64>

  /// Unset = `Int64.min`.
  public internal(set) subscript(kind: BudgetKind) -> Int64 {
    get { turned[kind.index] ^ .min }
    set { turned[kind.index] = newValue ^ .min }
  }
}

/// What holds in an instrument, found once. `Int64.max` = no limit.
public struct ResolvedBudgets: BitwiseCopyable {
  public internal(set) var selfTrades: Int64
  public internal(set) var cancels: Int64
  public internal(set) var limitPriceCancels: Int64
  public internal(set) var largeCancels: Int64
  /// Of the instrument by itself, and of its commodity.
  public internal(set) var opened: Int64
  public internal(set) var openedOfCommodity: Int64
  /// A cancel of so many lots is large.
  public internal(set) var largeFrom: Int64
  /// The number of changes of limits that it was found under.
  var changes: UInt64

  /// Whether anything is limited.
  @inlinable public var hasAny: Bool {
    selfTrades != .max || cancels != .max || limitPriceCancels != .max || largeCancels != .max
      || hasOpened
  }
  /// Whether opened lots are.
  @inlinable public var hasOpened: Bool { opened != .max || openedOfCommodity != .max }
}

/// A level of a budget that was told: its share of use, or all of it.
public struct BudgetTold: OptionSet, Sendable, BitwiseCopyable {
  public var rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Of the budgets of `BudgetTally.allCases`, in their order.
  @inlinable public static func warned(_ tally: BudgetTally) -> BudgetTold {
    BudgetTold(rawValue: 1 << (tally.rawValue * 2))
  }
  @inlinable public static func reached(_ tally: BudgetTally) -> BudgetTold {
    BudgetTold(rawValue: 2 << (tally.rawValue * 2))
  }
}

/// What has a budget of its own.
public enum BudgetTally: UInt16, Sendable, CaseIterable {
  case selfTrades, cancels, limitPriceCancels, largeCancels, opened, openedOfCommodity
  /// Of a group at an exchange: seconds with many messages.
  case messages

  public var rule: RuleID {
    switch self {
    case .selfTrades: .selfTradeBudget
    case .cancels: .cancelBudget
    case .limitPriceCancels: .limitPriceCancelBudget
    case .largeCancels: .largeCancelBudget
    case .opened, .openedOfCommodity: .openedLotsBudget
    case .messages: .programmeTrading
    }
  }

  public var unit: Unit { rule == .openedLotsBudget ? .lots : .count }
}

/// What a group has done in an instrument today.
public struct BudgetRecord: BitwiseCopyable {
  public internal(set) var key: UInt32
  public internal(set) var instrument: InstrumentID
  public internal(set) var commodity: CommodityID
  public internal(set) var selfTrades: Int32
  public internal(set) var cancels: Int32
  public internal(set) var limitPriceCancels: Int32
  public internal(set) var largeCancels: Int32
  /// Of its instrument; `BudgetCommodity` has that of the commodity.
  public internal(set) var told: BudgetTold
  var padding16: UInt16
  public internal(set) var opened: Int64
  /// Lots in working opening children.
  public internal(set) var working: Int64
  /// The one that the record was made for: who is named where nobody's order is told of.
  public internal(set) var fundAccount: FundAccountID
  var padding32: UInt32
  // A line each.
  var padding: UInt64
}

/// The same in a commodity: the sum over its instruments.
public struct BudgetCommodity: BitwiseCopyable {
  public internal(set) var opened: Int64
  public internal(set) var working: Int64
  /// Of another one nothing here is of today.
  var generation: UInt32
  public internal(set) var told: BudgetTold
  var padding16: UInt16
  var padding: UInt64

  /// Of whom nothing was counted today.
  init() {
    opened = 0
    working = 0
    generation = 0
    told = []
    padding16 = 0
    padding = 0
  }
}

/// What a group has sent to an exchange today.
public struct BudgetMessages: BitwiseCopyable {
  public static let most = 64
  /// When the last ones left: a ring.
  var times: InlineArray<64, Int64>
  var generation: UInt32
  var head: UInt16
  var count: UInt16
  /// How often so many left within a second.
  public internal(set) var bursts: Int32
  public internal(set) var told: BudgetTold
  var padding16: UInt16
  // Whole lines.
  var padding: InlineArray<6, UInt64>
}

/// Who has been on which side of a trade.
struct BudgetTrade: BitwiseCopyable {
  var id: VenueID
  var key: UInt32
  var instrument: InstrumentID
  var generation: UInt32
  /// 1 bought, 2 sold.
  var sides: UInt8
  var padding8: UInt8
  var padding16: UInt16
}
