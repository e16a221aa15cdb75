import Domain

/// A risk controller or an operator has positions closed (desk.md, "Force liquidation"): of one
/// account, or of every account of a product.
public struct ForceLiquidate: Equatable, Sendable, BitwiseCopyable {
  /// Who asks for it.
  public var who: Name
  /// `.none` = every account of `product`.
  public var account: OperationAccountID
  /// `.none` where `account` names one.
  public var product: ProductID
  /// Only this instrument; `.none` = all.
  public var instrument: InstrumentID
  /// Only this side of it; `.unknown` = both.
  public var side: PositionSide
  /// Only this hedge flag; `.unknown` = all.
  public var hedge: HedgeFlag
  public var extent: LiquidationExtent

  @inlinable public init(
    who: Name, account: OperationAccountID, product: ProductID, instrument: InstrumentID,
    side: PositionSide, hedge: HedgeFlag, extent: LiquidationExtent
  ) {
    self.who = who
    self.account = account
    self.product = product
    self.instrument = instrument
    self.side = side
    self.hedge = hedge
    self.extent = extent
  }
}

/// Ends the liquidation of an account, or of every account of a product, whoever began it.
public struct StopLiquidation: Equatable, Sendable, BitwiseCopyable {
  /// Who asks for it.
  public var who: Name
  /// `.none` = every account of `product`.
  public var account: OperationAccountID
  /// `.none` where `account` names one.
  public var product: ProductID

  @inlinable public init(who: Name, account: OperationAccountID, product: ProductID) {
    self.who = who
    self.account = account
    self.product = product
  }
}
