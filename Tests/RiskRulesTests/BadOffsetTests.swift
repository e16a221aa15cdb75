import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct BadOffsetTests {
  @Test(arguments: [
    Case("open", .passes) { desk in desk.order(.buy, .open) },
    Case("close", .passes) { desk in desk.order(.sell, .close) },
    Case("close-today", .passes) { desk in desk.order(.sell, .closeToday) },
    Case("close-yesterday where no days are kept apart", .passes) { desk in
      desk.order(.sell, .closeYesterday, of: desk.ore)
    },
    Case("unknown", .fails, observed: 0) { desk in desk.order(.buy, .unknown) },
  ])
  func theOffsetIsKnown(_ row: Case) { row.check(.badOffset) }
}
