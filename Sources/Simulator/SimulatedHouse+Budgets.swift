import Domain
import Messages

// What exchanges allow the house a day, and whose fund accounts are whose.
extension SimulatedHouse {
  /// Tight enough to be met within a day. Fund accounts 0 and 4 are one controller's, 2 and 3 one
  /// trading code's.
  static var budgets: [Command] {
    var commands: [Command] = [
      .setPlatform(SetPlatform(setting: .budgetWarnPercent, value: 600_000)),
      .setPlatform(SetPlatform(setting: .messagesInSecond, value: 3)),
      .setPlatform(SetPlatform(setting: .burstsADay, value: 2)),
    ]
    for exchange in [Exchange.shfe, .dce] {
      commands += [
        budget(.exchange(exchange), .cancels, 25), budget(.exchange(exchange), .selfTrades, 3),
        budget(.exchange(exchange), .limitPriceCancels, 4),
        budget(.exchange(exchange), .largeCancels, 12), budget(.exchange(exchange), .largeLots, 5),
      ]
    }
    commands.append(budget(.commodity(CommodityID(0)), .openedLots, 150))
    for fund in [0, 4] {
      commands.append(
        .setControlGroup(
          SetControlGroup(fundAccount: FundAccountID(UInt32(fund)), name: Name("alpha")!)))
    }
    return commands
  }

  private static func budget(_ scope: Scope, _ kind: BudgetKind, _ limit: Int64) -> Command {
    .setBudget(SetBudget(scope: scope, kind: kind, limit: limit))
  }

  /// A controller changes a budget, or who is behind a fund account.
  static func budget(fund: Int, _ draws: inout SplitMix64) -> Command {
    let id = FundAccountID(UInt32(fund))
    switch draws.below(5) {
    case 0:
      return .setControlGroup(
        SetControlGroup(fundAccount: id, name: Name(draws.pick(["", "alpha", "beta"]))!))
    case 1:
      return .setMarketMaking(
        SetMarketMaking(
          fundAccount: id, commodity: CommodityID(UInt32(draws.below(2))),
          makesMarket: draws.chance(40)))
    case 2:
      return budget(.commodity(CommodityID(0)), .openedLots, draws.pick([.min, 60, 200]))
    case 3: return budget(.exchange(.shfe), .largeLots, draws.pick([2, 5, 9]))
    default:
      return budget(
        .exchange(draws.chance(50) ? .shfe : .dce),
        draws.pick([.cancels, .selfTrades, .limitPriceCancels, .largeCancels]),
        draws.pick([.min, 2, 6, 30]))
    }
  }
}
