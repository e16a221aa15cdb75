import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct MarketDataMissingTests {
  @Test(arguments: [
    Case("a limit order", .passes, observed: .yuan(4_000)) { desk in
      desk.forgetPrices(desk.rb)
      return desk.order()
    },
    Case("a market order", .passes, observed: .yuan(5_000)) { desk in desk.marketOrder() },
    Case("a market order to sell", .passes, observed: .yuan(5_000)) { desk in
      desk.marketOrder(.sell)
    },
    Case("a market order without limit-up", .fails) { desk in
      desk.forgetPrices(desk.rb)
      return desk.marketOrder()
    },
    Case("closing by it", .off) { desk in
      desk.forgetPrices(desk.rb)
      return desk.marketOrder(.sell, .close)
    },
  ])
  func openingNeedsAPriceToHoldAt(_ row: Case) { row.check(.marketDataMissing) }
}
