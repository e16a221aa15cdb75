import Domain

/// Changes one platform setting.
public struct SetPlatform: Equatable, Sendable, BitwiseCopyable {
  public var setting: PlatformSetting
  public var value: Int64

  @inlinable public init(
    setting: PlatformSetting, value: Int64
  ) {
    self.setting = setting
    self.value = value
  }
}

/// Changes one setting of an operation account.
public struct SetAccount: Equatable, Sendable, BitwiseCopyable {
  public var account: OperationAccountID
  public var setting: AccountSetting
  public var value: Int64

  @inlinable public init(
    account: OperationAccountID, setting: AccountSetting, value: Int64
  ) {
    self.account = account
    self.setting = setting
    self.value = value
  }
}

/// Changes one setting of a product.
public struct SetProduct: Equatable, Sendable, BitwiseCopyable {
  public var product: ProductID
  public var setting: ProductSetting
  public var value: Int64

  @inlinable public init(
    product: ProductID, setting: ProductSetting, value: Int64
  ) {
    self.product = product
    self.setting = setting
    self.value = value
  }
}

/// Changes one setting of a fund account.
public struct SetFundAccount: Equatable, Sendable, BitwiseCopyable {
  public var fundAccount: FundAccountID
  public var setting: FundAccountSetting
  public var value: Int64

  @inlinable public init(
    fundAccount: FundAccountID, setting: FundAccountSetting, value: Int64
  ) {
    self.fundAccount = fundAccount
    self.setting = setting
    self.value = value
  }
}

/// The routing mode of one commodity in a product (AMS manual 9.3); `.unknown` = the product's own.
public struct SetProductMode: Equatable, Sendable, BitwiseCopyable {
  public var product: ProductID
  public var commodity: CommodityID
  public var mode: RoutingMode

  @inlinable public init(
    product: ProductID, commodity: CommodityID, mode: RoutingMode
  ) {
    self.product = product
    self.commodity = commodity
    self.mode = mode
  }
}

/// Bars opening in instruments of the scope whose delivery month is now (AMS manual 9.4).
public struct SetDeliveryBar: Equatable, Sendable, BitwiseCopyable {
  public var product: ProductID
  public var scope: Scope
  public var barred: Bool

  @inlinable public init(
    product: ProductID, scope: Scope, barred: Bool
  ) {
    self.product = product
    self.scope = scope
    self.barred = barred
  }
}

/// The account's trading code at an exchange (账户编码). Fund accounts with one code there are one
/// legal owner and may not cross each other (AMS manual 2.2, note 15). Empty = none.
public struct SetTradingCode: Equatable, Sendable, BitwiseCopyable {
  public var fundAccount: FundAccountID
  public var exchange: Exchange
  public var code: FixedText<16>

  @inlinable public init(
    fundAccount: FundAccountID, exchange: Exchange, code: FixedText<16>
  ) {
    self.fundAccount = fundAccount
    self.exchange = exchange
    self.code = code
  }
}

/// An account's password as an argon2id string in libsodium's form; never logged.
public struct SetCredential: Equatable, Sendable, BitwiseCopyable {
  public var account: OperationAccountID
  public var hash: FixedText<128>

  @inlinable public init(
    account: OperationAccountID, hash: FixedText<128>
  ) {
    self.account = account
    self.hash = hash
  }
}

/// One row of an account's IP list: from ... to, ends included. No row = any.
public struct AllowAddress: Equatable, Sendable, BitwiseCopyable {
  public var account: OperationAccountID
  public var from: NetworkAddress
  public var to: NetworkAddress

  @inlinable public init(
    account: OperationAccountID, from: NetworkAddress, to: NetworkAddress
  ) {
    self.account = account
    self.from = from
    self.to = to
  }
}

/// One row of an account's MAC list. No row = any.
public struct AllowMAC: Equatable, Sendable, BitwiseCopyable {
  public var account: OperationAccountID
  public var mac: MACAddress

  @inlinable public init(
    account: OperationAccountID, mac: MACAddress
  ) {
    self.account = account
    self.mac = mac
  }
}

/// position-limit and margin-limit for a commodity or an instrument (AMS manual 4.3).
public struct SetPositionLimit: Equatable, Sendable, BitwiseCopyable {
  public var account: OperationAccountID
  public var scope: Scope
  /// `.unknown` = any.
  public var hedge: HedgeFlag
  /// `Int64.min` = none.
  public var lots: Int64
  /// `.none` = none.
  public var margin: Money

  @inlinable public init(
    account: OperationAccountID, scope: Scope, hedge: HedgeFlag, lots: Int64, margin: Money
  ) {
    self.account = account
    self.scope = scope
    self.hedge = hedge
    self.lots = lots
    self.margin = margin
  }
}

/// limit-band of an account and commodity (AMS manual 4.2).
public struct SetLimitBand: Equatable, Sendable, BitwiseCopyable {
  public var account: OperationAccountID
  public var commodity: CommodityID
  public var measure: LimitBandMeasure
  /// Ticks, or 1e-4 of one percent; `Int64.min` removes the row.
  public var value: Int64
  public var bar: LimitBandBar

  @inlinable public init(
    account: OperationAccountID, commodity: CommodityID, measure: LimitBandMeasure, value: Int64,
    bar: LimitBandBar
  ) {
    self.account = account
    self.commodity = commodity
    self.measure = measure
    self.value = value
    self.bar = bar
  }
}

