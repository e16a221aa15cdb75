import Domain

/// Margin rates of an owner for a commodity or an instrument, and how they are taken (rules.md 6;
/// AMS manual 6.1).
public struct SetMarginRates: Equatable, Sendable, BitwiseCopyable {
  public var ownerKind: RateOwnerKind
  public var ownerID: UInt32
  public var scope: Scope
  /// `.unknown` takes the rates away. Of `relativePercent` both parts are in 1e-8 of one.
  public var method: RateMethod
  public var long: TwoPartRate
  public var short: TwoPartRate

  @inlinable public init(
    ownerKind: RateOwnerKind, ownerID: UInt32, scope: Scope, method: RateMethod, long: TwoPartRate,
    short: TwoPartRate
  ) {
    self.ownerKind = ownerKind
    self.ownerID = ownerID
    self.scope = scope
    self.method = method
    self.long = long
    self.short = short
  }
}

/// The same of fees (AMS manual 6.2).
public struct SetFeeRates: Equatable, Sendable, BitwiseCopyable {
  public var ownerKind: RateOwnerKind
  public var ownerID: UInt32
  public var scope: Scope
  public var method: RateMethod
  public var open: TwoPartRate
  public var close: TwoPartRate
  public var closeToday: TwoPartRate

  @inlinable public init(
    ownerKind: RateOwnerKind, ownerID: UInt32, scope: Scope, method: RateMethod, open: TwoPartRate,
    close: TwoPartRate, closeToday: TwoPartRate
  ) {
    self.ownerKind = ownerKind
    self.ownerID = ownerID
    self.scope = scope
    self.method = method
    self.open = open
    self.close = close
    self.closeToday = closeToday
  }
}

/// What a counter takes from a fund account, as it says (notes 8 and 10).
public struct CounterRates: Equatable, Sendable, BitwiseCopyable {
  public var fundAccount: FundAccountID
  /// A commodity or an instrument.
  public var scope: Scope
  public var rates: RateSet

  @inlinable public init(fundAccount: FundAccountID, scope: Scope, rates: RateSet) {
    self.fundAccount = fundAccount
    self.scope = scope
    self.rates = rates
  }
}

/// Whether an exchange takes a declaration fee for orders and cancels of a commodity (AMS manual
/// 4.1: IF, IC, IH, IM).
public struct SetDeclared: Equatable, Sendable, BitwiseCopyable {
  public var commodity: CommodityID
  public var declared: Bool

  @inlinable public init(commodity: CommodityID, declared: Bool) {
    self.commodity = commodity
    self.declared = declared
  }
}

/// A template: settings for many operation accounts at once (AMS manual 4.6, 6).
public struct DefineTemplate: Equatable, Sendable, BitwiseCopyable {
  public var name: Name
  public var kind: TemplateKind

  @inlinable public init(name: Name, kind: TemplateKind) {
    self.name = name
    self.kind = kind
  }
}

/// Most lots and margin that one order may have, on a template (AMS manual 4.6).
public struct SetTemplateOrderSize: Equatable, Sendable, BitwiseCopyable {
  public var template: AccountTemplateID
  public var commodity: CommodityID
  /// `Int64.min` = off.
  public var lots: Int64
  public var margin: Money

  @inlinable public init(
    template: AccountTemplateID, commodity: CommodityID, lots: Int64, margin: Money
  ) {
    self.template = template
    self.commodity = commodity
    self.lots = lots
    self.margin = margin
  }
}

/// Lists a commodity or instrument on a template for not-tradable, or takes it off (AMS manual
/// 6.3).
public struct SetTemplateTradable: Equatable, Sendable, BitwiseCopyable {
  public var template: AccountTemplateID
  public var scope: Scope
  public var listed: Bool

  @inlinable public init(template: AccountTemplateID, scope: Scope, listed: Bool) {
    self.template = template
    self.scope = scope
    self.listed = listed
  }
}

/// Whether only what is on a template's list may be opened.
public struct SetTemplateOnlyListed: Equatable, Sendable, BitwiseCopyable {
  public var template: AccountTemplateID
  public var onlyListed: Bool

  @inlinable public init(template: AccountTemplateID, onlyListed: Bool) {
    self.template = template
    self.onlyListed = onlyListed
  }
}

/// Gives an operation account a template, or takes the one of that kind away.
public struct AssignTemplate: Equatable, Sendable, BitwiseCopyable {
  public var account: OperationAccountID
  public var kind: TemplateKind
  /// `.none` = none.
  public var template: AccountTemplateID

  @inlinable public init(
    account: OperationAccountID, kind: TemplateKind, template: AccountTemplateID
  ) {
    self.account = account
    self.kind = kind
    self.template = template
  }
}
