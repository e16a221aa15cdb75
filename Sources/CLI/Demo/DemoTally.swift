import Domain
import Wire

/// What the demo's terminals heard, over their sockets.
struct DemoTally {
  var ordersIn = 0
  var cancelsIn = 0
  var accepted = 0
  /// Orders of liquidations, which no terminal sent.
  var forced = 0
  var cancelled = 0
  var refused: [UInt16: Int] = [:]
  /// Lots filled, by the gateway's order id.
  var filled: [UInt64: Int64] = [:]
  var filledLots: Int64 = 0
  var fills = 0
  var ticks = 0
  /// Terminals whose reports had a gap or came twice.
  var brokenStreams = 0
  private var lastSequences: [Name: UInt64] = [:]

  var refusedCount: Int { refused.values.reduce(0, +) }

  mutating func note(_ report: OrderEntry.ExecutionReport) {
    if report.reportSequence != 0 {
      if report.reportSequence != lastSequences[report.account, default: 0] + 1 {
        brokenStreams += 1
      }
      lastSequences[report.account] = report.reportSequence
    }
    switch report.execType {
    case .new: if report.clOrdID.isForced { forced += 1 } else { accepted += 1 }
    case .rejected: refused[report.refusal.rule, default: 0] += 1
    case .cancelled: cancelled += 1
    case .trade:
      fills += 1
      filled[report.orderID.raw, default: 0] += Int64(report.lastLots)
      filledLots += Int64(report.lastLots)
    case .unknown, .cancelRejected, .pendingUnknown, .resolved, .restated, .workingConfirmed:
      break
    }
  }

  mutating func note(_ reject: OrderEntry.BusinessReject) {
    refused[reject.refusal.rule, default: 0] += 1
  }
}
