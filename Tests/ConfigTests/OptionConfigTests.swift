import Domain
import Messages
import Testing

@testable import Config

/// Options on rebar, as files list them.
@Suite struct OptionConfigTests {
  private static let keys = """
    options: { tick: 0.5, feeOpen: { yuanPerLot: 2 }, referenceTimeValue: 40,
      lastTradingDay: { tradingDay: -5, monthsBefore: 1 } },
    """

  private static func house(
    _ instruments: String, commodity: String = keys, more: [String: String] = [:]
  ) -> TinyConfiguration {
    var tiny = TinyConfiguration("instruments.json5", instruments)
    tiny.texts["commodities/shfe.json5"] = TinyConfiguration.commodity(commodity)
    tiny.texts.merge(more) { $1 }
    return tiny
  }

  private static func compile(_ tiny: TinyConfiguration) throws -> Genesis.Result {
    let configuration = try #require(tiny.loaded.configuration)
    return Genesis.compile(
      configuration,
      Genesis.Input(
        tradingDay: Example.day(20_261_123), seed: 1,
        passwordHashes: ["a": "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2g"]))
  }

  @Test func aCallAndAPutAreListedAtEachStrike() throws {
    let tiny = Self.house(
      """
      { list: [{ scope: '*', nearest: 3 }],
        options: [{ underlying: 'SHFE.rb@3', strikes: [3200, 3100.5] }] }
      """,
      more: [
        "operation-accounts.json5": TinyConfiguration.account(
          """
          tradable: { scopes: ['SHFE.rb_o', 'SHFE.rb2702C3200'] },
          positionLimits: [{ scope: 'SHFE.rb2702P3100.5', lots: 4 }],
          """)
      ])
    #expect(tiny.loaded.faults.map(\.description) == [])
    guard case .compiled(let genesis) = try Self.compile(tiny) else {
      Issue.record("refused")
      return
    }
    #expect(
      genesis.instruments.map(\.code) == [
        "rb2612", "rb2701", "rb2702", "rb2702C3100.5", "rb2702P3100.5", "rb2702C3200",
        "rb2702P3200",
      ])
    let defined = genesis.commands.compactMap { command -> DefineInstrument? in
      if case .defineInstrument(let define) = command { define } else { nil }
    }
    #expect(defined.map(\.option) == [.none, .none, .none, .call, .put, .call, .put])
    #expect(defined[3].strike == Price(units: 31_005_000))
    #expect(defined.dropFirst(3).allSatisfy { $0.underlying == InstrumentID(2) })
    #expect(defined[3].commodity == CommodityID(1) && defined[3].multiplier == 10)
    #expect(defined[3].tick == Price(units: 5_000) && defined[3].maximumLimitLots == 500)
    // The fifth last trading day of January.
    #expect(defined[3].lastTradingDay.yyyymmdd == 20_270_125)
    #expect(defined[0].strike.isNone && defined[0].underlying.isNone)
    let limited = genesis.commands.compactMap { command -> Scope? in
      if case .setPositionLimit(let set) = command { set.scope } else { nil }
    }
    #expect(limited == [.instrument(InstrumentID(4))])
    // At 3 100 the calls are out of the money; the limits are as far as the future's 5 %.
    let references = genesis.simulatedReferences(try #require(tiny.loaded.configuration))
    let prices = references.map(\.preSettlement.units).dropFirst(3)
    #expect(prices == [400_000, 405_000, 400_000, 1_400_000])
    #expect(references[3].upperLimit.units == 400_000 + 1_550_000)
    #expect(references[3].lowerLimit.units == 5_000)
  }

  @Test(arguments: [
    (Exchange.shfe, "rb2701", "rb2701C3100"), (.czce, "SA701", "SA701C3100"),
    (.dce, "m2701", "m2701-C-3100"), (.gfex, "lc2701", "lc2701-C-3100"),
    (.ine, "sc2701", "sc2701C3100"),
  ])
  func codesAreAsTheExchangeWritesThem(
    _ exchange: Exchange, _ future: String, _ code: String
  ) throws {
    let some = try Example.configuration().commodities.first { $0.exchange == exchange }
    #expect(
      try #require(some).optionCode(on: future, .call, Price(units: 31_000_000)) == code)
  }

