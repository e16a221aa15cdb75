import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct AccountEnabledTests {
  @Test(arguments: [
    Case("enabled", .passes) { desk in desk.order() },
    Case("disabled", .fails, observed: 0, limit: 1) { desk in
      desk.change { $0.pointee.enabled = false }
      return desk.order()
    },
    Case("disabled, closing", .off) { desk in
      desk.change { $0.pointee.enabled = false }
      return desk.order(.sell, .close)
    },
  ])
  func aDisabledAccountOnlyCloses(_ row: Case) { row.check(.accountEnabled) }
}
