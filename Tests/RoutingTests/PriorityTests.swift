import Domain
import Routing
import Testing

/// Priority mode: the largest number first; who can't take all takes what it can (routing.md 1).
@Suite struct PriorityTests {
  private func desk(_ priorities: [Int32], size: Int64 = 2) -> RouteDesk {
    let desk = RouteDesk(.priority)
    for priority in priorities {
      desk.addFund(10_000_000, priority: priority)
      desk.limitSize(desk.funds.count - 1, size)
    }
    return desk
  }

  /// Lots of an order, and of each account.
  static let rows: [(Lots, [Lots])] = [
    (1, [0, 0, 1]), (2, [0, 0, 2]), (3, [0, 1, 2]), (4, [0, 2, 2]), (5, [1, 2, 2]),
    (6, [2, 2, 2]),
  ]

  /// Two lots each: how far the order reaches shows who comes first.
  @Test(arguments: rows)
  func examples21ThreeBeforeTwoBeforeOne(_ lots: Lots, _ expected: [Lots]) {
    let desk = desk([1, 2, 3])
    #expect(desk.split(desk.buy(lots)).lots == expected)
    let otherWay = self.desk([3, 2, 1])
    #expect(otherWay.split(otherWay.buy(lots)).lots == expected.reversed())
  }

  @Test func negativeNumbersComeLast() {
    let desk = desk([-1, .min, 0])
    #expect(desk.split(desk.buy(3)).lots == [1, 0, 2])
  }

  @Test func oneThatCanTakeAllTakesAll() {
    let desk = desk([1, 3, 2], size: 50)
    #expect(desk.split(desk.buy(50)).lots == [0, 50, 0])
  }

  @Test func examples21EqualOnesAreDrawnBySeed() {
    var first: [[Lots]] = []
    for run in 0..<2 {
      let desk = desk([5, 5, 5, 1])
      var splits: [[Lots]] = []
      for sequence in UInt64(1)...600 {
        splits.append(desk.split(desk.buy(1), sequence: sequence).lots)
      }
      if run == 0 {
        first = splits
        for fund in 0..<3 {
          let count = splits.count { $0[fund] == 1 }
          #expect((160...240).contains(count), "fund \(fund) was drawn \(count) times of 600")
        }
        #expect(splits.allSatisfy { $0[3] == 0 })
      } else {
        #expect(splits == first)
      }
    }
    let other = desk([5, 5, 5, 1])
    other.seed = 8
    #expect((1...600).map { other.split(other.buy(1), sequence: $0).lots } != first)
  }

  /// decisions 30: splitmix64(seed xor order sequence) mod n, n candidates in ascending id order;
  /// the next draw is the next value. The values are SplitMix64's published ones for state 0.
  @Test(arguments: [UInt64(0), 7, 20_261_123])
  func decisions30ADrawIsSplitMix64(_ seed: UInt64) {
    let values: [UInt64] = [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F]
    for count in [2, 3, 32, 1_000_003] {
      var draw = Draw(seed: seed, orderSequence: seed)
      for value in values {
        #expect(draw.next(among: count) == Int(value % UInt64(count)))
      }
    }
  }

  @Test func decisions30TheDrawnPlaceCountsInAscendingIDOrder() {
    let desk = desk([5, 9, 5, 5])
    desk.limitSize(1, 0)
    for sequence in UInt64(1)...50 {
      var draw = Draw(seed: desk.seed, orderSequence: sequence)
      var rest = [0, 2, 3]
      let first = rest.remove(at: draw.next(among: 3))
      let second = rest.remove(at: draw.next(among: 2))
      var expected: [Lots] = [0, 0, 0, 0]
      expected[first] = 2
      expected[second] = 1
      #expect(desk.split(desk.buy(3), sequence: sequence).lots == expected)
    }
  }

  @Test func anExcludedAccountIsPassedOver() {
    let desk = desk([1, 2, 3])
    #expect(desk.split(desk.buy(3), excluded: 0b100).lots == [1, 2, 0])
    #expect(desk.split(desk.buy(3), excluded: 0b111).children.isEmpty)
    #expect(desk.split(desk.buy(3), excluded: 0b111).refusal.rule == .noFundAccount)
  }

  @Test func closingFollowsThePrioritiesToo() {
    let desk = desk([1, 2, 3], size: 50)
    for (fund, lots) in [Lots(5), 4, 2].enumerated() { desk.give(fund, .long, lots, desk.rb) }
    #expect(desk.split(desk.order(.sell, .close, 5)).lots == [0, 3, 2])
    #expect(desk.split(desk.order(.sell, .close, 12)).lots == [5, 4, 2])
  }

  @Test func theMostFundAccountsOfAProductTakePart() {
    let desk = desk((0..<32).map(Int32.init), size: 1)
    #expect(desk.split(desk.buy(32)).lots == Array(repeating: 1, count: 32))
    #expect(desk.split(desk.buy(33)).placed == 32)
  }
}
