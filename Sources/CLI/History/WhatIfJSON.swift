import Domain
import Engine
import Foundation
import Gateway
import Messages
import RiskRules

/// What another configuration says of a day, for other programs: one object.
enum WhatIfJSON {
  static func text(
    _ run: borrowing WhatIfRun, _ names: borrowing Names, listsOrders: Bool
  ) -> String {
    let tally = run.tally
    var object: [String: Any] = [
      "orders": tally.all.orders,
      "takenInBoth": tally.all.takenInBoth,
      "takenForOtherLots": tally.otherLots,
      "refusedBySameRule": tally.refusedBySame,
      "refusedByOtherRule": tally.refusedByOther,
      "newlyRefused": tally.all.newlyRefused,
      "newlyTaken": tally.all.newlyTaken,
      "notices": WhatIfText.notices(run),
    ]
    if let first = run.first { object["from"] = JournalTime.text(first.nanoseconds) }
    if let last = run.last { object["until"] = JournalTime.text(last.nanoseconds) }
    object["rules"] = tally.rules.sorted { $0.key.rawValue < $1.key.rawValue }.map { rule, row in
      figures(row).merging(["rule": RuleWords.name(rule) ?? "", "code": rule.rawValue]) { $1 }
    }
    var accounts: [[String: Any]] = []
    for (account, row) in tally.accounts.sorted(by: { $0.key.raw < $1.key.raw }) {
      var figures = figures(row)
      figures["account"] = names.operationAccounts.name(account.raw).string
      figures["orders"] = row.orders
      accounts.append(figures)
    }
    object["accounts"] = accounts
    if listsOrders {
      var orders: [[String: Any]] = []
      for difference in tally.differences { orders.append(order(difference, names)) }
      object["differences"] = orders
    }
    return JournalValue.text(object)
  }

  private static func figures(_ row: WhatIfTally.Row) -> [String: Any] {
    [
      "refusedThen": row.refusedThen, "refusedNow": row.refusedNow,
      "newlyRefused": row.newlyRefused, "newlyTaken": row.newlyTaken,
    ]
  }

  private static func order(
    _ difference: WhatIfTally.Difference, _ names: borrowing Names
  ) -> [String: Any] {
    let order = difference.order
    return [
      "sequence": difference.sequence, "time": JournalTime.text(difference.time.nanoseconds),
      "account": names.operationAccounts.name(order.account.raw).string,
      "clOrdID": order.clOrdID.string, "side": "\(order.side)", "offset": "\(order.offset)",
      "instrument": names.instruments.name(order.instrument.raw).string, "lots": order.lots,
      "price": JournalValue.json(order.price), "then": verdict(difference.before, names),
      "now": verdict(difference.after, names),
    ]
  }

  private static func verdict(
    _ verdict: Explanation.Verdict, _ names: borrowing Names
  ) -> [String: Any] {
    switch verdict {
    case .taken(let lots): ["verdict": "taken", "lots": lots]
    case .refused(let refusal):
      ExplainJSON.refusal(refusal, names).merging(["verdict": "refused"]) { $1 }
    case .answeredAgain: ["verdict": "answered-again"]
    }
  }
}