  @Test(arguments: [
    ("{ options: [{ underlying: 'SHFE.rb2701C3100', strikes: [1] }] }", "not on options"),
    ("{ options: [{ underlying: 'SHFE.rb@1', strikes: [] }] }", "no strike"),
    ("{ options: [{ underlying: 'SHFE.rb@1', strikes: [1, 1] }] }", "stands twice"),
    ("{ options: [{ underlying: 'SHFE.rb@1', strikes: [0, 3000] }] }", "not allowed: 0"),
    ("{ options: [{ underlying: 'SHFE.rb@1', strikes: [10000000.1, 3000] }] }", "not allowed"),
    ("{ options: [{ underlying: 'SHFE.xx@1', strikes: [1] }] }", "no commodity is called"),
    (
      """
      { options: [{ underlying: 'SHFE.rb@1', strikes: [1] },
        { underlying: 'SHFE.rb@1', strikes: [2] }] }
      """, "are for the same"
    ),
    (
      """
      { overrides: [{ instrument: 'SHFE.rb2702C3100', marginLong: { percent: 1 } }] }
      """, "no rate of their own"
    ),
  ])
  func whatCannotBeListedIsAFault(_ instruments: String, _ words: String) {
    let faults = Self.house(instruments).loaded.faults.filter { !$0.isNotice }
    #expect(faults.count == 1, "\(faults)")
    #expect(faults.first?.description.contains(words) == true, "\(faults)")
  }

  @Test func aCommodityWithoutOptionsHasNone() {
    let tiny = Self.house(
      "{ options: [{ underlying: 'SHFE.rb@1', strikes: [3000] }] }", commodity: "")
    #expect(
      tiny.loaded.faults.filter { !$0.isNotice }.map(\.message)
        == ["SHFE.rb says nothing of options on it"])
  }

  @Test func optionsOnAnIndexAreRefused() {
    var tiny = TinyConfiguration()
    tiny.texts["commodities/shfe.json5"] = nil
    tiny.texts["commodities/cffex.json5"] = TinyConfiguration.commodity(Self.keys)
      .replacing("'SHFE', separatesCloseToday: true", with: "'CFFEX', separatesCloseToday: false")
    let faults = tiny.loaded.faults.filter { !$0.isNotice }
    #expect(faults.count == 1 && faults[0].message.contains("on an index"), "\(faults)")
  }

  @Test(arguments: [
    (
      """
      { list: [{ scope: '*', nearest: 1 }],
        options: [{ underlying: 'SHFE.rb2705', strikes: [3] }] }
      """, "is not listed"
    ),
    (
      """
      { list: [{ scope: '*' }], options: [
        { underlying: 'SHFE.rb2612', strikes: [3], lastTradingDay: '2026-11-20' }] }
      """, "ended"
    ),
    (
      """
      { list: [{ scope: '*' }], options: [
        { underlying: 'SHFE.rb2702', strikes: [3], lastTradingDay: '2027-02-17' }] }
      """, "after itself"
    ),
  ])
  func whatIsNotThereThatDayIsRefused(_ instruments: String, _ words: String) throws {
    let tiny = Self.house(instruments)
    guard case .refused(let faults) = try Self.compile(tiny) else {
      Issue.record("compiled")
      return
    }
    let real = faults.filter { !$0.isNotice }
    #expect(real.count == 1 && real[0].message.contains(words), "\(real)")
  }

  @Test func theExampleListsOptionsOnCopper() throws {
    let result = Genesis.compile(
      try Example.configuration(),
      Genesis.Input(tradingDay: Example.day(20_261_123), seed: 1))
    // Without passwords it is refused; what it lists is there all the same.
    guard case .refused(let faults) = result else { return }
    #expect(!faults.contains { $0.message.contains("options") }, "\(faults)")
  }
}
