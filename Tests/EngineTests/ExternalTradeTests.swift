import Domain
import Engine
import Ledger
import MarketData
import Messages
import Testing

/// Trades at the counter that nobody here sent, and who gets them (AMS manual 2.2, 9.8).
@Suite struct ExternalTradeTests {
  private let price = World.yuan(3_500)

  private static func set(_ setting: ProductSetting, _ value: Int64, _ product: ProductID)
    -> Command
  { .setProduct(SetProduct(product: product, setting: setting, value: value)) }

  /// delta: one fund account, one operation account.
  private static let delta = ProductID(3)
  private static let deltaFund = FundAccountID(6)
  private static let dora = OperationAccountID(6)
  private static let deltaCommands: [Command] = [
    .defineProduct(DefineProduct(name: Name("delta")!, mode: .priority)),
    .defineFundAccount(
      DefineFundAccount(name: Name("north4")!, product: delta, counter: CounterID(0))),
    .defineOperationAccount(DefineOperationAccount(name: Name("dora")!, product: delta)),
  ]

  private func fixture(_ commands: [Command]) -> EngineFixture {
    let fixture = EngineFixture.trading(before: Self.deltaCommands + commands)
    fixture.link(Self.deltaFund)
    return fixture
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var isMapped: Bool
    var commands: [Command]
    var testDescription: String { name }
  }

  static let rows: [Row] = [
    Row(name: "no is the default", isMapped: false, commands: []),
    Row(name: "no", isMapped: false, commands: [set(.autoMapping, 0, delta)]),
    Row(name: "yes", isMapped: true, commands: [set(.autoMapping, 1, delta)]),
    Row(
      name: "follow global: no", isMapped: false, commands: [set(.autoMapping, 2, delta)]),
    Row(
      name: "follow global: yes", isMapped: true,
      commands: [
        set(.autoMapping, 2, delta),
        .setPlatform(SetPlatform(setting: .mapsExternal, value: 1)),
      ]),
    Row(
      name: "global alone", isMapped: false,
      commands: [.setPlatform(SetPlatform(setting: .mapsExternal, value: 1))]),
    Row(
      name: "yes with two accounts", isMapped: false,
      commands: [
        set(.autoMapping, 1, delta),
        .defineOperationAccount(DefineOperationAccount(name: Name("dirk")!, product: delta)),
      ]),
    Row(
      name: "named, with two accounts", isMapped: true,
      commands: [
        .defineOperationAccount(DefineOperationAccount(name: Name("dirk")!, product: delta)),
        set(.externalAccount, Int64(dora.raw), delta),
      ]),
    Row(
      name: "named, and no longer", isMapped: false,
      commands: [
        set(.externalAccount, Int64(dora.raw), delta), set(.externalAccount, .min, delta),
      ]),
  ]

  @Test(arguments: rows)
  func whoIsNamedOrTheOnlyAccountGetsThem(_ row: Row) {
    let fixture = fixture(row.commands)
    let effects = fixture.externalTrade(
      Self.deltaFund, World.rb2701, .buy, .open, 4, at: price)
    #expect(fixture.side(Self.deltaFund, World.rb2701, .long)?.held == 4)
    #expect(fixture.side(Self.dora, World.rb2701, .long)?.held ?? 0 == (row.isMapped ? 4 : 0))
    #expect(fixture.unmapped(Self.delta, World.rb2701)?.lots == (row.isMapped ? 0 : 4))
    #expect(fixture.unmapped(Self.delta, World.rb2701)?.basis == (row.isMapped ? 0 : 140_000_000))
    #expect(effects.notices(.unmappedTrade).count == 1)
    #expect(effects.notices(.tradeMapped).map(\.limit) == (row.isMapped ? [4] : []))
    #expect(effects.notices(.unmappedHeld).map(\.limit) == (row.isMapped ? [] : [4]))
    #expect(effects.reports.map(\.state) == (row.isMapped ? [.filled] : []))
  }

