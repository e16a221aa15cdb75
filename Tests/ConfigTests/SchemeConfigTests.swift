import Domain
import Messages
import Testing

@testable import Config

/// schemes.json5: what it may say, and the commands that it makes.
@Suite struct SchemeConfigTests {
  private static let sectors = "sectors: [{ name: 's', commodities: ['SHFE.rb'] }]"
  private static func clause(_ text: String) -> String {
    "{ schemes: [{ name: 'one', clauses: [{ number: 1, \(text) }] }] }"
  }
  private static func product(_ text: String) -> String {
    "{ schemes: [{ name: 'one', clauses: [] }], products: [{ product: 'p', "
      + "night: { rule: 'as-day' }, holiday: { rule: 'none' }, \(text) }] }"
  }

  private static func account(_ text: String) -> String {
    "{ schemes: [{ name: 'one', clauses: [] }], accounts: [{ account: 'a', "
      + "night: { rule: 'as-day' }, holiday: { rule: 'none' }, \(text) }] }"
  }

  private func words(_ text: String) -> [String] {
    TinyConfiguration("schemes.json5", text).loaded.faults.map(\.description)
  }

  static let faults: [(String, String)] = [
    (
      clause("kind: 'single-position-lots', yuan: { levelOne: 1 }"),
      "levels of this kind are in lots"
    ),
    (
      clause("kind: 'total-drawdown', yuan: { levelOne: 1 }"),
      "levels of this kind are in percent"
    ),
    (
      clause("kind: 'total-margin', lots: { levelOne: 1 }"),
      "levels of this kind are in yuan or percent"
    ),
    (clause("kind: 'total-margin'"), "a clause has levels in one of lots, yuan and percent"),
    (
      clause("kind: 'total-margin', yuan: { levelOne: 1 }, percent: { levelOne: 1 }"),
      "a clause has levels in one of lots, yuan and percent"
    ),
    (clause("kind: 'total-margin', yuan: {}"), "levelOne or levelTwo is missing"),
    (
      clause("kind: 'total-margin', yuan: { levelOne: 2, levelTwo: 2 }"),
      "levelOne is to be below levelTwo: it comes before it"
    ),
    (
      clause("kind: 'total-drawdown', scope: 'SHFE', percent: { levelOne: 2 }"),
      "clauses of this kind do not speak of such a scope"
    ),
    (
      clause("kind: 'total-daily-loss', direction: 'long', yuan: { levelOne: 2 }"),
      "clauses of this kind have no sides"
    ),
    (
      clause("kind: 'total-margin', sector: 'metals', yuan: { levelOne: 2 }"),
      "no sector is called 'metals'"
    ),
    (
      "{ \(sectors), schemes: [{ name: 'one', clauses: [{ number: 1, kind: 'total-margin', "
        + "scope: 'SHFE', sector: 's', yuan: { levelOne: 2 } }] }] }",
      "a clause has one scope: scope, sector or superSector"
    ),
    (product("bindings: [{ scheme: 'two' }]"), "no scheme is called 'two'"),
    (
      product("bindings: [{ scheme: 'one', from: 1 }]"),
      "a range of unit net values needs netValue with its shares"
    ),
    (
      product(
        "netValue: { mode: 'equity', shares: 1 }, bindings: [{ scheme: 'one', from: 1 }, "
          + "{ scheme: 'one', to: 2 }]"), "two ranges of one unit net value overlap"
    ),
    (
      product("netValue: { mode: 'equity', shares: 1, total: 5 }"),
      "in mode 'equity' all of it is here: leave total out"
    ),
    (
      product(
        "netValue: { mode: 'equity', shares: 1 }, bindings: [{ scheme: 'one', from: 2, to: 1 }]"),
      "from is to be below to: the range is [from, to)"
    ),
    (product("lines: { current: { warn: 1 } }"), "lines of the unit net value need netValue"),
    (
      product("netValue: { mode: 'equity', shares: 1 }, lines: { current: { liquidation: 1 } }"),
      "liquidation needs a warn line before it"
    ),
    (
      product(
        "netValue: { mode: 'equity', shares: 1 }, lines: { priorDay: { topUp: 1, warn: 2 } }"),
      "topUp is not to be below warn"
    ),
    (
      product(
        "netValue: { mode: 'equity', shares: 1 }, "
          + "lines: { priorDay: { warn: 2, liquidation: 2 } }"),
      "warn is to be above liquidation"
    ),
    (
      "{ schemes: [], products: [{ product: 'p', holiday: { rule: 'none' } }] }",
      "products[0].night: the key is missing"
    ),
    (
      "{ schemes: [], products: [{ product: 'p', night: { rule: 'none', percent: 50 }, "
        + "holiday: { rule: 'none' } }] }", "only what is followed has a percentage"
    ),
    (
      "{ schemes: [{ name: 'one' }], products: [{ product: 'p', night: { rule: 'none', "
        + "bindings: [{ scheme: 'one' }] }, holiday: { rule: 'none' } }] }",
      "bindings of its own need rule 'own'"
    ),
    (account("bindings: [{ scheme: 'one' }]"), "an account with schemes of its own needs shares"),
    (
      account("netValue: { mode: 'equity', shares: 1 }"),
      "an account with schemes of its own needs an alias"
    ),
    (
      account("ignoresExposureOnClose: true, netValue: { mode: 'equity', shares: 1 }"),
      "no such key"
    ),
    ("{ bands: { step: 1.5 } }", "bands.step"),
    ("{ holidays: [{ from: '2026-11-20', to: '2026-11-19' }] }", "it lies before from"),
    ("{ schemes: [{ copyOf: 'zero', name: 'one' }] }", "no scheme is called 'zero'"),
  ]

