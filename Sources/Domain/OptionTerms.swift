/// What an instrument is besides a future. Source: rules.md 3a, "market equity".
public enum OptionClass: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// No option: a future.
  case none = 0
  /// The right to buy the underlying at the strike (看涨).
  case call = 1
  /// The right to sell it (看跌).
  case put = 2
}

/// The margin of a short option on a future. Source: exchanges' risk management rules, the same at
/// SHFE, INE, DCE, CZCE and GFEX; docs/ARCHITECTURE.md, decision 154.
public struct OptionMargin: Equatable, Sendable, BitwiseCopyable {
  public var option: OptionClass
  public var strike: Price
  /// Units of the underlying in a lot, the underlying's own too.
  public var multiplier: Int64
  /// Prior settlements of the option and of its underlying; `.none` = not known.
  public var premium: Price
  public var underlying: Price

  @inlinable public init(
    option: OptionClass, strike: Price, multiplier: Int64, premium: Price, underlying: Price
  ) {
    self.option = option
    self.strike = strike
    self.multiplier = multiplier
    self.premium = premium
    self.underlying = underlying
  }

  /// Of one lot, in 1e-4 yuan, rounded up: the larger of
  ///
  ///     premium + underlying's margin - half of what it is out of the money
  ///     premium + half of the underlying's margin
  ///
  /// Nil without one of the prices, and when the underlying's margin is out of range.
  ///
  /// - Parameter rate: what one lot of the underlying's short side takes.
  @inlinable public func perLot(_ rate: TwoPartRate) -> Money? {
    guard option != .none, !premium.isNone, !underlying.isNone,
      let future = rate.amount(
        basis: abs(underlying.units), multiplier: multiplier, lots: 1, roundedUpTo: 1)
    else { return nil }
    let away = option == .call ? strike.units - underlying.units : underlying.units - strike.units
    // Twice the amounts, so that a half rounds once.
    let twice = 2 * (max(premium.units, 0) * multiplier + future.units)
    let most = max(twice - max(away, 0) * multiplier, twice - future.units)
    return Money(units: (most + 1) >> 1)
  }
}
