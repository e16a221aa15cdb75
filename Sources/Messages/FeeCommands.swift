import Domain

/// What a product's fees are reckoned from (AMS manual 9.1).
public struct SetProductFees: Equatable, Sendable, BitwiseCopyable {
  public var product: ProductID
  /// The date the product began, yyyymmdd (产品上线日期); 0 = nothing accrues.
  public var start: UInt32
  /// Calendar days in which a yearly rate accrues once, 1...36600; 0 without a date.
  public var days: UInt32
  /// Net value on that date; zero = none is stated.
  public var initial: Money

  @inlinable public init(product: ProductID, start: UInt32, days: UInt32, initial: Money) {
    self.product = product
    self.start = start
    self.days = days
    self.initial = initial
  }
}

/// One fee of a product.
public struct SetProductFee: Equatable, Sendable, BitwiseCopyable {
  public var product: ProductID
  public var kind: FeeKind
  /// `.unknown` = it is not charged.
  public var method: FeeMethod
  /// Of a daily rate.
  public var basis: FeeBasis
  /// A rate or a share in 1e-8 of one, an amount in 1e-4 yuan; `Int64.min` with bands and without a
  /// method.
  public var value: Int64

  @inlinable public init(
    product: ProductID, kind: FeeKind, method: FeeMethod, basis: FeeBasis, value: Int64
  ) {
    self.product = product
    self.kind = kind
    self.method = method
    self.basis = basis
    self.value = value
  }
}

/// A band of unit net values of a product's adviser fee. It ends where the next one begins; profit
/// begins with the first.
public struct SetFeeBand: Equatable, Sendable, BitwiseCopyable {
  public var product: ProductID
  /// From 1 to 8, in ascending order of where they begin.
  public var number: UInt16
  /// Its lowest unit net value, 1e-8 yuan a share; `Int64.min` = no such band.
  public var from: Int64
  /// Of the profit, in 1e-8 of one; `Int64.min` without a band.
  public var share: Int64

  @inlinable public init(product: ProductID, number: UInt16, from: Int64, share: Int64) {
    self.product = product
    self.number = number
    self.from = from
    self.share = share
  }
}
