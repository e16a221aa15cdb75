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
  /// 128 bits where 64 don't hold it; nil when the result does not fit `Ranges.marginMaximum`.
  @inlinable public func amount(
    basis: Int64, multiplier: Int64, lots: Int64, roundedUpTo step: Int64
  ) -> Money? {
    // Nearly every amount fits 64 bits on its way: then it costs three multiplications.
    let (value, overflow1) = basis.multipliedReportingOverflow(by: multiplier)
    let (part, overflow2) = value.multipliedReportingOverflow(by: byValue.units)
    if !overflow1, !overflow2 {
      if byLot.units == 0 { return Self.rounded(part, upTo: step) }
      let (perLot, overflow3) = lots.multipliedReportingOverflow(by: byLot.units)
      let (scaledLots, overflow4) = perLot.multipliedReportingOverflow(by: Rate.unitsPerOne)
      let (sum, overflow5) = part.addingReportingOverflow(scaledLots)
      if !overflow3, !overflow4, !overflow5 { return Self.rounded(sum, upTo: step) }
    }
    return Self.rounded(scaled(basis: basis, multiplier: multiplier, lots: lots), upTo: step)
  }

  /// The exact amount in 1e-12 yuan (money units times 1e8).
  @inlinable func scaled(basis: Int64, multiplier: Int64, lots: Int64) -> Int128 {
    Int128(basis) * Int128(multiplier) * Int128(byValue.units)
      + Int128(lots) * Int128(byLot.units) * Int128(Rate.unitsPerOne)
  }

  /// An exact amount that fits 64 bits, rounded up to a whole number of `step` money units.
  @inlinable static func rounded(_ scaled: Int64, upTo step: Int64) -> Money {
    let divisor = Rate.unitsPerOne * step
    let part = scaled / divisor
    return Money(units: (scaled > part * divisor ? part + 1 : part) * step)
  }

  /// An exact amount rounded up to a whole number of `step` money units; nil when out of range.
  @inlinable static func rounded(_ scaled: Int128, upTo step: Int64) -> Money? {
    if let narrow = Int64(exactly: scaled) { return rounded(narrow, upTo: step) }
    let divisor = Int128(Rate.unitsPerOne * step)
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

  /// Whether the margin of a side is known. Of a future it always is; of a short option not without
  /// its underlying's rates, or one of the two prior settlements.
  @inlinable public func knowsMargin(_ side: PositionSide) -> Bool {
    !(side == .short ? marginShort : marginLong).byLot.isNone
  }

  /// The rates of an option: what is bought takes no margin, a lot that is sold takes `shortLot`;
  /// nil = nobody knows how much.
  @inlinable public func ofOption(shortLot: Money?) -> RateSet {
    var rates = self
    rates.marginLong = TwoPartRate()
    rates.marginShort = TwoPartRate(byLot: shortLot ?? .none)
    return rates
  }

  /// Margin of a position or a hold: `basis` = sum of price * lots. Rounds up to 0.0001 yuan
  /// (decisions 5). Nil when out of range.
  @inlinable public func margin(
    _ side: PositionSide, basis: Int64, multiplier: Int64, lots: Int64
  ) -> Money? {
    (side == .short ? marginShort : marginLong)
      .amount(basis: basis < 0 ? -basis : basis, multiplier: multiplier, lots: lots, roundedUpTo: 1)
  }

  /// Fee of one closing fill that took lots of both days: the parts are added before rounding up
  /// to 0.01 yuan (decisions 5). Nil when out of range.
  @inlinable public func closingFee(
    price: Price, multiplier: Int64, today: Lots, yesterday: Lots
  ) -> Money? {
    let unit = price.units < 0 ? -price.units : price.units
    let old = feeClose.scaled(
      basis: unit * Int64(yesterday), multiplier: multiplier, lots: Int64(yesterday))
    let new = feeCloseToday.scaled(
      basis: unit * Int64(today), multiplier: multiplier, lots: Int64(today))
    return TwoPartRate.rounded(old + new, upTo: Money.unitsPerFen)
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
