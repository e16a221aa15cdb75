import Domain

/// A stream of draws that a seed decides alone. It bounds them by the remainder, otherwise than
/// `SplitMix64` does: seeds.txt names streams that were drawn so.
struct SplitMix {
  private var stream: SplitMix64

  /// Neighbouring seeds start far apart, or one stream would be another's, a draw later.
  init(seed: UInt64) {
    var first = SplitMix64(seed: seed)
    stream = SplitMix64(seed: first.next() ^ 0x5DEE_CE66_D1CE_4E5B)
  }

  /// 0 ..< bound.
  mutating func below(_ bound: Int) -> Int { Int(stream.next() % UInt64(bound)) }
  mutating func within(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + below(range.count)
  }
  /// True in so many of a hundred.
  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
  mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }

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
