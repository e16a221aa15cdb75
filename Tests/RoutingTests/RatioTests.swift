import Domain
import Testing

/// Ratio mode: each fund account takes what brings it to its part of the equity (routing.md 2).
@Suite struct RatioTests {
  private func desk(_ yuan: [Int64]) -> RouteDesk {
    let desk = RouteDesk(.ratio)
    for equity in yuan { desk.addFund(equity) }
    return desk
  }

  @Test func examples19OneTwoThreeOfSix() {
    let desk = desk([10_000_000, 20_000_000, 30_000_000])
    #expect(desk.split(desk.buy(6)).lots == [1, 2, 3])
  }

  /// Which of B and C has more funds takes the sixth.
  @Test func examples19AnAccountThatHoldsAHundredTakesNone() {
    let desk = desk([10_000_000, 20_000_000, 30_000_000])
    desk.give(0, .long, 100, desk.rb)
    #expect(desk.split(desk.buy(6)).lots == [0, 2, 4])
    // 20 000 000 of C's money is margin elsewhere.
    desk.give(2, .long, 5_000, desk.ore)
    #expect(desk.split(desk.buy(6)).lots == [0, 3, 3])
  }

  /// Both sides together count as held.
  @Test func examples19ShortLotsAreHeldToo() {
    let desk = desk([10_000_000, 20_000_000, 30_000_000])
    desk.give(0, .short, 60, desk.rb)
    desk.give(0, .long, 40, desk.rb)
    #expect(desk.split(desk.buy(6)).lots == [0, 2, 4])
  }

  @Test func examples19TheLargerFractionTakesTheOddLot() {
    let desk = desk([10_000_000, 15_000_000])
    #expect(desk.split(desk.buy(3)).lots == [1, 2])
    let close = self.desk([4_500_000, 5_500_000])
    #expect(close.split(close.buy(2)).lots == [1, 1])
  }

  /// 17, 200, 300 in round one, then 83 lots: 27 and 41, then 15: 5 and 7, then 3: 1 and 1, then
  /// one by funds.
  @Test func examples19RoundsGoOnUntilOneGivesNothing() {
    let desk = desk([10_000_000, 20_000_000, 30_000_000])
    desk.give(0, .long, 100, desk.rb)
    #expect(desk.split(desk.buy(600)).lots == [17, 233, 350])
    desk.give(2, .long, 5_000, desk.ore)
    #expect(desk.split(desk.buy(600)).lots == [17, 234, 349])
  }

  @Test func lotsOfAnotherInstrumentAreNotHeld() {
    let desk = desk([10_000_000, 20_000_000, 30_000_000])
    desk.give(0, .long, 100, desk.ore)
    #expect(desk.split(desk.buy(6)).lots == [1, 2, 3])
  }

  @Test func whatACappedAccountCannotTakeSpillsToTheNext() {
    let desk = desk([10_000_000, 20_000_000, 30_000_000])
    desk.limitSize(2, 1)
    // 1, 2 and 1 of 3; then of the 2 left A needs 1/3 and B 2/3 of one: by funds, both to B.
    #expect(desk.split(desk.buy(6)).lots == [1, 4, 1])
  }

  @Test func anAccountOverItsShareTakesPartIfNoOtherCan() {
    let desk = desk([10_000_000, 10_000_000])
    desk.give(0, .long, 10, desk.rb)
    desk.limitSize(1, 2)
    #expect(desk.split(desk.buy(6)).lots == [4, 2])
    // 6 lots: A's need is 1/2 * 16 - 10 < 0, B's is 3; nothing is left for A.
    desk.limitSize(1, 6)
    #expect(desk.split(desk.buy(6)).lots == [0, 6])
  }

  /// decisions 29: need > 0 is judged with the lots still left. A takes none; in round one B and
  /// C have a need of 1.4, so 2 each. A round of the 3 lots left gives nothing: B needs 0.6, C
  /// 0.3 * (3 + 1) - 1 = 0.2. C is richer and takes the first; with 2 lots left its need is
  /// 0.3 * (2 + 1) - 1 < 0, and the rest is B's.
  @Test func decisions29NeedIsJudgedWithTheLotsStillLeft() {
    let desk = desk([50_000_000, 20_000_000, 30_000_000])
    desk.limitSize(0, 0)
    desk.give(2, .long, 1, desk.rb)
    #expect(desk.split(desk.buy(7)).lots == [0, 4, 3])
  }

