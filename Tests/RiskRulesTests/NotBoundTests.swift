import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct NotBoundTests {
  @Test(arguments: [
    Case("bound", .passes, observed: 1, limit: 1) { desk in desk.order() },
    Case("no product", .fails) { desk in
      desk.change { $0.pointee.product = .none }
      return desk.order()
    },
    Case("no product, closing", .fails) { desk in
      desk.change { $0.pointee.product = .none }
      return desk.order(.sell, .close)
    },
    Case("a product without fund account", .fails, observed: 0) { desk in
      let bare = desk.ledger.defineProduct(mode: .ratio)!
      desk.change { $0.pointee.product = bare }
      return desk.order()
    },
    Case("the same, closing", .fails) { desk in
      let bare = desk.ledger.defineProduct(mode: .ratio)!
      desk.change { $0.pointee.product = bare }
      return desk.order(.sell, .close)
    },
  ])
  func anAccountNeedsAProductWithAFundAccount(_ row: Case) { row.check(.notBound) }
}
