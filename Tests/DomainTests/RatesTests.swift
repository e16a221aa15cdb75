import Testing

@testable import Domain

@Suite struct RatesTests {
  struct Row: Sendable {
    var byValue: Int64
    var byLot: Int64
    var price: Int64
    var multiplier: Int64
    var lots: Int64
    var step: Int64
    var expected: Int64
  }

  /// Money in 1e-4 yuan; rates in 1e-8.
  @Test(
    "examples 16: an amount is price * multiplier * lots * by value + lots * by lot",
    arguments: [
      // Lot plus value: 10 % and 3 a lot, price 4000, multiplier 10, 2 lots: 8 006.
      Row(
        byValue: 10_000_000, byLot: 30_000, price: 40_000_000, multiplier: 10, lots: 2, step: 100,
        expected: 80_060_000),
      // Counter 2 + 8 % with 10 + 5 % on top is 12 a lot and 13 %: 1 lot 5 212, 3 lots 15 636.
      Row(
        byValue: 13_000_000, byLot: 120_000, price: 40_000_000, multiplier: 10, lots: 1,
        step: 100, expected: 52_120_000),
      Row(
        byValue: 13_000_000, byLot: 120_000, price: 40_000_000, multiplier: 10, lots: 3,
        step: 100, expected: 156_360_000),
      // By lot alone: 10 a lot.
      Row(
        byValue: 0, byLot: 100_000, price: 40_000_000, multiplier: 10, lots: 7, step: 100,
        expected: 700_000),
      // Nothing costs nothing.
      Row(byValue: 0, byLot: 0, price: 40_000_000, multiplier: 10, lots: 7, step: 100, expected: 0),
    ])
  func anAmountIsItsValuePartPlusItsLotPart(_ row: Row) {
    let rate = TwoPartRate(byValue: Rate(units: row.byValue), byLot: Money(units: row.byLot))
    let amount = rate.amount(
      basis: row.price * row.lots, multiplier: row.multiplier, lots: row.lots,
      roundedUpTo: row.step)
    #expect(amount == Money(units: row.expected))
  }

  /// decisions 5: a fee rounds up to 0.01 yuan, margin to 0.0001.
  @Test(arguments: [
    (Int64(1), Int64(100), Int64(100)), (10_000, 100, 100), (10_001, 100, 200), (1, 1, 1),
    (0, 100, 0),
  ])
  func amountsRoundUpToTheirStep(_ units: Int64, _ step: Int64, _ expected: Int64) {
    // A rate of 1e-8 on a basis of `units` * 1e8 / 1e2 gives units / 100 money units.
    let rate = TwoPartRate(byValue: Rate(units: 1_000_000))
    let amount = rate.amount(basis: units, multiplier: 1, lots: 1, roundedUpTo: step)
    #expect(amount == Money(units: expected))
  }

  @Test func theWideAndTheNarrowWayAgree() {
    var random: UInt64 = 88_172_645_463_325_252
    func next(_ bound: UInt64) -> Int64 {
      random ^= random << 13
      random ^= random >> 7
      random ^= random << 17
      return Int64(random % bound)
    }
    for _ in 0..<20_000 {
      let rate = TwoPartRate(
        byValue: Rate(units: next(UInt64(Ranges.rateByValueMaximum) + 1)),
        byLot: Money(units: next(UInt64(Ranges.rateByLotMaximum) + 1)))
      let multiplier = next(1_000) + 1
      let lots = next(UInt64(Ranges.orderLotsMaximum)) + 1
      let price = next(UInt64(Ranges.contractValueMaximum / multiplier)) + 1
      let step: Int64 = next(2) == 0 ? 1 : 100
      let narrow = rate.amount(
        basis: price * lots, multiplier: multiplier, lots: lots, roundedUpTo: step)
      let exact =
        Int128(price) * Int128(lots) * Int128(multiplier) * Int128(rate.byValue.units)
        + Int128(lots) * Int128(rate.byLot.units) * 100_000_000
      let divisor = Int128(100_000_000) * Int128(step)
      let expected = (exact + divisor - 1) / divisor * Int128(step)
      if expected > Int128(Ranges.marginMaximum) {
        #expect(narrow == nil)
      } else {
        #expect(narrow == Money(units: Int64(expected)))
      }
    }
  }

  @Test func aClosingFeeOfBothDaysRoundsOnce() {
    let rates = RateSet(
      feeClose: TwoPartRate(byLot: Money(units: 50)),
      feeCloseToday: TwoPartRate(byLot: Money(units: 51)))
    // 1 lot of each: 0.0050 + 0.0051 = 0.0101 yuan, rounded up to 0.02 once, not 0.01 twice.
    let fee = rates.closingFee(
      price: Price(units: 10_000), multiplier: 1, today: 1, yesterday: 1)
    #expect(fee == Money(units: 200))
  }

  @Test func whatPassesItsRangeIsNoAmount() {
    let rate = TwoPartRate(byValue: Rate(units: Ranges.rateByValueMaximum))
    let most = rate.amount(
      basis: Ranges.contractValueMaximum * Int64(Ranges.orderLotsMaximum), multiplier: 1,
      lots: Int64(Ranges.orderLotsMaximum), roundedUpTo: 1)
    #expect(most == Money(units: 1_000_000_000_000_000_000))
    let beyond = rate.amount(
      basis: Ranges.marginMaximum, multiplier: 10, lots: 1, roundedUpTo: 1)
    #expect(beyond == nil)
  }
}
