/// How long a connection waits for what. docs/PROTOCOL.md tells the other side the same numbers.
public enum SessionTiming {
  public static let nanosecondsPerSecond: Int64 = 1_000_000_000
  /// A deadline that is never reached.
  public static let never = Int64.max

  /// The first message has to be whole by then.
  public static let logonSeconds: Int64 = 10
  /// The gateway has to have decided about a logon by then.
  public static let verdictSeconds: Int64 = 30
  /// The last words have to have been read by then; after that the connection is cut.
  public static let lingerSeconds: Int64 = 5
  /// A connection that was asked for stands by then, or it is tried again.
  public static let connectSeconds: Int64 = 5
  /// The longest pause between a terminal's tries: exits wait for it when a gateway is back.
  public static let terminalRetrySecondsMaximum: Int64 = 8
  /// A counter brings something new of what it was asked for after a login at least this often.
  public static let resyncSeconds: Int64 = 60

  /// Heartbeat intervals that are agreed to; one outside is taken as the nearest inside.
  public static let heartbeatSecondsRange: ClosedRange<UInt16> = 1...60
  /// What "none" (0) is taken as.
  public static let heartbeatSecondsDefault: UInt16 = 30

  /// The interval that holds when this one was asked for.
  public static func heartbeatSeconds(asked: UInt16) -> UInt16 {
    guard asked != 0 else { return heartbeatSecondsDefault }
    return min(max(asked, heartbeatSecondsRange.lowerBound), heartbeatSecondsRange.upperBound)
  }
}
