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

// What is told of budgets (rules.md 8): each level once while it holds, and at once.
extension Twin {
  /// One budget of a place: what was used of it, and what there is.
  private struct Line {
    var level: TwinBudgetLevel
    var used: Int64
    var limit: Int64?

    func holds(_ percent: Int64?) -> Bool {
      guard let limit else { return false }
      if level.isAll { return used >= limit }
      guard let percent else { return false }
      return used * 1_000_000 >= limit * percent
    }
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

  /// Compares what a step told of budgets with what there was to be told.
  func checkBudgetNotices(_ effects: [Effect]) {
    defer { budgets.looked = nil }
    var due: [Notice] = []
    if let (place, fund) = budgets.looked {
      let percent = platformSettings[.budgetWarnPercent].flatMap { $0 == .min ? nil : $0 }
      for line in lines(place) {
        let holds = line.holds(percent)
        guard holds != budgets.told.contains(line.level) else { continue }
        if holds { budgets.told.insert(line.level) } else { budgets.told.remove(line.level) }
        due.append(
          Notice(
            kind: !holds ? .budgetReleased : line.level.isAll ? .budgetReached : .budgetWarned,
            rule: line.level.rule, scopeKind: .fundAccount, scopeID: fund.raw, order: .none,
            observed: line.used, limit: line.limit ?? 0,
            unit: line.level.rule == .openedLotsBudget ? .lots : .count, level: .unknown,
            action: .unknown, number: 0, instrument: place.instrument))
      }
    }
    var said: [Notice] = []
    for case .notice(var notice) in effects {
      switch notice.kind {
      case .budgetWarned, .budgetReached, .budgetReleased:
        guard notice.rule != .programmeTrading else { continue }
        notice.order = .none
        notice.number = 0
        said.append(notice)
      case .fundAccountDeclined: checkDeclined(notice)
      default: continue
      }
    }
    if said != due { complain("of budgets was told \(said), and is \(due)") }
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