  /// decisions 29: negative equity counts as 0.
  @Test func anAccountInDebtHasNoShare() {
    let desk = desk([10_000_000, -5_000_000, 10_000_000])
    #expect(desk.split(desk.buy(6)).lots == [3, 0, 3])
  }

  @Test func equalNeedsAreDrawn() {
    let desk = desk([10_000_000, 10_000_000])
    var given: [Lots] = [0, 0]
    for sequence in UInt64(1)...400 {
      let lots = desk.split(desk.buy(1), sequence: sequence).lots
      #expect(lots == desk.split(desk.buy(1), sequence: sequence).lots)
      for fund in 0..<2 { given[fund] += lots[fund] }
    }
    #expect(given[0] + given[1] == 400)
    #expect(given[0] > 160 && given[1] > 160, "\(given)")
  }

  /// 10 000 yuan against 4 001 a lot.
  @Test func whoHasNoMoneyTakesWhatItCanPay() {
    let desk = desk([10_000, 10_000])
    #expect(desk.split(desk.buy(4)).lots == [2, 2])
    let split = desk.split(desk.buy(5))
    #expect(split.lots == [2, 2])
    #expect(split.refusal.rule == .fundMinReserve)
  }

  @Test func inTheDeliveryMonthLotsComeInUnitsOfTheMultiple() {
    let desk = desk([10_000_000, 20_000_000, 30_000_000])
    #expect(desk.split(desk.buy(6, of: desk.oreNow)).lots == [0, 3, 3])
    #expect(desk.split(desk.buy(18, of: desk.oreNow)).lots == [3, 6, 9])
    #expect(desk.split(desk.buy(18, of: desk.ore)).lots == [3, 6, 9])
    desk.limitSize(2, 5)
    #expect(desk.split(desk.buy(18, of: desk.oreNow)).lots == [3, 12, 3])
  }
}

/// Closing in ratio mode goes where the positions are, in proportion to them (routing.md 2).
@Suite struct RatioClosingTests {
  private func desk(_ held: [Lots]) -> RouteDesk {
    let desk = RouteDesk(.ratio)
    for lots in held {
      desk.addFund(10_000_000)
      desk.give(desk.funds.count - 1, .long, lots, desk.rb)
    }
    return desk
  }

  /// Held by each account, lots of the order, and of each account.
  static let rows: [([Lots], Lots, [Lots])] = [
    ([2, 4, 6], 6, [1, 2, 3]), ([2, 4, 6], 12, [2, 4, 6]), ([0, 4, 0], 3, [0, 3, 0]),
    ([30, 10, 20], 6, [3, 1, 2]), ([100, 10, 0], 11, [10, 1, 0]), ([60, 30, 10], 10, [6, 3, 1]),
  ]

  @Test(arguments: rows)
  func inProportionToThePositions(_ held: [Lots], _ lots: Lots, _ expected: [Lots]) {
    let desk = desk(held)
    let split = desk.split(desk.order(.sell, .close, lots))
    #expect(split.lots == expected)
    #expect(split.placed == lots)
  }

  /// The size of a child limits what an account takes, not what its position is.
  @Test func aCappedAccountsRestGoesWhereThereIsRoom() {
    let desk = desk([40, 40, 20])
    desk.limitSize(0, 2)
    let split = desk.split(desk.order(.sell, .close, 10))
    #expect(split.placed == 10)
    #expect(split.lots[0] == 2)
    #expect(split.lots[1] >= 4 && split.lots[2] >= 2, "\(split.lots)")
  }

  @Test func moreThanIsHeldIsSentAsFarAsItGoes() {
    let desk = desk([2, 3])
    let split = desk.split(desk.order(.sell, .close, 6))
    #expect(split.lots == [2, 3])
    #expect(split.refusal.rule == .fundPositionAvailable)
  }

  @Test func lotsThatAreBeingClosedAreGone() {
    let desk = desk([6, 6])
    desk.work(0, desk.order(.sell, .close, 6))
    #expect(desk.split(desk.order(.sell, .close, 4)).lots == [0, 4])
  }
}
