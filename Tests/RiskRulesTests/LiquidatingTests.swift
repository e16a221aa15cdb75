import Domain
import Ledger
import RiskRules
import Testing

@Suite struct LiquidatingTests {
  @Test(arguments: [
    Case("no liquidation", .passes, observed: 0) { desk in desk.order() },
    Case("one begins", .fails, observed: 1) { desk in
      desk.ledger.setLiquidationPhase(desk.account, .cancelling)
      return desk.order()
    },
    Case("one stops", .fails, observed: 3) { desk in
      desk.ledger.setLiquidationPhase(desk.account, .stopping)
      return desk.order()
    },
    Case("closing", .off) { desk in
      desk.ledger.setLiquidationPhase(desk.account, .closing)
      desk.give(.long, 1, desk.rb)
      return desk.order(.sell, .close)
    },
  ])
  func openingIsBarredWhileALiquidationRuns(_ row: Case) { row.check(.liquidating) }
}
