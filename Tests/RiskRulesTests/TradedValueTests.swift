import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct TradedValueTests {
  @Test(arguments: [
    Case("unset", .off) { desk in desk.order() },
    Case("none at all", .fails) { desk in
      desk.change { $0.pointee.tradedValue = 0 }
      return desk.order()
    },
    Case("one unit below", .passes) { desk in
      desk.fill(desk.accept(desk.order(lots: 2)), 1)
      desk.change { $0.pointee.tradedValue = .yuan(120_000) + 1 }
      return desk.order()
    },
    Case("at the limit", .passes, observed: .yuan(80_000), asked: .yuan(40_000)) { desk in
      desk.fill(desk.accept(desk.order(lots: 2)), 1)
      desk.change { $0.pointee.tradedValue = .yuan(120_000) }
      return desk.order()
    },
    Case("one unit above", .fails) { desk in
      desk.fill(desk.accept(desk.order(lots: 2)), 1)
      desk.change { $0.pointee.tradedValue = .yuan(120_000) - 1 }
      return desk.order()
    },
    Case("selling too", .fails) { desk in
      desk.fill(desk.accept(desk.order(lots: 2)), 1)
      desk.change { $0.pointee.tradedValue = .yuan(120_000) - 1 }
      return desk.order(.sell)
    },
    Case("closing above it", .off) { desk in
      desk.change { $0.pointee.tradedValue = 0 }
      return desk.order(.sell, .close)
    },
    Case("a market order at limit-up", .fails, asked: .yuan(100_000)) { desk in
      desk.change { $0.pointee.tradedValue = .yuan(100_000) - 1 }
      return desk.marketOrder()
    },
    Case("closing fills don't count", .passes, observed: 0) { desk in
      desk.give(.long, 5, desk.rb)
      desk.fill(desk.accept(desk.order(.sell, .close, lots: 5)), 5)
      desk.change { $0.pointee.tradedValue = .yuan(40_000) }
      return desk.order()
    },
    Case("product: at the limit", .passes, observed: .yuan(80_000)) { desk in
      desk.ledger.changeProduct(desk.product) { $0.pointee.tradedValue = .yuan(120_000) }
      desk.fill(desk.accept(desk.order(lots: 2)), 1)
      return desk.order()
    },
    Case("product: one unit above", .fails) { desk in
      desk.ledger.changeProduct(desk.product) { $0.pointee.tradedValue = .yuan(120_000) - 1 }
      desk.fill(desk.accept(desk.order(lots: 2)), 1)
      return desk.order()
    },
    Case("product: beyond 64 bits", .fails, observed: .max) { desk in
      desk.ledger.changeProduct(desk.product) { $0.pointee.tradedValue = .max }
      desk.ledger.changeProduct(desk.product) { $0.pointee.openedValue = Int128(Int64.max) * 4 }
      return desk.order()
    },
    Case("product: the last unit of 64 bits", .passes) { desk in
      desk.ledger.changeProduct(desk.product) { $0.pointee.tradedValue = .max }
      desk.ledger.changeProduct(desk.product) {
        $0.pointee.openedValue = Int128(Int64.max - .yuan(40_000))
      }
      return desk.order()
    },
    Case("product: one unit more", .fails) { desk in
      desk.ledger.changeProduct(desk.product) { $0.pointee.tradedValue = .max }
      desk.ledger.changeProduct(desk.product) {
        $0.pointee.openedValue = Int128(Int64.max - .yuan(40_000)) + 1
      }
      return desk.order()
    },
  ])
  func openedAndWorkingValueStaysWithinTheCap(_ row: Case) { row.check(.tradedValue) }
}
