import Domain
import Engine
import Follower
import Ledger
import Messages
import Testing
import Wire

@testable import Gateway

/// What queries say of a day that is small enough to be computed by hand.
@Suite struct QueryFigureTests {
  @Test func fundsAreTheLedgersFigures() throws {
    var desk = try QueryTests.day()
    let alice = desk.alice
    _ = desk.desk.gateway.take(
      .moveCash(
        MoveCash(account: SmallHouse.alice, allowedLoss: Money(yuan: 5_000), notToLose: .zero)))
    _ = desk.desk.gateway.take(
      .moveCash(
        MoveCash(account: SmallHouse.alice, allowedLoss: Money(yuan: -700), notToLose: .zero)))
    desk.settle()
    let answer = desk.ask(FollowedDesk.query(.funds), from: alice)
    #expect(answer.end.result == .complete)
    let row = try #require(answer.funds.first)
    #expect(row.openingEquity == Money(yuan: 1_000_000))
    #expect(row.deposits == Money(yuan: 5_000))
    #expect(row.withdrawals == Money(yuan: 700))
    #expect(row.netCash == Money(yuan: 4_300))
    // One lot of ten sold 10 yuan higher; marked at the settlement before: 3500.
    #expect(row.closeProfit == Money(yuan: 100))
    #expect(row.positionProfit == .zero)
    #expect(row.fees == Money(yuan: 9))
    #expect(row.balance == Money(yuan: 1_004_391))
    #expect(row.equity == row.balance)
    #expect(row.margin == Money(yuan: 3_500))
    #expect(row.frozenMargin == Money(yuan: 10_470))
    #expect(row.frozenFee == Money(yuan: 9))
    #expect(row.available == Money(yuan: 1_004_391 - 3_500 - 10_470 - 9))
    #expect(row.withdrawable == row.available)
    #expect(row.requestNumber == 1)
  }

  @Test func positionsAddUpToFunds() throws {
    var desk = try QueryTests.day()
    let alice = desk.alice
    let positions = desk.ask(FollowedDesk.query(.positions), from: alice).positions
    let row = try #require(positions.first)
    #expect(positions.count == 1)
    #expect(row.instrument == InstrumentCode("rb2701"))
    #expect(row.side == .long)
    #expect(row.hedge == .speculation)
    #expect(row.todayLots == 1)
    #expect(row.yesterdayLots == 0)
    #expect(row.frozenTodayLots == 0)
    #expect(row.workingOpenLots == 3)
    #expect(row.openedLots == 2)
    #expect(row.closedLots == 1)
    #expect(row.openCost == Money(yuan: 35_000))
    #expect(row.positionCost == Money(yuan: 35_000))
    #expect(row.margin == Money(yuan: 3_500))
    #expect(row.frozenMargin == Money(yuan: 10_470))
    #expect(row.markPrice == SmallHouse.price(3_500))
    let funds = try #require(desk.ask(FollowedDesk.query(.funds), from: alice).funds.first)
    #expect(funds.margin == row.margin)
    #expect(funds.positionProfit == row.positionProfit)
  }

