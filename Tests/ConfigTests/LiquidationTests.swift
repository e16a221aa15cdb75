import Domain
import Messages
import Testing

@testable import Config

/// risk.json5: what has positions closed, and how.
@Suite struct LiquidationTests {
  private func settings(_ text: String) throws -> [PlatformSetting: Int64] {
    let genesis = try GenesisTests.compile(try GenesisTests.tiny("risk.json5", text))
    var settings: [PlatformSetting: Int64] = [:]
    for case .setPlatform(let set) in genesis.commands { settings[set.setting] = set.value }
    return settings
  }

  @Test func withoutKeysTheDefaultsAreWritten() throws {
    let settings = try settings("{}")
    #expect(settings[.liquidationPrice] == 1)
    #expect(settings[.liquidationTicks] == 0)
    #expect(settings[.liquidationRepriceSeconds] == 5)
    #expect(settings[.liquidationExtent] == 1)
  }

  @Test func keysBecomeSettings() throws {
    let settings = try settings(
      """
      { liquidation: { price: 'last', ticks: 1000, repriceSeconds: 3600, extent: 'to-line' } }
      """)
    #expect(settings[.liquidationPrice] == 3)
    #expect(settings[.liquidationTicks] == 1_000)
    #expect(settings[.liquidationRepriceSeconds] == 3_600)
    #expect(settings[.liquidationExtent] == 2)
  }

  @Test func aLineThatLiquidatesIsAnAction() throws {
    let genesis = try GenesisTests.compile(
      try GenesisTests.tiny(
        "risk.json5",
        "{ actions: [{ line: 'daily-loss', level: 'liquidate', action: 'liquidate' }] }"))
    let actions = genesis.commands.compactMap { command -> SetLineAction? in
      if case .setLineAction(let set) = command { set } else { nil }
    }
    #expect(actions == [SetLineAction(line: .dailyLoss, level: .liquidate, action: .liquidate)])
  }

  @Test func whoIsToldIsAnAudienceByRuleAndLevel() throws {
    let genesis = try GenesisTests.compile(
      try GenesisTests.tiny(
        "risk.json5",
        """
        { told: [
          { rule: 'net-value-warn', to: 'terminals' },
          { rule: 'drawdown', level: 'warn', to: 'chief-controllers' },
        ] }
        """))
    let told = genesis.commands.compactMap { command -> SetNoticeAudience? in
      if case .setNoticeAudience(let set) = command { set } else { nil }
    }
    #expect(
      told == [
        SetNoticeAudience(rule: .netValueWarn, level: .unknown, audience: .terminals),
        SetNoticeAudience(rule: .drawdown, level: .warn, audience: .chiefs),
      ])
  }

  @Test(arguments: [
    (
      "{ told: [{ rule: 'fund-order-rate', to: 'terminals' }] }",
      """
      risk.json5:1:18: told[0].rule: not allowed: 'fund-order-rate'; allowed: a rule about \
      accounts or products, as docs/RULES.md names it
      """
    ),
    (
      """
      { told: [{ rule: 'drawdown', to: 'terminals' }, { rule: 'drawdown', to: 'controllers' }] }
      """, "risk.json5:1:9: told: rows 0 and 1, counted from 0, are for the same"
    ),
    (
      "{ liquidation: { ticks: 1001 } }",
      "risk.json5:1:25: liquidation.ticks: not allowed: 1001; allowed: 0...1000"
    ),
    (
      "{ liquidation: { repriceSeconds: 0 } }",
      "risk.json5:1:34: liquidation.repriceSeconds: not allowed: 0; allowed: 1...3600 seconds"
    ),
    (
      "{ actions: [{ line: 'position-margin-ratio', level: 'warn', action: 'liquidate' }] }",
      "risk.json5:1:69: actions[0].action: position-margin-ratio bars opening, and closes nothing"
    ),
  ])
  func whatIsOutOfRangeIsTold(_ text: String, _ fault: String) {
    let loaded = TinyConfiguration("risk.json5", text).loaded
    #expect(loaded.faults.map(\.description) == [fault])
  }
}
