import Domain
import Ledger
import MarketData

// Where an account stands under a rule, without an order of its own.
extension RuleTable {
  /// What a rule finds in a speculative limit order that opens one lot at the instrument's mark,
  /// its prior settlement where there is none.
  ///
  /// - Parameter terms: room for that order, at an address that stays.
  public static func finding(
    _ rule: RuleID, openingOneLotOf instrument: InstrumentID, _ side: Side,
    by account: OperationAccountID, _ terms: UnsafeMutablePointer<OrderTerms>,
    _ ledger: borrowing Ledger, _ market: borrowing Market, now: Timestamp
  ) -> Finding {
    let record = market.instrument(instrument)
    terms.pointee.account = account
    terms.pointee.instrument = instrument
    terms.pointee.side = side
    terms.pointee.offset = .open
    terms.pointee.hedge = .speculation
    terms.pointee.type = .limit
    terms.pointee.timeInForce = .day
    terms.pointee.price =
      record.pointee.mark.isNone ? record.pointee.preSettlement : record.pointee.mark
    terms.pointee.lots = 1
    let context = OrderContext(UnsafePointer(terms), ledger, market, now: now)
    return evaluate(rule, context, ledger, market)
  }
}
