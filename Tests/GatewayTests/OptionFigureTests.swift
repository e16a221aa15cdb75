import Domain
import Follower
import Ledger
import Messages
import Testing
import Wire

@testable import Gateway

/// What terminals are shown of options: terms, what a position is worth, premium and market equity,
/// of a house that is small enough to be computed by hand.
@Suite struct OptionFigureTests {
  static let call = InstrumentID(4)
  static let code = "rb2701C3500"

  /// A call on rb2701 at 3500 that settled at 50.
  static func desk() throws -> FollowedDesk {
    var desk = try FollowedDesk()
    let fee = TwoPartRate(byLot: Money(yuan: 5))
    for command: Command in [
      .defineCommodity(
        DefineCommodity(
          code: CommodityCode("rb_o")!, exchange: .shfe, hours: TradingHoursID(0),
          deliveryMultiple: 1)),
      .defineInstrument(
        DefineInstrument(
          code: InstrumentCode(code)!, commodity: CommodityID(3), deliveryYear: 2027,
          deliveryMonth: 1, lastTradingDay: TradingDay(yyyymmdd: 20_261_223)!, multiplier: 10,
          tick: SmallHouse.price(1), minimumLimitLots: 1, maximumLimitLots: 100,
          minimumMarketLots: 0, maximumMarketLots: 0, option: .call,
          strike: SmallHouse.price(3_500), underlying: SmallHouse.rb)),
      .setRates(
        SetRates(
          ownerKind: .platform, ownerID: 0, scope: .commodity(CommodityID(3)),
          rates: RateSet(
            marginLong: TwoPartRate(), marginShort: TwoPartRate(), feeOpen: fee, feeClose: fee,
            feeCloseToday: fee))),
      .dayReference(
        DayReference(
          instrument: call, preSettlement: SmallHouse.price(50), preClose: .none,
          upperLimit: SmallHouse.price(400), lowerLimit: SmallHouse.price(1), openInterest: 0)),
    ] {
      _ = desk.desk.gateway.take(command)
    }
    desk.settle()
    desk.alice = try desk.logOn()
    return desk
  }

  private static func order(
    _ id: String, _ side: Side, _ lots: Lots, price: Int64
  ) -> OrderEntry.NewOrder {
    GatewayDesk.order(id, instrument: code, side: side, price: price, lots: lots)
  }

  @Test func theTermsSayWhatItIs() throws {
    var desk = try Self.desk()
    let rows = desk.ask(
      FollowedDesk.query(.instruments, instrument: "rb2701"), from: desk.alice
    ).instruments
    #expect(rows.map { $0.instrument.string } == ["rb2701", Self.code])
    let future = try #require(rows.first)
    #expect(future.kind == .future && future.option == .none)
    #expect(future.strike.isNone && future.underlying.isEmpty)
    let option = try #require(rows.last)
    #expect(option.kind == .option && option.option == .call)
    #expect(option.strike == SmallHouse.price(3_500))
    #expect(option.underlying == InstrumentCode("rb2701"))
    #expect(option.commodity.string == "rb_o")
    #expect(option.lastTradingDay == TradingDay(yyyymmdd: 20_261_223))
    // 500 + 10 % of 35 000 for a lot that is sold; what is bought takes none.
    #expect(option.shortMarginRate == Rate(units: 0))
    #expect(option.shortMarginPerLot == Money(yuan: 4_000))
    #expect(option.longMarginRate == Rate(units: 0) && option.longMarginPerLot == .zero)
  }

  @Test func whatIsBoughtIsPaidForAndWorthItsMark() throws {
    var desk = try Self.desk()
    let alice = desk.alice
    desk.trade(Self.order("o-1", .buy, 2, price: 48), filled: 2, from: alice)
    desk.trade(Self.order("o-2", .buy, 3, price: 40), filled: 0, from: alice)
    let positions = desk.ask(FollowedDesk.query(.positions), from: alice).positions
    let row = try #require(positions.first)
    #expect(positions.count == 1)
    #expect(row.side == .long && row.todayLots == 2 && row.workingOpenLots == 3)
    // Marked at its settlement before: 2 lots of 10 at 50.
    #expect(row.markPrice == SmallHouse.price(50))
    #expect(row.optionValue == Money(yuan: 1_000))
    #expect(row.positionProfit == .zero && row.margin == .zero && row.frozenMargin == .zero)
    let funds = try #require(desk.ask(FollowedDesk.query(.funds), from: alice).funds.first)
    #expect(funds.premium == Money(yuan: -960) && funds.netCash == Money(yuan: -960))
    #expect(funds.deposits == .zero && funds.withdrawals == .zero)
    #expect(funds.frozenPremium == Money(yuan: 1_200) && funds.frozenMargin == .zero)
    #expect(funds.fees == Money(yuan: 10) && funds.frozenFee == Money(yuan: 15))
    #expect(funds.equity == Money(yuan: 1_000_000 - 970))
    #expect(funds.available == Money(yuan: 1_000_000 - 970 - 1_215))
    #expect(funds.marketEquity == Money(yuan: 1_000_000 - 970 + 1_000))
  }

  @Test func whatIsSoldIsWorthLessThanNothing() throws {
    var desk = try Self.desk()
    let alice = desk.alice
    desk.trade(Self.order("o-1", .sell, 2, price: 55), filled: 2, from: alice)
    let row = try #require(
      desk.ask(FollowedDesk.query(.positions), from: alice).positions.first)
    #expect(row.side == .short && row.optionValue == Money(yuan: -1_000))
    #expect(row.margin == Money(yuan: 8_000) && row.positionProfit == .zero)
    let funds = try #require(desk.ask(FollowedDesk.query(.funds), from: alice).funds.first)
    #expect(funds.premium == Money(yuan: 1_100) && funds.frozenPremium == .zero)
    #expect(funds.marketEquity == funds.equity - Money(yuan: 1_000))
  }

  @Test func aFutureHasNoValueOfAnOption() throws {
    var desk = try QueryTests.day()
    let alice = desk.alice
    let row = try #require(
      desk.ask(FollowedDesk.query(.positions), from: alice).positions.first)
    #expect(row.optionValue.isNone)
    let funds = try #require(desk.ask(FollowedDesk.query(.funds), from: alice).funds.first)
    #expect(funds.premium == .zero && funds.frozenPremium == .zero)
    #expect(funds.marketEquity == funds.equity)
  }
}
