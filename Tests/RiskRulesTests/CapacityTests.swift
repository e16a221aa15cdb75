import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct CapacityTests {
  @Test(arguments: [
    Case("far below", .passes, observed: 0, limit: 2_000_000) { desk in desk.order() },
    Case("the last lot", .passes) { desk in
      desk.give(.long, Ranges.holderLotsMaximum - 1, desk.rb)
      return desk.order()
    },
    Case("one above", .fails) { desk in
      desk.give(.long, Ranges.holderLotsMaximum - 1, desk.rb)
      return desk.order(lots: 2)
    },
    Case("closing at the limit", .off) { desk in
      desk.give(.long, Ranges.holderLotsMaximum, desk.rb)
      return desk.order(.sell, .close)
    },
  ])
  func anAccountStaysWithinTheLotsAHolderCanHave(_ row: Case) { row.check(.capacity) }
}
