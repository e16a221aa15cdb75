import Config
import Domain
import Ledger
import Messages
import Metrics
import RiskRules

/// The demo's closing table.
enum DemoTable {
  static func show(
    _ books: borrowing DemoBooks, _ tally: DemoTally, _ notices: DemoNotices,
    _ configuration: Configuration, turns: HistogramHandle?
  ) {
    Console.say("orders in        \(tally.ordersIn), and \(tally.cancelsIn) cancels")
    Console.say("accepted         \(tally.accepted)")
    Console.say("refused          \(tally.refusedCount)")
    for (rule, count) in tally.refused.sorted(by: { $0.key < $1.key }) {
      let name = RuleID(rawValue: rule).flatMap { RuleTable.row($0)?.name } ?? "rule \(rule)"
      Console.say("  \(padded(count)) by \(name)")
    }
    Console.say("children")
    for (index, account) in configuration.fundAccounts.enumerated() {
      let count = books.children[FundAccountID(UInt32(index))] ?? 0
      let mode = account.product.map { configuration.products[$0].mode.words } ?? "no product"
      Console.say("  \(padded(count)) to \(account.name) (\(mode))")
    }
    Console.say("fills            \(tally.fills) of \(tally.filledLots) lots")
    Console.say("cancelled        \(tally.cancelled)")
    show(notices, forced: tally.forced)
    Console.say("ticks            \(tally.ticks) to the terminals")
    if let turns {
      func part(_ perMillion: UInt64) -> String {
        tenths(turns.histogram.pointee.value(atPartsPerMillion: perMillion))
      }
      Console.say(
        """
        gateway's work   from waking with an order until its children and reports were written:
                         p50 \(part(500_000)) us, p90 \(part(900_000)) us, \
        p99 \(part(990_000)) us, p99.9 \(part(999_000)) us in \
        \(turns.histogram.pointee.count) turns
        """)
    }
    Console.say(
      "journal          \(books.commands) commands, replayed: every outcome the same, state hash "
        + String(books.stateHash, radix: 16))
  }

  /// Lines, clauses and liquidations, as the controller heard of them.
  private static func show(_ notices: DemoNotices, forced: Int) {
    let rows: [(String, NoticeKind)] = [
      ("lines reached", .lineReached), ("clauses passed", .clauseReached),
    ]
    for (title, kind) in rows {
      Console.say(
        title.padded(to: 17) + "\(notices.count(kind, .warn)) at level one, "
          + "\(notices.count(kind, .liquidate)) at level two")
      let told = notices.told.filter { $0.key.kind == kind.rawValue }
      for (what, count) in told.sorted(by: { ($0.key.text, $0.value) < ($1.key.text, $1.value) }) {
        Console.say("  \(padded(count)) \(what.text)")
      }
    }
    let ended = notices.ended.values.reduce(0, +)
    Console.say("liquidations     \(ended), by \(forced) forced orders")
    for (what, count) in notices.ended.sorted(by: { $0.key.text < $1.key.text }) {
      Console.say("  \(padded(count)) \(what.text)")
    }
    Console.say("notices          \(notices.count) to the controller")
  }

  /// Prints what agrees, or all that does not; whether it does.
  static func conclude(_ faults: [String]) -> Bool {
    guard faults.isEmpty else {
      for fault in faults.prefix(20) { Console.complain("proof fails: \(fault)") }
      if faults.count > 20 { Console.complain("... and \(faults.count - 20) more") }
      return false
    }
    Console.say(
      """
      proof            holds: parent fills = child fills = what terminals were told; net lots of
                       accounts = of fund accounts, in every instrument and product; close profit,
                       position profit, fees and margin of every fund account = as its counter
                       counts them; the controller heard every notice once
      """)
    return true
  }

  private static func padded(_ count: Int) -> String {
    let digits = String(count)
    return String(repeating: " ", count: max(0, 7 - digits.count)) + digits
  }

  /// Nanoseconds as microseconds with one decimal.
  private static func tenths(_ nanoseconds: UInt64) -> String {
    let tenths = (nanoseconds + 50) / 100
    return "\(tenths / 10).\(tenths % 10)"
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}

extension DemoNotice {
  fileprivate var text: String {
    let name = RuleID(rawValue: rule).flatMap { RuleTable.row($0)?.name } ?? "rule \(rule)"
    return "of \(scope.string) by \(name), \(level == .warn ? "level one" : "level two")"
  }
}

extension DemoLiquidation {
  fileprivate var text: String {
    let name = RuleID(rawValue: rule).flatMap { RuleTable.row($0)?.name } ?? "rule \(rule)"
    let began = controller.isEmpty ? "begun by \(name)" : "forced by \(controller.string)"
    let why =
      switch end {
      case .done: "done"
      case .stopped: "stopped when the market closed"
      case .backToLine: "the line is not reached any more"
      case .takenOver: "another one took it over"
      case .unknown: "nobody knows why"
      }
    return "of \(account.string), \(began): \(why)"
  }
}

extension RoutingMode {
  fileprivate var words: String {
    switch self {
    case .priority: "priority"
    case .ratio: "ratio"
    case .netPosition: "net position"
    case .unknown: "no mode"
    }
  }
}
