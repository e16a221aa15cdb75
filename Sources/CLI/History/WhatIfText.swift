import Domain
import Engine
import Gateway
import Messages
import RiskRules
import Terminal

/// What another configuration says of a day, for a person.
enum WhatIfText {
  static func lines(
    _ run: borrowing WhatIfRun, _ names: borrowing Names, listsOrders: Bool
  ) -> [String] {
    var lines = totals(run.tally)
    if let first = run.first, let last = run.last {
      let from = JournalTime.text(first.nanoseconds)
      lines.insert("time              \(from) to \(JournalTime.text(last.nanoseconds))", at: 0)
    }
    for notice in notices(run) { lines.append("notice            \(notice)") }
    lines += [""] + rules(run.tally) + [""] + accounts(run.tally, names)
    if listsOrders { lines += [""] + orders(run.tally, names) }
    if run.tally.isSame { lines += ["", "every order is decided as it was"] }
    return lines
  }

  static func notices(_ run: borrowing WhatIfRun) -> [String] {
    let skipped = run.skipped.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    guard !skipped.isEmpty else { return run.notices }
    return run.notices + [
      "settings that were changed later are left out: \(skipped.joined(separator: ", "))"
    ]
  }

  private static func totals(_ tally: WhatIfTally) -> [String] {
    var taken = "taken in both     \(tally.all.takenInBoth)"
    if tally.otherLots > 0 { taken += ", \(tally.otherLots) of them for other lots" }
    return [
      "orders            \(tally.all.orders)",
      taken,
      """
      refused in both   \(tally.refusedBySame + tally.refusedByOther), \
      \(tally.refusedByOther) of them by another rule
      """,
      "newly refused     \(tally.all.newlyRefused)",
      "newly taken       \(tally.all.newlyTaken)",
    ]
  }

  private static func rules(_ tally: WhatIfTally) -> [String] {
    var table = TextTable([
      ("rule", .left), ("code", .right), ("refused then", .right), ("refused now", .right),
      ("newly refused", .right), ("newly taken", .right),
    ])
    for (rule, row) in tally.rules.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      table.add([
        RuleWords.name(rule) ?? "", "\(rule.rawValue)", "\(row.refusedThen)",
        "\(row.refusedNow)", "\(row.newlyRefused)", "\(row.newlyTaken)",
      ])
    }
    return table.lines
  }

  private static func accounts(_ tally: WhatIfTally, _ names: borrowing Names) -> [String] {
    var table = TextTable([
      ("account", .left), ("orders", .right), ("refused then", .right), ("refused now", .right),
      ("newly refused", .right), ("newly taken", .right),
    ])
    for (account, row) in tally.accounts.sorted(by: { $0.key.raw < $1.key.raw }) {
      table.add([
        names.operationAccounts.name(account.raw).string, "\(row.orders)", "\(row.refusedThen)",
        "\(row.refusedNow)", "\(row.newlyRefused)", "\(row.newlyTaken)",
      ])
    }
    return table.lines
  }

  /// Orders that are decided otherwise.
  private static func orders(_ tally: WhatIfTally, _ names: borrowing Names) -> [String] {
    var table = TextTable([
      ("time", .left), ("account", .left), ("id", .left), ("side", .left), ("offset", .left),
      ("instrument", .left), ("lots", .right), ("price", .right), ("then", .left), ("now", .left),
    ])
    for difference in tally.differences {
      let order = difference.order
      table.add([
        JournalTime.text(difference.time.nanoseconds),
        names.operationAccounts.name(order.account.raw).string, order.clOrdID.string,
        "\(order.side)", order.offset.word, names.instruments.name(order.instrument.raw).string,
        "\(order.lots)", OrderText.number(order.price),
        words(difference.before, names), words(difference.after, names),
      ])
    }
    return table.lines
  }

  private static func words(
    _ verdict: Explanation.Verdict, _ names: borrowing Names
  ) -> String {
    switch verdict {
    case .taken(let lots): "taken \(lots)"
    case .refused(let refusal): RuleWords.refusal(refusal, names)
    case .answeredAgain: "answered again"
    }
  }
}
