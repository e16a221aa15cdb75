/// Which of 64 places are taken, a bit for each.
@frozen public struct TakenPlaces: BitwiseCopyable, Equatable, Sendable {
  @usableFromInline var taken: UInt64

  @inlinable public var bits: UInt64 { taken }

  public static let count = UInt64.bitWidth

  @inlinable public init(bits: UInt64 = 0) { taken = bits }

  @inlinable public var isEmpty: Bool { bits == 0 }

  @inlinable public func contains(_ place: Int) -> Bool { bits >> UInt64(place) & 1 == 1 }

  public mutating func take(_ place: Int) { taken |= 1 << UInt64(place) }

  public mutating func put(_ place: Int) { taken &= ~(1 << UInt64(place)) }

  /// The first place that is free; nil when none is.
  public var free: Int? { ~bits == 0 ? nil : (~bits).trailingZeroBitCount }
}

extension TakenPlaces: Sequence {
  /// From the first to the last, as they were when it began: they may be put back meanwhile.
  @inlinable public func makeIterator() -> Iterator { Iterator(left: bits) }

  @frozen public struct Iterator: IteratorProtocol {
    @usableFromInline var left: UInt64

    @inlinable init(left: UInt64) { self.left = left }

    @inlinable public mutating func next() -> Int? {
      guard left != 0 else { return nil }
      defer { left &= left - 1 }
      return left.trailingZeroBitCount
    }
  }
}
