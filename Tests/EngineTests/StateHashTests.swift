import Domain
import Engine
import Ledger
import MarketData
import Messages
import Testing

/// The state hash moves with everything a later answer may depend on, and with nothing else.
@Suite struct StateHashTests {
  /// A command of each kind that changes something.
  static let anything: [(String, Command)] = [
    ("a platform setting", .setPlatform(SetPlatform(setting: .lockoutFailures, value: 9))),
    (
      "an account's setting",
      .setAccount(SetAccount(account: World.anna, setting: .openOrders, value: 9))
    ),
    (
      "a product's setting",
      .setProduct(SetProduct(product: World.alpha, setting: .tradedValue, value: 9))
    ),
    (
      "a fund account's setting",
      .setFundAccount(SetFundAccount(fundAccount: World.north1, setting: .minimumReserve, value: 9))
    ),
    (
      "a commodity's mode",
      .setProductMode(SetProductMode(product: World.alpha, commodity: World.rb, mode: .ratio))
    ),
    (
      "a delivery bar",
      .setDeliveryBar(
        SetDeliveryBar(product: World.alpha, scope: .instrument(World.al2611), barred: true))
    ),
    (
      "a delivery bar of a commodity",
      .setDeliveryBar(
        SetDeliveryBar(product: World.alpha, scope: .commodity(World.al), barred: true))
    ),
    (
      "a trading code",
      .setTradingCode(
        SetTradingCode(
          fundAccount: World.north1, exchange: .shfe, code: FixedText("code")!))
    ),
    (
      "a credential",
      .setCredential(SetCredential(account: World.anna, hash: FixedText("argon")!))
    ),
    (
      "an address",
      .allowAddress(
        AllowAddress(
          account: World.anna, from: NetworkAddress(ipv4: 1), to: NetworkAddress(ipv4: 2)))
    ),
    ("a MAC", .allowMAC(AllowMAC(account: World.anna, mac: MACAddress(raw: 1)))),
    (
      "a position limit",
      .setPositionLimit(
        SetPositionLimit(
          account: World.anna, scope: .instrument(World.rb2701), hedge: .unknown, lots: 5,
          margin: .none))
    ),
    (
      "a limit band",
      .setLimitBand(
        SetLimitBand(
          account: World.anna, commodity: World.rb, measure: .ticks, value: 5, bar: .all))
    ),
    (
      "an order size",
      .setOrderSize(
        SetOrderSize(account: World.anna, commodity: World.rb, lots: 5, margin: .none))
    ),
    (
      "a line",
      .setAccountLine(
        SetAccountLine(
          account: World.anna, line: .drawdown, basis: .unknown, mode: .unknown, warn: 5,
          liquidate: .min))
    ),
    (
      "an overnight line",
      .setOvernight(
        SetOvernight(
          account: World.anna, measure: .exposure, basis: .marketEquity, excess: .reduce,
          limit: 50_000_000))
    ),
    (
      "a close that is flat",
      .setSessionFlat(
        SetSessionFlat(
          account: World.anna, close: .night, action: .barOpening, everything: true))
    ),
    (
      "a commodity of a close",
      .setSessionFlatCommodity(
        SetSessionFlatCommodity(
          account: World.anna, close: .midday, commodity: World.meal, isIn: true))
    ),
    (
      "the length of a window",
      .setPlatform(SetPlatform(setting: .windowBarSeconds, value: 90))
    ),
    (
      "the other length",
      .setPlatform(SetPlatform(setting: .windowReduceSeconds, value: 90))
    ),
    (
      "how a reduction ends", .setPlatform(SetPlatform(setting: .reductionFinish, value: 2))
    ),
    (
      "a night that counts",
      .setAccount(SetAccount(account: World.anna, setting: .countsNightClose, value: 1))
    ),
    (
      "a night that counts for a product",
      .setProduct(SetProduct(product: World.alpha, setting: .countsNightClose, value: 1))
    ),
    (
      "a line of the platform",
      .setPlatformLine(
        SetPlatformLine(line: .totalLossRatio, basis: .none, warn: .min, liquidate: .min))
    ),
    (
      "what a line does",
      .setLineAction(SetLineAction(line: .drawdown, level: .warn, action: .slowDown))
    ),
    ("a sector", .defineSector(DefineSector(name: FixedText("metals")!))),
    ("a super-sector", .defineSuperSector(DefineSuperSector(name: FixedText("all")!))),
    ("a scheme", .defineScheme(DefineScheme(name: FixedText("narrow")!))),
    (
      "a net value",
      .setNetValue(
        SetNetValue(
          product: World.alpha, mode: .equity, shares: 1, total: .zero, liabilities: .zero,
          accruedFees: .zero))
    ),
    (
      "where a product's fees begin",
      .setProductFees(
        SetProductFees(product: World.alpha, start: 20_260_105, days: 365, initial: .zero))
    ),
    (
      "a fee of a product",
      .setProductFee(
        SetProductFee(
          product: World.alpha, kind: .custody, method: .amount, basis: .unknown, value: 0))
    ),
    (
      "a band of a product's fee",
      .setFeeBand(SetFeeBand(product: World.alpha, number: 2, from: 0, share: 0))
    ),
    (
      "from which level a product bars",
      .setProduct(SetProduct(product: World.alpha, setting: .barsFromLevelTwo, value: 1))
    ),
    (
      "that a product ignores exposure on close",
      .setProduct(SetProduct(product: World.alpha, setting: .ignoresExposureOnClose, value: 1))
    ),
    (
      "that an account does",
      .setAccount(SetAccount(account: World.anna, setting: .ignoresExposureOnClose, value: 1))
    ),
    (
      "a mode of risk-degree",
      .setPlatform(SetPlatform(setting: .riskDegreeMode, value: 3))
    ),
    (
      "a listed commodity",
      .setTradable(
        SetTradable(account: World.anna, scope: .commodity(World.rb), listed: true))
    ),
    (
      "a fund account's position limit",
      .setFundPositionLimit(
        SetFundPositionLimit(
          fundAccount: World.north1, scope: .commodity(World.rb), hedge: .unknown, long: 1,
          short: 2, total: 3))
    ),
    (
      "a fund account's order size",
      .setFundOrderSize(
        SetFundOrderSize(
          fundAccount: World.north1, scope: .commodity(World.rb), lots: 1, margin: .none))
    ),
    (
      "a fund account's open volume",
      .setFundOpenVolume(
        SetFundOpenVolume(fundAccount: World.north1, scope: .commodity(World.rb), lots: 1))
    ),
    (
      "a fund account's list of the day",
      .setFundTradable(
        SetFundTradable(
          fundAccount: World.north1, session: .day, scope: .commodity(World.rb), listed: true))
    ),
    (
      "a fund account's list of the night",
      .setFundTradable(
        SetFundTradable(
          fundAccount: World.north1, session: .night, scope: .instrument(World.rb2701),
          listed: true))
    ),
    (
      "a product's list",
      .setSharedTradable(
        SetSharedTradable(product: World.alpha, scope: .commodity(World.rb), listed: true))
    ),
    (
      "everybody's list",
      .setSharedTradable(
        SetSharedTradable(product: .none, scope: .instrument(World.rb2701), listed: true))
    ),
    (
      "a fund account's quota",
      .setFundQuota(
        SetFundQuota(
          fundAccount: World.north1, exchange: .shfe, cancels: 1, lots: .min, cancelReserve: 0,
          lotsReserve: 0))
    ),
    (
      "a fund account's priorities",
      .setFundPriority(
        SetFundPriority(
          fundAccount: World.north1, scope: .commodity(World.rb), open: 1, close: .min,
          closeToday: .min))
    ),
    (
      "a fund account's order rate",
      .setFundAccount(
        SetFundAccount(fundAccount: World.north1, setting: .orderRateCount, value: 5))
    ),
    (
      "a lock mode",
      .setProduct(SetProduct(product: World.alpha, setting: .lockMode, value: 2))
    ),
    (
      "who gets external trades",
      .setProduct(SetProduct(product: World.alpha, setting: .externalAccount, value: 1))
    ),
    (
      "whether they are mapped",
      .setPlatform(SetPlatform(setting: .mapsExternal, value: 1))
    ),
    (
      "rates",
      .setRates(
        SetRates(
          ownerKind: .operationAccount, ownerID: 0, scope: .instrument(World.rb2701),
          rates: World.rates(World.al)))
    ),
    (
      "margins of everybody",
      .setMarginRates(
        SetMarginRates(
          ownerKind: .everybody, ownerID: 0, scope: .commodity(World.rb),
          method: .relativePercent, long: TwoPartRate(), short: TwoPartRate()))
    ),
    (
      "fees of a product",
      .setFeeRates(
        SetFeeRates(
          ownerKind: .product, ownerID: 0, scope: .commodity(World.rb), method: .asItIs,
          open: TwoPartRate(), close: TwoPartRate(), closeToday: TwoPartRate()))
    ),
    (
      "a counter's rates",
      .counterRates(
        CounterRates(
          fundAccount: World.north1, scope: .commodity(World.rb), rates: World.rates(World.al)))
    ),
    (
      "whose rates an account has",
      .setAccount(SetAccount(account: World.anna, setting: .feeRateMode, value: 1))
    ),
    (
      "whose rates accounts have",
      .setPlatform(SetPlatform(setting: .marginRateMode, value: 1))
    ),
    (
      "what a product reads rates from",
      .setProduct(SetProduct(product: World.alpha, setting: .rateAccount, value: 1))
    ),
    ("a template", .defineTemplate(DefineTemplate(name: Name("careful")!, kind: .fee))),
    (
      "a commodity that is declared",
      .setDeclared(SetDeclared(commodity: World.rb, declared: true))
    ),
    (
      "everybody's declaration fee",
      .setPlatform(SetPlatform(setting: .declarationFee, value: 5))
    ),
    (
      "an account's declaration fee",
      .setAccount(SetAccount(account: World.anna, setting: .declarationMode, value: 1))
    ),
    (
      "cash",
      .moveCash(MoveCash(account: World.anna, allowedLoss: Money(yuan: 1), notToLose: .zero))
    ),
    ("a clock that jumped", .clockJumped(ClockJumped(nanoseconds: 5_000_000_000))),
    (
      "an instrument's status",
      .instrumentStatus(InstrumentStatus(instrument: World.rb2701, phase: .auction))
    ),
    (
      "a settlement price",
      .settlementPrice(SettlementPrice(instrument: World.rb2701, price: World.yuan(1)))
    ),
    ("a day switch", .daySwitch(DaySwitch(tradingDay: World.tuesday, nightDate: 0))),
    ("a controller", .defineController(DefineController(name: Name("risk")!))),
    ("a new counter", .defineCounter(DefineCounter(name: Name("east")!))),
    ("a link", .counterLinkDown(CounterLinkDown(fundAccount: World.north1))),
  ]

