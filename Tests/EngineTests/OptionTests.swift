import Domain
import Engine
import Ledger
import Messages
import Testing

/// Calls and puts at 3 600 on rebar of January, which settled at 3 500: ten units a lot, opening
/// and closing cost 5 yuan a lot. A lot of the future takes 3 500 yuan of margin.
@Suite struct OptionTests {
  private static let commodity = CommodityID(5)
  private static let call = InstrumentID(6)
  private static let put = InstrumentID(7)

  private static func define(
    _ code: String, _ option: OptionClass, commodity: CommodityID = Self.commodity,
    strike: Price = World.yuan(3_600), underlying: InstrumentID = World.rb2701,
    multiplier: Int32 = 10
  ) -> Command {
    .defineInstrument(
      DefineInstrument(
        code: InstrumentCode(code)!, commodity: commodity, deliveryYear: 2027, deliveryMonth: 1,
        lastTradingDay: .none, multiplier: multiplier, tick: World.yuan(1), minimumLimitLots: 1,
        maximumLimitLots: 200, minimumMarketLots: 0, maximumMarketLots: 0, option: option,
        strike: strike, underlying: underlying))
  }

  private static func reference(
    _ instrument: InstrumentID, _ yuan: Int64?, upTo limit: Int64 = 400
  ) -> Command {
    .dayReference(
      DayReference(
        instrument: instrument, preSettlement: yuan.map { World.yuan($0) } ?? .none,
        preClose: .none, upperLimit: World.yuan(limit), lowerLimit: World.yuan(1),
        openInterest: 0))
  }

  private static func rates(_ commodity: CommodityID, margin: Int64 = 0) -> Command {
    let fee = TwoPartRate(byLot: Money(yuan: 5))
    let margin = TwoPartRate(byValue: Rate(units: margin * 1_000_000))
    return .setRates(
      SetRates(
        ownerKind: .platform, ownerID: 0, scope: .commodity(commodity),
        rates: RateSet(
          marginLong: margin, marginShort: margin, feeOpen: fee, feeClose: fee, feeCloseToday: fee))
    )
  }

  /// A house that trades, with a commodity of options that lists none yet.
  private static func trading() -> EngineFixture {
    let fixture = EngineFixture.trading()
    fixture.step(
      .defineCommodity(
        DefineCommodity(
          code: CommodityCode("rb_o")!, exchange: .shfe, hours: TradingHoursID(0),
          deliveryMultiple: 1)))
    return fixture
  }

  /// The call settled at 50, the put at 140.
  private func desk() -> EngineFixture {
    let fixture = Self.trading()
    fixture.step(Self.define("rb2701C3600", .call))
    fixture.step(Self.define("rb2701P3600", .put))
    fixture.step(Self.rates(Self.commodity))
    fixture.step(Self.reference(Self.call, 50))
    fixture.step(Self.reference(Self.put, 140))
    return fixture
  }

  private func child(_ effects: [Effect]) throws -> OrderID {
    try #require(effects.sent.first).child
  }

  // MARK: Premium

  @Test func aBoughtOptionPaysItsPremiumAndTakesNoMargin() throws {
    let fixture = desk()
    let effects = fixture.send(World.anna, Self.call, .buy, .open, 2, at: World.yuan(52))
    let child = try child(effects)
    for holder in [fixture.holder(World.anna), fixture.holder(World.north1)] {
      #expect(holder.frozenPremium == Money(yuan: 1_040))
      #expect(holder.frozenFees == Money(yuan: 10))
      #expect(holder.frozenMargin == .zero)
      #expect(holder.available == holder.openingEquity - Money(yuan: 1_050))
    }
    fixture.fill(child, World.yuan(50), 1)
    for holder in [fixture.holder(World.anna), fixture.holder(World.north1)] {
      #expect(holder.premium == Money(yuan: -500) && holder.netCash == Money(yuan: -500))
      #expect(holder.netDeposits == .zero)
      #expect(holder.frozenPremium == Money(yuan: 520))
      #expect(holder.margin == .zero && holder.closeProfit == .zero)
      #expect(holder.equity == holder.openingEquity - Money(yuan: 505))
      #expect(holder.marketEquity == holder.openingEquity - Money(yuan: 5))
      #expect(holder.netDepositsEver == holder.openingEquity)
      // Fees, paid and frozen: premium is no loss of the day.
      #expect(holder.dailyLoss == Money(yuan: 10))
    }
    fixture.confirmCancel(child, cumulative: 1)
    #expect(fixture.holder(World.anna).frozenPremium == .zero)
    #expect(fixture.holder(World.north1).frozenPremium == .zero)

    fixture.tick(Self.call, World.yuan(60))
    fixture.drain()
    #expect(fixture.holder(World.anna).optionValue == Money(yuan: 600))
    #expect(fixture.holder(World.anna).positionProfit == .zero)
    #expect(fixture.holder(World.anna).equity == Money(yuan: 9_999_495))

    let closing = fixture.send(World.anna, Self.call, .sell, .closeToday, 1, at: World.yuan(60))
    #expect(fixture.holder(World.anna).frozenPremium == .zero)
    fixture.fill(try self.child(closing), World.yuan(60), 1)
    for holder in [fixture.holder(World.anna), fixture.holder(World.north1)] {
      #expect(holder.premium == Money(yuan: 100))
      #expect(holder.equity == holder.openingEquity + Money(yuan: 90))
      #expect(holder.optionValue == .zero && holder.closeProfit == .zero)
    }
  }

