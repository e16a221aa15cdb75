import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct FundsAvailableTests {
  @Test(arguments: [
    Case("enough", .passes, limit: .yuan(1_000_000), asked: .yuan(4_001)) { desk in desk.order() },
    Case("all of it", .passes, limit: .yuan(8_002), asked: .yuan(8_002)) { desk in
      desk.setFunds(.yuan(8_002))
      return desk.order(lots: 2)
    },
    Case("one unit too little", .fails) { desk in
      desk.setFunds(.yuan(8_002) - 1)
      return desk.order(lots: 2)
    },
    Case("one unit too little, selling", .fails) { desk in
      desk.setFunds(.yuan(8_002) - 1)
      return desk.order(.sell, lots: 2)
    },
    Case("working orders freeze theirs", .fails, limit: .yuan(4_001) - 1) { desk in
      desk.setFunds(.yuan(8_002) - 1)
      desk.accept(desk.order())
      return desk.order()
    },
    Case("a market order at limit-up", .fails, asked: .yuan(10_002)) { desk in
      desk.setFunds(.yuan(10_002) - 1)
      return desk.marketOrder()
    },
    Case("no money at all", .fails) { desk in
      desk.setFunds(0)
      return desk.order()
    },
    Case("closing without money", .off) { desk in
      desk.setFunds(0)
      return desk.order(.sell, .close)
    },
    Case("a loss counts", .fails, limit: .yuan(20_000 - 4_000 - 1 - 10_000)) { desk in
      desk.setFunds(.yuan(20_000))
      desk.fill(desk.accept(desk.order()), 1)
      desk.tick(desk.rb, last: 3_000)
      desk.mark(desk.rb)
      return desk.order(lots: 2)
    },
  ])
  func availableMoneyPaysMarginAndFee(_ row: Case) { row.check(.fundsAvailable) }
}
