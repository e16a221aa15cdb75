/// Holds a sender to a rate: a bucket of one second's messages that fills evenly.
///
/// Kept as the moment at which the bucket is full again, so that taking a message is one addition
/// (the generic cell rate algorithm).
struct MessagePacer: Equatable, Sendable, BitwiseCopyable {
  /// Nanoseconds a message costs; 0 = no bound.
  private let cost: Int64
  private let burst: Int64
  private var fullAt: Int64

  /// - Parameter messagesPerSecond: also the burst; 0 = no bound.
  init(messagesPerSecond: UInt32, at now: Int64) {
    let rate = Int64(messagesPerSecond)
    cost = rate == 0 ? 0 : max(SessionTiming.nanosecondsPerSecond / rate, 1)
    burst = cost * rate
    fullAt = now
  }

  /// When the next message may pass: `now` or earlier when it may pass at once.
  @inline(__always) var nextPass: Int64 { cost == 0 ? .min : fullAt + cost - burst }

  /// Takes a message that may pass.
  @inline(__always) mutating func take(at now: Int64) {
    fullAt = max(fullAt, now) + cost
  }
}