  /// 500 + 3 500 - 1 000 / 2 for the call; 1 400 + 3 500 for the put, which is in the money.
  @Test(arguments: [(call, 48, 3_500), (put, 150, 4_900)] as [(InstrumentID, Int64, Int64)])
  func aSoldOptionReceivesItsPremiumAndTakesMargin(
    _ option: InstrumentID, _ price: Int64, _ margin: Int64
  ) throws {
    let fixture = desk()
    let effects = fixture.send(World.anna, option, .sell, .open, 3, at: World.yuan(price))
    for holder in [fixture.holder(World.anna), fixture.holder(World.north1)] {
      #expect(holder.frozenMargin == Money(yuan: 3 * margin))
      #expect(holder.frozenPremium == .zero)
    }
    fixture.fill(try child(effects), World.yuan(price), 3)
    for holder in [fixture.holder(World.anna), fixture.holder(World.north1)] {
      #expect(holder.frozenMargin == .zero && holder.margin == Money(yuan: 3 * margin))
      #expect(holder.premium == Money(yuan: 30 * price))
      #expect(holder.equity == holder.openingEquity + Money(yuan: 30 * price - 15))
      let mark = option == Self.call ? Int64(50) : 140
      #expect(holder.optionValue == Money(yuan: -30 * mark))
    }
    // An exit is not stopped by funds, and freezes a fee alone.
    let closing = fixture.send(World.anna, option, .buy, .closeToday, 3, at: World.yuan(price))
    #expect(fixture.holder(World.anna).frozenPremium == .zero)
    #expect(fixture.holder(World.anna).frozenFees == Money(yuan: 15))
    fixture.fill(try child(closing), World.yuan(price), 3)
    #expect(fixture.holder(World.anna).margin == .zero)
    #expect(fixture.holder(World.anna).premium == .zero)
    #expect(fixture.holder(World.anna).optionValue == .zero)
  }

  @Test func premiumThatIsNotThereIsNotPaid() {
    let fixture = desk()
    // 10 000 000 yuan are there; a lot at 400 costs 4 005.
    let most = fixture.send(World.anna, Self.call, .buy, .open, 200, at: World.yuan(400))
    #expect(most.reports.first?.execType == .new)
    for _ in 0..<11 {
      fixture.send(World.anna, Self.call, .buy, .open, 200, at: World.yuan(400))
    }
    // 2 400 lots: 9 612 000. 96 more are 384 480, and 97 are 388 485.
    #expect(fixture.holder(World.anna).available == Money(yuan: 388_000))
    let over = fixture.send(World.anna, Self.call, .buy, .open, 97, at: World.yuan(400))
    #expect(over.reports.first?.refusal.rule == .fundsAvailable)
    #expect(over.reports.first?.refusal.asked == 388_485 * Money.unitsPerYuan)
    let all = fixture.send(World.anna, Self.call, .buy, .open, 96, at: World.yuan(400))
    #expect(all.reports.first?.execType == .new)
  }

  // MARK: Margin

  @Test func priorSettlementsAndRatesOfTheUnderlyingMoveTheMargin() {
    let fixture = desk()
    fixture.hold(World.anna, Self.call, .short, 1, at: World.yuan(50))
    func margins() -> [Money] {
      fixture.drain()
      return [fixture.holder(World.anna).margin, fixture.holder(World.north1).margin]
    }
    #expect(margins() == [Money(yuan: 3_500), Money(yuan: 3_500)])
    // A price moves what it is worth, and no margin.
    fixture.tick(Self.call, World.yuan(70))
    fixture.tick(World.rb2701, World.yuan(3_700))
    #expect(margins() == [Money(yuan: 3_500), Money(yuan: 3_500)])
    #expect(fixture.holder(World.anna).optionValue == Money(yuan: -700))
    // In the money by 100: 500 + 3 700.
    fixture.step(Self.reference(World.rb2701, 3_700, upTo: 4_000))
    #expect(margins() == [Money(yuan: 4_200), Money(yuan: 4_200)])
    fixture.step(Self.reference(Self.call, 100))
    #expect(margins() == [Money(yuan: 4_700), Money(yuan: 4_700)])
    fixture.step(Self.rates(World.rb, margin: 20))
    #expect(margins() == [Money(yuan: 8_400), Money(yuan: 8_400)])
    // Margin rates of options are nobody's to set.
    let refused = fixture.step(
      .setMarginRates(
        SetMarginRates(
          ownerKind: .everybody, ownerID: 0, scope: .commodity(Self.commodity), method: .asItIs,
          long: TwoPartRate(), short: TwoPartRate())))
    #expect(!refused.refusals.isEmpty)
  }

