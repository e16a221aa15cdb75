/// What a clause of a scheme limits (rules.md 5). SINGLE kinds judge each instrument of the scope
/// by itself, TOTAL kinds the scope's sum, OVERNIGHT kinds the sum of what closes now or has
/// closed. The raw value is a place in tables.
public enum ClauseKind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  case singleOpenInterestShare = 1
  case singlePositionLots = 2
  case singleExposureLots = 3
  case singleMargin = 4
  case singleExposureMargin = 5
  case singlePositionValue = 6
  case singleTradedValue = 7
  case singleExposureValue = 8
  case totalOpenInterestShare = 9
  case totalPositionLots = 10
  case totalExposureLots = 11
  case totalDailyLoss = 12
  case totalPositionValue = 13
  case totalTradedValue = 14
  case totalExposureValue = 15
  case totalAbsoluteExposureValue = 16
  case totalMargin = 17
  case totalExposureMargin = 18
  case totalAbsoluteExposureMargin = 19
  case totalDrawdown = 20
  case overnightValue = 21
  case overnightExposureValue = 22
  case overnightAbsoluteExposureValue = 23
  case overnightMargin = 24
  case overnightExposureMargin = 25
  case overnightAbsoluteExposureMargin = 26

  /// The rule that refuses by a clause of this kind.
  @inlinable public var rule: RuleID {
    RuleID(rawValue: 600 + UInt16(rawValue)) ?? .none
  }

  /// Nil when the rule is no clause's.
  @inlinable public init?(_ rule: RuleID) {
    guard rule.rawValue > 600, rule.rawValue <= 626 else { return nil }
    self.init(rawValue: UInt8(rule.rawValue - 600))
  }

  @inlinable public var isSingle: Bool { rawValue >= 1 && rawValue <= 8 }

  /// Only before closes, and only what closes then or has closed (rules.md 5, OVERNIGHT).
  @inlinable public var isOvernight: Bool { rawValue >= 21 }

  /// What of the scope is measured.
  @inlinable public var measure: ClauseMeasure {
    switch self {
    case .unknown: .none
    case .singleOpenInterestShare, .totalOpenInterestShare: .openInterestShare
    case .singlePositionLots, .totalPositionLots: .lots
    case .singleExposureLots, .totalExposureLots: .exposureLots
    case .singleMargin, .totalMargin, .overnightMargin: .margin
    case .singleExposureMargin, .totalExposureMargin, .overnightExposureMargin: .exposureMargin
    case .singlePositionValue, .totalPositionValue, .overnightValue: .value
    case .singleTradedValue, .totalTradedValue: .tradedValue
    case .singleExposureValue, .totalExposureValue, .overnightExposureValue: .exposureValue
    case .totalDailyLoss: .dailyLoss
    case .totalAbsoluteExposureValue, .overnightAbsoluteExposureValue: .absoluteValue
    case .totalAbsoluteExposureMargin, .overnightAbsoluteExposureMargin: .absoluteMargin
    case .totalDrawdown: .drawdown
    }
  }

  /// Whether the kind may be used with a scope (rules.md 5).
  public func allows(_ scope: ClauseScopeKind) -> Bool {
    switch self {
    case .unknown: return false
    case .totalDrawdown: return scope == .product
    case .totalDailyLoss: return [.commodity, .sector, .product].contains(scope)
    case .totalAbsoluteExposureValue, .overnightAbsoluteExposureValue:
      return scope != .unknown && scope != .instrument
    case .totalAbsoluteExposureMargin, .overnightAbsoluteExposureMargin:
      return [.commodity, .exchange, .sector, .product].contains(scope)
    default: return scope != .unknown && scope != .superSector
    }
  }

  /// Whether the kind may look at one direction alone: what has no sides can't.
  public var hasDirections: Bool {
    switch measure {
    case .none, .dailyLoss, .drawdown, .absoluteValue, .absoluteMargin: false
    default: true
    }
  }
}

extension RuleID {
  /// Whether a scheme's second level, or its liquidation line, has positions closed by the rule.
  @inlinable public var isScheme: Bool { ClauseKind(self) != nil || self == .netValueLiquidation }
}

