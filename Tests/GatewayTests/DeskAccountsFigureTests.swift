import Client
import Domain
import Engine
import Follower
import Ledger
import Messages
import RiskRules
import Testing
import Wire

@testable import Gateway

/// What pictures of accounts say of a day that is small enough to be computed by hand.
@Suite struct DeskAccountsFigureTests {
  /// Alice holds two lots of rb long and one of hc short, a lot of m works; rb has risen by 20.
  private static func day() throws -> FollowedDesk {
    var desk = try FollowedDesk.watched()
    desk.trade(GatewayDesk.order("a-1", lots: 2), filled: 2, from: desk.alice)
    desk.trade(
      GatewayDesk.order("a-2", instrument: "hc2701", side: .sell, lots: 1), filled: 1,
      from: desk.alice)
    desk.trade(GatewayDesk.order("a-3", instrument: "m2701", lots: 1), filled: 0, from: desk.alice)
    desk.take(
      .setAccountLine(
        SetAccountLine(
          account: SmallHouse.alice, line: .dailyLoss, basis: .unknown, mode: .unknown,
          warn: Money(yuan: 300).units, liquidate: Money(yuan: 500).units)))
    desk.tick(3_520)
    return desk
  }

  private static func rows(_ desk: inout FollowedDesk) throws -> Rows {
    let chief = try desk.logOnDesk("chief")
    desk.subscribe(.all, from: chief)
    return Rows(desk.drawn(chief))
  }

