/// A number of lots (手). Signed so that differences can be taken; an order's is positive.
public typealias Lots = Int32

/// A price in the instrument's currency, in units of 0.0001. Negative prices are legal.
///
/// Wire: i64, null = `Int64.min`.
public struct Price: Equatable, Hashable, Comparable, Sendable, BitwiseCopyable {
  public var units: Int64

  @inlinable public init(units: Int64) { self.units = units }

  /// How many units make one yuan.
  public static let unitsPerYuan: Int64 = 10_000
  /// "There is no price": no tick yet, a market order, an unset limit.
  @inlinable public static var none: Price { Price(units: .min) }
  @inlinable public static var zero: Price { Price(units: 0) }

  @inlinable public var isNone: Bool { units == .min }
  @inlinable public static func < (left: Price, right: Price) -> Bool { left.units < right.units }
}

/// An amount of money in units of 0.0001 yuan.
///
/// Wire: i64, null = `Int64.min`.
public struct Money: Equatable, Hashable, Comparable, Sendable, BitwiseCopyable {
  public var units: Int64

  @inlinable public init(units: Int64) { self.units = units }
  /// Whole yuan; traps beyond `Ranges.cashMaximum`, so it is for literals and tests.
  @inlinable public init(yuan: Int64) { self.units = yuan * Money.unitsPerYuan }

  public static let unitsPerYuan: Int64 = 10_000
  /// One fen (0.01 yuan), the unit fees are booked in.
  public static let unitsPerFen: Int64 = 100
  @inlinable public static var none: Money { Money(units: .min) }
  @inlinable public static var zero: Money { Money(units: 0) }

  @inlinable public var isNone: Bool { units == .min }
  @inlinable public static func < (left: Money, right: Money) -> Bool { left.units < right.units }
  @inlinable public static func + (left: Money, right: Money) -> Money {
    Money(units: left.units + right.units)
  }
  @inlinable public static func - (left: Money, right: Money) -> Money {
    Money(units: left.units - right.units)
  }
  @inlinable public static prefix func - (value: Money) -> Money { Money(units: -value.units) }
  @inlinable public static func += (left: inout Money, right: Money) { left.units += right.units }
  @inlinable public static func -= (left: inout Money, right: Money) { left.units -= right.units }
}

/// A ratio in units of 0.00000001 (1e-8): a fee or margin rate by value.
///
/// Wire: i64, null = `Int64.min`.
public struct Rate: Equatable, Hashable, Comparable, Sendable, BitwiseCopyable {
  public var units: Int64

  @inlinable public init(units: Int64) { self.units = units }

  public static let unitsPerOne: Int64 = 100_000_000
  @inlinable public static var none: Rate { Rate(units: .min) }
  @inlinable public static var zero: Rate { Rate(units: 0) }

  @inlinable public var isNone: Bool { units == .min }
  @inlinable public static func < (left: Rate, right: Rate) -> Bool { left.units < right.units }
}
