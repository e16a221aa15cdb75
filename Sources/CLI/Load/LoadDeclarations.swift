import Config
import Domain
import Wire

/// Declaration fees (申报费) of one terminal's orders, by what it heard of them: one for each order
/// that its exchange has acknowledged, and one for each cancel of a day order.
struct LoadDeclarations {
  private let plan: LoadPlan.Declaration?
  private var acknowledged: Set<OrderID> = []
  private var cancelled: Set<OrderID> = []
  /// In 1e-4 yuan.
  private(set) var fees: Int64 = 0

  init(_ plan: LoadPlan.Declaration?) { self.plan = plan }

  mutating func hear(_ report: OrderEntry.ExecutionReport) {
    guard let plan, plan.covers(report.instrument) else { return }
    let isCancelled = report.execType == .cancelled
    switch report.execType {
    // The exchange has it, or it would not have done that.
    case .workingConfirmed, .trade, .cancelled:
      if acknowledged.insert(report.orderID).inserted {
        fees += plan.fee.fee(lots: report.lots).units
      }
    default: break
    }
    // The rest of an order that does not stay is no cancel.
    guard isCancelled, report.state.isFinal, report.timeInForce == .day,
      cancelled.insert(report.orderID).inserted
    else { return }
    fees += plan.fee.fee(lots: report.lots - report.cumulativeLots).units
  }
}