  /// The order is an account's like any other, with an id of the gateway's own kind.
  @Test func aMappedOrderCarriesItsSign() {
    let fixture = fixture([Self.set(.autoMapping, 1, Self.delta)])
    let effects = fixture.externalTrade(
      Self.deltaFund, World.rb2701, .sell, .open, 4, at: price)
    let report = effects.reports[0]
    #expect(report.clOrdID.string == "#1")
    #expect(report.execType == .trade)
    #expect([report.lots, report.lastLots, report.cumulativeLots] == [4, 4, 4])
    #expect(report.leavesLots == 0)
    #expect(report.lastPrice == price)
    #expect(report.tradeID.string == "outside")
    // 4 lots of 35 000 yuan at 1e-4: the account's own rates.
    #expect(report.fee == Money(yuan: 14))
    #expect(fixture.holder(Self.dora).fees == Money(yuan: 14))
    #expect(fixture.holder(Self.dora).margin == Money(yuan: 14_000))
    #expect(fixture.holder(Self.dora).workingOrders == 0)
    let late = fixture.cancel(report.order, of: Self.dora)
    #expect(late.reports.map(\.refusal.rule) == [.orderDone])
  }

  /// Nobody else may call an order so, and it is none of the account's own tallies.
  @Test func aTerminalCannotUseTheSign() {
    let fixture = fixture([
      Self.set(.autoMapping, 1, Self.delta),
      .setAccount(SetAccount(account: Self.dora, setting: .orderRateCount, value: 1)),
      .setAccount(
        SetAccount(account: Self.dora, setting: .orderRateWindowMilliseconds, value: 1_000)),
    ])
    fixture.externalTrade(Self.deltaFund, World.rb2701, .buy, .open, 4, at: price)
    #expect(fixture.engine.ledger.account(Self.dora).pointee.ordersToday == 0)
    #expect(fixture.engine.ledger.account(Self.dora).pointee.orderRateBarred.isEmpty)
    let effects = fixture.step(
      .newOrder(
        fixture.newOrder(
          World.anna, World.rb2701, .buy, .open, 1, at: price, clOrdID: ClOrdID("#77")!)))
    #expect(effects.reports.map(\.refusal.rule) == [.duplicateOrder])
    #expect(effects.sent.isEmpty)
  }

  /// It books no more than it can close; the rest waits for a controller.
  @Test func aCloseIsMappedAsFarAsItIsHeld() {
    let fixture = fixture([Self.set(.autoMapping, 1, Self.delta)])
    fixture.externalTrade(Self.deltaFund, World.i2701, .buy, .open, 5, at: World.yuan(800))
    // Two of them are being closed by the account itself.
    fixture.step(
      .setOpeningBalance(
        SetOpeningBalance(
          holderKind: .fundAccount, holderID: Self.deltaFund.raw,
          allowedLoss: World.fundBalance, notToLose: .zero)))
    let closing = fixture.send(
      Self.dora, World.i2701, .sell, .close, 2, at: World.yuan(800))
    #expect(closing.sent.count == 1)
    let effects = fixture.externalTrade(
      Self.deltaFund, World.i2701, .sell, .close, 4, at: World.yuan(810))
    #expect(effects.reports.map(\.lastLots) == [3])
    #expect(effects.notices(.unmappedHeld).map(\.limit) == [1])
    #expect(fixture.side(Self.dora, World.i2701, .long)?.held == 2)
    #expect(fixture.unmapped(Self.delta, World.i2701)?.lots == -1)
  }

  // MARK: By a controller

  private func assign(
    _ fixture: EngineFixture, _ trade: UInt64, _ account: OperationAccountID, _ offset: Offset,
    _ lots: Lots
  ) -> [Effect] {
    fixture.step(
      .assignUnmapped(AssignUnmapped(trade: trade, account: account, offset: offset, lots: lots)))
  }

