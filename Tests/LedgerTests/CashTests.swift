import Domain
import Ledger
import MarketData
import Testing

/// Money in and out (rules.md 3a, decisions 1 and 6, examples.md 5).
@Suite struct CashTests {
  private func empty() -> LedgerDesk {
    let desk = LedgerDesk()
    desk.ledger.setOpeningBalance(
      desk.ledger.holder(of: desk.alice), allowedLoss: .zero, notToLose: .zero)
    return desk
  }

  private func move(_ desk: LedgerDesk, _ allowed: Int64, _ safe: Int64) -> Money? {
    desk.ledger.moveCash(
      desk.alice, allowedLoss: Money(yuan: allowed), notToLose: Money(yuan: safe))
  }

  @Test func examples5BothKindsOfMoneyAreEquity() {
    let desk = empty()
    #expect(move(desk, 10_000, 100_000) == nil)
    let holder = desk.holder(desk.alice)
    #expect(holder.equity == Money(yuan: 110_000))
    #expect(holder.available == Money(yuan: 110_000))
    #expect(holder.netDepositsEver == Money(yuan: 110_000))
    #expect(holder.allowedLossEver == Money(yuan: 10_000))
  }

  @Test func decisions1TheFirstCashIsTheOpeningEquity() {
    let desk = empty()
    #expect(move(desk, 80, 20) == nil)
    #expect(move(desk, 50, 0) == nil)
    let holder = desk.holder(desk.alice)
    #expect(holder.openingEquity == Money(yuan: 100))
    #expect(holder.netCash == Money(yuan: 50))
    #expect(holder.netDepositsEver == Money(yuan: 150))
  }

  /// Money that went out again was there: what comes after it is today's cash.
  @Test func decisions1OnlyTheFirstCashIs() {
    let desk = empty()
    #expect(move(desk, 100, 0) == nil)
    #expect(move(desk, -100, 0) == nil)
    #expect(move(desk, 70, 0) == nil)
    let holder = desk.holder(desk.alice)
    #expect(holder.openingEquity == Money(yuan: 100))
    #expect(holder.netCash == Money(yuan: -30))
  }

  /// examples 4: in 800 000 and 300 000, out 100 000, not to lose 100 000: net deposits 1 100 000,
  /// allowed loss 1 000 000; neither is moved by the market.
  @Test func examples4DepositsAreCountedForEver() {
    let desk = empty()
    for (allowed, safe) in [(Int64(800_000), Int64(0)), (300_000, 0), (-100_000, 0), (0, 100_000)] {
      #expect(move(desk, allowed, safe) == nil)
    }
    desk.trade(desk.terms(.buy, .open, 5))
    desk.tick(desk.rb, .yuan(3_300))
    for slot in 0..<desk.ledger.holderSlots { desk.ledger.rollHolder(slot: slot) }
    let holder = desk.holder(desk.alice)
    #expect(holder.netDepositsEver == Money(yuan: 1_100_000))
    #expect(holder.allowedLossEver == Money(yuan: 1_000_000))
  }

  /// decisions 6: the available amount may go out, one unit more may not.
  @Test func decisions6MoreThanAvailableDoesNotGoOut() {
    let desk = LedgerDesk()
    _ = desk.accept(desk.terms(.buy, .open, 10))
    let available = desk.holder(desk.alice).available
    #expect(available == Money(units: 10_000_000_000 - 350_000_000 - 350_500))
    let before = desk.stateHash
    let over = desk.ledger.moveCash(
      desk.alice, allowedLoss: -available - Money(units: 1), notToLose: .zero)
    #expect(over == available)
    #expect(desk.stateHash == before)
    let all = desk.ledger.moveCash(desk.alice, allowedLoss: -available, notToLose: .zero)
    #expect(all == nil)
    #expect(desk.holder(desk.alice).available == .zero)
    // Money of one kind for the other needs none.
    #expect(move(desk, -5, 5) == nil)
    #expect(move(desk, -5, 4) == .zero)
  }

  /// A fund account's equity follows its counter; available is not above the counter's.
  @Test func aFundAccountFollowsItsCounter() {
    let desk = LedgerDesk()
    let terms = desk.terms(.buy, .open, 10)
    _ = desk.send(desk.accept(terms), to: desk.north, terms)
    func set(_ equity: Int64, _ available: Int64) -> Money {
      desk.ledger.setCounterFunds(
        desk.north, equity: Money(yuan: equity), available: Money(yuan: available))
    }
    // 35 000 and 35.05 are held.
    #expect(set(1_000_100, 960_000) == Money(yuan: 100))
    #expect(desk.holder(desk.north).equity == Money(yuan: 1_000_100))
    #expect(desk.holder(desk.north).available == Money(yuan: 960_000))
    // What the counter has not frozen yet is ours to keep.
    #expect(set(1_000_100, 1_000_100) == .zero)
    #expect(desk.holder(desk.north).available == Money(units: 9_650_649_500))
    #expect(set(900_000, 100_000) == Money(yuan: -100_100))
    #expect(desk.holder(desk.north).available == Money(yuan: 100_000))
  }

  /// What the counter's available was short of ours stays over the day switch: it is the counter's
  /// word, and its next word on funds replaces it. To forget it would be to spend money that
  /// nobody has confirmed.
  @Test func whatACounterWithholdsStaysUntilItSaysOtherwise() {
    let desk = LedgerDesk()
    func set(_ available: Int64) {
      _ = desk.ledger.setCounterFunds(
        desk.north, equity: Money(yuan: 1_000_000), available: Money(yuan: available))
    }
    set(700_000)
    for slot in 0..<desk.ledger.holderSlots { desk.ledger.rollHolder(slot: slot) }
    #expect(desk.holder(desk.north).openingEquity == Money(yuan: 1_000_000))
    #expect(desk.holder(desk.north).available == Money(yuan: 700_000))
    set(1_000_000)
    #expect(desk.holder(desk.north).available == Money(yuan: 1_000_000))
    #expect(desk.holder(desk.north).availableAdjustment == .zero)
  }

  /// Conservation: opening equity, cash, profit and fees make the closing equity, to the unit.
  @Test func aDayClosesToTheUnit() {
    let desk = LedgerDesk()
    #expect(move(desk, 500, 0) == nil)
    desk.trade(desk.terms(.buy, .open, 7, at: .yuan(3_501)))
    desk.trade(desk.terms(.sell, .closeToday, 2, at: .yuan(3_513)))
    let before = desk.holder(desk.alice)
    let settled = desk.market.setSettlement(desk.rb, .yuan(3_497))
    #expect(settled)
    desk.market.settle(desk.rb)
    for slot in 0..<desk.ledger.positionSlots where desk.ledger.isUsed(positionSlot: slot) {
      desk.ledger.rollPosition(slot: slot, desk.instrument(desk.rb))
    }
    for slot in 0..<desk.ledger.holderSlots { desk.ledger.rollHolder(slot: slot) }
    // 1 000 000 + 500 + 2 * 120 - 5 * 40 - fees 24.55 (7 * 3.501 + 0.035) and 14.06.
    #expect(before.fees == Money(units: 245_500 + 140_600))
    let holder = desk.holder(desk.alice)
    #expect(holder.openingEquity == Money(units: 10_000_000_000 + 5_400_000 - 386_100))
    #expect(holder.equity == holder.openingEquity)
    #expect(holder.margin == Money(units: 174_850_000))
  }
}
