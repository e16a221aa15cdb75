import Domain
import Ledger
import Messages
import RiskRules
import Routing

// What the engine itself asks of an order, around the rule book's own rules: in the order of the
// functions here. Each is one finding, as a rule's is, for decisions and for explain.
extension Engine {
  /// The client's order id is another order's: the same order again is answered again, another one
  /// is refused.
  ///
  /// - Parameter known: the number of the order that has the id.
  func sameOrder(_ order: NewOrder, _ known: UInt32) -> Finding {
    let stored = ledger.order(known)
    let isSame =
      stored.pointee.instrument == order.instrument && stored.pointee.side == order.side
      && stored.pointee.offset == order.offset && stored.pointee.hedge == order.hedge
      && stored.pointee.type == order.type && stored.pointee.timeInForce == order.timeInForce
      && stored.pointee.price == order.price && stored.pointee.lots == order.lots
      && stored.pointee.minimumLots == order.minimumLots
    return Finding(
      passes: isSame,
      figures: Refusal(
        .duplicateOrder, observed: Int64(bitPattern: stored.pointee.id.sequence), limit: 1,
        asked: 1, unit: .count, scope: .order))
  }

  /// A trading day is open and not being switched.
  @inline(__always) func readyFinding() -> Finding {
    .condition(.engineNotReady, isReady, unit: .none, scope: .platform)
  }

  /// The order has an id that it can be asked for by, and none of the gateway's own kind.
  @inline(__always) func namedFinding(_ order: NewOrder) -> Finding {
    .condition(.duplicateOrder, !order.clOrdID.isEmpty && !order.clOrdID.isMapped)
  }

  /// Room for one more order of the day.
  @inline(__always) func roomFinding() -> Finding {
    Finding(
      passes: ledger.hasRoomForOrder,
      figures: Refusal(
        .capacity, observed: Int64(ledger.orderCount), limit: Int64(ledger.capacities.orders),
        asked: 1, unit: .count, scope: .platform))
  }

  /// Orders of the account today, refused ones too.
  @inline(__always) func ordersTodayFinding(_ order: NewOrder) -> Finding {
    let most = platform.ordersPerAccountDay
    guard most != .min else { return .off(.capacity, .unset) }
    let today = Int64(ledger.account(order.account).pointee.ordersToday)
    return Finding(
      passes: today < most,
      figures: Refusal(
        .capacity, observed: today, limit: most, asked: 1, unit: .count,
        scope: .operationAccount, scopeID: order.account.raw))
  }

  /// The clock did not jump forward, or an operator has confirmed it. Opening only.
  func clockFinding(_ terms: UnsafePointer<OrderTerms>) -> Finding {
    guard terms.pointee.offset == .open else { return .off(.clockUnconfirmed, .otherKind) }
    let seconds = platform.clockForwardSeconds
    guard seconds != .min else { return .off(.clockUnconfirmed, .unset) }
    let (limit, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
    return .condition(
      .clockUnconfirmed, clockJump == 0, observed: clockJump / 1_000_000,
      limit: overflow ? .max : limit, unit: .milliseconds, scope: .platform)
  }

  /// Room for the records of the order and its planned children.
  @inline(__always)
  func childrenFinding(_ terms: UnsafePointer<OrderTerms>) -> Finding {
    Finding(
      passes: hasRoom(for: terms, children: plan.childCount),
      figures: Refusal(
        .capacity, observed: Int64(ledger.childCount), limit: Int64(ledger.capacities.children),
        asked: Int64(plan.childCount), unit: .count, scope: .platform))
  }
}
