import Domain

/// How long to wait before a connection is tried again: a second, doubling to half a minute unless
/// it is said otherwise (terminals: `SessionTiming`), each shortened by up to half at random so
/// that many do not come back at the same moment.
public struct BackOff: Equatable, Sendable, BitwiseCopyable {
  public static let shortestSeconds: Int64 = 1
  public static let longestSeconds: Int64 = 30

  private var random: SplitMix64
  private let shortest: Int64
  private let longest: Int64
  private var nextSeconds: Int64

  /// - Parameters:
  ///   - seed: another one for each link.
  ///   - shortest: the first pause, in seconds, at least 1.
  ///   - longest: the longest, not shorter than the first.
  init(
    seed: UInt64, shortest: Int64 = BackOff.shortestSeconds,
    longest: Int64 = BackOff.longestSeconds
  ) {
    precondition(shortest >= 1 && shortest <= longest, "a pause is at least a second")
    random = SplitMix64(seed: seed)
    self.shortest = shortest
    self.longest = longest
    nextSeconds = shortest
  }

  /// The connection was good for its purpose: the next pause is a short one.
  mutating func reset() { nextSeconds = shortest }

  /// Trying again soon makes no sense: the next pause is a long one.
  mutating func lengthen() { nextSeconds = longest }

  /// The pause before the next try, in nanoseconds.
  mutating func next() -> Int64 {
    let pause = nextSeconds * SessionTiming.nanosecondsPerSecond
    nextSeconds = min(nextSeconds * 2, longest)
    return pause - Int64(random.next() % UInt64(pause / 2))
  }
}
