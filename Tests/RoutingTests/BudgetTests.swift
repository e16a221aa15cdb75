import Domain
import Ledger
import MarketData
import Testing

/// What exchanges call abnormal trading (rules.md 8): each budget one below, at and one above, for
/// buying and for selling; closing passes in any case.
@Suite struct BudgetTests {
  private let desk = RouteDesk(.priority)

  init() { desk.addFund(100_000_000) }

  private func cancel(
    _ lots: Lots, price: Price = .yuan(4_000), of instrument: InstrumentID? = nil,
    hedge: HedgeFlag = .speculation, timeInForce: TimeInForce = .day
  ) {
    let child = desk.work(
      0,
      desk.order(
        .buy, .open, lots, of: instrument, price: price, hedge: hedge, timeInForce: timeInForce))
    desk.end(child)
    _ = desk.ledger.countBudget(
      cancelled: child, lots: lots, desk.market.instrument(instrument ?? desk.rb))
  }

  /// A trade of the account with itself.
  private func selfTrade(_ number: Int) {
    for side in [Side.buy, .sell] {
      let external = ExternalTrade(
        fundAccount: desk.funds[0], instrument: desk.rb, side: side, offset: .open,
        hedge: .speculation, price: .yuan(4_000), lots: 1)
      let record = desk.ledger.countBudget(external: external, desk.market.instrument(desk.rb))
      desk.ledger.countBudget(trade: VenueID("t\(number)")!, side: side, of: record)
    }
  }

  private func bars(_ rule: RuleID?, _ message: String = "") {
    desk.give(0, .long, 5, desk.rb)
    for side in [Side.buy, .sell] {
      let split = desk.split(desk.order(side, .open, 1))
      #expect(split.placed == (rule == nil ? 1 : 0), "\(side) \(message)")
      if let rule { #expect(split.declines == [rule], "\(side) \(message)") }
    }
    #expect(desk.split(desk.order(.sell, .close, 1)).placed == 1, "closing \(message)")
    #expect(desk.split(desk.buy(1, of: desk.ore)).placed == 1, "elsewhere \(message)")
  }

  @Test(arguments: [(2, false), (3, true), (4, true)])
  func selfTradeBudget(_ trades: Int, _ isBarred: Bool) {
    desk.ledger.setBudget(exchange: .shfe, .selfTrades, 3)
    for number in 0..<trades { selfTrade(number) }
    bars(isBarred ? .selfTradeBudget : nil)
  }

  @Test(arguments: [(2, false), (3, true), (4, true)])
  func cancelBudget(_ cancels: Int, _ isBarred: Bool) {
    desk.ledger.setBudget(exchange: .shfe, .cancels, 3)
    for _ in 0..<cancels { cancel(1) }
    bars(isBarred ? .cancelBudget : nil)
    let refusal = desk.split(desk.buy(1)).refusal
    guard isBarred else { return }
    #expect(
      [refusal.observed, refusal.limit, Int64(refusal.scopeID)] == [Int64(cancels), 3, 0])
    #expect(refusal.scopeKind == .fundAccount)
  }

  /// At limit-up and at limit-down; a tick inside of them does not count.
  @Test(
    arguments: [
      ([5_000, 3_000, 4_999], false), ([5_000, 3_000, 5_000], true), ([3_000, 3_000, 3_000], true),
      ([3_001, 3_000, 3_000, 5_000, 5_000], true),
    ] as [([Int64], Bool)])
  func limitPriceCancelBudget(_ prices: [Int64], _ isBarred: Bool) {
    desk.ledger.setBudget(exchange: .shfe, .limitPriceCancels, 3)
    for price in prices { cancel(1, price: .yuan(price)) }
    bars(isBarred ? .limitPriceCancelBudget : nil)
  }

