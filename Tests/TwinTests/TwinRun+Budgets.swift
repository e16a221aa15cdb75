import Domain
import Messages
import ReferenceModel

// Budgets of exchanges, and who is behind which fund accounts.
extension TwinRun {
  func budget() {
    switch draw.below(6) {
    case 0, 1: setBudget()
    case 2:
      step(
        .setControlGroup(
          SetControlGroup(
            fundAccount: anyFund, name: Name(draw.pick(["", "alpha", "alpha", "beta"]))!)))
    case 3:
      step(
        .setMarketMaking(
          SetMarketMaking(
            fundAccount: anyFund, commodity: anyCommodity, makesMarket: draw.chance(40))))
    default:
      step(
        .setPlatform(
          draw.pick([
            SetPlatform(setting: .budgetWarnPercent, value: draw.pick([.min, 500_000, 800_000])),
            SetPlatform(setting: .messagesInSecond, value: draw.pick([.min, 2, 3, 5])),
            SetPlatform(setting: .burstsADay, value: draw.pick([.min, 1, 2, 4])),
          ])))
    }
  }

  private func setBudget() {
    let kind = draw.pick(BudgetKind.allCases)
    let limits: [Int64] =
      switch kind {
      case .openedLots: [.min, 10, 40, 100]
      case .largeLots: [.min, 2, 5]
      case .largePercent, .largeAbovePercent: [.min, 10_000, 50_000, 1_000_000]
      default: [.min, 0, 1, 2, 4, 9]
      }
    let exchange = draw.pick([Exchange.shfe, .dce, .czce, .cffex])
    step(
      .setBudget(
        SetBudget(
          scope: draw.chance(40) ? .exchange(exchange) : anyScope, kind: kind,
          limit: draw.pick(limits))))
  }

  /// In some streams exchanges become generous when a budget is used up: levels that were reached
  /// no longer are, which is told at once.
  func loosenBudgets(_ effects: [Effect]) {
    let isUsedUp = effects.contains {
      if case .notice(let notice) = $0 { notice.kind == .budgetReached } else { false }
    }
    guard loosensBudgets, isUsedUp else { return }
    loosensBudgets = false
    for exchange in [Exchange.shfe, .dce, .czce, .cffex] {
      for kind in [BudgetKind.selfTrades, .cancels, .limitPriceCancels, .largeCancels] {
        step(.setBudget(SetBudget(scope: .exchange(exchange), kind: kind, limit: 1_000)))
      }
    }
    for commodity in UInt32(0)..<6 {
      step(
        .setBudget(
          SetBudget(scope: .commodity(CommodityID(commodity)), kind: .openedLots, limit: 10_000)))
    }
  }

  /// Everything that an exchange counts, tight, and few groups.
  func tightBudgets() {
    loosensBudgets = seed % 3 == 0
    for fund in TwinWorld.funds where draw.chance(70) {
      step(
        .setControlGroup(
          SetControlGroup(fundAccount: fund, name: Name(draw.pick(["alpha", "alpha", "beta"]))!)))
    }
    step(.setPlatform(SetPlatform(setting: .budgetWarnPercent, value: 600_000)))
    step(.setPlatform(SetPlatform(setting: .messagesInSecond, value: 2)))
    step(.setPlatform(SetPlatform(setting: .burstsADay, value: 2)))
    let kinds: [(BudgetKind, Int64)] = draw.pick([
      [(.selfTrades, 1)], [(.cancels, 1)], [(.limitPriceCancels, 1), (.selfTrades, 2)],
      [(.limitPriceCancels, Int64(draw.below(2)))], [(.largeCancels, 1), (.largeLots, 1)],
      [(.largeCancels, Int64(draw.below(2))), (.largeLots, 2)], [(.cancels, 2), (.selfTrades, 1)],
    ])
    for exchange in [Exchange.shfe, .dce, .czce, .cffex] {
      for (kind, limit) in kinds {
        step(.setBudget(SetBudget(scope: .exchange(exchange), kind: kind, limit: limit)))
      }
    }
    for commodity in UInt32(0)..<6 where draw.chance(50) {
      step(
        .setBudget(
          SetBudget(
            scope: .commodity(CommodityID(commodity)), kind: .openedLots,
            limit: Int64(draw.within(5...60)))))
    }
  }
}
