/// What happens in a stretch of trading hours.
public enum TradingPhase: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  /// Orders are taken, nothing matches yet (集合竞价).
  case auction = 1
  case continuous = 2
}

/// Which calendar date a stretch of trading hours starts on, seen from the trading day.
public enum SessionDate: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  /// The evening that opens the trading day: the last working date before it, when the calendar
  /// has a night session there.
  case night = 1
  /// The trading day's own date.
  case day = 2
}

/// One stretch [start, end) in which orders may be sent (decisions 19).
public struct TradingInterval: Equatable, Hashable, Sendable, BitwiseCopyable {
  public var date: SessionDate
  public var phase: TradingPhase
  /// Seconds after midnight, China time, of that date. Past midnight counts on: 02:30 = 95 400.
  public var startSecond: Int32
  public var endSecond: Int32

  @inlinable public init(
    date: SessionDate, phase: TradingPhase, startSecond: Int32, endSecond: Int32
  ) {
    self.date = date
    self.phase = phase
    self.startSecond = startSecond
    self.endSecond = endSecond
  }

  /// Most intervals a table of trading hours can have.
  public static let countMaximum = 8
  public static let endSecondMaximum: Int32 = 2 * 86_400
}
