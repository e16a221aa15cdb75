import Domain
import Engine
import Ledger
import Messages
import Testing

/// What holds up a liquidation though nothing can come of it, and what it closes though nothing
/// comes of that.
@Suite struct StuckExitTests {
  private let anna = World.anna
  private let extra = InstrumentID(6)

  /// Lists another instrument, with rates and prices.
  private func list(
    _ fixture: EngineFixture, _ code: String, _ commodity: CommodityID, year: UInt16 = 2026,
    month: UInt8 = 11, lastTradingDay: TradingDay = .none, tick: Price = World.yuan(5),
    fewest: Lots = 1, option: OptionClass = .none, price: Int64
  ) {
    fixture.step(
      .defineInstrument(
        DefineInstrument(
          code: InstrumentCode(code)!, commodity: commodity, deliveryYear: year,
          deliveryMonth: month, lastTradingDay: lastTradingDay,
          multiplier: option == .none ? 5 : 10, tick: tick, minimumLimitLots: fewest,
          maximumLimitLots: 200, minimumMarketLots: 0, maximumMarketLots: 0, option: option,
          strike: option == .none ? .none : World.yuan(3_600),
          underlying: option == .none ? .none : World.rb2701)))
    fixture.step(
      .dayReference(
        DayReference(
          instrument: extra, preSettlement: World.yuan(price), preClose: .none,
          upperLimit: World.yuan(price * 2), lowerLimit: tick, openInterest: 0)))
    fixture.quote(extra, bid: price, ask: price)
  }

  private func beginTuesday(_ fixture: EngineFixture) {
    fixture.beginDay(
      World.tuesday, nightDate: World.monday.yyyymmdd, at: World.openTime.adding(seconds: 86_400))
    fixture.quote(World.rb2701, bid: 3_500, ask: 3_500)
  }

  // MARK: What will not trade again

  @Test func aLiquidationDoesNotWaitForWhatHasExpired() throws {
    let fixture = EngineFixture.trading()
    list(fixture, "al2611a", World.al, lastTradingDay: World.monday, price: 20_000)
    fixture.hold(anna, extra, .long, 5, at: World.yuan(20_000))
    fixture.hold(anna, World.rb2701, .long, 4, at: World.yuan(3_500))
    beginTuesday(fixture)
    fixture.force(anna)
    let sent = Array(fixture.drain().joined()).sent
    #expect(sent.map(\.instrument) == [World.rb2701])
    let child = try #require(sent.first)
    var effects = fixture.fill(child.child, child.price, child.lots)
    effects += fixture.drain().joined()
    #expect(effects.liquidations.last?.end == .done)
    #expect(effects.notices(.liquidationRest).map(\.limit) == [5])
    #expect(fixture.refusal(anna) == nil)
    #expect(fixture.held(anna, extra) == 5)
  }

  /// The exchange's own word counts more than the calendar's.
  @Test func whatTheExchangeStillTradesIsClosed() {
    let fixture = EngineFixture.trading()
    list(fixture, "al2611a", World.al, lastTradingDay: World.monday, price: 20_000)
    fixture.hold(anna, extra, .long, 5, at: World.yuan(20_000))
    beginTuesday(fixture)
    fixture.step(.instrumentStatus(InstrumentStatus(instrument: extra, phase: .continuous)))
    fixture.quote(extra, bid: 20_000, ask: 20_000)
    fixture.force(anna)
    #expect(Array(fixture.drain().joined()).sent.map(\.instrument) == [extra])
  }

  // MARK: Slices

  /// Eight lots at least and multiples of five are ten at least; a largest order of nine would
  /// leave nothing.
  @Test func theLeastForcedOrderIsAMultiple() {
    let fixture = EngineFixture.trading()
    list(fixture, "al2611a", World.al, fewest: 8, price: 20_000)
    fixture.hold(anna, extra, .long, 20, at: World.yuan(20_000))
    fixture.step(
      .setOrderSize(SetOrderSize(account: anna, commodity: World.al, lots: 9, margin: .none)))
    fixture.force(anna)
    #expect(Array(fixture.drain().joined()).sent.map(\.lots) == [20])
  }

  /// A fund account's largest order that allows no order at all does not bind an exit that is
  /// forced; a terminal's it does.
  @Test(arguments: [Int64(0), 4])
  func aLargestOrderBelowAMultipleHoldsUpNoForcedOne(_ lots: Int64) {
    let fixture = EngineFixture.trading()
    let price = World.yuan(20_000)
    fixture.quote(World.al2611, bid: 20_000, ask: 20_000)
    fixture.hold(anna, World.al2611, .long, 10, at: price)
    for fund in [World.north1, World.south1] {
      fixture.step(
        .setFundOrderSize(
          SetFundOrderSize(
            fundAccount: fund, scope: .commodity(World.al), lots: lots, margin: .none)))
    }
    let own = fixture.send(anna, World.al2611, .sell, .closeToday, 5, at: price)
    #expect(own.reports.map(\.refusal.rule) == [.fundOrderSize])
    fixture.force(anna)
    #expect(Array(fixture.drain().joined()).sent.map(\.lots) == [10])
  }

  // MARK: Rounds

  /// Rebar takes 50 000 yuan a lot of 1 000 000, bought calls take nothing: closing those would
  /// leave the account over its line as it was.
  @Test func aRoundLeavesOptionsThatWereBought() throws {
    func rates(_ commodity: CommodityID, _ margin: Int64) -> Command {
      let margin = TwoPartRate(byLot: Money(yuan: margin))
      return .setRates(
        SetRates(
          ownerKind: .platform, ownerID: 0, scope: .commodity(commodity),
          rates: RateSet(
            marginLong: margin, marginShort: margin, feeOpen: TwoPartRate(),
            feeClose: TwoPartRate(), feeCloseToday: TwoPartRate())))
    }
    let options = CommodityID(5)
    let fixture = EngineFixture.trading(before: [
      .setOpeningBalance(
        SetOpeningBalance(
          holderKind: .operationAccount, holderID: 0, allowedLoss: Money(yuan: 1_000_000),
          notToLose: .zero)), rates(World.rb, 50_000),
      .defineCommodity(
        DefineCommodity(
          code: CommodityCode("rb_o")!, exchange: .shfe, hours: TradingHoursID(0),
          deliveryMultiple: 1)), rates(options, 0),
    ])
    list(
      fixture, "rb2701C3600", options, year: 2027, month: 1, tick: World.yuan(1), option: .call,
      price: 50)
    fixture.tick(World.rb2701, World.yuan(3_500))
    fixture.quote(World.rb2701, bid: 3_500, ask: 3_500)
    fixture.hold(anna, World.rb2701, .long, 4, at: World.yuan(3_500))
    fixture.hold(anna, extra, .long, 100, at: World.yuan(50))
    #expect(fixture.held(anna, extra) == 100)
    // 20 % of 10 %: nothing of four lots, ten of a hundred.
    fixture.setOvernight(anna, .margin, percent: 10)
    fixture.pass(to: 14, 55)
    #expect(fixture.passed.sent.map(\.instrument) == [World.rb2701])
    #expect(fixture.fillRounds(fixture.passed.sent) == [[1], [1]])
    #expect(fixture.held(anna, extra) == 100)
    #expect(fixture.held(anna, World.rb2701) == 2)
  }
}
