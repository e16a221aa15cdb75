import Domain

/// What an exchange, a commodity or an instrument allows a real-control group a day, of one kind
/// (rules.md 8).
public struct SetBudget: Equatable, Sendable, BitwiseCopyable {
  public var scope: Scope
  public var kind: BudgetKind
  /// Lots, a count, or 1e-4 of one percent, by the kind; `Int64.min` = as the wider scope.
  public var limit: Int64

  @inlinable public init(scope: Scope, kind: BudgetKind, limit: Int64) {
    self.scope = scope
    self.kind = kind
    self.limit = limit
  }
}

/// The real-control group of a fund account (实际控制关系账户组): accounts of one controller count
/// as one.
public struct SetControlGroup: Equatable, Sendable, BitwiseCopyable {
  public var fundAccount: FundAccountID
  /// Empty = the legal owner behind its trading code, else the account by itself.
  public var name: Name

  @inlinable public init(fundAccount: FundAccountID, name: Name) {
    self.fundAccount = fundAccount
    self.name = name
  }
}

/// Whether a fund account makes the market of a commodity: its cancels there use no budget.
public struct SetMarketMaking: Equatable, Sendable, BitwiseCopyable {
  public var fundAccount: FundAccountID
  public var commodity: CommodityID
  public var makesMarket: Bool

  @inlinable public init(fundAccount: FundAccountID, commodity: CommodityID, makesMarket: Bool) {
    self.fundAccount = fundAccount
    self.commodity = commodity
    self.makesMarket = makesMarket
  }
}
