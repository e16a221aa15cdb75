import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct OpenPermissionTests {
  @Test(arguments: [
    Case("both", .passes) { desk in desk.order() },
    Case("not the account", .fails) { desk in
      desk.change { $0.pointee.openPermission = false }
      return desk.order()
    },
    Case("not the account, closing", .off) { desk in
      desk.change { $0.pointee.openPermission = false }
      return desk.order(.sell, .closeToday)
    },
    Case("not the product", .fails) { desk in
      desk.ledger.changeProduct(desk.product) { $0.pointee.openPermission = false }
      return desk.order()
    },
    Case("not the product, closing", .off) { desk in
      desk.ledger.changeProduct(desk.product) { $0.pointee.openPermission = false }
      return desk.order(.sell, .close)
    },
  ])
  func accountAndProductMustBeAllowedToOpen(_ row: Case) { row.check(.openPermission) }
}
