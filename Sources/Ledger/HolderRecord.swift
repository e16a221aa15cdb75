import Domain

/// The money of whoever holds positions: an operation account or a fund account (rules.md 3a).
public struct HolderRecord: BitwiseCopyable {
  /// Closing equity of the last settlement (期初权益); on a first day the first confirmed cash
  /// (decisions 1).
  public var openingEquity: Money
  /// Cash of today beyond what became opening equity: deposits less withdrawals, and premium of
  /// options, received less paid.
  public var netCash: Money
  public var closeProfit: Money
  public var positionProfit: Money
  public var fees: Money
  /// Fees that working orders would cost.
  public var frozenFees: Money
  /// Margin of held lots.
  public var margin: Money
  /// Margin of working opening orders.
  public var frozenMargin: Money
  /// Premium that working orders to buy options would pay at their hold price.
  public var frozenPremium: Money
  /// Value of working opening orders at their hold price.
  public var workingOpenValue: Money
  /// Fund accounts: what the counter's available is short of ours by, as a negative amount; 0 for
  /// operation accounts. Stays over the day switch: only the counter takes it back.
  public var availableAdjustment: Money
  /// Lots held, long and short together.
  public var heldLots: Lots
  /// Lots in working opening orders.
  public var workingOpenLots: Lots
  /// Lots held at the day's start, opened today and working to open: `Ranges.holderLotsMaximum`.
  public var rangeLots: Lots
  /// Orders of this holder that can still fill (parents of an account, children of a fund).
  public var workingOrders: Int32
  /// Whose rates apply.
  public internal(set) var rateSubject: RateSubject
  /// 1 when a figure passed its proven range: opening is barred (`holderOverflow`).
  public var barredByOverflow: UInt8
  /// Whose figures for schemes count what this holder has: bit 0 its product's, bit 1 its own.
  public internal(set) var schemes: UInt8
  /// The product whose figures for schemes this holder is part of, its dense id + 1; 0 = none.
  public internal(set) var schemeProduct: UInt16
  /// Position profits, both ends in, between which no line of the account is reached or released,
  /// nothing else being changed (`Ledger.disturb`); from > to: to be looked at.
  public internal(set) var quietFrom: Int64
  public internal(set) var quietTo: Int64
  // An order reads what stands above: the first two lines; lines and clauses divide by what
  // stands in the third.
  static let linesOfOrder = 2
  static let linesOfBases = 3
  /// Value (price * lots * multiplier) of opening fills today.
  public var openedValue: Money
  /// Value of closing fills today.
  public var closedValue: Money
  /// All cash ever in minus out (历史出入金之和), and the max-allowed-loss part of it.
  public var netDepositsEver: Money
  public var allowedLossEver: Money
  /// Its first figures of a commodity, 1-based; 0 = none (`CommodityFigures.nextOfHolder`).
  public internal(set) var firstFigures: UInt32
  /// Of an operation account with shares of its own: which of those, from 1; 0 = none.
  public internal(set) var schemeAccount: UInt16
  var padding16: UInt16
  /// Of `netCash`: premium of options today, received less paid.
  public var premium: Money
  /// What options held are worth at their marks: long ones less short ones.
  public var optionValue: Money
  // Records begin with a line: three each.
  var padding: UInt64

  /// Dynamic equity (动态权益).
  @inlinable public var equity: Money {
    openingEquity + netCash + positionProfit + closeProfit - fees
  }

  /// Market equity (市值权益): options are paid for in cash, and worth what the market says.
  @inlinable public var marketEquity: Money { equity + optionValue }

  /// Deposits less withdrawals of today, beyond what became opening equity.
  @inlinable public var netDeposits: Money { netCash - premium }

  /// Money that a new hold may use.
  @inlinable public var available: Money {
    equity - margin - frozenMargin - frozenFees - frozenPremium + availableAdjustment
  }

  /// Position profit + close profit - fees: what the day has brought.
  @inlinable public var dayProfit: Money { positionProfit + closeProfit - fees }

  /// -(position profit + close profit - fees - frozen fees) (rules.md 3a).
  @inlinable public var dailyLoss: Money {
    fees + frozenFees - positionProfit - closeProfit
  }

  /// Whether nothing that is watched can have changed since it was looked at.
  @inlinable public var isQuiet: Bool {
    positionProfit.units >= quietFrom && positionProfit.units <= quietTo
  }

  /// Held and frozen: what an order is checked against.
  @inlinable public var totalMargin: Money { margin + frozenMargin }
}

/// A holder in the dense space of operation accounts and then fund accounts.
public struct HolderID: Equatable, Hashable, Sendable, BitwiseCopyable {
  public var raw: UInt32
  @inlinable public init(_ raw: UInt32) { self.raw = raw }
  @inlinable public var index: Int { Int(raw) }
}
