import Domain

/// A named set of commodities (板块); it has the next dense id of its kind.
public struct DefineSector: Equatable, Sendable, BitwiseCopyable {
  public var name: Name

  @inlinable public init(name: Name) { self.name = name }
}

/// Puts a commodity into a sector, or takes it out.
public struct SetSectorCommodity: Equatable, Sendable, BitwiseCopyable {
  /// Dense id.
  public var sector: UInt16
  public var commodity: CommodityID
  public var isIn: Bool

  @inlinable public init(sector: UInt16, commodity: CommodityID, isIn: Bool) {
    self.sector = sector
    self.commodity = commodity
    self.isIn = isIn
  }
}

/// A named set of sectors (超级板块).
public struct DefineSuperSector: Equatable, Sendable, BitwiseCopyable {
  public var name: Name

  @inlinable public init(name: Name) { self.name = name }
}

/// Puts a sector into a super-sector, or takes it out.
public struct SetSuperSectorMember: Equatable, Sendable, BitwiseCopyable {
  public var superSector: UInt16
  public var sector: UInt16
  public var isIn: Bool

  @inlinable public init(superSector: UInt16, sector: UInt16, isIn: Bool) {
    self.superSector = superSector
    self.sector = sector
    self.isIn = isIn
  }
}

/// A named list of clauses (风控方案).
public struct DefineScheme: Equatable, Sendable, BitwiseCopyable {
  public var name: Name

  @inlinable public init(name: Name) { self.name = name }
}

/// A clause of a scheme, in the place of the one that had its number.
public struct SetSchemeClause: Equatable, Sendable, BitwiseCopyable {
  /// Dense id.
  public var scheme: UInt16
  /// From 1 to `SchemeLimits.clausesPerScheme`.
  public var number: UInt16
  /// `.unknown` = the clause is taken away.
  public var kind: ClauseKind
  public var scopeKind: ClauseScopeKind
  /// Dense id of the scope's object; an exchange's code; 0 of the product.
  public var scopeID: UInt32
  public var direction: ClauseDirection
  public var basis: ClauseBasis
  /// Lots, 1e-4 yuan, or 1e-8 of the basis; `Int64.min` = no such level.
  public var levelOne: Int64
  public var levelTwo: Int64

  @inlinable public init(
    scheme: UInt16, number: UInt16, kind: ClauseKind, scopeKind: ClauseScopeKind, scopeID: UInt32,
    direction: ClauseDirection, basis: ClauseBasis, levelOne: Int64, levelTwo: Int64
  ) {
    self.scheme = scheme
    self.number = number
    self.kind = kind
    self.scopeKind = scopeKind
    self.scopeID = scopeID
    self.direction = direction
    self.basis = basis
    self.levelOne = levelOne
    self.levelTwo = levelTwo
  }
}

/// Binds a scheme to a product, while a unit net value lies in [from, to).
public struct BindScheme: Equatable, Sendable, BitwiseCopyable {
  /// `.none` where an account is named.
  public var product: ProductID
  /// From 1 to `SchemeLimits.bindingsPerProduct`: what was bound by this number before gives way.
  public var number: UInt16
  /// Dense id; `UInt16.max` = nothing is bound by this number any more.
  public var scheme: UInt16
  public var basis: BandBasis
  /// 1e-8 yuan a share; `Int64.min` = no bound below.
  public var from: Int64
  /// The same above, itself not in; `Int64.min` = none.
  public var to: Int64
  /// `.unknown` where nothing is bound.
  public var period: SchemePeriod
  /// An account with shares of its own (rules.md 5); `.none` where a product is named.
  public var account: OperationAccountID

  @inlinable public init(
    product: ProductID, number: UInt16, scheme: UInt16, basis: BandBasis, from: Int64, to: Int64,
    period: SchemePeriod, account: OperationAccountID = .none
  ) {
    self.account = account
    self.period = period
    self.product = product
    self.number = number
    self.scheme = scheme
    self.basis = basis
    self.from = from
    self.to = to
  }
}

/// How the net value of a product is known, and by how many shares it is divided (AMS manual 2.3).
public struct SetNetValue: Equatable, Sendable, BitwiseCopyable {
  /// `.none` where an account is named.
  public var product: ProductID
  /// `.unknown` = it is not known any more.
  public var mode: NetValueMode
  /// 1e-4 shares.
  public var shares: Int64
  /// The stated total of the prior day, or what lies elsewhere; zero where all of it is here.
  public var total: Money
  /// Subtracted, with product fees that accrued and were not paid.
  public var liabilities: Money
  public var accruedFees: Money
  /// An account with shares of its own (rules.md 5); `.none` where a product is named.
  public var account: OperationAccountID

  @inlinable public init(
    product: ProductID, mode: NetValueMode, shares: Int64, total: Money, liabilities: Money,
    accruedFees: Money, account: OperationAccountID = .none
  ) {
    self.account = account
    self.product = product
    self.mode = mode
    self.shares = shares
    self.total = total
    self.liabilities = liabilities
    self.accruedFees = accruedFees
  }
}

/// Lines of a product's unit net value of now or of the prior day, all three at once, so that one
/// is held against the others. In 1e-8 yuan a share; `Int64.min` = none.
public struct SetNetValueLines: Equatable, Sendable, BitwiseCopyable {
  /// `.none` where an account is named.
  public var product: ProductID
  public var basis: BandBasis
  public var topUp: Int64
  public var warn: Int64
  public var liquidation: Int64
  /// An account with shares of its own (rules.md 5); `.none` where a product is named.
  public var account: OperationAccountID

  @inlinable public init(
    product: ProductID, basis: BandBasis, topUp: Int64, warn: Int64, liquidation: Int64,
    account: OperationAccountID = .none
  ) {
    self.account = account
    self.product = product
    self.basis = basis
    self.topUp = topUp
    self.warn = warn
    self.liquidation = liquidation
  }
}

/// What holds for a product at night or on holidays (AMS manual 5.2).
public struct SetSchemePeriod: Equatable, Sendable, BitwiseCopyable {
  /// `.none` where an account is named.
  public var product: ProductID
  /// Night or holiday.
  public var period: SchemePeriod
  public var rule: PeriodRule
  /// Of the thresholds of clauses, in 1e-8 of one; one where nothing is followed.
  public var share: Int64
  /// An account with shares of its own (rules.md 5); `.none` where a product is named.
  public var account: OperationAccountID

  @inlinable public init(
    product: ProductID, period: SchemePeriod, rule: PeriodRule, share: Int64,
    account: OperationAccountID = .none
  ) {
    self.account = account
    self.product = product
    self.period = period
    self.rule = rule
    self.share = share
  }
}

/// Trading days that are holidays for schemes, both ends in (节假日).
public struct SetSchemeHoliday: Equatable, Sendable, BitwiseCopyable {
  /// From 1 to `SchemeLimits.holidays`: what it named before gives way.
  public var number: UInt16
  /// `.none` = no range by this number any more.
  public var from: TradingDay
  public var to: TradingDay

  @inlinable public init(number: UInt16, from: TradingDay, to: TradingDay) {
    self.number = number
    self.from = from
    self.to = to
  }
}
