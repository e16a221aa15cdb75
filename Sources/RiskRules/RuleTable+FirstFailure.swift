import Domain
import Ledger
import MarketData

// The hot way through the rules of an order: a straight line of calls that the compiler inlines,
// so that a rule which passes leaves a few compares and nothing else. A test holds it to
// `RuleTable.entryOrder`.
extension RuleTable {
  /// Why an order is refused at entry: the first rule that fails, in `entryOrder`. False, and
  /// `failure` untouched, when none does. Allocates nothing.
  public static func firstFailure(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    _ failure: inout Refusal
  ) -> Bool {
    isIllFormed(context, ledger, market, &failure)
      || isNotAllowed(context, ledger, market, &failure)
  }

  /// rules.md 2.
  private static func isIllFormed(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    _ failure: inout Refusal
  ) -> Bool {
    if fails(UnknownInstrument.evaluate(context, ledger, market), &failure) { return true }
    if fails(BadSide.evaluate(context, ledger, market), &failure) { return true }
    if fails(BadOffset.evaluate(context, ledger, market), &failure) { return true }
    if fails(BadHedge.evaluate(context, ledger, market), &failure) { return true }
    if fails(BadOrderType.evaluate(context, ledger, market), &failure) { return true }
    if fails(BadQuantity.evaluate(context, ledger, market), &failure) { return true }
    if fails(BadPriceTick.evaluate(context, ledger, market), &failure) { return true }
    if fails(AmountOverflow.evaluate(context, ledger, market), &failure) { return true }
    if fails(TradingSession.evaluate(context, ledger, market), &failure) { return true }
    if fails(PriceLimits.evaluate(context, ledger, market), &failure) { return true }
    if fails(DeliveryMultiple.evaluate(context, ledger, market), &failure) { return true }
    if fails(DuplicateOrder.evaluate(context, ledger, market), &failure) { return true }
    if fails(StaleMarketData.evaluate(context, ledger, market), &failure) { return true }
    return false
  }

  /// rules.md 3.
  private static func isNotAllowed(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    _ failure: inout Refusal
  ) -> Bool {
    if fails(NotBound.evaluate(context, ledger, market), &failure) { return true }
    if fails(AccountEnabled.evaluate(context, ledger, market), &failure) { return true }
    if fails(OpenPermission.evaluate(context, ledger, market), &failure) { return true }
    if fails(HedgePermission.evaluate(context, ledger, market), &failure) { return true }
    if fails(NotTradable.evaluate(context, ledger, market), &failure) { return true }
    if fails(DeliveryMonth.evaluate(context, ledger, market), &failure) { return true }
    if fails(LimitBand.evaluate(context, ledger, market), &failure) { return true }
    if fails(MarketDataMissing.evaluate(context, ledger, market), &failure) { return true }
    if fails(RatesMissing.evaluate(context, ledger, market), &failure) { return true }
    if fails(OrderSize.evaluate(context, ledger, market), &failure) { return true }
    if fails(FatFinger.evaluate(context, ledger, market), &failure) { return true }
    if fails(PositionLimit.evaluate(context, ledger, market), &failure) { return true }
    if fails(Capacity.evaluate(context, ledger, market), &failure) { return true }
    if fails(MarginLimit.evaluate(context, ledger, market), &failure) { return true }
    if fails(CancelLimit.evaluate(context, ledger, market), &failure) { return true }
    if fails(OpenOrders.evaluate(context, ledger, market), &failure) { return true }
    if fails(OrderRate.evaluate(context, ledger, market), &failure) { return true }
    if fails(TradedValue.evaluate(context, ledger, market), &failure) { return true }
    if fails(PositionAvailable.evaluate(context, ledger, market), &failure) { return true }
    if fails(FundsAvailable.evaluate(context, ledger, market), &failure) { return true }
    return false
  }

  @inline(__always) private static func fails(_ finding: Finding, _ failure: inout Refusal)
    -> Bool
  {
    if finding.passes { return false }
    failure = finding.figures
    return true
  }
}
