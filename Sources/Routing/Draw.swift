/// The stream of draws of one order: ties that the manual leaves to chance are drawn from the
/// seed and the order's sequence alone, so that the same commands give the same split
/// (decisions 30). SplitMix64 (Steele, Lea, Flood 2014).
public struct Draw {
  var state: UInt64

  public init(seed: UInt64, orderSequence: UInt64) { state = seed ^ orderSequence }

  /// One of `count` candidates, counted in ascending id order.
  public mutating func next(among count: Int) -> Int {
    precondition(count > 0, "a draw has candidates")
    guard count > 1 else { return 0 }
    #if MUTATION_TIE_BY_DICTIONARY
      if let first = Set(0..<count).first { return first }
    #endif
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    value ^= value >> 31
    return Int(value % UInt64(count))
  }
}
