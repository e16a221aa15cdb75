import Domain

// Risk controllers (desk.md): who they are, and what they do. An action carries who asks for it,
// over which session, and why: all of it is on record.

/// Settings of a risk controller.
public enum ControllerSetting: UInt16, Sendable, BitwiseCopyable, CaseIterable {
  /// `ControllerRights` as a number.
  case rights = 1
  /// 1 = every account, those to come too; 0 = the accounts of `BindController`.
  case bindsAll = 2
  /// 0 = no log in and no action.
  case enabled = 3
  /// Most simultaneous sessions.
  case sessions = 4
  /// 1 = a session more than `sessions` ends the oldest one, 0 = it is refused.
  case dropsOlderSession = 5
}

/// A risk controller (风控账户): may do nothing yet.
public struct DefineController: Equatable, Sendable, BitwiseCopyable {
  public var name: Name

  @inlinable public init(name: Name) { self.name = name }
}

/// Changes one setting of a controller; `Int64.min` = its default.
public struct SetController: Equatable, Sendable, BitwiseCopyable {
  public var controller: ControllerID
  public var setting: ControllerSetting
  public var value: Int64

  @inlinable public init(controller: ControllerID, setting: ControllerSetting, value: Int64) {
    self.controller = controller
    self.setting = setting
    self.value = value
  }
}

/// Binds an operation account to a controller, or takes it off.
public struct BindController: Equatable, Sendable, BitwiseCopyable {
  public var controller: ControllerID
  public var account: OperationAccountID
  public var bound: Bool

  @inlinable public init(controller: ControllerID, account: OperationAccountID, bound: Bool) {
    self.controller = controller
    self.account = account
    self.bound = bound
  }
}

/// A controller's password as an argon2id string in libsodium's form; never logged.
public struct SetControllerCredential: Equatable, Sendable, BitwiseCopyable {
  public var controller: ControllerID
  public var hash: FixedText<128>

  @inlinable public init(controller: ControllerID, hash: FixedText<128>) {
    self.controller = controller
    self.hash = hash
  }
}

/// One row of a controller's IP list: from ... to, ends included. No row = any.
public struct AllowControllerAddress: Equatable, Sendable, BitwiseCopyable {
  public var controller: ControllerID
  public var from: NetworkAddress
  public var to: NetworkAddress

  @inlinable public init(controller: ControllerID, from: NetworkAddress, to: NetworkAddress) {
    self.controller = controller
    self.from = from
    self.to = to
  }
}

/// One row of a controller's MAC list. No row = any.
public struct AllowControllerMAC: Equatable, Sendable, BitwiseCopyable {
  public var controller: ControllerID
  public var mac: MACAddress

  @inlinable public init(controller: ControllerID, mac: MACAddress) {
    self.controller = controller
    self.mac = mac
  }
}

/// A controller's logon attempt with the password's verdict, as a terminal's `Logon`.
public struct ControllerLogon: Equatable, Sendable, BitwiseCopyable {
  public var session: SessionID
  /// `.none` when no controller has the name that was sent.
  public var controller: ControllerID
  public var passwordVerified: Bool
  public var address: NetworkAddress
  /// All zero when none was stated.
  public var mac: MACAddress
  public var clientName: FixedText<32>
  public var clientVersion: FixedText<16>

  @inlinable public init(
    session: SessionID, controller: ControllerID, passwordVerified: Bool,
    address: NetworkAddress, mac: MACAddress, clientName: FixedText<32>,
    clientVersion: FixedText<16>
  ) {
    self.session = session
    self.controller = controller
    self.passwordVerified = passwordVerified
    self.address = address
    self.mac = mac
    self.clientName = clientName
    self.clientVersion = clientVersion
  }
}

/// A controller's logged-on connection ended, for whatever reason.
public struct ControllerClosed: Equatable, Sendable, BitwiseCopyable {
  public var session: SessionID
  public var controller: ControllerID

  @inlinable public init(session: SessionID, controller: ControllerID) {
    self.session = session
    self.controller = controller
  }
}

/// Who asks for an action, and why.
public struct ControlRequest: Equatable, Sendable, BitwiseCopyable {
  public var controller: ControllerID
  /// None for an operator's own.
  public var session: SessionID
  /// The client's own number of the request, echoed with its answer.
  public var requestID: UInt64
  public var reason: ControlReason

