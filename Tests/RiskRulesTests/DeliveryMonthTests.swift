import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct DeliveryMonthTests {
  @Test(arguments: [
    Case("not barred", .passes) { desk in desk.order(of: desk.rbNow) },
    Case("by exchange", .fails, observed: 1, limit: 0) { desk in
      desk.ledger.setDeliveryBar(desk.product, exchange: .shfe, true)
      return desk.order(of: desk.rbNow)
    },
    Case("by another exchange", .passes) { desk in
      desk.ledger.setDeliveryBar(desk.product, exchange: .dce, true)
      return desk.order(of: desk.rbNow)
    },
    Case("by commodity", .fails) { desk in
      desk.ledger.setDeliveryBar(desk.product, commodity: desk.rebar, true)
      return desk.order(of: desk.rbNow)
    },
    Case("by instrument", .fails) { desk in
      desk.ledger.setDeliveryBar(desk.product, instrument: desk.rbNow, true)
      return desk.order(of: desk.rbNow)
    },
    Case("by another instrument", .passes) { desk in
      desk.ledger.setDeliveryBar(desk.product, instrument: desk.rb, true)
      return desk.order(of: desk.rbNow)
    },
    Case("another month", .off) { desk in
      desk.ledger.setDeliveryBar(desk.product, commodity: desk.rebar, true)
      return desk.order(of: desk.rb)
    },
    Case("closing", .off) { desk in
      desk.ledger.setDeliveryBar(desk.product, commodity: desk.rebar, true)
      return desk.order(.sell, .close, of: desk.rbNow)
    },
    Case("in net mode all the same", .fails) { desk in
      desk.ledger.changeProduct(desk.product) { $0.pointee.mode = .netPosition }
      desk.ledger.setDeliveryBar(desk.product, commodity: desk.rebar, true)
      return desk.order(of: desk.rbNow)
    },
  ])
  func aProductBarsOpeningInTheDeliveryMonth(_ row: Case) { row.check(.deliveryMonth) }
}
