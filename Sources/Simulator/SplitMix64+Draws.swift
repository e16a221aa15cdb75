import Domain

// What a run draws.
extension SplitMix64 {
  /// A stream for one purpose: what one part of a run draws moves no other part. Neighbouring seeds
  /// and purposes start far apart.
  init(seed: UInt64, purpose: UInt64) {
    var mixed = SplitMix64(seed: seed ^ purpose &* 0x9E6C_63D0_876A_68DF)
    self.init(seed: mixed.next())
  }

  /// True in so many of a hundred.
  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  /// Nanoseconds from so many milliseconds to so many.
  mutating func milliseconds(_ range: ClosedRange<Int64>) -> Int64 {
    within(range.lowerBound * 1_000_000...range.upperBound * 1_000_000)
  }

  /// The index of a weight, as often as its share of them all.
  mutating func weighted(_ weights: [Int]) -> Int {
    var left = below(weights.reduce(0, +))
    for (index, weight) in weights.enumerated() {
      if left < weight { return index }
      left -= weight
    }
    return weights.count - 1
  }
}
