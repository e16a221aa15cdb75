/// Why the counter did not take an order or a cancel. The raw value is the error number on the
/// wire: CTP's own where it has one, else from 1001.
public enum CounterError: Int32, Sendable, BitwiseCopyable, CaseIterable {
  /// A side, offset, hedge flag, type, time in force or minimum quantity that makes no sense.
  /// `CTP: error 15`.
  case badField = 15
  /// `CTP: error 16`.
  case unknownInstrument = 16
  /// `CTP: error 25`.
  case orderNotFound = 25
  /// `CTP: error 26`.
  case orderDone = 26
  /// More lots to close than are held and not being closed. `CTP: error 30`.
  case overClose = 30
  /// `CTP: error 31`.
  case insufficientFunds = 31
  /// SHFE and INE: not that many of today's lots. `CTP: error 50`.
  case overCloseToday = 50
  /// SHFE and INE: not that many of yesterday's lots. `CTP: error 51`.
  case overCloseYesterday = 51
  /// More lots than an account may hold. `CTP: error 106`.
  case positionLimit = 106
  /// More messages in this second than the account may send. `CTP: error 116`.
  case messageQuota = 116

  case marketOrderNotTaken = 1001
  /// Outside the least and most lots of an order.
  case badLots = 1002
  /// Not a multiple of the instrument's price step.
  case offTickPrice = 1003
  /// Above limit-up or below limit-down.
  case outsideLimits = 1004
  case notTrading = 1005
  /// A market order needs a limit-up price to hold money at.
  case noLimitPrice = 1006
  /// The fault plan said so.
  case refusedByPlan = 1099

  /// The counter's own words.
  public var text: StaticString {
    switch self {
    case .badField: "a field of the order makes no sense"
    case .unknownInstrument: "no such instrument"
    case .orderNotFound: "no such order to cancel"
    case .orderDone: "the order is filled or cancelled already"
    case .overClose: "more lots to close than are held"
    case .insufficientFunds: "not enough money"
    case .overCloseToday: "more of today's lots to close than are held"
    case .overCloseYesterday: "more of yesterday's lots to close than are held"
    case .positionLimit: "more lots than an account may hold"
    case .messageQuota: "too many messages in a second"
    case .marketOrderNotTaken: "market orders are not taken here"
    case .badLots: "too few or too many lots for one order"
    case .offTickPrice: "the price is no multiple of the price step"
    case .outsideLimits: "the price is outside the day's limits"
    case .notTrading: "the instrument is not trading"
    case .noLimitPrice: "a market order needs a limit-up price"
    case .refusedByPlan: "refused on command"
    }
  }
}
