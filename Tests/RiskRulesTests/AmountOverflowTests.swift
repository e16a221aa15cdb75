import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct AmountOverflowTests {
  @Test(arguments: [
    Case("an everyday order", .passes, observed: 0, asked: .yuan(4_000)) { desk in desk.order() },
    Case("the highest price", .passes) { desk in
      desk.order(price: Price(units: Ranges.priceMaximum))
    },
    Case("one above it", .fails) { desk in desk.order(price: Price(units: Ranges.priceMaximum + 1))
    },
    Case("one below the lowest", .fails) { desk in
      desk.order(price: Price(units: -Ranges.priceMaximum - 1))
    },
    Case("the greatest number there is", .fails) { desk in desk.order(price: Price(units: .max)) },
    Case("closing at the highest price", .off) { desk in
      desk.order(.sell, .close, price: Price(units: Ranges.priceMaximum))
    },
    Case("closing one above it", .fails) { desk in
      desk.order(.sell, .close, price: Price(units: Ranges.priceMaximum + 1))
    },
    Case("a market order", .passes) { desk in desk.marketOrder() },
    Case("opening when a figure had passed its range", .fails, observed: 1) { desk in
      desk.ledger.barByOverflow(desk.holder)
      return desk.order()
    },
    Case("closing then", .off) { desk in
      desk.ledger.barByOverflow(desk.holder)
      return desk.order(.sell, .close)
    },
  ])
  func whatAnOrderIsWorthStaysWithinTheProvenRanges(_ row: Case) { row.check(.amountOverflow) }
}
