import Domain
import Ledger
import MarketData
import Settlement
import Storage
import Testing

/// The books' part of the day switch (settlement.md, examples.md 24).
@Suite struct DayTurnTests {
  /// Opened 4 000, prior settlement 4 050, settlement 4 080, multiplier 10: marked to market +300,
  /// by trade +800.
  @Test func examples24MarkedToMarketAndByTrade() {
    let desk = SettlementDesk()
    let (anna, rb) = (desk.accounts[0], desk.instruments[0])
    desk.give(desk.ledger.holder(of: anna), .long, 1, rb, open: 4_000)
    desk.setSettlement(rb, 4_080)
    desk.turn(budget: 256)
    #expect(desk.holder(anna).openingEquity == Money(yuan: 1_000_300))
    let side = desk.cost(anna, rb, .long)
    #expect(side.map { (4_080 * 10_000 - $0.openBasis) * 10 } == Money(yuan: 800).units)
    #expect(side?.markBasis == 40_800_000)
    #expect(desk.holder(anna).margin == Money(yuan: 4_080))
  }

  /// Long 3 from before, 2 bought at 4 020, 1 of each day closed; short 1 sold at 4 100.
  private func business(_ desk: SettlementDesk) -> OperationAccountID {
    let (anna, rb) = (desk.accounts[0], desk.instruments[0])
    desk.give(desk.ledger.holder(of: anna), .long, 3, rb, open: 4_000)
    desk.trade(anna, .buy, .open, 2, rb, at: 4_020)
    desk.trade(anna, .sell, .close, 1, rb, at: 4_070)
    desk.trade(anna, .sell, .closeToday, 1, rb, at: 4_010)
    desk.trade(anna, .sell, .open, 1, rb, at: 4_100)
    return anna
  }

  @Test func aDaysFiguresBecomeOpeningEquity() {
    let desk = SettlementDesk()
    let (anna, rb) = (business(desk), desk.instruments[0])
    let cash = desk.ledger.moveCash(anna, allowedLoss: Money(yuan: 500), notToLose: .zero)
    #expect(cash == nil)
    desk.setSettlement(rb, 4_080)
    // At last, 4 060: 2 * 100 + 400 + 400 open; closed +200 and -100; fees 2 + 2 + 3 + 1.
    #expect(desk.holder(anna).equity == Money(yuan: 1_000_500 + 1_000 + 100 - 8))
    desk.turn(budget: 256)
    // At 4 080: 2 * 300 + 600 + 200 open.
    let holder = desk.holder(anna)
    #expect(holder.openingEquity == Money(yuan: 1_000_500 + 1_400 + 100 - 8))
    #expect(holder.equity == holder.openingEquity)
    for money in [
      holder.netCash, holder.closeProfit, holder.positionProfit, holder.fees, holder.openedValue,
      holder.closedValue, holder.frozenMargin, holder.frozenFees,
    ] {
      #expect(money == .zero)
    }
    #expect(holder.heldLots == 4)
    #expect(holder.rangeLots == 4)
    #expect(holder.margin == Money(yuan: 4 * 4_080))
    #expect(holder.netDepositsEver == Money(yuan: 1_000_500))
  }

  @Test func todaysLotsBecomeYesterdays() {
    let desk = SettlementDesk()
    let (anna, rb) = (business(desk), desk.instruments[0])
    desk.setSettlement(rb, 4_080)
    desk.turn(budget: 256)
    let long = desk.side(anna, rb, .long)
    #expect(long?.yesterday == 3)
    #expect(long?.today == 0)
    #expect(long?.openedToday == 0)
    #expect(long?.closedToday == 0)
    // Two at 4 000 and one at 4 020, oldest first; all are marked from 4 080.
    let cost = desk.cost(anna, rb, .long)
    #expect(cost?.openBasis == Int64(120_200_000))
    #expect(cost?.markBasis == Int64(122_400_000))
    #expect(cost?.yesterdayMark == .yuan(4_080))
    #expect(long?.closable(.close, separatesToday: true) == 3)
    #expect(long?.closable(.closeToday, separatesToday: true) == 0)
    #expect(desk.side(anna, rb, .short)?.yesterday == 1)
    #expect(desk.market.instrument(rb).pointee.preSettlement == .yuan(4_080))
    // The next day's profit counts from there: 2 lots net, 20 up.
    desk.tick(rb, 4_100)
    #expect(desk.holder(anna).positionProfit == Money(yuan: 400))
  }

