import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct BadPriceTickTests {
  @Test(arguments: [
    Case("a multiple", .passes, limit: .yuan(1)) { desk in desk.order(price: .yuan(4_000)) },
    Case("one unit below", .fails) { desk in desk.order(price: Price(units: 39_999_999)) },
    Case("one unit above", .fails) { desk in desk.order(price: Price(units: 40_000_001)) },
    Case("zero", .passes) { desk in desk.order(price: .zero) },
    Case("a negative multiple", .passes) { desk in desk.order(price: .yuan(-37)) },
    Case("a negative fraction", .fails) { desk in desk.order(price: Price(units: -370_001)) },
    Case("a multiple beyond 32 bits", .passes) { desk in desk.order(price: .yuan(5_000_000)) },
    Case("a fraction beyond 32 bits", .fails) { desk in
      desk.order(price: Price(units: 50_000_000_001))
    },
    Case("a limit order without price", .fails) { desk in desk.order(price: .none) },
    Case("a market order without price", .passes) { desk in desk.marketOrder() },
    Case("closing off the tick", .fails) { desk in desk.order(.sell, .close, price: Price(units: 1))
    },
    Case("a market order with a price", .fails) { desk in
      var terms = desk.marketOrder()
      terms.price = .yuan(4_000)
      return terms
    },
  ])
  func aLimitPriceIsAMultipleOfTheTickAndAMarketOrderHasNone(_ row: Case) {
    row.check(.badPriceTick)
  }
}
