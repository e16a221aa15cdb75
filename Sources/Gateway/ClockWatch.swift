import Domain
import Messages

/// What the driver's two clocks showed at one moment.
public struct ClockReading: Equatable, Sendable, BitwiseCopyable {
  /// Since 1970 UTC; somebody may set it.
  public var real: Timestamp
  /// Nanoseconds since some start; never goes back and never jumps.
  public var monotonic: Int64

  @inlinable public init(real: Timestamp, monotonic: Int64) {
    self.real = real
    self.monotonic = monotonic
  }
}

/// Notices that the real-time clock was set: it moved otherwise than the monotonic one.
public struct ClockWatch: Sendable, BitwiseCopyable {
  public private(set) var real: Timestamp
  public private(set) var monotonic: Int64

  /// Smaller differences between two readings are no jump: both clocks are read one after the
  /// other, and the thread may have slept in between.
  public static let jumpNanoseconds: Int64 = 100_000_000

  public init(_ reading: ClockReading) {
    real = reading.real
    monotonic = reading.monotonic
  }

  /// Takes a reading; nil when both clocks moved alike.
  public mutating func read(_ reading: ClockReading) -> ClockJumped? {
    let passed = max(reading.monotonic - monotonic, 0)
    let jump = reading.real.nanoseconds - real.nanoseconds - passed
    real = reading.real
    monotonic = max(reading.monotonic, monotonic)
    return abs(jump) >= ClockWatch.jumpNanoseconds ? ClockJumped(nanoseconds: jump) : nil
  }
}
