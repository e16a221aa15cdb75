import Domain
import Messages

/// The twin: what was defined, what happened, and nothing that was summed up.
public final class Twin {
  // Defined.
  var exchanges: [Exchange] = []
  var instruments: [TwinInstrument] = []
  var productCount = 0
  var productSettings: [[UInt16: Int64]] = []
  var productModes: [RoutingMode] = []
  var commodityModes: [[CommodityID: RoutingMode]] = []
  var funds: [TwinFund] = []
  var accounts: [TwinAccount] = []
  var rates: [TwinRateKey: TwinRate] = [:]
  var templates: [TwinTemplateKey: AccountTemplateID] = [:]
  var templateSizes: [TwinSizeKey: (lots: Int64, margin: Int64)] = [:]
  var orderSizes: [TwinSizeKey: (lots: Int64, margin: Int64)] = [:]
  var onlyListedTemplates: [AccountTemplateID: Bool] = [:]
  var firstLogins: [ProductID: (fund: FundAccountID, day: TradingDay)] = [:]
  var deliveryMultiples: [Lots] = []
  var positionLimits: [TwinLimitKey: SetPositionLimit] = [:]
  var openVolumes: [TwinFundKey: Int64] = [:]
  var quotas: [TwinQuotaKey: SetFundQuota] = [:]
  var lists: [TwinListOwner: Set<Scope>] = [:]
  var platformSettings: [PlatformSetting: Int64] = [:]
  var answerSeconds: Int64 = .min
  /// Changes of the configuration so far.
  var revision: UInt64 = 0
  var lines = TwinLines()
  var windows = TwinWindows()
  var schemes = TwinSchemes()
  var fees = TwinFees()
  var controllers: [TwinController] = []
  var counterCount = 0
  var liquidations = TwinLiquidations()

  var declaredCommodities: Set<CommodityID> = []
  var budgets = TwinBudgets()

  // Happened.
  /// Of today.
  var declarations: [TwinDeclaration] = []
  var cash: [TwinHolder: TwinCash] = [:]
  var facts: [TwinFact] = []
  var unmapped: [TwinUnmapped] = []
  /// Confirmed cancels of today.
  var cancels: [(OperationAccountID, InstrumentID)] = []
  /// When each account's orders of today were accepted.
  var acceptedAt: [OperationAccountID: [Timestamp]] = [:]
  var rateBars: [OperationAccountID: Set<Offset>] = [:]
  /// The same of each fund account's children, and its confirmed cancels of today.
  var sentAt: [FundAccountID: [Timestamp]] = [:]
  var fundBars: [FundAccountID: Set<Offset>] = [:]
  var fundCancels: [(FundAccountID, InstrumentID)] = []
  var lastTradeNumber: UInt64 = 0
  /// What trades of earlier days that were assigned today had earned by then: the fund accounts
  /// have it in their equity, the operation accounts as profit of today.
  var carriedProfit: [ProductID: Int64] = [:]
  /// The same of options: premium that operation accounts paid or got for them today, and fund
  /// accounts on the day of the trade.
  var carriedPremium: [ProductID: Int64] = [:]
  public internal(set) var day = TradingDay.none
  /// Of today's night, yyyymmdd; 0 = it has none.
  var nightDate: UInt32 = 0
  var comingDay: DaySwitch?
  var clockJumped = false
  var barred: Set<OperationAccountID> = []
  var switches: Set<TwinSwitch> = []

  // Today's, in the order they came.
  public internal(set) var orders: [OrderID: TwinOrder] = [:]
  public internal(set) var children: [OrderID: TwinChild] = [:]
  var ordersOf: [OperationAccountID: [OrderID]] = [:]
  var childrenOf: [FundAccountID: [OrderID]] = [:]
  var byClOrdID: [OperationAccountID: [ClOrdID: OrderID]] = [:]
  /// Children in the order they were sent.
  var sequenceOfChildren: [OrderID] = []

  // Made of `facts`, fact by fact; `replayed()` makes it of all of them again.
  var positions = TwinPositions()

