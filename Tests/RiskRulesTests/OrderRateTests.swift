import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct OrderRateTests {
  @Test(arguments: [
    Case("unset", .off) { desk in desk.order() },
    Case("the tenth passes", .passes, observed: 9, limit: 10) { desk in
      desk.countOrders(9, of: 10, within: 1_000, bar: .opening, apart: 0)
      return desk.order()
    },
    Case("the eleventh is refused", .fails, observed: 10, limit: 10) { desk in
      desk.countOrders(10, of: 10, within: 1_000, bar: .opening, apart: 0)
      return desk.order()
    },
    Case("closing passes", .passes) { desk in
      desk.countOrders(10, of: 10, within: 1_000, bar: .opening, apart: 0)
      return desk.order(.sell, .close)
    },
    Case("ten in just more than a second", .passes) { desk in
      desk.countOrders(10, of: 10, within: 1_000, bar: .opening, apart: 111_111_112)
      return desk.order()
    },
    Case("a bar on closing: closing", .fails) { desk in
      desk.countOrders(10, of: 10, within: 1_000, bar: .closing, apart: 0)
      return desk.order(.sell, .close)
    },
    Case("a bar on closing: opening", .passes) { desk in
      desk.countOrders(10, of: 10, within: 1_000, bar: .closing, apart: 0)
      return desk.order()
    },
    Case("a bar on both: opening", .fails) { desk in
      desk.countOrders(10, of: 10, within: 1_000, bar: [.opening, .closing], apart: 0)
      return desk.order()
    },
    Case("a bar on both: closing", .fails) { desk in
      desk.countOrders(10, of: 10, within: 1_000, bar: [.opening, .closing], apart: 0)
      return desk.order(.sell, .closeToday)
    },
    Case("the bar stays when the rule is unset", .fails) { desk in
      desk.countOrders(10, of: 10, within: 1_000, bar: .opening, apart: 0)
      _ = desk.ledger.setOrderRateCount(desk.account, .min)
      return desk.order()
    },
  ])
  func examples18TheTenthOrderWithinASecondSetsTheBar(_ row: Case) { row.check(.orderRate) }
}
