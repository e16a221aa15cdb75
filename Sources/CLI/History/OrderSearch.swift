import Domain
import Gateway
import Journal
import Ledger
import Messages
import Runtime

/// Finds the order that somebody names in a journal: by its id, or as ACCOUNT-CLORDID.
struct OrderSearch {
  /// A command that was an order of that name.
  struct Sending: Equatable {
    var sequence: UInt64
    var time: Timestamp
    var account: String
    var order: NewOrder
    /// `.none` when it was answered without a record.
    var id: OrderID
    /// The same order was known already, or another one had its ClOrdID.
    var isRepeat: Bool
    /// A liquidation's: no terminal sent it.
    var isForced = false
    var tradingDay: TradingDay
  }

  let name: String
  private let id: OrderID?
  private(set) var sendings: [Sending] = []
  private var accounts: Set<String> = []
  private var orderCount = 0
  private var days: [TradingDay] = []
  /// Orders that have the name as their ClOrdID alone, and what they are called in full.
  private var namesakes: [String] = []
  /// Of a child order with such an id: the order that it is a part of.
  private var parentOfChild: String?
  /// Orders of the account that the name begins with.
  private var ofAccount: [String: Int] = [:]
  private var lastOrder = ""

  init(_ name: String) {
    self.name = name
    id = OrderID(text: name)
  }

  /// Reads all of a journal; the order that is meant. What was answered without a record is found
  /// too, the last of it.
  static func find<Storage: JournalStorage & ~Copyable>(
    _ name: String, in steps: consuming RecordedSteps<Storage>, _ capacities: LedgerCapacities
  ) throws(HistoryFault) -> Sending {
    var search = OrderSearch(name)
    var names = Names(capacities)
    while try steps.step(), let stamped = steps.stamped {
      search.look(at: stamped, steps.outcome, &names)
    }
    return try search.result()
  }

  /// Takes up a command with what it caused.
  mutating func look(
    at stamped: Stamped, _ outcome: borrowing EffectBuffer, _ names: inout Names
  ) {
    for index in 0..<outcome.count {
      switch outcome[index] {
      case .defined: names.defined(stamped.command)
      case .notice(let notice) where notice.kind == .dayStarted:
        if let day = TradingDay(yyyymmdd: UInt32(clamping: notice.observed)) { days.append(day) }
      case .sendOrder(let child) where child.child == id && parentOfChild == nil:
        parentOfChild = lastOrder
      case .childWaits(let child) where child.child == id: parentOfChild = lastOrder
      case .report(let report): note(report, stamped, names)
      default: break
      }
    }
    if case .defineOperationAccount(let define) = stamped.command {
      accounts.insert(define.name.string)
    }
  }

  private mutating func note(
    _ report: ExecutionReport, _ stamped: Stamped, _ names: borrowing Names
  ) {
    let account = names.operationAccounts.name(report.account.raw).string
    lastOrder = "\(account)-\(report.clOrdID.string)"
    let order: NewOrder
    let isForced = report.execType == .new && report.clOrdID.isForced
    if isForced {
      order = NewOrder(
        session: .none, account: report.account, instrument: report.instrument,
        clOrdID: report.clOrdID, side: report.side, offset: report.offset, hedge: report.hedge,
        type: report.type, timeInForce: report.timeInForce, price: report.price,
        lots: report.lots)
    } else {
      guard case .newOrder(let sent) = stamped.command, sent.clOrdID == report.clOrdID,
        sent.account == report.account
      else { return }
      order = sent
    }
    orderCount += 1
    let isMeant = lastOrder == name || id != nil && report.order == id
    guard isMeant else {
      if order.clOrdID.string == name { namesakes.append(lastOrder) }
      if name.hasPrefix("\(account)-") { ofAccount[account, default: 0] += 1 }
      return
    }
    let refusal = report.refusal
    sendings.append(
      Sending(
        sequence: stamped.sequence, time: stamped.time, account: account, order: order,
        id: report.order,
        isRepeat: report.execType == .restated
          || report.order.isNone && refusal.rule == .duplicateOrder && !order.clOrdID.isEmpty,
        isForced: isForced, tradingDay: report.tradingDay))
  }

  /// The order that is meant, of all that was looked at.
  func result() throws(HistoryFault) -> Sending {
    let recorded = sendings.filter { !$0.id.isNone && !$0.isRepeat }
    if recorded.count > 1 { throw .ambiguous(name, recorded) }
    if let only = recorded.first { return only }
    // Nothing of it was recorded: the last answer stands for all.
    if let last = sendings.last { return last }
    throw .notFound(words)
  }

  /// What was looked for, and what there is.
  private var words: String {
    var text = "no order '\(name)'"
    if !namesakes.isEmpty {
      let some = Set(namesakes).sorted().prefix(5).joined(separator: ", ")
      return text + " (ACCOUNT-CLORDID or an order's id); there is \(some)"
    }
    if let parentOfChild {
      return text + ": a child order has this id, a part of \(parentOfChild)"
    }
    text += id == nil ? " (ACCOUNT-CLORDID or an order's id)" : ", as an order's id"
    text += " among the \(orderCount) orders that were sent"
    if let account = ofAccount.max(by: { $0.key.count < $1.key.count }) {
      text += ", \(account.value) of them by \(account.key)"
    } else {
      text += "; accounts: \(accounts.sorted().prefix(20).joined(separator: ", "))"
    }
    let dates = days.map { "\($0.yyyymmdd)" }.joined(separator: ", ")
    text += "; trading days: \(dates.isEmpty ? "none" : dates)"
    return text + ". What the gateway turned away itself (BusinessReject) is in no journal"
  }
}