  /// What can't be by the specification. A check takes them away.
  public var complaints: [String] = []
  /// Whoever drives the engine has it work off every task before the next command.
  public var worksOffAtOnce = true
  /// Added to the lots and the price of the next fill of a child, to show that a wrong fill is
  /// noticed.
  public var tamperNextFill: (lots: Lots, price: Int64)?

  /// What must leave for counters, and has not yet: a step does only so much.
  var dueCancels: [OrderID] = []
  /// Orders whose cancel a task will ask for when its turn comes.
  var queuedCancels: [OrderID] = []
  var uncertainCancels: Set<TwinCancelPlace> = []
  var dueFates: [OrderID] = []
  /// What goes over the links of fund accounts with a quota.
  var links: [FundAccountID: TwinLink] = [:]
  var sentChildren: Set<OrderID> = []
  /// Cancels that waited, or might have, and have left with the last step.
  var cancelsOfStep: Set<OrderID> = []
  /// Times that no work waited.
  var round = 1
  /// What each order's terminal was told last.
  var told: [OrderID: TwinTold] = [:]

  var now = Timestamp(nanoseconds: 0)

  public init() {}

  /// Takes in a command and what the engine did about it.
  public func apply(_ stamped: Stamped, _ effects: [Effect]) {
    now = stamped.time
    cancelsOfStep = []
    lines.releasedInStep = [:]
    checkUnanswered(effects)
    switch stamped.command {
    case .newOrder(let order): newOrder(order, effects)
    case .cancelOrder(let cancel): cancelOrder(cancel, effects)
    case .massCancel(let cancel): massCancel(cancel)
    case .childReport(let report): childReport(report, effects)
    case .counterTrade(let trade): counterTrade(trade, effects)
    case .counterLinkUp(let up): linkUp(up)
    case .counterResynced(let done): resynced(done)
    case .counterLinkDown(let down): linkDown(down)
    case .counterFunds(let funds): counterFunds(funds)
    case .tick(let tick): self.tick(tick)
    case .dayReference(let reference): dayReference(reference, effects)
    case .settlementPrice(let settlement): settlementPrice(settlement, effects)
    case .daySwitch(let next): daySwitch(next, effects)
    case .clockJumped(let jump): if jump.nanoseconds >= 1_000_000_000 { clockJumped = true }
    case .confirmClock: clockJumped = false
    case .sessionClosed(let closed): sessionClosed(closed)
    case .instrumentStatus(let status):
      if status.instrument.index < instruments.count {
        instruments[status.instrument.index].hasStatus = true
      }
    case .logon, .timeReached, .continueWork: break
    default:
      if !controller(stamped.command, effects) { configure(stamped.command, effects) }
    }
    for effect in effects {
      switch effect {
      case .notice(let notice) where notice.kind == .dayStarted:
        dayStarted()
        linesOfNewDay()
      case .notice(let notice)
      where notice.kind == .lineReached || notice.kind == .lineReleased:
        lineNotice(notice)
      case .notice(let notice) where notice.kind == .netValueLineReached:
        secondLevel(notice)
      case .notice(let notice) where notice.kind == .disconnectCancel: disconnected(notice)
      case .notice(let notice)
      where notice.kind == .clauseReached || notice.kind == .clauseReleased:
        clauseNotice(notice)
      case .notice(let notice)
      where notice.kind == .fundAccountDeclined && notice.rule == .fundMessageQuota:
        declinedByQuota(notice)
      case .notice(let notice) where notice.kind == .productFeesAccrued: feesAccrued(notice)
      case .logonVerdict(let verdict): verdictGiven(verdict)
      default: break
      }
    }
    liquidate(effects)
    countMessages(effects)
    checkBudgetNotices(effects)
    checkReports(effects)
    checkSent(effects)
  }

  /// Puts an order back; a hold whose lots changed is taken at the rates of this moment.
  func store(_ order: TwinOrder) {
    orders[order.id] = order
    if order.leaves == 0 { endQueuedCancel(of: order.id) }
    guard order.holdRates == nil, order.leaves > 0 else { return }
    let rates = rates(.account(order.terms.account), order.terms.instrument)
    orders[order.id]?.holdRates = rates
  }

