import Testing

@testable import Domain

@Suite struct TermsTests {
  @Test(arguments: [
    (Side.buy, Offset.open, PositionSide.long), (.sell, .open, .short), (.buy, .close, .short),
    (.sell, .closeToday, .long), (.buy, .closeYesterday, .short), (.unknown, .open, .unknown),
  ])
  func anOrderRaisesOrLowersOneSide(_ side: Side, _ offset: Offset, _ expected: PositionSide) {
    #expect(PositionSide(side: side, offset: offset) == expected)
  }

  @Test func orderIDsKeepTheirPartsAndTheirText() {
    let day = TradingDay(yyyymmdd: 20_261_123)!
    let id = OrderID(day: day, shard: 63, sequence: 1 << 43)
    #expect(id.dayNumber == day.number)
    #expect(id.shard == 63)
    #expect(id.sequence == 1 << 43)
    #expect(OrderID(text: id.description) == id)
  }

  @Test(arguments: ["", "1-2", "1-64-1", "16384-0-1", "1-0-0", "a-0-1", "1-0-1-1", "1--1"])
  func whatIsNoOrderIDIsNotRead(_ text: String) {
    #expect(OrderID(text: text) == nil)
  }

  @Test func fixedTextTakesWhatFits() {
    let full = FixedText<4>("rb26")
    #expect(full?.string == "rb26")
    #expect(full?.count == 4)
    #expect(FixedText<4>("rb261") == nil)
    #expect(FixedText<4>("r\0b") == nil)
    #expect(FixedText<4>().isEmpty)
    #expect(FixedText<4>("a") != FixedText<4>("b"))
  }

  @Test func codesOfExchangesReadBack() {
    for exchange in Exchange.allCases where exchange != .unknown {
      #expect(Exchange(code: exchange.code) == exchange)
    }
    #expect(Exchange(code: "NYMEX") == nil)
  }

  @Test(arguments: [
    (Ranges.priceMaximum, Int64(10), true), (Ranges.priceMaximum + 1, 1, false),
    (-Ranges.priceMaximum, 10, true), (Ranges.priceMaximum, 11, false), (0, 100_000, true),
    (.max, .max, false), (.min, 1, false),
  ])
  func aPriceIsLegalAloneAndTimesItsMultiplier(
    _ price: Int64, _ multiplier: Int64, _ expected: Bool
  ) {
    #expect(Ranges.allows(price: Price(units: price), multiplier: multiplier) == expected)
  }

  /// No code is ever given twice, and none changes by accident.
  @Test func ruleCodesAreStable() {
    #expect(RuleID.positionLimit.rawValue == 310)
    #expect(RuleID.loginCredentials.rawValue == 101)
    #expect(Set(RuleID.allCases.map(\.rawValue)).count == RuleID.allCases.count)
  }
}
