import Domain
import Engine
import Ledger
import Messages
import Testing

@testable import Config

@Suite struct GenesisTests {
  static func input(
    _ configuration: Configuration, on day: UInt32 = 20_261_123
  ) -> Genesis.Input {
    Genesis.Input(
      tradingDay: Example.day(day), seed: 7,
      passwordHashes: Dictionary(
        uniqueKeysWithValues: configuration.operationAccounts.map { ($0.name, "$argon2id$x") }),
      controllerHashes: Dictionary(
        uniqueKeysWithValues: configuration.controllers.map { ($0.name, "$argon2id$y") }))
  }

  static func compile(
    _ configuration: Configuration, on day: UInt32 = 20_261_123
  ) throws -> Genesis {
    switch Genesis.compile(configuration, input(configuration, on: day)) {
    case .compiled(let genesis): return genesis
    case .refused(let faults):
      for fault in faults { Issue.record("\(fault)") }
      throw faults[0]
    }
  }

  static func tiny(_ file: String, _ text: String) throws -> Configuration {
    try #require(TinyConfiguration(file, text).loaded.configuration)
  }

  /// The commands of one kind that a configuration compiles to.
  private func commands<Value>(
    _ configuration: Configuration, _ pick: (Command) -> Value?
  ) throws -> [Value] {
    try Self.compile(configuration).commands.compactMap(pick)
  }

