import Domain
import Ledger
import Testing

/// order-rate's window against a list of every time (rules.md 3, decisions 15).
@Suite struct OrderRateWindowTests {
  private func desk(_ count: Int64, within milliseconds: Int64) -> LedgerDesk {
    let desk = LedgerDesk()
    let set = desk.ledger.setOrderRateCount(desk.alice, count)
    precondition(set)
    desk.ledger.changeAccount(desk.alice) {
      $0.pointee.orderRateWindowMilliseconds = milliseconds
    }
    return desk
  }

  /// examples 18: 10 in 1 s: the tenth passes and sets the bar.
  @Test func examples18TheTenthInASecondSetsTheBar() {
    let desk = desk(10, within: 1_000)
    for index in 1...10 {
      let sets = desk.ledger.countForOrderRate(desk.alice, at: desk.now)
      #expect(sets == (index == 10))
      #expect(
        desk.ledger.account(desk.alice).pointee.orderRateBarred == (index == 10 ? .opening : []))
      desk.now = desk.now.adding(nanoseconds: 100_000_000)
    }
  }

  /// The window is [t - T, t): T apart is within, a nanosecond more is not.
  @Test(arguments: [(Int64(1_000_000_000), true), (1_000_000_001, false), (0, true)])
  func decisions15TheWindowsStartIsWithinIt(_ apart: Int64, _ sets: Bool) {
    let desk = desk(2, within: 1_000)
    let first = desk.ledger.countForOrderRate(desk.alice, at: desk.now)
    #expect(!first)
    let second = desk.ledger.countForOrderRate(
      desk.alice, at: desk.now.adding(nanoseconds: apart))
    #expect(second == sets)
  }

  @Test func aBarThatStandsIsNotSetAgain() {
    let desk = desk(1, within: 1_000)
    let first = desk.ledger.countForOrderRate(desk.alice, at: desk.now)
    let second = desk.ledger.countForOrderRate(desk.alice, at: desk.now)
    #expect(first)
    #expect(!second)
  }

  @Test func withoutACountOrAWindowNothingIsCounted() {
    let unset = LedgerDesk()
    let sets = unset.ledger.countForOrderRate(unset.alice, at: unset.now)
    #expect(!sets)
    let set = unset.ledger.setOrderRateCount(unset.alice, 1)
    #expect(set)
    let withoutWindow = unset.ledger.countForOrderRate(unset.alice, at: unset.now)
    #expect(!withoutWindow)
  }

  /// Two accounts' windows share a table and nothing else; a new count starts the count again.
  @Test(arguments: UInt64(1)...20)
  func theWindowIsAListOfTimes(_ seed: UInt64) {
    var draws = SplitMix64(seed: seed)
    let window = draws.pick([Int64(1), 10, 1_000])
    let desk = desk(3, within: window)
    var counts: [Int64] = [3, 2]
    let accounts = [desk.alice, desk.bob]
    let set = desk.ledger.setOrderRateCount(desk.bob, 2)
    #expect(set)
    desk.ledger.changeAccount(desk.bob) { $0.pointee.orderRateWindowMilliseconds = window }
    var times: [[Int64]] = [[], []]
    for number in 0..<400 {
      let who = Int.random(in: 0..<2, using: &draws)
      if draws.once(in: 60) {
        // Never more than before: the ring of a larger count is another one.
        counts[who] = Int64.random(in: 1...counts[who], using: &draws)
        let set = desk.ledger.setOrderRateCount(accounts[who], counts[who])
        #expect(set)
        times[who] = []
      }
      desk.now = desk.now.adding(
        nanoseconds: draws.pick([0, 1, window * 400_000, window * 500_000, window * 1_000_000]))
      times[who].append(desk.now.nanoseconds)
      let within = times[who].count { $0 >= desk.now.nanoseconds - window * 1_000_000 }
      desk.ledger.changeAccount(accounts[who]) { $0.pointee.orderRateBarred = [] }
      let sets = desk.ledger.countForOrderRate(accounts[who], at: desk.now)
      #expect(sets == (Int64(within) >= counts[who]), "seed \(seed), step \(number)")
    }
  }

  /// The table of 16 times is given out once; what does not fit is refused and changes nothing.
  @Test func aCountThatDoesNotFitIsRefused() {
    let desk = desk(10, within: 1_000)
    let before = desk.stateHash
    for count in [Int64(7), 0, -1, Ledger.orderRateMaximum + 1] {
      let set = desk.ledger.setOrderRateCount(desk.bob, count)
      #expect(!set)
      #expect(desk.stateHash == before)
    }
    let fits = desk.ledger.setOrderRateCount(desk.bob, 6)
    #expect(fits)
    let smaller = desk.ledger.setOrderRateCount(desk.alice, 4)
    #expect(smaller)
    let unset = desk.ledger.setOrderRateCount(desk.alice, .min)
    #expect(unset)
    #expect(desk.ledger.account(desk.alice).pointee.orderRateCount == .min)
  }
}
