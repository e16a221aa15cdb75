import Domain
import Engine
import Messages
import RiskRules

/// What an engine decided on a new order, read from its effects.
struct Decision {
  private(set) var verdict: Explanation.Verdict?
  private(set) var children: [Explanation.Child] = []
  private(set) var declined: [Refusal] = []
  /// Why lots of an order that was taken are left.
  private(set) var left = Refusal.none

  /// Answered again, with what it had or with the refusal of its id.
  var isRepeat: Bool {
    switch verdict {
    case .answeredAgain: true
    case .refused(let refusal):
      refusal.rule == .duplicateOrder && refusal.limit == 1
        && refusal.scopeKind == .order || refusal.rule == .badCommand
    case .taken, nil: false
    }
  }

  init(_ effects: borrowing EffectBuffer) {
    for index in 0..<effects.count {
      switch effects[index] {
      case .report(let report): take(report)
      case .commandRefused(let refused): verdict = .refused(refused.refusal)
      case .sendOrder(let sent):
        children.append(
          Explanation.Child(fundAccount: sent.fundAccount, offset: sent.offset, lots: sent.lots))
      case .childWaits(let waits):
        children.append(
          Explanation.Child(fundAccount: waits.fundAccount, offset: waits.offset, lots: waits.lots))
      case .notice(let notice) where notice.kind == .fundAccountDeclined:
        declined.append(
          Refusal(
            notice.rule, observed: notice.observed, limit: notice.limit,
            scopeID: notice.scopeID))
      default: break
      }
    }
    if case .taken = verdict { verdict = .taken(children.reduce(0) { $0 + $1.lots }) }
  }

  private mutating func take(_ report: ExecutionReport) {
    switch report.execType {
    case .new:
      verdict = .taken(0)
      left = report.refusal
    case .rejected: verdict = .refused(report.refusal)
    case .restated: verdict = .answeredAgain(report.order)
    default: break
    }
  }

  /// What an explanation of the same order on the state before says otherwise.
  func difference(from explanation: Explanation) -> String? {
    guard let verdict, explanation.verdict == verdict else {
      return "decided \(String(describing: verdict)), explained \(explanation.verdict)"
    }
    let first = explanation.decider.map { explanation.findings[$0].figures }
    switch verdict {
    case .refused(let refusal):
      if first != refusal {
        return "refused by \(refusal), explained by \(String(describing: first))"
      }
    case .taken, .answeredAgain:
      if let first { return "taken, and explained as refused by \(first)" }
    }
    guard let route = explanation.route else {
      return children.isEmpty && declined.isEmpty ? nil : "placed, and no route is explained"
    }
    if case .taken = verdict, route.children != children || route.refusal != left {
      return "placed \(children), left by \(left); explained \(route)"
    }
    let reasons = route.shares.filter { !$0.refusal.isNone }.map {
      Refusal(
        $0.refusal.rule, observed: $0.refusal.observed, limit: $0.refusal.limit,
        scopeID: $0.fundAccount.raw)
    }
    if !declined.isEmpty, reasons != declined {
      return "declined \(declined), explained \(reasons)"
    }
    return nil
  }
}
