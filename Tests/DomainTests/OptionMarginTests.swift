import Domain
import Testing

/// Ten units a lot; a future at 3 500 takes 12 %, 4 200 yuan a lot.
@Suite struct OptionMarginTests {
  struct Row: CustomTestStringConvertible {
    var testDescription: String
    var option: OptionClass
    var strike: Int64
    var premium: Int64
    var expected: Int64

    init(
      _ name: String, _ option: OptionClass, strike: Int64, premium: Int64, takes expected: Int64
    ) {
      testDescription = name
      self.option = option
      self.strike = strike
      self.premium = premium
      self.expected = expected
    }
  }

  private static func yuan(_ whole: Int64) -> Price {
    Price(units: whole * Price.unitsPerYuan)
  }
  private static let rate = TwoPartRate(byValue: Rate(units: 12_000_000))

  @Test(arguments: [
    // 500 + 4 200 - 1 000 / 2.
    Row("a call out of the money", .call, strike: 3_600, premium: 50, takes: 4_200),
    Row("a call at the money", .call, strike: 3_500, premium: 80, takes: 5_000),
    Row("a call in the money", .call, strike: 3_300, premium: 240, takes: 6_600),
    Row("a put out of the money", .put, strike: 3_400, premium: 50, takes: 4_200),
    Row("a put in the money", .put, strike: 3_600, premium: 140, takes: 5_600),
    // 20 + 4 200 - 10 000 / 2 is less than 20 + 4 200 / 2.
    Row("a call far out of the money", .call, strike: 4_500, premium: 2, takes: 2_120),
    Row("a put far out of the money", .put, strike: 2_500, premium: 0, takes: 2_100),
    // Half of what it is out of the money is half of the margin: both are the same.
    Row("where the two cross", .call, strike: 3_920, premium: 10, takes: 2_200),
  ])
  func examplesOfTheExchangesFormula(_ row: Row) {
    let margin = OptionMargin(
      option: row.option, strike: Self.yuan(row.strike), multiplier: 10,
      premium: Self.yuan(row.premium), underlying: Self.yuan(3_500))
    #expect(margin.perLot(Self.rate) == Money(yuan: row.expected))
  }

  @Test func halfAUnitRoundsUp() {
    let margin = OptionMargin(
      option: .call, strike: Price(units: 13), multiplier: 1, premium: Price(units: 1),
      underlying: Price(units: 10))
    // 1 + 5 - 3 / 2 = 4.5 and 1 + 5 / 2 = 3.5.
    #expect(margin.perLot(TwoPartRate(byLot: Money(units: 5))) == Money(units: 5))
  }

  @Test func withoutAPriceNobodyKnows() {
    var margin = OptionMargin(
      option: .call, strike: Self.yuan(3_600), multiplier: 10, premium: .none,
      underlying: Self.yuan(3_500))
    #expect(margin.perLot(Self.rate) == nil)
    margin.premium = Self.yuan(50)
    margin.underlying = .none
    #expect(margin.perLot(Self.rate) == nil)
    #expect(!RateSet().ofOption(shortLot: nil).knowsMargin(.short))
    #expect(RateSet().ofOption(shortLot: nil).knowsMargin(.long))
    #expect(
      RateSet().ofOption(shortLot: nil).margin(.short, basis: 1, multiplier: 1, lots: 1) == nil)
  }
}
