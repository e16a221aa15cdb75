/// A rate that counts the contract's value, its lots, or both:
/// amount = price * multiplier * lots * byValue + lots * byLot. Source: rules.md 6, AMS manual 6.
public struct TwoPartRate: Equatable, Hashable, Sendable, BitwiseCopyable {
  /// Part of the value, in 1e-8.
  public var byValue: Rate
  /// Per lot, in 1e-4 yuan.
  public var byLot: Money

  @inlinable public init(byValue: Rate = .zero, byLot: Money = .zero) {
    self.byValue = byValue
    self.byLot = byLot
  }

  /// `price * lots` summed over lots ("basis", 1e-4 yuan before the multiplier) times the
  /// multiplier, times the rate, plus the lots; rounded up to a whole number of `step` units.
  /// 128 bits inside; nil when the result does not fit `Ranges.marginMaximum`.
  @inlinable public func amount(
    basis: Int64, multiplier: Int64, lots: Int64, roundedUpTo step: Int64
  ) -> Money? {
    let value = Int128(basis) * Int128(multiplier) * Int128(byValue.units)
    let scaled = value + Int128(lots) * Int128(byLot.units) * Int128(Rate.unitsPerOne)
    let divisor = Int128(Rate.unitsPerOne) * Int128(step)
    var quotient = scaled / divisor
    if scaled > quotient * divisor { quotient += 1 }
    let units = quotient * Int128(step)
    guard units <= Int128(Ranges.marginMaximum), units >= -Int128(Ranges.marginMaximum) else {
      return nil
    }
    return Money(units: Int64(units))
  }
}

/// The fee and margin rates of one instrument for one holder, after the ladder.
public struct RateSet: Equatable, Sendable, BitwiseCopyable {
  public var marginLong: TwoPartRate
  public var marginShort: TwoPartRate
  public var feeOpen: TwoPartRate
  public var feeClose: TwoPartRate
  public var feeCloseToday: TwoPartRate

  @inlinable public init(
    marginLong: TwoPartRate = .init(), marginShort: TwoPartRate = .init(),
    feeOpen: TwoPartRate = .init(), feeClose: TwoPartRate = .init(),
    feeCloseToday: TwoPartRate = .init()
  ) {
    self.marginLong = marginLong
    self.marginShort = marginShort
    self.feeOpen = feeOpen
    self.feeClose = feeClose
    self.feeCloseToday = feeCloseToday
  }

  /// Margin of a position or a hold: `basis` = sum of price * lots. Rounds up to 0.0001 yuan
  /// (decisions 5). Nil when out of range.
  @inlinable public func margin(
    _ side: PositionSide, basis: Int64, multiplier: Int64, lots: Int64
  ) -> Money? {
    (side == .short ? marginShort : marginLong)
      .amount(basis: basis < 0 ? -basis : basis, multiplier: multiplier, lots: lots, roundedUpTo: 1)
  }

  /// Fee of one fill or of an order's remainder: rounds up to 0.01 yuan, in the firm's favour
  /// (decisions 5). Nil when out of range.
  @inlinable public func fee(
    _ rate: TwoPartRate, basis: Int64, multiplier: Int64, lots: Int64
  ) -> Money? {
    rate.amount(
      basis: basis < 0 ? -basis : basis, multiplier: multiplier, lots: lots,
      roundedUpTo: Money.unitsPerFen)
  }
}
