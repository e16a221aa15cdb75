import Domain
import Messages

// Exchanges' budgets.
extension StateHashTests {
  static let budgets: [(String, Command)] = [
    (
      "a budget of an exchange",
      .setBudget(SetBudget(scope: .exchange(.shfe), kind: .cancels, limit: 5))
    ),
    (
      "a budget of a commodity",
      .setBudget(SetBudget(scope: .commodity(World.rb), kind: .openedLots, limit: 5))
    ),
    (
      "a budget of an instrument",
      .setBudget(SetBudget(scope: .instrument(World.rb2701), kind: .cancels, limit: 5))
    ),
    (
      "a real-control group",
      .setControlGroup(SetControlGroup(fundAccount: World.north1, name: Name("alpha")!))
    ),
    (
      "a market maker",
      .setMarketMaking(
        SetMarketMaking(fundAccount: World.north1, commodity: World.rb, makesMarket: true))
    ),
    (
      "the share of a budget that is told",
      .setPlatform(SetPlatform(setting: .budgetWarnPercent, value: 1))
    ),
    (
      "how many messages are many", .setPlatform(SetPlatform(setting: .messagesInSecond, value: 3))
    ),
    (
      "how often many messages are told", .setPlatform(SetPlatform(setting: .burstsADay, value: 3))
    ),
  ]
}
