import Domain
import Ledger
import MarketData

/// How far the account's equity has fallen from its highest, (high - equity) / high, is below its
/// line.
///
/// Opening only, and watched. The high is raised on every mark, shifted by cash, kept over days,
/// and may be set by hand; it begins when the line is set. Source: AMS manual 4.1.
enum Drawdown {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    isExplaining: Bool = false
  ) -> Finding {
    LineCheck.evaluate(.drawdown, context, ledger, isExplaining: isExplaining)
  }

  @inline(__always) static func isReached(_ figures: LineFigures, _ line: Int64) -> Bool {
    Ratio.reaches(figures.high - figures.equity, of: figures.high, line)
  }
}