  /// The whole example, taken by a real engine on several days: recorded ones, a Monday, the day
  /// of an expiry and the first after a holiday.
  @Test(arguments: [
    UInt32(20_181_009), 20_200_807, 20_210_104, 20_261_123, 20_261_215, 20_261_008,
  ])
  func anEngineTakesEveryCommandAndGivesTheIDsOfTheLists(_ day: UInt32) throws {
    let configuration = try Example.configuration()
    let genesis = try Self.compile(configuration, on: day)
    #expect(genesis.notices.map(\.description) == [])
    var engine = Engine(capacities: LedgerCapacities(configuration.gateway.capacities))
    var effects = EffectBuffer()
    var defined: [ObjectKind: UInt32] = [:]
    var sequence: UInt64 = 0
    let references = genesis.simulatedReferences(configuration)
    for command in genesis.commands + references.map(Command.dayReference)
      + [.daySwitch(genesis.daySwitch)]
    {
      sequence += 1
      let time = Timestamp(date: Example.date(day), secondOfDay: 28_800)
      engine.step(Stamped(sequence: sequence, time: time, command: command), into: &effects)
      for index in 0..<effects.count {
        switch effects[index] {
        case .commandRefused(let refused): Issue.record("\(command): \(refused)")
        case .defined(let made):
          #expect(made.id == defined[made.kind, default: 0])
          defined[made.kind, default: 0] += 1
        default: break
        }
      }
    }
    #expect(defined[.commodity] == UInt32(configuration.commodities.count))
    #expect(defined[.instrument] == UInt32(genesis.instruments.count))
    #expect(defined[.operationAccount] == UInt32(configuration.operationAccounts.count))
    let place = try #require(genesis.instruments.firstIndex { $0.code.hasPrefix("IF") })
    let code = genesis.instruments[place].code
    #expect(engine.directory.instrument(code, exchange: .cffex) == InstrumentID(UInt32(place)))
    let account = configuration.operationAccounts[0]
    #expect(
      engine.directory.operationAccounts.id(account.name) == 0
        && engine.directory.credentials[0].string == "$argon2id$x")
  }

  @Test func theRecordedDaysListTheirInstruments() throws {
    for (day, codes) in [
      (UInt32(20_181_009), ["ru1901"]), (20_200_807, ["AP010", "AP101"]),
      (20_210_104, ["IF2101"]),
    ] {
      let listed = try Self.compile(Example.configuration(), on: day).instruments.map(\.code)
      for code in codes { #expect(listed.contains(code)) }
    }
  }

  @Test func theDaySwitchNamesTheNightOrNone() throws {
    let configuration = try Example.configuration()
    let monday = try Self.compile(configuration, on: 20_261_123).daySwitch
    #expect(monday == DaySwitch(tradingDay: Example.day(20_261_123), nightDate: 20_261_120))
    let afterHoliday = try Self.compile(configuration, on: 20_261_008).daySwitch
    #expect(afterHoliday.nightDate == 0)
  }

  @Test func definitionsComeFirstAndInTheOrderOfTheLists() throws {
    let genesis = try Self.compile(Example.configuration())
    let kinds = genesis.commands.map { command -> Int in
      switch command {
      case .engineSettings: 0
      case .defineTradingHours: 1
      case .defineCommodity: 2
      case .defineInstrument: 3
      case .defineCounter: 4
      case .defineProduct: 5
      case .defineFundAccount: 6
      case .defineTemplate: 7
      case .defineOperationAccount: 8
      default: 9
      }
    }
    #expect(kinds == kinds.sorted())
  }

  @Test func settingsBecomeCommandsInUnits() throws {
    let keys = """
      positionCap: 0, marginCap: 0.5, fatFinger: { percent: 2.5, ticks: 3, notional: 1 },
      limitBands: [{ commodity: 'SHFE.rb', percent: 90, bar: 'with-move' }],
      positionLimits: [{ scope: 'SHFE.rb@1', hedge: 'hedge', lots: 0 }],
      orderRate: { count: 10, windowMilliseconds: 1000, bar: 'both' },
      cancelLimit: { count: 3, closingToo: true },
      """
    let configuration = try Self.tiny(
      "operation-accounts.json5", TinyConfiguration.account(keys))
    let settings = try commands(configuration) { command -> [Int64]? in
      guard case .setAccount(let set) = command else { return nil }
      return [Int64(set.setting.rawValue), set.value]
    }
    let expected: [[Int64]] = [
      [1, 1], [2, 1], [3, 0], [4, 0], [5, 5_000], [19, 1], [20, 0], [6, 3], [7, 1], [10, 1_000],
      [11, 3], [9, 10], [13, 10_000], [14, 3], [15, 25_000],
    ]
    #expect(settings == expected)
    let bands = try commands(configuration) { command -> SetLimitBand? in
      if case .setLimitBand(let set) = command { set } else { nil }
    }
    #expect(
      bands == [
        SetLimitBand(
          account: OperationAccountID(0), commodity: CommodityID(0), measure: .percent,
          value: 900_000, bar: .withMove)
      ])
    let limits = try commands(configuration) { command -> SetPositionLimit? in
      if case .setPositionLimit(let set) = command { set } else { nil }
    }
    #expect(
      limits == [
        SetPositionLimit(
          account: OperationAccountID(0), scope: .instrument(InstrumentID(0)), hedge: .hedge,
          lots: 0, margin: .none)
      ])
  }

  @Test func sessionPoliciesBecomeSettingsWhereTheyAreNotTheDefault() throws {
    let set = { (keys: String) throws -> [[Int64]] in
      let configuration = try Self.tiny(
        "operation-accounts.json5", TinyConfiguration.account(keys))
      return try commands(configuration) { command -> [Int64]? in
        guard case .setAccount(let set) = command, (21...23).contains(set.setting.rawValue) else {
          return nil
        }
        return [Int64(set.setting.rawValue), set.value]
      }
    }
    #expect(try set("sessions: 3,") == [])
    #expect(
      try set("sessionsPolicy: 'drop-older', cancelOnDisconnect: { graceSeconds: 3 },") == [
        [23, 1]
      ])
    #expect(
      try set("sessionsPolicy: 'refuse-newer', cancelOnDisconnect: { orders: 'opening' },")
        == [[21, 1], [22, 10]])
    #expect(
      try set("cancelOnDisconnect: { orders: 'all', graceSeconds: 0 },") == [[21, 2], [22, 0]])
  }

  @Test func ratesLeftOutAreTheExchanges() throws {
    let keys = "rates: [{ scope: 'SHFE.rb', feeCloseToday: { yuanPerLot: 1.5 } }]"
    let configuration = try Self.tiny(
      "operation-accounts.json5", TinyConfiguration.account(keys))
    let exchange = try commands(configuration) { command -> SetRates? in
      if case .setRates(let set) = command { set } else { nil }
    }
    #expect(exchange.map(\.ownerKind) == [.platform])
    #expect(exchange[0].rates.marginShort == TwoPartRate(byValue: Rate(units: 7_000_000)))
    #expect(exchange[0].rates.feeCloseToday == TwoPartRate(byValue: Rate(units: 10_000)))
    let own = try commands(configuration) { command -> SetFeeRates? in
      if case .setFeeRates(let set) = command { set } else { nil }
    }
    #expect(own.map(\.ownerKind) == [.operationAccount])
    #expect(own[0].open == exchange[0].rates.feeOpen && own[0].method == .asItIs)
    #expect(own[0].closeToday == TwoPartRate(byLot: Money(units: 15_000)))
    // Of margin the row says nothing: what comes next on the ladder holds.
    let margins = try commands(configuration) { command -> SetMarginRates? in
      if case .setMarginRates(let set) = command { set } else { nil }
    }
    #expect(margins.isEmpty)
  }

  @Test func waysOfRatesBecomeCommands() throws {
    let keys = """
      marginRates: 'own', oneSidedMargin: ['SHFE', 'CFFEX'],
      declarationFee: { of: 'own', yuan: 5, per: 'lot' },
      rates: [{ scope: 'SHFE.rb', marginMethod: 'relative-percent',
        marginLong: { percent: 10, perLotPercent: 5 } }],
      """
    let configuration = try Self.tiny(
      "operation-accounts.json5", TinyConfiguration.account(keys))
    let margins = try commands(configuration) { command -> SetMarginRates? in
      if case .setMarginRates(let set) = command { set } else { nil }
    }
    #expect(margins.map(\.method) == [.relativePercent])
    // Of a share both parts are in 1e-8 of one; what is left out adds nothing.
    #expect(
      margins[0].long
        == TwoPartRate(byValue: Rate(units: 10_000_000), byLot: Money(units: 5_000_000)))
    #expect(margins[0].short == TwoPartRate())
    let settings = try commands(configuration) { command -> [Int64]? in
      guard case .setAccount(let set) = command, set.setting.rawValue >= 40 else { return nil }
      return [Int64(set.setting.rawValue), set.value]
    }
    #expect(
      settings.sorted { $0[0] < $1[0] } == [[40, 1], [42, 2], [43, 50_000], [44, 1], [45, 17]])
  }

  @Test func aPositionsDayAndMarkHaveDefaults() throws {
    let keys = """
      opening: { allowedLoss: 1, notToLose: 2.5, positions: [
        { instrument: 'SHFE.rb@1', side: 'short', lots: 4, openPrice: 3000 },
      ] },
      """
    let configuration = try Self.tiny("fund-accounts.json5", TinyConfiguration.fundAccount(keys))
    let positions = try commands(configuration) { command -> SetOpeningPosition? in
      if case .setOpeningPosition(let set) = command { set } else { nil }
    }
    let price = Price(units: 30_000_000)
    #expect(
      positions == [
        SetOpeningPosition(
          holderKind: .fundAccount, holderID: 0, instrument: InstrumentID(0), side: .short,
          hedge: .speculation, lots: 4, openPrice: price, markPrice: price,
          openDay: Example.day(20_261_120))
      ])
    let notices = try Self.compile(configuration).notices.map(\.message)
    #expect(
      notices == [
        "product 'p', rb2612: opening lots of its operation accounts less those of its fund "
          + "accounts are 4, not 0"
      ])
  }

  @Test func selectionOverridesAndExtrasDecideWhatIsListed() throws {
    let text = """
      {
        list: [{ scope: '*' }, { scope: 'SHFE.rb', nearest: 2 }],
        extra: ['SHFE.rb2705'],
        overrides: [{ instrument: 'SHFE.rb2701', limitLotsMaximum: 50, marketLotsMaximum: 20,
          lastTradingDay: '2027-01-18' }],
      }
      """
    let configuration = try Self.tiny("instruments.json5", text)
    let genesis = try Self.compile(configuration)
    #expect(genesis.instruments.map(\.code) == ["rb2612", "rb2701", "rb2705"])
    let defined = genesis.commands.compactMap { command -> DefineInstrument? in
      if case .defineInstrument(let define) = command { define } else { nil }
    }
    #expect(defined.map(\.maximumLimitLots) == [500, 50, 500])
    #expect(defined.map(\.maximumMarketLots) == [0, 20, 0])
    #expect(defined[1].lastTradingDay.yyyymmdd == 20_270_118)
    #expect(defined[1].minimumMarketLots == 1)
  }

  @Test func whatIsNotListedOrMissingIsRefusedAllAtOnce() throws {
    let keys = """
      tradable: { scopes: ['SHFE.rb2611', 'SHFE.rb@13'] },
      opening: { positions: [
        { instrument: 'SHFE.rb@1', side: 'long', lots: 1, openPrice: 3000, openDay: '2026-11-23' },
      ] },
      """
    let configuration = try Self.tiny(
      "operation-accounts.json5", TinyConfiguration.account(keys))
    let input = Genesis.Input(tradingDay: Example.day(20_261_122), seed: 1)
    guard case .refused(let faults) = Genesis.compile(configuration, input) else {
      Issue.record("compiled")
      return
    }
    let place = "operation-accounts.json5"
    #expect(
      faults.filter { !$0.isNotice }.map(\.description) == [
        "calendar.json5: 2026-11-22 is no trading day",
        "operation-accounts.json5: the operation account 'a' has no password hash",
        "\(place):2:22: accounts[0].tradable.scopes[0]: 'SHFE.rb2611' is not listed on 2026-11-22",
        "\(place):2:37: accounts[0].tradable.scopes[1]: 'SHFE.rb@13' is not listed on 2026-11-22",
        "\(place):4:17: accounts[0].opening.positions[0].instrument: opened on a day that is not "
          + "before the first trading day",
      ])
  }

  @Test func simulatedDaysBeginAtTheUsualPriceInsideTheLimits() throws {
    let configuration = try Example.configuration()
    let genesis = try Self.compile(configuration)
    let references = genesis.simulatedReferences(configuration)
    for (reference, instrument) in zip(references, genesis.instruments) {
      let commodity = configuration.commodities[instrument.commodity]
      #expect(reference.upperLimit > reference.preSettlement)
      #expect(reference.lowerLimit < reference.preSettlement)
      #expect(reference.upperLimit.units % commodity.tick.units == 0)
      #expect(
        Ranges.allows(price: reference.upperLimit, multiplier: Int64(commodity.multiplier)))
    }
  }
}

