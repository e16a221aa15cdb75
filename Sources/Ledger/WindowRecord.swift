import Domain

/// What holds for an operation account before closes (rules.md 4: overnight-margin,
/// overnight-exposure, session-flat), and what has come of it today.
public struct WindowRecord: BitwiseCopyable {
  /// Of the overnight line, in 1e-8 of one; 0 is off.
  public var limit: Int64
  /// Sessions that end by then have had their liquidation, or a controller stopped it: of the
  /// overnight line, and of session-flat.
  public internal(set) var overnightAnswered: Timestamp
  public internal(set) var flatAnswered: Timestamp
  public var measure: OvernightMeasure
  /// marketEquity, allowedLoss or none.
  public var basis: LineBasis
  public var excess: OvernightExcess
  /// The night close counts for the account; for its product it has to count too.
  public var countsNightClose: Bool
  /// What session-flat does at midday, at the day's close and at the night's.
  public var flat: InlineArray<3, SessionFlatAction>
  /// For these closes every commodity is meant, a bit each.
  public var flatEverything: UInt8
  /// The closes before which the account was told that it is over its overnight line.
  public internal(set) var told: UInt8
  /// What the account's liquidation is about, while a rule of windows has begun it.
  public var close: SessionClose
  var padding16: UInt16
  var padding32: UInt32

  /// Whether the overnight line is on.
  @inlinable public var isOvernightSet: Bool {
    measure != .unknown && basis != .none && limit > 0
  }

  @inlinable public func action(_ close: SessionClose) -> SessionFlatAction {
    close == .unknown ? .unknown : flat[close.index]
  }

  @inlinable static func bit(_ close: SessionClose) -> UInt8 {
    close == .unknown ? 0 : 1 << UInt8(close.index)
  }

  /// Whether sessions that end by then have had their liquidation.
  public func isAnswered(_ rule: RuleID, _ end: Timestamp) -> Bool {
    (rule == .sessionFlat ? flatAnswered : overnightAnswered) >= end
  }
}
