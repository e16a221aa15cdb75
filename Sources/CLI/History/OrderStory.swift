import Domain
import Engine
import Gateway
import Journal
import Ledger
import MarketData
import Messages
import Terminal
import Wire

/// What became of an order, event by event: its children, what counters said of them, what its
/// terminal was told.
struct OrderStory {
  struct Event {
    var time: Timestamp
    var sequence: UInt64
    /// For machines: `child`, `counter`, `report`, `cancel` or `notice`.
    var kind: String
    var text: String
  }

  let sending: OrderSearch.Sending
  private(set) var events: [Event] = []
  /// What its terminal was told of its state last.
  private(set) var last: ExecutionReport?
  private var children: Set<OrderID> = []

  init(_ sending: OrderSearch.Sending) { self.sending = sending }

  /// Takes up what the last command of a replay was to the order.
  mutating func note<Storage: JournalStorage & ~Copyable>(
    _ replay: borrowing Replay<Storage>, _ names: borrowing Names
  ) {
    guard let command = replay.command else { return }
    let sequence = replay.engine.sequence
    let now = replay.engine.now
    func add(_ kind: String, _ text: String?) {
      if let text {
        events.append(Event(time: now, sequence: sequence, kind: kind, text: text))
      }
    }
    add("counter", counterWords(command, names))
    add("cancel", cancelWords(command))
    for index in 0..<replay.effects.count {
      switch replay.effects[index] {
      case .report(let report) where isOwn(report, sequence):
        // A cancel that is refused leaves the order as it was.
        let isAnswer = report.execType == .restated && report.reportSequence == 0
        if !isAnswer, report.execType != .cancelRejected { last = report }
        add("report", EventText.words(names.message(of: report, flags: []), .english))
      case .sendOrder(let child) where isOwn(child.child, replay.engine):
        children.insert(child.child)
        add("child", words(of: child, names))
      case .childWaits(let waits) where isOwn(waits.child, replay.engine):
        children.insert(waits.child)
        let fund = names.fundAccounts.name(waits.fundAccount.raw).string
        add(
          "child", "child \(waits.child) waits for its turn to \(fund), \(waits.waiting) before it")
      case .sendCancel(let cancel) where children.contains(cancel.child):
        let fund = names.fundAccounts.name(cancel.fundAccount.raw).string
        add("child", "cancel of child \(cancel.child) to \(fund)")
      case .askFate(let ask) where children.contains(ask.child):
        let fund = names.fundAccounts.name(ask.fundAccount.raw).string
        add("child", "asked \(fund) what became of child \(ask.child)")
      case .notice(let notice) where isOwn(notice):
        add("notice", words(of: notice, names))
      default: break
      }
    }
  }

  /// An answer without a record is its own when it is to the very command.
  private func isOwn(_ report: ExecutionReport, _ sequence: UInt64) -> Bool {
    sending.id.isNone
      ? sequence == sending.sequence && report.clOrdID == sending.order.clOrdID
      : report.order == sending.id
  }

  private func isOwn(_ child: OrderID, _ engine: borrowing Engine) -> Bool {
    let ledger = engine.ledger.childNumber(
      child, day: engine.market.tradingDay, shard: engine.shard)
    guard ledger != 0 else { return false }
    return engine.ledger.order(engine.ledger.child(ledger).pointee.parent).pointee.id == sending.id
  }

  private func isOwn(_ notice: Notice) -> Bool {
    if notice.kind == .disconnectCancel, let last, !last.state.isFinal {
      return notice.scopeID == last.account.raw
    }
    guard !notice.order.isNone else { return false }
    // Ids of children and of parents are counted apart.
    return notice.scopeKind == .fundAccount && notice.kind != .fundAccountDeclined
      ? children.contains(notice.order) : notice.order == sending.id
  }

  // MARK: Words

  private func counterWords(_ command: Messages.Command, _ names: borrowing Names) -> String? {
    switch command {
    case .childReport(let report) where children.contains(report.child):
      let fund = names.fundAccounts.name(report.fundAccount.raw).string
      return "\(fund) \(words(of: report))"
    case .counterTrade(let trade) where children.contains(trade.child):
      let fund = names.fundAccounts.name(trade.fundAccount.raw).string
      return """
        \(fund) filled \(trade.lots) @ \(OrderText.number(trade.price)) of child \(trade.child), \
        trade \(trade.tradeID)
        """
    default: return nil
    }
  }

  private func words(of report: ChildReport) -> String {
    switch report.kind {
    case .accepted: "confirmed child \(report.child)"
    case .rejected: "refused child \(report.child), error \(report.rejectCode)"
    case .cancelled: "cancelled child \(report.child)"
    case .cancelRejected:
      "refused the cancel of child \(report.child), error \(report.rejectCode)"
    case .neverArrived: "never had child \(report.child)"
    case .unknown: "said something else of child \(report.child)"
    }
  }

  private func cancelWords(_ command: Messages.Command) -> String? {
    if case .massCancel(let cancel) = command { return words(of: cancel) }
    guard case .cancelOrder(let cancel) = command, cancel.account == sending.order.account,
      !sending.id.isNone, !cancel.target.isNone || !cancel.targetClOrdID.isEmpty,
      cancel.target.isNone
        ? cancel.targetClOrdID == sending.order.clOrdID : cancel.target == sending.id
    else { return nil }
    return "cancel asked for by \(cancel.requestID.string)"
  }

  /// Nil when the order is not meant, or has ended.
  private func words(of cancel: MassCancel) -> String? {
    guard let last, !last.state.isFinal, cancel.account == last.account,
      cancel.instrument.isNone || cancel.instrument == last.instrument,
      cancel.side == .unknown || cancel.side == last.side
    else { return nil }
    return "mass cancel asked for by \(cancel.requestID.string)"
  }

  private func words(of child: SendOrder, _ names: borrowing Names) -> String {
    """
    child \(child.child) to \(names.fundAccounts.name(child.fundAccount.raw).string): \
    \(child.side) \(child.offset.word) \(child.lots) \(OrderText.price(child.price, .english))
    """
  }

  private func words(of notice: Notice, _ names: borrowing Names) -> String {
    let scope = names.scopeName(notice.scopeKind, notice.scopeID).string
    var text = "notice \(kebabCased("\(notice.kind)"))"
    if !scope.isEmpty { text += " of \(scope)" }
    if let rule = RuleWords.name(notice.rule) { text += " [\(rule)]" }
    if notice.observed != 0 { text += ": \(notice.observed)" }
    return text
  }
}
