import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct PriceLimitsTests {
  @Test(arguments: [
    Case("one tick below limit-up", .passes) { desk in desk.order(price: .yuan(4_999)) },
    Case("limit-up", .passes, limit: .yuan(5_000)) { desk in desk.order(price: .yuan(5_000)) },
    Case("one tick above", .fails, observed: .yuan(5_001), limit: .yuan(5_000)) { desk in
      desk.order(price: .yuan(5_001))
    },
    Case("one tick above limit-down", .passes) { desk in desk.order(.sell, price: .yuan(3_001)) },
    Case("limit-down", .passes) { desk in desk.order(.sell, price: .yuan(3_000)) },
    Case("one tick below", .fails, limit: .yuan(3_000)) { desk in
      desk.order(.sell, price: .yuan(2_999))
    },
    Case("closing above limit-up", .fails) { desk in desk.order(.sell, .close, price: .yuan(5_001))
    },
    Case("opening without limits", .fails, limit: Price.none.units) { desk in
      desk.forgetPrices(desk.rb)
      return desk.order()
    },
    Case("closing without limits", .passes) { desk in
      desk.forgetPrices(desk.rb)
      return desk.order(.sell, .close)
    },
    Case("opening without limit-up", .fails, limit: Price.none.units) { desk in
      desk.forgetPrices(desk.rb)
      _ = desk.market.apply(
        Market.Quote(last: .yuan(4_000), upperLimit: .none, lowerLimit: .yuan(3_000)), to: desk.rb,
        at: desk.now)
      return desk.order()
    },
    Case("opening without limit-down", .fails, limit: Price.none.units) { desk in
      desk.forgetPrices(desk.rb)
      _ = desk.market.apply(
        Market.Quote(last: .yuan(4_000), upperLimit: .yuan(5_000), lowerLimit: .none), to: desk.rb,
        at: desk.now)
      return desk.order()
    },
    Case("closing above the one that is known", .fails, limit: .yuan(5_000)) { desk in
      desk.forgetPrices(desk.rb)
      _ = desk.market.apply(
        Market.Quote(last: .yuan(4_000), upperLimit: .yuan(5_000), lowerLimit: .none), to: desk.rb,
        at: desk.now)
      return desk.order(.sell, .close, price: .yuan(5_001))
    },
    Case("closing below the one that is known", .fails, limit: .yuan(3_000)) { desk in
      desk.forgetPrices(desk.rb)
      _ = desk.market.apply(
        Market.Quote(last: .yuan(4_000), upperLimit: .none, lowerLimit: .yuan(3_000)), to: desk.rb,
        at: desk.now)
      return desk.order(.sell, .close, price: .yuan(2_999))
    },
    Case("a market order", .off) { desk in desk.marketOrder() },
  ])
  func aLimitPriceIsWithinTodaysLimits(_ row: Case) { row.check(.priceLimits) }
}