/// What a clause measures, whether of one instrument or of a sum.
public enum ClauseMeasure: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case none, openInterestShare, lots, exposureLots, margin, exposureMargin, value, tradedValue
  case exposureValue, dailyLoss, absoluteValue, absoluteMargin, drawdown

  /// A difference of long and short: an order may make it smaller.
  @inlinable public var isExposure: Bool {
    switch self {
    case .exposureLots, .exposureMargin, .exposureValue, .absoluteValue, .absoluteMargin: true
    default: false
    }
  }

  /// Divides by something of its own: its thresholds are ratios.
  @inlinable public var isShare: Bool { self == .openInterestShare || self == .drawdown }

  @inlinable public var isLots: Bool { self == .lots || self == .exposureLots }
}

/// What a clause speaks of.
public enum ClauseScopeKind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  case instrument = 1
  case commodity = 2
  case exchange = 3
  /// A named set of commodities (板块).
  case sector = 4
  /// A named set of sectors, each of which counts as one commodity (超级板块).
  case superSector = 5
  /// All that the product has.
  case product = 6
}

/// Which side counts. Of an exposure: long above short, short above long, or their difference.
public enum ClauseDirection: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  case long = 1
  case short = 2
  case both = 3
}

/// What the thresholds of a clause are a part of.
public enum ClauseBasis: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// Of kinds that divide by something of their own.
  case unknown = 0
  /// Lots, or 1e-4 yuan.
  case absolute = 1
  /// 1e-8 of the fund's net value (基金总净值).
  case netValue = 2
  /// 1e-8 of the product's equity (动态权益).
  case equity = 3
  /// 1e-8 of the product's max allowed loss (最大允许亏损金额).
  case allowedLoss = 4
}

/// How the net value of a product is known (AMS manual 2.3).
public enum NetValueMode: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// Nobody said: its net value is its equity, and it has no unit net value.
  case unknown = 0
  /// All of it is here: equity.
  case equity = 1
  /// A total of the prior day is stated, and rolled forward.
  case statedTotal = 2
  /// What lies elsewhere is stated, and equity added.
  case externalTotal = 3
}

/// Which unit net value a scheme is bound by.
public enum BandBasis: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  case current = 1
  case priorDay = 2
}

/// When a binding holds: holiday goes before night, night before day (rules.md 5).
public enum SchemePeriod: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  case day = 1
  case night = 2
  case holiday = 3
}

/// What holds at night or on holidays.
public enum PeriodRule: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// Nobody said: as by day.
  case unknown = 0
  /// Nothing: neither clauses nor lines (不配置).
  case none = 1
  /// What holds by day, at a percentage of its thresholds (跟随白天, 白天折扣).
  case asDay = 2
  /// Bindings of its own (自定义).
  case own = 3
  /// Of holidays: what holds at night, at a percentage (跟随夜盘, 夜盘折扣).
  case asNight = 4
}

/// A line of a product's unit net value: it acts while the value is at it or below (rules.md 5).
public enum NetValueLine: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  /// A notice (补仓线).
  case topUp = 1
  /// As the first level of a clause on all that the product has (预警线).
  case warn = 2
  /// As the second level (强平线).
  case liquidation = 3

  @inlinable public var rule: RuleID {
    switch self {
    case .unknown: .none
    case .topUp: .netValueTopUp
    case .warn: .netValueWarn
    case .liquidation: .netValueLiquidation
    }
  }
}

/// Limits of schemes, each a capacity with an answer at it.
public enum SchemeLimits {
  /// Clauses are numbered from 1.
  public static let clausesPerScheme = 256
  /// Bindings of a product are numbered from 1.
  public static let bindingsPerProduct = 16
  /// A commodity's sectors are bits of a word.
  public static let sectors = 64
  public static let superSectors = 64
  /// Ranges of trading days that are holidays for schemes, numbered from 1.
  public static let holidays = 64
  /// Largest unit net value, in 1e-8 yuan a share.
  public static let unitNetValueMaximum: Int64 = 1_000_000_000_000
  /// Most shares of a product, in 1e-4.
  public static let sharesMaximum: Int64 = 100_000_000_000_000_000
  /// After a price changed, clauses are looked at within so long.
  public static let watchMilliseconds: Int64 = 50
}
