import Domain
import Ledger
import MarketData

/// The order of evaluation and the one switch from a rule's id to its function.
public enum RuleTable {
  /// Says what one rule finds in an order. Rules that are not asked of an order at entry (log in,
  /// fund accounts, the gateway's own) are off here.
  public static func evaluate(
    _ rule: RuleID, _ context: borrowing OrderContext, _ ledger: borrowing Ledger,
    _ market: borrowing Market
  ) -> Finding {
    switch rule {
    case .positionLimit: return PositionLimit.evaluate(context, ledger, market)
    default: return .off(rule)
    }
  }
}
