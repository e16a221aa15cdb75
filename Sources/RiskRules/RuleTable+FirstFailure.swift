import Domain
import Ledger
import MarketData

// The hot way through the rules of an order: a straight line of calls that the compiler inlines,
// so that a rule which passes leaves a few compares and nothing else. It is cut into functions
// that are small enough for that. A test holds it to `RuleTable.entryOrder`.
extension RuleTable {
  /// Why an order is refused at entry: the first rule that fails, in `entryOrder`. False, and
  /// `failure` untouched, when none does. Allocates nothing.
  public static func firstFailure(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    _ failure: inout Refusal
  ) -> Bool {
    isIllFormed(context, ledger, market, &failure)
      || isStopped(context, ledger, market, &failure)
      || isBarred(context, ledger, market, &failure)
      || hasNoPrice(context, ledger, market, &failure)
      || isTooLarge(context, ledger, market, &failure)
      || breaksPosition(context, ledger, market, &failure)
      || breaksMargin(context, ledger, market, &failure)
      || breaksTally(context, ledger, market, &failure)
      || breaksValue(context, ledger, market, &failure)
      || lacksMeans(context, ledger, market, &failure)
      || isOverLine(context, ledger, market, &failure)
  }

  /// rules.md 2.
  @inline(never) private static func isIllFormed(
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

  /// desk.md: what a risk controller has stopped.
  @inline(never) private static func isStopped(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    _ failure: inout Refusal
  ) -> Bool {
    if fails(KillSwitch.evaluate(context, ledger, market), &failure) { return true }
    if fails(BarredByController.evaluate(context, ledger, market), &failure) { return true }
    return false
  }

  /// rules.md 3: what the account may do at all.
  @inline(never) private static func isBarred(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    _ failure: inout Refusal
  ) -> Bool {
    if fails(NotBound.evaluate(context, ledger, market), &failure) { return true }
    if fails(AccountEnabled.evaluate(context, ledger, market), &failure) { return true }
    if fails(OpenPermission.evaluate(context, ledger, market), &failure) { return true }
    if fails(HedgePermission.evaluate(context, ledger, market), &failure) { return true }
    if fails(NotTradable.evaluate(context, ledger, market), &failure) { return true }
    if fails(DeliveryMonth.evaluate(context, ledger, market), &failure) { return true }
    return false
  }

  /// rules.md 3: the prices it would open at and hold at.
  @inline(never) private static func hasNoPrice(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    _ failure: inout Refusal
  ) -> Bool {
    if fails(LimitBand.evaluate(context, ledger, market), &failure) { return true }
    if fails(MarketDataMissing.evaluate(context, ledger, market), &failure) { return true }
    if fails(RatesMissing.evaluate(context, ledger, market), &failure) { return true }
    return false
  }

  /// rules.md 3: the order by itself.
  @inline(never) private static func isTooLarge(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    _ failure: inout Refusal
  ) -> Bool {
    if fails(OrderSize.evaluate(context, ledger, market), &failure) { return true }
    if fails(FatFinger.evaluate(context, ledger, market), &failure) { return true }
    return false
  }

  /// rules.md 3: with the lots that the account holds and works.
  @inline(never) private static func breaksPosition(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    _ failure: inout Refusal
  ) -> Bool {
    if fails(PositionLimit.evaluate(context, ledger, market), &failure) { return true }
    if fails(Capacity.evaluate(context, ledger, market), &failure) { return true }
    return false
  }

  /// rules.md 3: with the margin that they take.
  @inline(never) private static func breaksMargin(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    _ failure: inout Refusal
  ) -> Bool {
    if fails(MarginLimit.evaluate(context, ledger, market), &failure) { return true }
    return false
  }

  /// rules.md 3: with what the account did today.
  @inline(never) private static func breaksTally(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    _ failure: inout Refusal
  ) -> Bool {
    if fails(CancelLimit.evaluate(context, ledger, market), &failure) { return true }
    if fails(OpenOrders.evaluate(context, ledger, market), &failure) { return true }
    if fails(OrderRate.evaluate(context, ledger, market), &failure) { return true }
    return false
  }

  /// rules.md 3: with the value that it opened today.
  @inline(never) private static func breaksValue(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    _ failure: inout Refusal
  ) -> Bool {
    if fails(TradedValue.evaluate(context, ledger, market), &failure) { return true }
    return false
  }

  /// rules.md 3: what it has to close and to pay with.
  @inline(never) private static func lacksMeans(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    _ failure: inout Refusal
  ) -> Bool {
    if fails(PositionAvailable.evaluate(context, ledger, market), &failure) { return true }
    if fails(FundsAvailable.evaluate(context, ledger, market), &failure) { return true }
    return false
  }

  /// rules.md 4: how much it has lost or has at risk, with the order.
  @inline(never) private static func isOverLine(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    _ failure: inout Refusal
  ) -> Bool {
    if fails(Liquidating.evaluate(context, ledger, market), &failure) { return true }
    if fails(RiskDegree.evaluate(context, ledger, market), &failure) { return true }
    if fails(DailyLoss.evaluate(context, ledger, market), &failure) { return true }
    if fails(DailyLossRatio.evaluate(context, ledger, market), &failure) { return true }
    if fails(TotalLossRatio.evaluate(context, ledger, market), &failure) { return true }
    if fails(PositionMarginRatio.evaluate(context, ledger, market), &failure) { return true }
    if isBeforeClose(context, ledger, market, &failure) { return true }
    if fails(Drawdown.evaluate(context, ledger, market), &failure) { return true }
    if fails(SlowDown.evaluate(context, ledger, market), &failure) { return true }
    return false
  }

  /// rules.md 4: what may stay over the night, and what goes before a session ends. Few accounts
  /// have either, and only the last minutes of a session ask for it.
  @inline(__always) private static func isBeforeClose(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    _ failure: inout Refusal
  ) -> Bool {
    guard ledger.lines(context.order.pointee.account).pointee.hasWindows else { return false }
    return breaksWindow(context, ledger, market, &failure)
  }

  @inline(never) private static func breaksWindow(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    _ failure: inout Refusal
  ) -> Bool {
    if fails(OvernightMargin.evaluate(context, ledger, market), &failure) { return true }
    if fails(OvernightExposure.evaluate(context, ledger, market), &failure) { return true }
    if fails(SessionFlat.evaluate(context, ledger, market), &failure) { return true }
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
