import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct OrderSizeTests {
  @Test(arguments: [
    Case("unset", .off) { desk in desk.order(lots: 500) },
    Case("one below", .passes) { desk in
      desk.changeFigures(desk.rebar) { $0.pointee.orderLots = 10 }
      return desk.order(lots: 9)
    },
    Case("as many lots", .passes, observed: 0, limit: 10, asked: 10) { desk in
      desk.changeFigures(desk.rebar) { $0.pointee.orderLots = 10 }
      return desk.order(lots: 10)
    },
    Case("one above", .fails, asked: 11) { desk in
      desk.changeFigures(desk.rebar) { $0.pointee.orderLots = 10 }
      return desk.order(lots: 11)
    },
    Case("one above, selling", .fails) { desk in
      desk.changeFigures(desk.rebar) { $0.pointee.orderLots = 10 }
      return desk.order(.sell, lots: 11)
    },
    Case("closing one above", .fails) { desk in
      desk.changeFigures(desk.rebar) { $0.pointee.orderLots = 10 }
      return desk.order(.sell, .close, lots: 11)
    },
    Case("closing as many", .passes) { desk in
      desk.changeFigures(desk.rebar) { $0.pointee.orderLots = 10 }
      return desk.order(.sell, .close, lots: 10)
    },
    Case("none at all", .fails) { desk in
      desk.changeFigures(desk.rebar) { $0.pointee.orderLots = 0 }
      return desk.order()
    },
    Case("another commodity", .off) { desk in
      desk.changeFigures(desk.rebar) { $0.pointee.orderLots = 1 }
      return desk.order(lots: 9, of: desk.ore)
    },
    Case("margin one unit below the limit", .passes) { desk in
      desk.changeFigures(desk.rebar) { $0.pointee.orderMargin = .yuan(8_000) + 1 }
      return desk.order(lots: 2)
    },
    Case("as much margin", .passes, asked: .yuan(8_000)) { desk in
      desk.changeFigures(desk.rebar) { $0.pointee.orderMargin = .yuan(8_000) }
      return desk.order(lots: 2)
    },
    Case("margin one unit above", .fails) { desk in
      desk.changeFigures(desk.rebar) { $0.pointee.orderMargin = .yuan(8_000) - 1 }
      return desk.order(lots: 2)
    },
    Case("no margin at all", .fails) { desk in
      desk.changeFigures(desk.rebar) { $0.pointee.orderMargin = 0 }
      return desk.order()
    },
    Case("closing needs no margin", .off) { desk in
      desk.changeFigures(desk.rebar) { $0.pointee.orderMargin = 0 }
      return desk.order(.sell, .close)
    },
    Case("a market order's margin at limit-up", .fails, asked: .yuan(10_000)) { desk in
      desk.changeFigures(desk.rebar) { $0.pointee.orderMargin = .yuan(10_000) - 1 }
      return desk.marketOrder()
    },
    Case("lots pass and margin fails", .fails, asked: .yuan(8_000)) { desk in
      desk.changeFigures(desk.rebar) {
        $0.pointee.orderLots = 10
        $0.pointee.orderMargin = .yuan(8_000) - 1
      }
      return desk.order(lots: 2)
    },
  ])
  func anOrderIsAtMostSoLargeInACommodity(_ row: Case) { row.check(.orderSize) }
}
