import Domain
import Engine
import Follower
import Gateway
import Messages
import Terminal

/// An explained order, for a person.
enum ExplainText {
  static func lines(_ order: borrowing ExplainedOrder) -> [String] {
    head(order) + [""] + rules(order) + route(order) + [""] + story(order)
  }

  // MARK: The order

  private static func head(_ order: borrowing ExplainedOrder) -> [String] {
    let sending = order.sending
    let id = sending.id.isNone ? "without a record" : "\(sending.id)"
    return [
      "order       \(sending.account)-\(sending.order.clOrdID.string)  \(id)",
      "asked       \(terms(sending.order, order.names))",
      "received    \(JournalTime.text(sending.time.nanoseconds))  command \(sending.sequence)",
      "decided     \(verdict(order))",
    ]
  }

  static func terms(_ order: NewOrder, _ names: borrowing Names) -> String {
    let instrument = names.instruments.name(order.instrument.raw).string
    var text = """
      \(order.side) \(order.offset.word) \(instrument.isEmpty ? "?" : instrument) \(order.lots) \
      \(OrderText.price(order.price, .english)) \(order.timeInForce.word)
      """
    if order.minimumLots != 0 { text += " min \(order.minimumLots)" }
    if order.hedge != .speculation { text += " \(order.hedge)" }
    return text
  }

  private static func verdict(_ order: borrowing ExplainedOrder) -> String {
    switch order.explanation.verdict {
    case .answeredAgain(let id): return "known as \(id): answered again"
    case .refused(let refusal): return "refused: " + RuleWords.refusal(refusal, order.names)
    case .taken(let lots):
      guard lots < order.sending.order.lots else { return "taken" }
      let refusal = order.explanation.route?.refusal ?? .none
      return "taken, \(lots) of \(order.sending.order.lots) lots: "
        + RuleWords.refusal(refusal, order.names)
    }
  }

  // MARK: Rules

  /// Every rule in the order they are asked; `>` is the one that decided.
  private static func rules(_ order: borrowing ExplainedOrder) -> [String] {
    FindingText.table(ExplanationRows.findings(order.explanation, order.names), .english)
  }

  // MARK: Routing

  private static func route(_ order: borrowing ExplainedOrder) -> [String] {
    guard let route = order.explanation.route else {
      return ["", "not split: see the rules"]
    }
    var table = TextTable([
      ("fund account", .left), ("by", .left), ("may take", .right), ("given", .right),
      ("as", .left), ("why not more", .left),
    ])
    for share in route.shares {
      let children = route.children.filter { $0.fundAccount == share.fundAccount }
      table.add([
        order.names.fundAccounts.name(share.fundAccount.raw).string,
        weight(share, route.mode, order.sending.order.offset), "\(share.room)", "\(share.lots)",
        children.map { "\($0.offset.word) \($0.lots)" }.joined(separator: ", "),
        RuleWords.refusal(share.refusal, order.names),
      ])
    }
    let isTaken = order.explanation.decider == nil
    return ["", "\(isTaken ? "split by" : "by itself it would be split by") \(mode(route.mode))"]
      + table.lines
  }

  /// What the mode goes by.
  private static func weight(
    _ share: Explanation.Share, _ mode: RoutingMode, _ offset: Offset
  ) -> String {
    switch mode {
    case .ratio where offset.isClosing:
      return "\(RuleWords.figure(Int64(share.closable), .lots)) to close"
    case .ratio:
      let equity = RuleWords.figure(share.equity.units, .money)
      return "\(equity), holds \(RuleWords.figure(share.held, .lots))"
    case .priority, .netPosition, .unknown: return "priority \(share.priority)"
    }
  }

  private static func mode(_ mode: RoutingMode) -> String {
    switch mode {
    case .priority: "priority"
    case .ratio: "ratio"
    case .netPosition: "net position"
    case .unknown: "no mode"
    }
  }

  // MARK: What became of it

  private static func story(_ order: borrowing ExplainedOrder) -> [String] {
    var lines = ["what became of it"]
    for event in order.story.events {
      // The date stands above; orders of a day end with it.
      let time = JournalTime.text(event.time.nanoseconds).split(separator: "T").last ?? ""
      lines.append("  \(time)  \(event.text)")
    }
    guard let last = order.story.last else { return lines }
    lines.append("")
    lines.append(
      """
      ended as    \(last.state.words(.english)), \(last.cumulativeLots) of \(last.lots) lots \
      filled, at \(JournalTime.text(last.time.nanoseconds))
      """)
    if !last.refusal.isNone, order.explanation.decider == nil {
      lines.append("because     " + RuleWords.refusal(last.refusal, order.names))
    }
    return lines
  }
}
