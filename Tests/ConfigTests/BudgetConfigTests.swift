import Domain
import Messages
import Testing

@testable import Config

/// budgets.json5, and who is behind a fund account.
@Suite struct BudgetConfigTests {
  private func commands(_ text: String) throws -> [Command] {
    try GenesisTests.compile(try GenesisTests.tiny("budgets.json5", text)).commands
  }

  private func budgets(_ commands: [Command]) -> [SetBudget] {
    commands.compactMap { if case .setBudget(let set) = $0 { set } else { nil } }
  }

  @Test func withoutTheFileNothingIsLimited() throws {
    let commands = try GenesisTests.compile(
      try #require(TinyConfiguration().loaded.configuration)
    ).commands
    #expect(budgets(commands).isEmpty)
  }

  @Test func withoutKeysMessagesAreCounted() throws {
    var settings: [PlatformSetting: Int64] = [:]
    for case .setPlatform(let set) in try commands("{}") { settings[set.setting] = set.value }
    #expect(settings[.budgetWarnPercent] == 800_000)
    #expect(settings[.messagesInSecond] == 10)
    #expect(settings[.burstsADay] == 10)
  }

  /// rules.md 8, by exchange.
  @Test func theDefaultsAreTheExchanges() throws {
    let configuration = try #require(
      ConfigurationLoader.load(EmbeddedDefaults.files).configuration)
    let budgets = configuration.budgets
    #expect(budgets.warnPercent == 800_000)
    #expect([budgets.messagesInSecond, budgets.burstsADay] == [10, 10])
    var byExchange: [Exchange: [BudgetKind: Int64]] = [:]
    var byCommodity: [String: [BudgetKind: Int64]] = [:]
    for row in budgets.rows {
      let limits = Dictionary(uniqueKeysWithValues: row.limits.map { ($0.kind, $0.limit) })
      switch row.scope.value {
      case .exchange(let exchange): byExchange[exchange] = limits
      case .commodity(let place): byCommodity[configuration.commodities[place].code] = limits
      default: Issue.record("a default of one instrument")
      }
    }
    let common: [BudgetKind: Int64] = [.selfTrades: 5, .cancels: 500]
    let large: [Exchange: [BudgetKind: Int64]] = [
      .shfe: [.largeCancels: 50, .largeLots: 300], .ine: [.largeCancels: 50, .largeLots: 300],
      .dce: [.largeCancels: 50, .largeAbovePercent: 800_000],
      .czce: [.largeCancels: 50, .largeLots: 800, .limitPriceCancels: 100],
      .cffex: [.largeCancels: 100, .largePercent: 800_000], .gfex: [:],
    ]
    for (exchange, more) in large {
      let expected = common.merging(more) { $1 }
      #expect(byExchange[exchange] == expected, "\(exchange)")
    }
    for code in ["IF", "IH", "IC", "IM"] {
      #expect(byCommodity[code] == [.cancels: 400], "\(code)")
    }
  }

  @Test func rowsBecomeBudgets() throws {
    let commands = try commands(
      """
      { warn: 62.5, rows: [
        { scope: 'SHFE', selfTrades: 5, cancels: 500, limitPriceCancels: 0, largeCancels: 50,
          largeLots: 300 },
        { scope: 'SHFE.rb', openedLots: 7, largePercent: 80, largeAbovePercent: 12.5 },
      ] }
      """)
    let rb = Scope.commodity(CommodityID(0))
    #expect(
      budgets(commands) == [
        SetBudget(scope: .exchange(.shfe), kind: .selfTrades, limit: 5),
        SetBudget(scope: .exchange(.shfe), kind: .cancels, limit: 500),
        SetBudget(scope: .exchange(.shfe), kind: .limitPriceCancels, limit: 0),
        SetBudget(scope: .exchange(.shfe), kind: .largeCancels, limit: 50),
        SetBudget(scope: .exchange(.shfe), kind: .largeLots, limit: 300),
        SetBudget(scope: rb, kind: .largePercent, limit: 800_000),
        SetBudget(scope: rb, kind: .largeAbovePercent, limit: 125_000),
        SetBudget(scope: rb, kind: .openedLots, limit: 7),
      ])
    let warn = SetPlatform(setting: .budgetWarnPercent, value: 625_000)
    #expect(commands.contains(.setPlatform(warn)))
  }

  @Test func groupsAndMarketMakingBecomeCommands() throws {
    let text = """
      { accounts: [{ name: 'f', product: 'p', counter: 'c', user: 'u',
        password: { generate: true }, controlGroup: 'alpha', marketMaking: ['SHFE.rb'] }] }
      """
    let commands = try GenesisTests.compile(
      try GenesisTests.tiny("fund-accounts.json5", text)
    ).commands
    let fund = FundAccountID(0)
    #expect(
      commands.contains(
        .setControlGroup(SetControlGroup(fundAccount: fund, name: Name("alpha")!))))
    #expect(
      commands.contains(
        .setMarketMaking(
          SetMarketMaking(fundAccount: fund, commodity: CommodityID(0), makesMarket: true))))
  }

  @Test(arguments: [
    ("{ warn: 0 }", "budgets.json5:1:9: warn: not allowed: 0; allowed: 1...100 percent"),
    (
      "{ messages: { inASecond: 65 } }",
      "budgets.json5:1:26: messages.inASecond: not allowed: 65; allowed: 2...64 messages"
    ),
    ("{ rows: [{ scope: 'SHFE' }] }", "budgets.json5:1:10: rows[0]: a row without a budget"),
    (
      "{ rows: [{ scope: 'SHFE', openedLots: 5 }] }",
      "budgets.json5:1:39: rows[0].openedLots: of a commodity or an instrument, not an exchange"
    ),
  ])
  func whatIsOutOfRangeIsTold(_ text: String, _ fault: String) {
    let faults = TinyConfiguration("budgets.json5", text).loaded.faults
    #expect(faults.map { "\($0)" } == [fault])
  }

  /// One trading code is one controller: two groups can't share it.
  @Test(arguments: [("'alpha'", true), ("'beta'", false), (nil, false)] as [(String?, Bool)])
  func oneCodeIsOneGroup(_ second: String?, _ isSound: Bool) {
    func account(_ name: String, _ group: String?) -> String {
      """
      { name: '\(name)', product: 'p', counter: 'c', user: '\(name)',
        password: { generate: true }, tradingCodes: { SHFE: 'one' },
        \(group.map { "controlGroup: \($0)," } ?? "") },
      """
    }
    let text = "{ accounts: [\(account("f", "'alpha'")) \(account("g", second))] }"
    let faults = TinyConfiguration("fund-accounts.json5", text).loaded.faults
    let isRefused = faults.contains { !$0.isNotice }
    #expect(isRefused != isSound, "\(faults)")
  }
}
