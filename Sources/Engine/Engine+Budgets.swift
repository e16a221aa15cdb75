import Domain
import Ledger
import MarketData
import Messages
import RiskRules
import Routing

// Budgets of what exchanges call abnormal trading (rules.md 8): what is allowed, and what is told
// of what was used. Fund accounts are barred in routing (`FundBudgets`).
extension Engine {
  mutating func configureBudgets(_ command: Command, _ effects: inout EffectBuffer) {
    switch command {
    case .setBudget(let set): setBudget(set, &effects)
    case .setControlGroup(let set): setControlGroup(set, &effects)
    case .setMarketMaking(let set):
      guard ledger.exists(set.fundAccount), market.exists(set.commodity) else {
        return refuse(&effects)
      }
      ledger.setMarketMaking(set.fundAccount, set.commodity, set.makesMarket)
    default: refuse(&effects)
    }
  }

  /// Largest budget, a count or lots: so that it times a whole in 1e-4 of one percent fits 64 bits.
  public static let budgetMaximum: Int64 = 2_000_000_000

  private mutating func setBudget(_ set: SetBudget, _ effects: inout EffectBuffer) {
    let isPercent = set.kind == .largePercent || set.kind == .largeAbovePercent
    let most = isPercent ? 1_000_000 : Self.budgetMaximum
    guard set.kind != .unknown, set.limit == .min || (0...most).contains(set.limit) else {
      return refuse(&effects, observed: set.limit, limit: most)
    }
    switch set.scope {
    case .exchange(let exchange) where exchange != .unknown && set.kind != .openedLots:
      ledger.setBudget(exchange: exchange, set.kind, set.limit)
    case .commodity(let commodity) where market.exists(commodity):
      ledger.setBudget(commodity: commodity, set.kind, set.limit)
    case .instrument(let instrument) where market.exists(instrument):
      ledger.setBudget(instrument: instrument, set.kind, set.limit)
    default: return refuse(&effects)
    }
    lookAtBudgets(&effects)
  }

  private mutating func setControlGroup(_ set: SetControlGroup, _ effects: inout EffectBuffer) {
    guard ledger.exists(set.fundAccount) else { return refuse(&effects) }
    guard !set.name.isEmpty else { return ledger.setControlGroup(set.fundAccount, 0) }
    let most = ledger.capacities.fundAccounts
    guard let group = directory.controlGroup(set.name.string, atMost: most) else {
      return refuse(&effects, .capacity, limit: Int64(most), unit: .count)
    }
    ledger.setControlGroup(set.fundAccount, group)
  }

  /// What is told at which share, and which messages are many; false where the setting is another.
  mutating func setBudgets(_ set: SetPlatform, _ effects: inout EffectBuffer) {
    let most: Int64 =
      switch set.setting {
      case .budgetWarnPercent: 1_000_000
      case .messagesInSecond: Int64(BudgetMessages.most)
      default: Self.budgetMaximum
      }
    let least: Int64 = set.setting == .messagesInSecond ? 2 : 1
    guard set.value == .min || (least...most).contains(set.value) else {
      return refuse(&effects, observed: set.value, limit: most)
    }
    switch set.setting {
    case .budgetWarnPercent: ledger.setBudgetWarning(set.value)
    case .messagesInSecond: ledger.setBudgetMessages(inSecond: set.value)
    default: ledger.setBudgetMessages(aDay: set.value)
    }
    lookAtBudgets(&effects)
  }

  // MARK: What is told

  /// The exchange has cancelled lots of a child.
  mutating func countBudget(
    cancelled number: UInt32, lots: Lots, _ effects: inout EffectBuffer
  ) {
    let child = ledger.child(number)
    let record = ledger.countBudget(
      cancelled: number, lots: lots, market.instrument(child.pointee.instrument))
    tellBudgets(record, child.pointee.fundAccount, child.pointee.id, &effects)
  }

  /// A child has traded.
  mutating func countBudget(
    filled number: UInt32, _ trade: CounterTrade, _ effects: inout EffectBuffer
  ) {
    let child = ledger.child(number)
    let record = ledger.budgetRecord(ofChild: number)
    ledger.countBudget(trade: trade.tradeID, side: child.pointee.side, of: record)
    tellBudgets(record, trade.fundAccount, child.pointee.id, &effects)
  }

  /// A trade that no child of ours made.
  mutating func countBudget(
    external trade: ExternalTrade, _ effects: inout EffectBuffer
  ) {
    let record = ledger.countBudget(external: trade, market.instrument(trade.instrument))
    ledger.countBudget(trade: trade.tradeID, side: trade.side, of: record)
    tellBudgets(record, trade.fundAccount, .none, &effects)
  }

  /// Something was counted: tells once of each level that it has passed. Between two days nobody
  /// is told: what has ended was released, and what begins has counted nothing yet.
  private mutating func tellBudgets(
    _ number: UInt32, _ fund: FundAccountID, _ order: OrderID, _ effects: inout EffectBuffer
  ) {
    tellLostBudgets(&effects)
    guard number != 0, nextDay == nil else { return }
    tellLevels(number, fund, order, &effects)
  }

