import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct OpenOrdersTests {
  @Test(arguments: [
    Case("unset", .off) { desk in
      desk.accept(desk.order())
      return desk.order()
    },
    Case("the second of three", .passes, observed: 1, limit: 3) { desk in
      desk.change { $0.pointee.openOrders = 3 }
      desk.accept(desk.order())
      return desk.order()
    },
    Case("the third of three", .passes) { desk in
      desk.change { $0.pointee.openOrders = 3 }
      desk.accept(desk.order())
      desk.accept(desk.order())
      return desk.order()
    },
    Case("the third of two", .fails) { desk in
      desk.change { $0.pointee.openOrders = 2 }
      desk.accept(desk.order())
      desk.accept(desk.order())
      return desk.order()
    },
    Case("a filled one works no more", .passes, observed: 0) { desk in
      desk.change { $0.pointee.openOrders = 1 }
      desk.fill(desk.accept(desk.order()), 1)
      return desk.order()
    },
    Case("closing ones count", .fails) { desk in
      desk.change { $0.pointee.openOrders = 1 }
      desk.give(.long, 1, desk.rb)
      desk.accept(desk.order(.sell, .close))
      return desk.order()
    },
    Case("closing passes", .off) { desk in
      desk.change { $0.pointee.openOrders = 1 }
      desk.give(.long, 1, desk.rb)
      desk.accept(desk.order())
      return desk.order(.sell, .close)
    },
    Case("none at all", .fails) { desk in
      desk.change { $0.pointee.openOrders = 0 }
      return desk.order()
    },
  ])
  func workingOrdersAreCounted(_ row: Case) { row.check(.openOrders) }
}