  @Test(arguments: faults.indices)
  func aFaultIsTold(_ index: Int) {
    let (text, fault) = Self.faults[index]
    #expect(words(text).contains { $0.contains(fault) }, "\(words(text))")
  }

  @Test func aGapBetweenTwoRangesIsANotice() throws {
    let loaded = TinyConfiguration(
      "schemes.json5",
      Self.product(
        "netValue: { mode: 'equity', shares: 1 }, bindings: [{ scheme: 'one', to: 0.85 }, "
          + "{ scheme: 'one', from: 0.9 }]")
    ).loaded
    #expect(loaded.configuration != nil)
    let told = loaded.faults.map(\.description)
    #expect(told.contains { $0.contains("from 0.85 to 0.9 no clause applies") }, "\(told)")
  }

  /// A copy has what it does not give itself.
  @Test func aSchemeIsCopied() throws {
    let text = """
      {
        schemes: [
          {
            name: 'one',
            clauses: [
              { number: 1, kind: 'total-position-lots', lots: { levelOne: 10 } },
              { number: 2, kind: 'total-margin', percent: { of: 'equity', levelTwo: 30 } },
            ],
          },
          {
            copyOf: 'one', name: 'two',
            clauses: [{ number: 1, kind: 'total-position-lots', lots: { levelOne: 5 } }],
          },
        ],
      }
      """
    let loaded = TinyConfiguration("schemes.json5", text).loaded
    #expect(loaded.faults.map(\.description) == [])
    let schemes = try #require(loaded.configuration).schemes.schemes
    #expect(schemes.map(\.name) == ["one", "two"])
    #expect(schemes[1].clauses.map(\.levelOne) == [5, nil])
    #expect(schemes[1].clauses[1] == schemes[0].clauses[1])
    #expect(schemes[1].clauses[1].levelTwo == 30_000_000)
    #expect(schemes[1].clauses[1].basis == .equity)
  }

  /// rules.md 5: a scheme for an operation account that has shares and an alias. Its settings are
  /// accounts' settings, and come behind its shares.
  @Test func anAccountNeedsSharesAndAnAlias() throws {
    let configuration = try Example.configuration()
    let own = try #require(configuration.schemes.accounts.first)
    #expect(!configuration.operationAccounts[own.place].alias.isEmpty)
    let commands = try Example.commands(configuration)
    let account = OperationAccountID(UInt32(own.place))
    func place(_ isMeant: (Command) -> Bool) -> Int? { commands.firstIndex(where: isMeant) }
    let shares = try #require(
      place { if case .setNetValue(let set) = $0 { set.account == account } else { false } })
    let bound = try #require(
      place { if case .bindScheme(let bind) = $0 { bind.account == account } else { false } })
    let liquidation = try #require(
      place {
        if case .setAccount(let set) = $0 {
          set.account == account && set.setting == .schemeLiquidation
            && set.value == Int64(own.liquidation.rawValue)
        } else {
          false
        }
      })
    #expect(shares < bound && shares < liquidation)
    #expect(
      commands.contains(
        .setPlatform(
          SetPlatform(
            setting: .bandDwellSeconds, value: configuration.schemes.bands.dwellSeconds))))
  }

  /// The example has every kind of clause, and all of it becomes commands.
  @Test func theExampleHasEveryKind() throws {
    let configuration = try Example.configuration()
    let commands = try Example.commands(configuration)
    let kinds = Set(configuration.schemes.schemes.flatMap(\.clauses).map(\.kind))
    #expect(kinds == Set(ClauseKind.allCases.filter { $0 != .unknown }))
    func count(_ isMeant: (Command) -> Bool) -> Int { commands.count(where: isMeant) }
    let settings = configuration.schemes
    #expect(
      count { if case .setSchemeClause = $0 { true } else { false } }
        == settings.schemes.reduce(0) { $0 + $1.clauses.count })
    #expect(count { if case .defineScheme = $0 { true } else { false } } == 3)
    #expect(count { if case .bindScheme = $0 { true } else { false } } == 4)
    #expect(count { if case .setNetValue = $0 { true } else { false } } == 2)
    #expect(count { if case .setSchemePeriod = $0 { true } else { false } } == 4)
    #expect(count { if case .setSchemeHoliday = $0 { true } else { false } } == 1)
    #expect(count { if case .setSectorCommodity = $0 { true } else { false } } == 6)
  }
}

extension Example {
  /// What it makes of a configuration.
  static func commands(_ configuration: Configuration) throws -> [Command] {
    let input = Genesis.Input(
      tradingDay: day(20_261_123), seed: 1,
      passwordHashes: Dictionary(
        uniqueKeysWithValues: configuration.operationAccounts.map { ($0.name, "hash") }),
      controllerHashes: Dictionary(
        uniqueKeysWithValues: configuration.controllers.map { ($0.name, "hash") }))
    guard case .compiled(let genesis) = Genesis.compile(configuration, input) else {
      throw ExampleFault.notCompiled
    }
    return genesis.commands
  }

  private enum ExampleFault: Error { case notCompiled }
}
