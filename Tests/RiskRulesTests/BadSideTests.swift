import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct BadSideTests {
  @Test(arguments: [
    Case("buy", .passes) { desk in desk.order(.buy) },
    Case("sell", .passes) { desk in desk.order(.sell) },
    Case("unknown", .fails) { desk in desk.order(.unknown) },
    Case("unknown, closing", .fails) { desk in desk.order(.unknown, .close) },
  ])
  func theSideIsKnown(_ row: Case) { row.check(.badSide) }
}
