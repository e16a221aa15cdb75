/// Which of 64 places are taken, a bit for each.
public struct TakenPlaces: BitwiseCopyable, Equatable, Sendable {
  public private(set) var bits: UInt64 = 0

  public static let count = UInt64.bitWidth

  public init() {}

  public var isEmpty: Bool { bits == 0 }

  public func contains(_ place: Int) -> Bool { bits >> UInt64(place) & 1 == 1 }

  public mutating func take(_ place: Int) { bits |= 1 << UInt64(place) }

  public mutating func put(_ place: Int) { bits &= ~(1 << UInt64(place)) }

  /// The first place that is free; nil when none is.
  public var free: Int? { ~bits == 0 ? nil : (~bits).trailingZeroBitCount }
}

extension TakenPlaces: Sequence {
  /// From the first to the last, as they were when it began: they may be put back meanwhile.
  public func makeIterator() -> Iterator { Iterator(left: bits) }

  public struct Iterator: IteratorProtocol {
    var left: UInt64

    public mutating func next() -> Int? {
      guard left != 0 else { return nil }
      defer { left &= left - 1 }
      return left.trailingZeroBitCount
    }
  }
}