  /// From 300 lots on; 80 % of the largest order of 500 and more; more than 80 % of it.
  @Test(arguments: [
    (BudgetKind.largeLots, Int64(300), Lots(299), false), (.largeLots, 300, 300, true),
    (.largeLots, 300, 301, true), (.largePercent, 800_000, 399, false),
    (.largePercent, 800_000, 400, true), (.largePercent, 800_000, 401, true),
    (.largeAbovePercent, 800_000, 399, false), (.largeAbovePercent, 800_000, 400, false),
    (.largeAbovePercent, 800_000, 401, true),
    // Of a share that is no whole number of lots.
    (.largePercent, 333_333, 166, false), (.largePercent, 333_333, 167, true),
    (.largeAbovePercent, 333_333, 166, false), (.largeAbovePercent, 333_333, 167, true),
  ])
  func largeCancelBudget(_ kind: BudgetKind, _ from: Int64, _ lots: Lots, _ isLarge: Bool) {
    desk.ledger.setBudget(exchange: .shfe, .largeCancels, 2)
    desk.ledger.setBudget(exchange: .shfe, kind, from)
    cancel(lots)
    bars(nil, "the first")
    cancel(lots)
    bars(isLarge ? .largeCancelBudget : nil, "the second")
  }

  /// Without saying what is large nothing is.
  @Test func nothingIsLargeUnlessSomethingSaysSo() {
    desk.ledger.setBudget(exchange: .shfe, .largeCancels, 1)
    cancel(500)
    bars(nil)
  }

