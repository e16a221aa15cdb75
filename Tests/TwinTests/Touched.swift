import Domain
import Messages
import ReferenceModel
import TwinChecks

/// Whom a step may have changed.
struct Touched {
  let extent: TwinExtent
  var holders: Set<TwinHolder> = []
  var orders: Set<OrderID> = []
  var children: Set<OrderID> = []
  /// A price changed: everybody's profit may have.
  var isMarked = false
  var isTraded = false

  init(_ extent: TwinExtent) { self.extent = extent }

  mutating func add(_ command: Command, _ effects: [Effect], _ twin: Twin) {
    switch command {
    case .newOrder(let order): add(order.account, twin)
    case .cancelOrder(let cancel): add(cancel.account, twin)
    case .massCancel(let cancel): add(cancel.account, twin)
    case .moveCash(let move): add(move.account, twin)
    case .childReport(let report): add(report.fundAccount, report.child, twin)
    case .counterTrade(let trade):
      add(trade.fundAccount, trade.child, twin)
      isTraded = true
    case .counterFunds(let funds): add(funds.fundAccount, .none, twin)
    case .tick, .dayReference: isMarked = true
    case .daySwitch, .setRates, .setMarginRates, .setFeeRates, .counterRates, .assignTemplate:
      addAll(twin)
    case .setAccount(let set):
      let isOfMargin =
        set.setting == .marginRateMode || set.setting == .feeRateMode
        || set.setting == .oneSidedExchanges
      if isOfMargin { addAll(twin) }
    case .setFundAccount(let set):
      if set.setting == .oneSidedExchanges || set.setting == .counterOneSidedExchanges {
        addAll(twin)
      }
    case .setPlatform(let set):
      if set.setting == .marginRateMode || set.setting == .feeRateMode { addAll(twin) }
    default: break
    }
    for effect in effects {
      switch effect {
      case .report(let report):
        if !report.order.isNone, twin.order(report.order) != nil { add(order: report.order, twin) }
      case .sendOrder(let sent): add(sent.fundAccount, sent.child, twin)
      case .sendCancel(let sent): add(sent.fundAccount, sent.child, twin)
      case .childWaits(let waits): add(waits.fundAccount, waits.child, twin)
      case .notice(let notice):
        if notice.kind == .dayStarted || notice.kind == .rateAccount { addAll(twin) }
      default: break
      }
    }
  }

  private mutating func addAll(_ twin: Twin) {
    holders.formUnion(extent.holders)
  }

  private mutating func add(_ account: OperationAccountID, _ twin: Twin) {
    if account.index < extent.accounts { holders.insert(.account(account)) }
  }

  private mutating func add(_ fund: FundAccountID, _ child: OrderID, _ twin: Twin) {
    if fund.index < extent.funds { holders.insert(.fund(fund)) }
    guard let known = twin.children[child] else { return }
    children.insert(child)
    add(order: known.parent, twin)
  }

  private mutating func add(order id: OrderID, _ twin: Twin) {
    orders.insert(id)
    if let order = twin.orders[id] { holders.insert(.account(order.terms.account)) }
  }
}