  @inlinable public init(
    controller: ControllerID = .none, session: SessionID = .none, requestID: UInt64 = 0,
    reason: ControlReason = ControlReason()
  ) {
    self.controller = controller
    self.session = session
    self.requestID = requestID
    self.reason = reason
  }
}

/// Bars opening of an account, or releases it.
public struct BarOpening: Equatable, Sendable, BitwiseCopyable {
  public var request: ControlRequest
  public var account: OperationAccountID
  public var isBarred: Bool

  @inlinable public init(request: ControlRequest, account: OperationAccountID, isBarred: Bool) {
    self.request = request
    self.account = account
    self.isBarred = isBarred
  }
}

/// Presses a kill switch, or releases it. Pressed, new orders of its scope are refused, opening and
/// closing, and working ones are cancelled; where it flattens, its accounts are liquidated too.
public struct KillSwitch: Equatable, Sendable, BitwiseCopyable {
  public var request: ControlRequest
  /// An operation account, a product, a counter, or the platform: everything.
  public var scopeKind: ScopeKind
  /// Dense id; `.max` for the platform.
  public var scopeID: UInt32
  public var isOn: Bool
  /// Everything that the accounts of its scope hold is closed. Not of a counter, which a pressed
  /// switch sends nothing to; false of a release.
  public var flattens: Bool

  @inlinable public init(
    request: ControlRequest, scopeKind: ScopeKind, scopeID: UInt32, isOn: Bool,
    flattens: Bool = false
  ) {
    self.request = request
    self.scopeKind = scopeKind
    self.scopeID = scopeID
    self.isOn = isOn
    self.flattens = flattens
  }
}

/// Cancels one working order of anybody's.
public struct CancelAnyOrder: Equatable, Sendable, BitwiseCopyable {
  public var request: ControlRequest
  public var order: OrderID

  @inlinable public init(request: ControlRequest, order: OrderID) {
    self.request = request
    self.order = order
  }
}

/// Ends sessions of an operation account.
public struct KickSession: Equatable, Sendable, BitwiseCopyable {
  public var request: ControlRequest
  public var account: OperationAccountID
  /// None = all of the account's.
  public var target: SessionID

  @inlinable public init(
    request: ControlRequest, account: OperationAccountID, target: SessionID
  ) {
    self.request = request
    self.account = account
    self.target = target
  }
}

/// `ReleaseOrderRate`, asked for by a controller.
public struct ControlRelease: Equatable, Sendable, BitwiseCopyable {
  public var request: ControlRequest
  public var holderKind: HolderKind
  public var holderID: UInt32

  @inlinable public init(request: ControlRequest, holderKind: HolderKind, holderID: UInt32) {
    self.request = request
    self.holderKind = holderKind
    self.holderID = holderID
  }
}

/// `AssignUnmapped`, asked for by a controller.
public struct ControlAssign: Equatable, Sendable, BitwiseCopyable {
  public var request: ControlRequest
  /// Number of the trade.
  public var trade: UInt64
  public var account: OperationAccountID
  public var offset: Offset
  public var lots: Lots

  @inlinable public init(
    request: ControlRequest, trade: UInt64, account: OperationAccountID, offset: Offset,
    lots: Lots
  ) {
    self.request = request
    self.trade = trade
    self.account = account
    self.offset = offset
    self.lots = lots
  }
}

/// `ForceLiquidate`, asked for by a controller: his name is its `who`.
public struct ControlLiquidate: Equatable, Sendable, BitwiseCopyable {
  public var request: ControlRequest
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
    request: ControlRequest, account: OperationAccountID, product: ProductID,
    instrument: InstrumentID, side: PositionSide, hedge: HedgeFlag, extent: LiquidationExtent
  ) {
    self.request = request
    self.account = account
    self.product = product
    self.instrument = instrument
    self.side = side
    self.hedge = hedge
    self.extent = extent
  }
}

/// `StopLiquidation`, asked for by a controller.
public struct ControlStop: Equatable, Sendable, BitwiseCopyable {
  public var request: ControlRequest
  /// `.none` = every account of `product`.
  public var account: OperationAccountID
  /// `.none` where `account` names one.
  public var product: ProductID

  @inlinable public init(
    request: ControlRequest, account: OperationAccountID, product: ProductID
  ) {
    self.request = request
    self.account = account
    self.product = product
  }
}
