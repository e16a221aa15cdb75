import Domain
import Engine
import Ledger
import Messages
import RiskRules

/// How many rules an order meets until one fails or all pass, and how many of these have a limit
/// to compare. Counted beside the decisions, not in them.
struct RuleCount {
  private(set) var orders = 0
  private(set) var asked = 0
  private(set) var active = 0
  /// Openings that pass, and the rules of account and product that have a limit for them.
  private(set) var openings = 0
  private(set) var activeOfOpenings = 0

  mutating func add(_ order: NewOrder, _ feed: inout Feed) {
    let explanation = feed.engine.explain(order, at: feed.time)
    if order.offset == .open, explanation.decider == nil {
      openings += 1
      activeOfOpenings += explanation.findings.count { $0.isActive }
    }
    var terms = OrderTerms(
      session: order.session, account: order.account, instrument: order.instrument,
      clOrdID: order.clOrdID, side: order.side, offset: order.offset, hedge: order.hedge,
      type: order.type, timeInForce: order.timeInForce, price: order.price, lots: order.lots,
      minimumLots: order.minimumLots)
    orders += 1
    let context = OrderContext(&terms, feed.engine.ledger, feed.engine.market, now: feed.time)
    for rule in RuleTable.entryOrder {
      let finding = RuleTable.evaluate(rule, context, feed.engine.ledger, feed.engine.market)
      asked += 1
      if finding.isActive { active += 1 }
      if !finding.passes { return }
    }
  }
}
