import Domain
import Storage

/// The two thresholds of a line: money in 1e-4 yuan, ratios in 1e-8 of one; unset = `Int64.min`.
public struct LinePair: Equatable, Sendable, BitwiseCopyable {
  public var warn: Int64
  public var liquidate: Int64

  @inlinable public init(warn: Int64 = .min, liquidate: Int64 = .min) {
    self.warn = warn
    self.liquidate = liquidate
  }
  @inlinable public subscript(level: LineLevel) -> Int64 {
    level == .liquidate ? liquidate : warn
  }
  @inlinable public var isUnset: Bool { warn == .min && liquidate == .min }
}

/// The lines of an operation account and where it stands (rules.md 4).
public struct LineRecord: BitwiseCopyable {
  public var riskDegree: LinePair
  public var dailyLoss: LinePair
  public var dailyLossRatio: LinePair
  public var totalLossRatio: LinePair
  /// Its only threshold is the warn line.
  public var positionMarginRatio: LinePair
  public var drawdown: LinePair
  /// What drawdown falls from: raised on every mark, shifted by cash; kept over days, while the
  /// line is set.
  public var highEquity: Money
  /// When the newest opening order was accepted.
  public var lastOpening: Timestamp
  /// Where the account is, as last watched.
  public var reached: LineMask
  /// Of daily-loss: what stays reached until its line is changed or the day ends.
  public var latched: LineMask
  /// The mode that the lines of risk-degree are meant for; `LaterRiskDegree` has those to come.
  public var riskMode: RiskDegreeMode
  public var dailyLossBasis: LineBasis
  public var totalLossBasis: LineBasis
  public var positionMarginBasis: LineBasis
  /// Where the account's liquidation stands; `LiquidationRecord` has the rest of it.
  public internal(set) var liquidation: LiquidationPhase
  /// Something is set for the windows before closes: `WindowRecord` says what.
  public internal(set) var hasWindows: Bool
  // An order reads all of it.
  static let linesOfOrder = 2
  var padding: InlineArray<6, UInt8>

  /// The thresholds of a line as the account has them.
  @inlinable public subscript(line: AccountLine) -> LinePair {
    get {
      switch line {
      case .riskDegree: riskDegree
      case .dailyLoss: dailyLoss
      case .dailyLossRatio: dailyLossRatio
      case .totalLossRatio: totalLossRatio
      case .positionMarginRatio: positionMarginRatio
      case .drawdown: drawdown
      }
    }
    set {
      switch line {
      case .riskDegree: riskDegree = newValue
      case .dailyLoss: dailyLoss = newValue
      case .dailyLossRatio: dailyLossRatio = newValue
      case .totalLossRatio: totalLossRatio = newValue
      case .positionMarginRatio: positionMarginRatio = newValue
      case .drawdown: drawdown = newValue
      }
    }
  }
}

/// A pair of risk-degree that is set for the mode of the next trading day and waits for it, or
/// takes the account's lines away with that day. It is the newest that was set for the account:
/// what is set later replaces it or drops it.
public struct LaterRiskDegree: BitwiseCopyable {
  public internal(set) var pair = LinePair()
  /// `PlatformLines.dayTurns` when it was set.
  var dayTurns: UInt16 = 0
  /// The mode that it waits for; unknown = nothing waits.
  public internal(set) var mode = RiskDegreeMode.unknown
  var padding = InlineArray<5, UInt8>(repeating: 0)

  init() {}

  init(_ pair: LinePair, for mode: RiskDegreeMode, since dayTurns: UInt16) {
    self.pair = pair
    self.mode = mode
    self.dayTurns = dayTurns
  }
}

/// What holds for the lines of all accounts.
public struct PlatformLines: BitwiseCopyable {
  /// The floor under risk-degree: an account's own lines may be stricter, never laxer (AMS manual
  /// note 4). In modes 1 and 3 alone.
  public var floor = LinePair(
    warn: 35 * Rate.unitsPerOne / 100, liquidate: 25 * Rate.unitsPerOne / 100)
  /// For accounts that follow the platform.
  public var dailyLossRatio = LinePair()
  public var totalLossRatio = LinePair()
  /// The least delay between opening orders of an account that is slowed down.
  public var slowDownMilliseconds: Int64 = 1_000
  /// How long before a close opening is barred, and positions are reduced (rules.md 4).
  public var barSeconds: Int64 = 600
  public var reduceSeconds: Int64 = 300
  /// Never before opening is barred.
  @inlinable public var reducingSeconds: Int64 { min(reduceSeconds, barSeconds) }
  public var mode = RiskDegreeMode.equityOverMargin
  /// From the next trading day on; a day switch takes it when it is asked for.
  public var nextMode = RiskDegreeMode.equityOverMargin
  public var dailyLossBasis = LineBasis.openingEquity
  public var totalLossBasis = LineBasis.allowedLoss
  /// What each level of each line does, by `AccountLine` and level.
  public private(set) var actions: InlineArray<12, LineAction>
  /// The levels that refuse opening, and those that slow it down.
  public private(set) var barring = LineMask()
  public private(set) var slowing = LineMask()
  /// The levels that have positions closed.
  public private(set) var liquidating = LineMask()
  /// Day switches so far, around 65 536.
  public internal(set) var dayTurns: UInt16 = 0

  /// rules.md 0: warn gives a notice, liquidate bars opening too. position-margin-ratio has one
  /// line, and bars.
  init() {
    actions = InlineArray(repeating: .notice)
    for line in AccountLine.allCases {
      set(line, .warn, line == .positionMarginRatio ? .barOpening : .notice)
      set(line, .liquidate, .barOpening)
    }
  }

  private static func place(_ line: AccountLine, _ level: LineLevel) -> Int {
    Int(line.rawValue) * 2 + Int(level.rawValue) - 1
  }

  public func action(_ line: AccountLine, _ level: LineLevel) -> LineAction {
    actions[Self.place(line, level)]
  }

  func hash(into hasher: inout StateHasher) {
    for pair in [floor, dailyLossRatio, totalLossRatio] {
      hasher.combine(pair.warn)
      hasher.combine(pair.liquidate)
    }
    hasher.combine(slowDownMilliseconds)
    hasher.combine(barSeconds)
    hasher.combine(reduceSeconds)
    hasher.combine(UInt64(dayTurns))
    for code in [
      mode.rawValue, nextMode.rawValue, dailyLossBasis.rawValue, totalLossBasis.rawValue,
    ] {
      hasher.combine(UInt64(code))
    }
    for place in 0..<actions.count { hasher.combine(UInt64(actions[place].rawValue)) }
  }

  mutating func set(_ line: AccountLine, _ level: LineLevel, _ action: LineAction) {
    actions[Self.place(line, level)] = action
    barring.set(line, level, action.rawValue >= LineAction.barOpening.rawValue)
    slowing.set(line, level, action == .slowDown)
    liquidating.set(line, level, action == .liquidate)
  }
}