  /// Against a command that does nothing, stepped in its place.
  @Test(arguments: (Self.anything + Self.budgets).indices)
  func everythingADecisionReadsIsInIt(_ index: Int) {
    let (what, command) = (Self.anything + Self.budgets)[index]
    let changed = EngineFixture.trading()
    let same = EngineFixture.trading()
    #expect(changed.stateHash == same.stateHash)
    let effects = changed.step(command)
    same.step(.timeReached)
    #expect(effects.refusals.isEmpty, "\(what)")
    #expect(changed.stateHash != same.stateHash, "\(what)")
  }

  /// What controllers are and have done.
  @Test(arguments: [
    ControllerTests.bar(World.amir),
    .killSwitch(
      KillSwitch(
        request: ControllerTests.request(), scopeKind: .platform, scopeID: .max, isOn: true)),
    .setController(
      SetController(controller: ControllerTests.junior, setting: .rights, value: 1)),
    .bindController(
      BindController(controller: ControllerTests.junior, account: World.bela, bound: true)),
    .setControllerCredential(
      SetControllerCredential(controller: ControllerTests.junior, hash: FixedText("x")!)),
    .allowControllerMAC(
      AllowControllerMAC(controller: ControllerTests.junior, mac: MACAddress(raw: 3))),
  ])
  func controllersAreInIt(_ command: Command) {
    let changed = EngineFixture.trading(before: ControllerTests.controllers)
    let same = EngineFixture.trading(before: ControllerTests.controllers)
    let effects = changed.step(command)
    same.step(.timeReached)
    #expect(effects.refusals.isEmpty && effects.done.allSatisfy { $0.refusal.isNone })
    #expect(changed.stateHash != same.stateHash)
  }

