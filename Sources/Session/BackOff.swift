/// How long to wait before a connection is tried again: a second, doubling to half a minute, each
/// shortened by up to half at random so that many do not come back at the same moment.
struct BackOff: Equatable, Sendable, BitwiseCopyable {
  static let shortestSeconds: Int64 = 1
  static let longestSeconds: Int64 = 30

  private var random: UInt64
  private var nextSeconds = BackOff.shortestSeconds

  /// - Parameter seed: another one for each link.
  init(seed: UInt64) { random = seed }

  /// The connection was good for its purpose: the next pause is a short one.
  mutating func reset() { nextSeconds = BackOff.shortestSeconds }

  /// Trying again soon makes no sense: the next pause is a long one.
  mutating func lengthen() { nextSeconds = BackOff.longestSeconds }

  /// The pause before the next try, in nanoseconds.
  mutating func next() -> Int64 {
    let longest = nextSeconds * SessionTiming.nanosecondsPerSecond
    nextSeconds = min(nextSeconds * 2, BackOff.longestSeconds)
    return longest - Int64(draw() % UInt64(longest / 2))
  }

  /// SplitMix64.
  private mutating func draw() -> UInt64 {
    random &+= 0x9E37_79B9_7F4A_7C15
    var mixed = random
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
