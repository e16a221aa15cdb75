import Domain
import Ledger
import MarketData

/// The account's margin over its equity, market equity or max allowed loss is below its line.
///
/// Opening only, and watched; it has one line, which bars opening and liquidates nothing. Source:
/// AMS manual 4.1.
enum PositionMarginRatio {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    isExplaining: Bool = false
  ) -> Finding {
    LineCheck.evaluate(.positionMarginRatio, context, ledger, isExplaining: isExplaining)
  }

  @inline(__always) static func isReached(
    _ figures: LineFigures, _ basis: LineBasis, _ line: Int64
  ) -> Bool {
    Ratio.reaches(figures.margin, of: figures.denominator(basis), line)
  }
}
