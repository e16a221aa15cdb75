import Domain

/// The overnight line of an operation account (rules.md 4): overnight-margin or
/// overnight-exposure, in 1e-8 of one; one line an account.
public struct SetOvernight: Equatable, Sendable, BitwiseCopyable {
  public var account: OperationAccountID
  /// `.unknown` = none.
  public var measure: OvernightMeasure
  /// marketEquity, allowedLoss or none; `.unknown` without a line.
  public var basis: LineBasis
  public var excess: OvernightExcess
  /// `Int64.min` without a line; 0 is off.
  public var limit: Int64

  @inlinable public init(
    account: OperationAccountID, measure: OvernightMeasure, basis: LineBasis,
    excess: OvernightExcess, limit: Int64
  ) {
    self.account = account
    self.measure = measure
    self.basis = basis
    self.excess = excess
    self.limit = limit
  }
}

/// What session-flat does with an account before a close (午盘前, 收盘前, 夜盘前清仓配置).
public struct SetSessionFlat: Equatable, Sendable, BitwiseCopyable {
  public var account: OperationAccountID
  public var close: SessionClose
  public var action: SessionFlatAction
  /// Every commodity; else those that are listed for this close.
  public var everything: Bool

  @inlinable public init(
    account: OperationAccountID, close: SessionClose, action: SessionFlatAction, everything: Bool
  ) {
    self.account = account
    self.close = close
    self.action = action
    self.everything = everything
  }
}

/// A commodity in an account's list of session-flat, by close.
public struct SetSessionFlatCommodity: Equatable, Sendable, BitwiseCopyable {
  public var account: OperationAccountID
  public var close: SessionClose
  public var commodity: CommodityID
  public var isIn: Bool

  @inlinable public init(
    account: OperationAccountID, close: SessionClose, commodity: CommodityID, isIn: Bool
  ) {
    self.account = account
    self.close = close
    self.commodity = commodity
    self.isIn = isIn
  }
}
