import Domain
import Ledger
import MarketData

/// From so long before the close of an order's instrument, the margin of what closes now or has
/// closed is within its line with the order filled: held and frozen, over market equity or max
/// allowed loss.
///
/// Opening only, and watched. A cap, in 1e-8 of one. The night's close counts where account and
/// product say so. Source: AMS manual 4.1, note 17.
enum OvernightMargin {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    OvernightLine.evaluate(.margin, context, ledger, market)
  }
}

/// The same of absolute exposure: by commodity long value less short value, summed.
///
/// cu long 1.5m short 0.5m, IF short 1m: 2.0m. Source: AMS manual 4.1, note 17.
enum OvernightExposure {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    OvernightLine.evaluate(.exposure, context, ledger, market)
  }
}

/// What the two have in common.
public enum OvernightLine {
  static func evaluate(
    _ measure: OvernightMeasure, _ context: OrderContext, _ ledger: borrowing Ledger,
    _ market: borrowing Market
  ) -> Finding {
    let account = context.order.pointee.account
    guard context.isOpening, let instrument = context.instrument else {
      return .off(measure.rule, .otherKind)
    }
    let window = ledger.window(account)
    guard window.pointee.measure == measure, window.pointee.isOvernightSet else {
      return .off(measure.rule, .unset)
    }
    let seconds = ledger.platformLines.barSeconds
    let close = market.closeAhead(instrument, within: seconds, now: context.now).close
    guard counts(close, account, ledger) else { return .off(measure.rule, .otherKind) }
    // Explaining asks of lots too that no order can have; those below one have a hold of nothing.
    guard context.holdFault == .none, context.order.pointee.lots > 0 else {
      return .off(measure.rule, .lacksFigures)
    }
    let reading = OvernightReading.entering(context, close, within: seconds, ledger, market)
    guard reading.isWithinReach else {
      return .condition(
        measure.rule, false, observed: Int64(reading.positions),
        limit: Int64(Ledger.windowPositionsMaximum), unit: .count, scope: .operationAccount,
        scopeID: account.raw)
    }
    var figures = figures(reading, account, ledger)
    let after = Ratio.percent(reading.after, of: reading.base)
    figures.asked = Int64(clamping: Int128(after) - Int128(figures.observed))
    return Finding(passes: !reading.isOver(window), figures: figures)
  }

  /// Whether a close is one that positions are held over the night from, for an account.
  public static func counts(
    _ close: SessionClose, _ account: OperationAccountID, _ ledger: borrowing Ledger
  ) -> Bool {
    switch close {
    case .day: return true
    case .night:
      let product = ledger.account(account).pointee.product
      return ledger.window(account).pointee.countsNightClose && !product.isNone
        && ledger.product(product).pointee.countsNightClose
    case .midday, .unknown: return false
    }
  }

  /// What is there and what may be, in 1e-4 of one percent.
  public static func figures(
    _ reading: OvernightReading, _ account: OperationAccountID, _ ledger: borrowing Ledger
  ) -> Refusal {
    let window = ledger.window(account)
    return Refusal(
      window.pointee.measure.rule, observed: Ratio.percent(reading.before, of: reading.base),
      limit: Ratio.percent(line: window.pointee.limit), asked: 0, unit: .percent,
      scope: .operationAccount, scopeID: account.raw)
  }
}
