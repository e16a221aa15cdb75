import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct BadHedgeTests {
  @Test(arguments: [
    Case("speculation", .passes) { desk in desk.order(hedge: .speculation) },
    Case("arbitrage", .passes) { desk in desk.order(hedge: .arbitrage) },
    Case("hedge", .passes) { desk in desk.order(hedge: .hedge) },
    Case("unknown", .fails) { desk in desk.order(hedge: .unknown) },
  ])
  func theHedgeFlagIsKnown(_ row: Case) { row.check(.badHedge) }
}