  /// The day's tallies and bars start again; what was set, and who is who, stays.
  @Test func talliesAndBarsStartAgain() {
    let desk = SettlementDesk()
    let anna = business(desk)
    let set = desk.ledger.setOrderRateCount(anna, 2)
    #expect(set)
    desk.ledger.changeAccount(anna) { $0.pointee.orderRateWindowMilliseconds = 1_000 }
    for _ in 0..<2 { _ = desk.ledger.countForOrderRate(anna, at: desk.now) }
    desk.ledger.countCancel(anna, desk.instruments[0])
    let reports = desk.ledger.nextReportSequence(anna)
    #expect(desk.account(anna).orderRateBarred == .opening)
    #expect(desk.account(anna).ordersToday == 4)
    #expect(desk.ledger.product(desk.product).pointee.openedValue == 1_214_000_000)
    desk.turn(budget: 256)
    let account = desk.account(anna)
    #expect(account.orderRateBarred == [])
    #expect(account.ordersToday == 0)
    #expect(account.newestOrder == 0)
    #expect(account.orderRateCount == 2)
    #expect(account.reportSequence == reports)
    #expect(desk.ledger.product(desk.product).pointee.openedValue == 0)
    #expect(desk.orderCount == 0)
    let first = desk.ledger.firstPosition(desk.ledger.holder(of: anna), desk.instruments[0])
    #expect(desk.ledger.position(first).pointee.cancels == 0)
    #expect(desk.ledger.order(anna, ClOrdID("1")!, seed: SettlementDesk.seed) == 0)
    // The window is empty: one order of the new day does not find yesterday's.
    let bars = desk.ledger.countForOrderRate(anna, at: desk.now)
    #expect(!bars)
  }

  /// Without a settlement price the last price counts, without any a side's own average cost.
  @Test func whatHasNoSettlementPriceSettlesAtWhatIsKnown() {
    let desk = SettlementDesk()
    let (anna, rb) = (desk.accounts[0], desk.instruments[0])
    desk.give(desk.ledger.holder(of: anna), .long, 1, rb, open: 4_000)
    desk.turn(budget: 256)
    #expect(desk.holder(anna).openingEquity == Money(yuan: 1_000_100))

    let bare = SettlementDesk()
    let unpriced = bare.market.defineInstrument(
      Market.Listing(
        commodity: CommodityID(0), deliveryYear: 2_026, deliveryMonth: 6, lastTradingDay: .none,
        multiplier: 10, tick: .yuan(1), limitLots: 1...500, marketLots: nil))!
    bare.trade(anna, .buy, .open, 1, unpriced, at: 4_000)
    bare.trade(anna, .buy, .open, 2, unpriced, at: 4_030)
    bare.turn(budget: 256)
    #expect(bare.holder(anna).openingEquity == Money(yuan: 1_000_000 - 3))
    #expect(bare.cost(anna, unpriced, .long)?.yesterdayMark == .yuan(4_020))
    #expect(bare.side(anna, unpriced, .long)?.yesterday == 3)
  }

  @Test func emptyBooksTurnInAFewSlices() {
    let desk = SettlementDesk()
    let before = desk.holder(desk.accounts[0])
    let slices = desk.turn(budget: 1_000)
    #expect(slices == 6)
    #expect(desk.holder(desk.accounts[0]).equity == before.equity)
  }
}

/// The turn in slices: bounded, the same at the end, and fair to prices that come between.
@Suite struct DayTurnSliceTests {
  /// Random business of every account and fund account.
  private func busy(_ seed: UInt64) -> SettlementDesk {
    let desk = SettlementDesk()
    var draws = SplitMix64(seed: seed)
    func lots() -> Lots { Lots.random(in: 1...6, using: &draws) }
    func price() -> Int64 { Int64.random(in: 4_000...4_100, using: &draws) }
    for instrument in desk.instruments {
      for account in desk.accounts where Bool.random(using: &draws) {
        let held = lots()
        desk.give(desk.ledger.holder(of: account), .long, held, instrument, open: price())
        desk.trade(account, .sell, .close, min(held, lots()), instrument, at: price())
        desk.trade(account, .sell, .open, lots(), instrument, at: price())
      }
      for fund in desk.funds where Bool.random(using: &draws) {
        desk.give(desk.ledger.holder(of: fund), .short, lots(), instrument, open: price())
      }
      if Bool.random(using: &draws) { desk.setSettlement(instrument, price()) }
    }
    return desk
  }

