/// Heartbeats both ways: when this side owes a word, and when the other has been silent too long.
///
/// A side that has sent nothing for the interval sends a heartbeat; one that has heard nothing for
/// two and a half intervals ends the connection. `FIX: HeartBtInt(108)`.
public struct Liveness: Equatable, Sendable, BitwiseCopyable {
  public private(set) var intervalSeconds: UInt16
  private var lastSent: Int64
  private var lastHeard: Int64

  public init(intervalSeconds: UInt16, at now: Int64) {
    precondition(intervalSeconds > 0, "a heartbeat interval is at least a second")
    self.intervalSeconds = intervalSeconds
    lastSent = now
    lastHeard = now
  }

  var interval: Int64 { Int64(intervalSeconds) * SessionTiming.nanosecondsPerSecond }
  var silenceLimit: Int64 { interval * 5 / 2 }

  @inline(__always) mutating func sent(at now: Int64) { lastSent = now }
  @inline(__always) mutating func heard(at now: Int64) { lastHeard = now }

  func owesWord(at now: Int64) -> Bool { now - lastSent >= interval }
  func isSilent(at now: Int64) -> Bool { now - lastHeard >= silenceLimit }

  /// When one of the two comes true next.
  var deadline: Int64 { min(lastSent + interval, lastHeard + silenceLimit) }
}