  /// Tells of levels that are passed and were not when they were looked at last, and of those that
  /// no longer are.
  private mutating func tellLevels(
    _ number: UInt32, _ fund: FundAccountID, _ order: OrderID, _ effects: inout EffectBuffer
  ) {
    let record = ledger.budgets.record(number)
    let limits = ledger.budgetLimits(
      record.pointee.instrument, market.instrument(record.pointee.instrument))
    for raw in 0...BudgetTally.openedOfCommodity.rawValue {
      guard let tally = BudgetTally(rawValue: raw) else { continue }
      let isCommon = tally == .openedOfCommodity
      let before = isCommon ? ledger.budgets.commodity(of: record).told : record.pointee.told
      let (used, limit) = ledger.budget(tally, record, limits)
      let told = tell(
        tally, used: used, limit: limit, before, fund, record.pointee.instrument, order, &effects)
      if told != before { ledger.setTold(told, number, ofCommodity: isCommon) }
    }
  }

  /// Limits, or the share that is told, are others, or the day ends: groups that used some of them
  /// are told where they stand by now. The first slice goes with the step.
  mutating func lookAtBudgets(_ effects: inout EffectBuffer) {
    guard isTrading else { return }
    start(
      WorkItem(
        kind: .tellBudgets, side: .unknown, subject: 0, instrument: .none, cursor: 0, bound: .max,
        holders: Ledger.HolderCursor(chunk: 0, offset: 0)),
      &effects)
  }

  /// Group after group as they came, and then messages by fund account and exchange.
  mutating func tellBudgetsSlice(
    _ item: UnsafeMutablePointer<WorkItem>, _ units: inout Int, _ effects: inout EffectBuffer
  ) -> Bool {
    while item.pointee.cursor < UInt32(ledger.budgets.recordCount) {
      guard units > 0, effects.hasRoom(for: 16) else { return false }
      units -= 1
      item.pointee.cursor += 1
      let fund = ledger.budgets.record(item.pointee.cursor).pointee.fundAccount
      tellLevels(item.pointee.cursor, fund, .none, &effects)
    }
    while item.pointee.reached < UInt32(ledger.fundAccountCount) {
      guard units > 0, effects.hasRoom(for: 16) else { return false }
      units -= Exchange.count
      let fund = FundAccountID(item.pointee.reached)
      item.pointee.reached += 1
      for raw in 1...UInt8(Exchange.count) {
        guard let exchange = Exchange(rawValue: raw) else { continue }
        let (bursts, told) = ledger.budgetMessages(fund, exchange)
        if bursts > 0 { tellMessages(fund, exchange, .none, bursts, told, &effects) }
      }
    }
    return true
  }

  /// Share before all of it; returns what is told by now. Of a day that ends nothing holds.
  private mutating func tell(
    _ tally: BudgetTally, used: Int64, limit: Int64, _ before: BudgetTold,
    _ fund: FundAccountID, _ instrument: InstrumentID, _ order: OrderID,
    _ effects: inout EffectBuffer
  ) -> BudgetTold {
    let used = nextDay == nil ? used : 0
    let isLimited = limit != .max && nextDay == nil
    let isReached = isLimited && used >= limit
    let percent = ledger.budgets.warnPercent
    let isWarned = isLimited && percent != .min && used * 1_000_000 >= limit * percent
    var told = before
    for isAll in 0...1 {
      let level: BudgetTold = isAll == 1 ? .reached(tally) : .warned(tally)
      let holds = isAll == 1 ? isReached : isWarned
      guard holds != before.contains(level) else { continue }
      if holds { told.insert(level) } else { told.remove(level) }
      let kind: NoticeKind = isAll == 1 ? .budgetReached : .budgetWarned
      notice(
        holds ? kind : .budgetReleased, &effects, rule: tally.rule, scope: .fundAccount,
        scopeID: fund.raw, order: order, observed: used, limit: limit == .max ? 0 : limit,
        unit: tally.unit, instrument: instrument)
    }
    return told
  }

  /// Something found no room: from now on opening is refused where it would have counted.
  private mutating func tellLostBudgets(_ effects: inout EffectBuffer) {
    guard ledger.takeLostBudgets() else { return }
    notice(
      .budgetUncounted, &effects, rule: .capacity, scope: .platform,
      observed: Int64(ledger.budgets.recordCount), limit: Int64(ledger.budgets.tradeCount),
      unit: .count)
  }

  /// An order or a cancel leaves for an exchange.
  @inline(__always)
  mutating func countForExchange(
    _ fund: FundAccountID, _ instrument: InstrumentID, _ effects: inout EffectBuffer
  ) {
    if ledger.budgets.messagesInSecond != .min { countMessage(fund, instrument, &effects) }
  }

  @inline(never)
  private mutating func countMessage(
    _ fund: FundAccountID, _ instrument: InstrumentID, _ effects: inout EffectBuffer
  ) {
    let exchange = market.instrument(instrument).pointee.exchange
    guard let messages = ledger.countBudgetMessage(fund, exchange, at: now), nextDay == nil
    else { return }
    tellMessages(
      fund, exchange, instrument, messages.pointee.bursts, messages.pointee.told, &effects)
  }

  private mutating func tellMessages(
    _ fund: FundAccountID, _ exchange: Exchange, _ instrument: InstrumentID, _ bursts: Int32,
    _ before: BudgetTold, _ effects: inout EffectBuffer
  ) {
    let most = ledger.budgets.burstsADay
    let told = tell(
      .messages, used: Int64(bursts), limit: most == .min ? .max : most, before, fund, instrument,
      .none, &effects)
    if told != before { ledger.setTold(messages: fund, exchange, told) }
  }
}
