import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct BadQuantityTests {
  @Test(arguments: [
    Case("the least of a limit order", .passes) { desk in desk.order(lots: 1) },
    Case("below it", .fails, limit: 1, asked: 0) { desk in desk.order(lots: 0) },
    Case("negative", .fails, limit: 1) { desk in desk.order(lots: -1) },
    Case("the least number there is", .fails) { desk in desk.order(lots: .min) },
    Case("one below the most", .passes) { desk in desk.order(lots: 499) },
    Case("the most", .passes) { desk in desk.order(lots: 500) },
    Case("one above the most", .fails, limit: 500, asked: 501) { desk in desk.order(lots: 501) },
    Case("the greatest number there is", .fails) { desk in desk.order(lots: .max) },
    Case("a market order below its own least", .fails, limit: 2) { desk in desk.marketOrder(lots: 1)
    },
    Case("a market order's least", .passes) { desk in desk.marketOrder(lots: 2) },
    Case("a market order's most", .passes) { desk in desk.marketOrder(lots: 30) },
    Case("a market order above its own most", .fails, limit: 30) { desk in
      desk.marketOrder(lots: 31)
    },
    Case("closing above the most", .fails) { desk in desk.order(.sell, .close, lots: 501) },
    Case("a minimum of all lots", .passes) { desk in
      desk.order(lots: 5, timeInForce: .immediateOrCancel, minimumLots: 5)
    },
    Case("a minimum of one", .passes) { desk in
      desk.order(lots: 5, timeInForce: .immediateOrCancel, minimumLots: 1)
    },
    Case("a minimum above the lots", .fails, limit: 5, asked: 6) { desk in
      desk.order(lots: 5, timeInForce: .immediateOrCancel, minimumLots: 6)
    },
    Case("a negative minimum", .fails) { desk in
      desk.order(lots: 5, timeInForce: .immediateOrCancel, minimumLots: -1)
    },
    Case("a minimum of an order for the day", .fails) { desk in desk.order(lots: 5, minimumLots: 1)
    },
    Case("a minimum of fill-or-kill", .fails) { desk in
      desk.order(lots: 5, timeInForce: .fillOrKill, minimumLots: 5)
    },
  ])
  func lotsAreWithinTheBoundsAndAMinimumMakesSense(_ row: Case) { row.check(.badQuantity) }
}
