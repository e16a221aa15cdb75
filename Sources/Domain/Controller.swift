/// A dense id of a risk controller (风控账户).
public struct ControllerID: Equatable, Hashable, Sendable, BitwiseCopyable {
  public var raw: UInt32
  @inlinable public init(_ raw: UInt32) { self.raw = raw }
  @inlinable public static var none: Self { Self(.max) }
  @inlinable public var isNone: Bool { raw == .max }
  @inlinable public var index: Int { Int(raw) }
}

/// What a risk controller may do (desk.md, "Permissions are per controller").
public struct ControllerRights: OptionSet, Equatable, Hashable, Sendable, BitwiseCopyable {
  public var rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Sees accounts, positions and notices.
  @inlinable public static var watch: Self { Self(rawValue: 1) }
  /// Closes positions of accounts.
  @inlinable public static var liquidate: Self { Self(rawValue: 2) }
  /// Bars and releases opening, cancels orders, ends sessions.
  @inlinable public static var bar: Self { Self(rawValue: 4) }
  /// Presses and releases kill switches.
  @inlinable public static var kill: Self { Self(rawValue: 8) }
  /// Moves positions: gives trades that nobody has to an account.
  @inlinable public static var adjust: Self { Self(rawValue: 16) }
  /// Books supplementary orders.
  @inlinable public static var supplementary: Self { Self(rawValue: 32) }
  /// Reviews orders, level one and level two.
  @inlinable public static var reviewOne: Self { Self(rawValue: 64) }
  @inlinable public static var reviewTwo: Self { Self(rawValue: 128) }
  @inlinable public static var all: Self { Self(rawValue: 255) }
}

/// What a risk controller did, or asked for.
public enum ControlKind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  /// Opening orders of an account are refused.
  case barOpening = 1
  case releaseOpening = 2
  /// New orders of a scope are refused, and those that work are cancelled.
  case killSwitch = 3
  case releaseKillSwitch = 4
  /// One working order of anybody's is cancelled.
  case cancelOrder = 5
  /// Sessions of an account end.
  case kickSession = 6
  /// The bar of order-rate or fund-order-rate is taken away.
  case releaseOrderRate = 7
  /// Lots of a trade that nobody has are given to an account.
  case assignTrade = 8
  /// Positions of an account, or of a product's accounts, are closed.
  case forceLiquidation = 9
  /// Liquidations are stopped, whoever began them.
  case stopLiquidation = 10
  /// A kill switch, and all that its accounts hold is closed.
  case killAndFlatten = 11

  /// The rights that it takes, all of them; nil for what nobody can ask for.
  @inlinable public var right: ControllerRights? {
    switch self {
    case .unknown: nil
    case .barOpening, .releaseOpening, .cancelOrder, .kickSession, .releaseOrderRate: .bar
    case .killSwitch, .releaseKillSwitch: .kill
    case .assignTrade: .adjust
    case .forceLiquidation, .stopLiquidation: .liquidate
    case .killAndFlatten: [.kill, .liquidate]
    }
  }

  /// Whoever does it says why (desk.md).
  @inlinable public var needsReason: Bool {
    switch self {
    case .barOpening, .releaseOpening, .killSwitch, .releaseKillSwitch, .kickSession,
      .forceLiquidation, .stopLiquidation, .killAndFlatten:
      true
    case .unknown, .cancelOrder, .releaseOrderRate, .assignTrade: false
    }
  }
}

/// Why a controller did something, in his own words: UTF-8, at most 96 bytes.
public typealias ControlReason = FixedText<96>
