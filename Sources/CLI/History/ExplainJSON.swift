import Domain
import Engine
import Follower
import Foundation
import Gateway
import Messages
import RiskRules
import Terminal
import Wire

/// An explained order, for other programs: one object. Figures are as the journal keeps them, null
/// where there are none.
enum ExplainJSON {
  static func text(_ order: borrowing ExplainedOrder) -> String {
    let sending = order.sending
    let rows = ExplanationRows.findings(order.explanation, order.names)
    var object: [String: Any] = [
      "account": sending.account,
      "clOrdID": sending.order.clOrdID.string,
      "orderID": sending.id.isNone ? NSNull() : "\(sending.id)",
      "sequence": sending.sequence,
      "time": JournalTime.text(sending.time.nanoseconds),
      "tradingDay": sending.tradingDay.yyyymmdd,
      "order": JournalValue.json(sending.order),
      "instrument": order.names.instruments.name(sending.order.instrument.raw).string,
      "verdict": verdict(order.explanation.verdict),
      "rules": zip(order.explanation.findings, rows).map { finding, row in
        rule(finding, row, order.names)
      },
      "events": order.story.events.map { event in
        [
          "time": JournalTime.text(event.time.nanoseconds), "sequence": event.sequence,
          "kind": event.kind, "text": event.text,
        ] as [String: Any]
      },
    ]
    if let route = order.explanation.route { object["route"] = self.route(route, order.names) }
    if let last = order.story.last { object["ended"] = ended(last, order.names) }
    return JournalValue.text(object)
  }

  private static func verdict(_ verdict: Explanation.Verdict) -> String {
    switch verdict {
    case .taken: "taken"
    case .refused: "refused"
    case .answeredAgain: "answered-again"
    }
  }

  private static func rule(
    _ finding: Finding, _ row: OrderEntry.FindingRow, _ names: borrowing Names
  ) -> [String: Any] {
    var object = refusal(finding.figures, names)
    object["verdict"] =
      finding.isActive
      ? finding.passes ? "passed" : "refused" : FindingText.verdict(row, .english)
    object["decides"] = row.flags.contains(.decides)
    object["headRoom"] = finding.capRoom.map { JournalValue.json($0) } ?? NSNull()
    return object
  }

  /// A rule with its figures; null for none.
  static func optional(_ refusal: Refusal, _ names: borrowing Names) -> Any {
    refusal.isNone ? NSNull() : self.refusal(refusal, names)
  }

  static func refusal(_ refusal: Refusal, _ names: borrowing Names) -> [String: Any] {
    [
      "rule": RuleWords.name(refusal.rule) ?? "", "code": refusal.rule.rawValue,
      "observed": JournalValue.json(refusal.observed), "asked": JournalValue.json(refusal.asked),
      "limit": JournalValue.json(refusal.limit), "unit": "\(refusal.unit)",
      "scope": "\(refusal.scopeKind)",
      "scopeName": names.scopeName(refusal.scopeKind, refusal.scopeID).string,
    ]
  }

  private static func route(
    _ route: Explanation.Route, _ names: borrowing Names
  ) -> [String: Any] {
    var shares: [[String: Any]] = []
    for share in route.shares {
      shares.append([
        "fundAccount": names.fundAccounts.name(share.fundAccount.raw).string,
        "priority": share.priority, "equity": share.equity.units, "held": share.held,
        "closable": share.closable, "mayTake": share.room, "given": share.lots,
        "why": optional(share.refusal, names),
      ])
    }
    var children: [[String: Any]] = []
    for child in route.children {
      children.append([
        "fundAccount": names.fundAccounts.name(child.fundAccount.raw).string,
        "offset": "\(child.offset)", "lots": child.lots,
      ])
    }
    return [
      "mode": "\(route.mode)", "shares": shares, "children": children,
      "left": optional(route.refusal, names),
    ]
  }

  private static func ended(
    _ report: ExecutionReport, _ names: borrowing Names
  ) -> [String: Any] {
    [
      "state": "\(report.state)", "filled": report.cumulativeLots, "lots": report.lots,
      "time": JournalTime.text(report.time.nanoseconds),
      "why": optional(report.refusal, names),
    ]
  }
}
