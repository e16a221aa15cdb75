import Domain

/// The draws of one order: ties that the manual leaves to chance are drawn from the seed and the
/// order's sequence alone, so that the same commands give the same split (decisions 30).
public struct Draw {
  var stream: SplitMix64

  public init(seed: UInt64, orderSequence: UInt64) {
    stream = SplitMix64(seed: seed ^ orderSequence)
  }

  /// One of `count` candidates, counted in ascending id order.
  public mutating func next(among count: Int) -> Int {
    precondition(count > 0, "a draw has candidates")
    guard count > 1 else { return 0 }
    #if MUTATION_TIE_BY_DICTIONARY
      if let first = Set(0..<count).first { return first }
    #endif
    return Int(stream.next() % UInt64(count))
  }
}