  @Test(arguments: UInt64(1)...6)
  func howItIsSlicedMakesNoDifference(_ seed: UInt64) {
    let whole = busy(seed)
    whole.turn(budget: 100_000)
    var slices: [Int] = []
    for budget in [1, 2, 3, 7, 50, 256] {
      let desk = busy(seed)
      #expect(desk.hash != whole.hash)
      slices.append(desk.turn(budget: budget))
      #expect(desk.hash == whole.hash, "seed \(seed), budget \(budget)")
    }
    // Smaller slices are more of them.
    #expect(slices == slices.sorted(by: >))
  }

  /// No slice does more than its budget: instruments, positions and holders are counted.
  @Test(arguments: [1, 2, 3, 4])
  func aSliceDoesNoMoreThanItsBudget(_ budget: Int) {
    let desk = busy(3)
    for instrument in desk.instruments { desk.setSettlement(instrument, 3_999) }
    func settled() -> Int {
      desk.instruments.count { desk.market.instrument($0).pointee.preSettlement == .yuan(3_999) }
    }
    func rolled() -> Int {
      (0..<desk.ledger.positionSlots).count { slot in
        guard desk.ledger.isUsed(positionSlot: slot) else { return false }
        let record = desk.ledger.position(UInt32(slot) + 1).pointee
        return record.longCost.yesterdayMark == .yuan(3_999)
          && record.shortCost.yesterdayMark == .yuan(3_999)
      }
    }
    func closed() -> Int {
      desk.accounts.count { desk.holder($0).fees == .zero && desk.account($0).ordersToday == 0 }
    }
    var before = [settled(), rolled(), closed()]
    desk.turn(budget: budget) { slice in
      let after = [settled(), rolled(), closed()]
      let done = zip(after, before).map { $0 - $1 }
      #expect(done.allSatisfy { $0 >= 0 && $0 <= budget }, "slice \(slice): \(done)")
      #expect(done.count { $0 > 0 } <= 1, "slice \(slice): \(done)")
      if slice == 1 { #expect(done[0] == budget) }
      before = after
    }
    #expect(before[0] == 5)
    #expect(before[1] > 5)
  }

  /// Conservation: closing equity at settlement prices is opening equity, to the unit, for each
  /// holder, though prices of the new day come between any two slices.
  @Test(arguments: UInt64(1)...6, [1, 3, 8])
  func aPriceBetweenSlicesBelongsToOneDay(_ seed: UInt64, _ budget: Int) {
    let desk = busy(seed)
    let settled = busy(seed)
    for instrument in settled.instruments {
      let record = settled.market.instrument(instrument).pointee
      let price = record.settlement.isNone ? record.last : record.settlement
      settled.tick(instrument, price.units / 10_000)
    }
    var draws = SplitMix64(seed: seed &* 31)
    desk.turn(budget: budget) { _ in
      let instrument = desk.instruments.randomElement(using: &draws)!
      // An instrument that has not settled yet is still of the old day.
      guard desk.market.instrument(instrument).pointee.lastTickTime.isNone else { return }
      desk.tick(instrument, Int64.random(in: 4_000...4_100, using: &draws))
    }
    for account in desk.accounts {
      #expect(desk.holder(account).openingEquity == settled.holder(account).equity)
    }
    for fund in desk.funds {
      #expect(desk.holder(fund).openingEquity == settled.holder(fund).equity)
    }
  }

  /// Where a turn stands is part of the state.
  @Test func howFarItIsIsInTheHash() {
    let desk = busy(2)
    var turn = DayTurn()
    var seen: Set<UInt64> = []
    var slices = 0
    while true {
      var hasher = StateHasher()
      turn.hash(into: &hasher)
      seen.insert(hasher.value)
      if turn.isDone { break }
      turn.advance(&desk.ledger, &desk.market, budget: 2)
      slices += 1
    }
    #expect(seen.count == slices + 1)
    // Done is done.
    let before = desk.hash
    turn.advance(&desk.ledger, &desk.market, budget: 100)
    #expect(desk.hash == before)
    #expect(turn.isDone)
  }
}
