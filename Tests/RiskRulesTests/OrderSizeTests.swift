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
    Case("a template: as many lots", .passes, observed: 0, limit: 10, asked: 10) { desk in
      sizeTemplate(desk, OrderSizeLimit(lots: 10))
      return desk.order(lots: 10)
    },
    Case("a template: one above", .fails, limit: 10, asked: 11) { desk in
      sizeTemplate(desk, OrderSizeLimit(lots: 10))
      return desk.order(lots: 11)
    },
    Case("a template: closing one above", .fails) { desk in
      sizeTemplate(desk, OrderSizeLimit(lots: 10))
      return desk.order(.sell, .close, lots: 11)
    },
    Case("a template: margin one unit above", .fails) { desk in
      sizeTemplate(desk, OrderSizeLimit(margin: .yuan(8_000) - 1))
      return desk.order(lots: 2)
    },
    Case("a template of another commodity", .off) { desk in
      sizeTemplate(desk, OrderSizeLimit(lots: 1))
      return desk.order(lots: 9, of: desk.ore)
    },
    Case("the account's own before its template's", .passes, limit: 12) { desk in
      sizeTemplate(desk, OrderSizeLimit(lots: 10, margin: 0))
      desk.changeFigures(desk.rebar) { $0.pointee.orderLots = 12 }
      return desk.order(lots: 12)
    },
  ])
  func anOrderIsAtMostSoLargeInACommodity(_ row: Case) { row.check(.orderSize) }
}

/// Gives the desk's account a template that limits rebar.
private func sizeTemplate(_ desk: Desk, _ limit: OrderSizeLimit) {
  let template = desk.ledger.defineTemplate(.orderSize)!
  desk.ledger.setTemplate(template, desk.rebar, limit)
  precondition(desk.ledger.assign(template, .orderSize, to: desk.account))
}
