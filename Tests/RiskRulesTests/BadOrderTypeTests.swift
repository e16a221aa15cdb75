import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct BadOrderTypeTests {
  @Test(arguments: [
    Case("limit, day", .passes) { desk in desk.order() },
    Case("limit, immediate-or-cancel", .passes) { desk in
      desk.order(timeInForce: .immediateOrCancel)
    },
    Case("limit, fill-or-kill", .passes) { desk in desk.order(timeInForce: .fillOrKill) },
    Case("market where it is taken", .passes) { desk in desk.marketOrder() },
    Case("market where none is taken", .fails, observed: 2) { desk in desk.marketOrder(of: desk.ore)
    },
    Case("market to close where none is taken", .fails) { desk in
      desk.marketOrder(.sell, .close, of: desk.ore)
    },
    Case("unknown type", .fails, observed: 0) { desk in
      var terms = desk.order()
      terms.type = .unknown
      return terms
    },
    Case("unknown time in force", .fails, observed: 0) { desk in desk.order(timeInForce: .unknown)
    },
  ])
  func typeAndTimeInForceAreKnownAndMarketOrdersGoWhereTheyAreTaken(_ row: Case) {
    row.check(.badOrderType)
  }
}
