import Domain

/// The money of a holder, rules.md 3a. Money in 1e-4 yuan.
public struct TwinMoney: Equatable, Sendable {
  public var openingEquity: Int64 = 0
  /// Deposits less withdrawals, and premium of options.
  public var netCash: Int64 = 0
  /// Of that: premium of options, received less paid.
  public var premium: Int64 = 0
  /// What options are worth, long ones less short ones.
  public var optionValue: Int64 = 0
  public var frozenPremium: Int64 = 0
  public var closeProfit: Int64 = 0
  public var positionProfit: Int64 = 0
  public var fees: Int64 = 0
  public var frozenFees: Int64 = 0
  public var margin: Int64 = 0
  public var frozenMargin: Int64 = 0
  public var openedValue: Int64 = 0
  public var closedValue: Int64 = 0
  public var workingOpenValue: Int64 = 0
  public var netDepositsEver: Int64 = 0
  public var allowedLossEver: Int64 = 0
  public var equity: Int64 = 0
  public var available: Int64 = 0
  public var heldLots: Int64 = 0
  public var workingOpenLots: Int64 = 0
  /// Held at the day's start, opened today and working to open.
  public var rangeLots: Int64 = 0
  public var workingOrders: Int64 = 0

  /// rules.md 3a.
  var marketEquity: Int64 { equity + optionValue }

  public init() {}
}

/// One side of a position.
public struct TwinSide: Equatable, Sendable {
  public var today: Int64 = 0
  public var yesterday: Int64 = 0
  public var frozen: Int64 = 0
  public var frozenToday: Int64 = 0
  public var workingOpen: Int64 = 0
  public var openedToday: Int64 = 0
  public var closedToday: Int64 = 0
  public var markBasis: Int64 = 0
  public var openBasis: Int64 = 0
  public var margin: Int64 = 0
  public var frozenMargin: Int64 = 0
  /// Oldest first; neighbours of one price and day together.
  public var lots: [TwinLotFigures] = []

  public init() {}
}

public struct TwinLotFigures: Equatable, Sendable {
  public var price: Int64
  public var lots: Int64
  public var day: UInt32
  public var isToday: Bool

  public init(price: Int64, lots: Int64, day: UInt32, isToday: Bool) {
    self.price = price
    self.lots = lots
    self.day = day
    self.isToday = isToday
  }
}

/// Lots and margin of a holder in a commodity (or an instrument) under one hedge flag.
public struct TwinColumns: Equatable, Sendable {
  public var heldLong: Int64 = 0
  public var heldShort: Int64 = 0
  public var workingOpenLong: Int64 = 0
  public var workingOpenShort: Int64 = 0
  /// Long minus short; what working orders can raise and lower it by (design.md, "three columns").
  public var net: Int64 = 0
  public var up: Int64 = 0
  public var down: Int64 = 0
  /// Held and frozen.
  public var margin: Int64 = 0

  public init() {}
}

/// How a parent order stands.
public struct TwinOrderFigures: Equatable, Sendable {
  public var state = OrderState.unknown
  public var filled: Int64 = 0
  public var ended: Int64 = 0
  /// Can still fill.
  public var leaves: Int64 = 0
  /// Lots whose hold is not given back.
  public var held: Int64 = 0
  public var unknownLots: Int64 = 0
  /// Sum of price * lots: over `filled` it is the average price.
  public var basis: Int64 = 0
  public var marginHold: Int64 = 0
  public var feeHold: Int64 = 0
  public var valueHold: Int64 = 0
  public var cancelRequested = false
  public var isConfirmed = false

  public init() {}
}

/// How a child order stands.
public struct TwinChildFigures: Equatable, Sendable {
  public var state: UInt8 = 0
  public var filled: Int64 = 0
  public var held: Int64 = 0
  public var marginHold: Int64 = 0
  public var feeHold: Int64 = 0
  public var valueHold: Int64 = 0
  public var isDoubtful = false
  public var cancelRequested = false

  public init() {}
}

/// The fields in which two values of one type differ: "margin 12 != 13".
public func twinDifferences<Figures>(_ engine: Figures, _ twin: Figures) -> String {
  zip(Mirror(reflecting: engine).children, Mirror(reflecting: twin).children)
    .compactMap { one, other in
      let left = String(describing: one.value)
      let right = String(describing: other.value)
      return left == right ? nil : "\(one.label ?? "?"): engine \(left), twin \(right)"
    }
    .joined(separator: "; ")
}
