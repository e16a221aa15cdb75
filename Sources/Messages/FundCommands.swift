// What a fund account may do beyond its first limits, and what controllers do about fund accounts.

import Domain

/// Most lots a fund account may open in a trading day, working ones included (AMS manual 8.5).
public struct SetFundOpenVolume: Equatable, Sendable, BitwiseCopyable {
  public var fundAccount: FundAccountID
  /// A commodity or an instrument.
  public var scope: Scope
  /// `Int64.min` = off.
  public var lots: Int64

  @inlinable public init(
    fundAccount: FundAccountID, scope: Scope, lots: Int64
  ) {
    self.fundAccount = fundAccount
    self.scope = scope
    self.lots = lots
  }
}

/// Takes away the bar of order-rate or fund-order-rate; the count starts again (decisions 15).
public struct ReleaseOrderRate: Equatable, Sendable, BitwiseCopyable {
  public var holderKind: HolderKind
  public var holderID: UInt32

  @inlinable public init(
    holderKind: HolderKind, holderID: UInt32
  ) {
    self.holderKind = holderKind
    self.holderID = holderID
  }
}

/// Lists a commodity or instrument for fund-not-tradable, or takes it off (AMS manual 8.4).
public struct SetFundTradable: Equatable, Sendable, BitwiseCopyable {
  public var fundAccount: FundAccountID
  /// Which of its two lists: of the day or of the night.
  public var session: SessionDate
  public var scope: Scope
  public var listed: Bool

  @inlinable public init(
    fundAccount: FundAccountID, session: SessionDate, scope: Scope, listed: Bool
  ) {
    self.fundAccount = fundAccount
    self.session = session
    self.scope = scope
    self.listed = listed
  }
}

/// The same for the list of a product, or of everybody.
public struct SetSharedTradable: Equatable, Sendable, BitwiseCopyable {
  /// `.none` = the list of everybody.
  public var product: ProductID
  public var scope: Scope
  public var listed: Bool

  @inlinable public init(
    product: ProductID, scope: Scope, listed: Bool
  ) {
    self.product = product
    self.scope = scope
    self.listed = listed
  }
}

/// Cancels and traded lots that an exchange allows a fund account in an instrument a day, and how
/// much of either is kept back (AMS manual, note 13).
public struct SetFundQuota: Equatable, Sendable, BitwiseCopyable {
  public var fundAccount: FundAccountID
  public var exchange: Exchange
  /// `Int64.min` = off.
  public var cancels: Int64
  /// `Int64.min` = off.
  public var lots: Int64
  /// Cancels kept back.
  public var cancelReserve: Int64
  /// Lots kept back.
  public var lotsReserve: Int64

  @inlinable public init(
    fundAccount: FundAccountID, exchange: Exchange, cancels: Int64, lots: Int64,
    cancelReserve: Int64, lotsReserve: Int64
  ) {
    self.fundAccount = fundAccount
    self.exchange = exchange
    self.cancels = cancels
    self.lots = lots
    self.cancelReserve = cancelReserve
    self.lotsReserve = lotsReserve
  }
}

/// A fund account's priorities in a commodity or an instrument (AMS manual 8.6).
public struct SetFundPriority: Equatable, Sendable, BitwiseCopyable {
  public var fundAccount: FundAccountID
  public var scope: Scope
  /// Larger is tried first; `Int64.min` = the wider one holds.
  public var open: Int64
  public var close: Int64
  public var closeToday: Int64

  @inlinable public init(
    fundAccount: FundAccountID, scope: Scope, open: Int64, close: Int64, closeToday: Int64
  ) {
    self.fundAccount = fundAccount
    self.scope = scope
    self.open = open
    self.close = close
    self.closeToday = closeToday
  }
}

/// A controller gives an operation account lots of a trade that nobody has.
public struct AssignUnmapped: Equatable, Sendable, BitwiseCopyable {
  /// Its number, as the notice said.
  public var trade: UInt64
  /// Of the product whose fund account traded.
  public var account: OperationAccountID
  /// How the account books it.
  public var offset: Offset
  public var lots: Lots

  @inlinable public init(
    trade: UInt64, account: OperationAccountID, offset: Offset, lots: Lots
  ) {
    self.trade = trade
    self.account = account
    self.offset = offset
    self.lots = lots
  }
}