extension LedgerCapacities {
  init(_ capacities: Capacities) {
    self.init(
      operationAccounts: capacities.operationAccounts, fundAccounts: capacities.fundAccounts,
      products: capacities.products, counters: capacities.counters,
      instruments: capacities.instruments, commodities: capacities.commodities,
      tradingHours: capacities.tradingHours, orders: capacities.orders,
      children: capacities.children, positions: capacities.positions,
      figures: capacities.figures, lots: capacities.lots, limitRows: capacities.limitRows,
      rateOwners: capacities.rateOwners, rates: capacities.rates,
      rateWindow: capacities.rateWindow, accessRows: capacities.accessRows,
      rateProfiles: capacities.rateProfiles, templates: capacities.templates,
      schemes: capacities.schemes, schemeInstruments: capacities.schemeInstruments,
      schemeAccounts: capacities.schemeAccounts, budgetRecords: capacities.budgetRecords,
      budgetTrades: capacities.budgetTrades)
  }
}

@Suite struct EmbeddedDefaultsTests {
  @Test func theProgramCarriesExactlyTheFilesOfConfig() {
    let inside = EmbeddedDefaults.files.files
    let outside = Example.files.files
    // In one order: what exists has the same numbers from either.
    #expect(inside.map(\.name) == outside.map(\.name))
    for (left, right) in zip(inside, outside) {
      #expect(left.bytes == right.bytes, "\(left.name): run scripts/embed-config")
    }
    #expect(ConfigurationLoader.load(EmbeddedDefaults.files).configuration != nil)
  }
}