  func takeHold(child id: OrderID) {
    guard let child = children[id], child.holdRates == nil, child.held > 0 else { return }
    let rates = rates(.fund(child.fund), child.instrument)
    children[id]?.holdRates = rates
  }

  func complain(_ text: @autoclosure () -> String) { complaints.append(text()) }

  /// Each account's reports are numbered without a gap; nobody is told of another's order.
  private func checkReports(_ effects: [Effect]) {
    for case .report(let report) in effects {
      if report.reportSequence != 0 {
        let last = accounts[report.account.index].reportSequence
        if report.reportSequence != last + 1 {
          complain("report \(report.reportSequence) of account \(report.account.raw) after \(last)")
        }
        accounts[report.account.index].reportSequence = report.reportSequence
      }
      guard let order = orders[report.order] else { continue }
      if report.account == order.terms.account {
        settleUncertain(report)
        told[order.id] = TwinTold(
          state: report.state, filled: report.cumulativeLots, leaves: report.leavesLots,
          unknown: report.unknownLots)
      } else if report.state != .unknown {
        complain("order \(order.id) is told to \(report.account.raw)")
      }
    }
  }

  /// Whether the newest report of an order says how it stands.
  public func checkTold(_ id: OrderID) {
    guard let order = orders[id] else { return }
    let stands = TwinTold(
      state: order.state, filled: order.filled, leaves: order.leaves,
      unknown: unknownLots(order))
    if let told = told[id], told == stands { return }
    complain("order \(id): told \(String(describing: told[id])), it is \(stands)")
  }

  /// Cancels and questions leave in the order they became due, and nothing else does. Where tasks
  /// wait while other commands come, a cancel may leave in front of those of a task.
  private func checkSent(_ effects: [Effect]) {
    // While a day is switched its orders go bit by bit.
    if comingDay != nil {
      dueCancels = []
      queuedCancels = []
      dueFates = []
      return
    }
    for effect in effects {
      switch effect {
      case .sendCancel(let sent) where cancelsOfStep.contains(sent.child): break
      case .sendCancel(let sent):
        if !dueCancels.contains(sent.child), let child = children[sent.child] {
          carryOutQueuedCancel(of: child.parent)
        }
        // Liquidations look when their time has come, whatever else is due.
        if !worksOffAtOnce || liquidations.last > 0,
          let place = dueCancels.firstIndex(of: sent.child)
        {
          dueCancels.swapAt(0, place)
        }
        if dueCancels.first != sent.child {
          complain("cancel of \(sent.child) leaves, due are \(dueCancels)")
        }
        dueCancels = Array(dueCancels.dropFirst())
      case .askFate(let ask):
        if dueFates.first != ask.child { complain("asks for \(ask.child), due are \(dueFates)") }
        dueFates = Array(dueFates.dropFirst())
      default: break
      }
    }
  }

  /// Once no work waits, nothing is due.
  public func checkNothingDue() {
    for id in queuedCancels { carryOutQueuedCancel(of: id) }
    if !worksOffAtOnce {
      // What ended, or lost its link, before its task's turn came needs no cancel any more.
      dueCancels.removeAll { id in
        children[id].map { $0.isFinal || !funds[$0.fund.index].isReady } ?? true
      }
    }
    if !dueCancels.isEmpty { complain("cancels never left: \(dueCancels)") }
    if !dueFates.isEmpty { complain("never asked for: \(dueFates)") }
    checkBudgetsTold()
    checkDisconnected()
    checkLiquidations()
    checkWaiting()
  }

  /// Of each child the counter has said nothing of for too long, once.
  private func checkUnanswered(_ effects: [Effect]) {
    var told = Set<OrderID>()
    for case .notice(let notice) in effects where notice.kind == .childUnanswered {
      told.insert(notice.order)
    }
    guard comingDay == nil, answerSeconds != .min || !told.isEmpty else { return }
    for id in sequenceOfChildren {
      guard let child = children[id], child.state == .sent, !child.isReported else { continue }
      let isDue = answerSeconds != .min && child.sentAt.adding(seconds: answerSeconds) <= now
      if isDue != told.contains(id) { complain("child \(id): unanswered \(isDue), told otherwise") }
      if isDue { children[id]?.isReported = true }
    }
  }
}