  /// Accepted orders are in the window although nothing else remembers when they came.
  @Test func theOrderRateWindowIsInIt() {
    func fixture(gap: Int64) -> EngineFixture {
      let fixture = EngineFixture.trading(before: [
        .setAccount(SetAccount(account: World.anna, setting: .orderRateCount, value: 2)),
        .setAccount(
          SetAccount(account: World.anna, setting: .orderRateWindowMilliseconds, value: 1_000)),
      ])
      let order = fixture.newOrder(
        World.anna, World.rb2701, .buy, .open, 1, at: World.yuan(3_500))
      fixture.step(.newOrder(order), at: fixture.time.adding(nanoseconds: gap))
      return fixture
    }
    #expect(fixture(gap: 1_000).stateHash != fixture(gap: 2_000).stateHash)
  }

  @Test func theSameCommandsGiveTheSameHashInAnEngineOfAnotherSize() {
    let fixture = EngineFixture.trading()
    fixture.hold(World.anna, World.rb2701, .long, 3, at: World.yuan(3_500))
    fixture.hold(World.bela, World.m2701, .short, 30, at: World.yuan(3_000))
    fixture.step(
      .setPositionLimit(
        SetPositionLimit(
          account: World.anna, scope: .instrument(World.rb2701), hedge: .hedge, lots: 5,
          margin: .none)))
    var capacities = World.capacities
    capacities.operationAccounts *= 3
    capacities.instruments *= 2
    capacities.lots *= 2
    let other = EngineFixture(capacities: capacities)
    for stamped in fixture.commands { other.step(stamped.command, at: stamped.time) }
    #expect(other.stateHash == fixture.stateHash)
    #expect(other.booksHash == fixture.booksHash)
  }
}