  @Test func anAccountsRowIsWhatItsMoneyIs() throws {
    var desk = try Self.day()
    let rows = try Self.rows(&desk)
    let row = try #require(rows.accounts.first { $0.account.string == "alice" })
    #expect(row.product.string == "product-1")
    #expect(row.openingEquity == Money(yuan: 1_000_000))
    // Two lots of ten, 20 yuan; three fees of 3.
    #expect(row.positionProfit == Money(yuan: 400))
    #expect(row.fees == Money(yuan: 9))
    #expect(row.dayProfit == Money(yuan: 391))
    #expect(row.equity == Money(yuan: 1_000_391))
    #expect(row.marketEquity == row.equity)
    #expect(row.frozenFee == Money(yuan: 3))
    #expect(
      row.available.units == row.equity.units - row.margin.units
        - row.frozenMargin.units - row.frozenFee.units)
    // 2 x 10 x 3520 long in rb, 10 x 3500 short in hc.
    #expect(row.longValue == Money(yuan: 70_400))
    #expect(row.shortValue == Money(yuan: 35_000))
    #expect(row.exposureValue == Money(yuan: 105_400))
    #expect(row.workingOrders == 1)
    #expect(row.flags == .online)
    // Equity over margin, in 1e-4 of one percent, half away from zero.
    let exact = Int128(row.equity.units) * 2_000_000 / Int128(row.margin.units)
    #expect(row.riskUnit == .percent)
    #expect(row.riskDegree == Int64((exact + 1) / 2))
    let other = try #require(rows.accounts.first { $0.account.string == "bob" })
    #expect(other.equity == Money(yuan: 1_000_000) && other.exposureValue == .zero)
  }

  @Test func aLinesRowIsWhatTheRuleSees() throws {
    var desk = try Self.day()
    let rows = try Self.rows(&desk)
    let alice = rows.lines.filter { $0.account.string == "alice" }
    #expect(alice.map(\.rule) == [RuleID.riskDegree.rawValue, RuleID.dailyLoss.rawValue])
    let loss = try #require(alice.last)
    #expect(loss.unit == .money)
    // -(400 - 9 - 3 frozen).
    #expect(loss.observed == -Money(yuan: 388).units)
    #expect(loss.warn == Money(yuan: 300).units && loss.liquidate == Money(yuan: 500).units)
    #expect(loss.level == .unknown && loss.isLatched == 0)
    // The floor: 35 % and 25 %.
    #expect(alice.first?.warn == 350_000 && alice.first?.liquidate == 250_000)
  }

  /// A line that is reached, latched, and taken away.
  @Test func aLineIsToldWithItsLevelAndWhenItIsNoLongerSet() throws {
    var desk = try Self.day()
    let chief = try desk.logOnDesk("chief")
    desk.subscribe([.accounts, .lines], .operationAccount, "alice", number: 8, from: chief)
    _ = desk.drawn(chief)
    // 2 lots, 40 down: 400 lost in rb.
    desk.tick(3_480)
    let reached = Rows(desk.drawn(chief, after: 100))
    let loss = try #require(reached.lines.first { $0.rule == RuleID.dailyLoss.rawValue })
    #expect(loss.observed == Money(yuan: 412).units)
    #expect(loss.level == .warn && loss.isLatched == 1)
    #expect(reached.accounts.first?.level == .warn)
    desk.tick(3_470)
    let second = Rows(desk.drawn(chief, after: 100))
    #expect(second.lines.first { $0.rule == RuleID.dailyLoss.rawValue }?.level == .liquidate)
    #expect(second.accounts.first?.flags.contains(.lineBars) == true)
    desk.take(
      .setAccountLine(
        SetAccountLine(
          account: SmallHouse.alice, line: .dailyLoss, basis: .unknown, mode: .unknown,
          warn: .min, liquidate: .min)))
    let gone = Rows(desk.drawn(chief, after: 100))
    let last = try #require(gone.lines.first { $0.rule == RuleID.dailyLoss.rawValue })
    #expect(last.warn == .min && last.liquidate == .min)
  }

  /// Sums of fund accounts are those of operation accounts where nobody else trades.
  @Test func aProductsRowIsTheSumOfItsFundAccounts() throws {
    var desk = try Self.day()
    let rows = try Self.rows(&desk)
    let product = try #require(rows.products.first)
    #expect(product.equity.units == rows.funds.map(\.equity.units).reduce(0, +))
    #expect(product.margin.units == rows.funds.map(\.margin.units).reduce(0, +))
    #expect(product.dayProfit.units == rows.accounts.map(\.dayProfit.units).reduce(0, +))
    #expect(product.longValue == Money(yuan: 70_400))
    #expect(product.exposureValue == Money(yuan: 105_400))
    #expect(product.netValue == product.equity)
    #expect(product.unitNetValue.isNone)
    #expect(product.fundAccounts == 2 && product.linksUp == 2)
    let engine = desk.desk.gateway.sequencer.engine.sequence
    #expect(product.sequence == engine)
  }

  @Test func aPositionsRowHasItsAverageAndItsProfit() throws {
    var desk = try Self.day()
    let rows = try Self.rows(&desk)
    let rb = try #require(rows.positions.first { $0.instrument.string == "rb2701" })
    #expect(rb.side == .long && rb.todayLots == 2 && rb.yesterdayLots == 0)
    #expect(rb.openPrice == SmallHouse.price(3_500))
    #expect(rb.last == SmallHouse.price(3_520) && rb.markPrice == SmallHouse.price(3_520))
    #expect(rb.positionProfit == Money(yuan: 400))
    let m = try #require(rows.positions.first { $0.instrument.string == "m2701" })
    #expect(m.todayLots == 0 && m.workingOpenLots == 1 && m.openPrice.isNone)
    let order = try #require(rows.orders.first)
    #expect(rows.orders.count == 1)
    #expect(order.clOrdID.string == "a-3" && order.lots == 1 && order.leavesLots == 1)
    #expect(order.state == .working && order.price == SmallHouse.price(3_500))
    // Of a fund account where one is asked for by name.
    let chief = try desk.logOnDesk("chief")
    desk.subscribe(.positions, .fundAccount, "fund-1", number: 9, from: chief)
    let fund = Rows(desk.drawn(chief))
    #expect(Set(fund.positions.map { $0.name.string }) == ["fund-1"])
    #expect(fund.positions.map(\.scopeKind).allSatisfy { $0 == .fundAccount })
    #expect(fund.positions.first { $0.instrument.string == "rb2701" }?.todayLots == 2)
  }

  /// Bars, switches and links, as they are put in place.
  @Test func barsSwitchesAndLinksAreTold() throws {
    var desk = try Self.day()
    let chief = try desk.logOnDesk("chief")
    desk.subscribe([.accounts, .products, .fundAccounts, .links], number: 8, from: chief)
    _ = desk.drawn(chief)
    for control in [
      DeskProtocol.Control(
        requestID: 1, kind: .barOpening, scopeKind: .operationAccount, name: Name("alice")!,
        reason: FixedText("x")!),
      DeskProtocol.Control(
        requestID: 2, kind: .killSwitch, scopeKind: .counter, name: Name("north")!,
        reason: FixedText("x")!),
    ] {
      desk.desk.send(control, from: chief)
      desk.settle()
    }
    let rows = Rows(desk.drawn(chief, after: 100))
    #expect(rows.accounts.map { $0.account.string } == ["alice"])
    #expect(rows.accounts.first?.flags == [.barred, .online])
    #expect(rows.funds.map(\.flags) == [.killed, .killed])
    #expect(rows.links.isEmpty)
    desk.desk.gateway.linkClosed(LinkID(index: 1))
    desk.desk.turn()
    desk.offer()
    desk.follow()
    let down = Rows(desk.drawn(chief, after: 100))
    #expect(down.links.map { $0.fundAccount.string } == ["fund-2"])
    #expect(down.links.map(\.state) == [.down])
    #expect(down.products.map(\.linksUp) == [1])
  }
}
