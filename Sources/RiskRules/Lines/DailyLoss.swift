import Domain
import Ledger
import MarketData

/// The day's loss, -(position profit + close profit - fees - frozen fees), is below the account's
/// line, and has been since it was set.
///
/// Opening only, and watched; in 1e-4 yuan. Latched: once reached, the account stays barred until
/// the line is changed or the trading day ends, even if money is added. A line that is changed to
/// one that is reached already latches again; changing one line releases that line's latch alone
/// (decisions 14). Source: AMS manual 4.1.
enum DailyLoss {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    isExplaining: Bool = false
  ) -> Finding {
    LineCheck.evaluate(.dailyLoss, context, ledger, isExplaining: isExplaining)
  }

  @inline(__always) static func isReached(_ figures: LineFigures, _ line: Int64) -> Bool {
    line != .min && figures.dailyLoss >= line
  }
}