  @Test func withoutAPriorSettlementNoneIsSold() {
    let fixture = Self.trading()
    fixture.step(Self.define("rb2701C3600", .call))
    fixture.step(Self.rates(Self.commodity))
    fixture.step(Self.reference(Self.call, nil))
    let sold = fixture.send(World.anna, Self.call, .sell, .open, 1, at: World.yuan(50))
    #expect(sold.reports.first?.refusal.rule == .ratesMissing)
    let bought = fixture.send(World.anna, Self.call, .buy, .open, 1, at: World.yuan(50))
    #expect(bought.reports.first?.execType == .new)
    fixture.step(Self.reference(Self.call, 50))
    let now = fixture.send(World.amir, Self.call, .sell, .open, 1, at: World.yuan(50))
    #expect(now.reports.first?.execType == .new)
  }

  // MARK: Market equity

  /// 20 lots of rebar hold 70 000 of margin; 100 calls were paid 50 000. The ratio is reached when
  /// they are worth 10 000, and at 11 000 it is not.
  @Test(arguments: [(11, false), (10, true)] as [(Int64, Bool)])
  func optionsAreWorthWhatTheMarketSaysInMarketEquity(_ last: Int64, _ isReached: Bool) {
    let fixture = desk()
    fixture.hold(World.anna, World.rb2701, .long, 20, at: World.yuan(3_500))
    fixture.hold(World.anna, Self.call, .long, 100, at: World.yuan(50))
    let holder = fixture.holder(World.anna)
    #expect(holder.margin == Money(yuan: 70_000))
    #expect(holder.marketEquity - holder.equity == Money(yuan: 50_000))
    let line =
      holder.margin.units * 100_000_000 / (holder.marketEquity - Money(yuan: 40_000)).units
    fixture.step(
      .setAccountLine(
        SetAccountLine(
          account: World.anna, line: .positionMarginRatio, basis: .marketEquity, mode: .unknown,
          warn: line, liquidate: .min)))
    let told = fixture.tick(Self.call, World.yuan(last)) + fixture.drain().joined()
    #expect(told.notices(.lineReached).map(\.rule) == (isReached ? [.positionMarginRatio] : []))
  }

  // MARK: The day

  @Test func aDayCarriesOptionsWithoutAMarkIntoEquity() {
    let fixture = desk()
    fixture.hold(World.anna, Self.call, .short, 2, at: World.yuan(50))
    let before = fixture.holder(World.anna).equity
    #expect(before == Money(yuan: 10_000_990))
    fixture.step(
      .settlementPrice(SettlementPrice(instrument: Self.call, price: World.yuan(80))))
    fixture.beginDay(
      World.tuesday, nightDate: World.monday.yyyymmdd,
      at: fixture.time.adding(nanoseconds: 86_400_000_000_000))
    for holder in [fixture.holder(World.anna)] {
      #expect(holder.openingEquity == before && holder.equity == before)
      #expect(holder.premium == .zero && holder.netCash == .zero)
      #expect(holder.optionValue == Money(yuan: -1_600))
      // Two lots of 800 + 3 500 - 500.
      #expect(holder.margin == Money(yuan: 7_600))
    }
  }

  // MARK: Definitions

  @Test func anOptionIsOnAListedFutureOfItsExchange() {
    let fixture = Self.trading()
    for command in [
      Self.define("a", .call, commodity: World.rb),
      Self.define("b", .call, underlying: InstrumentID(70)),
      Self.define("c", .call, underlying: .none),
      Self.define("d", .call, underlying: World.m2701),
      Self.define("e", .call, multiplier: 5),
      Self.define("f", .call, strike: .zero),
      Self.define("g", .call, strike: .none),
      Self.define("h", .none),
    ] {
      #expect(!fixture.step(command).refusals.isEmpty, "\(command)")
    }
    #expect(fixture.step(Self.define("rb2701C3600", .call)).refusals.isEmpty)
    // None on an option, and no future among options.
    for command in [
      Self.define("i", .call, underlying: Self.call),
      Self.define("j", .none, strike: .none, underlying: .none),
    ] {
      #expect(!fixture.step(command).refusals.isEmpty, "\(command)")
    }
    #expect(fixture.step(Self.define("rb2701P3600", .put)).refusals.isEmpty)
  }
}
