import Domain
import Storage

/// Who may log in from where, and what logging in left behind: of an operation account, and of a
/// risk controller.
public struct LogonRecord: BitwiseCopyable {
  public var sessionsMaximum: Int64
  public var sessionsOpen: UInt32
  /// login-lockout: failures in the current window.
  public var loginFailures: UInt32
  public var loginWindowStart: Timestamp
  public var lockedUntil: Timestamp
  /// Rows of the IP and MAC lists (`AccessRow`), 1-based; 0 = any.
  public var firstAddress: UInt32
  public var firstMAC: UInt32

  /// One session, from anywhere.
  mutating func begin() {
    sessionsMaximum = 1
    loginWindowStart = .none
    lockedUntil = .none
  }

  /// Counts a failed logon. True when it locks: the Nth failure within the window.
  mutating func countFailure(
    at time: Timestamp, failures: Int64, windowSeconds: Int64, lockSeconds: Int64
  ) -> Bool {
    if loginWindowStart.isNone || time >= loginWindowStart.adding(seconds: windowSeconds) {
      loginWindowStart = time
      loginFailures = 0
    }
    loginFailures += 1
    guard Int64(loginFailures) >= failures else { return false }
    lockedUntil = time.adding(seconds: lockSeconds)
    loginWindowStart = .none
    loginFailures = 0
    return true
  }

  mutating func sessionOpened() {
    sessionsOpen += 1
    loginWindowStart = .none
    loginFailures = 0
  }

  mutating func sessionClosed() {
    if sessionsOpen > 0 { sessionsOpen -= 1 }
  }
}

/// A row of an IP list (from ... to, both ends in) or of a MAC list (`fromLow`).
public struct AccessRow: LinkedNode {
  public var next: UInt32
  var padding: UInt32
  public var fromHigh: UInt64
  public var fromLow: UInt64
  public var toHigh: UInt64
  public var toLow: UInt64
}
