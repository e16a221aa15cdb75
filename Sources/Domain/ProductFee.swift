/// Which fee of a product (AMS manual 2.2, 9.1).
public enum FeeKind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  /// 管理费
  case management = 1
  /// 托管费
  case custody = 2
  /// 投顾费
  case adviser = 3

  /// Its place among the fees of a product.
  @inlinable public var index: Int {
    precondition(self != .unknown, "a fee has a kind")
    return Int(rawValue) - 1
  }
}

/// How a fee of a product is reckoned.
public enum FeeMethod: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// It is not charged.
  case unknown = 0
  /// A yearly rate, day by day (固定费率逐日计提).
  case daily = 1
  /// So much, whatever the day (按绝对金额收取).
  case amount = 2
  /// A share of the profit (按固定比例分红).
  case profitShare = 3
  /// A share of all the profit: that of the band the unit net value is in (按净值区间分红).
  case bands = 4
  /// Each band's share of the profit within it (超额累进).
  case progressiveBands = 5

  /// Whether it is a part of the profit: the adviser's alone.
  @inlinable public var isOfProfit: Bool {
    self == .profitShare || self == .bands || self == .progressiveBands
  }
}

/// What a daily rate is taken of (计提标准).
public enum FeeBasis: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  /// The net value that the product began with.
  case initial = 1
  /// That of the prior day, before product fees.
  case priorDay = 2
}

/// Limits of what is set of product fees.
public enum FeeLimits {
  /// Bands of a product's adviser fee.
  public static let bands = 8
  /// Most days in which a rate accrues once: a century.
  public static let daysMaximum: UInt32 = 36_600
  /// Most that one fee of a product can come to, in 1e-4 yuan.
  public static let feeMaximum = Ranges.cashMaximum
}