  @Test func aControllerAssignsLotsUntilNoneAreLeft() {
    let fixture = EngineFixture.trading()
    let held = fixture.externalTrade(
      World.north1, World.rb2701, .sell, .open, 5, at: price)
    let number = UInt64(held.notices(.unmappedHeld)[0].observed)
    let first = assign(fixture, number, World.anna, .open, 2)
    #expect(first.reports.map(\.lastLots) == [2])
    #expect(first.reports.map { $0.clOrdID.string } == ["#1"])
    #expect(fixture.unmapped(World.alpha, World.rb2701)?.lots == -3)
    let second = assign(fixture, number, World.amir, .open, 3)
    #expect(second.reports.map { $0.clOrdID.string } == ["#2"])
    #expect(fixture.unmapped(World.alpha, World.rb2701)?.lots == 0)
    #expect(fixture.unmapped(World.alpha, World.rb2701)?.basis == 0)
    #expect(fixture.side(World.anna, World.rb2701, .short)?.held == 2)
    #expect(fixture.side(World.amir, World.rb2701, .short)?.held == 3)
    #expect(assign(fixture, number, World.anna, .open, 1).refusals.map(\.rule) == [.badCommand])
  }

  @Test func whatMakesNoSenseIsRefusedAndChangesNothing() {
    let fixture = EngineFixture.trading()
    fixture.hold(World.anna, World.rb2701, .long, 2, at: price)
    fixture.externalTrade(World.north1, World.rb2701, .sell, .closeToday, 1, at: price)
    fixture.externalTrade(World.north1, World.rb2701, .sell, .open, 5, at: price)
    let before = fixture.booksHash
    let rows: [(UInt64, OperationAccountID, Offset, Lots, RuleID)] = [
      (9, World.anna, .open, 1, .badCommand), (2, World.bela, .open, 1, .badCommand),
      (2, OperationAccountID(99), .open, 1, .badCommand), (2, World.anna, .unknown, 1, .badCommand),
      (2, World.anna, .open, 0, .badCommand), (2, World.anna, .open, -1, .badCommand),
      (2, World.anna, .open, 6, .badCommand), (2, World.anna, .closeToday, 3, .positionAvailable),
      (2, World.anna, .closeYesterday, 1, .positionAvailable),
      (2, World.amir, .closeToday, 1, .positionAvailable),
    ]
    for (trade, account, offset, lots, rule) in rows {
      #expect(assign(fixture, trade, account, offset, lots).refusals.map(\.rule) == [rule])
      #expect(fixture.booksHash == before)
    }
    #expect(assign(fixture, 2, World.anna, .closeToday, 2).reports.count == 1)
  }

  /// Lots of an earlier day are yesterday's, as the fund account's are, and earn what they earned.
  @Test func anEarlierDaysTradeIsYesterdays() {
    let fixture = EngineFixture.trading()
    fixture.externalTrade(World.north1, World.rb2701, .buy, .open, 3, at: World.yuan(3_480))
    fixture.step(
      .settlementPrice(SettlementPrice(instrument: World.rb2701, price: World.yuan(3_520))))
    fixture.beginDay(
      World.tuesday, nightDate: 0, at: World.openTime.adding(seconds: 86_400))
    fixture.tick(World.rb2701, World.yuan(3_530))
    fixture.drain()
    #expect(assign(fixture, 1, World.anna, .open, 3).reports.map(\.lastLots) == [3])
    let side = fixture.side(World.anna, World.rb2701, .long)
    #expect(side?.yesterday == 3)
    #expect(side?.today == 0)
    let holder = fixture.holder(World.anna)
    #expect(holder.closeProfit == Money(yuan: 40 * 10 * 3))
    #expect(holder.positionProfit == Money(yuan: 10 * 10 * 3))
    let out = fixture.send(World.anna, World.rb2701, .sell, .closeYesterday, 3, at: price)
    #expect(out.sent.map(\.lots) == [3])
  }

  @Test func nobodyIsAssignedWhileADayIsSwitched() {
    let fixture = EngineFixture.trading()
    fixture.externalTrade(World.north1, World.rb2701, .buy, .open, 3, at: price)
    fixture.step(.daySwitch(DaySwitch(tradingDay: World.tuesday, nightDate: 0)))
    #expect(
      assign(fixture, 1, World.anna, .open, 3).refusals.map(\.rule) == [.engineNotReady])
  }

  @Test(arguments: [Int64(1), 6, 99, -1])
  func onlyAnAccountOfTheProductIsNamed(_ account: Int64) {
    let fixture = EngineFixture.trading()
    let effects = fixture.step(Self.set(.externalAccount, account, World.alpha))
    #expect(effects.refusals.isEmpty == (account == 1))
  }
}
