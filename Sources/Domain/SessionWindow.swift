// Windows before the closes of trading sessions (rules.md 4): what may stay over the night, and
// what goes before a session ends.

/// The ends of trading sessions that windows lie before.
public enum SessionClose: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  /// Of the morning session, before the break at noon (午盘收盘).
  case midday = 1
  /// Of the trading day (收盘).
  case day = 2
  /// Of the night session (夜盘收盘).
  case night = 3

  /// A place in a table of the three.
  @inlinable public var index: Int { Int(rawValue) - 1 }
}

/// What an account's overnight line measures; it has one of the two (减仓方式).
public enum OvernightMeasure: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// The account has no overnight line.
  case unknown = 0
  case margin = 1
  /// Absolute exposure: by commodity, summed.
  case exposure = 2

  public var rule: RuleID {
    switch self {
    case .unknown: .none
    case .margin: .overnightMargin
    case .exposure: .overnightExposure
    }
  }
}

/// What happens to what is over an overnight line when the close is near (隔夜最大保证金超限时).
public enum OvernightExcess: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  /// Opening is barred, and then positions are reduced.
  case reduce = 1
  case barOnly = 2
}

/// What session-flat does before a close.
public enum SessionFlatAction: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// Nothing.
  case unknown = 0
  case barOpening = 1
  /// Opening is barred, and then positions are closed.
  case flatten = 2
}

/// What a reduction does when its rounds come to nothing and too much is left (note 16).
public enum ReductionFinish: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  /// A lot of the largest position, again and again.
  case oneLot = 1
  /// It stops.
  case none = 2
}

extension RuleID {
  /// Whether the rule has positions reduced or closed before a session ends.
  @inlinable public var isWindow: Bool {
    self == .overnightMargin || self == .overnightExposure || self == .sessionFlat
  }
}