  @Test func lotsThatAWorkingCloseHoldsAreFrozen() throws {
    var desk = try QueryTests.day()
    let alice = desk.alice
    desk.trade(
      GatewayDesk.order("a-5", side: .sell, offset: .closeToday, price: 3_600, lots: 1),
      filled: 0, from: alice)
    let row = try #require(
      desk.ask(FollowedDesk.query(.positions), from: alice).positions.first)
    #expect(row.frozenTodayLots == 1)
    #expect(row.frozenYesterdayLots == 0)
  }

  @Test func ordersAreAsTheyStand() throws {
    var desk = try QueryTests.day()
    let alice = desk.alice
    let answer = desk.ask(FollowedDesk.query(.orders), from: alice)
    let ids = ["a-1", "a-2", "a-3", "a-4"].map { ClOrdID($0)! }
    #expect(answer.orders.map(\.clOrdID) == ids)
    #expect(answer.orders.map(\.state) == [.filled, .filled, .working, .rejected])
    #expect(answer.orders.map(\.cumulativeLots) == [2, 1, 0, 0])
    #expect(answer.orders.map(\.leavesLots) == [0, 0, 3, 0])
    #expect(answer.orders[0].averagePrice == SmallHouse.price(3_500))
    #expect(answer.orders[2].averagePrice.isNone)
    #expect(answer.orders[2].frozenMargin == Money(yuan: 10_470))
    #expect(answer.orders[2].frozenFee == Money(yuan: 9))
    #expect(answer.orders[3].refusal.rule == RuleID.priceLimits.rawValue)
    #expect(answer.orders.allSatisfy { $0.tradingDay == SmallHouse.day && $0.exchange == .shfe })
    let working = desk.ask(FollowedDesk.query(.orders, workingOnly: true), from: alice)
    #expect(working.orders.map(\.clOrdID) == [ids[2]])
    #expect(working.end.result == .complete)
  }

  @Test func tradesHaveBothIDsAndWhatTheyCost() throws {
    var desk = try QueryTests.day()
    let alice = desk.alice
    let trades = desk.ask(FollowedDesk.query(.trades), from: alice).trades
    #expect(trades.map(\.lots) == [2, 1])
    #expect(trades.map(\.price) == [SmallHouse.price(3_500), SmallHouse.price(3_510)])
    #expect(trades.map(\.offset) == [.open, .closeToday])
    #expect(trades.map(\.fee) == [Money(yuan: 6), Money(yuan: 3)])
    #expect(trades.map(\.tradeID) == [VenueID("T2")!, VenueID("T4")!])
    #expect(trades.allSatisfy { $0.venueOrderID == VenueID("V1") && !$0.venueTime.isNone })
    #expect(trades.map(\.tradeNumber.sequence) == [1, 2])
    let orders = desk.ask(FollowedDesk.query(.orders), from: alice).orders
    #expect(trades.map(\.orderID) == [orders[0].orderID, orders[1].orderID])
  }

  @Test func instrumentsCarryTheAccountsRates() throws {
    var desk = try QueryTests.day()
    let alice = desk.alice
    let own = TwoPartRate(byValue: Rate(units: 20_000_000), byLot: Money(yuan: 7))
    for setting in [AccountSetting.marginRateMode, .feeRateMode] {
      _ = desk.desk.gateway.take(
        .setAccount(SetAccount(account: SmallHouse.alice, setting: setting, value: 1)))
    }
    _ = desk.desk.gateway.take(
      .setRates(
        SetRates(
          ownerKind: .operationAccount, ownerID: SmallHouse.alice.raw,
          scope: .instrument(SmallHouse.rb),
          rates: RateSet(
            marginLong: own, marginShort: own, feeOpen: own, feeClose: own,
            feeCloseToday: own))))
    desk.settle()
    let rows = desk.ask(FollowedDesk.query(.instruments), from: alice).instruments
    let codes = ["hc2701", "rb2701", "rb2705", "m2701"].map { InstrumentCode($0)! }
    #expect(rows.map(\.instrument) == codes)
    #expect(rows[1].longMarginRate == own.byValue)
    #expect(rows[1].openFeePerLot == own.byLot)
    #expect(rows[2].longMarginRate == Rate(units: 10_000_000))
    #expect(rows[2].closeTodayFeePerLot == Money(yuan: 3))
    #expect(rows[1].multiplier == 10)
    #expect(rows[1].lastTradingDay == TradingDay(yyyymmdd: 20_270_115))
    let bob = try desk.logOn("bob")
    let his = desk.ask(FollowedDesk.query(.instruments, "bob", instrument: "rb27"), from: bob)
    #expect(his.instruments.map(\.instrument) == [codes[1], codes[2]])
    #expect(his.instruments.allSatisfy { $0.longMarginRate == Rate(units: 10_000_000) })
  }

  @Test func limitsAreWhatTheRulesFind() throws {
    var desk = try QueryTests.day()
    let alice = desk.alice
    for (setting, value) in [(AccountSetting.positionCap, Int64(10)), (.openOrders, 5)] {
      _ = desk.desk.gateway.take(
        .setAccount(SetAccount(account: SmallHouse.alice, setting: setting, value: value)))
    }
    desk.settle()
    let rows = desk.ask(FollowedDesk.query(.limits), from: alice).limits
    func row(_ rule: RuleID) throws -> OrderEntry.LimitRow {
      try #require(rows.first { $0.rule == rule.rawValue }, "\(rule)")
    }
    let lots = try row(.positionLimit)
    #expect(lots.observed == 4 && lots.limit == 10 && lots.headRoom == 6)
    #expect(lots.unit == .lots && lots.scopeKind == .operationAccount)
    #expect(lots.scopeName == Name("alice"))
    #expect(lots.side == .unknown)
    let orders = try row(.openOrders)
    #expect(orders.observed == 1 && orders.limit == 5 && orders.headRoom == 4)
    let funds = try #require(desk.ask(FollowedDesk.query(.funds), from: alice).funds.first)
    #expect(try row(.fundsAvailable).headRoom == funds.available.units)
  }
}
