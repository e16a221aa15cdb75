import Domain
import Engine
import Messages

/// What the demo's day came to.
struct DemoTally {
  var ordersIn = 0
  var accepted = 0
  var cancelled = 0
  var refused: [RuleID: Int] = [:]
  var parentFills: [OrderID: Int64] = [:]
  var parentFillLots: Int64 = 0
  var children: [FundAccountID: Int] = [:]
  var notices: [NoticeKind: Int] = [:]
  var refusedCommands: [Refusal] = []
  /// Nanoseconds of each order's decision.
  var decisions: [Int64] = []

  mutating func note(_ report: ExecutionReport) {
    switch report.execType {
    case .new: accepted += 1
    case .rejected: refused[report.refusal.rule, default: 0] += 1
    case .cancelled: cancelled += 1
    case .trade:
      parentFills[report.order, default: 0] += Int64(report.lastLots)
      parentFillLots += Int64(report.lastLots)
    case .unknown, .cancelRejected, .pendingUnknown, .resolved, .restated, .workingConfirmed:
      break
    }
  }

  mutating func note(_ order: SendOrder) { children[order.fundAccount, default: 0] += 1 }
}