  /// 7 opened, 2 working of 10: one more fits, of two one; of a commodity both instruments count.
  @Test(arguments: [true, false], [(Lots(0), Lots(1)), (1, 1), (2, 1), (3, 1)])
  func openedLotsBudget(_ isOfInstrument: Bool, _ asked: (Lots, Lots)) {
    if isOfInstrument {
      desk.ledger.setBudget(instrument: desk.rb, .openedLots, 10)
    } else {
      desk.ledger.setBudget(commodity: desk.rebar, .openedLots, 10)
    }
    let other = isOfInstrument ? desk.rb : desk.rbNow
    _ = desk.ledger.countBudget(
      external: ExternalTrade(
        fundAccount: desk.funds[0], instrument: other, side: .buy, offset: .open,
        hedge: .speculation, price: .yuan(4_000), lots: 7), desk.market.instrument(other))
    let working = desk.work(0, desk.order(.sell, .open, 2))
    let lots = max(asked.0, 1)
    for side in [Side.buy, .sell] {
      let split = desk.split(desk.order(side, .open, lots))
      #expect(split.placed == asked.1, "\(side)")
      #expect(split.declines == [lots > 1 ? .openedLotsBudget : .none], "\(side)")
      guard lots > 1 else { continue }
      #expect(
        [split.refusal.observed, split.refusal.limit, split.refusal.asked] == [9, 10, Int64(lots)])
    }
    desk.give(0, .long, 20, desk.rb)
    #expect(desk.split(desk.order(.sell, .close, 20)).placed == 20)
    // What is cancelled is free again.
    desk.end(working)
    #expect(desk.split(desk.buy(4)).placed == 3)
  }

  @Test func aFilledLotCountsOn() {
    desk.ledger.setBudget(instrument: desk.rb, .openedLots, 10)
    let child = desk.work(0, desk.buy(6))
    _ = desk.ledger.fill(
      child: child, desk.market.instrument(desk.rb), price: .yuan(4_000), lots: 4,
      day: RouteDesk.day.yyyymmdd)
    #expect(desk.split(desk.buy(9)).placed == 4)
    desk.end(child)
    #expect(desk.split(desk.buy(9)).placed == 6)
    desk.closeToday(0, .long, 4, desk.rb)
    #expect(desk.split(desk.buy(9)).placed == 6, "closing gives nothing back")
  }

  @Test func whatIsNoCancelDoesNotCount() {
    desk.ledger.setBudget(exchange: .shfe, .cancels, 1)
    for timeInForce in [TimeInForce.immediateOrCancel, .fillOrKill] {
      cancel(1, timeInForce: timeInForce)
    }
    cancel(1, hedge: .hedge)
    desk.ledger.setMarketMaking(desk.funds[0], desk.rebar, true)
    cancel(1)
    bars(nil)
    desk.ledger.setMarketMaking(desk.funds[0], desk.rebar, false)
    cancel(1, hedge: .arbitrage)
    bars(.cancelBudget)
  }

  /// An instrument before its commodity, that before its exchange.
  @Test func theNarrowerRowGoesFirst() {
    desk.ledger.setBudget(exchange: .shfe, .cancels, 1)
    desk.ledger.setBudget(commodity: desk.rebar, .cancels, 2)
    desk.ledger.setBudget(instrument: desk.rb, .cancels, 3)
    for _ in 0..<2 { cancel(1) }
    bars(nil)
    cancel(1)
    bars(.cancelBudget)
    desk.ledger.setBudget(instrument: desk.rb, .cancels, .min)
    desk.ledger.setBudget(commodity: desk.rebar, .cancels, 4)
    bars(nil)
    desk.ledger.setBudget(commodity: desk.rebar, .cancels, .min)
    bars(.cancelBudget)
  }

  /// Accounts of one controller count as one; the order goes to another group's.
  @Test func aGroupIsOne() {
    desk.ledger.setBudget(exchange: .shfe, .cancels, 1)
    desk.addFund(100_000_000)
    desk.addFund(100_000_000)
    for fund in 0..<2 { desk.ledger.setControlGroup(desk.funds[fund], 7) }
    cancel(1)
    let split = desk.split(desk.buy(3))
    #expect(split.lots == [0, 0, 3])
    #expect(split.declines.prefix(2) == [.cancelBudget, .cancelBudget])
    // One trading code is one controller.
    for fund in 0..<2 { desk.ledger.setControlGroup(desk.funds[fund], 0) }
    for fund in 1..<3 { desk.setOwner(fund, 4) }
    let child = desk.work(1, desk.buy(1))
    desk.end(child)
    _ = desk.ledger.countBudget(
      cancelled: child, lots: 1, desk.market.instrument(desk.rb))
    #expect(desk.split(desk.buy(3)).lots == [3, 0, 0])
    #expect(desk.split(desk.buy(3)).declines.suffix(2) == [.cancelBudget, .cancelBudget])
  }

  /// What a group may still open is not given to each of its accounts.
  @Test func aGroupSharesWhatIsLeft() {
    desk.addFund(100_000_000, priority: 5)
    for fund in 0..<2 { desk.ledger.setControlGroup(desk.funds[fund], 1) }
    desk.limitSize(0, 6)
    desk.limitSize(1, 6)
    desk.ledger.setBudget(instrument: desk.rb, .openedLots, 8)
    #expect(desk.split(desk.buy(12)).lots == [2, 6])
    #expect(desk.split(desk.buy(8)).lots == [2, 6])
    #expect(desk.split(desk.buy(7)).lots == [1, 6])
  }

  /// A group under two limits is refused by the one that leaves less, though it is the larger.
  @Test func theLimitThatLeavesLessIsNamed() {
    desk.addFund(100_000_000, priority: 5)
    for fund in 0..<2 { desk.ledger.setControlGroup(desk.funds[fund], 1) }
    desk.limitSize(1, 1)
    desk.ledger.setBudget(instrument: desk.rb, .openedLots, 10)
    desk.ledger.setBudget(commodity: desk.rebar, .openedLots, 100)
    _ = desk.ledger.countBudget(
      external: ExternalTrade(
        fundAccount: desk.funds[0], instrument: desk.rbNow, side: .buy, offset: .open,
        hedge: .speculation, price: .yuan(4_000), lots: 98), desk.market.instrument(desk.rbNow))
    let split = desk.split(desk.buy(2))
    #expect(split.lots == [1, 1])
    let refusal = desk.split(desk.buy(3)).refusal
    #expect([refusal.observed, refusal.limit, refusal.asked] == [98, 100, 3])
  }

  /// In net mode an exit may open at its counter: no budget keeps it, and its lots count.
  @Test func whatAnExitOpensPassesAndCounts() {
    let desk = RouteDesk(.netPosition)
    desk.addFund(100_000_000)
    desk.ledger.setBudget(instrument: desk.rb, .openedLots, 2)
    desk.ledger.setBudget(exchange: .shfe, .cancels, 1)
    #expect(desk.split(desk.order(.sell, .open, 3)).placed == 2)
    let exit = desk.split(desk.order(.sell, .close, 3))
    #expect(exit.placed == 3)
    #expect(exit.children.map(\.offset) == [.open])
    desk.work(0, desk.order(.sell, .open, 1))
    #expect(desk.split(desk.order(.sell, .open, 3)).placed == 1)
    let cancelled = desk.work(0, desk.order(.sell, .open, 1))
    desk.end(cancelled)
    _ = desk.ledger.countBudget(
      cancelled: cancelled, lots: 1, desk.market.instrument(desk.rb))
    #expect(desk.split(desk.order(.sell, .open, 1)).declines == [.cancelBudget])
    #expect(desk.split(desk.order(.sell, .close, 3)).placed == 3)
    // What closes at the counter opens nothing there: an entry that closes first is cut to that.
    desk.give(0, .long, 2, desk.rb)
    #expect(desk.split(desk.order(.sell, .open, 3)).placed == 2)
  }

  /// A full table stops opening where it would count, and nothing else.
  @Test func withoutRoomNothingIsOpened() {
    desk.ledger.setBudget(exchange: .shfe, .cancels, 9)
    desk.ledger.setBudget(exchange: .dce, .selfTrades, 9)
    // 33 of a product are too many: those beyond are of none.
    for _ in 1..<32 { desk.addFund(1_000_000) }
    desk.addLoneFund()
    // 64 records, and 32 have to be left for the next order: 33 are made, the 34th is not.
    for fund in 0..<32 { desk.end(desk.work(fund, desk.buy(1))) }
    #expect(desk.split(desk.buy(3, of: desk.rbNow)).placed == 3, "32 are left")
    desk.end(desk.work(32, desk.buy(1)))
    #expect(desk.split(desk.buy(3, of: desk.rbNow)).declines.first == .capacity)
    #expect(desk.split(desk.buy(1)).placed == 1, "what has a record goes on")
    #expect(desk.split(desk.buy(3, of: desk.oreNow)).placed == 0)
    desk.ledger.restartBudgets()
    #expect(desk.split(desk.buy(3, of: desk.rbNow)).placed == 3)
  }

  @Test func aNewDayBeginsWithNothing() {
    desk.ledger.setBudget(exchange: .shfe, .cancels, 1)
    desk.ledger.setBudget(exchange: .shfe, .selfTrades, 1)
    desk.ledger.setBudget(commodity: desk.rebar, .openedLots, 2)
    cancel(1)
    selfTrade(1)
    bars(.selfTradeBudget)
    desk.ledger.restartBudgets()
    bars(nil)
    // The same trade id is another day's trade.
    let record = desk.ledger.countBudget(
      external: ExternalTrade(
        fundAccount: desk.funds[0], instrument: desk.rb, side: .sell, offset: .close,
        hedge: .speculation, price: .yuan(4_000), lots: 1), desk.market.instrument(desk.rb))
    desk.ledger.countBudget(trade: VenueID("t1")!, side: .sell, of: record)
    bars(nil)
  }

  /// A trade is one whatever it is split into, and other trades are other trades.
  @Test func aTradeWithItselfCountsOnce() {
    desk.ledger.setBudget(exchange: .shfe, .selfTrades, 2)
    for (id, side) in [
      ("a", Side.buy), ("a", .buy), ("b", .sell), ("a", .sell), ("a", .sell), ("c", .buy),
    ] {
      let record = desk.ledger.countBudget(
        external: ExternalTrade(
          fundAccount: desk.funds[0], instrument: desk.rb, side: side, offset: .close,
          hedge: .speculation, price: .yuan(4_000), lots: 1), desk.market.instrument(desk.rb))
      desk.ledger.countBudget(trade: VenueID(id)!, side: side, of: record)
    }
    bars(nil)
    selfTrade(5)
    bars(.selfTradeBudget)
  }
}
