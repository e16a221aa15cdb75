import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct HedgePermissionTests {
  @Test(arguments: [
    Case("not permitted", .fails) { desk in desk.order(hedge: .hedge) },
    Case("permitted", .passes) { desk in
      desk.change { $0.pointee.hedgePermission = true }
      return desk.order(hedge: .hedge)
    },
    Case("speculation", .off) { desk in desk.order() },
    Case("arbitrage", .off) { desk in desk.order(hedge: .arbitrage) },
    Case("closing", .off) { desk in desk.order(.sell, .close, hedge: .hedge) },
  ])
  func hedgeOrdersNeedPermission(_ row: Case) { row.check(.hedgePermission) }
}
