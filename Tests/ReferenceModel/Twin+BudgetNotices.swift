import Domain
import Messages

/// A level of a budget: its share, or all of it, of a group in an instrument or a commodity.
struct TwinBudgetLevel: Hashable {
  var group: TwinGroup
  var instrument: InstrumentID
  var commodity: CommodityID
  var rule: RuleID
  var isAll: Bool
}

// What is told of budgets (rules.md 8): each level once while it holds, and as soon as it does or
// no longer does. With the day all of them end.
extension Twin {
  /// One budget of a place: what was used of it, and what there is.
  private struct Line {
    var level: TwinBudgetLevel
    var used: Int64
    var limit: Int64?
  }

  /// Something to be told, and what is known once it was.
  private struct Due {
    var notice: Notice
    var level: TwinBudgetLevel? = nil
    var ofMessages: TwinBudgets.SenderLevel? = nil
    var holds: Bool
  }

  private func holds(_ used: Int64, of limit: Int64?, isAll: Bool) -> Bool {
    guard comingDay == nil, let limit else { return false }
    if isAll { return used >= limit }
    guard let percent = platformSettings[.budgetWarnPercent], percent != .min else { return false }
    return used * 1_000_000 >= limit * percent
  }

  private func lines(_ place: TwinBudgets.Place) -> [Line] {
    let id = place.instrument
    let commodity = instruments[id.index].commodity
    let use = budgetUse(at: place)
    func opened(_ scope: Scope) -> Int64? {
      budgets.limits[TwinBudgets.Key(scope: scope, kind: .openedLots)]
    }
    let rows: [(RuleID, Int64, Int64?, isCommon: Bool)] = [
      (.selfTradeBudget, Int64(use.selfTrades), limit(.selfTrades, id), false),
      (.cancelBudget, Int64(use.cancels), limit(.cancels, id), false),
      (.limitPriceCancelBudget, Int64(use.limitPriceCancels), limit(.limitPriceCancels, id), false),
      (.largeCancelBudget, Int64(use.largeCancels), limit(.largeCancels, id), false),
      (.openedLotsBudget, use.opened, opened(.instrument(id)), false),
      (.openedLotsBudget, use.openedOfCommodity, opened(.commodity(commodity)), true),
    ]
    return rows.flatMap { rule, used, limit, isCommon in
      [false, true].map { isAll in
        Line(
          level: TwinBudgetLevel(
            group: place.group, instrument: isCommon ? .none : id,
            commodity: isCommon ? commodity : .none, rule: rule, isAll: isAll),
          used: used, limit: limit)
      }
    }
  }

  private func notice(
    _ rule: RuleID, _ fund: FundAccountID, _ id: InstrumentID, used: Int64, limit: Int64?,
    isAll: Bool, holds: Bool
  ) -> Notice {
    Notice(
      kind: !holds ? .budgetReleased : isAll ? .budgetReached : .budgetWarned, rule: rule,
      scopeKind: .fundAccount, scopeID: fund.raw, order: .none,
      observed: comingDay == nil ? used : 0, limit: limit ?? 0,
      unit: rule == .openedLotsBudget ? .lots : .count, level: .unknown, action: .unknown,
      number: 0, instrument: id)
  }

  /// What is to be told of a place that is looked at.
  private func due(
    _ place: TwinBudgets.Place, _ fund: FundAccountID, _ told: inout Set<TwinBudgetLevel>
  ) -> [Due] {
    var due: [Due] = []
    for line in lines(place) {
      let holds = holds(line.used, of: line.limit, isAll: line.level.isAll)
      guard holds != told.contains(line.level) else { continue }
      if holds { told.insert(line.level) } else { told.remove(line.level) }
      due.append(
        Due(
          notice: notice(
            line.level.rule, fund, place.instrument, used: line.used, limit: line.limit,
            isAll: line.level.isAll, holds: holds),
          level: line.level, holds: holds))
    }
    return due
  }

  private func due(
    _ sender: TwinBudgets.Sender, _ fund: FundAccountID, _ id: InstrumentID,
    _ told: inout Set<TwinBudgets.SenderLevel>
  ) -> [Due] {
    let used = Int64(budgets.bursts[sender, default: 0])
    let limit = platformSettings[.burstsADay].flatMap { $0 == .min ? nil : $0 }
    var due: [Due] = []
    for isAll in [false, true] {
      let level = TwinBudgets.SenderLevel(sender: sender, isAll: isAll)
      let holds = holds(used, of: limit, isAll: isAll)
      guard holds != told.contains(level) else { continue }
      if holds { told.insert(level) } else { told.remove(level) }
      due.append(
        Due(
          notice: notice(
            .programmeTrading, fund, id, used: used, limit: limit, isAll: isAll, holds: holds),
          ofMessages: level, holds: holds))
    }
    return due
  }

