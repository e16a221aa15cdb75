import Domain
import Wire

/// What reports may say of one order, one after another: the first answer once, fills that add up
/// and keep to the limit, nothing behind the end. An order that was accepted may still be refused
/// as a whole, by its counter or because it never got there.
struct OrderCheck: Equatable {
  /// What its sender expects.
  enum Kind: UInt8 { case foreign, rest, fill, refuse }

  let kind: Kind
  let side: Side
  let price: Price
  let lots: Lots
  private(set) var isAnswered = false
  private(set) var isFinal = false
  private(set) var filled: Lots = 0
  /// Of its fills, in money units.
  private(set) var fees: Int64 = 0
  /// It was sent a second time, after a break: the stored answer may come.
  var wasResent = false

  init(_ kind: Kind, _ side: Side, _ price: Price, _ lots: Lots) {
    self.kind = kind
    self.side = side
    self.price = price
    self.lots = lots
  }

  /// Takes in a report; what is wrong with it, nil when nothing is.
  mutating func note(_ report: OrderEntry.ExecutionReport) -> String? {
    switch report.execType {
    case .new, .rejected: return answer(report)
    case .restated: return wasResent ? nil : "answered again, and was sent once"
    case .cancelRejected: return nil
    case .trade:
      if let fault = early(report) { return fault }
      return fill(report)
    case .cancelled:
      if let fault = early(report) { return fault }
      isFinal = true
      return report.leavesLots == 0 ? nil : "cancelled with \(report.leavesLots) lots left"
    case .workingConfirmed, .pendingUnknown, .resolved: return early(report)
    case .unknown: return "a report of no known kind"
    }
  }

  /// The gateway could make no order of the message.
  mutating func rejectMessage() -> String? {
    defer { (isAnswered, isFinal) = (true, true) }
    return isAnswered ? "rejected as a message after its answer" : nil
  }

  private mutating func answer(_ report: OrderEntry.ExecutionReport) -> String? {
    if isAnswered { return again(report) }
    isAnswered = true
    guard report.execType == .rejected else {
      return kind == .refuse ? "accepted off its price tick" : nil
    }
    isFinal = true
    let rule = RuleID(rawValue: report.refusal.rule)
    if kind == .refuse, rule != .badPriceTick {
      return
        "refused by \(rule.map { "\($0)" } ?? "\(report.refusal.rule)") instead of badPriceTick"
    }
    return rule == nil || rule == RuleID.none ? "refused without a rule" : nil
  }

  /// Nothing of it reached the exchange: its counter refused all of it, or never got it.
  private mutating func again(_ report: OrderEntry.ExecutionReport) -> String? {
    let isCounters =
      report.refusal.rule == RuleID.counterRefused.rawValue
      || report.refusal.rule == RuleID.fundLinkDown.rawValue
    guard report.execType == .rejected, isCounters, filled == 0 else {
      return "answered twice: \(report.execType)"
    }
    if isFinal { return "rejected after its end" }
    isFinal = true
    return report.leavesLots == 0 ? nil : "rejected with \(report.leavesLots) lots left"
  }

  /// Before the first answer, or after the end.
  private func early(_ report: OrderEntry.ExecutionReport) -> String? {
    if !isAnswered { return "\(report.execType) before any answer" }
    return isFinal ? "\(report.execType) after its end" : nil
  }

  private mutating func fill(_ report: OrderEntry.ExecutionReport) -> String? {
    filled += report.lastLots
    if !report.fee.isNone { fees += report.fee.units }
    if filled == lots { isFinal = true }
    if report.lastLots <= 0 { return "a fill of \(report.lastLots) lots" }
    if filled > lots { return "filled \(filled) of \(lots) lots" }
    if report.cumulativeLots != filled {
      return "says \(report.cumulativeLots) lots filled, its fills add up to \(filled)"
    }
    if report.leavesLots != lots - filled {
      return "says \(report.leavesLots) lots left of \(lots) with \(filled) filled"
    }
    let isWorse =
      side == .buy ? report.lastPrice > price : side == .sell && report.lastPrice < price
    return isWorse && !price.isNone ? "filled at a worse price than its limit" : nil
  }
}