/// order-size: most lots and margin one order may have (AMS manual 4.6).
public struct SetOrderSize: Equatable, Sendable, BitwiseCopyable {
  public var account: OperationAccountID
  public var commodity: CommodityID
  public var lots: Int64
  public var margin: Money

  @inlinable public init(
    account: OperationAccountID, commodity: CommodityID, lots: Int64, margin: Money
  ) {
    self.account = account
    self.commodity = commodity
    self.lots = lots
    self.margin = margin
  }
}

/// Lists a commodity or instrument for not-tradable, or takes it off the list (AMS manual 6.3).
public struct SetTradable: Equatable, Sendable, BitwiseCopyable {
  public var account: OperationAccountID
  public var scope: Scope
  public var listed: Bool

  @inlinable public init(
    account: OperationAccountID, scope: Scope, listed: Bool
  ) {
    self.account = account
    self.scope = scope
    self.listed = listed
  }
}

/// Most lots a fund account may hold or have working to open (AMS manual 8.7).
public struct SetFundPositionLimit: Equatable, Sendable, BitwiseCopyable {
  public var fundAccount: FundAccountID
  public var scope: Scope
  public var hedge: HedgeFlag
  public var long: Int64
  public var short: Int64
  public var total: Int64

  @inlinable public init(
    fundAccount: FundAccountID, scope: Scope, hedge: HedgeFlag, long: Int64, short: Int64,
    total: Int64
  ) {
    self.fundAccount = fundAccount
    self.scope = scope
    self.hedge = hedge
    self.long = long
    self.short = short
    self.total = total
  }
}

/// Most lots and margin one child may have at a fund account (AMS manual 8.3).
public struct SetFundOrderSize: Equatable, Sendable, BitwiseCopyable {
  public var fundAccount: FundAccountID
  public var scope: Scope
  public var lots: Int64
  public var margin: Money

  @inlinable public init(
    fundAccount: FundAccountID, scope: Scope, lots: Int64, margin: Money
  ) {
    self.fundAccount = fundAccount
    self.scope = scope
    self.lots = lots
    self.margin = margin
  }
}

/// Whose rates.
public enum RateOwnerKind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  /// The exchanges: what a counter takes that reports nothing.
  case platform = 1
  case operationAccount = 2
  case fundAccount = 3
  case template = 4
  case product = 5
  /// For everybody (全局).
  case everybody = 6
}

/// Fee and margin rates of an owner for a commodity or an instrument, as they are (rules.md 6).
public struct SetRates: Equatable, Sendable, BitwiseCopyable {
  public var ownerKind: RateOwnerKind
  public var ownerID: UInt32
  public var scope: Scope
  public var rates: RateSet

  @inlinable public init(
    ownerKind: RateOwnerKind, ownerID: UInt32, scope: Scope, rates: RateSet
  ) {
    self.ownerKind = ownerKind
    self.ownerID = ownerID
    self.scope = scope
    self.rates = rates
  }
}

/// A confirmed cash movement: positive in, negative out (AMS manual 2.4, 3.3).
public struct MoveCash: Equatable, Sendable, BitwiseCopyable {
  public var account: OperationAccountID
  /// Max-allowed-loss money (最大允许亏损金额).
  public var allowedLoss: Money
  /// Not-to-lose money (不可亏损金额).
  public var notToLose: Money

  @inlinable public init(
    account: OperationAccountID, allowedLoss: Money, notToLose: Money
  ) {
    self.account = account
    self.allowedLoss = allowedLoss
    self.notToLose = notToLose
  }
}

/// Who holds money and positions.
public enum HolderKind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  case operationAccount = 1
  case fundAccount = 2
}

/// Closing equity of the last settlement, at genesis. For a fund account until its counter has
/// told.
public struct SetOpeningBalance: Equatable, Sendable, BitwiseCopyable {
  public var holderKind: HolderKind
  public var holderID: UInt32
  public var allowedLoss: Money
  public var notToLose: Money

  @inlinable public init(
    holderKind: HolderKind, holderID: UInt32, allowedLoss: Money, notToLose: Money
  ) {
    self.holderKind = holderKind
    self.holderID = holderID
    self.allowedLoss = allowedLoss
    self.notToLose = notToLose
  }
}

/// Lots held since before the first day.
public struct SetOpeningPosition: Equatable, Sendable, BitwiseCopyable {
  public var holderKind: HolderKind
  public var holderID: UInt32
  public var instrument: InstrumentID
  public var side: PositionSide
  public var hedge: HedgeFlag
  public var lots: Lots
  public var openPrice: Price
  /// Prior settlement: cost and margin of yesterday's lots are taken at it.
  public var markPrice: Price
  public var openDay: TradingDay

  @inlinable public init(
    holderKind: HolderKind, holderID: UInt32, instrument: InstrumentID, side: PositionSide,
    hedge: HedgeFlag, lots: Lots, openPrice: Price, markPrice: Price, openDay: TradingDay
  ) {
    self.holderKind = holderKind
    self.holderID = holderID
    self.instrument = instrument
    self.side = side
    self.hedge = hedge
    self.lots = lots
    self.openPrice = openPrice
    self.markPrice = markPrice
    self.openDay = openDay
  }
}