  /// So many messages have left within a second.
  func tellMessages(_ sender: TwinBudgets.Sender, _ fund: FundAccountID, _ id: InstrumentID) {
    var told = budgets.toldOfMessages
    budgets.dueOfMessages += due(sender, fund, id, &told).map(\.notice)
    budgets.toldOfMessages = told
  }

  /// What is to be told of everybody: of groups by instrument in the order in which they began to
  /// use budgets, then of messages by fund account.
  private func dueOfAll() -> [Due] {
    var told = budgets.told
    var all = budgets.places.flatMap { due($0.place, $0.fund, &told) }
    var toldOfMessages = budgets.toldOfMessages
    for index in funds.indices {
      let fund = FundAccountID(UInt32(index))
      for exchange in Exchange.allCases where exchange != .unknown {
        let sender = TwinBudgets.Sender(group: group(fund, exchange), exchange: exchange)
        all += due(sender, fund, .none, &toldOfMessages)
      }
    }
    return all
  }

  /// Compares what a step told of budgets with what there was to be told.
  func checkBudgetNotices(_ effects: [Effect]) {
    var due: [Notice] = []
    if let (place, fund) = budgets.looked, comingDay == nil {
      var told = budgets.told
      due = self.due(place, fund, &told).map(\.notice)
      budgets.told = told
    }
    var ofMessages = budgets.dueOfMessages
    budgets.looked = nil
    budgets.dueOfMessages = []
    var others: [Notice] = []
    for case .notice(var notice) in effects {
      switch notice.kind {
      case .budgetWarned, .budgetReached, .budgetReleased:
        notice.order = .none
        notice.number = 0
        if notice.rule != .programmeTrading, notice == due.first {
          due.removeFirst()
        } else if notice == ofMessages.first {
          ofMessages.removeFirst()
        } else {
          others.append(notice)
        }
      case .fundAccountDeclined: checkDeclined(notice)
      default: continue
      }
    }
    if !due.isEmpty || !ofMessages.isEmpty { complain("of budgets is \(due + ofMessages)") }
    if !others.isEmpty { checkLook(others) }
  }

  /// Limits are others, or the day ends: everybody is told, though perhaps not in one step.
  private func checkLook(_ said: [Notice]) {
    guard budgets.isAllLookedAt else { return complain("of budgets nothing is due but \(said)") }
    var due = dueOfAll()[...]
    for notice in said {
      guard let place = due.firstIndex(where: { $0.notice == notice }) else {
        return complain("of budgets was told \(notice), and is \(due.map(\.notice))")
      }
      if let level = due[place].level {
        if due[place].holds { budgets.told.insert(level) } else { budgets.told.remove(level) }
      }
      if let level = due[place].ofMessages {
        if due[place].holds {
          budgets.toldOfMessages.insert(level)
        } else {
          budgets.toldOfMessages.remove(level)
        }
      }
      due = due[(place + 1)...]
    }
  }

  /// Once no work waits, everybody has been told.
  func checkBudgetsTold() {
    guard budgets.isAllLookedAt else { return }
    budgets.isAllLookedAt = false
    let due = dueOfAll()
    if !due.isEmpty { complain("of budgets nobody was told \(due.map(\.notice))") }
  }

  /// The day's budgets are forgotten: whoever was told of one heard that it is free again.
  func checkBudgetsReleased() {
    if !budgets.told.isEmpty { complain("of budgets is still said \(budgets.told)") }
    budgets.isAllLookedAt = false
  }

  /// A fund account that a budget kept from opening: it is used up.
  private func checkDeclined(_ notice: Notice) {
    guard let order = orders[notice.order] else { return }
    let fund = FundAccountID(notice.scopeID)
    let id = order.terms.instrument
    let use = budgetUse(fund, id)
    let (used, most): (Int, Int64?)
    switch notice.rule {
    case .selfTradeBudget: (used, most) = (use.selfTrades, limit(.selfTrades, id))
    case .cancelBudget: (used, most) = (use.cancels, limit(.cancels, id))
    case .limitPriceCancelBudget:
      (used, most) = (use.limitPriceCancels, limit(.limitPriceCancels, id))
    case .largeCancelBudget: (used, most) = (use.largeCancels, limit(.largeCancels, id))
    default: return
    }
    if notice.observed != Int64(used) || notice.limit != most || Int64(used) < notice.limit {
      complain("\(notice): \(used) of \(most ?? -1) are used")
    }
  }
}
